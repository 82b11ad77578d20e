"""Many who ask for the same kind of thing at once are answered by one read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Final, Generic, TypeVar

from web.errands import Errands

WINDOW_S: Final = 0.01  # nobody notices, and 10,000 who come within 2 s cost 200 reads
BATCH_MOST: Final = 500  # keys in one query; SQLite takes 32,766 values

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Batch(Generic[K, V]):
    """Collects keys for a moment and reads them together. One read at a time: while it runs the next batch collects.

    Args:
        read: answers for all keys it knows; the others get ``None``.
    """

    def __init__(self, read: Callable[[list[K]], Awaitable[Mapping[K, V]]], errands: Errands, name: str) -> None:
        self._read, self._errands, self._name = read, errands, name
        self._waiting: dict[K, asyncio.Future[V | None]] = {}
        self._running = False

    async def get(self, key: K) -> V | None:
        """What belongs to *key*; those who ask for the same one share the answer, or the error."""
        answer = self._waiting.get(key)
        if answer is None:
            answer = self._waiting[key] = asyncio.get_running_loop().create_future()
        if not self._running:
            self._running = True
            self._errands.run(self._work(), self._name)
        return await asyncio.shield(answer)

    async def _work(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(WINDOW_S)
                keys = list(self._waiting)[:BATCH_MOST]
                await self._answer({key: self._waiting.pop(key) for key in keys})
        finally:
            self._running = False

    async def _answer(self, asked: dict[K, asyncio.Future[V | None]]) -> None:
        try:
            found = await self._read(list(asked))
        except BaseException as error:
            for answer in asked.values():
                if isinstance(error, Exception):
                    answer.set_exception(error)
                    answer.exception()  # whoever asked may be gone; that is no mistake of ours
                else:
                    answer.cancel()
            if not isinstance(error, Exception):
                raise
            return
        for key, answer in asked.items():
            answer.set_result(found.get(key))
