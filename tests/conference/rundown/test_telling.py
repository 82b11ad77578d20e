"""What is told of a move: one event after the other, and what follows from the whole laid into the last."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from conference.core.faces import EVERYBODY, To
from conference.rundown import rules
from conference.rundown.events import CueGiven, RunShifted, Seen
from conference.rundown.moves import Moving
from conference.rundown.run import Run
from conference.rundown.telling import Times, Told, lanes_of_items, tell, tolerance
from conference.rundown.views import seen
from tests.conference.rundown.sheets import NINE, a_plan, a_run, a_sheet, minute


def told(run: Run, moving: Moving, screens: dict[str, Any] | None = None, *, opened: bool = False) -> Told:
    items = {item.item: Times("upcoming", item.starts_at, item.ends_at) for item in a_sheet().items}
    return tell(run, moving, screens or {lane: {} for lane in run.plan.lanes}, items, opened=opened)


def test_a_move_is_told_in_the_order_in_which_it_happened() -> None:
    run = a_run()

    events = told(run, rules.go(run, "national", NINE), opened=True).events

    assert [event.name for event in events] == ["rundown.opened", "rundown.block_began", "rundown.item_started", "rundown.cue_given"]
    assert [event.lanes for event in events] == [["national", "r-a", "r-b"]] * 4


def test_in_a_common_block_all_are_told_the_same_at_once() -> None:
    run = a_run()
    event = told(run, rules.go(run, "national", NINE)).events[-1]

    [(to, data)] = seen(event)

    assert to == EVERYBODY
    assert (data["cue"], data["next"]["cue"]) == ("welcome.1", "welcome.2")


def test_in_a_regional_block_each_lane_is_told_its_own() -> None:
    run = a_run(0)
    for _ in range(5):
        run = rules.go(run, "national", NINE).run
    event: Seen = told(run, rules.go(run, "national", NINE)).events[1]

    shown = {to: data for to, data in seen(event) if "block" in data}

    assert {to.lane: data["lane"] for to, data in shown.items()} == {"national": "national", "r-a": "r-a", "r-b": "r-b"}
    assert shown[To(lane="r-a")]["cue"] is None
    assert "cue" not in shown[To(lane="national")]


def test_an_item_of_one_region_is_told_to_that_region_alone() -> None:
    run = a_run(0)
    for _ in range(5):
        run = rules.go(run, "national", NINE).run
    events = told(run, rules.go(run, "national", NINE)).events
    own = next(event for event in events if event.name == "rundown.item_started" and event.item == "own")

    assert [(to, [item["item"] for item in data["items"]]) for to, data in seen(own)] == [(To(lane="r-a"), ["own"])]
    assert lanes_of_items(a_plan()) == {
        "welcome": None, "film": None, "own": ["r-a"], "fill@national": ["national"], "fill@r-b": ["r-b"], "pause": None, "talk": None,
    }  # fmt: skip


def test_nothing_is_told_when_nothing_has_happened() -> None:
    run = rules.go(a_run(), "national", NINE).run

    assert told(run, rules.tick(run, NINE + timedelta(seconds=1))).events == []


def test_times_are_told_anew_when_they_have_moved_enough_to_matter() -> None:
    run = rules.tick(a_run(), NINE).run
    assert tolerance(1) == timedelta(seconds=15)

    assert told(run, rules.tick(run, NINE + timedelta(seconds=15))).items == {}
    late = told(run, rules.tick(run, minute(1)))

    assert [type(event) for event in late.events] == [RunShifted]
    assert late.items["film"].starts_at == minute(3)
    assert "talk" not in late.items  # the break catches up
    assert late.screens["r-a"]["drift_s"] == 60


def test_a_day_without_a_clock_tells_no_times() -> None:
    run = a_run(0)

    moved = told(run, rules.go(run, "national", NINE), opened=True)

    assert set(moved.items) == {"welcome"}
    assert moved.ends_at is None
    assert "at" not in moved.screens["national"]["next"]


def test_a_cue_carries_what_others_need_to_act() -> None:
    run = a_run()
    event = told(run, rules.go(run, "national", NINE)).events[-1]

    assert isinstance(event, CueGiven)
    assert (event.do, event.args, event.item, event.by, event.again) == ("take_source", {"source": "s"}, "welcome", "hand", False)
