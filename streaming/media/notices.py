"""``/notices``: what happens to live sources, to everybody who listens, in one order. A listener that falls behind is cut off."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator

import msgspec

from streaming.media.runs import Notice

BEHIND_MOST = 10_000  # lines: four minutes of ten sources
ALIVE_S = 5.0
ALIVE = b"{}\n"


class _Listener:
    def __init__(self) -> None:
        self.lines: deque[bytes] = deque()
        self.came = asyncio.Event()
        self.is_cut = False


class Notices:
    """All listeners of this process."""

    def __init__(self, behind_most: int = BEHIND_MOST) -> None:
        self._born = msgspec.json.encode(Notice(born=secrets.token_hex(8))) + b"\n"
        self._behind_most = behind_most
        self._listeners: set[_Listener] = set()
        self._is_closed = False

    def tell(self, notice: Notice) -> None:
        """Queue a notice for everybody."""
        if not self._listeners:
            return
        line = msgspec.json.encode(notice) + b"\n"
        for each in list(self._listeners):
            if len(each.lines) >= self._behind_most:
                self._cut(each)
            else:
                each.lines.append(line)
                each.came.set()

    def listen(self) -> AsyncIterator[bytes]:
        """Lines from now on, in pieces; ends when the listener is too slow, or at `close`."""
        mine = _Listener()
        mine.lines.append(self._born)
        mine.came.set()
        if self._is_closed:
            mine.is_cut = True
        else:
            self._listeners.add(mine)  # at once, not when the first line is asked for: nothing may be missed in between
        return self._pieces(mine)

    def close(self) -> None:
        """No more; listeners end when they have what was told."""
        self._is_closed = True
        for each in list(self._listeners):
            self._listeners.discard(each)
            each.is_cut = True
            each.came.set()

    def _cut(self, listener: _Listener) -> None:
        self._listeners.discard(listener)
        listener.is_cut = True
        listener.lines.clear()
        listener.came.set()

    async def _pieces(self, mine: _Listener) -> AsyncIterator[bytes]:
        try:
            while mine.lines or not mine.is_cut:
                if mine.lines:
                    piece = b"".join(mine.lines)
                    mine.lines.clear()
                    yield piece
                    continue
                mine.came.clear()
                try:
                    async with asyncio.timeout(ALIVE_S):
                        await mine.came.wait()
                except TimeoutError:
                    yield ALIVE
        finally:
            self._listeners.discard(mine)
