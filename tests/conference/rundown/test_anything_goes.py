"""Whatever people do and however time passes: no cue twice, order kept, all together again, and every screen knows it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from conference.core.errors import Refused
from conference.core.faces import Viewer, shown_to
from conference.rundown import rules
from conference.rundown.moves import Given, Moving
from conference.rundown.run import Run
from conference.rundown.telling import Times, lanes_of_items, tell
from conference.rundown.views import seen
from conference.times import stamp
from tests.conference.rundown.sheets import NINE, a_run, a_sheet
from tests.fold import State, fold, on_the_wire

LANES = st.sampled_from(["national", "national", "r-a", "r-b"])
DEEDS = st.one_of(
    st.tuples(st.just("wait"), st.floats(0, 90)),
    st.tuples(st.just("wait"), st.floats(0, 5)),
    st.tuples(st.sampled_from(["go", "go", "go", "skip", "hold", "resume", "back", "undo"]), LANES),
    st.tuples(st.just("extend"), LANES),
)
RULES: dict[str, Any] = {
    "go": rules.go, "skip": rules.skip, "hold": rules.hold, "resume": rules.resume, "back": rules.back, "undo": rules.undo,
    "extend": lambda run, lane, at: rules.extend(run, lane, at, 60),
}  # fmt: skip


class Screens:
    """What the viewers of each lane have been told, and what a fresh page would say."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.screens: dict[str, State] = {lane: {} for lane in run.plan.lanes}
        self.items = {item.item: Times("upcoming", item.starts_at, item.ends_at) for item in a_sheet().items}
        self.told = {lane: self.fresh(lane) for lane in run.plan.lanes}

    def fresh(self, lane: str) -> State:
        programme = [
            {"item": name, "state": str(item.state), "starts_at": stamp(item.starts_at), "ends_at": stamp(item.ends_at)}
            for name, item in self.items.items()
            if (lanes := lanes_of_items(self.run.plan)[name]) is None or lane in lanes
        ]
        return {"now": self.screens[lane], "programme": programme}

    def tell(self, before: Run, moving: Moving, *, opened: bool) -> None:
        told = tell(before, moving, self.screens, self.items, opened=opened)
        self.screens, self.items = told.screens, {**self.items, **told.items}
        for lane, before_it in self.told.items():
            state = before_it
            for event in told.events:
                for data in shown_to(Viewer("kim", lane=lane), seen(event)):
                    state = fold(state, event.name, on_the_wire(data))
            self.told[lane] = state
            assert state == on_the_wire(self.fresh(lane))


def check(before: Run, moving: Moving) -> None:
    """The move was a lawful one."""
    run, new = moving.run, [one for one in moving.happened if isinstance(one, Given)]
    first = [one.cue for one in new if not one.again]
    assert len(first) == len(set(first))
    assert not set(first) & (set(before.given) | before.passed)
    assert not set(run.given) & run.passed
    for place, stretch in enumerate(run.plan.stretches[: run.block + 1]):
        for segment in stretch.segments.values():
            names = [step.name for step in segment.cues()]
            coming = [name for name in names if name not in run.given and name not in run.passed]
            assert not (place < run.block and coming), "all is done when a block is over"
            late = names[names.index(coming[0]) :] if coming else []
            assert not set(late) & set(run.given), "nothing is given before what comes before it"


@settings(max_examples=150, deadline=None)
@given(deeds=st.lists(DEEDS, max_size=60), speed=st.sampled_from([0.0, 1.0, 60.0]), auto=st.booleans())
def test_no_cue_is_given_twice_and_order_is_kept_whatever_people_do(deeds: list[tuple[str, Any]], speed: float, auto: bool) -> None:
    run, now, opened = a_run(speed, auto=auto), NINE, True
    screens = Screens(run)

    def done(moving: Moving) -> Run:
        nonlocal opened
        check(run, moving)
        screens.tell(run, moving, opened=opened)
        opened = False
        return moving.run

    for deed, what in deeds:
        if run.over:
            break
        if deed == "wait":
            end = now + timedelta(seconds=what)
            while now < end and not run.over:
                now = min(now + timedelta(seconds=0.5 if speed > 1 else 5), end)
                run = done(rules.tick(run, now))
            continue
        with suppress(Refused):
            run = done(RULES[deed](run, what, now))


@settings(max_examples=30, deadline=None)
@given(breaks=st.lists(st.floats(0, 700), max_size=4), speed=st.sampled_from([1.0, 60.0]))
def test_an_impatient_operator_gets_every_national_cue_once_in_order(breaks: list[float], speed: float) -> None:
    run, now = a_run(speed, auto=True), NINE
    presses = sorted(NINE + timedelta(seconds=one) for one in breaks)
    order: list[str] = []
    while not run.over and now < NINE + timedelta(hours=2):
        while presses and presses[0] <= now:
            presses.pop(0)
            with suppress(Refused):
                run = _note(order, rules.go(run, "national", now))
        run = _note(order, rules.tick(run, now))
        now += timedelta(seconds=0.5)

    assert run.over
    assert len(order) == len(set(order))
    national = [cue.cue for cue in run.plan.cues.values() if cue.lane == "national"]
    assert [cue for cue in order if cue in national] == national


def _note(order: list[str], moving: Moving) -> Run:
    order += [one.cue for one in moving.happened if isinstance(one, Given)]
    return moving.run
