"""When surveys open and close by themselves, and whom they ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from conference import DayCorrected, DayEnded
from conference.core.actor import Actor
from conference.core.bus import MemoryBus
from conference.core.errors import Refused
from conference.core.event import Event
from conference.core.faces import Viewer
from conference.core.reactor import Reactor
from conference.core.sheets import WITHHELD
from conference.core.transaction import Transaction
from conference.rundown import ItemEnded
from conference.tables import Block
from polls.surveys.events import SurveyPlanned
from polls.surveys.export import sheets
from polls.surveys.reactions import reactions
from polls.surveys.report import section
from polls.surveys.results import mean_of
from polls.surveys.tables import Survey
from tests.conftest import NINE
from tests.polls.houses import DAY, day_is, someone
from tests.polls.surveys.houses import EVALUATION, House, an_item, organizer

SPEAKER, STAFF = Viewer("sam", frozenset({"speaker"})), Viewer("olga", frozenset({"organizer"}))
HOUSE = Actor.house(DAY)


async def refusal(asking: Any) -> str:
    with pytest.raises(Refused) as no:
        await asking
    return no.value.code


async def happens(house: House, event: Event) -> None:
    """Something on a floor below, and what surveys do about it."""

    async def record(tx: Transaction) -> None:
        await tx.record(event)

    await house.store.run(record)
    await Reactor(house.store, MemoryBus()).catch_up(DAY, reactions(house.surveys))


async def programme(house: House) -> None:
    """Two items for all, one of a region, and a break."""

    async def put(tx: Transaction) -> None:
        for block, kind in (("b1", "common"), ("b2", "regional")):
            times: dict[str, Any] = {"planned_starts_at": NINE, "planned_ends_at": NINE}
            tx.put(Block(day=DAY, block=block, kind=kind, title=block, **times))
        for item in (an_item("i1"), an_item("i2"), an_item("paus", kind="break"), an_item("r1", lane="r-norrvik", block="b2")):
            tx.put(item)

    await house.store.run(put)


def ended(item: str, *lanes: str) -> ItemEnded:
    return ItemEnded(day=DAY, at=NINE, item=item, lanes=list(lanes))


async def open_to(house: House, viewer: Viewer) -> list[str]:
    return [one["survey"] for one in await house.state(viewer) if one["state"] == "open" and one.get("asks", True)]


async def closes_what_is_due(house: House) -> None:
    while await house.surveys.close_due(HOUSE) > 1:
        pass


async def test_a_draft_opens_on_its_date_and_closes_on_another_also_when_nobody_has_looked_between(house: House) -> None:
    opens_at, closes_at = NINE + timedelta(days=2), NINE + timedelta(days=5)
    await house.surveys.plan(organizer(), EVALUATION, "date", opens_at=opens_at, closes_at=closes_at)

    house.clock.wind(timedelta(days=2, seconds=-1))
    early = (await house.surveys.due_to_open(), await house.surveys.open_due(HOUSE))
    house.clock.wind(timedelta(hours=9))
    late = (await house.surveys.due_to_open(), await house.surveys.open_due(HOUSE), await house.surveys.due_to_open())
    opened = await house.form()
    house.clock.wind(timedelta(days=3))

    assert (early, late) == (([], 0), ([DAY], 1, []))
    assert (opened["state"], opened["closes_at"]) == ("open", closes_at)
    assert (await house.surveys.due(), await house.surveys.close_due(HOUSE)) == ([DAY], 1)


async def test_a_day_that_is_moved_takes_along_what_opens_on_a_date_and_nothing_else(house: House) -> None:
    opens_at, closes_at, wave = NINE + timedelta(days=2), NINE + timedelta(days=5), "ev-uppfoljning-3"
    await house.surveys.plan(organizer(), EVALUATION, "date", opens_at=opens_at, closes_at=closes_at)
    await house.surveys.plan(organizer(), wave, "date", opens_at=NINE + timedelta(days=90))
    await house.surveys.plan(organizer(), "ev-arrangor", "hand", closes_at=closes_at)
    moved: dict[str, Any] = {"day": DAY, "at": NINE, "title": "T", "title_en": None, "starts_at": NINE, "ends_at": NINE}
    for later_s in (timedelta(days=30).total_seconds(), 0.0, timedelta(days=-7).total_seconds()):
        await happens(house, DayCorrected(**moved, later_s=later_s))
    by, shown = timedelta(days=23), {one["survey"]: one for one in await house.state(STAFF)}
    async with house.store.reading() as session:
        plans = {name: await session.get_one(Survey, (DAY, name)) for name in (EVALUATION, wave, "ev-arrangor")}

    assert {name: (one.opens_at, one.closes_at) for name, one in plans.items()} == {
        EVALUATION: (opens_at + by, closes_at + by),
        wave: (NINE + timedelta(days=90) + by, None),
        "ev-arrangor": (None, closes_at),
    }
    planned = {one.survey: one.opens_at for one in await house.events() if isinstance(one, SurveyPlanned)}
    assert {name: planned[name] for name in (EVALUATION, wave)} == {name: shown[name]["opens_at"] for name in (EVALUATION, wave)}


async def test_what_should_have_opened_and_closed_already_is_let_be_and_nothing_opens_before_the_day_is_published(house: House) -> None:
    await house.surveys.plan(organizer(), EVALUATION, "date", opens_at=NINE + timedelta(days=1), closes_at=NINE + timedelta(days=2))
    house.clock.wind(timedelta(days=1))
    await day_is(house.store, "draft")
    unpublished = await house.surveys.due_to_open()
    await day_is(house.store, "published")
    published = await house.surveys.due_to_open()
    house.clock.wind(timedelta(days=1))

    assert (unpublished, published, await house.surveys.due_to_open()) == ([], [DAY], [])


async def test_what_opens_takes_nothing_along_that_is_over_or_cannot_be_opened(house: House) -> None:
    at = NINE + timedelta(days=1)

    async def more(tx: Transaction) -> None:
        like = await tx.get(Survey, DAY, EVALUATION)
        others: dict[str, dict[str, Any]] = {"over": {"closes_at": at}, "later": {"known": False}, "due": {}}
        for name, changes in others.items():
            tx.put(like.model_copy(update={"survey": name, "opens_at": at, **changes}))

    await house.store.run(more)
    house.clock.wind(timedelta(days=1))

    assert (await house.surveys.due_to_open(), await house.surveys.open_due(HOUSE)) == ([DAY], 1)
    async with house.store.reading() as session:
        states = {name: (await session.get_one(Survey, (DAY, name))).state for name in ("over", "later", "due")}
    assert states == {"over": "draft", "later": "draft", "due": "open"}
    assert await house.surveys.due_to_open() == []


async def test_what_is_asked_before_the_day_may_be_opened_by_hand_before_it_too(house: House) -> None:
    await day_is(house.store, "published")
    await house.surveys.plan(organizer(), EVALUATION, "date", opens_at=NINE + timedelta(days=1))
    await house.surveys.open(organizer(), EVALUATION)

    assert (await house.form())["state"] == "open"


@pytest.mark.parametrize(
    ("survey", "opens", "times", "code"),
    [
        ("nowhere", "hand", {}, "survey.no_such"),
        (EVALUATION, "date", {}, "survey.wrong_plan"),
        (EVALUATION, "hand", {"opens_at": 1}, "survey.wrong_plan"),
        (EVALUATION, "after_item", {}, "survey.wrong_plan"),
        (EVALUATION, "whenever", {}, "survey.wrong_plan"),
        (EVALUATION, "date", {"opens_at": 3, "closes_at": 3}, "survey.wrong_plan"),
        (EVALUATION, "hand", {"closes_at": 0}, "survey.wrong_plan"),
        (EVALUATION, "date", {"opens_at": 733}, "survey.wrong_plan"),
        ("ev-inslag", "cue", {}, "survey.wrong_plan"),
        ("ev-inslag", "hand", {"closes_at": 1}, "survey.wrong_plan"),
    ],
)
async def test_a_plan_that_cannot_be_is_refused(house: House, survey: str, opens: str, times: dict[str, int], code: str) -> None:
    given = {name: NINE + timedelta(days=days) for name, days in times.items()}

    assert await refusal(house.surveys.plan(organizer(), survey, opens, **given)) == code


async def test_what_is_open_or_over_is_not_planned(house: House) -> None:
    await house.surveys.open(organizer(), EVALUATION)
    assert await refusal(house.surveys.plan(organizer(), EVALUATION, "hand")) == "survey.open"
    await house.surveys.close(organizer(), EVALUATION)
    assert await refusal(house.surveys.plan(organizer(), EVALUATION, "hand")) == "survey.over"


async def test_an_item_that_ends_is_asked_about_until_the_next_one_does(house: House) -> None:
    await programme(house)
    await happens(house, ended("i1", "national", "r-norrvik"))
    [first] = await house.state(Viewer("kim"))
    answered = await house.surveys.answer(someone("kim"), "ev-inslag.i1", {"gav-nagot": 4}, final=True)
    await happens(house, ended("paus", "national", "r-norrvik"))
    after_a_break = (await house.surveys.due(), await house.surveys.close_due(HOUSE))
    await happens(house, ended("i2", "national", "r-norrvik"))
    await closes_what_is_due(house)

    assert (first["survey"], first["of"], first["item"], first["mine"]) == ("ev-inslag.i1", "ev-inslag", "i1", "none")
    assert [(one["question"], one["kind"]) for one in first["questions"]] == [("gav-nagot", "scale"), ("gav-vad", "text")]
    assert answered.data
    assert after_a_break == ([DAY], 1)  # nobody is asked about a break, and what was before it is over
    assert await house.state(Viewer("kim")) == [
        {"survey": "ev-inslag.i1", "state": "closed", "mine": "none"},
        await about_open(house, "ev-inslag.i2"),
    ]


async def about_open(house: House, survey: str) -> dict[str, Any]:
    return next(one for one in await house.state(Viewer("kim")) if one["survey"] == survey)


async def test_the_item_of_a_region_is_asked_about_there_alone(house: House) -> None:
    await programme(house)
    await happens(house, ended("i1", "national", "r-norrvik"))
    await happens(house, ended("r1", "r-norrvik"))
    await closes_what_is_due(house)
    here, there = Viewer("kim", lane="r-norrvik"), Viewer("lo")

    assert [await open_to(house, viewer) for viewer in (here, there, STAFF)] == [["ev-inslag.r1"], [], []]
    await house.surveys.answer(someone("kim", region="r-norrvik"), "ev-inslag.r1", {"gav-nagot": 4})
    assert await refusal(house.surveys.answer(someone("lo"), "ev-inslag.r1", {"gav-nagot": 4})) == "survey.no_such"


async def test_an_item_that_ends_twice_is_asked_about_once_and_an_answer_is_one_a_person(house: House) -> None:
    await programme(house)
    for _again in range(2):
        await happens(house, ended("i1", "national"))
        for steps in (1, 4):
            await house.surveys.answer(someone("kim"), "ev-inslag.i1", {"gav-nagot": steps}, final=True)

    async with house.store.reading() as session:
        survey = await session.get(Survey, (DAY, "ev-inslag.i1"))
    assert survey
    assert (survey.state, (await house.form("kim", "ev-inslag.i1"))["answers"]) == ("open", {"gav-nagot": 4})


async def test_asking_after_items_can_be_switched_off_and_on(house: House) -> None:
    await programme(house)
    await house.surveys.plan(organizer(), "ev-inslag", "hand")
    await happens(house, ended("i1", "national"))
    off = await open_to(house, Viewer("kim"))
    await house.surveys.plan(organizer(), "ev-inslag", "after_item")
    await happens(house, ended("i2", "national"))

    assert (off, await open_to(house, Viewer("kim"))) == ([], ["ev-inslag.i2"])


async def test_the_last_item_is_asked_about_for_half_an_hour(house: House) -> None:
    await programme(house)
    await happens(house, ended("i2", "national"))
    house.clock.wind(timedelta(minutes=30, seconds=-1))
    before = await house.surveys.due()
    house.clock.wind(timedelta(seconds=1))

    assert (before, await house.surveys.due()) == ([], [DAY])


async def test_contributors_and_organizers_are_asked_when_the_day_has_ended_and_nobody_else_answers(house: House) -> None:
    await happens(house, DayEnded(day=DAY, at=NINE, ends_at=NINE))

    assert [await open_to(house, viewer) for viewer in (Viewer("kim"), SPEAKER, STAFF)] == [[], ["ev-medverkande"], ["ev-arrangor"]]
    seen = {one["survey"]: one.get("asks") for one in await house.state(STAFF) if one["state"] == "open"}
    assert seen == {"ev-medverkande": False, "ev-arrangor": None}
    await house.surveys.answer(someone("sam", roles=SPEAKER.roles), "ev-medverkande", {"med-igen": "yes"})
    for who, survey in (
        (someone("kim"), "ev-medverkande"),
        (organizer(), "ev-medverkande"),
        (someone("sam", roles=SPEAKER.roles), "ev-arrangor"),
    ):
        assert await refusal(house.surveys.answer(who, survey, {"med-igen": "yes"})) == "survey.no_such"
    house.clock.wind(timedelta(days=14))
    assert (await house.surveys.due(), await house.surveys.close_due(HOUSE)) == ([DAY], 2)


async def test_the_report_and_the_file_tell_of_each_item_with_n_mean_and_interval_and_nothing_of_few(house: House) -> None:
    await programme(house)
    await happens(house, ended("i1", "national"))
    for number, step in enumerate([4, 4, 4, 4, 3, 3, 2, 1, 4, 4]):
        given = {"gav-nagot": step, "gav-vad": f"Rad {number}", "gav-vad-citat": number == 0}
        await house.surveys.answer(someone(f"p{number}"), "ev-inslag.i1", given, final=True)
    await happens(house, ended("i2", "national"))
    for number in range(4):
        await house.surveys.answer(someone(f"p{number}"), "ev-inslag.i2", {"gav-nagot": 4}, final=True)
    await closes_what_is_due(house)
    await house.surveys.close(organizer(), "ev-inslag.i2")
    async with house.store.reading() as session:
        told, files = await section(session, DAY), await sheets(session, DAY)

    assert told["surveys"] == []
    seen = [
        {name: item[name] for name in ("item", "title", "region", "preliminary", "n", "mean", "between", "texts")}
        for item in told["after_items"]
    ]
    assert seen == [
        {
            "item": "i1",
            "title": "Inslag i1",
            "region": None,
            "preliminary": False,
            "n": 10,
            "mean": 3.3,
            "between": (2.6, 4.0),
            "texts": ["Rad 0"],
        },
        {"item": "i2", "title": "Inslag i2", "region": None, "preliminary": False, "n": None, "mean": None, "between": None, "texts": []},
    ]
    assert [row["count"] for row in told["after_items"][0]["rows"]] == [1, 1, 2, 6]
    assert [(row[0], row[4], row[9]) for row in files[1].rows] == [
        *(("i1", 10, count) for count in (1, 1, 2, 6, None)),
        ("i2", WITHHELD, None),
    ]


@pytest.mark.parametrize(
    ("counts", "mean", "between"),
    [([0, 0, 0, 0], None, None), ([0, 0, 0, 5], 4.0, (4.0, 4.0)), ([5, 0, 0, 5], 2.5, (1.5, 3.5)), ([50, 0, 0, 50], 2.5, (2.2, 2.8))],
)
def test_a_mean_comes_with_where_chance_may_have_put_it(counts: list[int], mean: float | None, between: Any) -> None:
    assert mean_of(counts) == {"mean": mean, "between": between}
