"""A region that comes without staff: its slots are filled by rule, open pages hear of it, and on the day it runs by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from conference import RegionJoined
from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.core.faces import Viewer
from conference.core.transaction import Transaction
from conference.library.tables import Film
from conference.rundown import BlockBegan, Conductor, LightRegion, Regions
from conference.rundown.tables import Cue
from conference.tables import Item, RegionContact
from tests.conference.days import DAY, FACES, PLANNED, House
from tests.fold import by_id, caught_up

KIM = Actor(DAY, "kim", frozenset({"organizer"}))
FJALLSTRAND = LightRegion("Region Fjällstrand", "eva@fjallstrand.example", ("individual",))


@pytest.fixture
def regions(days: House) -> Regions:
    return Regions(days.store, days.clock)


async def items_of(days: House, lane: str) -> list[Item]:
    async with days.store.reading() as session:
        return list(await session.exec(select(Item).where(Item.lane == lane).order_by(col(Item.position))))


async def cues_of(days: House, lane: str) -> list[Cue]:
    async with days.store.reading() as session:
        return list(await session.exec(select(Cue).where(Cue.lane == lane).order_by(col(Cue.position))))


async def test_it_gets_what_the_kit_gives_a_region_with_nothing_of_its_own(days: House, regions: Regions) -> None:
    await days.create()

    done = await regions.join_light(KIM, FJALLSTRAND)

    assert done.data == {"region": "r-fjallstrand"}
    light, mine = await items_of(days, "r-vastero"), await items_of(days, "r-fjallstrand")
    assert [(one.kit_item, one.kind, one.planned_starts_at, one.planned_ends_at, one.card) for one in mine] == [
        (one.kit_item, one.kind, one.planned_starts_at, one.planned_ends_at, one.card) for one in light
    ]
    assert {one.kind for one in mine} == {"film", "poll", "discussion"}
    assert [(one.do, one.at_s, one.by) for one in await cues_of(days, "r-fjallstrand")] == [
        (one.do, one.at_s, one.by) for one in await cues_of(days, "r-vastero")
    ]


async def _another_film(tx: Transaction) -> None:
    """One that an organizer gave to the day."""
    told: dict[str, Any] = {"title": "Trygg hemma", "kind": "learning-example", "goals": ["security"], "origin": "upload"}
    tx.add(Film(day=DAY, film="film-trygg", file="films/film-trygg.mp4", state="ready", added_at=PLANNED, position=9, **told))


@pytest.mark.parametrize(
    ("goals", "wanted", "film"),
    [
        (("individual",), None, "film-stod"),  # film-hemma is shown to the whole country
        (("information",), None, "film-stod"),
        ((), None, "film-stod"),
        (("security",), None, "film-trygg"),
        (("security", "information", "together"), None, "film-stod"),
        (("information",), "film-trygg", "film-trygg"),
    ],
)
async def test_the_film_is_the_one_it_chose_or_the_one_closest_to_its_goals(
    days: House, regions: Regions, goals: tuple[str, ...], wanted: str | None, film: str
) -> None:
    await days.create()
    await days.store.run(_another_film)

    await regions.join_light(KIM, LightRegion("Region Nordanö", "0701234567", goals, wanted))

    mine = await items_of(days, "r-nordano")
    assert [one.film for one in mine if one.film] == [film]
    assert [cue.args["film"] for cue in await cues_of(days, "r-nordano") if cue.do == "play_film"] == [film]


async def test_open_pages_hear_of_it_and_its_contact_stays_with_the_organizers(days: House, regions: Regions) -> None:
    await days.create()
    before, since = await days.state(), len(days.heard)

    await regions.join_light(KIM, FJALLSTRAND)

    assert by_id(caught_up(before, Viewer("kim"), days.heard[since:], FACES)) == by_id(await days.state())
    assert [(one.region, one.title) for one in days.events(RegionJoined.name)] == [("r-fjallstrand", "Region Fjällstrand")]
    assert "eva@" not in str([entry.event for entry in days.heard])
    async with days.store.reading() as session:
        assert [one.contact for one in await session.exec(select(RegionContact))] == ["eva@fjallstrand.example"]
    await regions.forget_contact(KIM, "r-fjallstrand")
    async with days.store.reading() as session:
        assert [one.contact for one in await session.exec(select(RegionContact))] == []


async def test_on_the_day_its_lane_runs_by_itself(days: House, regions: Regions) -> None:
    await days.create(operator_auto=True)
    await regions.join_light(KIM, FJALLSTRAND)
    await days.programme.start(KIM)
    conductor = Conductor(days.store, days.clock, days.rundown, pulse_s=300)

    while [event.block for event in days.events(BlockBegan.name)][-1:] != ["b3"]:
        days.clock.wind(timedelta(seconds=await conductor.beat()))

    mine = [cue.cue for cue in await cues_of(days, "r-fjallstrand") if cue.block == "b2"]
    assert [event.cue for event in days.given if event.cue in set(mine)] == mine
    assert {one.state for one in await items_of(days, "r-fjallstrand") if one.block == "b2"} == {"done"}


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (LightRegion(" ", "a@b.se"), "text.empty"),
        (LightRegion("x" * 61, "a@b.se"), "text.too_long"),
        (LightRegion("Region A", "ring mig"), "contact.wrong"),
        (LightRegion("Region A", "a@" + "b" * 120), "contact.wrong"),
        (LightRegion("region norrvik", "a@b.se"), "region.exists"),
        (LightRegion("Region A", "a@b.se", (), "film-ingen"), "film.no_such"),
    ],
)
async def test_what_is_wrong_is_refused_and_changes_nothing(days: House, regions: Regions, told: LightRegion, code: str) -> None:
    await days.create()
    before, since = await days.state(), len(days.heard)

    with pytest.raises(Refused) as refused:
        await regions.join_light(KIM, told)

    assert (refused.value.code, await days.state(), len(days.heard)) == (code, before, since)


async def test_a_day_that_has_begun_takes_no_more_regions(days: House, regions: Regions) -> None:
    await days.start()

    with pytest.raises(Refused) as refused:
        await regions.join_light(KIM, FJALLSTRAND)

    assert refused.value.code == "day.live_already"


async def test_two_of_nearly_the_same_name_have_ids_of_their_own(days: House, regions: Regions) -> None:
    await days.create()

    made = [(await regions.join_light(KIM, LightRegion(name, "a@b.se"))).data for name in ("Region Å!", "A", "Län")]

    assert made == [{"region": "r-a"}, {"region": "r-a-2"}, {"region": "r-lan"}]
