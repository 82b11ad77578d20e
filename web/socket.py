"""One browser that looks at a day: it is welcomed, hears the news, and asks for things.

How its bytes travel does not matter here: `web.fanout` brings them by uvicorn's protocol, `web.streams` by ASGI and server-sent events.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Final, Protocol

from conference.core.errors import Refused
from conference.core.faces import Viewer
from web import limits, wire
from web.cohort import Line
from web.faults import Fault
from web.floor import Floor
from web.limits import LocalMeter
from web.sessions import Visitor
from web.wire import Close, Frame, Wish

IN_FLIGHT_MOST: Final = 8  # wishes of one socket that are being granted
BROKEN_MOST: Final = 3
WAIT_MS: Final = 250  # what a ninth wish at once is told
TRIES: Final = 5  # states read for one welcome, when the day runs faster than we read
SEQ_DIGITS: Final = 18  # more is no place of any log

log = logging.getLogger(__name__)


class Connection(Line, Protocol):
    """The way to a browser, and its end."""

    def close(self, code: Close, reason: str) -> None:
        """Say why, and hang up."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a browser that comes back had come."""

    epoch: str
    seq: int


def place_of(epoch: str | None, since: str | None) -> Place | None:
    """What a browser says of itself; ``None``, and so a fresh state, for anything that is no place."""
    if not epoch or not since or not since.isascii() or not since.isdigit() or len(since) > SEQ_DIGITS:
        return None
    return Place(epoch, int(since))


class Browser:
    """A screen of the hub with somebody before it.

    Args:
        floor: the machinery of this process.
        connection: the way to it.
        lang: what its refusals are written in.
    """

    def __init__(self, floor: Floor, visitor: Visitor, connection: Connection, lang: str) -> None:
        self.visitor, self.lang = visitor, lang
        self.arrived_at = floor.clock.now()
        self.viewer: Viewer = visitor.viewer
        self.line: Connection = connection
        self.upto: int = 0
        self.behind: int | None = None
        self._floor = floor
        self._meter = LocalMeter()
        self._in_flight = self._broken = 0
        self._gone = self._starting = False
        self._recovered: int | None = None  # the place that it came back with; ``None`` since it was given a whole state
        floor.browsers.add(self)

    @property
    def day(self) -> str:
        """Which day it looks at."""
        return self.visitor.session.day

    async def welcome(self, place: Place | None) -> None:
        """Tell it where it stands: what it missed, or the whole state."""
        self._starting = True
        try:
            hub = await self._floor.hubs.of(self.day)
            if place and place.epoch == hub.ring.epoch and hub.ring.missed(place.seq, self.viewer) is not None:
                self._recovered = place.seq
                self._send(wire.recovered(place.epoch, place.seq))
                hub.enter(self, place.seq)
            else:
                await self._whole_state()
        except Exception as error:
            if not self._floor.store.noted(error):
                log.exception("no welcome for a browser; it will try again")
            self.line.close(Close.STALE, "stale")
        finally:
            self._starting = False

    def start_afresh(self) -> None:
        """What it missed cannot be told: give it the whole state again."""
        if not self._starting and not self._gone:
            self._starting = True
            self._floor.errands.run(self.welcome(None), "welcome")

    async def _whole_state(self) -> None:
        for _try in range(TRIES):
            hub = await self._floor.hubs.of(self.day)
            viewer, session = self.viewer, self.visitor.seen
            state = await self._floor.states.of(session)
            if self._gone:
                return
            if state.epoch == hub.ring.epoch and viewer == self.viewer:
                self._recovered = None
                self._send(wire.welcome(state.epoch, state.seq, state.body))
                if hub.enter(self, state.seq):
                    return
            await asyncio.sleep(0.1)
        self.line.close(Close.SLOW, "slow")

    def heard(self, raw: bytes) -> None:
        """A message came in. Never waits."""
        if wait_s := self._meter.take_now("messages", limits.MESSAGES):
            self._refuse(wire.id_of(raw), wait_s)
            return
        try:
            wish = wire.read_wish(raw)
        except Refused as refused:
            self._send(Fault.of(refused, self.lang).answer(wire.id_of(raw)))
            self._count_broken(raw)
            return
        if self._in_flight >= IN_FLIGHT_MOST:
            self._refuse(wish.id, WAIT_MS / 1000)
            return
        self._in_flight += 1
        self._floor.errands.run(self._grant(wish), "wish")

    async def _grant(self, wish: Wish) -> None:
        try:
            answer = await self._floor.desk.ask(self.visitor, wish, self.lang)
        finally:
            self._in_flight -= 1
        if not self._gone:
            self._send(answer.body)

    def _refuse(self, wish: str | None, wait_s: float) -> None:
        try:
            limits.enough(wait_s)
        except Refused as refused:
            self._send(Fault.of(refused, self.lang).answer(wish))
        if self._meter.take_now("patience", limits.PATIENCE):
            self.line.close(Close.BROKEN, "flood")

    def _count_broken(self, raw: bytes) -> None:
        """JSON that is no wish is a slip and is only refused; what is no JSON, or too much of it, breaks the protocol."""
        try:
            wire.read_json(raw, wire.CLIENT_MOST_BYTES)
        except Refused:
            self._broken += 1
            if self._broken >= BROKEN_MOST:
                self.line.close(Close.BROKEN, "protocol broken")

    def _send(self, payload: bytes) -> None:
        self.line.push(Frame.of(payload))

    def reseat(self, visitor: Visitor, at: int) -> None:
        """Its person was changed, as the place *at* in the log says: it sees what it may see now.

        Who came back between the change and the news of it sits here as it should, on a state from before.
        """
        changed = visitor.viewer != self.viewer or (self._recovered is not None and self._recovered < at)
        self.visitor = visitor
        if changed:
            if hub := self._floor.hubs.ready(self.day):
                hub.leave(self)
            self.viewer = visitor.viewer
            self.start_afresh()

    def blocked(self) -> None:
        """Its line is full."""
        if hub := self._floor.hubs.ready(self.day):
            hub.blocked(self)

    def drained(self) -> None:
        """Its line takes something again."""
        if hub := self._floor.hubs.ready(self.day):
            hub.drained(self)

    def lost(self) -> None:
        """Its line is gone."""
        self._gone = True
        self._floor.browsers.discard(self)
        if hub := self._floor.hubs.ready(self.day):
            hub.leave(self)
