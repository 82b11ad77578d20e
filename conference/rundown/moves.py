"""Moving a run: taking steps, crossing into the next block, bringing everybody together again. Pure; the rules decide when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from conference.rundown.plan import NATIONAL, Step
from conference.rundown.run import Lane, Run

NOBODY: Final[Mapping[str, datetime]] = MappingProxyType({})
CLOSING = frozenset({"close_poll", "close_questions", "close_chat", "close_evaluation"})  # what must not stay open when a region is cut


@dataclass(frozen=True)
class Began:
    """A block began; the regions that are ``late`` finish what they do in the one before it."""

    block: int
    late: tuple[str, ...] = ()


@dataclass(frozen=True)
class Joined:
    """A late region is together with the others again."""

    lane: str


@dataclass(frozen=True)
class On:
    """An item began in a lane."""

    lane: str
    item: str


@dataclass(frozen=True)
class Off:
    """An item is over; ``back`` when it is yet to come again, because somebody went back."""

    lane: str
    item: str
    back: bool = False


@dataclass(frozen=True)
class Given:
    """A cue was given by ``clock``, ``hand`` or ``operator``; ``again`` when somebody went back to it."""

    lane: str
    cue: str
    by: str
    again: bool = False


@dataclass(frozen=True)
class Passed:
    """A cue will not be given: skipped, or ``cut`` because all meet again."""

    lane: str
    cue: str
    cut: bool = False


@dataclass(frozen=True)
class TakenBack:
    """The last GO or skip of a lane was taken back; ``cues`` are coming again, ``given`` those that had been given."""

    lane: str
    cues: tuple[str, ...]
    given: tuple[str, ...]
    shown: dict[str, Any]


@dataclass(frozen=True)
class Held:
    """Nothing is given by clock in a lane."""

    lane: str


@dataclass(frozen=True)
class Resumed:
    """The clock goes on in a lane."""

    lane: str


@dataclass(frozen=True)
class Extended:
    """Everything in a lane comes later."""

    lane: str
    seconds: int


Happening: TypeAlias = Began | Joined | On | Off | Given | Passed | TakenBack | Held | Resumed | Extended


class Moving:
    """A run on the move.

    Attributes:
        run: as it stands.
        at: the moment.
        happened: what came of it, in order.
    """

    def __init__(self, run: Run, at: datetime) -> None:
        self.run, self.at = run, at
        self.happened: list[Happening] = []

    def take(self, lane: str, step: Step, anchor: datetime, by: str) -> None:
        """Take a step: begin its item, give its cue unless it was skipped. The next step counts from *anchor*."""
        if step.kind == "item" or step.opens:
            self._begin_item(lane, step.item)
        self._stand(lane, step, anchor)
        if step.kind == "cue" and step.name not in self.run.passed:
            self.give(lane, step.name, by, anchor)

    def give(self, lane: str, cue: str, by: str, at: datetime, *, again: bool = False) -> None:
        """Give a cue."""
        self.run = replace(self.run.with_lane(lane, cue=cue), given={**self.run.given, cue: at})
        self.happened.append(Given(lane, cue, by, again))
        if self.run.plan.cues[cue].do == "end_day":
            self.end()

    def skip(self, lane: str, cue: str, *, cut: bool = False) -> None:
        """Never give it."""
        self.run = replace(self.run, passed=self.run.passed | {cue})
        self.happened.append(Passed(lane, cue, cut))

    def cross(self, anchor: datetime, finishing: Mapping[str, datetime] = NOBODY) -> None:
        """Begin the next block: whatever a region has left is closed or cut, and its viewers are taken along.

        Args:
            finishing: the regions that go on in the old one instead, and until when at the most.
        """
        before, stretch = self.run.stretch, self.run.next_stretch
        assert stretch is not None
        if stretch.regional:
            self.join_all()
        for lane in self.run.here():
            if before and lane in finishing:
                self.run = self.run.with_lane(lane, late_in=before.block, late_until=finishing[lane])
            else:
                self._finish(lane)
        self.run = replace(self.run, block=self.run.block + 1, block_at=anchor)
        for lane in self.run.here():
            held_at = self.at if lane == NATIONAL and self.run.lanes[lane].held_at else None
            cue = self.run.lanes[lane].cue if lane == NATIONAL else None
            fresh = Lane(lane, anchor, cue=cue, held_at=held_at)
            self.run = replace(self.run, lanes={**self.run.lanes, lane: fresh})
        self.happened.append(Began(self.run.block, tuple(finishing)))

    def join(self, lane: str) -> None:
        """Take a late region along: what it has left is closed or cut."""
        self._finish(lane)
        self.run = self.run.with_lane(lane, late_in=None, late_until=None)
        self.happened.append(Joined(lane))

    def join_all(self) -> None:
        """Take every late region along."""
        for lane in self.run.late():
            self.join(lane)

    def cut_short(self, lane: str) -> None:
        """Give what closes something that is open in a lane, and nothing else of what it has left in this block."""
        for step in self.run.left(lane):
            if step.kind == "cue" and step.name not in self.run.passed:
                self._close_or_cut(lane, step.name)

    def end(self) -> None:
        """The day is over: every item that is on is done, and nothing more is given."""
        for lane in self.run.moving():
            item = self.run.lanes[lane].item
            if item:
                self.happened.append(Off(lane, item))
            self.run = self.run.with_lane(lane, item=None, late_in=None, late_until=None)
        self.run = replace(self.run, over=True)

    def come_back(self, lane: str, to: Lane, passed: frozenset[str]) -> tuple[str, ...]:
        """Put a lane back to where it stood in this block; answers with the cues that are coming again.

        Args:
            passed: the cues, of any lane, that stay skipped.
        """
        segment = self.run.segment(lane)
        place = segment.places.get(to.step or "", -1)
        later = {step.name for step in segment.cues() if segment.places[step.key] > place}
        kept = (self.run.passed - later) | (passed & later)
        again = tuple(
            step.name for step in segment.cues() if step.name in later and step.name in {*self.run.given, *self.run.passed} - kept
        )
        self._back_to_item(lane, to.item)
        given = {cue: at for cue, at in self.run.given.items() if cue not in later}
        self.run = replace(self.run, given=given, passed=kept, lanes={**self.run.lanes, lane: to})
        return again

    def _back_to_item(self, lane: str, item: str | None) -> None:
        here = self.run.lanes[lane].item
        if here == item:
            return
        if here:
            self.happened.append(Off(lane, here, back=True))
        if item:
            self.happened.append(On(lane, item))

    def _begin_item(self, lane: str, item: str) -> None:
        old = self.run.lanes[lane].item
        if old == item:
            return
        if old:
            self.happened.append(Off(lane, old))
        self.happened.append(On(lane, item))
        self.run = self.run.with_lane(lane, item=item)

    def _stand(self, lane: str, step: Step, anchor: datetime) -> None:
        held = self.run.lanes[lane].held_at
        self.run = self.run.with_lane(lane, step=step.key, anchor_at=anchor, held_at=self.at if held else None, by_hand=None)

    def _finish(self, lane: str) -> None:
        """Give a region's closing cues and cut the rest; without a clock nobody cut it short, so all of its cues are given."""
        if lane != NATIONAL:
            undriven = self.run.plan.speed == 0 and not self.run.lanes[lane].driven
            for step in self.run.left(lane):
                if undriven and step.kind != "end":
                    self.take(lane, step, self.at, "hand")
                elif step.kind == "cue" and step.name not in self.run.passed:
                    self._close_or_cut(lane, step.name)
        item = self.run.lanes[lane].item
        if item:
            self.happened.append(Off(lane, item))
            self.run = self.run.with_lane(lane, item=None)

    def _close_or_cut(self, lane: str, name: str) -> None:
        cue = self.run.plan.cues[name]
        if cue.do in CLOSING and self._was_opened(lane, cue.args.get("poll")):
            self.give(lane, name, "clock", self.at)
        else:
            self.skip(lane, name, cut=True)

    def _was_opened(self, lane: str, poll: object) -> bool:
        given = (self.run.plan.cues[cue] for cue in self.run.given)
        return poll is None or any(cue.do == "open_poll" and cue.lane == lane and cue.args["poll"] == poll for cue in given)
