"""The surveys' section of the report: what people thought, and nothing that would tell on somebody."""

from __future__ import annotations

from typing import Any

import pytest

from conference.core.transaction import Transaction
from conference.followup.keeping.tables import Disposal
from conference.followup.reports.frozen import frozen
from conference.followup.reports.tables import ReportFigures
from polls.surveys.report import section
from polls.surveys.tables import SurveyAnswers
from tests.conftest import NINE
from tests.polls.houses import DAY, someone
from tests.polls.surveys.houses import EVALUATION, House, organizer


@pytest.fixture
async def asked(house: House) -> House:
    """The evaluation is open."""
    await house.surveys.open(organizer(), EVALUATION)
    return house


async def answer(house: House, many: list[dict[str, Any]], region: str | None = None, affiliation: str | None = None) -> None:
    for number, answers in enumerate(many):
        who = someone(f"{region}-{affiliation}-{number}", region=region, affiliation=affiliation, people=3)
        await house.surveys.answer(who, EVALUATION, answers)


async def test_a_draft_is_not_told(house: House) -> None:
    async with house.store.reading() as session:
        assert await section(session, DAY) == {"surveys": [], "waves": [], "after_items": []}


async def test_the_evaluation_is_preliminary_until_it_closes_and_moves_at_every_fifth_form(asked: House) -> None:
    seen = []
    for number in range(12):
        await asked.surveys.answer(someone(f"p{number}", people=2), EVALUATION, {"helheten": 4})
        result = await asked.result()
        seen.append((result["preliminary"], result["n"], result["behind"], result["questions"][0]["n"], result["regions"]))
    await asked.surveys.close(organizer(), EVALUATION)
    final = await asked.result()

    assert seen == [(True, n, 2 * n, n, []) for n in [0] * 4 + [5] * 5 + [10] * 3]
    assert (final["preliminary"], final["n"], final["behind"], final["questions"][0]["n"]) == (False, 12, 24, 12)
    assert [(region["region"], region["n"]) for region in final["regions"]] == [("national", 12)]


async def test_the_two_highest_steps_and_the_share_of_yes_are_told_with_n_and_base(asked: House) -> None:
    many: list[dict[str, Any]] = [{"helheten": 5, "aterkommande": "yes"}] * 20 + [{"helheten": 4, "aterkommande": "no"}] * 7
    await answer(asked, [*many, {"helheten": 1}, {"helheten": 2}, {"helheten": 3}])
    await asked.surveys.close(organizer(), EVALUATION)

    assert (await asked.question("helheten"))["top2"] == {
        "percent": 90,
        "count": 27,
        "n": 30,
        "base": "svar",
        "between": (74, 97),
        "text": "bra eller mycket bra",
        "text_en": "good or very good",
    }
    assert (await asked.question("aterkommande"))["share"] == {
        "percent": 74,
        "count": 20,
        "n": 27,
        "base": "svar",
        "between": (55, 87),
        "text": "Ja",
        "text_en": "Yes",
    }
    assert [question["n"] for question in (await asked.result())["questions"]] == [30, 27, 0, 0, 0, 0, 0, 0]


async def test_without_answers_there_is_no_share(asked: House) -> None:
    await asked.surveys.close(organizer(), EVALUATION)

    assert ((await asked.result())["n"], (await asked.result())["regions"]) == (0, [])
    assert [(await asked.question("helheten"))["top2"][name] for name in ("percent", "n", "between")] == [None, 0, None]


async def test_splits_are_told_after_the_close_and_small_groups_are_not(asked: House) -> None:
    await answer(asked, [{"helheten": 5}] * 20 + [{"helheten": 4}] * 20, "r-norrvik", "kommun")
    await answer(asked, [{"helheten": 5}] * 30 + [{"helheten": 4}] * 30, "r-vastero", "region")
    await answer(asked, [{"helheten": 1}] * 2, "r-ensam", "statlig")
    while_open = await asked.question("helheten")
    await asked.surveys.close(organizer(), EVALUATION)
    question = await asked.question("helheten")

    regions = {region["region"]: region["n"] for region in question["regions"]}
    assert (while_open["regions"], while_open["affiliations"]) == ([], [])
    assert (regions["r-ensam"], regions["r-vastero"], [group["affiliation"] for group in question["affiliations"]]) == (
        None,
        60,
        ["region"],
    )


