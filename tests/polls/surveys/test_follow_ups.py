"""Follow-ups and required questions: who is asked, what their base is, and when a form cannot be sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from conference.core.errors import Refused
from conference.core.transaction import Transaction
from polls.surveys.export import sheets
from polls.surveys.kit import drafts
from polls.surveys.results import asked
from tests.polls.houses import DAY, someone
from tests.polls.surveys.houses import House, organizer


def options(*names: str) -> list[dict[str, str]]:
    return [{"id": name.casefold(), "text": name} for name in names]


NO, A_OR_B = {"question": "igen", "answers": ["no"]}, {"question": "delar", "answers": ["a", "b"]}
WHY: dict[str, Any] = {"id": "hinder", "kind": "choice", "title": "Vad hindrar er?", "options": options("Tid", "Pengar"), "required": True}
QUESTIONS: list[dict[str, Any]] = [
    {"id": "igen", "kind": "yesno", "title": "Kommer ni igen?", "required": True, "options": options("Ja", "Nej")},
    {**WHY, "after": NO},
    {"id": "delar", "kind": "choice", "most": 2, "title": "Vilka delar?", "options": options("A", "B", "C")},
    {"id": "varfor", "kind": "text", "title": "Varför?", "longest": 200, "after": A_OR_B},
]


@pytest.fixture
async def open_one(house: House) -> House:
    """A survey with two follow-ups is open."""
    raw = {"id": "ev", "title": "Enkät", "for": "participants", "anonymous": True, "questions": QUESTIONS}
    [survey] = drafts(DAY, {"surveys": [raw]}, {})

    async def put(tx: Transaction) -> None:
        tx.put(survey)

    await house.store.run(put)
    await house.surveys.open(organizer(), "ev")
    return house


async def answer(house: House, forms: Sequence[dict[str, Any]], *, final: bool = False) -> None:
    for number, form in enumerate(forms):
        await house.surveys.answer(someone(f"p{number}"), "ev", form, final=final)


async def told(house: House) -> dict[str, Any]:
    async with house.store.reading() as session:
        return {question["question"]: question for one in await asked(session, DAY) for question in one["questions"]}


def base(question: dict[str, Any]) -> tuple[Any, ...]:
    share = question["follows"]["share"] or {"count": None, "percent": None}
    return question["n"], question["follows"]["asked"], share["count"], share["percent"]


async def test_the_base_of_a_follow_up_is_those_who_were_asked_it(open_one: House) -> None:
    no = [{"igen": "no", "hinder": ["tid"]}] * 6 + [{"igen": "no"}] * 2
    await answer(open_one, [*no, *[{"igen": "yes"}] * 7])
    await open_one.surveys.close(organizer(), "ev")
    question = (await told(open_one))["hinder"]

    assert base(question) == (6, 8, 6, 75)
    assert (question["follows"]["title"], question["follows"]["answers"]) == ("Kommer ni igen?", [{"text": "Nej", "text_en": "Nej"}])
    assert [(row["option"], row["count"], row["n"], row["percent"]) for row in question["rows"]] == [
        ("tid", 6, 6, 100),
        ("pengar", 0, 6, 0),
    ]


async def test_somebody_who_changes_the_answer_before_it_leaves_the_base(open_one: House) -> None:
    await answer(open_one, [{"igen": "no", "hinder": ["tid"]}] * 10)
    before = base((await told(open_one))["hinder"])
    await answer(open_one, [{"igen": "yes"}] * 5)

    assert [before, base((await told(open_one))["hinder"])] == [(10, 10, 10, 100), (5, 5, 5, 100)]


async def test_what_fewer_than_five_say_to_a_follow_up_is_not_told(open_one: House) -> None:
    await answer(open_one, [*[{"igen": "no", "hinder": ["tid"]}] * 4, {"igen": "no"}, {"igen": "yes"}])
    await open_one.surveys.close(organizer(), "ev")
    question = (await told(open_one))["hinder"]

    assert (base(question), question["rows"], question["regions"], question["affiliations"]) == ((None, 5, None, None), [], [], [])


async def test_how_many_were_asked_is_not_told_where_it_is_few(open_one: House) -> None:
    await answer(open_one, [*[{"igen": "no", "hinder": ["tid"]}] * 3, *[{"igen": "yes"}] * 6])
    await open_one.surveys.close(organizer(), "ev")

    assert base((await told(open_one))["hinder"]) == (None, None, None, None)


async def test_nobody_can_work_out_that_few_gave_two_of_the_answers_that_a_follow_up_follows(open_one: House) -> None:
    both, one = {"delar": ["a", "b"], "varfor": "Båda"}, {"delar": ["a"], "varfor": "Ena"}
    await answer(open_one, [both, *[one] * 9])
    await open_one.surveys.close(organizer(), "ev")

    assert base((await told(open_one))["varfor"]) == (10, None, None, None)


async def test_the_base_stands_in_the_table(open_one: House) -> None:
    await answer(open_one, [{"igen": "no", "hinder": ["tid"]}] * 5)
    await open_one.surveys.close(organizer(), "ev")
    async with open_one.store.reading() as session:
        [sheet] = await sheets(session, DAY)
    rows = [row for row in sheet.rows if "följdfrågan" in str(getattr(row[6], "text", ""))]

    assert [row[7:10] for row in rows] == [(5, 5, 100), (0, 0, None)]


async def test_a_form_is_not_sent_without_a_required_answer_that_is_asked(open_one: House) -> None:
    with pytest.raises(Refused) as first:
        await open_one.surveys.answer(someone("kim"), "ev", {"delar": ["c"]}, final=True)
    with pytest.raises(Refused) as second:
        await open_one.surveys.answer(someone("kim"), "ev", {"igen": "no"}, final=True)
    await open_one.surveys.answer(someone("kim"), "ev", {"igen": "no"})
    begun = await open_one.form("kim", "ev")
    await open_one.surveys.answer(someone("kim"), "ev", {"igen": "yes"}, final=True)

    assert [(one.value.code, one.value.values["title"]) for one in (first, second)] == [
        ("answer.missing", "Kommer ni igen?"),
        ("answer.missing", "Vad hindrar er?"),
    ]
    assert (begun["mine"], begun["lacks"], (await open_one.form("kim", "ev"))["mine"]) == ("begun", ["hinder"], "done")
