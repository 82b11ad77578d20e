"""Calling all regions back: what is open is closed, what is left is cut, and everybody is in the common programme at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conference.core.errors import Refused
from conference.core.faces import Viewer
from conference.rundown import BlockBegan, rules, views
from conference.rundown.moves import Began, Given, Passed
from tests.conference.days import DAY, FACES, MODERATOR, House
from tests.conference.rundown.sheets import a_run, minute, ticked
from tests.conference.rundown.test_rules import at_regional_block
from tests.fold import by_id, caught_up


def test_open_polls_are_closed_and_the_rest_is_cut_in_every_lane() -> None:
    run, _ = ticked(rules.go(at_regional_block(), "r-a", minute(5)).run, minute(5), minute(6) + timedelta(seconds=1))

    moving = rules.recall(run, "national", minute(6) + timedelta(seconds=2))

    assert [one for one in moving.happened if isinstance(one, Given | Passed | Began)] == [
        Given("national", "fill@national.2", "clock"),
        Given("r-a", "own.3", "clock"),
        Passed("r-a", "own.4", cut=True),
        Given("r-b", "fill@r-b.2", "clock"),
        Began(2),
    ]
    assert (moving.run.block, moving.run.block_at) == (2, minute(6) + timedelta(seconds=2))
    assert ticked(moving.run, minute(7), minute(7))[1] == [("pause.1", 420.0)]


def test_without_a_clock_nothing_is_given_but_what_closes() -> None:
    run = rules.go(at_regional_block(0), "national", minute(5)).run

    moving = rules.recall(run, "national", minute(6))

    given = [one.cue for one in moving.happened if isinstance(one, Given)]
    assert [run.plan.cues[cue].do for cue in given if cue not in run.given] == ["close_poll"] * len(given)
    assert moving.run.block == 2


def test_it_is_refused_where_nobody_is_apart() -> None:
    common = a_run()
    together = rules.recall(at_regional_block(), "national", minute(6)).run

    codes = []
    for run in (common, together):
        with pytest.raises(Refused) as refused:
            rules.recall(run, "national", minute(7))
        codes.append(refused.value.code)

    assert codes == ["regions.not_apart", "regions.not_apart"]


async def test_the_cockpit_shows_every_lane_while_they_are_apart_and_open_pages_come_back(days: House) -> None:
    await days.start(speed=0)
    before, since = {lane: await days.state(lane) for lane in ("national", "r-norrvik", "r-vastero")}, len(days.heard)
    while [event.block for event in days.events(BlockBegan.name)][-1:] != ["b2"]:
        await days.rundown.go(MODERATOR)
    async with days.store.reading() as session:
        apart = (await views.cockpit(session, DAY, "national", days.clock.now())).tracks

    await days.rundown.recall(MODERATOR)

    async with days.store.reading() as session:
        together = await views.cockpit(session, DAY, "national", days.clock.now())
    assert [track.lane for track in apart] == ["national", "r-norrvik", "r-sundmark", "r-vastero"]
    assert (together.tracks, together.block) == ((), "b3")
    for lane, state in before.items():
        assert by_id(caught_up(state, Viewer("kim", lane=lane), days.heard[since:], FACES)) == by_id(await days.state(lane))
