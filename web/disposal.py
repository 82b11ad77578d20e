"""Carries out what was signed, and deletes what goes by the clock: a batch at a time, for as long as the server runs.

What there is to do stands in rows, so a process that dies leaves it to the next one, and two at once do no harm.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, TypeAlias

from sqlmodel import col, select

from conference.core.actor import Actor
from conference.core.event import Entry
from conference.core.rows import models
from conference.core.store import Store
from conference.core.transaction import Transaction
from conference.followup.keeping import DataDisposed, Keeping
from conference.rules import DayState
from conference.tables import Day
from polls.later.tables import LaterCount
from polls.surveys.tables import Survey, SurveyLetter
from polls.tables import Poll
from web import disposed
from web.erasure import LONG_AGO, last_at
from web.erasure import TABLES as ERASED_FROM
from web.floor import Floor
from web.migrate import of_ours
from web.telling import forget_each

LOOK_S: Final = 2.0  # an organizer who has signed looks at the page
BY_CLOCK_EVERY: Final = 1_800  # looks: an hour; what goes by the clock goes by the day
FORGET_EVERY: Final = 30  # looks: a minute, until nobody is in the way

Batch: TypeAlias = Callable[[Actor], Awaitable[int]]

TABLES: Final = [model for model in models() if of_ours(None, str(model.__tablename__), "table", False, None)]
"""Every table of the product, parents before children."""

log = logging.getLogger(__name__)


async def boxes_open(tx: Transaction, day: str) -> bool:
    """Whether a poll or a survey of a day can still be answered, also in hindsight, or letters wait for a survey which opens later."""
    polls = await tx.every(Poll, col(Poll.day) == day, col(Poll.voting) == "open")
    surveys = {one.survey: one.state for one in await tx.every(Survey, col(Survey.day) == day, col(Survey.state) != "closed")}
    waiting = select(SurveyLetter.survey).where(SurveyLetter.day == day, col(SurveyLetter.survey).in_(surveys)).limit(1)
    later = await tx.every(LaterCount, col(LaterCount.day) == day, col(LaterCount.closed_at).is_(None))
    return bool(polls or later) or "open" in surveys.values() or bool(await tx.ask(waiting))


class Disposer:
    """Goes round. Its task belongs to the house."""

    def __init__(self, store: Store, keeping: Keeping, data_dir: Path) -> None:
        self._store, self._keeping, self._data_dir, self._looks = store, keeping, data_dir, 0
        self._erased_at = LONG_AGO
        self._old: set[str] | None = None  # tables whose old rows may lie in the database's files

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
        rows, old = 0, self._old if self._old is not None else await self._keeping.emptied_lately()
        if self._looks % FORGET_EVERY == 0 and (last := await last_at(self._store)) > self._erased_at:
            self._erased_at, old = last, old | ERASED_FROM
        self._old = old  # what is added below is remembered also when the database goes away in between
        if due := await self._keeping.due():
            disposed.remember(self._data_dir, await disposed.signed(self._store))  # first: as with those who are erased
        for day, tables in due.items():
            old |= tables
            rows += await self._until_done(day, self._keeping.dispose)
        for day, tables in (await self._keeping.due_by_clock()).items() if by_clock else ():
            old |= tables
            rows += await self._until_done(day, self._keeping.sweep)
        if old and (rows or self._looks % FORGET_EVERY == 0):
            await self._forget(old)
        return rows

    async def _until_done(self, day: str, batch: Batch) -> int:
        rows = 0
        while number := await batch(Actor.house(day)):
            rows += number
        return rows

    async def _forget(self, old: set[str]) -> None:
        """Old rows shall not lie in the database's files. Where nobody can vote in a table meanwhile, it waits while a day is live."""
        async with self._store.reading() as session:
            is_live = (await session.exec(select(Day.day).where(Day.state == DayState.LIVE).limit(1))).first()
        if not is_live or self._store.forgets_gently:
            old &= await forget_each(self._store, old)


def heard(floor: Floor, entry: Entry) -> None:
    """Names and sessions of a day are looked up again when they may have gone: kept copies would outlive the rows."""
    if isinstance(entry.event, DataDisposed):
        floor.stage.names.forget_day(entry.event.day)
        floor.sessions.forget_day(entry.event.day)
