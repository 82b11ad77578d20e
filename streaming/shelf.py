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
        self._fetching: dict[Hashable, asyncio.Task[bytes]] = {}

    def ready(self, key: Hashable) -> bytes | None:
        """The bytes under *key*, if they are here."""
        if (found := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
        return found

    async def get(self, key: Hashable, fetch: Callable[[], Awaitable[bytes]]) -> bytes:
        """The bytes under *key*; *fetch* is called when they are not here. Who asks meanwhile, waits; who goes away, harms nobody."""
        if (found := self.ready(key)) is not None:
            return found
        if key not in self._fetching:
            self._fetching[key] = asyncio.create_task(self._fetched(key, fetch), name="shelf")
        return await asyncio.shield(self._fetching[key])

    async def _fetched(self, key: Hashable, fetch: Callable[[], Awaitable[bytes]]) -> bytes:
        try:
            body = await fetch()
        finally:
            del self._fetching[key]
        self._put(key, body)
        return body

    def _put(self, key: Hashable, body: bytes) -> None:
        self._kept[key] = body
        self._taken += len(body)
        while self._taken > self._room and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self._taken -= len(gone)
