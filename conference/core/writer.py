"""The group commit: many verbs, one database transaction, one fsync. Whoever is answered is on disk."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from conference.core.engines import is_outage
from conference.core.event import Entry
from conference.core.outage import Outage
from conference.core.transaction import Group, NotYet, Transaction

log = logging.getLogger(__name__)


class StoreUnavailable(Exception):
    """Nothing of this verb was acknowledged. It may be asked again under the same id."""


@dataclass(eq=False, slots=True)
class Work:
    """A verb that somebody waits for."""

    verb: Callable[..., Awaitable[Any]]
    item: object = None
    gathered: bool = False  # one call of the verb for all items of the group
    answer: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def settle(self, result: object) -> None:
        """Answer, with what came of it or the reason why nothing did."""
        if self.answer.done():  # its caller has gone away; what was committed stays committed
            return
        if isinstance(result, BaseException):
            self.answer.set_exception(result)
        else:
            self.answer.set_result(result)


@dataclass(frozen=True)
class Writer:
    """Writes groups, one after the other; owned by the one task of the store."""

    engine: AsyncEngine
    on_commit: Callable[[Sequence[Entry]], None]
    outage: Outage

    async def commit(self, works: list[Work]) -> None:
        """Write the works and settle every one of them."""
        try:
            results, entries = await self._together(works)
        except asyncio.CancelledError:
            fail(works, StoreUnavailable("the store is closed"))
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, everybody who waits is told
            if is_outage(error):
                self.outage.note(error)
                fail(works, StoreUnavailable(str(error)))
            elif len(works) == 1:
                works[0].settle(error)
            else:  # one of them broke a constraint: find it by halves, so that the others are stored
                middle = len(works) // 2
                await self.commit(works[:middle])
                await self.commit(works[middle:])
            return
        self.outage.over()
        try:
            self.on_commit(entries)
        except Exception:  # the log has the events; readers ask it
            log.exception("%d events were stored but not told", len(entries))
        for work, result in zip(works, results, strict=True):
            work.settle(result)

    async def _together(self, works: list[Work]) -> tuple[list[Any], list[Entry]]:
        """Run the works in one database transaction; what each of them came to, and the events. Raises when nothing was stored."""
        results: dict[Work, Any] = {}
        behind = deque(work for work in works if not work.gathered)
        async with self.engine.begin() as connection:
            group = Group(connection, lambda group: _rehearse(behind, group))
            for verb, many in _by_verb(works).items():
                transaction = Transaction(group)
                results.update(zip(many, await verb(transaction, [work.item for work in many]), strict=True))
                transaction.accept()
            while behind:
                work = behind.popleft()
                results[work] = await self._attempt(work, group)
            await group.write()
        return [results[work] for work in works], group.entries

    async def _attempt(self, work: Work, group: Group) -> Any:
        """Run one verb on a sheet of its own; the sheet of a verb that raised is thrown away, and the raise is its answer."""
        transaction = Transaction(group)
        try:
            result = await work.verb(transaction)
        except SQLAlchemyError:  # PostgreSQL accepts nothing more in this transaction
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer of this verb alone
            return error
        transaction.accept()
        return result


def fail(works: Iterable[Work], error: Exception) -> None:
    """Tell all of them the same."""
    for work in works:
        work.settle(error)


async def _rehearse(works: Iterable[Work], group: Group) -> None:
    """Run the verbs as far as the loaded rows carry and forget what they did, so that the rows they lack are read in one query."""
    group.rehearsing = True
    try:
        for work in works:
            with suppress(NotYet, Exception):
                await work.verb(Transaction(group))
    finally:
        group.rehearsing = False


def _by_verb(works: list[Work]) -> dict[Callable[..., Awaitable[Any]], list[Work]]:
    gathered: dict[Callable[..., Awaitable[Any]], list[Work]] = {}
    for work in works:
        if work.gathered:
            gathered.setdefault(work.verb, []).append(work)
    return gathered
