"""One person's data, on the product: what is held is told, and erasing it leaves no word of it anywhere, while the figures stay."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select as core_select
from sqlmodel import col, select

from chat.questions.tables import Letter
from conference.core.actor import Actor
from conference.core.audit import AuditEntry, first_break
from conference.core.columns import Kept
from conference.core.rows import table_of
from conference.core.transaction import Transaction
from conference.people import CONTRIBUTOR, Terms, views
from conference.people.tables import Attendance, Person
from conference.rundown import Booked, Plate
from conference.tables import Contributor
from tests.fold import State, fold
from tests.servers import empty_tables, postgresql
from tests.web.houses import closing, heard, wish
from tests.web.products import Product, product, with_a_day
from tests.web.test_admin import PAGE
from web import backups
from web.cli import main
from web.disposal import TABLES, Disposer
from web.erasing import erase, erased
from web.own_data import ELSE, TITLES, WHOSE
from web.restoring import restore

NAME, OTHER = "Kim Eksempelsson-Unik", "Lo Annansson"
SAID, HELD, ASKED, WAITS, WHISPERED, TYPED, WORD = (
    f"{what}-unikt-ord" for what in ("sagt", "ändrat", "frågat", "väntar", "viskat", "skrivet", "bakom")
)
ADDRESS = "kim.unik@example.se"
PLANTED = (NAME, SAID, HELD, ASKED, WAITS, WHISPERED, TYPED, WORD, ADDRESS)
POLL = "p-steg-fore"


@pytest.fixture(params=["sqlite", "postgresql"])
async def live(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Product]:
    """A live day on either database."""
    if request.param == "sqlite":
        async with product(tmp_path / "data", media_url="http://127.0.0.1:9") as made:
            yield await with_a_day(made)
        return
    with postgresql(tmp_path) as url:
        await empty_tables(url)
        async with product(tmp_path / "data", media_url="http://127.0.0.1:9", database_url=url) as made:
            yield await with_a_day(made)


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path, media_url="http://127.0.0.1:9") as made:
        yield await with_a_day(made)


async def ask(live: Product, cookie: str, do: str, **args: Any) -> dict[str, Any]:
    """Ask for it, and again while a busy machine asks for patience."""
    async with live.http(cookie) as http:
        asked = {"id": live.house.ids.new(), "do": do, "args": args}
        while (answer := await http.post(f"/days/{live.day}/wishes", json=asked)).status_code == 429:
            await asyncio.sleep(0.5)
    assert answer.status_code == 200, (do, answer.text)
    return dict(answer.json())


async def me(live: Product, cookie: str) -> str:
    async with live.http(cookie) as http:
        return str((await http.get(f"/days/{live.day}/state")).json()["you"]["person"])


async def open_all(live: Product) -> None:
    store = live.house.store
    await store.run(lambda tx: live.house.chat.opened(tx, live.day, ["national"]))
    await store.run(lambda tx: live.house.questions.opened(tx, live.day, ["national"], hold=False))


async def a_full_life(live: Product, organizer: str) -> str:
    """Somebody who does all that one can do, with others beside; the cookie."""
    await open_all(live)
    lo = await live.join(name=OTHER)
    kim = await live.join(name=NAME, affiliation="kommun", people=2)
    await ask(live, organizer, "polls.open", poll=POLL)
    for cookie in (kim, lo):
        await ask(live, cookie, "polls.vote", poll=POLL, answer=["vet"])
    said = (await ask(live, kim, "chat.say", text=SAID))["data"]["message"]
    await ask(live, kim, "chat.edit", message=said, text=HELD)
    await ask(live, lo, "chat.say", text="Hej Kim", reply_to=said)
    answered = (await ask(live, kim, "questions.ask", text=ASKED, quotable=True))["data"]["question"]
    await ask(live, kim, "questions.ask", text=WAITS)
    await ask(live, organizer, "questions.take_up", question=answered)
    await ask(live, organizer, "questions.answered", question=answered)
    person = await me(live, kim)
    await live.house.store.run(lambda tx: _beside(tx, live, person, answered))
    return kim


async def _beside(tx: Transaction, live: Product, person: str, question: str) -> None:
    """An address for the answer, and having been there for a while."""
    tx.put(Letter(day=live.day, question=question, person=person, address=ADDRESS, lang="sv", due_at=datetime(2099, 1, 1, tzinfo=UTC)))
    tx.put(Attendance(day=live.day, person=person, minutes=(2**20 - 1).to_bytes(3, "little"), seen_at=datetime.now(UTC)))


async def a_speaker(live: Product) -> tuple[str, str]:
    """Somebody who takes part, by a link of their own, with a name that is shown; the cookie, and as whom."""
    house, by = live.house, Actor.house(live.day)
    async with house.store.reading() as session:
        one = (await session.exec(select(Contributor).where(Contributor.day == live.day).order_by(col(Contributor.position)))).first()
    assert one
    await house.corrections.contributor(by, one.contributor, Plate(NAME, one.role, one.organisation))
    await house.bookings.book(by, one.contributor, Booked("booked", None, ADDRESS, "14.30 med Kim"))
    terms = Terms("demo", frozenset({"speaker"}), reusable=True, name=NAME, note=f"{CONTRIBUTOR}{one.contributor}")
    link = ((await house.people.make_link(by, terms)).data or {})["token"]
    async with live.http() as http:
        cookie = str((await http.get(f"/in/{link}")).headers["Set-Cookie"]).partition(";")[0]
    await ask(live, cookie, "streaming.sit")
    await ask(live, cookie, "streaming.whisper", text=WHISPERED)
    await ask(live, cookie, "streaming.type", text=TYPED, final=True)
    return cookie, one.contributor


async def holding(live: Product, *words: str) -> dict[str, set[str]]:
    """Table -> which of the words stand in any column of any of its rows, also as JSON writes them."""
    found: dict[str, set[str]] = {}
    async with live.house.store.reading() as session:
        connection = await session.connection()
        for model in TABLES:
            for row in (await connection.execute(core_select(table_of(model)))).mappings():
                cells = " ".join(json.dumps(value, ensure_ascii=False, default=str) for value in row.values())
                if held := {word for word in words if word in cells}:
                    found[table_of(model).name] = found.get(table_of(model).name, set()) | held
    return found


def in_files(folder: Path, *words: str) -> dict[str, list[str]]:
    """File -> which of the words can be found in it."""
    files = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    forms = {word: (word.encode(), json.dumps(word)[1:-1].encode()) for word in words}
    held = {name: [word for word, some in forms.items() if any(one in content for one in some)] for name, content in files.items()}
    return {name: some for name, some in held.items() if some}


async def figures(live: Product) -> dict[str, Any]:
    """The report's own figures, and not the words in it; nor the curve of the day, which goes on while somebody looks."""
    told = await live.house.report.of(live.day)
    del told["attendance"]["quarters"]
    questions = {name: told["questions"][name] for name in ("asked",)}
    return {name: told[name] for name in ("attendance", "messages", "writers", "rooms", "polls")} | {"questions": questions}


