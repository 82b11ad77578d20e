"""A shelf for bytes that many ask for at once: fetched once, kept until others need the room."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable


class Shelf:
    """Bytes by key, those asked for last.

    Args:
        room_bytes: how much it holds; the longest unused go first.
    """

    def __init__(self, room_bytes: int) -> None:
        self._room, self._taken = room_bytes, 0
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._fetching: dict[Hashable, asyncio.Lock] = {}

    async def get(self, key: Hashable, fetch: Callable[[], Awaitable[bytes]]) -> bytes:
        """The bytes under *key*; *fetch* is called when they are not here. Who asks meanwhile, waits; who goes away, harms nobody."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        async with self._fetching.setdefault(key, asyncio.Lock()):
            if key not in self._kept:
                self._put(key, await fetch())
        self._fetching.pop(key, None)
        return self._kept[key]

    def _put(self, key: Hashable, body: bytes) -> None:
        self._kept[key] = body
        self._taken += len(body)
        while self._taken > self._room and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self._taken -= len(gone)
