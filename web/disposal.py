"""Carries out what was signed, and deletes what goes by the clock: a batch at a time, for as long as the server runs.

What there is to do stands in rows, so a process that dies leaves it to the next one, and two at once do no harm.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from conference.core.actor import Actor
from conference.core.event import Entry
from conference.core.rows import models
from conference.core.store import Store, StoreUnavailable
from conference.core.transaction import Transaction
from conference.followup.keeping import DataDisposed, Keeping
from polls.surveys.tables import Survey
from polls.tables import Poll
from web.floor import Floor
from web.migrate import of_ours

LOOK_S: Final = 2.0  # an organizer who has signed looks at the page
BY_CLOCK_EVERY: Final = 1_800  # looks: an hour; what goes by the clock goes by the day

Batch: TypeAlias = Callable[[Actor], Awaitable[int]]

TABLES: Final = [model for model in models() if of_ours(None, str(model.__tablename__), "table", False, None)]
"""Every table of the product, parents before children."""

log = logging.getLogger(__name__)


async def boxes_open(tx: Transaction, day: str) -> bool:
    """Whether a poll or a survey of a day can still be answered."""
    polls = await tx.every(Poll, col(Poll.day) == day, col(Poll.voting) == "open")
    return bool(polls or await tx.every(Survey, col(Survey.day) == day, col(Survey.state) == "open"))


class Disposer:
    """Goes round. Its task belongs to the house."""

    def __init__(self, store: Store, keeping: Keeping) -> None:
        self._store, self._keeping, self._looks = store, keeping, 0

    async def run(self) -> None:
        """Look for what is to be done, now and then."""
        while True:
            try:
                await self.round(by_clock=self._looks % BY_CLOCK_EVERY == 0)
                self._looks += 1
            except Exception as error:  # most likely the database is away
                if not self._store.noted(error):
                    log.exception("a disposal waits for the next round")
            await asyncio.sleep(LOOK_S)

    async def round(self, *, by_clock: bool = True) -> int:
        """Do all that is due; how many rows were deleted or emptied."""
        rows = 0
        for day in await self._keeping.due():
            rows += await self._until_done(day, self._keeping.dispose)
        for day in await self._keeping.due_by_clock() if by_clock else []:
            rows += await self._until_done(day, self._keeping.sweep)
        if rows:
            await self._forget()
        return rows

    async def _until_done(self, day: str, batch: Batch) -> int:
        rows = 0
        while number := await batch(Actor.house(day)):
            rows += number
        return rows

    async def _forget(self) -> None:
        """Old rows shall not lie in the database's files either; a reader that is in the way has gone by the next disposal."""
        try:
            await self._store.forget([str(model.__tablename__) for model in TABLES])
        except (StoreUnavailable, SQLAlchemyError, OSError) as error:
            log.info("what was disposed of leaves the files later: %s", error)


def heard(floor: Floor, entry: Entry) -> None:
    """Names and sessions of a day are looked up again when they may have gone: kept copies would outlive the rows."""
    if isinstance(entry.event, DataDisposed):
        floor.stage.names.forget_day(entry.event.day)
        floor.sessions.forget_day(entry.event.day)
