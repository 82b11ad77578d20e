"""What may happen in a run: GO, hold, skip, back, undo, extend, and the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from conference.core.errors import Refused
from conference.rundown import rules
from conference.rundown.moves import Began, Given, Held, Moving, Off, On, Passed, TakenBack
from conference.rundown.run import Run
from tests.conference.rundown.sheets import NINE, a_run, minute, ticked

S = timedelta(seconds=1)


def given(moving: Moving) -> list[str]:
    return [one.cue for one in moving.happened if isinstance(one, Given)]


def refusal(run: Run, rule: Callable[..., object], *args: object) -> str:
    with pytest.raises(Refused) as refused:
        rule(run, *args)
    return refused.value.code


def by_go(run: Run, *times: int, at: datetime = NINE, lane: str = "national") -> Run:
    """Press GO so many times."""
    for _ in range(*times):
        run = rules.go(run, lane, at).run
    return run


def at_regional_block(speed: float = 1.0) -> Run:
    """All have just crossed into the regional block, on time."""
    run = a_run(speed)
    if speed == 0:
        return by_go(run, 6)
    run, _ = ticked(rules.go(run, "national", NINE).run, NINE, minute(4))
    return ticked(rules.go(run, "national", minute(4)).run, minute(4), minute(5))[0]


def test_go_gives_the_next_cue_and_begins_its_item() -> None:
    moving = rules.go(a_run(), "national", NINE, None)

    assert moving.happened == [Began(0), On("national", "welcome"), Given("national", "welcome.1", "hand")]
    assert moving.run.lanes["national"].cue == "welcome.1"


def test_go_gives_a_cue_that_waits_for_the_clock_too() -> None:
    run = by_go(a_run(), 1)

    assert given(rules.go(run, "national", NINE + S)) == ["welcome.2"]


def test_go_after_a_cue_that_is_no_longer_the_last_is_refused() -> None:
    run = rules.go(a_run(), "national", NINE, None).run

    assert refusal(run, rules.go, "national", NINE, None) == "cue.already_done"
    assert refusal(run, rules.go, "national", NINE, "film.1") == "cue.already_done"
    assert given(rules.go(run, "national", NINE, "welcome.1")) == ["welcome.2"]


def test_go_alone_gives_every_cue_once_in_order_and_ends_the_day() -> None:
    run, told = a_run(0), []
    while not run.over:
        moving = rules.go(run, "national", NINE, run.lanes["national"].cue)
        told += given(moving)
        run = moving.run

    assert [cue for cue in told if not cue.startswith(("own", "fill@r-b"))] == [
        "welcome.1", "welcome.2", "film.1", "film.2", "film.3", "fill@national.1", "fill@national.2",
        "pause.1", "pause.2", "talk.1", "talk.2",
    ]  # fmt: skip
    assert [cue for cue in told if cue.startswith("own")] == ["own.1", "own.2", "own.3", "own.4"]
    assert sorted(told) == sorted(run.plan.cues)
    assert refusal(run, rules.go, "national", NINE) == "cue.none_left"


def test_without_a_clock_nothing_is_due() -> None:
    assert rules.next_due(by_go(a_run(0), 3), minute(100)) is None


def test_a_national_go_carries_regions_that_nobody_drives() -> None:
    run = at_regional_block(0)
    assert {"own.1", "fill@r-b.1", "fill@national.1"} <= set(run.given)

    moving = rules.go(run, "national", NINE)

    assert given(moving) == ["fill@national.2", "own.2", "fill@r-b.2"]


def test_a_region_that_drives_itself_is_not_carried() -> None:
    run = rules.go(at_regional_block(0), "r-a", NINE).run
    assert run.lanes["r-a"].cue == "own.2"

    assert given(rules.go(run, "national", NINE)) == ["fill@national.2", "fill@r-b.2"]


def test_a_region_that_drives_itself_is_closed_and_cut_when_all_meet_again() -> None:
    run = rules.go(at_regional_block(0), "r-a", NINE).run  # has opened its poll
    run = rules.go(run, "national", NINE).run

    moving = rules.go(run, "national", NINE)

    assert moving.happened == [
        Off("national", "fill@national"),
        Given("r-a", "own.3", "clock"),
        Passed("r-a", "own.4", cut=True),
        Off("r-a", "own"),
        Off("r-b", "fill@r-b"),
        Began(2),
        On("national", "pause"),
        Given("national", "pause.1", "hand"),
    ]


def test_a_poll_that_was_never_opened_is_not_closed_when_a_region_is_cut() -> None:
    run, _ = ticked(at_regional_block(), minute(5), minute(10) + 14 * S)  # nobody gave own.1
    moving = rules.tick(run, minute(10) + 15 * S)

    assert [one for one in moving.happened if getattr(one, "lane", "") == "r-a"] == [
        Passed("r-a", "own.1", cut=True),
        Passed("r-a", "own.2", cut=True),
        Passed("r-a", "own.3", cut=True),
        Passed("r-a", "own.4", cut=True),
    ]


def test_a_region_has_a_track_of_its_own_only_in_a_regional_block() -> None:
    assert refusal(by_go(a_run(), 1), rules.go, "r-a", NINE) == "lane.not_now"
    assert refusal(a_run(), rules.go, "r-x", NINE) == "lane.no_such"
    assert given(rules.go(at_regional_block(), "r-a", minute(5))) == ["own.1"]


def test_a_region_cannot_go_on_after_its_own_part() -> None:
    run = by_go(at_regional_block(), 4, lane="r-a", at=minute(5))

    assert refusal(run, rules.go, "r-a", minute(5)) == "cue.none_left"


def test_the_clock_gives_what_is_due_and_waits_for_a_hand() -> None:
    run = rules.tick(a_run(), NINE).run
    assert not run.given

    run = rules.go(run, "national", NINE).run
    assert given(rules.tick(run, NINE + 29 * S)) == []
    assert given(rules.tick(run, NINE + 30 * S)) == ["welcome.2"]


def test_the_clock_gives_nothing_twice() -> None:
    run = rules.tick(by_go(a_run(), 1), minute(3)).run

    assert rules.tick(run, minute(3)).happened == []


def test_cues_of_all_lanes_come_in_the_order_in_which_they_are_due() -> None:
    run = by_go(at_regional_block(), 1, lane="r-a", at=minute(5))

    assert ticked(run, minute(5), minute(10))[1] == [
        ("own.2", 360), ("fill@national.2", 420), ("fill@r-b.2", 420), ("own.3", 480), ("own.4", 540), ("pause.1", 600),
    ]  # fmt: skip


def test_a_clock_that_was_away_moves_the_day_instead_of_rushing() -> None:
    run = by_go(a_run(), 1)

    moving = rules.tick(run, minute(10))  # ten minutes without anybody at the clock

    assert given(moving) == ["welcome.2"]
    assert given(rules.tick(moving.run, minute(10) + 89 * S)) == []
    assert given(rules.tick(moving.run, minute(10) + 90 * S)) == ["film.1"]


def test_the_simulated_operator_presses_three_seconds_after_a_cue_is_due() -> None:
    run = a_run(auto=True)
    run = rules.tick(run, NINE).run

    assert given(rules.tick(run, NINE + 2.9 * S)) == []
    assert rules.tick(run, NINE + 3 * S).happened == [On("national", "welcome"), Given("national", "welcome.1", "operator")]


def test_nothing_is_given_by_clock_while_held_and_all_comes_later() -> None:
    run = by_go(a_run(), 1)
    moving = rules.hold(run, "national", NINE + 10 * S)
    assert moving.happened == [Held("national")]

    assert rules.tick(moving.run, minute(60)).happened == []
    assert rules.hold(moving.run, "national", minute(1)).happened == []
    run = rules.resume(moving.run, "national", minute(60)).run
    assert given(rules.tick(run, minute(60) + 19 * S)) == []
    assert given(rules.tick(run, minute(60) + 20 * S)) == ["welcome.2"]
    assert rules.resume(run, "national", minute(60)).happened == []


def test_go_works_while_held() -> None:
    run = rules.hold(by_go(a_run(), 1), "national", NINE).run
    run = rules.go(run, "national", minute(1)).run
    assert run.lanes["national"].held_at == minute(1)

    run = rules.resume(run, "national", minute(2)).run
    assert run.lanes["national"].anchor_at == minute(2)


def test_extending_lets_the_rest_come_later() -> None:
    run = rules.extend(by_go(a_run(), 1), "national", NINE, 120).run

    assert given(rules.tick(run, NINE + 149 * S)) == []
    assert given(rules.tick(run, NINE + 150 * S)) == ["welcome.2"]
    assert refusal(run, rules.extend, "national", NINE, 0) == "seconds.out_of_range"
    assert refusal(a_run(0), rules.extend, "national", NINE, 10) == "clock.off"


def test_a_skipped_cue_is_left_out_and_the_rest_comes_as_planned() -> None:
    moving = rules.skip(by_go(a_run(), 1), "national", NINE)
    assert moving.happened == [Passed("national", "welcome.2")]

    assert ticked(moving.run, NINE, minute(2))[1] == [("film.1", 120)]


def test_skipping_a_cue_that_is_waited_for_goes_on_from_now() -> None:
    run = rules.tick(a_run(), NINE).run
    moving = rules.skip(run, "national", minute(3))
    assert moving.happened == [Passed("national", "welcome.1"), On("national", "welcome")]

    assert given(rules.tick(moving.run, minute(3) + 29 * S)) == []
    assert given(rules.tick(moving.run, minute(3) + 30 * S)) == ["welcome.2"]


def test_there_may_be_nothing_to_skip() -> None:
    assert refusal(a_run(), rules.skip, "national", NINE) == "cue.none_left"


def test_going_back_gives_the_cue_before_the_last_one_again() -> None:
    run, _ = ticked(by_go(a_run(), 1), NINE, minute(2))
    assert run.lanes["national"].cue == "film.1"

    moving = rules.back(run, "national", minute(2) + 5 * S)

    assert moving.happened == [
        Off("national", "film", back=True),
        On("national", "welcome"),
        Given("national", "welcome.2", "hand", again=True),
    ]
    assert ticked(moving.run, minute(2) + 5 * S, minute(4))[1] == [("film.1", 215)]


def test_one_cannot_go_back_over_the_beginning_of_a_block() -> None:
    assert refusal(a_run(), rules.back, "national", NINE) == "cue.no_previous"
    assert refusal(by_go(a_run(), 1), rules.back, "national", NINE) == "cue.no_previous"
    assert refusal(at_regional_block(), rules.back, "national", minute(5)) == "cue.no_previous"


def test_a_skip_ahead_stays_skipped_when_one_goes_back() -> None:
    run = by_go(a_run(), 2)
    run = rules.skip(run, "national", NINE).run

    run = rules.back(run, "national", NINE).run

    assert run.passed == {"film.1"}
    assert "welcome.2" not in run.given


def test_a_go_is_taken_back_with_all_that_came_since_and_waits_for_a_hand() -> None:
    run = rules.tick(a_run(), NINE).run
    run = rules.go(run, "national", NINE).run
    run = rules.go(run, "national", NINE + 2 * S).run
    run = rules.tick(run, NINE + 5 * S).run

    moving = rules.undo(run, "national", NINE + 12 * S)

    assert moving.happened == [TakenBack("national", ("welcome.2",), ("welcome.2",), {})]
    assert moving.run.lanes["national"].cue == "welcome.1"
    assert rules.tick(moving.run, minute(60)).happened == []
    assert given(rules.go(moving.run, "national", minute(1))) == ["welcome.2"]


def test_a_skip_is_taken_back() -> None:
    run = by_go(a_run(), 1)
    run = rules.skip(rules.skip(run, "national", NINE).run, "national", NINE).run
    assert run.passed == {"welcome.2", "film.1"}

    moving = rules.undo(run, "national", NINE + 10 * S)

    assert moving.happened == [TakenBack("national", ("film.1",), (), {})]
    assert moving.run.passed == {"welcome.2"}


def test_nothing_is_taken_back_after_ten_seconds_or_twice_or_over_a_block() -> None:
    run = by_go(a_run(), 2)
    assert refusal(run, rules.undo, "national", NINE + 11 * S) == "undo.too_late"
    assert refusal(rules.undo(run, "national", NINE).run, rules.undo, "national", NINE) == "undo.too_late"
    assert refusal(at_regional_block(0), rules.undo, "national", NINE) == "undo.too_late"
    assert refusal(a_run(), rules.undo, "national", NINE) == "undo.too_late"


def test_a_run_that_is_closed_gives_nothing_more() -> None:
    moving = rules.close(by_go(a_run(), 1), minute(1))

    assert moving.happened == [Off("national", "welcome")]
    assert rules.next_due(moving.run, minute(100)) is None
