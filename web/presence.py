"""Who is there: noted for attendance while screens are on, counted for whoever runs the day."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import select

from conference.core.clock import Clock
from conference.core.store import Store
from conference.people import Beat, People, programme_minute
from conference.people import views as people_views
from conference.people.attendance import figures
from conference.tables import Day
from web.floor import Floor

ROUND_S: Final = (5.0, 60.0)  # between two rounds of noting: one programme minute, within these bounds
PRESENT: Final = timedelta(minutes=2)  # two rounds

log = logging.getLogger(__name__)


class Presence:
    """Notes, a programme minute at a time, whose screens this process holds a line to."""

    def __init__(self, store: Store, clock: Clock, people: People, floor: Floor) -> None:
        self._store, self._clock, self._people, self._floor = store, clock, people, floor
        self._noted: dict[tuple[str, str], int] = {}

    async def now(self, day: str) -> dict[str, Any]:
        """Who is there now, and who took part so far: screens, people, named, low, high."""
        async with self._store.reading() as session:
            there = await people_views.presence(session, day, self._clock.now() - PRESENT)
            whole = figures(await people_views.joined(session, day))
        return {"screens": there["devices"], "people": there["people"], "named": whole.named, "low": whole.low, "high": whole.high}

    async def run(self) -> None:
        """Note, for ever."""
        pause_s = ROUND_S[0]
        while True:
            await asyncio.sleep(pause_s)
            try:
                days = await self._live()
                await asyncio.gather(*map(self._people.attend, self.beats(days)))
                fastest = max((day.speed for day in days.values()), default=0.0) or 1.0
                pause_s = min(max(60 / fastest, ROUND_S[0]), ROUND_S[1])
            except Exception:  # the database is away; the next round notes the minutes since
                log.exception("attendance was not noted")

    async def _live(self) -> dict[str, Day]:
        if not len(self._floor.browsers):
            return {}
        async with self._store.reading() as session:
            return {day.day: day for day in await session.exec(select(Day).where(Day.state == "live"))}

    def beats(self, live: dict[str, Day]) -> list[Beat]:
        """For each person with a browser here, the minutes since they were last noted."""
        beats, now_s = dict[tuple[str, str], Beat](), self._clock.now()
        for browser in self._floor.browsers:
            key = (browser.day, browser.viewer.person)
            if (day := live.get(browser.day)) is None or key in beats or now_s < day.starts_at:
                continue
            now = _minute(day, now_s)
            first = self._noted.get(key, _minute(day, browser.arrived_at))
            beats[key] = Beat(*key, max(0, min(first, now)), now)
        self._noted = {key: beat.last for key, beat in beats.items()}
        return list(beats.values())


def _minute(day: Day, at: datetime) -> int:
    return programme_minute(at - day.starts_at, day.speed or 1.0)
