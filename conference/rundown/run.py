"""Where a run stands: the plan, and how far each lane has come in it. Values, read from rows and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self

from conference.rundown.plan import NATIONAL, Plan, Segment, Step, Stretch


@dataclass(frozen=True)
class Undo:
    """What the last GO or skip of a lane can be taken back to.

    Attributes:
        cue: the cue that was given or skipped.
        given: whether it was given.
        at: when.
        block: where; nothing is taken back into a block that is over.
        step, before, anchor_at, item, by_hand: the lane as it stood.
        passed: the cues of the lane that were skipped already.
        shown: what its viewers saw.
    """

    cue: str
    given: bool
    at: datetime
    block: int
    step: str | None
    before: str | None
    anchor_at: datetime
    item: str | None
    by_hand: str | None
    passed: tuple[str, ...]
    shown: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Lane:
    """Where one lane stands in the present block; the columns of `conference.rundown.tables.Track`."""

    lane: str
    anchor_at: datetime
    step: str | None = None
    cue: str | None = None
    item: str | None = None
    held_at: datetime | None = None
    by_hand: str | None = None
    driven: bool = False
    undo: Undo | None = None
    late_in: str | None = None
    late_until: datetime | None = None

    def anchor(self, now: datetime) -> datetime:
        """From when the time to the next step counts; while the lane is held it does not count at all."""
        return self.anchor_at if self.held_at is None else self.anchor_at + max(now - self.held_at, timedelta())


@dataclass(frozen=True)
class Run:
    """A whole run.

    Attributes:
        origin_at: when the first block begins.
        block: the present one's place in the plan; -1 before the first.
        block_at: when it began.
        lanes: every lane; outside regional blocks only the national one moves.
        given: when each cue was given that has been.
        passed: cues that were skipped or cut.
        auto: the simulated operator presses GO.
        over: nothing more is given.
    """

    day: str
    plan: Plan
    origin_at: datetime
    block: int
    block_at: datetime
    lanes: Mapping[str, Lane]
    given: Mapping[str, datetime]
    passed: frozenset[str]
    auto: bool = False
    over: bool = False

    @property
    def stretch(self) -> Stretch | None:
        """The present block."""
        return self.plan.stretches[self.block] if self.block >= 0 else None

    @property
    def next_stretch(self) -> Stretch | None:
        """The block after it."""
        return self.plan.stretches[self.block + 1] if self.block + 1 < len(self.plan.stretches) else None

    def here(self) -> list[str]:
        """The lanes that have steps of their own in the present block, the national one first."""
        stretch = self.stretch
        if stretch is None:
            return [NATIONAL]
        return [lane for lane in self.plan.lanes if lane in stretch.segments and self.driver(lane) == lane and not self.lanes[lane].late_in]

    def late(self) -> list[str]:
        """The regions that finish what they had begun in a regional block, while the others have met."""
        return [lane for lane in self.plan.lanes if self.lanes[lane].late_in]

    def moving(self) -> list[str]:
        """The lanes that have steps of their own now, in the present block or in one that they are late in; the national one first."""
        return [*self.here(), *self.late()]

    def driver(self, lane: str) -> str:
        """Whose steps *lane* follows now."""
        if self.lanes[lane].late_in:
            return lane
        return self.stretch.driver(lane) if self.stretch else NATIONAL

    def place(self, lane: str) -> int:
        """Which block a lane is in."""
        late_in = self.lanes[lane].late_in
        return self.plan.places[late_in] if late_in else self.block

    def stretch_of(self, lane: str) -> Stretch:
        """The block that a lane is in, once the first one has begun."""
        assert self.block >= 0
        return self.plan.stretches[self.place(lane)]

    def segment(self, lane: str) -> Segment:
        """What a moving lane does in its block."""
        return self.stretch_of(lane).segments[lane]

    def left(self, lane: str) -> tuple[Step, ...]:
        """The steps that a moving lane has not taken in its block."""
        return self.segment(lane).after(self.lanes[lane].step) if self.stretch else ()

    def ideal(self, stretch: Stretch, step: Step) -> datetime:
        """When a step comes if nobody is late."""
        return self.origin_at + timedelta(seconds=stretch.start_s + step.at_s)

    def with_lane(self, lane: str, **changes: Any) -> Self:
        """The run with one lane changed."""
        return replace(self, lanes={**self.lanes, lane: replace(self.lanes[lane], **changes)})


def new_run(day: str, plan: Plan, origin_at: datetime, *, auto: bool) -> Run:
    """A run that has not begun."""
    lanes = {lane: Lane(lane, origin_at) for lane in plan.lanes}
    return Run(day, plan, origin_at, -1, origin_at, lanes, {}, frozenset(), auto)
