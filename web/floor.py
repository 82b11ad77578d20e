"""The machinery that everything on this floor shares, as one value. `web.bootstrap` builds it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from conference.core.bus import Bus
from conference.core.clock import Clock
from conference.core.event import Entry
from conference.core.store import Store
from conference.people import SignedIn
from web.errands import Errands
from web.hubs import Hubs
from web.limits import Limits, LocalMeter, Meter
from web.names import Names
from web.notices import Notices
from web.origins import Origins
from web.pressure import Pressure
from web.pulse import Pulse
from web.render import Renderer
from web.sessions import Sessions
from web.settings import Settings
from web.shows import Shows, Stage
from web.state import States
from web.wire import Close
from web.wishes import Desk, Table

if TYPE_CHECKING:
    from web.socket import Browser


GLANCE: Final = timedelta(minutes=5)  # who fetches a page again within so long was there between; two further apart are two visits


@dataclass(frozen=True, slots=True)
class Glance:
    """From when to when somebody looked in, by pages and states that were fetched."""

    first: datetime
    last: datetime


class Browsers:
    """All browsers that this process holds a line to, and those that look in without one.

    Attributes:
        glances: by day and person; `web.presence` takes them away when it has noted them.
    """

    def __init__(self) -> None:
        self.glances: dict[tuple[str, str], Glance] = {}
        self._by_person: defaultdict[tuple[str, str], set[Browser]] = defaultdict(set)
        self._count = 0

    def add(self, browser: Browser) -> None:
        """One came."""
        browsers = self._by_person[browser.day, browser.viewer.person]
        self._count += browser not in browsers
        browsers.add(browser)

    def discard(self, browser: Browser) -> None:
        """One went; harmless when it had gone before."""
        place = (browser.day, browser.viewer.person)
        browsers = self._by_person.get(place, set())
        if browser in browsers:
            self._count -= 1
            browsers.remove(browser)
            if not browsers:
                del self._by_person[place]

    def looked_in(self, day: str, person: str, at: datetime) -> None:
        """Somebody fetched a page or the state, perhaps with a browser that keeps no line open."""
        was = self.glances.get((day, person))
        self.glances[day, person] = Glance(was.first if was and at - was.last <= GLANCE else at, at)

    def of(self, day: str, person: str) -> list[Browser]:
        """Those of one person."""
        return list(self._by_person.get((day, person), ()))

    def __iter__(self) -> Iterator[Browser]:
        return (browser for browsers in list(self._by_person.values()) for browser in list(browsers))

    def __len__(self) -> int:
        """How many there are; asked at every handshake."""
        return self._count


@dataclass(frozen=True)
class Plan:
    """What a floor is built with.

    Attributes:
        names: reads names of persons; ``sessions`` reads who uses which session.
        shared_meter: counts limits over all processes.
    """

    settings: Settings
    clock: Clock
    store: Store
    bus: Bus
    shows: Sequence[Shows]
    table: Table
    names: Callable[[str, Collection[str]], Awaitable[Mapping[str, str | None]]]
    sessions: Callable[[list[str]], Awaitable[Mapping[str, SignedIn]]]
    renderer: Renderer
    origins: Origins
    traffic: Counter[tuple[str, int]]
    shared_meter: Meter | None = None


@dataclass(eq=False)
class Floor:
    """What a request or a browser needs.

    Attributes:
        traffic: answers by method and status.
        listeners: told every entry of the days that are followed here, whichever process wrote it; none may wait or raise.
        draining: the server is about to stop and takes nobody new.
        farewells: called then, to let go of those who wait for something.
    """

    settings: Settings
    clock: Clock
    store: Store
    errands: Errands
    stage: Stage
    hubs: Hubs
    sessions: Sessions
    states: States
    limits: Limits
    pressure: Pressure
    pulse: Pulse
    renderer: Renderer
    origins: Origins
    desk: Desk
    traffic: Counter[tuple[str, int]]
    browsers: Browsers = field(default_factory=Browsers)
    listeners: list[Callable[[Entry], object]] = field(default_factory=list)
    draining: bool = False
    farewells: list[Callable[[], object]] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def open(cls, plan: Plan) -> AsyncIterator[Floor]:
        """Build it, and run what runs beside requests for as long as the block."""
        local, pressure, pulse = LocalMeter(), Pressure(), Pulse(plan.store)
        limits = Limits(plan.shared_meter or local, local)
        notices = Notices(pulse, limits)
        stage = Stage([*plan.shows, notices.shows], Names(plan.names))
        async with Errands() as errands, Hubs.open(plan.store, plan.bus, stage, lambda entry: floor.notice(entry)) as hubs:  # noqa: PLW0108  # no floor yet
            floor = cls(
                settings=plan.settings,
                clock=plan.clock,
                store=plan.store,
                errands=errands,
                stage=stage,
                hubs=hubs,
                sessions=Sessions(plan.sessions, hubs.attend, errands),
                states=States(plan.store, stage, errands),
                limits=limits,
                pressure=pressure,
                pulse=pulse,
                renderer=plan.renderer,
                origins=plan.origins,
                desk=Desk(plan.table, limits, pressure, plan.clock),
                traffic=plan.traffic,
            )
            errands.run(pressure.run(), "pressure")
            errands.run(pulse.run(), "pulse")
            errands.run(notices.run(hubs), "notices")
            yield floor

    def notice(self, entry: Entry) -> None:
        """An entry of the log was heard here."""
        for listener in self.listeners:
            listener(entry)
        if person := self.stage.changed(entry):
            self.sessions.forget(entry.event.day, person)
            gone = Close.REMOVED if self.stage.removes(entry) else Close.SIGNED_OUT
            self.errands.run(self._look_again(entry, person, gone), "a person changed")

    async def _look_again(self, entry: Entry, person: str, gone: Close) -> None:
        """Its browsers see what they may see now, or are sent away."""
        for browser in self.browsers.of(entry.event.day, person):
            session = await self.sessions.by_key(browser.visitor.key)
            if session is None:
                browser.line.close(gone, gone.name.lower())
            else:
                browser.reseat(replace(browser.visitor, session=session), entry.seq)
