"""A region that is let finish, on a real day: rows, a restart, the cockpit, and what open pages are told."""

from __future__ import annotations

from datetime import datetime, timedelta

from conference.core.actor import Actor
from conference.core.faces import Viewer
from conference.rundown import BlockBegan, CueGiven, LaneJoined, rules, views
from conference.rundown.loading import Reader, load
from conference.tables import Day
from tests.conference.days import DAY, FACES, MODERATOR, House
from tests.fold import by_id, caught_up

LANE = "r-norrvik"  # whose kit says: let finish, two minutes at the most
OTHERS = ["national", "r-sundmark", "r-vastero"]
HER = Actor(DAY, "nora", frozenset({"moderator"}), lane=LANE)
LATE = timedelta(minutes=3)


async def clocked(days: House, until: datetime) -> None:
    """Let the clock run, and give what it gives, until a moment."""
    while days.clock.now() < until:
        async with days.store.reading() as session:
            day = await session.get(Day, DAY)
            assert day
            run = (await load(Reader(session), day)).run
        due = rules.next_due(run, days.clock.now())
        days.clock.wind(min(due[0] if due else until, until) - days.clock.now())
        await days.rundown.tick(Actor.house(DAY))


async def apart(days: House) -> datetime:
    """The regions have just been called; answers with when."""
    await days.start()
    return await called(days)


async def called(days: House) -> datetime:
    """The same, of a day that is live."""
    while [event.block for event in days.events(BlockBegan.name)][-1:] != ["b2"]:
        await days.rundown.go(MODERATOR)
    return days.clock.now()


async def overrunning(days: House, since: datetime) -> datetime:
    """Norrvik's operator comes three minutes late, and the others have met without it; answers with when."""
    await days.rundown.hold(HER)
    await clocked(days, since + LATE)
    await days.rundown.resume(HER)
    while [event.block for event in days.events(BlockBegan.name)][-1:] != ["b3"]:
        await days.rundown.go(HER, lane=LANE) if await _waits(days) else None
        await clocked(days, days.clock.now() + timedelta(minutes=1))
    return days.clock.now()


async def _waits(days: House) -> bool:
    """Whether the next cue of the region is one that is due and waits for a hand."""
    following = (await days.now(LANE)).get("next")
    return bool(following and following["by"] == "hand" and datetime.fromisoformat(following["at"]) <= days.clock.now())


async def test_the_others_meet_without_it_and_it_comes_along_at_its_limit(days: House) -> None:
    since = await apart(days)
    lanes = ("national", LANE, "r-vastero")
    before, heard = {lane: await days.state(lane) for lane in lanes}, len(days.heard)
    await overrunning(days, since)
    met = days.events(BlockBegan.name)[-1]

    async def open_pages_know_it() -> None:
        for lane in lanes:
            told = caught_up(before[lane], Viewer("kim", lane=lane), days.heard[heard:], FACES)
            assert by_id(told) == by_id(await days.state(lane)), lane

    assert met.lanes == OTHERS
    mine = await days.now(LANE)
    assert (mine["block"], mine["lane"], mine["returns"]["how"]) == ("b2", LANE, "late")
    await open_pages_know_it()

    await clocked(days, met.at + timedelta(minutes=2))

    assert [(event.lanes, event.at) for event in days.events(LaneJoined.name)] == [([LANE], met.at + timedelta(minutes=2))]
    assert await days.now(LANE) == await days.now("r-vastero")
    assert next(event.lanes for event in days.events(CueGiven.name) if event.at >= met.at and "national" in event.lanes) == OTHERS
    await open_pages_know_it()


async def test_the_cockpit_shows_who_is_late_and_calls_it_back(days: House) -> None:
    met_at = await overrunning(days, await apart(days))
    async with days.store.reading() as session:
        found = await views.cockpit(session, DAY, LANE, days.clock.now())
    track = next(track for track in found.tracks if track.lane == LANE)
    met = days.events(BlockBegan.name)[-1]

    assert (found.track, found.block, track.how, track.returns_at) == (LANE, "b2", "late", met.at + timedelta(minutes=2))
    assert met_at - met.at < timedelta(minutes=1)

    await days.rundown.recall(MODERATOR)

    assert [event.lanes for event in days.events(LaneJoined.name)] == [[LANE]]
