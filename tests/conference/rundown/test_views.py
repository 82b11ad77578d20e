"""What screens and the cockpit show, and that those who were told know as much as those who look anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from conference import views as programme_views
from conference.core.faces import Viewer
from conference.core.log import since
from conference.events import DayEnded, DayPublished, DayStarted, DayTimed
from conference.rundown import views
from conference.rundown.events import CuesCorrected
from tests.conference.days import DAY, FACES, MODERATOR, PLANNED, House
from tests.fold import by_id, caught_up

LANES = ["national", "r-norrvik", "r-vastero"]


async def test_every_event_leaves_screens_as_a_fresh_page(days: House) -> None:
    """A day with everything in it: by clock, by hand, held, extended, skipped, gone back, undone, cut, ended."""
    await days.create(speed=60.0, operator_auto=True)
    before = {lane: await days.state(lane) for lane in LANES}
    checked = 0
    for move in _a_busy_day(days):
        await move
        async with days.store.reading() as session:
            entries = await since(session, DAY, checked)
        checked = entries[-1].seq if entries else checked
        for lane in LANES:
            told = caught_up(before[lane], Viewer("kim", lane=lane), entries, FACES)
            before[lane] = told
            assert by_id(told) == by_id(await days.state(lane))

    happened = {type(entry.event) for entry in days.heard}
    # What a correction does to an open page is asked of each kind of it beside its verbs: `test_corrections`.
    assert (set(views.FACES) - {CuesCorrected}) | {DayPublished, DayStarted, DayTimed, DayEnded} <= happened


def _a_busy_day(days: House) -> Any:
    rundown = days.rundown
    yield days.programme.publish(MODERATOR)
    yield days.programme.start(MODERATOR)
    yield days.play(3)
    yield rundown.go(MODERATOR)
    for lane in (None, None):
        yield rundown.skip(MODERATOR, lane=lane)
    yield rundown.undo(MODERATOR)
    yield rundown.hold(MODERATOR)
    yield days.play(20)
    yield rundown.resume(MODERATOR)
    yield rundown.extend(MODERATOR, 30)
    yield days.play(20)
    yield _go_until(days, lambda: days.given[-1].cue == "i-fyramal.01")
    yield rundown.back(MODERATOR)  # into the item before
    yield _go_until(days, lambda: days.given[-1].do == "call_regions")
    yield rundown.back(MODERATOR)
    yield rundown.go(MODERATOR)
    yield days.play(4)
    yield rundown.go(MODERATOR, lane="r-norrvik")
    yield rundown.hold(MODERATOR, lane="r-norrvik")
    yield days.play(30)
    yield rundown.go(MODERATOR, lane="r-norrvik")
    yield days.play(200)  # nobody resumes it: it is cut
    yield _go_until(days, lambda: days.given[-1].do == "call_regions" and days.given[-1].args["block"] == "b6")
    for _ in range(4):
        yield rundown.go(MODERATOR)
    yield _go_until(days, lambda: bool(days.events("day.ended")))


async def _go_until(days: House, reached: Callable[[], bool]) -> None:
    while not reached():
        await days.rundown.go(MODERATOR)


async def test_now_says_what_is_on_and_what_comes_next(days: House) -> None:
    await days.start()
    await days.rundown.go(MODERATOR)

    assert await days.now("r-norrvik") == {
        "item": "i-valkommen",
        "cue": "i-valkommen.01",
        "hold": False,
        "lane": "national",
        "block": "b1",
        "drift_s": 0,
        "next": {
            "cue": "i-valkommen.02",
            "do": "take_source",
            "by": "hand",
            "what": "Nationella studion",
            "title": "Ta bilden: Nationella studion",
            "at": "2026-11-22T08:00:00.000Z",
        },
    }


async def test_a_late_viewer_sees_what_cues_have_put_there(days: House) -> None:
    await days.start(speed=0.0)
    for _ in range(7):
        await days.rundown.go(MODERATOR)

    now = await days.now()

    assert now["name_plate"] == {
        "name": "Samira Tallvik", "role": "Huvudmoderator", "organisation": "Värdorganisationen", "at": "2026-11-22T08:00:00.000Z",
    }  # fmt: skip
    assert now["ask_screens"]["text"] == "Hur många är ni vid skärmen nu?"
    assert now["announcement"]["text"].startswith("Text finns under bilden.")
    await days.rundown.go(MODERATOR)
    assert "name_plate" not in await days.now()


async def test_a_viewer_follows_the_own_region_in_a_regional_block_and_all_again_afterwards(days: House) -> None:
    await days.start(speed=0.0)
    while (await days.now()).get("block") != "b2":
        await days.rundown.go(MODERATOR)

    assert {lane: (await days.now(lane))["item"] for lane in (*LANES, "r-unknown")} == {
        "national": "i-r1-film@national", "r-norrvik": "i-norrvik-1", "r-vastero": "i-r1-film@r-vastero", "r-unknown": "i-r1-film@national",
    }  # fmt: skip
    while (await days.now())["block"] != "b3":
        await days.rundown.go(MODERATOR)

    assert {(await days.now(lane))["cue"] for lane in LANES} == {"i-paus-fm.01"}


async def test_the_cockpit_lists_every_cue_of_a_lane(days: House) -> None:
    await days.start()
    await days.rundown.go(MODERATOR)
    days.clock.wind(timedelta(seconds=5))
    await days.rundown.go(MODERATOR)
    async with days.store.reading() as session:
        found = await views.cockpit(session, DAY, "r-norrvik", days.clock.now())

    first, second, third, *_ = found.cues
    assert (found.track, found.after, found.item, found.hold, found.drift_s, found.lanes) == (
        "national", "i-valkommen.02", "i-valkommen", False, 5, ("national",),
    )  # fmt: skip
    assert [(cue.state, cue.by, cue.given_by, cue.late_s) for cue in (first, second, third)] == [
        ("done", "clock", "hand", 0), ("done", "hand", "hand", 5), ("next", "clock", None, 5),
    ]  # fmt: skip
    assert (third.title, third.at, third.planned_at) == (
        "Namnskylt: Samira Tallvik",
        PLANNED + timedelta(seconds=15),
        PLANNED + timedelta(seconds=10),
    )
    assert [cue.state for cue in found.cues].count("next") == 1
    assert {cue.track for cue in found.cues if cue.regional} == {"r-norrvik"}
    assert found.cues[-1].do == "end_day"
    assert all(cue.says % {"what": cue.what} == cue.title for cue in found.cues)


async def test_after_the_last_cue_of_a_block_the_next_ones_first_is_next(days: House) -> None:
    await days.start(speed=0.0)
    while (await days.now()).get("cue") != "i-hemma.06":
        await days.rundown.go(MODERATOR)
    async with days.store.reading() as session:
        found = await views.cockpit(session, DAY, "national", days.clock.now())

    assert [cue.cue for cue in found.cues if cue.state == "next"] == ["i-r1-film.01@national"]
    assert found.cues[-1].at is None


async def test_there_is_no_cockpit_of_a_lane_or_day_that_is_not_there(days: House) -> None:
    await days.start()
    async with days.store.reading() as session:
        with pytest.raises(LookupError):
            await views.cockpit(session, DAY, "r-x", PLANNED)
        with pytest.raises(LookupError):
            await views.cockpit(session, "d-x", "national", PLANNED)


async def test_before_the_run_there_is_nothing_now(days: House) -> None:
    await days.create()

    assert await days.now() == {}
    async with days.store.reading() as session:
        assert await programme_views.shared(session, "d-x", Viewer("kim")) == {}
