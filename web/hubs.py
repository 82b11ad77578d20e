"""The hubs of this process: one for each day that somebody looks at, fed by one follower of the day's log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from functools import partial
from typing import Final

from conference.core.bus import Bus, follow
from conference.core.event import Entry
from conference.core.log import head, since
from conference.core.store import Store
from web.errands import Errands
from web.hub import Hub
from web.painter import Painter
from web.ring import RING_MOST, Ring
from web.shows import Stage

RETRY_S: Final = 1.0  # between two tries to read the log while the database is away

log = logging.getLogger(__name__)


class _Replaced(Exception):
    """The log of the day is another one now: a backup was restored."""


class Hubs:
    """Opens the hub of a day when it is first asked for, and keeps it.

    Args:
        heard: told every entry of every day that is followed here, for caches that must notice a change made elsewhere.
    """

    def __init__(self, store: Store, bus: Bus, stage: Stage, errands: Errands, heard: Callable[[Entry], None]) -> None:
        self._store, self._bus, self._stage, self._errands, self._heard = store, bus, stage, errands, heard
        self._hubs: dict[str, Hub] = {}
        self._painters: dict[str, Painter] = {}
        self._opening: dict[str, asyncio.Lock] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, store: Store, bus: Bus, stage: Stage, heard: Callable[[Entry], None]) -> AsyncIterator[Hubs]:
        """Followers and senders live as long as this block."""
        async with Errands() as errands:
            yield cls(store, bus, stage, errands, heard)

    def ready(self, day: str) -> Hub | None:
        """The hub of *day* if it is open."""
        return self._hubs.get(day)

    @property
    def all(self) -> dict[str, Hub]:
        """Those that are open, by day."""
        return dict(self._hubs)

    def move(self, day: str, feature: str) -> None:
        """Something that a feature shows has changed without an event; if nobody looks at the day here, nobody needs to know."""
        if painter := self._painters.get(day):
            painter.move([feature])

    async def attend(self, day: str) -> bool:
        """From now on changes of *day* are heard here; answers whether they were before."""
        before = day in self._hubs
        await self.of(day)
        return before

    async def of(self, day: str) -> Hub:
        """The hub of *day*, opened if need be."""
        if day not in self._hubs:
            async with self._opening.setdefault(day, asyncio.Lock()):
                if day not in self._hubs:
                    hub = Hub(await self._ring(day))
                    painter = Painter(self._store, self._stage, day, hub)
                    self._errands.run(hub.run(), f"hub of {day}")
                    self._errands.run(painter.run(), f"painter of {day}")
                    self._errands.run(self._feed(day, hub, painter), f"follower of {day}")
                    self._hubs[day], self._painters[day] = hub, painter
        return self._hubs[day]

    async def _ring(self, day: str) -> Ring:
        """The newest entries, read once: those who come back after a restart of the server are caught up without the database."""
        async with self._store.reading() as session:
            end = await head(session, day)
            if end is None:
                return Ring("", 0)
            start = max(0, end.seq - RING_MOST)
            entries = await since(session, day, start, most=RING_MOST)
        ring = Ring(end.epoch, start)
        for shown in await self._stage.show(entries):
            ring.add(shown)
        return ring

    async def _feed(self, day: str, hub: Hub, painter: Painter) -> None:
        while True:
            try:
                with suppress(_Replaced):
                    await self._follow(day, hub, painter)
                log.warning("the log of %s was replaced: all screens start afresh", day)
                hub.restart(await self._ring(day))
            except Exception as error:  # the database is away, or an event is newer than this program
                if not self._store.noted(error):
                    log.exception("the log of %s cannot be read; next try in %s s", day, RETRY_S)
                await asyncio.sleep(RETRY_S)

    async def _follow(self, day: str, hub: Hub, painter: Painter) -> None:
        async with aclosing(follow(self._bus, day, hub.ring.upto, partial(self._missed, day, hub))) as news:
            async for entries in news:
                if any(entry.epoch != hub.ring.epoch for entry in entries):
                    raise _Replaced
                hub.take(await self._stage.show(entries))
                painter.stir(entries)
                for entry in entries:
                    self._heard(entry)

    async def _missed(self, day: str, hub: Hub, seq: int) -> list[Entry]:
        async with self._store.reading() as session:
            end = await head(session, day)
            if end is None:
                return []
            if end.epoch != hub.ring.epoch:
                raise _Replaced
            return await since(session, day, seq) if end.seq > seq else []
