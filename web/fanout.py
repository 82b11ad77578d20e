"""The live plane: uvicorn's own WebSocket protocol, with the hub written straight to its transport.

A socket of a day never enters ASGI: no task and no queue for each, one write of an encoded frame for each delivery. Every other
WebSocket goes on into ASGI as always.

uvicorn does not document what is used here: `conn`, `transport`, `frames`, `close_sent`, `disconnected`, `handshake_*`, `close_timer`,
`start_keepalive`, `app_state` and the handlers. Its minor version is pinned, and `tests/web/test_fanout.py` fails loudly when they change.
"""

from __future__ import annotations

import asyncio
import re
import socket
from asyncio import TimerHandle
from asyncio.transports import BaseTransport
from typing import Any, Final

from uvicorn.protocols.websockets.websockets_sansio_impl import STATUS_PHRASES, WebSocketsSansIOProtocol
from websockets.datastructures import Headers
from websockets.exceptions import InvalidState
from websockets.frames import Frame as WebSocketFrame
from websockets.http11 import Request, Response

from web.door import Knock, admit
from web.faults import Fault
from web.floor import Floor
from web.socket import Browser
from web.wire import Close, Frame

SOCKET: Final = re.compile(r"/days/([^/?]+)/socket")
KERNEL_BYTES: Final = 64 * 1024  # SO_SNDBUF; the kernel doubles it. Its own choice goes up to 4 MiB for one stalled phone
HIGH_WATER_BYTES: Final = 0  # what does not go into the kernel's share blocks the line, so that nobody writes past what waits
BUFFER_MOST_BYTES: Final = 128 * 1024  # answers and welcomes come on top; with the kernel's share 256 kB for a client at most
BLOCKED_MOST_S: Final = 15.0
FAREWELL_S: Final = 2.0  # for the close frame to be read; then the line is cut
ADMIT_S: Final = 10.0
FRAGMENTS_MOST: Final = 64  # of one message; a wish fits in one


