"""Writing surveys in the house: what is stored and told, what can be taken back, and what lies fast once it has opened."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from conference.core.errors import Refused
from conference.core.faces import Viewer
from conference.core.transaction import Transaction
from conference.rundown.tables import Cue
from polls.kinds import Option, Question
from polls.surveys import rules
from polls.surveys.drafting import About, Written
from polls.surveys.events import SurveyCorrected, SurveyDrafted, SurveyExtended, SurveyTakenAway
from polls.surveys.export import sheets
from polls.surveys.parts import After
from polls.surveys.tables import Survey
from polls.tables import BankQuestion
from tests.conftest import NINE
from tests.polls.houses import DAY, someone
from tests.polls.surveys.houses import EVALUATION, House, an_item, begin, organizer

ABOUT = About("Vår enkät", "participants", title_en="Our survey")
AGAIN = Question("", "yesno", "Kommer ni igen?", options=(Option("yes", "Ja"), Option("no", "Nej")))
PLACE: dict[str, Any] = {"lane": "national", "block": "b1", "item": "i1"}
STAFF = Viewer("olga", frozenset({"organizer"}))


async def refusal(wish: Awaitable[object]) -> str:
    with pytest.raises(Refused) as refused:
        await wish
    return refused.value.code


async def made(house: House) -> str:
    done = await house.editor.make(organizer(), ABOUT)
    assert done.data
    return str(done.data["survey"])


async def written(house: House, survey: str, question: Question = AGAIN, **place: Any) -> str:
    done = await house.editor.write(organizer(), survey, None, Written(question, **place))
    assert done.data
    return str(done.data["question"])


async def row(house: House, survey: str, day: str = DAY) -> Survey | None:
    async with house.store.reading() as session:
        return await session.get(Survey, (day, survey))


async def titles(house: House, survey: str, day: str = DAY) -> list[str]:
    found = await row(house, survey, day)
    assert found
    return [part.question.title for part in rules.parts_of(found)]


async def put(house: House, *rows: Any) -> None:
    async def them(tx: Transaction) -> None:
        for one in rows:
            tx.put(one)

    await house.store.run(them)


async def test_a_survey_made_from_nothing_is_opened_answered_and_told_to_staff_alone(house: House) -> None:
    survey = await made(house)
    asked = await written(house, survey)
    await written(house, survey, Question("", "text", "Varför inte?"), after=After(asked, ("no",)), required=True)
    drafted = [event for event in await house.events() if isinstance(event, SurveyDrafted)]
    seen = {one["survey"] for one in await house.state(Viewer("kim"))}
    known = next(one for one in await house.state(STAFF) if one["survey"] == survey)
    await house.surveys.open(organizer(), survey)
    await house.surveys.answer(someone("kim"), survey, {asked: "yes"}, final=True)

    assert ([event.known for event in drafted], survey in seen) == ([False, True, True], False)
    assert (known["title"], known["state"], "coming" in known) == ("Vår enkät", "draft", False)
    assert (await house.form("kim", survey))["mine"] == "done"


async def test_an_empty_survey_is_not_opened_by_anything(house: House) -> None:
    survey = await made(house)

    assert await refusal(house.surveys.open(organizer(), survey)) == "survey.empty"
    assert await refusal(house.surveys.plan(organizer(), survey, "date", opens_at=NINE + timedelta(days=1))) == "survey.empty"


async def test_the_last_change_can_be_taken_back_once(house: House) -> None:
    survey = await made(house)
    first = await written(house, survey)
    await written(house, survey, Question("", "text", "Varför?"))
    await house.editor.take_out(organizer(), survey, first)
    without = await titles(house, survey)
    await house.editor.undo(organizer(), survey)

    assert (without, await titles(house, survey)) == (["Varför?"], ["Kommer ni igen?", "Varför?"])
    assert await refusal(house.editor.undo(organizer(), survey)) == "change.none"


async def test_a_survey_that_was_taken_away_comes_back_as_it_was(house: House) -> None:
    survey = await made(house)
    await written(house, survey)
    await house.surveys.plan(organizer(), survey, "date", opens_at=NINE + timedelta(days=1))
    before = await row(house, survey)
    await house.editor.remove(organizer(), survey)
    gone = await row(house, survey)
    await house.editor.undo(organizer(), survey)
    after = await row(house, survey)

    assert gone is None
    assert before
    assert after
    assert after.model_dump() == before.model_dump()
    assert SurveyTakenAway in [type(event) for event in await house.events()]


async def test_a_survey_that_the_run_of_show_opens_is_not_taken_away(house: House) -> None:
    at = {"survey": EVALUATION}
    cue = Cue(day=DAY, cue="c1", do="open_evaluation", args=at, at_s=0, by="clock", planned_at=NINE, position=1, **PLACE)
    await put(house, cue)

    assert await refusal(house.editor.remove(organizer(), EVALUATION)) == "survey.in_rundown"


async def test_a_plan_that_is_made_after_a_change_is_not_taken_back_with_it(house: House) -> None:
    survey = await made(house)
    await written(house, survey)
    await house.surveys.plan(organizer(), survey, "cue")

    assert await refusal(house.editor.undo(organizer(), survey)) == "change.none"


async def test_questions_come_from_the_bank_word_by_word_and_locked_ones_stay_so(house: House) -> None:
    asked = msgspec.structs.replace(AGAIN, id="igen", version=3)
    await put(house, BankQuestion(question="igen", version=3, body=msgspec.json.encode(asked).decode(), locked=True))
    survey = await made(house)
    await house.editor.use(organizer(), survey, "igen", 3)
    await house.editor.write(organizer(), survey, "igen", Written(msgspec.structs.replace(asked, title="Andra ord?"), required=True))
    found = await row(house, survey)
    assert found
    [part] = rules.parts_of(found)

    assert (part.question, part.locked, part.required) == (asked, True, True)
    assert await refusal(house.editor.use(organizer(), survey, "igen", 3)) == "question.there"
    assert await refusal(house.editor.use(organizer(), survey, "igen", 4)) == "question.no_such"


async def test_the_kits_surveys_can_be_changed_and_their_national_questions_are_locked(house: House) -> None:
    found = await row(house, EVALUATION)
    assert found
    locked = {part.question.id for part in rules.parts_of(found) if part.locked}
    await house.editor.take_out(organizer(), EVALUATION, "steg")
    await house.editor.move(organizer(), EVALUATION, "delta", "up")

    changed = await row(house, EVALUATION)
    assert changed
    order = [part.question.id for part in rules.parts_of(changed)]
    assert locked == {"helheten", "aterkommande"}
    assert order == ["helheten", "aterkommande", "regionen", "anvanda", "delta", "mal", "annorlunda"]


async def test_words_lie_fast_from_when_it_opens_and_a_misspelling_is_mended_and_told(house: House) -> None:
    survey = await made(house)
    asked = await written(house, survey, msgspec.structs.replace(AGAIN, title="Komer ni igen nästa år?"))
    early = await refusal(house.editor.correct(organizer(), survey, (f"{asked}:title", "Kommer ni igen nästa år?"), "Stavfel"))
    await house.surveys.open(organizer(), survey)
    await house.surveys.answer(someone("kim"), survey, {asked: "yes"})
    frozen = [
        await refusal(house.editor.write(organizer(), survey, asked, Written(AGAIN))),
        await refusal(house.editor.take_out(organizer(), survey, asked)),
        await refusal(house.editor.tell(organizer(), survey, ABOUT)),
        await refusal(house.editor.remove(organizer(), survey)),
        await refusal(house.editor.undo(organizer(), survey)),
    ]
    other = await refusal(house.editor.correct(organizer(), survey, (f"{asked}:title", "Kommer ni aldrig igen nästa år?"), "Nej"))
    await house.editor.correct(organizer(), survey, (f"{asked}:title", "Kommer ni igen nästa år?"), "Stavfel")
    await house.editor.correct(organizer(), survey, ("title", "Våra enkät"), "Provat")
    told = [(one.part, one.before, one.after, one.reason) for one in await house.events() if isinstance(one, SurveyCorrected)]
    corrections = (await house.result())["corrections"]
    async with house.store.reading() as session:
        [sheet] = await sheets(session, DAY)

    assert [(one["part"], one["before"], one["after"], one["reason"]) for one in corrections] == told
    assert [(row[0], row[2], row[10]) for row in sheet.rows if row[2] == "correction"] == [(survey, "correction", NINE)] * 2
    assert (early, other, frozen) == ("survey.draft", "correction.too_much", ["survey.frozen"] * 5)
    assert (await titles(house, survey), (await house.form("kim", survey))["answers"]) == (["Kommer ni igen nästa år?"], {asked: "yes"})
    assert told == [
        (f"{asked}:title", "Komer ni igen nästa år?", "Kommer ni igen nästa år?", "Stavfel"),
        ("title", "Vår enkät", "Våra enkät", "Provat"),
    ]


async def test_a_locked_question_is_not_mended_here(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    change = ("helheten:title", "Vad tyckte du om dagen i sin helhett?")

    assert await refusal(house.editor.correct(organizer(), EVALUATION, change, "Stavfel")) == "question.locked"
    assert await refusal(house.editor.correct(organizer(), "nowhere", change, "Stavfel")) == "survey.no_such"


async def test_a_survey_about_items_lies_fast_when_it_has_been_asked_once(house: House) -> None:
    await house.surveys.plan(organizer(), "ev-inslag", "after_item")
    await house.store.run(lambda tx: house.surveys.item_over(tx, an_item(), ["country"]))

    assert await refusal(house.editor.take_out(organizer(), "ev-inslag", "gav-vad")) == "survey.frozen"


async def test_a_survey_of_another_day_is_copied_once_it_has_been_asked(house: House) -> None:
    await begin(house.store, "other")
    survey = await made(house)
    await written(house, survey)
    done = await house.editor.copy(organizer(), survey, DAY)
    assert done.data
    by = organizer("other")
    unseen = await refusal(house.editor.copy(by, EVALUATION, DAY))
    await house.surveys.open(organizer(), EVALUATION)
    copied = await house.editor.copy(by, EVALUATION, DAY)
    assert copied.data

    assert unseen == "survey.no_such"
    assert await titles(house, str(done.data["survey"])) == ["Kommer ni igen?"]
    assert len(await titles(house, str(copied.data["survey"]), "other")) == 8
    assert await refusal(house.editor.copy(by, "nowhere", DAY)) == "survey.no_such"


async def test_an_open_survey_closes_at_another_time(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    later = NINE + timedelta(days=3)
    await house.surveys.extend(organizer(), EVALUATION, later)
    seen = [one["closes_at"] for one in await house.state(Viewer("kim")) if one["survey"] == EVALUATION]
    house.clock.wind(timedelta(days=3))
    closed = await house.surveys.close_due(organizer())

    assert (seen, closed) == ([later], 1)
    assert [event.closes_at for event in await house.events() if isinstance(event, SurveyExtended)] == [later]
    assert await refusal(house.surveys.extend(organizer(), EVALUATION, None)) == "survey.not_open"
    assert await refusal(house.surveys.extend(organizer(), "nowhere", None)) == "survey.no_such"


@pytest.mark.parametrize("days", [0, -1, 1000])
async def test_a_survey_closes_in_time_to_come(house: House, days: int) -> None:
    await house.surveys.open(organizer(), EVALUATION)

    assert await refusal(house.surveys.extend(organizer(), EVALUATION, NINE + timedelta(days=days))) == "survey.wrong_plan"
