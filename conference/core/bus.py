"""The bus wakes those who follow a day, in this process or another. It may lose, double and reorder: the log is the truth."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from conference.core.event import Entry

Listener: TypeAlias = Callable[[float], Awaitable[list[Entry]]]
"""Called with how many seconds to wait at most; what was heard, or nothing."""

HEARTBEAT_S = 1.0  # after so long a silence a follower asks the log: bounds what a killed process or a lost Redis delays
HEARD_MOST = 1_000  # entries waiting for one listener; more are dropped, and found in the log by the hole they leave


class Bus(Protocol):
    """Carries entries of a day to its listeners."""

    def publish(self, entries: Sequence[Entry]) -> None:
        """Hand over and go on: never waits, never fails."""

    def listen(self, day: str) -> AbstractAsyncContextManager[Listener]:
        """Hear everything that is published from now on, as far as the bus can."""


class MemoryBus:
    """All in one process."""

    def __init__(self) -> None:
        self._ears: list[_Ear] = []

    def publish(self, entries: Sequence[Entry]) -> None:
        """Give the entries to every listener of their day."""
        for ear in self._ears:
            ear.waiting.extend(entry for entry in entries if entry.event.day == ear.day)  # when full, the oldest fall out
            ear.arrived.set()

    @asynccontextmanager
    async def listen(self, day: str) -> AsyncIterator[Listener]:
        """Hear from now on."""
        ear = _Ear(day)
        self._ears.append(ear)
        try:
            yield ear.next
        finally:
            self._ears.remove(ear)


@dataclass(eq=False)
class _Ear:
    day: str
    waiting: deque[Entry] = field(default_factory=lambda: deque(maxlen=HEARD_MOST))
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def next(self, wait_s: float) -> list[Entry]:
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):  # not wait_for: Python 3.11's forgets a cancellation that comes with the event
                await self.arrived.wait()
        self.arrived.clear()
        heard = list(self.waiting)
        self.waiting.clear()
        return heard


async def follow(bus: Bus, day: str, seq: int, missed: Callable[[int], Awaitable[list[Entry]]]) -> AsyncGenerator[list[Entry]]:
    """Every event of *day* after *seq*: once, in order, none missing, whatever the bus does.

    Args:
        missed: reads the log after a place. Asked at the start, at a hole, and after `HEARTBEAT_S` of silence.
    """
    async with bus.listen(day) as listener:
        heard: list[Entry] = []
        while True:
            fresh = sorted({entry.seq: entry for entry in heard if entry.seq > seq}.items())
            entries = [entry for _, entry in fresh]
            if not heard or (entries and entries[-1].seq - seq != len(entries)):
                while entries := await missed(seq):  # a page at a time
                    seq = entries[-1].seq
                    yield entries
            elif entries:
                seq = entries[-1].seq
                yield entries
            heard = await listener(HEARTBEAT_S)