async def post(live: Product, cookie: str, path: str, **fields: Any) -> tuple[int, bytes]:
    async with live.http(cookie, **PAGE) as http:
        answer = await http.post(f"/days/{live.day}/{path}", data=fields)
    return answer.status_code, answer.content


async def test_who_erases_themselves_is_gone_from_tables_log_screens_and_files_and_no_figure_changes(live: Product) -> None:
    organizer = await live.enter("organizer")
    kim, mo, ny = await a_full_life(live, organizer), await live.join(name="Mo"), await live.join(name="Ny")
    person, before = await me(live, kim), await figures(live)
    await ask(live, organizer, "backstage.say", text="Andras ord")
    assert {word for some in (await holding(live, *PLANTED)).values() for word in some} == {NAME, SAID, HELD, ASKED, WAITS, ADDRESS}

    async with live.socket(mo) as other, live.socket(kim) as own:
        seen = (await heard(other))["welcome"]["state"]
        await heard(own)
        assert (await post(live, kim, "mine", do="erase", sure="yes"))[0] == 200
        assert await closing(own) == 4501
        await other.send(wish("people.set", "last", name="Mo"))
        seen = await folded(other, seen)
    async with live.http(ny) as http:
        fresh = (await http.get(f"/days/{live.day}/state")).text
    async with live.http(organizer) as http:
        pages = [(await http.get(f"/days/{live.day}/{path}")).text for path in ("report", "export/chat.json", "export/questions.json")]
        pages.append((await http.get(f"/days/{live.day}")).text)
    async with live.http(kim) as http:
        state = (await http.get(f"/days/{live.day}/state")).status_code

    assert await holding(live, *PLANTED) == {}
    assert [word for text in (json.dumps(seen, ensure_ascii=False), fresh, *pages) for word in PLANTED if word in text] == []
    assert (state, await figures(live)) == (401, before)
    assert [(one["did"], one["note"]["removed"]["chat_message"]) for one in await chain(live) if one["did"] == "people.erase"] == [
        ("people.erase", 1)
    ]
    assert erased(live.house.settings.data_dir) == [(live.day, person)]
    if live.house.settings.embedded:
        async with asyncio.timeout(60):
            while in_files(live.house.settings.data_dir, *PLANTED):  # a reader of an older moment may be in the way
                await Disposer(live.house.store, live.house.keeping, live.house.settings.data_dir).round(by_clock=False)
                await asyncio.sleep(0.2)


