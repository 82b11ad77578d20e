"""The screens of a day that see the same, and how a frame comes to all of them.

Most stand in step: they have had every word, and nothing waits in their line. A frame for those is written to their descriptors with no
look at the screens themselves: of ten thousand, hardly one is still in the processor's caches, and to fetch it took as long as half of
the write (`tests/load/RESULTS.md`). The others stand aside, and are asked one by one.
"""

from __future__ import annotations

import asyncio
import os
from typing import Final, Protocol

from conference.core.faces import Viewer
from web.wire import Frame

SLICE: Final = 64  # screens between two turns of the loop: votes get theirs (p99 14 ms, with 512 it is 72 ms)


class Line(Protocol):
    """The way to one screen.

    Attributes:
        blocked: whether it is full: what is sent now would only pile up.
        descriptor: where its frames may be written to as long as it is not blocked; ``None`` for a line that must be asked each time.
            It says so to the hub (`Hub.blocked`) before anything waits in it, and leaves before the descriptor is closed.
    """

    blocked: bool
    descriptor: int | None

    def push(self, frame: Frame) -> None:
        """Send without waiting."""


class Screen(Protocol):
    """One screen as the hub sees it.

    Attributes:
        upto: everything up to here was in its welcome or its last catching up.
        behind: where it was when it was first passed over; ``None`` when it has had everything.
    """

    upto: int
    behind: int | None

    @property
    def viewer(self) -> Viewer:
        """As whom it sees."""

    @property
    def line(self) -> Line:
        """The way to it."""

    def start_afresh(self) -> None:
        """What it missed cannot be told: it needs a new state."""


class Cohort:
    """Its screens; they enter aside, and come into step at the next frame."""

    def __init__(self) -> None:
        self._aside: dict[Screen, None] = {}
        self._in_step: dict[int, Screen] = {}  # by descriptor
        self._descriptors: list[int] | None = None  # the same in a list, until somebody moves
        self._moved: dict[int, Screen | None] = {}  # out of step since the last frame began; None: gone, its descriptor may be another's

    def __len__(self) -> int:
        """How many they are."""
        return len(self._aside) + len(self._in_step)

    @property
    def screens(self) -> list[Screen]:
        """All of them, in no order."""
        return [*self._aside, *self._in_step.values()]

    def __contains__(self, screen: Screen) -> bool:
        """Whether it is one of them."""
        return screen in self._aside or self._in_step.get(-1 if screen.line.descriptor is None else screen.line.descriptor) is screen

    def put_aside(self, screen: Screen) -> None:
        """From now on *screen*, new or not, is asked each time."""
        self._step_out(screen, screen)
        self._aside[screen] = None

    def leave(self, screen: Screen) -> None:
        """Forget *screen*; harmless when it is not here."""
        self._step_out(screen, None)
        self._aside.pop(screen, None)

    def _step_out(self, screen: Screen, who: Screen | None) -> None:
        descriptor = screen.line.descriptor
        if descriptor is not None and self._in_step.get(descriptor) is screen:
            del self._in_step[descriptor]
            self._descriptors = None
            self._moved[descriptor] = who

    def close_up(self, before: int) -> list[Screen]:
        """Bring those into step who have had everything up to *before*; who stays aside."""
        for screen in [*self._aside]:
            line = screen.line
            if line.descriptor is not None and not line.blocked and screen.behind is None and screen.upto <= before:
                del self._aside[screen]
                self._in_step[line.descriptor] = screen
                self._descriptors = None
        return [*self._aside]

    async def write(self, wire: bytes) -> list[Screen]:
        """Write to all in step; those who fell out of it meanwhile, before their turn, and were not written to."""
        self._moved = {}
        missed = list[Screen]()
        for start in range(0, len(descriptors := self._all_descriptors()), SLICE):
            if start:
                await asyncio.sleep(0)
            for descriptor in descriptors[start : start + SLICE]:
                if self._moved and descriptor in self._moved:
                    if (screen := self._moved[descriptor]) is not None:
                        missed.append(screen)
                    continue
                try:
                    wrote = os.write(descriptor, wire)
                except OSError:  # it is full or broken: its line takes it, or finds out
                    wrote = 0
                if wrote != len(wire):
                    self._in_step[descriptor].line.push(Frame(b"", wire[wrote:]))
        return missed

    def _all_descriptors(self) -> list[int]:
        if self._descriptors is None:
            self._descriptors = [*self._in_step]
        return self._descriptors
