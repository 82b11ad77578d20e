"""Who is there: noted for attendance while screens are on, counted for whoever runs the day."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from sqlmodel import col, select

from conference.core.clock import Clock
from conference.core.store import Store
from conference.people import NATIONAL, Beat, People
from conference.people import views as people_views
from conference.people.attendance import figures
from conference.tables import Day, Item
from web.floor import GLANCE, Floor, Glance

AT_ONCE: Final = 250  # people noted in one go; ten thousand would keep all votes waiting for a third of a second
ROUND_S: Final = (5.0, 60.0)  # between two rounds of noting: one programme minute, within these bounds
SHORTEST: Final = timedelta(seconds=1)
PRESENT: Final = timedelta(minutes=2)  # two rounds

log = logging.getLogger(__name__)


class Presence:
    """Notes, a programme minute at a time, whose screens this process holds a line to, and who fetches pages or the state without one."""

    def __init__(self, store: Store, clock: Clock, people: People, floor: Floor) -> None:
        self._store, self._clock, self._people, self._floor = store, clock, people, floor
        self._noted: dict[tuple[str, str], int] = {}
        self._told: dict[tuple[str, str], Glance] = {}
        self._alive: dict[tuple[str, str], bool] = {}

    def here(self, day: str, person: str, *, touched: bool) -> None:
        """Somebody is at this screen, or it would be told if somebody were; noted in the next round."""
        self._alive[day, person] = touched or self._alive.get((day, person), False)

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
                fastest = await self.note()
                pause_s = min(max(60 / fastest, ROUND_S[0]), ROUND_S[1])
            except Exception as error:  # the database is away; the next round notes the minutes since
                if not self._store.noted(error):
                    log.exception("attendance was not noted")

    async def note(self) -> float:
        """One round; how fast the fastest day goes."""
        days = await self._live()
        beats = self.beats(days)
        for start in range(0, len(beats), AT_ONCE):
            await asyncio.gather(*map(self._people.attend, beats[start : start + AT_ONCE]))
        return max((running.day.speed for running in days.values()), default=0.0) or 1.0

    async def _live(self) -> dict[str, Running]:
        if not len(self._floor.browsers) and not self._floor.browsers.glances and not self._alive:
            return {}
        async with self._store.reading() as session:
            days = (await session.exec(select(Day).where(Day.state == "live"))).all()
            names = [day.day for day in days]
            items = (
                await session.exec(select(Item).where(col(Item.day).in_(names), Item.lane == NATIONAL).order_by(col(Item.position)))
            ).all()
        return {day.day: Running(day, [item for item in items if item.day == day.day]) for day in days}

    def beats(self, live: Mapping[str, Running]) -> list[Beat]:
        """For each person with a browser here, the minutes since they were last noted; for others, those in which they fetched pages,
        or somebody was said to be here while another process has the line.
        """
        beats, at = dict[tuple[str, str], Beat](), self._clock.now()
        alive, self._alive = self._alive, {}
        minutes = {day: running.minute(at) for day, running in live.items()}
        for browser in self._floor.browsers:
            key = (browser.day, browser.viewer.person)
            if (now := minutes.get(browser.day)) is None or key in beats:
                continue
            first = self._noted[key] if key in self._noted else live[browser.day].minute(browser.arrived_at)
            beats[key] = Beat(*key, now if first is None else min(first, now), now, alive.get(key))
        self._noted = {key: beat.last for key, beat in beats.items()}
        glances = list(self._glances(live, beats, at))
        elsewhere = alive.keys() - beats.keys() - {(beat.day, beat.person) for beat in glances}
        others = [Beat(*key, now, now, alive[key]) for key in sorted(elsewhere) if (now := minutes.get(key[0])) is not None]
        return [*beats.values(), *glances, *others]

    def _glances(self, live: Mapping[str, Running], noted: Collection[tuple[str, str]], at: datetime) -> Iterator[Beat]:
        """Of those who hold no line, each stretch from its first page to its last; the time after the last page is nobody's."""
        kept = self._floor.browsers.glances
        for key, glance in list(kept.items()):
            day = live.get(key[0])
            first, last = (day.minute(glance.first), day.minute(glance.last)) if day else (None, None)
            if last is not None and key not in noted and self._told.get(key) != glance:
                yield Beat(*key, last if first is None else first, last, alive=True)
            if at - glance.last > GLANCE:
                del kept[key]
        self._told = dict(kept)


@dataclass(frozen=True)
class Running:
    """A live day, and where its programme is.

    Attributes:
        items: of the national lane, in their order.
    """

    day: Day
    items: Sequence[Item]

    @cached_property
    def _starts(self) -> list[datetime]:
        """Of all items; asked of each for ten thousand people, a row takes ten times as long."""
        return [item.starts_at for item in self.items]

    def minute(self, at: datetime) -> int | None:
        """The minute of the programme at a moment, counted from its planned beginning; ``None`` before the first item.

        A day that runs late, or is compressed, goes through its programme at another pace than the clock: evenly within each item.
        """
        begun = [n for n, starts_at in enumerate(self._starts) if starts_at <= at]
        if not begun:
            return None
        item = self.items[begun[-1]]
        share = min((at - item.starts_at) / max(item.ends_at - item.starts_at, SHORTEST), 1.0)
        planned = item.planned_starts_at + share * (item.planned_ends_at - item.planned_starts_at)
        return int((planned - self.day.planned_starts_at).total_seconds() // 60)