async def folded(ws: Any, seen: State) -> State:
    """The state after all news up to one's own word."""
    while True:
        frame = await heard(ws)
        if frame.get("re") == "last":
            return seen
        for item in frame.get("news", []):
            seen = fold(seen, item["type"], item["data"]) if "seq" in item else seen


async def chain(live: Product) -> list[dict[str, Any]]:
    async with live.house.store.reading() as session:
        rows = list(await session.exec(select(AuditEntry).where(AuditEntry.day == live.day).order_by(col(AuditEntry.number))))
    assert first_break(rows) is None
    return [{"did": row.did, "person": row.person, "note": json.loads(row.note)} for row in rows]


async def test_who_takes_part_is_erased_with_name_booking_and_words_behind_the_scenes(small: Product) -> None:
    speaker, who = await a_speaker(small)
    organizer = await small.enter("organizer")
    held = {word for some in (await holding(small, *PLANTED)).values() for word in some}

    async with small.socket(await small.join(name="Mo")) as other:
        seen = (await heard(other))["welcome"]["state"]
        assert (await post(small, speaker, "mine", do="erase", sure="yes"))[0] == 200
        await other.send(wish("people.set", "last", people=3))
        seen = await folded(other, seen)
    async with small.http(organizer) as http:
        programme = (await http.get(f"/days/{small.day}/schedule.json")).text

    assert held == {NAME, ADDRESS, WHISPERED, TYPED}
    assert await holding(small, *PLANTED, "14.30 med Kim") == {}
    assert [word for text in (json.dumps(seen, ensure_ascii=False), programme) for word in PLANTED if word in text] == []
    assert [one["note"]["removed"]["booking"] for one in await chain(small) if one["note"].get("contributor") == who] == [1]


async def test_erasing_twice_is_erasing_once_and_a_restart_brings_nothing_back(tmp_path: Path) -> None:
    async with product(tmp_path, media_url="http://127.0.0.1:9") as made:
        live = await with_a_day(made)
        kim = await a_full_life(live, await live.enter("organizer"))
        person, settings, day = await me(live, kim), live.house.settings, live.day

        first = await erase(settings, day, person, None)  # from the command line, beside the server
        again = await erase(settings, day, person, None)
    async with product(tmp_path, media_url="http://127.0.0.1:9") as made:
        made.day, made.code = day, live.code
        left = await holding(made, *PLANTED)
        async with made.http(await made.join(name="Ny")) as http:
            state = (await http.get(f"/days/{day}/state")).text

    assert first[person]["chat_message"] == 1
    assert again == {person: {}}
    assert (left, [word for word in PLANTED if word in state]) == ({}, [])


