"""Listeners by the thousand: sockets that are opened, answer pings, and look for words in what comes, without parsing it."""

from __future__ import annotations

import asyncio
import re
import time
from array import array
from base64 import b64encode
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

WORDS = re.compile(rb"nr (\d+) ms (\d+)\.")
REMOVED = b'"type":"chat.removed"'
TEXT, CLOSE, PING = 1, 8, 9
STEP_MS = 5  # how fine times are kept


class Heard:
    """When everybody heard what was said; one for all ears."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._times: Counter[int] = Counter()

    def now_ms(self) -> int:
        """The clock by which words are dated."""
        return int((time.monotonic() - self._begun) * 1_000)

    def add(self, ms: int) -> None:
        """One pair of ears has heard one thing."""
        self._times[ms // STEP_MS] += 1

    def quantiles(self) -> dict[str, float]:
        """Median, 95 and 99 of a hundred, most; to the next 5 ms."""
        n, found, passed = self._times.total(), dict[str, float](), 0
        for step in sorted(self._times):
            passed += self._times[step]
            for name, share in (("median", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0)):
                if name not in found and passed >= n * share:
                    found[name] = (step + 1) * STEP_MS
        return {"n": n, **found}


class Ear(asyncio.Protocol):
    """One connection.

    Args:
        headers: ``Origin`` and ``Cookie``, as a browser sends them.

    Attributes:
        numbers: of what was heard, in the order in which it came.
        welcomed: done when the server has taken the socket and told of the day.
        removed: how many words it was told to take away, the last of them at ``removed_ms``.
    """

    def __init__(self, url: str, headers: dict[str, str], heard: Heard) -> None:
        parts = urlsplit(url)
        told = {"Host": parts.netloc, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", **headers}
        told["Sec-WebSocket-Key"] = b64encode(bytes(16)).decode()
        lines = [f"GET {parts.path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
        self._asks = ("\r\n".join(lines) + "\r\n\r\n").encode()
        self._heard, self._rest, self._shaken, self.is_open = heard, b"", False, False
        self._transport: Any = None
        self.numbers = array("I")
        self.removed, self.removed_ms = 0, 0
        self.welcomed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._transport.write(self._asks)

    def data_received(self, data: bytes) -> None:
        data, at = self._rest + data, 0
        if not self._shaken:
            head = data.find(b"\r\n\r\n")
            if head >= 0 and not data.startswith(b"HTTP/1.1 101"):
                self.welcomed.set_exception(ConnectionError(data[:200].decode(errors="replace")))
            self._shaken, at = head >= 0, head + 4 if head >= 0 else 0
        while self._shaken and (frame := _frame(data, at)):
            self._take(data, *frame)
            at = frame[2]
        self._rest = data[at:]

    def _take(self, data: bytes, kind: int, begin: int, end: int) -> None:
        if kind == TEXT:
            if not self.is_open:
                self.is_open = True
                self.welcomed.set_result(None)
                return  # the welcome has what was said before
            now = self._heard.now_ms()
            if gone := data.count(REMOVED, begin, end):
                self.removed, self.removed_ms = self.removed + gone, now
            for found in WORDS.finditer(data, begin, end):
                self.numbers.append(int(found[1]))
                self._heard.add(now - int(found[2]))
        elif kind == PING:
            self._transport.write(bytes((0x8A, 0x80 | (end - begin), 0, 0, 0, 0)) + data[begin:end])  # a mask of zeros
        elif kind == CLOSE:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        if not self.welcomed.done():
            self.welcomed.set_exception(exc or ConnectionError("hung up"))


def _frame(data: bytes, at: int) -> tuple[int, int, int] | None:
    """The kind of the frame at a place, and where its payload begins and ends; ``None`` while it is not whole."""
    if len(data) < at + 2:
        return None
    size, begin = data[at + 1], at + 2
    if size >= 126:  # the length stands in the next two or eight bytes
        wide = 2 if size == 126 else 8
        size, begin = int.from_bytes(data[begin : begin + wide], "big"), begin + wide
    return (data[at] & 15, begin, begin + size) if len(data) >= begin + size and begin <= len(data) else None
