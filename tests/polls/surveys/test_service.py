"""The verbs of surveys, on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from conference.core.actor import Actor
from conference.core.audit import AuditEntry, first_break
from conference.core.bus import MemoryBus
from conference.core.errors import Refused
from conference.core.log import since
from conference.core.reactor import Reactor
from conference.core.transaction import Transaction
from conference.rundown import CueGiven
from polls.ballots import About
from polls.surveys import SurveyClosed, SurveyOpened, rules
from polls.surveys.reactions import reactions
from polls.surveys.tables import Survey, SurveyAnswers, SurveyCount
from polls.tally import Tally
from tests.conftest import NINE
from tests.polls.houses import DAY, day_is, someone
from tests.polls.surveys.houses import EVALUATION, House, organizer


async def refusal(asking: Any) -> str:
    with pytest.raises(Refused) as no:
        await asking
    return no.value.code


async def forms(house: House) -> list[SurveyAnswers]:
    async with house.store.reading() as session:
        return list(await session.exec(select(SurveyAnswers)))


async def tallies(house: House) -> dict[str, Tally]:
    async with house.store.reading() as session:
        return {count.question: Tally.read(count.now) for count in await session.exec(select(SurveyCount))}


async def test_a_form_is_saved_as_one_goes_and_sent(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)

    first = await house.surveys.answer(someone("kim"), EVALUATION, {"helheten": 4})
    second = await house.surveys.answer(someone("kim"), EVALUATION, {"aterkommande": "yes", "helheten": 5})
    begun = await house.form("kim")
    third = await house.surveys.answer(someone("kim"), EVALUATION, {}, final=True)
    done = await house.form("kim")

    assert first == second == third
    assert (begun["mine"], begun["answers"]) == ("begun", {"helheten": 5, "aterkommande": "yes"})
    assert (done["mine"], done["answers"], done["receipt"]) == ("done", begun["answers"], first.data["receipt"] if first.data else None)
    assert (await house.form("lo"))["mine"] == "none"


async def test_a_sent_form_can_be_changed_and_emptied_until_the_survey_closes(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    await house.surveys.answer(someone("kim"), EVALUATION, {"helheten": 4}, final=True)

    await house.surveys.answer(someone("kim"), EVALUATION, {"helheten": 1})
    assert ((await house.form("kim"))["mine"], (await house.form("kim"))["answers"]) == ("done", {"helheten": 1})
    emptied = await house.surveys.answer(someone("kim"), EVALUATION, {"helheten": ""})
    assert (emptied.data, (await house.form("kim"))["mine"]) == ({}, "none")
    await house.surveys.close(organizer(), EVALUATION)
    assert (await house.result())["n"] == 0


async def test_the_same_wish_is_answered_alike_and_another_body_is_refused(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)

    first = await house.surveys.answer(someone("kim", "w1", body="4"), EVALUATION, {"helheten": 4})
    await house.surveys.answer(someone("kim", "w2", body="5"), EVALUATION, {"helheten": 5})
    assert await house.surveys.answer(someone("kim", "w1", body="4"), EVALUATION, {"helheten": 4}) == first
    assert await refusal(house.surveys.answer(someone("kim", "w1", body="1"), EVALUATION, {"helheten": 1})) == "wish.id_reused"

    assert (await house.form("kim"))["answers"] == {"helheten": 5}
    await house.surveys.close(organizer(), EVALUATION)
    assert await house.surveys.answer(someone("kim", "w1", body="4"), EVALUATION, {"helheten": 4}) == first


async def test_a_thousand_saves_at_once_are_one_form_a_person(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    people = [someone(f"p{i}") for i in range(100)]

    saves: list[dict[str, Any]] = [{"helheten": 3}, {"aterkommande": "no"}, {"helheten": 5}, {"mal": ["together"]}, {"aterkommande": "yes"}]
    await asyncio.gather(*(house.surveys.answer(person, EVALUATION, save) for save in (*saves, *saves) for person in people))

    kept_up, preliminary = await tallies(house), await house.result()
    await house.surveys.close(organizer(), EVALUATION)
    counted, final = await tallies(house), await house.result()
    assert kept_up == counted
    assert [(result["n"], result["preliminary"]) for result in (preliminary, final)] == [(100, True), (100, False)]
    assert [(q["question"], q["n"], [row["count"] for row in q["rows"]]) for q in final["questions"][:2]] == [
        ("helheten", 100, [0, 0, 0, 0, 100]),
        ("aterkommande", 100, [100, 0]),
    ]


async def test_saves_and_close_cannot_cross(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    saves = [house.surveys.answer(someone(f"p{i % 200}"), EVALUATION, {"helheten": 1 + i % 5}) for i in range(400)]

    answers = await asyncio.gather(*saves[:300], house.surveys.close(organizer(), EVALUATION), *saves[300:], return_exceptions=True)

    acknowledged = {i % 200 for i, answer in enumerate(answers[:300] + answers[301:]) if not isinstance(answer, Exception)}
    assert (await house.result())["n"] == len(acknowledged)


@pytest.mark.parametrize("survey", ["ev-inslag", "nowhere", EVALUATION])
async def test_nobody_answers_what_is_not_open(house: House, survey: str) -> None:
    assert await refusal(house.surveys.answer(someone("kim"), survey, {"helheten": 4})) == "survey.no_such"


async def test_nobody_answers_after_the_close(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    await house.surveys.answer(someone("kim"), EVALUATION, {"helheten": 4})
    await house.surveys.close(organizer(), EVALUATION)

    assert await refusal(house.surveys.answer(someone("kim"), EVALUATION, {"helheten": 5})) == "survey.not_open"
    assert await refusal(house.surveys.close(organizer(), EVALUATION)) == "survey.not_open"
    assert await refusal(house.surveys.open(organizer(), EVALUATION)) == "survey.over"
    assert ((await house.form("kim"))["mine"], (await house.form("kim"))["answers"]) == ("none", {})


async def test_what_no_version_knows_and_what_is_asked_once_an_item_are_not_opened_by_hand(house: House) -> None:
    async def unknown(tx: Transaction) -> None:
        survey = await tx.get(Survey, DAY, "ev-arrangor")
        tx.put(survey.model_copy(update={"known": False}))

    await house.store.run(unknown)
    assert await refusal(house.surveys.open(organizer(), "ev-arrangor")) == "survey.later"
    assert await refusal(house.surveys.plan(organizer(), "ev-arrangor", "cue")) == "survey.later"
    assert await refusal(house.surveys.open(organizer(), "ev-inslag")) == "survey.per_item"
    assert await refusal(house.surveys.close(organizer(), "ev-inslag")) == "survey.not_open"
    assert await refusal(house.surveys.close(organizer(), "nowhere")) == "survey.no_such"


async def test_a_survey_closes_by_itself_when_its_days_are_over(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    clockwork = Actor.house(DAY)

    house.clock.wind(timedelta(days=7, seconds=-1))
    assert (await house.surveys.due(), await house.surveys.close_due(clockwork)) == ([], 0)
    house.clock.wind(timedelta(seconds=1))
    assert (await house.surveys.due(), await house.surveys.close_due(clockwork)) == ([DAY], 1)
    assert (await house.surveys.due(), await house.surveys.close_due(clockwork)) == ([], 0)
    assert [type(event) for event in await house.events()] == [SurveyOpened, SurveyClosed]


async def test_the_run_of_show_opens_and_closes_the_evaluation_and_lets_other_cues_be(house: House) -> None:
    async def give(do: str, args: dict[str, Any]) -> None:
        async def record(tx: Transaction) -> None:
            await tx.record(CueGiven(day=DAY, at=NINE, lanes=["national"], cue="c", item="i", do=do, args=args))

        await house.store.run(record)
        await Reactor(house.store, MemoryBus()).catch_up(DAY, reactions(house.surveys))

    states: list[str] = []
    for do in ("open_chat", "close_evaluation", "open_evaluation", "open_evaluation", "open_poll", "close_evaluation", "open_evaluation"):
        await give(do, {"survey": EVALUATION, "poll": "p"})
        states.append((await house.form())["state"] if do == "open_evaluation" or len(states) > 2 else "draft")

    assert states == ["draft", "draft", "open", "open", "open", "closed", "open"]  # nobody had answered: no harm was done
    opened_twice = ["surveys.opened", "surveys.closed", "surveys.opened"]
    assert [event.name for event in await house.events() if event.name.startswith("surveys")] == opened_twice


async def test_no_survey_opens_before_its_day_and_one_that_was_answered_not_again(house: House) -> None:
    await day_is(house.store, "published")
    assert await refusal(house.surveys.open(organizer(), EVALUATION)) == "day.not_live"
    await day_is(house.store, "ended")
    await house.surveys.open(organizer(), EVALUATION)
    await house.surveys.close(organizer(), EVALUATION)
    await house.surveys.open(organizer(), EVALUATION)
    await house.surveys.answer(someone("kim", "w"), EVALUATION, {"helheten": 5})
    await house.surveys.close(organizer(), EVALUATION)
    assert await refusal(house.surveys.open(organizer(), EVALUATION)) == "survey.over"


async def test_the_key_dies_with_the_survey_and_the_chain_holds_the_seal(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    await house.surveys.answer(someone("kim", region="r-norrvik", people=7), EVALUATION, {"helheten": 4}, final=True)
    assert [path.suffix for path in house.keys.iterdir()] == [".key"]

    await house.surveys.close(organizer(), EVALUATION)
    async with house.store.reading() as session:
        house.surveys.heard(await since(session, DAY, 0))
        chain = (await session.exec(select(AuditEntry).order_by(col(AuditEntry.number)))).all()

    assert list(house.keys.iterdir()) == []
    assert ([entry.did for entry in chain], first_break(chain)) == (["answers.sealed"], None)
    assert '"ballots":1' in chain[0].note
    assert [form.about for form in await forms(house)] == [None]


async def test_a_lost_key_gives_nobody_a_second_form(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    await house.surveys.answer(someone("kim"), EVALUATION, {"helheten": 4})
    house.surveys.box.destroy(rules.box_of(DAY, EVALUATION))

    assert await refusal(house.surveys.answer(someone("kim"), EVALUATION, {"helheten": 5})) == "survey.key_lost"
    await house.surveys.close(organizer(), EVALUATION)
    assert (await house.result())["n"] == 1


async def test_where_a_form_came_from_lies_sealed_while_the_survey_is_open(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    for people in (17, 17, 3):
        by = someone("kim", region="r-norrvik", affiliation="region", people=people)
        await house.surveys.answer(by, EVALUATION, {"helheten": 4})
    [form] = await forms(house)
    counted = await tallies(house)

    assert form.about is not None
    assert [word for word in (b"norrvik", b"region", b"17") if word in form.about] == []
    assert house.surveys.box.about(form.box, form.key, form.about) == About("r-norrvik", "region", 3)
    assert [(counted[name].n, counted[name].behind) for name in ("", "/groups")] == [(1, 3), (1, 3)]


async def test_without_its_key_a_survey_is_counted_whole_with_the_people_that_were_kept_up_and_without_splits(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    for number in range(12):
        by = someone(f"p{number}", region="r-norrvik", affiliation="region", people=1 if number < 6 else 4)
        await house.surveys.answer(by, EVALUATION, {"helheten": 4, "aterkommande": "yes"}, final=True)
    kept_up = await tallies(house)
    house.surveys.box.destroy(rules.box_of(DAY, EVALUATION))
    await house.surveys.close(organizer(), EVALUATION)

    final = await house.result()
    assert await tallies(house) == kept_up
    assert (final["n"], final["behind"], final["groups"], final["regions"]) == (12, 30, {"n": 6, "people": 24}, [])
    assert {str((question["regions"], question["affiliations"])) for question in final["questions"]} == {"([], [])"}


async def test_a_sweep_at_start_ends_the_keys_of_closed_surveys_and_no_others(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    await house.surveys.answer(someone("kim"), EVALUATION, {"helheten": 4})
    house.surveys.box.fingerprint("d/p1/1")  # the open box of a poll, in the same folder

    await house.surveys.sweep()
    assert len(list(house.keys.iterdir())) == 2
    await house.surveys.close(organizer(), EVALUATION)  # and the process dies before it has heard
    await house.surveys.sweep()
    assert len(list(house.keys.iterdir())) == 1


async def test_a_form_says_how_many_answer_together_and_is_one_answer(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    await house.surveys.answer(someone("kim", people=4), EVALUATION, {"helheten": 4})
    as_the_screen = (await house.form("kim"))["people"]
    await house.surveys.answer(someone("kim", people=4), EVALUATION, {}, people=6)
    counted = await tallies(house)

    assert (as_the_screen, (await house.form("kim"))["people"]) == (4, 6)
    assert [(counted[name].n, counted[name].behind) for name in ("", "/groups", "helheten")] == [(1, 6), (1, 6), (1, 0)]
    for people in (0, 301):
        assert await refusal(house.surveys.answer(someone("kim"), EVALUATION, {}, people=people)) == "screen.count_out_of_range"


async def test_people_with_phones_of_their_own_are_not_behind_their_screens_form_too(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    some_paired = someone("kim", people=6, phones=4)
    await house.surveys.answer(some_paired, EVALUATION, {"helheten": 4})
    as_the_screen = (await house.form("kim"))["people"]
    await house.surveys.answer(some_paired, EVALUATION, {}, people=6)

    assert (as_the_screen, (await house.form("kim"))["people"]) == (2, 2)
    all_paired = someone("kim", people=6, phones=6)
    assert await refusal(house.surveys.answer(all_paired, EVALUATION, {"helheten": 5}, people=6)) == "screen.nobody_left"
    assert await refusal(house.surveys.answer(someone("robin", people=1, phones=1), EVALUATION, {"helheten": 5})) == "screen.nobody_left"


async def test_a_survey_without_groups_has_one_person_behind_each_form(house: House) -> None:
    async def alone(tx: Transaction) -> None:
        survey = await tx.get(Survey, DAY, EVALUATION)
        tx.put(survey.model_copy(update={"group_answer": False}))

    await house.store.run(alone)
    await house.surveys.open(organizer(), EVALUATION)
    await house.surveys.answer(someone("kim", people=4), EVALUATION, {"helheten": 4}, people=6)

    counted = await tallies(house)
    assert [(counted[name].n, counted[name].behind) for name in ("", "/groups")] == [(1, 1), (0, 0)]