async def test_one_s_own_page_and_file_tell_all_that_is_held_and_no_word_of_others(small: Product) -> None:
    kim = await a_full_life(small, await small.enter("organizer"))
    await ask(small, kim, "people.set", region="r-norrvik")
    async with small.http(kim, **PAGE) as http:
        page = (await http.get(f"/days/{small.day}/mine")).text
        file = await http.post(f"/days/{small.day}/mine", data={"do": "file"})
        unsure = await http.post(f"/days/{small.day}/mine", data={"do": "erase"})
        wrong = await http.post(f"/days/{small.day}/mine", data={"do": "x"})
    with zipfile.ZipFile(io.BytesIO(file.content)) as packed:
        names, told = packed.namelist(), json.loads(packed.read("uppgifter.json"))
        table = packed.read("uppgifter.csv").decode("utf-8-sig")

    wrote = (NAME, HELD, ASKED, WAITS, ADDRESS)
    assert [word for word in wrote if word not in page or word not in table or word not in json.dumps(told, ensure_ascii=False)] == []
    assert [word for word in (OTHER, "Hej Kim", "token_hash") if word in page + table + json.dumps(told)] == []
    assert ("Region Norrvik" in page, "r-norrvik" in page) == (True, False)
    assert names == ["LÄS MIG.txt", "uppgifter.json", "uppgifter.csv"]
    assert [one["kind"] for one in told["held"]] == ["person", "speech", "operation"]
    assert next(one for one in told["held"] if one["kind"] == "person")["tables"]["attendance"][0]["minutes"] == 20
    assert (unsure.status_code, wrong.status_code) == (422, 422)
    assert [
        (one["did"], one["note"]["asked"], one["note"]["rows"]["question"]) for one in await chain(small) if "export" in one["did"]
    ] == [("people.export", "page", 2)]


async def test_an_organizer_finds_by_the_whole_name_or_address_hands_out_and_erases_and_says_how_it_was_asked(small: Product) -> None:
    organizer = await small.enter("organizer")
    kim = await a_full_life(small, organizer)
    person = await me(small, kim)
    asked = {"asked": "phone"}

    part = (await post(small, organizer, "persons", do="search", name="Kim Eks", **asked))[1].decode()
    by_address = (await post(small, organizer, "persons", do="search", name=ADDRESS.upper(), **asked))[1].decode()
    file = await post(small, organizer, "persons", do="file", name=NAME, one=person, **asked)
    without = [
        (await post(small, organizer, "persons", **fields))[0]
        for fields in (
            {"do": "search", "name": NAME},
            {"do": "search", "name": "K", **asked},
            {"do": "erase", "name": NAME, "one": person, **asked},
            {"do": "erase", "name": NAME, "sure": "yes", **asked},
            {"do": "erase", "name": OTHER, "one": person, "sure": "yes", **asked},
        )
    ]
    kept = await holding(small, NAME)
    gone = await post(small, organizer, "persons", do="erase", name=NAME, one=person, sure="yes", **asked)

    assert (person in part, person in by_address) == (False, True)
    assert (file[0], file[1][:2]) == (200, b"PK")
    assert (without, list(kept)) == ([422] * 5, ["person"])
    assert (gone[0], await holding(small, *PLANTED)) == (200, {})
    did = [(one["did"], one["note"]["asked"]) for one in await chain(small) if one["did"].startswith("people.")]
    assert did == [("people.search", "phone")] * 2 + [("people.export", "phone"), ("people.erase", "phone")]
    told = json.dumps(await chain(small), ensure_ascii=False)
    assert [word for word in (NAME, ADDRESS) if word in told] == []


@pytest.mark.parametrize("role", ["", "participant", "moderator", "speaker"])
async def test_only_an_organizer_looks_for_others(small: Product, role: str) -> None:
    cookie = "" if not role else await small.join() if role == "participant" else await small.enter(role)
    async with small.http(cookie, **PAGE) as http:
        assert (await http.get(f"/days/{small.day}/persons")).status_code == 403
    assert (await post(small, cookie, "persons", do="search", name=NAME, asked="mail"))[0] == 403


