"""Keeping and letting go, on the product: nothing goes unsigned, all of it goes when it is signed, and the figures stay as they were."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select as core_select
from sqlmodel import col, select

from chat.questions import letters
from conference.core.actor import Actor
from conference.core.audit import AuditEntry, first_break
from conference.core.columns import Kept
from conference.core.rows import table_of
from conference.core.transaction import Transaction
from conference.followup.keeping import Signature, schema
from conference.followup.keeping.report import COUNTED_FROM
from conference.followup.keeping.rules import RULES
from conference.followup.keeping.rules import TABLES as BY_THEMSELVES
from conference.followup.keeping.tables import Disposal
from conference.followup.reports.frozen import frozen
from conference.followup.reports.tables import ReportFigures
from conference.people.tables import Attendance, Person
from conference.tables import Day
from polls.recount import recount
from polls.surveys.tables import Survey, SurveyLetter
from tests.web.products import Product, product, with_a_day
from web.disposal import TABLES, Disposer

POLL = "p-steg-fore"
ANNOUNCED = "Lunch om tio minuter-unik"
KIM, SAID, ASKED = "Kim Eksempelsson-Unik", "Hemligheten-i-chatten-unik", "Frågan-till-panelen-unik?"
DATED = [kind for kind, rule in RULES.items() if rule.days is not None and not rule.automatic]


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path, media_url="http://127.0.0.1:9") as made:
        yield await with_a_day(made)


async def ask(live: Product, cookie: str, do: str, **args: Any) -> dict[str, Any]:
    """Ask for it, and again while a busy machine asks for patience."""
    async with live.http(cookie) as http:
        wish = {"id": live.house.ids.new(), "do": do, "args": args}
        while (answer := await http.post(f"/days/{live.day}/wishes", json=wish)).status_code == 429:
            await asyncio.sleep(0.5)
    assert answer.status_code == 200, (do, answer.text)
    told: dict[str, Any] = answer.json()
    return told


async def a_day_that_is_over(live: Product) -> str:
    """Six vote, attend, write and ask; then the day ends. The organizer's cookie."""
    organizer = await live.enter("organizer")
    await ask(live, organizer, "polls.open", poll=POLL)
    await live.house.store.run(lambda tx: live.house.chat.opened(tx, live.day, ["r-norrvik"]))
    await live.house.store.run(lambda tx: live.house.questions.opened(tx, live.day, ["r-norrvik"]))
    for number in range(6):
        kim = await live.join(name=f"{KIM} {number}", region="r-norrvik")
        await ask(live, kim, "polls.vote", poll=POLL, answer=["vet" if number < 5 else "ide"])
        await ask(live, kim, "chat.say", text=f"{SAID} {number}")
    await ask(live, kim, "questions.ask", text=ASKED)
    await ask(live, organizer, "chat.announce", text=ANNOUNCED)
    await _attended(live)
    await ask(live, organizer, "polls.close", poll=POLL)
    await ask(live, organizer, "day.end")
    return organizer


async def _attended(live: Product) -> None:
    """Everybody has been there for the first twenty minutes."""

    async def attend(tx: Transaction) -> None:
        for person in await tx.every(Person, col(Person.day) == live.day):
            tx.put(Attendance(day=live.day, person=person.person, minutes=(2**20 - 1).to_bytes(3, "little"), seen_at=datetime.now(UTC)))

    await live.house.store.run(attend)


async def post(live: Product, cookie: str, **fields: Any) -> tuple[int, str]:
    async with live.http(cookie, Accept="text/html") as http:
        http.timeout = 60
        answer = await http.post(f"/days/{live.day}/keeping", data=fields)
    return answer.status_code, answer.text


async def today_for(live: Product, cookie: str, kinds: Collection[str]) -> None:
    """These may go from the date of the day on."""
    async with live.house.store.reading() as session:
        on = (await session.get(Day, live.day)).date.isoformat()  # type: ignore[union-attr]  # it is there
    for kind in kinds:
        assert (await post(live, cookie, do="date", kind=kind, until=on, decision="2026/117"))[0] == 303


async def sign(live: Product, cookie: str, kinds: Collection[str]) -> None:
    fields = {"do": "sign", "kind": list(kinds), "name": "Anna Ek", "sure": "yes"}
    while (
        "Stäng den först" in (answer := await post(live, cookie, **fields))[1]
    ):  # surveys open by themselves, before the day and as it ends
        async with live.house.store.reading() as session:
            still_open = (await session.exec(select(Survey.survey).where(Survey.day == live.day, Survey.state == "open"))).all()
        for survey in still_open:
            await ask(live, cookie, "surveys.close", survey=survey)
    assert answer[0] == 303, answer
    async with asyncio.timeout(60):
        while (await protocols(live))[-1].done_at is None:  # the house does it by itself; what is waited for is a row
            await asyncio.sleep(0.1)


async def protocols(live: Product) -> list[Disposal]:
    async with live.house.store.reading() as session:
        return list(await session.exec(select(Disposal).where(Disposal.day == live.day).order_by(col(Disposal.disposal))))


