"""A day's lanes as players see them: what was taken is read when something was heard of it, and folded as far as it is new."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import msgspec
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.clock import Clock
from conference.core.event import Event, event_from
from conference.core.log import LogRow, head
from conference.core.store import Store, StoreUnavailable
from streaming import captions
from streaming.captions import Caption
from streaming.following import EPOCH, Following
from streaming.lanes import SLATE, Lane, standing
from streaming.playlists import DateRange
from streaming.second import is_sign, lane_of
from streaming.tables import FilmAsset, ProgrammeClock, Showing
from streaming.watched import WatchedLane

FRESH_S = 0.5  # how old what is known may be when nobody told of anything; takes are told of at once
DAYS_MOST = 16  # days that are watched at the same time

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Marks:
    """What else happens in a day that playlists tell of.

    Attributes:
        events: their names in the log.
        of: what one of them is in a playlist, and in which lanes; in all if there are none.
    """

    events: frozenset[str] = frozenset()
    of: Callable[[Event], Iterable[tuple[Sequence[str], DateRange]]] = lambda _event: ()


class ViewedDay:
    """One day, for as long as somebody watches it."""

    def __init__(self, clock: ProgrammeClock, sources: Following, time: Clock) -> None:
        self.day, self.began_at = clock.day, clock.began_at
        self.zero_ms = (clock.began_at - EPOCH) // timedelta(milliseconds=1)
        self.changes = -1
        self.sources = sources.of(clock.day)
        self._time, self._clock = time, clock
        self._showings: dict[str, Showing] = {}
        self._films: dict[str, FilmAsset] = {}
        self._lanes: dict[str, WatchedLane] = {}
        self._captions: dict[str, list[Caption]] = {}
        self._ranges: dict[str, list[DateRange]] = {}
        self.marked = 0  # place in the log up to which ranges are known
        self._stirring: set[asyncio.Future[None]] = set()

    def renew(self, clock: ProgrammeClock, showings: Sequence[Showing], films: Sequence[FilmAsset]) -> None:
        """Hear what was taken, or packed."""
        self._clock, self.changes = clock, clock.changes
        self._showings = {str(showing.position): showing for showing in showings}
        self._films = {film.film: film for film in films}
        self._captions.clear()
        self.__dict__.pop("bandwidth", None)
        for name, watched in self._lanes.items():
            watched.lane.take(self._wanted(name), clock.ended_ms)
            watched.stir()

    def mark(self, lanes: Sequence[str], found: DateRange) -> None:
        """Something happened in some lanes, or in all."""
        for lane in lanes or self._clock.lanes:
            self._ranges.setdefault(lane, []).append(found)

    @property
    def now_ms(self) -> int:
        """The time on the programme's clock."""
        return (self._time.now() - self.began_at) // timedelta(milliseconds=1)

    @cached_property
    def bandwidth(self) -> int:
        """The most that any film or source of the day needs, in bits a second."""
        live = (piece.run.bandwidth for pieces in self.sources.values() for piece in pieces)
        return max((*(film.bandwidth for film in self._films.values()), *live), default=0)

    @property
    def assets(self) -> set[str]:
        """Films that were ever taken, and the slate."""
        return {SLATE, *(showing.asset for showing in self._showings.values() if showing.asset is not None)}

    @property
    def wanted_sources(self) -> set[str]:
        """Those that were ever taken."""
        return {showing.source for showing in self._showings.values() if showing.kind == "source"}

    def lane(self, name: str) -> WatchedLane:
        """A lane.

        Raises:
            LookupError: the day has no such lane.
        """
        if name not in self._lanes:
            wanted = self._wanted(name)
            if lane_of(name) not in self._clock.lanes or not wanted:
                raise LookupError(name)
            lane = Lane(self.sources, self.zero_ms)
            lane.take(wanted, self._clock.ended_ms)
            self._lanes[name] = WatchedLane(lane, self.began_at, lambda: self.now_ms, lambda: self._ranges.get(name, ()))
        return self._lanes[name]

    def _wanted(self, name: str) -> list[Showing]:
        """What holds in a lane; a second picture was the slate until it was first taken."""
        found = standing(self._showings.values(), name)
        if not found or not is_sign(name):
            return found
        return [Showing(day=self.day, position=0, lanes=[name], kind="slate", source=SLATE, begins_ms=0), *found]

    def stir(self) -> None:
        """A source of the day has sent something."""
        self._wake()
        for watched in self._lanes.values():
            watched.stir()

    def release(self) -> None:
        """Nobody shall wait any more."""
        self._wake()
        for watched in self._lanes.values():
            watched.release()

    def _wake(self) -> None:
        waiting, self._stirring = self._stirring, set()
        for each in waiting:
            if not each.done():
                each.set_result(None)

    async def stirred(self, until: float) -> bool:
        """Wait until a source has sent something; ``False`` when the loop's clock says *until* first."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._stirring.add(waiter)
        try:
            async with asyncio.timeout_at(until):
                await waiter
        except TimeoutError:
            return False
        finally:
            self._stirring.discard(waiter)
        return True

    def asset(self, strip: str) -> str:
        """What a film's strip is cut from, or the slate.

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
        """Where a film begins, or would have begun, on the programme's clock; the slate begins with it."""
        return 0 if strip == SLATE else self._showings[strip].begins_ms - self._showings[strip].skips_ms

    def duration_ms(self, strip: str) -> int:
        """How long a film is."""
        return self._showings[strip].duration_ms + self._showings[strip].skips_ms

    def captions(self, strip: str) -> list[Caption]:
        """The captions of the film that a showing shows; none of anything else."""
        film = self._films.get(self._showings[strip].source) if strip in self._showings else None
        if film is None or not film.captions:
            return []
        return self._captions.setdefault(film.film, captions.read(film.captions))


