"""Nobody can learn what somebody answered: not from the whole database, the log, the audit chain, nor from figures.

Forty people vote and evaluate. One of them is alone in her region, sits with more people than anybody else, and is the only one to say no.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text
from sqlmodel import SQLModel, select

from conference.core.actor import Actor, Asked, Done
from conference.core.bus import MemoryBus
from conference.core.clock import HandClock
from conference.core.engines import Engines
from conference.core.event import Entry
from conference.core.faces import Viewer, shown_to
from conference.core.ids import RandomIds
from conference.core.log import since
from conference.core.sheets import WITHHELD, Sheet
from conference.core.store import Store
from conference.core.transaction import Transaction
from conference.people.tables import Person, Session
from polls import Polls, rules
from polls import export as polls_export
from polls import report as polls_report
from polls import views as polls_views
from polls.ballots import Box
from polls.kinds import Question
from polls.surveys import Surveys
from polls.surveys import export as surveys_export
from polls.surveys import report as surveys_report
from polls.surveys import rules as surveys_rules
from polls.surveys import views as surveys_views
from polls.tables import Count
from tests.conftest import NINE
from tests.polls.houses import DAY, JA_NEJ, STAFF, someone
from tests.polls.houses import House as SmallHouse
from tests.polls.houses import a_house as a_small_house
from tests.polls.kinds.asked import BACKING, IDEAS, MATRIX, NUMBER, POINTS, QUIZ, RANKING, STATEMENTS
from tests.polls.surveys.houses import EVALUATION, begin
from tests.polls.test_hands import SCALE
from tests.servers import empty_tables
from web.telling import TABLES

MANY = 40
YESNO = Question("q", "yesno", "Ja?", options=rules.yes_no_options())
ALONE, CROWD = "r-ensam", 17
SECRET_TABLES = {"ballot", "survey_answers", "vote_answer", "poll_count", "survey_count"}
LOOKERS = [Viewer("x", frozenset(roles), lane) for lane in ("national", ALONE) for roles in ((), ("moderator",), ("screen",), ("speaker",))]


@dataclass(frozen=True)
class Voter:
    """A participant, and all that could lead to one."""

    number: int

    @property
    def alone(self) -> bool:
        return self.number == MANY // 2

    @property
    def person(self) -> str:
        return f"person-{self.number:03}"

    @property
    def token(self) -> str:
        return hashlib.sha256(f"token {self.number}".encode()).hexdigest()

    @property
    def region(self) -> str | None:
        return ALONE if self.alone else ("r-norrvik", "r-vastero", None)[self.number % 3]

    @property
    def affiliation(self) -> str:
        return "patient" if self.alone else ("kommun", "region")[self.number % 2]

    @property
    def people(self) -> int:
        return CROWD if self.alone else 1 + self.number % 3

    def wish(self, what: str) -> Actor:
        """A wish, as the web brings it."""
        sealed, body = (hmac.digest(self.token.encode(), word.encode(), "sha256").hex() for word in (f"{self.person} {what}", "body"))
        asked = Asked(sealed, "polls.vote", body, NINE)
        return Actor(DAY, self.person, frozenset(), self.region or "national", self.region, self.affiliation, self.people, asked)

    def rows(self, at: datetime) -> list[SQLModel]:
        """What is kept of people."""
        who = Person(day=DAY, person=self.person, name=f"Kim {self.number}", region=self.region, people=self.people, joined_at=at)
        token = hashlib.sha256(self.token.encode()).hexdigest()
        return [who, Session(token_hash=token, day=DAY, person=self.person, created_at=at)]


VOTERS = [Voter(number) for number in range(MANY)]


@dataclass(frozen=True)
class House:
    """Polls and surveys side by side, with one folder of keys, as the product has them."""

    url: str
    store: Store
    clock: HandClock
    polls: Polls
    surveys: Surveys
    keys: Path

    async def log(self) -> list[Entry]:
        async with self.store.reading() as session:
            return await since(session, DAY, 0)


@asynccontextmanager
async def a_house(url: str, keys: Path) -> AsyncIterator[House]:
    await empty_tables(url)
    clock, ids, box = HandClock(NINE), RandomIds(), Box(keys, RandomIds())
    async with Store.open(url, MemoryBus().publish) as store:
        await begin(store)
        yield House(url, store, clock, Polls(store, clock, ids, box), Surveys(store, clock, ids, box), keys)


@dataclass(frozen=True)
class Told:
    """What the voters know, and nobody else may find."""

    poll: str
    pseudonyms: set[bytes]
    receipts: list[str]  # in the order of voting, the poll's before the survey's


async def everybody_answers(house: House) -> tuple[str, list[Done]]:
    """Everybody comes, votes, changes the vote, and evaluates as they go; the poll, and the last answer to each vote and each form."""

    async def join(tx: Transaction) -> None:
        for voter in VOTERS:
            for row in voter.rows(NINE + timedelta(seconds=voter.number)):
                tx.put(row)

    await house.store.run(join)
    made = await house.polls.make(STAFF, JA_NEJ)
    assert made.data
    poll = str(made.data["poll"])
    await house.polls.open(STAFF, poll)
    await house.surveys.open(STAFF, EVALUATION)
    votes, forms = [], []
    for voter in VOTERS:
        house.clock.wind(timedelta(seconds=1))
        await house.polls.vote(voter.wish("v1"), poll, ["nej"])
        votes.append(await house.polls.vote(voter.wish("v2"), poll, ["nej" if voter.alone else "ja"]))
        await house.surveys.answer(voter.wish("a1"), EVALUATION, {"aterkommande": "no" if voter.alone else "yes"})
        forms.append(await house.surveys.answer(voter.wish("a2"), EVALUATION, {"steg": f"steg {voter.number}", "helheten": 4}, final=True))
    return poll, votes + forms


async def a_day(house: House) -> Told:
    """Everybody answers; both close and the keys die."""
    poll, done = await everybody_answers(house)
    boxes = (f"{DAY}/{poll}/1", surveys_rules.box_of(DAY, EVALUATION))
    pseudonyms = {house.polls.box.pseudonym(box, voter.person) for box in boxes for voter in VOTERS}
    await house.polls.close(STAFF, poll)
    await house.surveys.close(STAFF, EVALUATION)
    await house.polls.show(STAFF, poll, "everyone")
    for feature in (house.polls, house.surveys):
        feature.heard(await house.log())
    return Told(poll, pseudonyms, [str(one.data["receipt"]) for one in done if one.data])


Dump = dict[str, list[dict[str, Any]]]


async def dumped(url: str) -> Dump:
    """Every table whole, in the order in which its rows lie; on PostgreSQL with what the server itself notes of each row."""
    found: Dump = {}
    async with Engines.open(url) as engines, engines.reader.connect() as connection:
        postgresql = connection.dialect.name == "postgresql"
        for table in SQLModel.metadata.sorted_tables:
            columns = "xmin::text AS xmin, ctid::text AS ctid, *" if postgresql else "*"
            rows = await connection.execute(text(f'SELECT {columns} FROM "{table.name}"'))  # no ORDER BY, on purpose
            found[table.name] = [dict(row) for row in rows.mappings()]
    return found


def spellings(secret: str | bytes) -> set[str]:
    """The ways in which a secret could stand in a row."""
    raw = secret.encode() if isinstance(secret, str) else secret
    encoded = {raw.hex(), base64.b64encode(raw).decode().rstrip("="), base64.urlsafe_b64encode(raw).decode().rstrip("=")}
    return encoded | {hashlib.sha256(raw).hexdigest()} | ({secret} if isinstance(secret, str) else set())


def cells(rows: list[dict[str, Any]]) -> str:
    """All cells as one text."""
    return "\n".join(cell.hex() if isinstance(cell, bytes) else str(cell) for row in rows for cell in row.values())


def holding(dump: Dump, secrets: set[str], tables: set[str]) -> list[str]:
    """The tables of *tables* in which one of the secrets stands."""
    written = {name: cells(dump[name]) for name in tables}
    return [name for name in sorted(tables) if any(secret in written[name] for secret in secrets)]


@pytest.fixture
async def after(url: str, tmp_path: Path) -> AsyncIterator[tuple[House, Told, Dump]]:
    """The morning after."""
    async with a_house(url, tmp_path / "keys") as house:
        told = await a_day(house)
        yield house, told, await dumped(url)


After = tuple[House, Told, Dump]


async def test_no_answer_lies_beside_anything_that_leads_to_a_person(after: After) -> None:
    house, told, dump = after
    people = {spelt for voter in VOTERS for secret in (voter.person, voter.token, f"Kim {voter.number}") for spelt in spellings(secret)}
    wishes = {asked.wish for voter in VOTERS for what in ("v1", "v2", "a1", "a2") if (asked := voter.wish(what).asked)}
    pseudonyms = {spelt for pseudonym in told.pseudonyms for spelt in spellings(pseudonym)}
    receipts = {spelt for receipt in told.receipts for spelt in spellings(receipt)}

    assert {name: len(dump[name]) for name in ("ballot", "survey_answers", "vote_answer")} == {
        "ballot": MANY,
        "survey_answers": MANY,
        "vote_answer": 4 * MANY,
    }
    assert holding(dump, people, SECRET_TABLES) == []
    assert holding(dump, wishes, set(dump)) == []
    assert holding(dump, pseudonyms, set(dump)) == []
    assert holding(dump, receipts, set(dump)) == ["ballot", "survey_answers"]
    assert list(house.keys.iterdir()) == []


async def test_the_rows_of_answers_have_no_time_no_place_no_group_and_no_order(after: After) -> None:
    _, told, dump = after
    nothing = {"about": None}
    of_ballot, of_form = ({"box", "key", "receipt", "answer"}, nothing), ({"box", "key", "receipt", "answers", "final"}, nothing)

    for name, (kept, gone), receipts in (("ballot", of_ballot, told.receipts[:MANY]), ("survey_answers", of_form, told.receipts[MANY:])):
        rows = dump[name]
        assert [row for row in rows if {column: row[column] for column in gone} != gone] == []
        assert set(rows[0]) - {"xmin", "ctid"} == kept | set(gone)
        assert len({row.get("xmin") for row in rows}) == 1  # all written by one transaction
        assert [row["key"] for row in rows] == sorted(row["key"] for row in rows)  # they lie in the order of random keys
        assert sorted(row["receipt"] for row in rows) == sorted(receipts)
        assert [row["receipt"] for row in rows] != receipts
    columns = [(table.name, repr(column.type)) for table in SQLModel.metadata.sorted_tables for column in table.columns]
    timed = {table for table, kind in columns if "Time" in kind or "Date" in kind}
    assert ("poll" in timed, timed & SECRET_TABLES) == (True, set())


async def test_while_they_are_open_answers_tell_no_place_no_kind_and_no_group(url: str, tmp_path: Path) -> None:
    async with a_house(url, tmp_path / "keys") as house:
        await everybody_answers(house)
        dump = await dumped(url)

    places = {spelt for word in (ALONE, "r-norrvik", "r-vastero", "patient", "kommun") for spelt in spellings(word)}
    assert holding(dump, places, set(dump)) == ["person", "survey"]  # who they are, and the words of a question about regions
    for name, answers in (("ballot", "answer"), ("survey_answers", "answers")):
        rows = dump[name]
        assert set(rows[0]) - {"xmin", "ctid", "final"} == {"box", "key", "receipt", answers, "about"}
        assert {len(row["about"]) for row in rows} == {len(rows[0]["about"])}  # of her who sits with seventeen as of anybody
        assert len({row["about"] for row in rows}) == MANY


async def test_she_who_is_alone_is_in_no_split_and_her_group_in_no_figure(after: After) -> None:
    _, _, dump = after
    splits = [
        split
        for name in ("poll_count", "survey_count")
        for row in dump[name]
        for split in (row["regions"], row.get("affiliations"))
        if split
    ]

    hers = [group for split in splits for group in msgspec.json.decode(split) if group.get("region") == ALONE]
    assert {(group["n"], *group["counts"].values()) for group in hers} == {(None,), (None, None, None), (None, *[None] * 5)}
    counts = [msgspec.json.decode(row["now"]) for row in dump["survey_count"] if row["question"] not in {"", "/groups"}]
    assert {count["behind"] for count in counts} == {0}
    assert {row["waiting"] for row in dump["survey_count"]} == {"[]"}


async def test_log_and_audit_chain_tell_what_staff_did_and_not_who_voted_or_how(after: After) -> None:
    house, _, dump = after

    assert [entry.event.name for entry in await house.log()] == [
        "polls.made",
        "polls.opened",
        "surveys.opened",
        "polls.closed",
        "surveys.closed",
        "polls.shown",
    ]
    assert holding(dump, {voter.person for voter in VOTERS}, {"log", "audit", "remembered"}) == []
    assert [(row["did"], set(msgspec.json.decode(row["note"]))) for row in dump["audit"]] == [
        ("ballots.sealed", {"poll", "round", "ballots", "receipts_sha256", "answers_sha256"}),
        ("answers.sealed", {"survey", "ballots", "receipts_sha256", "answers_sha256"}),
    ]


async def test_the_programs_own_log_says_nothing_of_it(url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with a_house(url, tmp_path / "keys") as house:
        told = await a_day(house)

    said = "\n".join(record.getMessage() for record in caplog.records)
    assert [secret for secret in (*told.receipts, *(voter.person for voter in VOTERS)) if secret in said] == []


async def test_nothing_under_five_is_told_of_a_group_by_any_way_out(after: After) -> None:
    house, _, _ = after
    found: list[list[dict[str, Any]]] = []
    async with house.store.reading() as session:
        for viewer in LOOKERS:
            found += splits_in(await polls_views.shared(session, DAY, viewer))
            found += [split for entry in await house.log() for data in seen_by(viewer, entry) for split in splits_in(data)]
        reports = [await polls_report.section(session, DAY), await surveys_report.section(session, DAY)]
        sheets = [*await polls_export.sheets(session, DAY), *await surveys_export.sheets(session, DAY)]

    told_of_groups = [number for split in (*found, *splits_in(reports)) for group in split for number in figures(group)]
    in_files = [number for sheet in sheets for number in exported(sheet)]
    assert len(found) > len(LOOKERS)
    assert ([number for number in told_of_groups if number < 5], [number for number in in_files if number < 5]) == ([], [])
    assert (bool(told_of_groups), bool(in_files)) == (True, True)


def seen_by(viewer: Viewer, entry: Entry) -> list[dict[str, Any]]:
    """What *viewer* is shown of the entry."""
    faces = {**polls_views.FACES, **surveys_views.FACES}
    return shown_to(viewer, faces[type(entry.event)](entry.event))


def splits_in(thing: Any) -> Iterator[list[dict[str, Any]]]:
    """Every split by region or organisation, however deep it lies."""
    if isinstance(thing, dict):
        for key, value in thing.items():
            if key in ("regions", "affiliations"):
                yield value
            else:
                yield from splits_in(value)
    elif isinstance(thing, list):
        for one in thing:
            yield from splits_in(one)


def figures(group: dict[str, Any]) -> Iterator[int]:
    """The counts of a group as they are shown: its n, and its cells."""
    shown = [
        group["n"],
        *group.get("counts", {}).values(),
        *(figure for row in group.get("rows", ()) for figure in (row["count"], row["n"])),
    ]
    told = [*group.get("sure", ()), *(row["option"] for row in group.get("rows", ()) if row.get("change") is not None or row.get("sure"))]
    counted = {**group.get("counts", {}), **{row["option"]: row["count"] for row in group.get("rows", ())}}
    assert [cell for cell in told if counted[cell] is None] == []  # no difference is told of a share that is not
    yield from (figure for figure in shown if figure is not None)


def exported(sheet: Sheet) -> Iterator[int]:
    """The same in a file: the rows that are of one region or one kind of organisation."""
    places = {column: place for place, column in enumerate(sheet.columns)}
    for row in sheet.rows:
        if any(row[places[group]] is not None for group in ("Region", "Verksamhet") if group in places):
            yield from (cell for column in ("Antal", "n") if column in places and type(cell := row[places[column]]) is int)
            if "Antal" not in places:
                share, change = row[places["Procent"]], row[places["Skillnad, procentenheter"]]
                assert (share is WITHHELD) == (change is WITHHELD)


OF_EACH_KIND: list[tuple[Question, Any, Any]] = [
    (RANKING, ["a", "b"], ["c"]),
    (POINTS, {"a": 100}, {"c": 100}),
    (NUMBER, 30, 237),
    (MATRIX, {"a": [3, 3]}, {"c": [5, 1]}),
    (STATEMENTS, {"a": 3, "b": 2}, {"a": None}),
    (QUIZ, ["b"], ["c"]),
    (IDEAS, "Ring varandra", "Jag är ensam här"),
    (BACKING, ["a", "b"], ["c"]),
]
"""A question, what all the others answer, and what she who is alone in her region does."""


@pytest.mark.parametrize(("question", "usual", "hers"), OF_EACH_KIND, ids=lambda one: getattr(one, "kind", ""))
async def test_nothing_under_five_is_told_of_a_group_in_any_kind(house: SmallHouse, question: Question, usual: Any, hers: Any) -> None:
    poll = await house.an_open_poll(question)
    for voter in VOTERS:
        by = someone(voter.person, region=voter.region, affiliation=voter.affiliation)
        await house.polls.vote(by, poll, hers if voter.alone else usual)
    await house.polls.close(STAFF, poll)
    await house.polls.show(STAFF, poll, "everyone")

    async with house.store.reading() as session:
        states = [await polls_views.shared(session, DAY, viewer) for viewer in LOOKERS]
        report, sheets = await polls_report.section(session, DAY), await polls_export.sheets(session, DAY)
    news = [
        data for viewer in LOOKERS for event in await house.events() for data in shown_to(viewer, polls_views.FACES[type(event)](event))
    ]
    groups = [group for split in splits_in([*states, *news, report]) for group in split]

    assert {group["n"] for group in groups if group.get("region") == ALONE} == {None}
    assert {group["affiliation"] for group in groups if "affiliation" in group} <= {"kommun", "region"}  # hers is not even named
    assert [number for group in groups for number in figures(group) if number < 5] == []
    assert [number for sheet in sheets for number in exported(sheet) if number < 5] == []
    if question is NUMBER:
        assert "237" not in str((states, news, report["polls"][0]["rounds"], [sheet.rows for sheet in sheets]))
    if question is IDEAS:
        assert "ensam här" not in str((states, news))


@pytest.mark.parametrize(("question", "usual", "hers"), OF_EACH_KIND, ids=lambda one: getattr(one, "kind", ""))
async def test_below_twenty_no_picture_tells_what_one_person_answered(house: SmallHouse, question: Question, usual: Any, hers: Any) -> None:
    poll = await house.an_open_poll(question)
    pictures = []
    for number in range(9):
        await house.polls.vote(someone(f"p{number}"), poll, hers if number == 6 else usual)
        pictures.append((await house.state(LOOKERS[1]))[0]["tally"])
    await house.polls.withdraw(someone("p6"), poll)
    pictures.append((await house.state(LOOKERS[1]))[0]["tally"])

    assert [picture["n"] for picture in pictures] == [0, 0, 0, 0, 5, 5, 5, 5, 5, 5]
    assert [picture for picture in pictures[4:] if picture != pictures[4]] == []


HANDS: list[tuple[Question, Any, dict[str, int], str]] = [
    (JA_NEJ, ["ja"], {"nej": CROWD}, "nej"),
    (YESNO, "yes", {"abstain": CROWD}, "abstain"),
    (SCALE, 3, {"1": CROWD}, "1"),
]
"""A question, what all the others answer, the hands behind the screen that is alone in its region, and the answer that nobody else gave."""


@pytest.mark.parametrize(("question", "usual", "hands", "only"), HANDS, ids=lambda one: getattr(one, "kind", ""))
async def test_hands_are_in_no_split_by_any_way_out(
    house: SmallHouse, question: Question, usual: Any, hands: dict[str, int], only: str
) -> None:
    poll = await house.an_open_poll(question)
    for voter in VOTERS:
        by = someone(voter.person, region=voter.region, people=voter.people)
        await (house.polls.raise_hands(by, poll, hands) if voter.alone else house.polls.vote(by, poll, usual))
    await house.polls.close(STAFF, poll)
    await house.polls.show(STAFF, poll, "everyone")

    async with house.store.reading() as session:
        states = [await polls_views.shared(session, DAY, viewer) for viewer in LOOKERS]
        report, sheets = await polls_report.section(session, DAY), await polls_export.sheets(session, DAY)
    news = [
        data for viewer in LOOKERS for event in await house.events() for data in shown_to(viewer, polls_views.FACES[type(event)](event))
    ]
    groups = [group for split in splits_in([*states, *news, report]) for group in split]
    assert {group["region"] for group in groups} == {"national", "r-norrvik", "r-vastero"}
    assert [number for group in groups for number in figures(group) if number < 5] == []
    assert [number for sheet in sheets for number in exported(sheet) if number < 5] == []
    [tally] = {str(poll["tally"]["hands"]) for state in states for poll in state["polls"]}
    assert f"'{only}': {CROWD}" in tally
    assert {poll["tally"]["n"] for state in states for poll in state["polls"]} == {MANY - 1}


@pytest.mark.parametrize(("question", "usual", "hands", "only"), HANDS, ids=lambda one: getattr(one, "kind", ""))
async def test_while_a_poll_is_open_no_picture_tells_that_hands_went_up(
    house: SmallHouse, question: Question, usual: Any, hands: dict[str, int], only: str
) -> None:
    poll = await house.an_open_poll(question)
    pictures = []
    for number in range(25):
        await house.polls.vote(someone(f"p{number}"), poll, usual)
        before = (await house.state(LOOKERS[1]))[0]["tally"]
        await house.polls.raise_hands(someone(f"h{number}", people=CROWD), poll, hands)
        pictures.append((before, (await house.state(LOOKERS[1]))[0]["tally"]))
    assert [after for before, after in pictures if after != before] == []
    assert [after for _before, after in pictures if after["counts"][only]] == []


async def test_after_the_close_the_files_of_the_database_hold_no_old_ballot_and_no_step_of_the_tally(url: str, tmp_path: Path) -> None:
    async with a_small_house(url, tmp_path / "keys") as house:
        poll, steps = await house.an_open_poll(), []
        for number in range(30):
            await house.polls.vote(someone(f"p{number}", region="r-norrvik"), poll, ["ja" if number % 3 else "nej"])
            async with house.store.reading() as session:
                steps.append((await session.exec(select(Count.now))).one().encode())
        pseudonyms = [house.polls.box.pseudonym(f"{DAY}/{poll}/1", f"p{number}") for number in range(30)]
        before = await _files(url)
        await house.polls.close(STAFF, poll)
        await house.store.forget(TABLES)
        after = await _files(url)

    assert sum(one in before for one in pseudonyms) == 30
    assert [one for one in pseudonyms if one in after] == []
    assert [step for step in steps[:-1] if step in after] == []
    assert steps[-1] in before


async def _files(url: str) -> bytes:
    """All that the database has on disk of its tables: on PostgreSQL without its journal, which it writes over in its own time."""
    async with Engines.open(url) as engines, engines.writer.connect() as connection:
        if connection.dialect.name == "sqlite":
            return b"".join(path.read_bytes() for path in Path(str(engines.writer.url.database)).parent.glob("day.db*"))
        await connection.execute(text("checkpoint"))
        folder = Path(str((await connection.execute(text("show data_directory"))).scalar_one()))
        return b"".join(path.read_bytes() for path in (folder / "base").glob("*/*"))
