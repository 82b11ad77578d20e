"""What the house does by itself: give cues by the clock, let features react to them, close what is due."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from sqlmodel import col, select

from conference.core.actor import Actor
from conference.core.log import LogHead
from conference.core.reactor import Position, Reactions, Reactor
from conference.core.store import Store
from conference.tables import Day
from web.errands import Errands

LOOK_S: Final = 0.5  # how late a new day is noticed, and a poll closes by its clock
AGAIN_S: Final = 1.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Closer:
    """Does by the clock what is due, such as closing what is open longer than it should.

    Attributes:
        due: the days on which something is.
        close: closes one thing of a day, and says how many were due.
    """

    due: Callable[[], Awaitable[Sequence[str]]]
    close: Callable[[Actor], Awaitable[int]]


@dataclass(frozen=True)
class Working:
    """What works for every day.

    Attributes:
        reactions: what features do about events of lower floors.
        packers: run beside each day, such as the one that brings its films to the media process.
        closers: what has a time to close at.
        unpacked: the days that packers have something to do for. A day that has ended has packers for as long as it is one of them.
    """

    reactions: Sequence[Reactions]
    packers: Sequence[Callable[[str], Awaitable[None]]] = ()
    closers: Sequence[Closer] = ()
    unpacked: Callable[[], Awaitable[Sequence[str]]] | None = None


_UNFINISHED: Final = (
    select(col(Position.day)).join(LogHead, col(LogHead.day) == col(Position.day)).where(col(Position.seq) < col(LogHead.seq)).distinct()
)
"""Days with something in their log that a feature has perhaps not reacted to: it died between the last cue and its effect."""


@dataclass
class Rounds:
    """Goes round the days of the installation, for as long as its errands run."""

    store: Store
    reactor: Reactor
    errands: Errands
    working: Working
    _begun: set[str] = field(default_factory=set)
    _packed: dict[str, list[asyncio.Task[None]]] = field(default_factory=dict)  # days that had ended when we first saw them
    _followed: set[str] = field(default_factory=set)

    async def run(self) -> None:
        """Notice days, and close what is due."""
        while True:
            try:
                await self._look()
            except Exception as error:  # the database is away; the next round looks again
                if not self.store.noted(error):
                    log.exception("a round failed")
                await asyncio.sleep(AGAIN_S)
            await asyncio.sleep(LOOK_S)

    async def _look(self) -> None:
        async with self.store.reading() as session:
            days = list(await session.exec(select(Day.day, Day.state).where((col(Day.state) != "ended") | col(Day.day).in_(_UNFINISHED))))
        for day, state in days:
            if day not in self._begun:
                self._begun.add(day)
                self._begin(day) if state != "ended" else self._finish(day)
        await self._pack_late()
        for closer in self.working.closers:
            for name in await closer.due():
                await self._close(closer, name)

    async def _close(self, closer: Closer, day: str) -> None:
        try:
            while await closer.close(Actor.house(day)) > 1:
                pass
        except Exception as error:  # one day that cannot be closed must not keep the others open
            if not self.store.noted(error):
                log.exception("what is due on %s could not be closed", day)

    def _finish(self, day: str) -> None:
        """A day that had ended when this process began: react to what nobody has reacted to."""
        for reactions in self.working.reactions:
            self.errands.run(self.reactor.catch_up(day, reactions), f"{reactions.name} of {day}")

    def _begin(self, day: str) -> None:
        self._followed.add(day)
        for reactions in self.working.reactions:
            self.errands.run(self._for_ever(partial(self.reactor.follow, day, reactions), reactions.name), f"{reactions.name} of {day}")
        self._pack(day)

    def _pack(self, day: str) -> list[asyncio.Task[None]]:
        packers = self.working.packers
        return [self.errands.run(self._for_ever(partial(packer, day), "packing"), f"packing of {day}") for packer in packers]

    async def _pack_late(self) -> None:
        """What nobody had packed when its day ended, or what a day got afterwards, must not wait for ever."""
        waiting = set(await self.working.unpacked()) if self.working.unpacked else set()
        for day in self._packed.keys() - waiting:
            for task in self._packed.pop(day):
                task.cancel()
        for day in waiting - self._packed.keys() - self._followed:
            self._packed[day] = self._pack(day)

    async def _for_ever(self, work: Callable[[], Awaitable[None]], name: str) -> None:
        while True:
            try:
                await work()
            except Exception as error:  # most likely the database is away
                if not self.store.noted(error):
                    log.exception("%s stopped; it goes on in %s s", name, AGAIN_S)
            await asyncio.sleep(AGAIN_S)
