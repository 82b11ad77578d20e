"""What is shown of surveys, and to whom."""

from __future__ import annotations

from conference.core.faces import Viewer
from polls.surveys import views
from tests.conftest import NINE
from tests.polls.houses import DAY, someone
from tests.polls.surveys.houses import EVALUATION, House, organizer

ANYBODY = Viewer("kim")
MODERATOR = Viewer("olga", frozenset({"moderator"}))


async def test_participants_see_the_evaluation_from_when_it_opens(house: House) -> None:
    before = await house.state(ANYBODY)
    await house.surveys.open(organizer(), EVALUATION)
    [shown] = await house.state(ANYBODY)

    assert before == []
    assert {key: shown[key] for key in ("survey", "title", "title_en", "state", "mine")} == {
        "survey": EVALUATION,
        "title": "Vad tyckte du om dagen?",
        "title_en": "What did you think of the day?",
        "state": "open",
        "mine": "none",
    }
    assert shown["intro"].startswith("Åtta frågor")
    assert (shown["closes_at"] - NINE).days == 7


async def test_staff_sees_drafts_and_how_they_open(house: House) -> None:
    assert [(one["survey"], one["state"], one.get("coming", False)) for one in await house.state(MODERATOR)] == [
        ("ev-deltagare", "draft", False),
        ("ev-inslag", "draft", False),
        ("ev-medverkande", "draft", False),
        ("ev-arrangor", "draft", False),
        *((f"ev-uppfoljning-{months}", "draft", False) for months in (3, 6, 12)),
    ]
    assert [(one["opens"], "per_item" in one) for one in await house.state(MODERATOR)] == [
        ("cue", False),
        ("after_item", True),
        ("day_closed", False),
        ("day_closed", False),
        *[("hand", False)] * 3,
    ]


async def test_each_sees_how_far_they_have_come(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    await house.surveys.answer(someone("kim"), EVALUATION, {"helheten": 4})
    await house.surveys.answer(someone("lo"), EVALUATION, {"helheten": 4}, final=True)

    async with house.store.reading() as session:
        found = await views.personal(session, house.surveys.box, DAY, ["kim", "lo", "mika"])

    assert found == {"kim": {"surveys": {EVALUATION: {"mine": "begun"}}}, "lo": {"surveys": {EVALUATION: {"mine": "done"}}}}


async def test_the_page_of_a_survey_has_all_that_its_form_needs(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    form = await house.form()

    assert (form["group_answer"], form["answers"], form["receipt"], len(form["questions"])) == (True, {}, None, 8)
    by_name = {question["question"]: question for question in form["questions"]}
    assert (by_name["regionen"]["kind"], by_name["regionen"]["steps"], by_name["regionen"]["dont_know_en"]) == (
        "scale",
        5,
        "Did not see it",
    )
    assert [option["text_en"] for option in by_name["mal"]["options"]] == ["The individual", "Tillsammans"]
    assert [option["option"] for option in by_name["aterkommande"]["options"]] == ["yes", "no"]
    assert (by_name["steg"]["longest"], by_name["annorlunda"]["consent"]["consent"]) == (300, "citera")


async def test_a_draft_has_no_page(house: House) -> None:
    async with house.store.reading() as session:
        pages = [await views.form(session, house.surveys.box, DAY, survey, ANYBODY) for survey in (EVALUATION, "nowhere")]
    assert pages == [None, None]
