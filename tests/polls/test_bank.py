"""The question bank: what a kit and files bring, what is locked, a question into a day, and the same question over days as one series."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec
import pytest
from sqlmodel import col, select

from conference import NewDay, Programme
from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.core.log import LogHead
from conference.core.transaction import Transaction
from conference.tables import Day
from polls import Bank, bank
from polls.kinds import Option, Question
from polls.kit import bank_rows
from polls.tables import Poll
from tests.conference.days import the_kit
from tests.polls.houses import DAY, STAFF, House, a_live_day, someone
from tests.polls.kinds.asked import MATRIX
from web import bank_files

STEP = Question(
    "q-steg", "choice", "Vet du ditt nästa steg?", options=(Option("ja", "Ja", "Yes"), Option("nej", "Nej")), goals=("together",)
)
KIT = {
    "questions": [
        {"id": "q-steg", "kind": "choice", "title": STEP.title, "owner": "locked", "goals": ["together"], "options": [{"id": "ja", "text": "Ja", "text_en": "Yes"}, {"id": "nej", "text": "Nej"}]},  # noqa: E501
        {"id": "q-ord", "kind": "words", "title": "Ett ord?", "owner": "default", "most": 3, "goals": ["security"]},
    ]
}  # fmt: skip


async def from_kit(house: House) -> Bank:
    async def put(tx: Transaction) -> None:
        for row in bank_rows(KIT):
            tx.put(row)

    await house.store.run(put)
    return Bank(house.store, house.clock, house.polls._ids)  # the ids of the house


async def found(house: House, words: str = "", goal: str = "") -> list[tuple[str, int, bool, int]]:
    async with house.store.reading() as session:
        rows = await bank.questions(session, words, goal)
    return [(one["question"].id, one["question"].version, one["locked"], one["asked"]) for one in rows]


async def test_a_question_of_the_bank_becomes_a_poll_word_by_word_and_is_counted_among_those_asked(house: House) -> None:
    its = await from_kit(house)

    made = await its.use(STAFF, "q-steg", 1)
    regional = await its.use(STAFF, "q-steg", 1, "r-norrvik")
    await house.polls.open(STAFF, str((made.data or {})["poll"]))

    async with house.store.reading() as session:
        polls = (await session.exec(select(Poll).order_by(col(Poll.place)))).all()
    assert [(poll.scope, poll.voting, msgspec.json.decode(poll.question, type=Question)) for poll in polls] == [
        ("country", "open", STEP),
        ("r-norrvik", "draft", STEP),
    ]
    assert regional.data
    assert await found(house) == [("q-ord", 1, False, 0), ("q-steg", 1, True, 1)]


async def test_the_bank_is_searched_by_words_and_by_goal(house: House) -> None:
    await from_kit(house)

    assert [await found(house, *asked) for asked in (("NÄSTA steg",), ("nästa ord",), ("", "security"), ("ja",))] == [
        [("q-steg", 1, True, 0)],
        [],
        [("q-ord", 1, False, 0)],
        [("q-steg", 1, True, 0)],
    ]


async def test_files_bring_questions_once_and_all_or_none_of_them(house: House) -> None:
    its = await from_kit(house)
    async with house.store.reading() as session:
        rows = bank.plain(await bank.questions(session))
    await its.bring(STAFF, bank_files.read(bank_files.as_csv(rows).decode()))
    own = Question("q-egen", "text", "Vad mer?")
    await its.bring(STAFF, [own, msgspec.structs.replace(own, version=2, title="Vad mer, nu?")])

    assert await found(house) == [("q-egen", 2, False, 0), ("q-egen", 1, False, 0), ("q-ord", 1, False, 0), ("q-steg", 1, True, 0)]
    tries = [
        ([msgspec.structs.replace(STEP, version=2)], "question.locked"),
        ([msgspec.structs.replace(own, title="Annat?")], "question.version_taken"),
        ([Question("q-ny", "text", "Ny?"), Question("q-trasig", "choice", "Val?")], "poll.wrong"),
        ([own] * 201, "bank.too_many"),
        ([msgspec.structs.replace(own, version=100_001)], "poll.wrong"),
        ([msgspec.structs.replace(own, id="")], "poll.wrong"),
        ([msgspec.structs.replace(own, id="q-lang", title="å" * 301)], "text.too_long"),
        ([msgspec.structs.replace(STEP, id="q-lang", options=(Option("a", "å" * 301), Option("b", "B")))], "text.too_long"),
        ([msgspec.structs.replace(STEP, id="q-lang", options=tuple(Option(f"o{n}", f"Svar {n}") for n in range(21)))], "poll.wrong"),
    ]
    codes = []
    for questions, _code in tries:
        with pytest.raises(Refused) as no:
            await its.bring(STAFF, questions)
        codes.append(no.value.code)
    assert codes == [code for _questions, code in tries]
    assert "q-ny" not in [name for name, *_rest in await found(house)]


async def test_what_is_not_there_is_refused(house: House) -> None:
    its = await from_kit(house)
    codes = []
    for asked in (("nowhere", 1), ("q-steg", 2), ("q-steg", 1, "nowhere")):
        with pytest.raises(Refused) as no:
            await its.use(STAFF, *asked)
        codes.append(no.value.code)

    assert codes == ["question.no_such", "question.no_such", "region.no_such"]


async def test_another_kit_brings_what_is_new_and_changes_no_word_of_what_is_there(house: House) -> None:
    await from_kit(house)
    others = [msgspec.structs.replace(STEP, title="Annat?"), msgspec.structs.replace(STEP, version=2, title="Nytt?")]
    programme = Programme(house.store, house.clock, house.polls._ids, [lambda _kit, _made: bank.from_kit(others, [])])

    await programme.create_from_kit(STAFF, the_kit(), NewDay(date=date(2027, 11, 21), day="d-annan"))

    async with house.store.reading() as session:
        there = [(one["question"].title, one["locked"]) for one in await bank.questions(session, "q-steg")]
    assert there == [("Nytt?", False), (STEP.title, True)]


async def test_what_a_kit_has_at_greater_length_is_not_asked(house: House) -> None:
    async def put(tx: Transaction) -> None:
        for row in bank.from_kit([msgspec.structs.replace(STEP, title="å" * 301)], []):
            tx.put(row)

    await house.store.run(put)
    with pytest.raises(Refused, match=r"text\.too_long"):
        await Bank(house.store, house.clock, house.polls._ids).use(STAFF, "q-steg", 1)


async def test_the_same_question_over_days_is_one_series_with_a_break_where_its_words_are_others(house: House) -> None:
    async def another_day(tx: Transaction) -> None:
        tx.put(LogHead(day="later", epoch="e2", seq=0))
        a_live_day(tx, "later")

    async def dated(tx: Transaction) -> None:
        day = await tx.get(Day, "later")
        tx.put(day.model_copy(update={"date": date(2031, 5, 6), "title": "Nästa år"}))

    await house.store.run(another_day)
    await house.store.run(dated)
    later = replace(STAFF, day="later")
    typo = msgspec.structs.replace(STEP, title="Vet du ditt nästa stegg?")
    other = msgspec.structs.replace(STEP, version=2, title="Vet du vad du ska göra nu?")
    for by, question in ((STAFF, STEP), (later, typo), (later, other), (later, Question("q-annan", "text", "Annat?"))):
        await a_poll(house, by, question)

    async with house.store.reading() as session:
        listed = await bank.series(session, "q-steg")
        nothing = await bank.series(session, "nowhere")
    assert [(one["day"], one["title"], one["version"], one["n"], one["breaks"]) for one in listed] == [
        (DAY, "Dagen", 1, 5, False),
        ("later", "Nästa år", 1, 5, False),
        ("later", "Nästa år", 2, 5, True),
    ]
    assert ([one["wording"] for one in listed], nothing) == ([STEP.title, typo.title, other.title], [])


async def a_poll(house: House, by: Actor, question: Question) -> None:
    made = await house.polls.make(by, question)
    poll = str((made.data or {})["poll"])
    await house.polls.open(by, poll)
    for number in range(5):
        await house.polls.vote(someone(f"p{number}", day=by.day), poll, ["ja"] if question.kind == "choice" else "text")
    await house.polls.close(by, poll)


@pytest.mark.parametrize(
    ("before", "after", "another"),
    [
        (STEP, STEP, False),
        (STEP, msgspec.structs.replace(STEP, version=2), True),
        (STEP, msgspec.structs.replace(STEP, title="Vet du inte ditt nästa steg?"), True),
        (STEP, msgspec.structs.replace(STEP, options=STEP.options[:1]), True),
        (STEP, msgspec.structs.replace(STEP, options=(Option("ja", "Ja!"), Option("nej", "Nej"))), True),
        (MATRIX, msgspec.structs.replace(MATRIX, steps=7), True),
        (MATRIX, msgspec.structs.replace(MATRIX, statements=MATRIX.statements[:2]), True),
    ],
)
def test_other_words_are_another_question(before: Question, after: Question, another: bool) -> None:
    assert bank.is_another(before, after) is another


def test_a_question_is_the_same_after_a_file() -> None:
    asked = [STEP, MATRIX, Question("q-tal", "number", "Hur många?", low=-1, high=1, step=0.5, unit="tim", help="=1+1")]
    rows = bank.plain([{"question": one, "locked": False} for one in asked])

    assert bank_files.read(bank_files.as_csv(rows).decode("utf-8")) == asked
    assert bank_files.read(msgspec.json.encode({"questions": rows}).decode()) == asked
    assert bank_files.read(msgspec.json.encode(rows).decode()) == asked


@pytest.mark.parametrize(
    "text", ["", "hej", "[]", "[", "{}", "[1]", '{"questions": 3}', "id;kind\nq;text", "id;kind;title;version\nq;text;T;x", '[{"id": 3}]']
)
def test_a_file_that_holds_no_questions_is_refused(text: str) -> None:
    with pytest.raises(Refused) as no:
        bank_files.read(text)

    assert no.value.code == "bank.unreadable"
