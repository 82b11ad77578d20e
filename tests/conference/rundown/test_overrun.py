"""A region that takes longer than its slot: all wait for it, or it is cut, or it comes along when it is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.rundown import rules
from conference.rundown.moves import Began, Given, Happening, Joined, Moving, Passed
from conference.rundown.overrun import GRACE_S, Overrun, overrun_of
from conference.rundown.plan import plan_of
from conference.rundown.run import Run, new_run
from conference.rundown.timeline import drift_s, forecast, returns
from conference.times import stamp
from tests.conference.rundown.sheets import NINE, a_run, a_sheet, minute, ticked
from tests.conference.rundown.test_anything_goes import Screens

SLOT_ENDS_S, DAY_ENDS_S, BREAK_GIVES_S = 600, 1500, 300
LATEST = minute(40)
RULES = st.sampled_from(["hold", "cut", "finish"])


def a_run_with(rule: str, limit_s: int = 0, speed: float = 1.0) -> Run:
    """The small day, with a rule for its regional block."""
    sheet = a_sheet()
    sheet.blocks[1].overrun, sheet.blocks[1].overrun_limit_s = rule, limit_s
    return new_run("d", plan_of(sheet, speed), NINE, auto=False)


def seconds(at: datetime) -> float:
    return (at - NINE).total_seconds()


@dataclass
class Played:
    """A day that was played: what happened when, in seconds, and from when on each lane showed which item."""

    run: Run
    screens: Screens
    happened: list[tuple[float, Happening]] = field(default_factory=list)
    on: dict[str, list[tuple[float, str | None]]] = field(default_factory=dict)

    def when(self, what: type[Happening]) -> list[float]:
        return [at for at, one in self.happened if isinstance(one, what)]

    def given(self, lane: str) -> list[str]:
        return [one.cue for _, one in self.happened if isinstance(one, Given) and one.lane == lane]


def played(run: Run, late_s: int, until: datetime = LATEST) -> Played:
    """Play the day: everything by hand comes in time, but region a begins *late_s* late and needs as long as it had planned."""
    day = Played(run, Screens(run))
    hands = {"welcome.1": NINE, "film.3": minute(4), "own.1": minute(5) + timedelta(seconds=late_s)}
    opened, now = True, NINE

    def done(moving: Moving) -> None:
        nonlocal opened
        day.screens.tell(day.run, moving, opened=opened)
        day.run, opened = moving.run, False
        day.happened += [(seconds(now), one) for one in moving.happened]

    while now <= until and not day.run.over:
        done(rules.tick(day.run, now))
        for cue, at in hands.items():
            lane = day.run.plan.cues[cue].lane
            if at == now and lane in day.run.moving() and cue not in day.run.passed:
                done(rules.go(day.run, lane, now))
        done(rules.tick(day.run, now))
        for lane in day.run.plan.lanes:
            item, seen = day.screens.screens[lane].get("item"), day.on.setdefault(lane, [])
            if not seen or seen[-1][1] != item:
                seen.append((seconds(now), item))
        due = rules.next_due(day.run, now)
        soon = [at for at in (*hands.values(), due[0] if due else until, until) if at > now]
        now = min([now + timedelta(seconds=30), *soon]) if now < until else until + timedelta(seconds=1)
    return day


def test_the_block_says_before_the_region() -> None:
    region = SimpleNamespace(region="r", overrun="finish", overrun_limit_s=120)
    silent, says = SimpleNamespace(overrun=None, overrun_limit_s=0), SimpleNamespace(overrun="hold", overrun_limit_s=300)

    assert overrun_of(silent, region, 1) == Overrun("finish", 0, 120)
    assert overrun_of(says, region, 1) == Overrun("hold", 300)


@pytest.mark.parametrize(("rule", "waits_s", "alone_s"), [("hold", GRACE_S, 0), ("cut", 0, 0), ("finish", 0, GRACE_S)])
def test_without_a_limit_there_is_a_little_grace(rule: str, waits_s: float, alone_s: float) -> None:
    overrun = a_run_with(rule).plan.stretches[1].overruns["r-a"]

    assert (overrun.rule, overrun.waits_s, overrun.alone_s) == (rule, waits_s, alone_s)


@pytest.mark.parametrize("rule", ["cut", "finish"])
def test_a_compressed_day_waits_for_whoever_presses_a_little_late(rule: str) -> None:
    assert a_run_with(rule, 120, speed=60).plan.stretches[1].overruns["r-a"].waits_s == GRACE_S


def test_hold_all_wait_and_what_follows_comes_later() -> None:
    day = played(a_run_with("hold", 200), late_s=180)

    assert day.when(Began) == [0, 300, 780]
    assert day.given("r-a") == ["own.1", "own.2", "own.3", "own.4"]
    assert day.when(Joined) == []


def test_hold_no_longer_than_its_limit() -> None:
    day = played(a_run_with("hold", 120), late_s=180)

    assert day.when(Began)[2] == 720
    assert ("own.4", True) in [(one.cue, one.cut) for _, one in day.happened if isinstance(one, Passed)] or "own.4" in day.given("r-a")


def test_cut_nobody_waits_and_an_open_poll_is_closed() -> None:
    day = played(a_run_with("cut", 600), late_s=180)

    assert day.when(Began)[2] == 600
    assert day.given("r-a") == ["own.1", "own.2", "own.3"]
    assert [(at, one.cue, one.cut) for at, one in day.happened if isinstance(one, Passed)] == [(600, "own.4", True)]


def test_finish_the_country_goes_on_and_the_region_comes_along_when_it_is_done() -> None:
    day = played(a_run_with("finish", 300), late_s=180)

    assert day.when(Began) == [0, 300, 600]
    assert day.when(Joined) == [780]
    assert day.given("r-a") == ["own.1", "own.2", "own.3", "own.4"]
    assert day.on["r-a"][2:] == [(300, None), (480, "own"), (780, "pause"), (1200, "talk"), (1500, None)]
    assert day.on["r-b"][2:] == [(300, "fill@r-b"), (600, "pause"), (1200, "talk"), (1500, None)]


def test_finish_no_longer_than_its_limit() -> None:
    day = played(a_run_with("finish", 60), late_s=180)

    assert day.when(Joined) == [660]
    assert day.given("r-a") == ["own.1", "own.2", "own.3"]


def test_a_region_that_is_held_while_it_is_late_comes_along_at_its_limit() -> None:
    run = played(a_run_with("finish", 300), late_s=180, until=minute(10.5)).run
    run = rules.hold(run, "r-a", minute(10.5)).run

    run, _ = ticked(run, minute(10.5), minute(15) - timedelta(seconds=1))
    assert run.late() == ["r-a"]
    assert rules.tick(run, minute(15)).happened[-1] == Joined("r-a")


def test_a_late_region_is_driven_by_its_own_operator() -> None:
    run = played(a_run_with("finish", 300), late_s=180, until=minute(10.5)).run

    moving = rules.go(run, "r-a", minute(10.5))

    assert [one.cue for one in moving.happened if isinstance(one, Given)] == ["own.3"]
    assert (run.driver("r-a"), run.driver("r-b"), drift_s(run, "r-a", minute(10.5))) == ("r-a", "national", 180)


def test_a_late_region_is_called_back_by_the_country() -> None:
    run = played(a_run_with("finish", 300), late_s=180, until=minute(10.5)).run

    moving = rules.recall(run, "national", minute(10.5))

    assert [one.cue for one in moving.happened if isinstance(one, Given)] == ["own.3"]
    assert (moving.happened[-1], moving.run.late(), moving.run.block) == (Joined("r-a"), [], 2)


def test_a_day_that_is_ended_takes_late_regions_along() -> None:
    run = played(a_run_with("finish", 300), late_s=180, until=minute(10.5)).run

    assert rules.close(run, minute(10.5)).run.late() == []


@pytest.mark.parametrize(
    ("rule", "limit_s", "late_s", "expected"),
    [
        ("hold", 200, 0, (600, "together")),
        ("hold", 200, 180, (780, "held")),
        ("hold", 60, 180, (660, "cut")),
        ("cut", 0, 180, (600, "cut")),
        ("finish", 300, 180, (780, "late")),
        ("finish", 60, 180, (660, "late")),
    ],
)
def test_a_region_is_told_in_time_when_it_goes_back_and_how(rule: str, limit_s: int, late_s: int, expected: tuple[int, str]) -> None:
    day = played(a_run_with(rule, limit_s), late_s, until=minute(8.5))

    at, how = returns(day.run, minute(8.5))["r-a"]
    assert (seconds(at), how) == expected
    assert day.screens.screens["r-a"]["returns"] == {"at": stamp(NINE + timedelta(seconds=expected[0])), "how": how}
    assert day.screens.screens["national"].get("returns") is None


def test_the_countdown_of_a_late_region_is_until_it_joins() -> None:
    day = played(a_run_with("finish", 300), late_s=180, until=minute(12.5))

    assert day.screens.screens["r-a"]["countdown"] == {"to": "national", "ends_at": stamp(minute(13))}
    assert "countdown" not in day.screens.screens["r-b"]


@settings(max_examples=25, deadline=None)
@given(rule=RULES, limit_s=st.integers(0, 400), late_s=st.integers(0, 700))
def test_no_gap_no_overlap_and_only_hold_makes_the_day_longer(rule: str, limit_s: int, late_s: int) -> None:
    day = played(a_run_with(rule, limit_s), late_s)
    most_s = max(int(GRACE_S), limit_s)
    over_s = min(late_s, most_s)
    waited_s = over_s if rule == "hold" else 0

    assert day.run.over
    assert day.when(Began) == [0, 300, SLOT_ENDS_S + waited_s]
    assert day.when(Joined) == ([SLOT_ENDS_S + over_s] if rule == "finish" and late_s > 1 else [])
    assert day.happened[-1][0] == DAY_ENDS_S + max(0, waited_s - BREAK_GIVES_S)  # the break catches up with what it can
    empty = {lane: [at for at, item in on[:-1] if item is None] for lane, on in day.on.items()}
    assert empty == {"national": [], "r-a": [300] if late_s else [], "r-b": []}  # until its operator begins, region a shows nothing
    items = day.screens.items
    national = [items[name] for name in ("welcome", "film", "fill@national", "pause", "talk")]
    assert [one.starts_at for one in national[1:]] == [one.ends_at for one in national[:-1]]


@settings(max_examples=25, deadline=None)
@given(begins_s=st.integers(1, 230), held_s=st.integers(1, 900), lane=st.just("national"))
def test_hold_shifts_all_that_follows_and_every_lane_hears_of_it(begins_s: int, held_s: int, lane: str) -> None:
    run = rules.go(a_run(), lane, NINE).run
    run, _ = ticked(run, NINE, NINE + timedelta(seconds=begins_s))
    screens, now = Screens(run), NINE + timedelta(seconds=begins_s)
    before = forecast(run, now)

    holding = rules.hold(run, lane, now)
    screens.tell(run, holding, opened=True)
    assert {one: screen["hold"] for one, screen in screens.screens.items()} == dict.fromkeys(run.plan.lanes, True)
    later = now + timedelta(seconds=held_s)
    after = forecast(rules.resume(holding.run, lane, later).run, later)

    shifts = {cue: (after.cues[cue] - at).total_seconds() for cue, at in before.cues.items()}
    in_break = max(0.0, held_s - BREAK_GIVES_S / 2)  # half of the way through the break, half of what it gives
    after_break = float(max(0, held_s - BREAK_GIVES_S))
    given_up = {"pause.2": in_break, "talk.1": after_break, "talk.2": after_break}
    assert shifts == {cue: given_up.get(cue, float(held_s)) for cue in before.cues}
    assert (after.ends_at - before.ends_at).total_seconds() == after_break
