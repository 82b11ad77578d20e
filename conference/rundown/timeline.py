"""When everything comes, as far as can be known now: one walk along the steps, for the clock and for what is told. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from conference.rundown.plan import NATIONAL, OPERATOR_S, Step, Stretch
from conference.rundown.run import Lane, Run


@dataclass(frozen=True)
class Forecast:
    """When things that have not happened are expected.

    Attributes:
        items: beginning (``None`` when it has begun) and end of each item that is not over.
        cues: each coming cue.
        ends_at: the end of the last block.
    """

    ends_at: datetime
    items: dict[str, tuple[datetime | None, datetime]] = field(default_factory=dict)
    cues: dict[str, datetime] = field(default_factory=dict)


def walk(run: Run, stretch: Stretch, lane: Lane, now: datetime | None) -> Iterator[tuple[Step, datetime]]:
    """The steps that *lane* has left in a block, its end last, and when each is due.

    Args:
        now: nothing is expected before it, and a cue by hand that is overdue is expected now; ``None`` gives the bare due times.
    """
    at = lane.anchor(now) if now else lane.anchor_at
    seen: dict[str, datetime] = {}
    for step in stretch.segments[lane.lane].after(lane.step):
        at = _due(run, stretch, step, at, seen)
        if waits_for_hand(run, lane, step) and run.auto and step.name != lane.by_hand:
            at += timedelta(seconds=OPERATOR_S)
        if now and step.name not in run.passed and step.kind != "end":
            at = max(at, now)
        seen[step.name] = at
        yield step, at


def waits_for_hand(run: Run, lane: Lane, step: Step) -> bool:
    """Whether somebody must press GO for it."""
    return step.kind == "cue" and (step.by_hand or step.name == lane.by_hand) and step.name not in run.passed


def meets_at(run: Run, stretch: Stretch, ends: dict[str, datetime], begun_at: datetime) -> datetime:
    """When all lanes meet again: with the last of them, but a late region is not waited for longer than its grace."""
    meets = [ends[NATIONAL]]
    for lane, at in ends.items():
        if lane != NATIONAL:
            length_s = stretch.segments[lane].length_s + run.plan.grace_s.get(lane, 0.0)
            meets.append(min(at, begun_at + timedelta(seconds=length_s)))
    return max(meets)


def block_ends_at(run: Run, now: datetime) -> datetime:
    """When the present block is expected to end."""
    stretch = run.stretch
    if stretch is None:
        return run.origin_at
    ends = {lane: _last(walk(run, stretch, run.lanes[lane], now)) for lane in run.moving()}
    return meets_at(run, stretch, ends, run.block_at)


def forecast(run: Run, now: datetime) -> Forecast:
    """Everything that is still to come."""
    told = Forecast(max(now, run.origin_at))
    begins_at = run.origin_at
    for place in range(max(run.block, 0), len(run.plan.stretches)):
        stretch = run.plan.stretches[place]
        present = place == run.block
        begun_at = run.block_at if present else max(begins_at, now)
        lanes = run.moving() if present else [lane for lane in run.plan.lanes if stretch.driver(lane) == lane]
        walks = {lane: list(walk(run, stretch, run.lanes[lane] if present else Lane(lane, begun_at), now)) for lane in lanes}
        begins_at = meets_at(run, stretch, {lane: steps[-1][1] for lane, steps in walks.items()}, begun_at)
        for lane, steps in walks.items():
            _tell(told, steps, run.lanes[lane].item if present else None, begins_at)
    return replace(told, ends_at=begins_at)


def drift_s(run: Run, lane: str, now: datetime) -> int:
    """Seconds that a lane is after its plan; less than nothing when it is before it."""
    stretch = run.stretch
    if stretch is None or run.plan.speed == 0:
        return 0
    here = run.lanes[lane]
    steps = stretch.segments[lane].steps
    place = stretch.segments[lane].places.get(here.step or "", -1)
    planned = run.ideal(stretch, steps[place]) if place >= 0 else run.origin_at + timedelta(seconds=stretch.start_s)
    late = [here.anchor(now) - planned]
    if place + 1 < len(steps) and waits_for_hand(run, here, steps[place + 1]):
        late.append(now - run.ideal(stretch, steps[place + 1]))
    return round(max(late).total_seconds())


def _due(run: Run, stretch: Stretch, step: Step, before: datetime, seen: dict[str, datetime]) -> datetime:
    """When a step comes after the one *before* it: lateness is caught up in breaks, floors are kept."""
    at = before + timedelta(seconds=step.gap_s)
    late = at - run.ideal(stretch, step)
    if late > timedelta():
        at -= min(late, timedelta(seconds=step.give_s))
    elif step.waits:
        at -= late
    for cue, least_s in step.floors:
        since = seen.get(cue) or run.given.get(cue)
        if since is not None and cue not in run.passed:
            at = max(at, since + timedelta(seconds=least_s))
    return at


def _tell(told: Forecast, steps: Sequence[tuple[Step, datetime]], present: str | None, ends_at: datetime) -> None:
    """Enter one lane's steps: an item ends where the next one begins, the last one where all meet again."""
    item, since = present, None
    for step, at in steps:
        if step.kind == "cue":
            told.cues[step.name] = at
        if step.kind != "end" and (step.kind == "item" or step.opens) and step.item != item:
            if item is not None:
                told.items[item] = since, at
            item, since = step.item, at
    if item is not None:
        told.items[item] = since, ends_at


def _last(steps: Iterator[tuple[Step, datetime]]) -> datetime:
    *_, (_end, at) = steps
    return at
