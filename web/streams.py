"""The other ways to hear the news: an ASGI WebSocket, for other servers and test clients, and server-sent events, for networks that
block sockets. Both have a bounded queue and one task that writes; the hub passes them over when the queue is full, as it does a socket.
"""

from __future__ import annotations

import asyncio
from asyncio import TimerHandle
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Final

import msgspec
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from web.socket import Browser
from web.wire import Close, Frame

HIGH_WATER_BYTES: Final = 64 * 1024
BUFFER_MOST_BYTES: Final = 192 * 1024
BLOCKED_MOST_S: Final = 15.0
BREATH_S: Final = 20.0  # a comment line this often keeps proxies from hanging up, and finds out who is gone


class QueueLine:
    """A line that somebody else empties."""

    descriptor: int | None = None

    def __init__(self) -> None:
        self.blocked = False
        self.closed: Close | None = None
        self.on_drained: Callable[[], None] = lambda: None
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._wake = asyncio.Event()
        self._timer: TimerHandle | None = None

    def push(self, frame: Frame) -> None:
        """Queue one frame."""
        if self.closed is not None:
            return
        self._waiting.append(frame.payload)
        self._bytes += len(frame.payload)
        if self._bytes > BUFFER_MOST_BYTES:
            self.close(Close.SLOW, "slow")
        elif self._bytes > HIGH_WATER_BYTES and not self.blocked:
            self.blocked = True
            self._timer = asyncio.get_running_loop().call_later(BLOCKED_MOST_S, self.close, Close.SLOW, "slow")
        self._wake.set()

    def close(self, code: Close, reason: str) -> None:  # noqa: ARG002  # a stream cannot say more than the code
        """No more after what is queued; and not even that for a line that is full."""
        self.closed = self.closed or code
        if self.blocked:
            self._waiting.clear()
        self._cancel()
        self._wake.set()

    async def payloads(self, breath_s: float = BREATH_S) -> AsyncIterator[bytes | None]:
        """What was queued, until the line is closed; ``None`` after each silence of *breath_s*."""
        while True:
            while self._waiting:
                payload = self._waiting.popleft()
                self._bytes -= len(payload)
                yield payload
            if self.closed is not None:
                return
            if self.blocked:
                self.blocked = False
                self._cancel()
                self.on_drained()
                continue
            self._wake.clear()
            try:
                async with asyncio.timeout(breath_s):
                    await self._wake.wait()
            except TimeoutError:
                yield None

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


async def by_socket(websocket: WebSocket, line: QueueLine, browser: Browser) -> None:
    """Carry an accepted ASGI WebSocket until either side hangs up."""
    try:
        async with asyncio.TaskGroup() as both:
            reader, writer = both.create_task(_read(websocket, line, browser)), both.create_task(_write(websocket, line))
            await asyncio.wait({reader, writer}, return_when=asyncio.FIRST_COMPLETED)
            reader.cancel()
            writer.cancel()
    finally:
        line.close(Close.STALE, "gone")
        browser.lost()


async def _write(websocket: WebSocket, line: QueueLine) -> None:
    with suppress(TimeoutError):  # it does not read: it is left to the server, which hangs up
        async for payload in line.payloads():
            if payload is not None:
                async with asyncio.timeout(BLOCKED_MOST_S):
                    await websocket.send_text(payload.decode())
        async with asyncio.timeout(BLOCKED_MOST_S):
            await websocket.close(line.closed or Close.STALE)


async def _read(websocket: WebSocket, line: QueueLine, browser: Browser) -> None:
    while True:
        message = await websocket.receive()  # not receive_text(): it drops the connection at a binary message
        if message["type"] == "websocket.disconnect":
            return
        text = message.get("text")
        if text is None:
            line.close(Close.BINARY, "text only")
        elif line.closed is None:
            browser.heard(text.encode())


class NewsStream:
    """The response that carries the news as server-sent events.

    Each event is a frame of the socket; its id is the place up to which the browser then is.
    """

    def __init__(self, line: QueueLine, browser: Browser) -> None:
        self._line, self._browser, self._epoch = line, browser, ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # the form of ASGI
        """Until either side hangs up."""
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async with asyncio.TaskGroup() as both:
            watch = both.create_task(self._hang_up(receive))
            try:
                await self._write(send)
            finally:
                self._line.close(Close.STALE, "gone")
                self._browser.lost()
                watch.cancel()

    async def _hang_up(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._line.close(Close.STALE, "gone")

    async def _write(self, send: Send) -> None:
        with suppress(TimeoutError):  # it does not read: cut it off
            await _body(send, b"retry: 3000\n\n")
            async for payload in self._line.payloads():
                await _body(send, b": \n\n" if payload is None else self._event(payload))
            if self._line.closed in {Close.SIGNED_OUT, Close.REMOVED}:
                await _body(send, b"event: closed\ndata: %d\n\n" % self._line.closed)
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _event(self, payload: bytes) -> bytes:
        data = b"data: %s\n\n" % payload
        match msgspec.json.decode(payload):
            case {"welcome": {"epoch": str(epoch), "seq": int(seq)}}:
                self._epoch = epoch
                return b"id: %s:%d\n%s" % (epoch.encode(), seq, data)
            case {"upto": int(upto)}:
                return b"id: %s:%d\n%s" % (self._epoch.encode(), upto, data)
        return data


async def _body(send: Send, body: bytes) -> None:
    async with asyncio.timeout(BLOCKED_MOST_S):
        await send({"type": "http.response.body", "body": body, "more_body": True})
