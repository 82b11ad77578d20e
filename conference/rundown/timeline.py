"""When everything comes, as far as can be known now: one walk along the steps, for the clock and for what is told. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from conference.rundown.overrun import How
from conference.rundown.plan import NATIONAL, OPERATOR_S, Step, Stretch
from conference.rundown.run import Lane, Run

READY = timedelta(seconds=1)  # what ends so much later is in time: a clock is looked at no more often
SLIGHT = timedelta(seconds=5)  # nobody is told of an overrun that nobody sees


@dataclass(frozen=True)
class Forecast:
    """When things that have not happened are expected.

    Attributes:
        items: beginning (``None`` when it has begun) and end of each item that is not over.
        cues: each coming cue.
        ends_at: the end of the last block.
        returns: of each region that is apart, when it goes back to the country, and how.
    """

    ends_at: datetime
    items: dict[str, tuple[datetime | None, datetime]] = field(default_factory=dict)
    cues: dict[str, datetime] = field(default_factory=dict)
    returns: dict[str, tuple[datetime, How]] = field(default_factory=dict)


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


def meets_at(stretch: Stretch, ends: dict[str, datetime], begun_at: datetime) -> datetime:
    """When all lanes meet again: with the last of them, but a late region is not waited for longer than its rule says."""
    meets = [ends[NATIONAL]]
    for lane, at in ends.items():
        if lane != NATIONAL:
            waited_s = stretch.segments[lane].length_s + stretch.overruns[lane].waits_s
            meets.append(min(at, begun_at + timedelta(seconds=waited_s)))
    return max(meets)


def block_ends_at(run: Run, now: datetime) -> datetime:
    """When the present block is expected to end."""
    stretch = run.stretch
    if stretch is None:
        return run.origin_at
    return meets_at(stretch, _ends(run, now), run.block_at)


def finishing(run: Run, now: datetime) -> dict[str, datetime]:
    """The regions that go on when the others meet *now*, and until when at the most."""
    stretch, following = run.stretch, run.next_stretch
    if stretch is None or following is None or not stretch.regional or following.regional or run.plan.speed == 0:
        return {}
    ends = _ends(run, now)
    until = {
        lane: run.block_at + timedelta(seconds=stretch.segments[lane].length_s + stretch.overruns[lane].alone_s)
        for lane in run.here()
        if lane != NATIONAL and stretch.overruns[lane].rule == "finish"
    }
    return {lane: most for lane, most in until.items() if min(ends[lane], most) > now + READY}


def joins_at(run: Run, lane: str, now: datetime) -> datetime:
    """When a late region is done, or must be."""
    until = run.lanes[lane].late_until
    assert until is not None
    return min(_last(walk(run, run.stretch_of(lane), run.lanes[lane], now)), until)


def returns(run: Run, now: datetime) -> dict[str, tuple[datetime, How]]:
    """When each region that is apart goes back to the country, and how: as planned, waited for, cut short, or later than the others."""
    stretch = run.stretch
    if run.over or stretch is None or run.plan.speed == 0:
        return {}
    back: dict[str, tuple[datetime, How]] = {lane: (joins_at(run, lane, now), "late") for lane in run.late()}
    if not stretch.regional or run.next_stretch is None:
        return back
    ends = _ends(run, now)
    meets = meets_at(stretch, ends, run.block_at)
    later: Mapping[str, datetime] | None = None
    for lane in ends.keys() - {NATIONAL}:
        without = meets_at(stretch, {one: at for one, at in ends.items() if one != lane}, run.block_at)
        slot_ends = max(without, run.block_at + timedelta(seconds=stretch.segments[lane].length_s))
        if ends[lane] <= slot_ends + SLIGHT:
            back[lane] = meets, "together"
            continue
        later = finishing(run, meets) if later is None else later
        if lane in later:
            back[lane] = min(ends[lane], later[lane]), "late"
        else:
            back[lane] = meets, "held" if ends[lane] <= meets + READY else "cut"
    return back


def _ends(run: Run, now: datetime) -> dict[str, datetime]:
    """When each lane of the present block is done."""
    return {lane: _last(walk(run, run.stretch_of(lane), run.lanes[lane], now)) for lane in run.here()}


def forecast(run: Run, now: datetime) -> Forecast:
    """Everything that is still to come."""
    told = Forecast(max(now, run.origin_at))
    begins_at = run.origin_at
    for place in range(max(run.block, 0), len(run.plan.stretches)):
        stretch = run.plan.stretches[place]
        present = place == run.block
        begun_at = run.block_at if present else max(begins_at, now)
        lanes = run.here() if present else [lane for lane in run.plan.lanes if stretch.driver(lane) == lane]
        walks = {lane: list(walk(run, stretch, run.lanes[lane] if present else Lane(lane, begun_at), now)) for lane in lanes}
        begins_at = meets_at(stretch, {lane: steps[-1][1] for lane, steps in walks.items()}, begun_at)
        for lane, steps in walks.items():
            _tell(told, steps, run.lanes[lane].item if present else None, begins_at)
    for lane in run.late():
        steps = list(walk(run, run.stretch_of(lane), run.lanes[lane], now))
        _tell(told, steps, run.lanes[lane].item, joins_at(run, lane, now))
    return replace(told, ends_at=begins_at, returns=returns(run, now))


def drift_s(run: Run, lane: str, now: datetime) -> int:
    """Seconds that a lane is after its plan; less than nothing when it is before it."""
    if run.stretch is None or run.plan.speed == 0:
        return 0
    here, stretch = run.lanes[lane], run.stretch_of(lane)
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