class LiveProtocol(WebSocketsSansIOProtocol):
    """A WebSocket connection; ``browser`` stands behind it once it was let in at the door of a day."""

    browser: Browser | None = None
    blocked = False
    descriptor: int | None = None
    _knocking = False
    _slow_timer: TimerHandle | None = None

    @property
    def _floor(self) -> Floor | None:
        floor: Floor | None = self.app_state.get("floor")
        return floor

    def connection_made(self, transport: BaseTransport) -> None:
        """Keep what may pile up in this computer small."""
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=HIGH_WATER_BYTES)
        if (raw := transport.get_extra_info("socket")) is not None and raw.family != socket.AF_UNIX:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)
        if raw is not None and transport.get_extra_info("sslcontext") is None:
            self.descriptor = raw.fileno()

    def handle_connect(self, event: Request) -> None:
        """Take the sockets of days ourselves. The answer 101 waits until the session was found."""
        path, _mark, query = event.path.partition("?")
        found, floor = SOCKET.fullmatch(path), self._floor
        if found is None or floor is None:
            super().handle_connect(event)
            return
        self.handshake_initiated = True
        response = self.conn.accept(event)
        if response.status_code != 101:
            self._turn_away(response)
            return
        headers = {name.lower(): value for name, value in event.headers.raw_items()}
        self._knocking = True
        self.transport.pause_reading()
        floor.errands.run(self._let_in(floor, Knock(found[1], query, headers, self.server), response), "handshake")

    async def _let_in(self, floor: Floor, knock: Knock, response: Response) -> None:
        try:
            async with asyncio.timeout(ADMIT_S):
                visitor = await admit(floor, knock)
        except Exception as error:  # noqa: BLE001  # every error becomes an answer; faults logs what is ours
            self._refuse(Fault.of(error, knock.lang))
            return
        if self.disconnected or self.transport.is_closing():
            return
        self._knocking = False
        self.conn.send_response(response)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.handshake_complete = True
        self.start_keepalive()
        self.browser = Browser(floor, visitor, self, knock.lang)
        self.transport.resume_reading()
        await self.browser.welcome(knock.place)

    def _refuse(self, fault: Fault) -> None:
        problem = fault.problem()
        headers = Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in problem.raw_headers])
        headers["Connection"] = "close"
        self._turn_away(Response(fault.status, STATUS_PHRASES[fault.status], headers, bytes(problem.body)))

    def _turn_away(self, response: Response) -> None:
        if self.disconnected or self.transport.is_closing():
            return
        self.handshake_complete = self.close_sent = True
        self.conn.send_response(response)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.close()

    def handle_cont(self, event: WebSocketFrame) -> None:
        """Refuse a message in crumbs: empty fragments count towards no size."""
        if len(self.frames) >= FRAGMENTS_MOST:
            self.close(Close.TOO_LARGE, "too many fragments")
            return
        super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        """A whole message has come in."""
        if self.browser is None:
            if self._knocking:  # before the answer 101: no browser does that
                self.transport.abort()
            else:
                super().send_receive_event_to_app()
            return
        data, self.frames = b"".join(self.frames), []
        if self.close_sent:
            return
        if self.curr_msg_data_type != "text":
            self.close(Close.BINARY, "text only")
            return
        try:
            data.decode()  # the sans-IO layer does not look at UTF-8
        except UnicodeDecodeError:
            self.close(Close.NOT_UTF8, "not UTF-8")
            return
        self.browser.heard(data)

    def push(self, frame: Frame) -> None:
        """Write one frame, or what is left of it; cut the line when far too much waits in it."""
        if self.close_sent or self.disconnected:
            return
        self.transport.write(frame.wire)
        if self.blocked and self.transport.get_write_buffer_size() > BUFFER_MOST_BYTES:
            self._too_slow()

    def close(self, code: Close, reason: str) -> None:
        """Say why, and cut the line when the other side does not hang up soon."""
        if self.close_sent or self.disconnected:
            return
        try:
            self.conn.send_close(code, reason)
        except InvalidState:
            self.transport.abort()
            return
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.close_timer = self.loop.call_later(FAREWELL_S, self.transport.abort)
        if self.browser:
            self.browser.lost()

    def _too_slow(self) -> None:
        self.close(Close.SLOW, "slow")

    def pause_writing(self) -> None:
        """The line is full: the hub passes it over from now on."""
        super().pause_writing()
        self.blocked = True
        if self.browser:
            self.browser.blocked()
        self._slow_timer = self.loop.call_later(BLOCKED_MOST_S, self._too_slow)

    def resume_writing(self) -> None:
        """The line takes something again."""
        super().resume_writing()
        self._cancel_slow_timer()
        self.blocked = False
        if self.browser:
            self.browser.drained()

    def keepalive_timeout(self) -> None:
        """No answer to a ping: the other side is gone, and may come back."""
        if self.browser is None:
            super().keepalive_timeout()
            return
        self.pong_timer = None
        self.close(Close.STALE, "stale")

    def shutdown(self) -> None:
        """The server stops."""
        if self.browser is None:
            super().shutdown()
            return
        self.stop_keepalive()
        self.close(Close.DRAIN, "drain")
        self.transport.close()

    def handle_close(self, event: WebSocketFrame) -> None:
        """The other side hangs up: nothing is written to it after the farewell."""
        if self.browser:
            self.browser.lost()
        super().handle_close(event)

    def handle_parser_exception(self) -> None:
        """The other side speaks no WebSocket: as above."""
        if self.browser:
            self.browser.lost()
        super().handle_parser_exception()

    def connection_lost(self, exc: Exception | None) -> None:
        """The line is gone."""
        self._cancel_slow_timer()
        if self.browser:
            self.browser.lost()
        super().connection_lost(exc)

    def _cancel_slow_timer(self) -> None:
        if self._slow_timer is not None:
            self._slow_timer.cancel()
            self._slow_timer = None


NAMES: Final[tuple[Any, ...]] = (
    "conn", "transport", "server", "frames", "curr_msg_data_type", "close_sent", "disconnected", "handshake_initiated",
    "handshake_complete", "close_timer", "pong_timer", "app_state", "loop",
)  # fmt: skip
"""Attributes of uvicorn's class that are used here."""
