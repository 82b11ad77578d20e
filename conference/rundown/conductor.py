"""The one who looks at the clock: calls `Rundown.tick` whenever a live day has something due."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import col, select

from conference.core.actor import Actor
from conference.core.clock import Clock
from conference.core.store import Store
from conference.rules import DayState
from conference.rundown import rules
from conference.rundown.loading import Reader, load
from conference.rundown.run import Run
from conference.rundown.service import Rundown
from conference.rundown.tables import Running
from conference.tables import Day

PULSE_S = 0.25  # how late a cue may come because nobody looked
AGAIN_S = 1.0  # the database is away
BROKEN_REST = timedelta(seconds=5)  # a day that cannot go on is tried again, but does not fill the log
TELLS_EVERY = timedelta(seconds=10)  # while a cue waits for a hand, the programme's times are told anew so often

log = logging.getLogger(__name__)


@dataclass
class _Watched:
    """A day as it stood when it was last read."""

    moves: int
    run: Run
    ticked_at: datetime


@dataclass
class Conductor:
    """Watches the live days of one process; several may watch the same day. Owned by whoever runs it in a task group.

    Attributes:
        pulse_s: how long it naps at most; only a day that nobody touches can do with more than the default.
    """

    store: Store
    clock: Clock
    rundown: Rundown
    pulse_s: float = PULSE_S
    _watched: dict[str, _Watched] = field(default_factory=dict)
    _broken: dict[str, datetime] = field(default_factory=dict)

    async def conduct(self) -> None:
        """Look at the clock for as long as the caller lets it run."""
        while True:
            try:
                nap_s = await self.beat()
            except Exception as error:  # a day must go on when its database does
                if not self.store.noted(error):
                    log.exception("nobody looked at the clock this time")
                nap_s = AGAIN_S
            await asyncio.sleep(nap_s)

    async def beat(self) -> float:
        """Look once, give what is due; answers with how many seconds one may sleep."""
        nap_s, now = self.pulse_s, self.clock.now()
        for day, state, moves in await self._days():
            if self._broken.get(day, now) > now:
                continue
            try:
                nap_s = min(nap_s, await self._look(day, moves, ended=state == DayState.ENDED))
            except Exception as error:  # one broken day must not stop the others
                if self.store.noted(error):
                    raise
                log.exception("the run-of-show of %s could not go on", day)
                self._broken[day] = now + BROKEN_REST
        return nap_s

    async def _days(self) -> list[tuple[str, str, int]]:
        """The days that are live or have an open run, their states, and how often each run has moved."""
        wanted = (
            select(Day.day, Day.state, col(Running.moves))
            .join(Running, col(Running.day) == col(Day.day), isouter=True)
            .where((col(Day.state) == DayState.LIVE) | (col(Running.over) == False))  # noqa: E712  (a column)
        )
        async with self.store.reading() as session:
            return [(day, state, moves or 0) for day, state, moves in await session.exec(wanted)]

    async def _look(self, day: str, moves: int, *, ended: bool) -> float:
        now = self.clock.now()
        watched = self._watched.get(day)
        if watched is None or watched.moves != moves:
            watched = self._watched[day] = _Watched(moves, await self._read(day), watched.ticked_at if watched else now - TELLS_EVERY)
        due = rules.next_due(watched.run, now)
        if ended or moves == 0 or (due and due[0] <= now) or now - watched.ticked_at >= TELLS_EVERY:
            await self.rundown.tick(Actor.house(day))
            self._watched[day] = _Watched(-1, watched.run, now)
            return 0.0
        return min(self.pulse_s, (due[0] - now).total_seconds()) if due else self.pulse_s

    async def _read(self, day: str) -> Run:
        async with self.store.reading() as session:
            row = await session.get(Day, day)
            assert row is not None
            return (await load(Reader(session), row)).run
