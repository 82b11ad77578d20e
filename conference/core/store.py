"""The store: one writer, many verbs to a commit, readers that never wait.

A verb is a function of a transaction. It loads rows, decides, puts rows and records events; all of that lives in memory until the group
is written with one statement a table and one commit. So a refused verb costs nothing to undo, and thousands share one fsync.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeAlias, TypeVar

from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.actor import Actor
from conference.core.asking import once
from conference.core.engines import Engines, forget_old_rows, is_outage
from conference.core.errors import Refused
from conference.core.event import Entry
from conference.core.outage import Outage
from conference.core.transaction import Transaction
from conference.core.writer import StoreUnavailable, Work, Writer, fail

__all__ = ["Store", "StoreUnavailable", "verb"]

R = TypeVar("R")
Item = TypeVar("Item")
P = ParamSpec("P")

VERBS_PER_GROUP = 64  # bounds how long a vote waits behind other verbs: about 10 ms
GATHERED_PER_GROUP = 500  # about 30 ms of deciding in one go: longer, and everybody's news wait for it
LAST_GROUP_S = 10.0  # at the end; longer than the wait for the pen
WAITING_MOST = 20_000  # two verbs for each of 10,000 people; beyond that we say no at once


class Store:
    """Runs verbs and lends reading sessions. Lives as long as ``async with Store.open(...)``."""

    def __init__(self, engines: Engines, on_commit: Callable[[Sequence[Entry]], None], linger_s: float) -> None:
        self._engine, self._reader, self._linger_s = engines.writer, engines.reader, linger_s
        self.outage = Outage("the database")
        self._writer = Writer(engines.writer, on_commit, self.outage)
        self._verbs: deque[Work] = deque()
        self._gathered: deque[Work] = deque()
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, on_commit: Callable[[Sequence[Entry]], None], *, linger_s: float = 0.0) -> AsyncIterator[Store]:
        """Open the database and start the writer.

        Args:
            on_commit: told the events of each group, in order, after the commit and before the callers; must not wait.
            linger_s: how long a group waits for company; 0.005 saves a third of the processor under load.
        """
        async with Engines.open(url) as engines:
            store = cls(engines, on_commit, linger_s)
            store._task = asyncio.create_task(store._write(), name="store writer")
            try:
                yield store
            finally:
                await store._end()
                fail([*store._gathered, *store._verbs], StoreUnavailable("the store is closed"))

    async def run(self, verb: Callable[[Transaction], Awaitable[R]]) -> R:
        """Run one verb; returns when its group is on disk.

        The verb runs in the writer, not in the caller: a caller that is cancelled harms nobody. It may be run several times, as a
        rehearsal or after another verb of its group failed, so it touches and waits for nothing but its transaction.

        Raises:
            StoreUnavailable: the commit failed or too many are waiting.
        """
        result: R = await self._wait_for(self._verbs, Work(verb))
        return result

    async def gather(self, verb: Callable[[Transaction, list[Item]], Awaitable[Sequence[R | Exception]]], item: Item) -> R:
        """Like `run`, for small things in thousands: *verb* is called once a group, before the others, with all its items."""
        result: R = await self._wait_for(self._gathered, Work(verb, item, gathered=True))
        return result

    def noted(self, error: Exception) -> bool:
        """Whether *error* is that the database is away; then it has been told in the log, or not again so soon."""
        away = isinstance(error, StoreUnavailable | PoolTimeoutError) or is_outage(error)
        if away:
            self.outage.note(error)
        return away

    def reading(self) -> AsyncSession:
        """``async with store.reading() as session``: read one unchanging moment of the database, beside the writer."""
        return AsyncSession(self._reader, autoflush=False)

    @property
    def forgets_gently(self) -> bool:
        """Whether `forget` keeps nobody from a table meanwhile: SQLite only empties its journal, PostgreSQL writes the table anew."""
        return self._engine.dialect.name == "sqlite"

    async def forget(self, tables: Sequence[str]) -> None:
        """Take what rows of *tables* held before they were rewritten out of the database's files: after secrets were destroyed.

        Raises:
            StoreUnavailable: it was not possible yet; ask again.
        """
        if not await forget_old_rows(self._engine, tables):
            raise StoreUnavailable("somebody still reads what shall be forgotten")

    async def _wait_for(self, queue: deque[Work], work: Work) -> Any:
        if asyncio.current_task() is self._task:
            raise RuntimeError("a verb cannot wait for another verb: the writer would wait for itself")
        if self._closing or self._task is None or self._task.done():
            raise StoreUnavailable("the store is closed")
        if len(queue) >= WAITING_MOST:
            raise StoreUnavailable("too many verbs are waiting")
        queue.append(work)
        self._arrived.set()
        return await work.answer

    async def _end(self) -> None:
        """Let the group at hand come to its end: a commit that is cut off could be stored without an answer, and leave the pen behind."""
        assert self._task
        self._closing = True
        self._arrived.set()
        _, late = await asyncio.wait([self._task], timeout=LAST_GROUP_S)
        for task in late:
            task.cancel()
            await asyncio.wait([task])

    async def _write(self) -> None:
        while not self._closing:
            await self._arrived.wait()
            await asyncio.sleep(self._linger_s)
            self._arrived.clear()
            while not self._closing and (self._gathered or self._verbs):
                if group := [*_take(self._gathered, GATHERED_PER_GROUP), *_take(self._verbs, VERBS_PER_GROUP)]:
                    await self._writer.commit(group)


def _take(queue: deque[Work], most: int) -> list[Work]:
    taken = [queue.popleft() for _ in range(min(most, len(queue)))]
    return [work for work in taken if not work.answer.done()]  # its caller gave up before its turn


class HasStore(Protocol):
    """A service: the plural noun of its feature."""

    _store: Store


V = TypeVar("V", bound=HasStore)
Verb: TypeAlias = Callable[Concatenate[V, Transaction, Actor, P], Awaitable[R]]


def verb(method: Verb[V, P, R]) -> Callable[Concatenate[V, Actor, P], Coroutine[Any, Any, R]]:
    """Make a method of a transaction into one that its callers simply await.

    The wish that its actor brings is answered once, and entered in the audit chain when it says so: `conference.core.asking`.
    """

    @wraps(method)
    async def asked(self: V, by: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
        answer: Any = await self._store.run(lambda tx: once(tx, by, lambda tx: method(self, tx, by, *args, **kwargs)))
        if isinstance(answer, Refused):
            raise answer
        result: R = answer
        return result

    return asked  # type: ignore[return-value]  # wraps() forgets that self is positional
