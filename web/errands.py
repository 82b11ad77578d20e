"""Tasks with an owner: what the server does on the side is started here, waited for at the end, and its mistakes are logged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

log = logging.getLogger(__name__)


class Errands:
    """``async with Errands() as errands``: at its end everything that still runs is cancelled and waited for.

    Unlike in a bare ``TaskGroup`` the mistake of one task does not end the others: a day goes on without it.
    """

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[None], Coroutine[Any, Any, object]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        while self._tasks:  # an errand that ends may start another
            for task in self._tasks:
                task.cancel()
            await asyncio.wait([*self._tasks])
            await asyncio.sleep(0)  # for `_ended`

    def run(self, errand: Coroutine[Any, Any, object], name: str) -> asyncio.Task[None]:
        """Start *errand*; it must not be waited for."""
        task = asyncio.create_task(_to_the_end(errand, name), name=name)
        self._tasks[task] = errand
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task).close()  # one that was cancelled before its first step would be missed by nobody

    def named(self, name: str) -> int:
        """How many of this name are under way."""
        return sum(task.get_name() == name for task in self._tasks)

    def __len__(self) -> int:
        """How many are under way."""
        return len(self._tasks)


async def _to_the_end(errand: Coroutine[Any, Any, object], name: str) -> None:
    try:
        await errand
    except Exception:
        log.exception("%s failed", name)
