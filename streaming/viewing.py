"""A day's lanes as players see them: read from the database when they have changed, folded once, written once a segment."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from functools import cached_property

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.store import Store, StoreUnavailable
from streaming import captions
from streaming.captions import Caption
from streaming.lanes import SLATE, Lane, folded
from streaming.playlists import Names, Whole, media_playlist
from streaming.tables import FilmAsset, ProgrammeClock, Showing

FRESH_S = 0.2  # how old what is known may be; less than a take is decided ahead (`rules.LEAD_MS`)
NEVER_MS = 1 << 62
DAYS_MOST = 16  # days that are watched at the same time

log = logging.getLogger(__name__)


class ViewedDay:
    """One day at one moment; made anew when something was taken."""

    def __init__(self, clock: ProgrammeClock, showings: Sequence[Showing], films: Sequence[FilmAsset]) -> None:
        self.day, self.changes, self.began_at = clock.day, clock.changes, clock.began_at
        self._clock, self._showings = clock, {str(showing.position): showing for showing in showings}
        self._films = {film.film: film for film in films}
        self._lanes: dict[str, Lane] = {}
        self._written: dict[tuple[str, Names, bool], tuple[int, bytes]] = {}
        self._wholes: dict[tuple[str, Names], Whole] = {}
        self._captions: dict[str, list[Caption]] = {}

    @cached_property
    def bandwidth(self) -> int:
        """The most that any film of the day needs, in bits a second."""
        return max((film.bandwidth for film in self._films.values()), default=0)

    def lane(self, name: str) -> Lane:
        """A lane.

        Raises:
            LookupError: the day has no such lane.
        """
        if name not in self._lanes:
            if name not in self._clock.lanes:
                raise LookupError(name)
            self._lanes[name] = folded(self._showings.values(), name, self._clock.ended_ms)
        return self._lanes[name]

    def playlist(self, name: str, now_ms: int, names: Names, *, whole: bool) -> bytes:
        """A playlist as it stands; written again only when a segment has come to it."""
        until_ms, text = self._written.get((name, names, whole), (-1, b""))
        if now_ms < until_ms:
            return text
        lane = self.lane(name)
        listed = lane.listed(now_ms)
        if whole:
            text = self._wholes.setdefault((name, names), Whole(lane, self.began_at, names)).until(listed)
        else:
            text = media_playlist(lane, self.began_at, listed, names)
        until_ms = NEVER_MS if lane.is_complete(listed) else next(lane.segments(listed, listed + 1)).ends_ms
        self._written[name, names, whole] = until_ms, text
        return text

    def asset(self, strip: str) -> str:
        """What a strip is cut from.

        Raises:
            LookupError: nothing of that name was ever shown.
        """
        if strip == SLATE:
            return SLATE
        showing = self._showings.get(strip)
        if showing is None or showing.asset is None:
            raise LookupError(strip)
        return showing.asset

    def origin_ms(self, strip: str) -> int:
        """Where a film's showing begins on the programme's clock."""
        return self._showings[strip].begins_ms

    def duration_ms(self, strip: str) -> int:
        """How long a film is."""
        return self._showings[strip].duration_ms

    def captions(self, strip: str) -> list[Caption]:
        """The captions of the film that a showing shows."""
        film = self._films.get(self._showings[strip].source)
        if film is None or not film.captions:
            return []
        return self._captions.setdefault(film.film, captions.read(film.captions))


class Viewing:
    """The days that are watched."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._days: dict[str, tuple[float, ViewedDay]] = {}
        self._reading: dict[str, asyncio.Lock] = {}

    async def of(self, day: str) -> ViewedDay:
        """A day as it stands, or stood a moment ago. While the database is away it goes on as it was.

        Raises:
            LookupError: it has no lanes, or not yet.
        """
        now = asyncio.get_running_loop().time()
        read, viewed = self._days.get(day, (-FRESH_S, None))
        if viewed is not None and now < read + FRESH_S:
            return viewed
        async with self._reading.setdefault(day, asyncio.Lock()):
            read, viewed = self._days.get(day, (-FRESH_S, None))
            if viewed is None or now >= read + FRESH_S:
                viewed = await self._read_again(day, viewed)
                self._days[day] = asyncio.get_running_loop().time(), viewed
                self._forget()
        return viewed

    async def _read_again(self, day: str, known: ViewedDay | None) -> ViewedDay:
        try:
            async with self._store.reading() as session:
                return await _viewed(session, day, known)
        except (SQLAlchemyError, StoreUnavailable, OSError):
            if known is None:
                raise
            log.warning("the lanes of %s go on as they were: the database is away", day)
            return known

    def _forget(self) -> None:
        while len(self._days) > DAYS_MOST:
            oldest = min(self._days, key=lambda day: self._days[day][0])
            del self._days[oldest], self._reading[oldest]


async def _viewed(session: AsyncSession, day: str, known: ViewedDay | None) -> ViewedDay:
    clock = (await session.exec(select(ProgrammeClock).where(ProgrammeClock.day == day))).one_or_none()
    if clock is None:
        raise LookupError(day)
    if known is not None and known.changes == clock.changes and known.began_at == clock.began_at:
        return known
    showings = (await session.exec(select(Showing).where(Showing.day == day).order_by(col(Showing.position)))).all()
    films = (await session.exec(select(FilmAsset).where(FilmAsset.day == day))).all()
    return ViewedDay(clock, showings, films)
