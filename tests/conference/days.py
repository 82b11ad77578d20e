"""A house with a day made from the kit, and a small day for looking closely."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from conference import NewDay, Programme
from conference import views as programme_views
from conference.core.actor import Actor
from conference.core.clock import HandClock
from conference.core.event import Entry
from conference.core.faces import Faces, Viewer, nobody
from conference.core.ids import SeededIds
from conference.core.store import Store
from conference.events import ContributorChanged
from conference.library import NATIONAL_KIT, Kit, Library, read_kit
from conference.rundown import Conductor, CueGiven, Rundown
from conference.rundown import views as rundown_views
from conference.rundown.kit import cue_rows
from tests.fold import State, on_the_wire
from tests.servers import empty_tables

DATE = date(2026, 11, 22)
DAY = "d-nationell-2026-11-22"
PLANNED = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)  # nine o'clock in Stockholm
MODERATOR = Actor(DAY, "kim", frozenset({"moderator"}))
FACES: Faces = {**programme_views.FACES, **rundown_views.FACES, ContributorChanged: nobody}  # whom one asks is no part of these states


@cache
def the_kit() -> Kit:
    """The kit that ships."""
    return read_kit(NATIONAL_KIT)


@dataclass
class House:
    """What the tests reach for."""

    store: Store
    clock: HandClock
    programme: Programme
    library: Library
    rundown: Rundown
    heard: list[Entry] = field(default_factory=list)

    @property
    def conductor(self) -> Conductor:
        """A new one each time, as after a restart; it naps until something is due."""
        return Conductor(self.store, self.clock, self.rundown, pulse_s=5.0)

    def events(self, *names: str) -> list[Any]:
        """What has happened, by name."""
        return [entry.event for entry in self.heard if entry.event.name in names]

    @property
    def given(self) -> list[CueGiven]:
        """The cues, in order."""
        return self.events("rundown.cue_given")

    async def create(self, **new: Any) -> None:
        """A draft."""
        await self.programme.create_from_kit(Actor.house(DAY), the_kit(), NewDay(date=DATE, **new))

    async def start(self, **new: Any) -> None:
        """A live day."""
        await self.create(**new)
        await self.programme.start(MODERATOR)

    async def play(self, seconds: float = 36_000, until: Callable[[], bool] = bool) -> None:
        """Let the clock run until the day has ended, for so long, or until something has happened."""
        conductor, end = self.conductor, self.clock.now() + timedelta(seconds=seconds)
        while not self.events("day.ended") and not until():
            nap = timedelta(seconds=await conductor.beat())
            if self.clock.now() >= end:
                break
            self.clock.wind(min(nap, end - self.clock.now()))

    async def state(self, lane: str = "national") -> State:
        """What a viewer on a lane gets."""
        viewer = Viewer("kim", lane=lane)
        async with self.store.reading() as session:
            programme = await programme_views.shared(session, DAY, viewer)
            rundown = await rundown_views.shared(session, DAY, viewer)
        return dict(on_the_wire({**programme, **rundown}))

    async def now(self, lane: str = "national") -> State:
        """What a viewer on a lane sees of the run."""
        return dict((await self.state(lane))["now"])


@asynccontextmanager
async def a_house(url: str, *, fresh: bool = True, clock: HandClock | None = None) -> AsyncIterator[House]:
    """A store and the services; with *fresh* the database is emptied first."""
    if fresh:
        await empty_tables(url)
    heard: list[Entry] = []
    clock = clock or HandClock(PLANNED)
    async with Store.open(url, heard.extend) as store:
        ids = SeededIds()
        yield House(store, clock, Programme(store, clock, ids, [cue_rows]), Library(store, clock, ids), Rundown(store, clock), heard)


def cues_of(lane: str, given: Sequence[CueGiven]) -> list[str]:
    """The cues that belong to a lane's own steps, in the order in which they were given."""
    mine = {cue.cue for cue in cues_in_kit() if cue.lane == lane}
    return [event.cue for event in given if event.cue in mine]


@cache
def cues_in_kit() -> list[Any]:
    """All cues of the day in their order."""
    from conference.kit import make_day

    return list(cue_rows(the_kit(), make_day(the_kit(), NewDay(date=DATE), "000000")))
