"""The machinery that everything on this floor shares, as one value. `web.bootstrap` builds it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conference.core.bus import Bus
from conference.core.clock import Clock
from conference.core.event import Entry
from conference.core.store import Store
from conference.people import SignedIn
from web.errands import Errands
from web.hubs import Hubs
from web.limits import Limits, LocalMeter, Meter
from web.names import Names
from web.origins import Origins
from web.pressure import Pressure
from web.render import Renderer
from web.sessions import Sessions
from web.settings import Settings
from web.shows import Shows, Stage
from web.state import States
from web.wire import Close
from web.wishes import Desk, Table

if TYPE_CHECKING:
    from web.socket import Browser


class Browsers:
    """All browsers that this process holds a line to."""

    def __init__(self) -> None:
        self._by_person: defaultdict[tuple[str, str], set[Browser]] = defaultdict(set)

    def add(self, browser: Browser) -> None:
        """One came."""
        self._by_person[browser.day, browser.viewer.person].add(browser)

    def discard(self, browser: Browser) -> None:
        """One went; harmless when it had gone before."""
        place = (browser.day, browser.viewer.person)
        self._by_person[place].discard(browser)
        if not self._by_person[place]:
            del self._by_person[place]

    def of(self, day: str, person: str) -> list[Browser]:
        """Those of one person."""
        return list(self._by_person.get((day, person), ()))

    def __iter__(self) -> Iterator[Browser]:
        return (browser for browsers in list(self._by_person.values()) for browser in list(browsers))

    def __len__(self) -> int:
        """How many there are."""
        return sum(map(len, self._by_person.values()))


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
        draining: the server is about to stop and takes nobody new.
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
    renderer: Renderer
    origins: Origins
    desk: Desk
    traffic: Counter[tuple[str, int]]
    browsers: Browsers = field(default_factory=Browsers)
    draining: bool = False

    @classmethod
    @asynccontextmanager
    async def open(cls, plan: Plan) -> AsyncIterator[Floor]:
        """Build it, and run what runs beside requests for as long as the block."""
        stage, local, pressure = Stage(plan.shows, Names(plan.names)), LocalMeter(), Pressure()
        limits = Limits(plan.shared_meter or local, local)
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
                renderer=plan.renderer,
                origins=plan.origins,
                desk=Desk(plan.table, limits, pressure, plan.clock),
                traffic=plan.traffic,
            )
            errands.run(pressure.run(), "pressure")
            yield floor

    def notice(self, entry: Entry) -> None:
        """An entry of the log was heard here."""
        if person := self.stage.changed(entry):
            self.sessions.forget(entry.event.day, person)
            gone = Close.REMOVED if self.stage.removes(entry) else Close.SIGNED_OUT
            self.errands.run(self._look_again(entry.event.day, person, gone), "a person changed")

    async def _look_again(self, day: str, person: str, gone: Close) -> None:
        """Its browsers see what they may see now, or are sent away."""
        for browser in self.browsers.of(day, person):
            session = await self.sessions.by_key(browser.visitor.key)
            if session is None:
                browser.line.close(gone, gone.name.lower())
            else:
                browser.reseat(replace(browser.visitor, session=session))