class Viewing:
    """The days that are watched."""

    def __init__(self, store: Store, sources: Following, time: Clock, marks: Marks) -> None:
        self._store, self._sources, self._time, self._marks = store, sources, time, marks
        self._days: dict[str, ViewedDay] = {}
        self._read_at: dict[str, float] = {}
        self._reading: dict[str, asyncio.Lock] = {}
        sources.on_change, sources.on_learned = self._stir, self._drop

    def _stir(self, day: str) -> None:
        if (viewed := self._days.get(day)) is not None:
            viewed.stir()

    def _drop(self, day: str) -> None:
        """What was thought of a day is wrong: think again."""
        if (viewed := self._days.pop(day, None)) is not None:
            del self._read_at[day]
            viewed.release()

    def ready(self, day: str) -> ViewedDay | None:
        """A day that was read a moment ago."""
        if asyncio.get_running_loop().time() < self._read_at.get(day, 0.0) + FRESH_S:
            return self._days[day]
        return None

    async def of(self, day: str) -> ViewedDay:
        """A day as it stands, or stood a moment ago. While the database is away it goes on as it was.

        Raises:
            LookupError: it has no lanes, or not yet.
        """
        return self.ready(day) or await self._renewed(day, lambda: self.ready(day) is None)

    async def renew(self, day: str) -> None:
        """Something was heard of a day: if it is watched, look at once."""
        if day in self._days:
            await self._renewed(day, lambda: True)

    async def _renewed(self, day: str, is_due: Callable[[], bool]) -> ViewedDay:
        async with self._reading.setdefault(day, asyncio.Lock()):
            if is_due():
                self._days[day] = await self._read_again(day, self._days.get(day))
                self._read_at[day] = asyncio.get_running_loop().time()
                self._forget()
            return self._days[day]

    async def _read_again(self, day: str, known: ViewedDay | None) -> ViewedDay:
        try:
            async with self._store.reading() as session:
                viewed = await self._viewed(session, day, known)
            await self._sources.want(day, viewed.wanted_sources)
        except (SQLAlchemyError, StoreUnavailable, OSError):
            if known is None:
                raise
            log.warning("the lanes of %s go on as they were: the database is away", day)
            return known
        return viewed

    def _forget(self) -> None:
        while len(self._days) > DAYS_MOST:
            oldest = min(self._days, key=lambda day: self._read_at[day])
            self._drop(oldest)
            del self._reading[oldest]

    def release(self) -> None:
        """Nobody shall wait any more."""
        for viewed in self._days.values():
            viewed.release()

    async def _viewed(self, session: AsyncSession, day: str, known: ViewedDay | None) -> ViewedDay:
        clock = (await session.exec(select(ProgrammeClock).where(ProgrammeClock.day == day))).one_or_none()
        if clock is None:
            raise LookupError(day)
        viewed = known if known is not None and known.began_at == clock.began_at else ViewedDay(clock, self._sources, self._time)
        if viewed.changes != clock.changes:
            showings = (await session.exec(select(Showing).where(Showing.day == day).order_by(col(Showing.position)))).all()
            films = (await session.exec(select(FilmAsset).where(FilmAsset.day == day))).all()
            viewed.renew(clock, showings, films)
        await self._mark(session, viewed)
        return viewed

    async def _mark(self, session: AsyncSession, viewed: ViewedDay) -> None:
        end = await head(session, viewed.day) if self._marks.events else None
        if end is None or end.seq == viewed.marked:
            return
        new = select(LogRow).where(LogRow.day == viewed.day, LogRow.seq > viewed.marked, col(LogRow.name).in_(self._marks.events))
        for row in await session.exec(new.order_by(col(LogRow.seq))):
            event = event_from(row.name, row.version, row.day, row.at, msgspec.json.decode(row.data))
            for lanes, found in self._marks.of(event):
                viewed.mark(lanes, found)
        viewed.marked = end.seq