async def rows_left(live: Product, kinds: Collection[Kept]) -> dict[str, int]:
    """Rows that hold something in a column of these kinds; walks the schema by itself, not by the plan that is tested."""
    left: dict[str, int] = {}
    async with live.house.store.reading() as session:
        organizers = {one.person for one in await session.exec(select(Person).where(Person.day == live.day)) if "organizer" in one.roles}
        connection = await session.connection()
        for model in TABLES:
            table = table_of(model)
            columns = [column for column in table.columns if column.info["kept"] in kinds]
            if (
                not columns
                or table.name in ("log", "disposal", "keeping_date", *BY_THEMSELVES)
                or not {"day", "box"} & set(table.columns.keys())
            ):
                continue
            for row in (await connection.execute(core_select(table).where(schema.of_day(table, live.day)))).mappings():
                theirs = row.get("person", row.get("used_by")) in organizers and table.name in schema.SPARED
                if not theirs and any(row[column.key] not in (None, "", "[]") for column in columns):
                    left[table.name] = left.get(table.name, 0) + 1
    return left


def in_the_files(folder: Path, *words: str) -> list[str]:
    """Which of the words can be found in the database's files."""
    held = b"".join(path.read_bytes() for path in folder.glob("samsyn.db*"))
    return [word for word in words if word.encode() in held]


async def test_when_it_is_signed_nothing_of_the_kinds_is_left_in_rows_log_and_files(live: Product, tmp_path: Path) -> None:
    organizer = await a_day_that_is_over(live)
    await today_for(live, organizer, DATED)
    before = await rows_left(live, DATED)
    assert {"person", "attendance", "chat_message", "question", "ballot"} <= set(before)
    assert in_the_files(tmp_path, KIM, SAID, ASKED, ANNOUNCED) == [KIM, SAID, ASKED, ANNOUNCED]
    assert await Disposer(live.house.store, live.house.keeping, live.house.settings.data_dir).round() == 0  # nobody has signed
    assert await rows_left(live, DATED) == before

    await sign(live, organizer, DATED)

    assert await rows_left(live, DATED) == {}
    await _by_clock(live)  # answers to requests go by the clock, thirty days after the day
    async with asyncio.timeout(30):
        while in_the_files(tmp_path, KIM, SAID, ASKED, ANNOUNCED):  # another reader may be in the way for a moment
            await live.house.store.forget(["person"])
            await asyncio.sleep(0.2)
    async with live.house.store.reading() as session:
        chain = (await session.exec(select(AuditEntry).where(AuditEntry.day == live.day).order_by(col(AuditEntry.number)))).all()
    [protocol] = await protocols(live)
    [entry] = [one for one in chain if one.did == "keeping.dispose"]
    assert first_break(chain) is None
    assert (protocol.name, protocol.kinds) == ("Anna Ek", sorted(DATED))
    assert msgspec.json.decode(entry.note)["removed"] == protocol.removed
    assert protocol.removed == protocol.held
    assert (protocol.removed["ballot"], protocol.removed["attendance"]) == (6, 7)


async def _by_clock(live: Product, days: int = 31) -> int:
    """The day ended so many days ago; what goes by the clock goes."""

    async def earlier(tx: Transaction) -> None:
        day = await tx.get(Day, live.day)
        tx.put(day.model_copy(update={"ended_at": datetime.now(UTC) - timedelta(days=days)}))

    await live.house.store.run(earlier)
    return await Disposer(live.house.store, live.house.keeping, live.house.settings.data_dir).round()


async def test_the_report_tells_the_same_figures_before_and_after(live: Product) -> None:
    organizer = await a_day_that_is_over(live)
    before = await live.house.report.of(live.day)
    await today_for(live, organizer, DATED)

    await sign(live, organizer, DATED)

    after = await live.house.report.of(live.day)
    async with live.house.store.reading() as session:
        row = await session.get(ReportFigures, (live.day, (await protocols(live))[-1].figures))
    signed, told, counted = msgspec.json.decode(row.body if row else ""), msgspec.json.decode(frozen(after)), [*COUNTED_FROM, "polls"]
    assert {name: told[name] for name in counted} == {name: signed[name] for name in counted}
    assert {name: told[name] for name in counted} == {name: msgspec.json.decode(frozen(before))[name] for name in counted}
    assert (before["attendance"]["devices"], before["messages"], before["questions"]["asked"]) == (6, 6, 1)
    async with live.http(organizer, Accept="text/html") as http:
        pages = [f"/days/{live.day}{page}" for page in ("/report", "/live", "/cockpit", "/keeping", "/build", "/report/r-norrvik", "")]
        answers = {page: (await http.get(page)).status_code for page in pages}
        files = [(await http.get(f"/days/{live.day}/export/{what}.csv")).status_code for what in ("attendance", "chat", "polls")]
        page = (await http.get(f"/days/{live.day}/report")).text
    assert answers == dict.fromkeys(pages, 200)
    assert files == [409, 409, 200]
    assert (ANNOUNCED in page, "Texten är gallrad." in page, [one["text"] for one in after["announcements"]]) == (False, True, [None])
    async with live.house.store.reading() as session:
        found = await recount(session, live.day)
    assert (found.agrees, found.disposed) == (True, True)


