"""A client of a day, as good as a browser: it joins, hears the news, comes back by itself, and no wish of it is lost or done twice.

In short::

    async with Door("http://127.0.0.1:8000") as door:
        client = Client(door, Who(name="Kim"))
        await client.join("482 913")
        async with asyncio.TaskGroup() as life:
            life.create_task(client.run())
            answer = await client.ask("chat.say", {"text": "Hej!"})
            client.leave()
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any, Final

import msgspec

from web.crowd import frames
from web.crowd.door import Door, NotLetIn, Session, Who
from web.crowd.frames import Frame, Item, Welcome
from web.crowd.ledger import Ledger
from web.crowd.line import End, Line
from web.crowd.outbox import TRIES_MOST, Answer, Gone, Outbox
from web.crowd.returning import Counts, Returning, Waits, full_jitter, is_final
from web.crowd.state import State

CONNECT_S: Final = 15.0
REST_MS: Final = 1_000  # when the server says "later" and not when
REST_MOST_S: Final = 30.0


class Client:
    """One person's device.

    Args:
        who: what it tells of itself when it joins.
        keep: keys of the state to keep; all of them when not given.
        turn: which of the door's addresses it comes from.
        waits: how long before it comes back.

    Attributes:
        hears: called with every piece of news, after `state` has been changed by it.
        welcomes: called with every welcome, when `state` is there.
    """

    def __init__(
        self, door: Door, who: Who | None = None, *, keep: Collection[str] | None = None, turn: int = 0, waits: Waits = full_jitter
    ) -> None:
        self.door, self.who = door, who or Who()
        self.session: Session | None = None
        self.state, self.ledger, self.counts = State(keep), Ledger(), Counts()
        self.hears: list[Callable[[Item], None]] = []
        self.welcomes: list[Callable[[Welcome], None]] = []
        self.welcomed = asyncio.Event()
        self._turn, self._returning = turn, Returning(waits)
        self._outbox = Outbox()
        self._line: Line | None = None
        self._open = False
        self._left = asyncio.Event()
        self._why = ""
        self._fetching: list[Item] | None = None
        self._errands: set[asyncio.Task[None]] = set()

    async def join(self, code: str) -> Session:
        """Come in with the day's code; joining again changes what is told of the same person.

        Raises:
            NotLetIn: a wrong code, or no answer.
        """
        cookie = self.session.cookie if self.session else ""
        self.session = await self.door.join(code, self.who, cookie=cookie, turn=self._turn)
        return self.session

    async def ask(self, do: str, args: Mapping[str, Any] | None = None, *, tries: int = TRIES_MOST, wish_id: str | None = None) -> Answer:
        """Ask for something and wait for the answer, over as many lines as that takes.

        Args:
            tries: how often to ask when the server says "later".

        Raises:
            Gone: the client has left or was sent away before the answer.
            ValueError: too many wishes wait, or this one is too large.
        """
        if self._why:
            raise Gone(self._why)
        wish = self._outbox.put(do, args or {}, tries=tries, wish_id=wish_id)
        self._send_due()
        return await wish.answer

    async def run(self) -> None:
        """Be there, and come back after every loss, until one leaves.

        Raises:
            Gone: the server does not want to see this client again.
        """
        if self.session is None:
            raise Gone("not signed in")
        try:
            while not self._left.is_set():
                end = await self._one_line(self.session)
                self.counts.ends[end.status or end.code] += 1
                if self._left.is_set():
                    break
                if is_final(end):
                    self._why = f"{end.status or end.code} {end.reason}".strip()
                    raise Gone(self._why)
                self._outbox.drop_cause(end.code, self.counts.lines)
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._returning.wait_s()):
                        await self._left.wait()
        finally:
            self._why = self._why or "left"
            self._outbox.give_up(self._why)
            self.welcomed.clear()
            for errand in self._errands:
                errand.cancel()

    async def stay(self) -> Gone | None:
        """`run`, for an owner of many: answers why it ended, ``None`` when the client left by itself."""
        try:
            await self.run()
        except Gone as gone:
            return gone
        return None

    def leave(self) -> None:
        """Say goodbye; `run` ends soon."""
        self._left.set()
        if self._line is not None:
            self._line.close()

    def reset(self) -> None:
        """Lose the line, as networks do."""
        if self._line is not None:
            self._line.reset()

    async def _one_line(self, session: Session) -> End:
        """Open a line and stay on it to its end."""
        loop, door, place = asyncio.get_running_loop(), self.door, self.ledger
        headers = {"Origin": door.origin, "Cookie": session.cookie}
        self._line = line = Line(door.socket_url(session, place.epoch, place.upto), headers, self)
        try:
            async with asyncio.timeout(CONNECT_S):
                source = door.source_of(self._turn)
                await loop.create_connection(lambda: line, door.host, door.port, ssl=door.tls, local_addr=source)
            if self._left.is_set():
                line.close()
            return await line.end()
        except OSError as error:  # TimeoutError is one
            return End(reason=str(error))
        finally:
            self._line = None
            line.drop()

    # What the line says.

    def opened(self) -> None:
        """The server took the line; it may be used when it has welcomed us."""
        self.counts.lines += 1

    def ended(self) -> None:
        """The line is gone."""
        self._open = False
        if self._fetching is not None:  # there is no state to go on from
            self._fetching = None
            self.ledger.forget()
        self.welcomed.clear()

    def heard(self, payload: bytes) -> None:
        """A frame of the server."""
        try:
            frame = frames.read(payload)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self.counts.unreadable += 1
            return
        if frame.upto is not None:
            self._tell(frame)
        elif frame.welcome is not None:
            self._welcome(frame.welcome)
        elif frame.ok is not None:
            self._answered(frame)
        elif frame.drain is not None:
            self._returning.drain(frame.drain.within_ms / 1000)

    def _welcome(self, welcome: Welcome) -> None:
        if welcome.recovered:
            self.counts.recovered += 1
            self.ledger.go_on(welcome.seq)
        else:
            self.counts.afresh += 1
            self.ledger.begin(welcome.epoch, welcome.seq)
            if welcome.state is None:
                self._fetching = []
                self._errand(self._fetch(welcome))
                return
            self.state.renew(welcome.state)
        self._be_welcome(welcome)

    def _be_welcome(self, welcome: Welcome) -> None:
        self._open, self._fetching = True, None
        self._returning.welcomed()
        self.welcomed.set()
        for hear in self.welcomes:
            hear(welcome)
        self._send_due()

    async def _fetch(self, welcome: Welcome) -> None:
        """The state that did not fit in a frame. News that come meanwhile are laid over it, as far as they are newer."""
        assert self.session is not None
        line = self._line
        try:
            found = await self.door.state(self.session, turn=self._turn)
            seq = msgspec.json.decode(found.pop("seq"), type=int)
        except (NotLetIn, KeyError, msgspec.MsgspecError):
            seq = None
        if self._line is not line:
            return
        if seq is None:
            self.reset()
            return
        found.pop("epoch", None)
        held, self._fetching = self._fetching or [], None
        self.state.renew(found)
        for item in held:
            if item.seq is None or item.seq > seq:
                self.state.hear(item)
        self._be_welcome(welcome)

    def _tell(self, frame: Frame) -> None:
        for item in self.ledger.enter(frame):
            if self._fetching is not None:
                self._fetching.append(item)
            else:
                self.state.hear(item)
            for hear in self.hears:
                hear(item)

    def _answered(self, frame: Frame) -> None:
        wish = self._outbox.answered(frame, asyncio.get_running_loop().time())
        if wish and wish.rests:
            asked_s = (frame.error.retry_after_ms if frame.error and frame.error.retry_after_ms else REST_MS) / 1000
            wait_s = min(asked_s, REST_MOST_S) * random.uniform(1, 1.5)  # noqa: S311  # to spread, not to hide
            asyncio.get_running_loop().call_later(wait_s, self._wake, wish.id)
        elif wish and wish.do == "chat.say" and frame.ok and frame.seq is not None:
            self.ledger.owe(frame.seq)
        self._send_due()

    def _wake(self, wish_id: str) -> None:
        self._outbox.wake(wish_id)
        self._send_due()

    def _send_due(self) -> None:
        if self._open and self._line is not None:
            for wish in self._outbox.due(self.counts.lines):
                self._line.send(wish.body)

    def _errand(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)


class Staff(Client):
    """A client that comes in through a link with a role, such as a demo prints."""

    async def enter(self, link: str) -> Session:
        """Sign in.

        Raises:
            NotLetIn: the link opens nothing.
        """
        self.session = await self.door.enter(link, turn=self._turn)
        return self.session