async def test_when_the_answers_have_gone_what_may_be_quoted_stands_and_the_rest_is_said_to_be_gone(asked: House) -> None:
    for number in range(6):
        await asked.surveys.answer(someone(f"p{number}"), EVALUATION, {"steg": f"svar {number}", "steg-citat": number > 0})
    await asked.surveys.close(organizer(), EVALUATION)
    before = await asked.result()
    body = frozen({"surveys": [before]})

    async def dispose(tx: Transaction) -> None:
        forms = await tx.every(SurveyAnswers)
        tx.put(ReportFigures(day=DAY, figures=1, taken_at=NINE, fingerprint="f", body=body))
        tx.put(Disposal(day=DAY, disposal=1, kinds=["answer"], figures=1, held={}, by="anna", name="Anna", signed_at=NINE))
        for form in forms:
            tx.drop(form)

    await asked.store.run(dispose)

    after, written = await asked.result(), await asked.written()
    assert sorted((await asked.question("steg"))["texts"]) == [f"svar {number}" for number in range(1, 6)]
    assert (after, frozen({"surveys": [after]})) == (before, body)
    assert (written["gone"], [one["texts"] for one in written["questions"]]) == (True, [[], []])


async def test_texts_come_five_at_a_time_and_in_no_order(asked: House) -> None:
    written = [f"svar {number:02}" for number in range(23)]
    seen = []
    for number, text in enumerate(written):
        await asked.surveys.answer(someone(f"p{number}"), EVALUATION, {"steg": text, "steg-citat": True})
        seen.append((await asked.question("steg"))["texts"])
    await asked.surveys.close(organizer(), EVALUATION)
    final = (await asked.question("steg"))["texts"]

    assert [sorted(texts) for texts in seen] == [written[: n - n % 5] for n in range(1, 24)]
    assert (sorted(final), final == written) == (written, False)


async def test_a_text_that_was_changed_waits_for_the_next_step_and_few_are_not_told(asked: House) -> None:
    await answer(asked, [{"steg": f"svar {number}", "steg-citat": True} for number in range(6)])
    await asked.surveys.answer(someone("None-None-0"), EVALUATION, {"steg": "ändrat"})
    changed = await asked.question("steg")
    await answer(asked, [{"steg": f"nytt {number}", "steg-citat": True} for number in range(4)], "r-norrvik")
    stepped = await asked.question("steg")

    assert (changed["n"], changed["texts"]) == (5, [])  # four of five are too few
    assert (stepped["n"], len(stepped["texts"]), "ändrat" in stepped["texts"]) == (10, 10, True)


async def test_nothing_is_quoted_without_consent_and_all_of_it_is_counted(asked: House) -> None:
    await answer(asked, [{"annorlunda": f"svar {number}", "citera": number == 3, "steg": "Ringa"} for number in range(5)])
    before = await asked.written()
    await asked.surveys.close(organizer(), EVALUATION)
    questions = [await asked.question(name) for name in ("annorlunda", "steg")]
    read = await asked.written()

    assert [(one["n"], one["texts"]) for one in questions] == [(5, ["svar 3"]), (5, [])]
    assert (before, [one["n"] for one in read["questions"]]) == (None, [5, 5])
    assert [sorted((one["text"], one["quote"]) for one in q["texts"]) for q in read["questions"]] == [
        [("Ringa", False)] * 5,
        [(f"svar {number}", number == 3) for number in range(5)],
    ]


async def test_four_texts_are_never_told(asked: House) -> None:
    await answer(asked, [{"annorlunda": "hemligt", "citera": True}] * 4 + [{"helheten": 4}] * 4)
    while_open = await asked.question("annorlunda")
    await asked.surveys.close(organizer(), EVALUATION)

    assert (while_open["texts"], (await asked.question("annorlunda"))["texts"]) == ([], [])
    assert [one["texts"] for one in (await asked.written())["questions"]] == [[], []]


@pytest.mark.parametrize(
    ("alone", "together", "told"),
    [(5, 5, {"n": 5, "people": 30}), (0, 6, {"n": 6, "people": 36}), (7, 0, {"n": 0, "people": 0}), (12, 4, None), (4, 12, None)],
)
async def test_groups_are_told_apart_and_weigh_no_more(asked: House, alone: int, together: int, told: Any) -> None:
    for number in range(alone + together):
        people = 6 if number < together else 1
        await asked.surveys.answer(someone(f"p{number}"), EVALUATION, {"helheten": 1 if number < together else 5}, people=people)
    await asked.surveys.close(organizer(), EVALUATION)
    result = await asked.result()

    assert (result["groups"], result["n"], result["behind"]) == (told, alone + together, alone + 6 * together)
    assert [row["count"] for row in result["questions"][0]["rows"]] == [together, 0, 0, 0, alone]
