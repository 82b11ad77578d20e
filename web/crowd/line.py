"""One WebSocket, as cheap as Python makes it: the sans-I/O protocol of websockets on a bare asyncio transport.

No task, no queue, no compression: 3 kB and some microseconds a frame.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass
from typing import Final, Protocol

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidState
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.typing import Origin
from websockets.uri import parse_uri

FRAME_MOST_BYTES: Final = 64 * 1024  # larger ones are against the protocol
HANG_UP_S: Final = 5.0  # after the closing frames the server ends the connection; one that does not is left
SILENCE_S: Final = 30.0  # the server pings more often
GOODBYE: Final = 1000
LOST: Final = 1006  # no closing frame came
_RESET: Final = struct.pack("ii", 1, 0)  # linger for no time: the other side hears a reset


@dataclass(frozen=True, slots=True)
class End:
    """How a line ended.

    Attributes:
        code: why the server closed it; 1006 when it just went away.
        status: the HTTP status that was answered in place of a WebSocket, else 0.
    """

    code: int = LOST
    reason: str = ""
    status: int = 0


class Listener(Protocol):
    """Whoever is at our end of a line."""

    def opened(self) -> None:
        """The server has taken the line."""

    def heard(self, payload: bytes) -> None:
        """A text came."""

    def ended(self) -> None:
        """Nothing more will come."""


class Line(asyncio.Protocol):
    """The protocol of one connection.

    Args:
        url: ``ws://…``
        headers: what a browser would send besides: ``Origin``, ``Cookie``.
    """

    def __init__(self, url: str, headers: dict[str, str], listener: Listener) -> None:
        self._ws = ClientProtocol(parse_uri(url), origin=Origin(headers["Origin"]), max_size=FRAME_MOST_BYTES)
        self._cookie = headers.get("Cookie", "")
        self._listener = listener
        self._transport: asyncio.Transport | None = None
        self._parts: list[bytes] = []
        self._status = 0
        self._hang_up: asyncio.TimerHandle | None = None
        self._end: asyncio.Future[End] = asyncio.get_running_loop().create_future()
        self._heard_s = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a WebSocket."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        request = self._ws.connect()
        if self._cookie:
            request.headers["Cookie"] = self._cookie
        self._ws.send_request(request)
        self._flush()

    def data_received(self, data: bytes) -> None:
        """Bytes of the server; pings are answered here."""
        self._heard_s = asyncio.get_running_loop().time()
        self._ws.receive_data(data)
        self._take_events()
        self._flush()

    def eof_received(self) -> None:
        """The server sends no more."""
        self._ws.receive_eof()
        self._take_events()
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is over."""
        if self._hang_up:
            self._hang_up.cancel()
        self._transport = None
        if not self._end.done():
            self._end.set_result(self._how_it_ended(exc))
            self._listener.ended()

    def _how_it_ended(self, exc: Exception | None) -> End:
        theirs, ours = self._ws.close_rcvd, self._ws.close_sent
        if ours and not self._ws.close_rcvd_then_sent and ours.code != GOODBYE:
            return End(LOST, f"{ours.code} by us: {ours.reason}")
        return End(theirs.code, theirs.reason) if theirs else End(LOST, str(exc or ""), self._status)

    async def end(self) -> End:
        """Wait for the end. A server that says nothing for long is pinged; one that says nothing to that either is gone."""
        loop, pinged_s = asyncio.get_running_loop(), None
        while not (await asyncio.wait({self._end}, timeout=SILENCE_S))[0]:
            if pinged_s is not None and self._heard_s < pinged_s:
                self.reset()
            elif loop.time() - self._heard_s >= SILENCE_S:
                pinged_s = loop.time()
                self._ping()
        return self._end.result()

    def drop(self) -> None:
        """Tear the connection, if there still is one, and hear no more of it."""
        if not self._end.done():
            self._end.cancel()
        self.reset()

    def _take_events(self) -> None:
        for event in self._ws.events_received():
            if isinstance(event, Frame):
                self._take(event)
            elif isinstance(event, Response):
                if self._ws.handshake_exc is None:
                    self._listener.opened()
                else:
                    self._status = event.status_code

    def _take(self, frame: Frame) -> None:
        if frame.opcode is Opcode.TEXT and frame.fin:
            self._listener.heard(bytes(frame.data))
        elif frame.opcode is Opcode.TEXT or (frame.opcode is Opcode.CONT and self._parts):
            self._parts.append(bytes(frame.data))
            if frame.fin:
                whole, self._parts = b"".join(self._parts), []
                self._listener.heard(whole)
        elif frame.opcode is Opcode.BINARY:
            self.close(1003)

    def send(self, payload: bytes) -> None:
        """Send a text; on a line that has ended it goes nowhere."""
        try:
            self._ws.send_text(payload)
        except InvalidState:
            return
        self._flush()

    def _ping(self) -> None:
        try:
            self._ws.send_ping(b"")
        except InvalidState:
            return
        self._flush()

    def close(self, code: int = GOODBYE) -> None:
        """Say goodbye."""
        try:
            self._ws.send_close(code)
        except InvalidState:
            self.reset()
        else:
            self._flush()

    def reset(self) -> None:
        """Tear the connection, as a network does: no goodbye, and a reset for the other side."""
        if self._transport is None:
            return
        sock = self._transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self._transport.abort()

    def _flush(self) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        for data in self._ws.data_to_send():
            if data:
                transport.write(data)
            elif transport.can_write_eof():
                transport.write_eof()
        if self._hang_up is None and self._ws.close_expected():
            self._hang_up = asyncio.get_running_loop().call_later(HANG_UP_S, self.reset)
