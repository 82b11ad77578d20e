"""What is said in a lane, for players: a film's own captions, and the lines that somebody writes live wherever there are none.

All lines of a day are kept at hand; what has changed is read again at most twice a second.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from conference.core.store import Store, StoreUnavailable
from streaming import captions
from streaming.captioning import views
from streaming.captioning.rules import is_shown
from streaming.captioning.tables import DELAY_MS
from streaming.captioning.tables import Caption as Line
from streaming.captions import Caption, Said
from streaming.media.manifest import SEGMENT_MS

FRESH_S = 0.5  # a line that is finished stands for two seconds at least, so a later segment has it
OVERLAP = timedelta(seconds=10)  # what was read is read again so far back: two processes write, and commit in any order
AHEAD_MS = 2_400  # a film's words stand one segment earlier too: a segment is listed when its last picture has been, and fetched later
DAYS_MOST = 16  # days that are watched at the same time

log = logging.getLogger(__name__)


class Viewed(Protocol):
    """What has to be known of a day: see `viewing.ViewedDay`."""

    day: str
    began_at: datetime

    def captions(self, strip: str) -> list[Caption]:
        """The captions of the film that a strip shows; none for anything else."""

    def origin_ms(self, strip: str) -> int:
        """Where a film's showing begins."""

    def duration_ms(self, strip: str) -> int:
        """How long the film is."""


class Words:
    """Cuts the words of lanes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._days: dict[str, _Day] = {}

    async def segment(self, viewed: Viewed, lane: str, strip: str, name: str, *, whole: bool) -> bytes:
        """The WebVTT of one segment.

        Args:
            name: as `captions.words_name` gave it.
            whole: for the recording, in which each line stands when it was said; in a live lane when it was known.

        Raises:
            LookupError: there can be no such segment.
        """
        begins_ms, ends_ms = captions.read_words_name(name)
        if told := viewed.captions(strip):
            return _of_film(viewed, strip, told, begins_ms, ends_ms)
        lines = (await self._of(viewed.day)).of_lane(lane, viewed.began_at, whole=whole)
        return captions.cut(captions.during(lines, begins_ms, ends_ms), begins_ms, ends_ms, 0, goes_on=True)

    async def _of(self, day: str) -> _Day:
        known = self._days.setdefault(day, _Day(day))
        async with known.reading:
            if asyncio.get_running_loop().time() >= known.read_s + FRESH_S:
                try:
                    await known.read(self._store)
                except (SQLAlchemyError, StoreUnavailable, OSError):
                    log.warning("the captions of %s go on as they were: the database is away", day)
                self._forget()
        return known

    def _forget(self) -> None:
        while len(self._days) > DAYS_MOST:
            del self._days[min(self._days, key=lambda day: self._days[day].read_s)]


def _of_film(viewed: Viewed, strip: str, told: Sequence[Caption], begins_ms: int, ends_ms: int) -> bytes:
    origin_ms, over_ms = viewed.origin_ms(strip), viewed.duration_ms(strip)
    first_ms, last_ms = begins_ms - origin_ms, ends_ms - origin_ms
    if not 0 <= first_ms < last_ms <= over_ms:
        raise LookupError(strip)
    goes_on = last_ms % SEGMENT_MS == 0 or last_ms == over_ms
    return captions.cut(told, first_ms, last_ms + AHEAD_MS * goes_on, origin_ms, goes_on=goes_on)


def _as_read(line: Line | None) -> tuple[object, ...] | None:
    return None if line is None else (line.text, line.touched_at, line.finished_at)


class _Day:
    """The finished lines of a day."""

    def __init__(self, day: str) -> None:
        self.read_s = float("-inf")
        self.reading = asyncio.Lock()
        self._day = day
        self._lines: dict[str, Line] = {}
        self._delays: dict[str, int] = {}
        self._touched_at: datetime | None = None
        self._made: dict[tuple[str, bool], list[Caption]] = {}

    async def read(self, store: Store) -> None:
        """Hear what has changed."""
        since = None if self._touched_at is None else self._touched_at - OVERLAP
        async with store.reading() as session:
            found, delays = await views.finished(session, self._day, since), await views.delays(session, self._day)
        changed = {line.line: line for line in found if _as_read(self._lines.get(line.line)) != _as_read(line)}
        if changed or delays != self._delays:
            self._lines |= changed
            self._delays = delays
            self._made.clear()
        self._touched_at = max((line.touched_at for line in found), default=self._touched_at)
        self.read_s = asyncio.get_running_loop().time()

    def of_lane(self, lane: str, began_at: datetime, *, whole: bool) -> list[Caption]:
        """What stands in a lane, and when."""
        if (lane, whole) not in self._made:
            own = (line for line in self._lines.values() if line.text and is_shown(line, lane))
            said = [self._said(line, began_at) for line in own]
            self._made[lane, whole] = captions.as_said(said) if whole else captions.as_known(said)
        return self._made[lane, whole]

    def _said(self, line: Line, began_at: datetime) -> Said:
        begun, done = ((at - began_at) // timedelta(milliseconds=1) for at in (line.begun_at, line.finished_at or line.begun_at))
        return Said(begun, done, line.text, self._delays.get(line.lane, DELAY_MS))