def test_every_table_with_something_of_a_person_says_whose_it_is() -> None:
    tables = {table_of(model).name: table_of(model) for model in TABLES}
    holds = {name for name, table in tables.items() if any(column.info["kept"] in OF_PERSONS for column in table.columns)}
    assert holds - {*WHOSE, *ELSE} == set()
    assert [name for name, column in WHOSE.items() if column not in tables[name].columns] == []
    assert {*WHOSE} - {*TITLES} == set()


OF_PERSONS = (Kept.PERSON, Kept.OWNER, Kept.ADDRESS)


async def test_the_command_line_hands_out_and_erases_and_an_older_backup_does_not_bring_it_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, backup, file, place = (tmp_path / name for name in ("data", "before.tar", "kim.zip", "again"))
    async with product(folder, media_url="http://127.0.0.1:9") as made:
        live = await with_a_day(made)
        await a_full_life(live, await live.enter("organizer"))
        await backups.save(live.house.settings, live.house.clock, backup)
    at = ["--data-dir", str(folder), "--json"]

    def run(*words: str) -> tuple[int, dict[str, Any]]:
        """In a thread of its own: a command has a loop of its own."""
        code, out = main(["person", *words]), capsys.readouterr().out
        return code, json.loads(out) if out.startswith("{") else {}

    out = await asyncio.to_thread(run, "export", live.day, "--name", NAME, "--to", str(file), *at)
    codes = [
        (await asyncio.to_thread(run, *words))[0]
        for words in (
            ("export", live.day, "--name", "Ingen", *at),
            ("erase", live.day, *at),
            ("export", live.day, "p", "--name", "K", *at),
            (),
        )
    ]
    gone = await asyncio.to_thread(run, "erase", live.day, "--name", NAME.upper(), *at)
    again = await asyncio.to_thread(run, "erase", live.day, "--name", NAME, *at)
    place.mkdir()
    (place / "erased").write_text((folder / "erased").read_text())
    settings = live.house.settings.model_copy(update={"data_dir": place})
    done = await restore(settings, backup, live.house.clock, live.house.ids, instead=True)

    assert (out[0], out[1]["rows"]["question"], zipfile.is_zipfile(file)) == (0, 2, True)
    assert codes == [1, 2, 2, 2]
    assert (gone[0], next(iter(gone[1]["removed"].values()))["question"], again[0]) == (0, 2, 1)
    assert (done.erased, in_files(place, *PLANTED)) == (1, {})


async def test_a_question_merged_into_one_that_goes_is_free_and_a_screen_keeps_its_people(small: Product) -> None:
    await open_all(small)
    organizer, kim, lo = await small.enter("organizer"), await small.join(name=NAME), await small.join(name=OTHER)
    hall = await small.join(name="Salen", people=3)
    into = (await ask(small, kim, "questions.ask", text=ASKED))["data"]["question"]
    other = (await ask(small, lo, "questions.ask", text="Samma sak"))["data"]["question"]
    await ask(small, organizer, "questions.merge", question=other, into=into)
    await ask(small, hall, "people.new_code")
    async with small.house.store.reading() as session:
        code = await views.code_of(session, small.day, await me(small, hall), at=small.house.clock.now())
    async with small.http(kim) as http:
        paired = await http.post(f"/days/{small.day}/pair", data={"code": code})
    assert paired.status_code == 303

    assert (await post(small, kim, "mine", do="erase", sure="yes"))[0] == 200

    async with small.http(organizer) as http:
        questions = {one["question"]: one for one in (await http.get(f"/days/{small.day}/state")).json()["questions"]}
    async with small.house.store.reading() as session:
        people = {one.name: (one.people, one.phones) for one in await session.exec(select(Person).where(col(Person.people) > 1))}
    assert (questions[into]["removed"], questions[into]["text"]) == (True, "")
    assert (questions[other]["state"], questions[other].get("merged"), questions[other]["text"]) == ("open", None, "Samma sak")
    assert people == {"Salen": (2, 0)}