async def test_what_a_process_that_died_had_begun_the_next_one_ends(live: Product) -> None:
    """Some rows are gone, the protocol is not done: another disposer goes on from the rows."""
    organizer = await a_day_that_is_over(live)
    await today_for(live, organizer, ["speech"])
    await live.house.reports.make(Actor.house(live.day))
    await live.house.keeping.sign(Actor(live.day, "anna"), Signature(["speech"], "Anna Ek"))
    assert await live.house.keeping.dispose(Actor.house(live.day)) > 0

    await Disposer(live.house.store, live.house.keeping, live.house.settings.data_dir).round()

    [protocol] = await protocols(live)
    assert protocol.done_at is not None
    assert await rows_left(live, [Kept.SPEECH]) == {}
    assert "person" in await rows_left(live, [Kept.PERSON])


async def test_what_goes_by_the_clock_goes_unsigned_with_its_count_in_the_chain(live: Product) -> None:
    await a_day_that_is_over(live)

    assert await _by_clock(live, 29) == 0
    rows = await _by_clock(live, 31)

    async with live.house.store.reading() as session:
        swept = (await session.exec(select(AuditEntry).where(AuditEntry.day == live.day, AuditEntry.did == "keeping.sweep"))).all()
    assert rows > 0
    assert sum(sum(msgspec.json.decode(one.note).values()) for one in swept) == rows
    assert set().union(*(msgspec.json.decode(one.note) for one in swept)) <= set(BY_THEMSELVES)
    assert timedelta(days=90) == letters.KEPT


async def test_letters_that_wait_for_a_later_survey_hold_up_answers_as_their_links_lie_there(live: Product) -> None:
    organizer = await a_day_that_is_over(live)
    await live.house.survey_letters.ask(Actor(live.day, "kim"), "waves", "kim@example.se", "sv")
    await today_for(live, organizer, ["answer"])
    async with live.house.store.reading() as session:
        still_open = (await session.exec(select(Survey.survey).where(Survey.day == live.day, Survey.state == "open"))).all()
    for survey in still_open:
        await ask(live, organizer, "surveys.close", survey=survey)

    waiting = await post(live, organizer, do="sign", kind="answer", name="Anna Ek", sure="yes")
    await live.house.survey_letters.forget(await leave_of(live))
    after = await post(live, organizer, do="sign", kind="answer", name="Anna Ek", sure="yes")

    assert (waiting[0], "väntar brev på en enkät" in waiting[1], after[0]) == (409, True, 303)


async def leave_of(live: Product) -> str:
    async with live.house.store.reading() as session:
        return str((await session.exec(select(SurveyLetter.leave).limit(1))).first())


async def test_only_organizers_come_near_and_what_is_wrong_is_said(live: Product) -> None:
    organizer = await a_day_that_is_over(live)
    moderator = await live.enter("moderator")

    refused = [(await post(live, moderator, do="sign"))[0]]
    async with live.http(moderator, Accept="text/html") as http:
        refused.append((await http.get(f"/days/{live.day}/keeping")).status_code)
    wrong = [
        await post(live, organizer, do="date", kind="speech", until="igår"),
        await post(live, organizer, do="date", kind="speech", until="1999-01-01"),
        await post(live, organizer, do="date", kind="audit", until="2030-01-01"),
        await post(live, organizer, do="sign", kind="person", name="Anna Ek"),
        await post(live, organizer, do="sign", kind="person", name="Anna Ek", sure="yes"),
        await post(live, organizer, do="sign", kind="nothing", name="Anna Ek", sure="yes"),
        await post(live, organizer, do="burn"),
    ]

    assert refused == [403, 403]
    assert [status for status, _ in wrong] == [422, 422, 422, 422, 409, 422, 422]
    assert "Datumet har inte kommit än" in wrong[4][1]
    assert await protocols(live) == []
    async with live.house.store.reading() as session:
        assert (
            await session.exec(select(ReportFigures).where(ReportFigures.day == live.day))
        ).all() == []  # what was refused left no report


def test_every_column_of_a_kind_with_a_date_can_be_let_go() -> None:
    """The plan covers the schema: each table of a day with a column of a kind has a step for it, or goes by itself."""
    for kind, rule in RULES.items():
        if rule.days is not None:
            planned = {step.table.name for step in schema.steps(TABLES, kind)}
            holding = {table.name for table in schema.holds(TABLES, kind)}
            assert planned == holding

    by_day = [table_of(model) for model in TABLES if {"day", "box"} & set(table_of(model).columns.keys())]
    others = [table_of(model) for model in TABLES if table_of(model) not in by_day]
    assert {column.info["kept"] for table in others for column in table.columns} <= {
        kind for kind, rule in RULES.items() if rule.days is None
    }
