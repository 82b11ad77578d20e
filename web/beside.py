"""The store of an installation for a command: beside a running server or without one, in the same database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlmodel import select

from conference.core.actor import Asked
from conference.core.clock import Clock
from conference.core.ids import Ids
from conference.core.store import Store
from conference.tables import Day
from web import migrate
from web.settings import Settings


class NotThere(Exception):
    """There is no such installation or day; the text says what there is, in one line."""


@asynccontextmanager
async def store_of(chosen: Settings) -> AsyncIterator[Store]:
    """The store, when there is one in the form that this version needs.

    Raises:
        NotThere: no data folder, no database, or one that must be migrated first.
    """
    if chosen.embedded and not chosen.data_dir.is_dir():
        raise NotThere(f"there is no data folder {chosen.data_dir}")
    if chosen.embedded and not (chosen.data_dir / "samsyn.db").is_file():
        raise NotThere(f"there is no database in {chosen.data_dir}: `samsyn serve` makes one, or `samsyn migrate`")
    if not await migrate.is_current(chosen.database):
        raise NotThere("the database is not up to date: run `samsyn migrate` first")
    async with Store.open(chosen.database, lambda _entries: None) as store:
        yield store


async def must_know(store: Store, day: str) -> None:
    """Refuse a day that is not there, and name those that are.

    Raises:
        NotThere: no such day.
    """
    async with store.reading() as session:
        days = list(await session.exec(select(Day.day).order_by(Day.day)))
    if day not in days:
        raise NotThere(f"there is no day {day}; there " + (f"is {', '.join(days)}" if days else "are none yet"))


def audited(clock: Clock, ids: Ids, do: str, note: dict[str, str]) -> Asked:
    """A wish of the command line, entered in the audit chain as everything that staff does."""
    return Asked(ids.new(), do, "", clock.now(), audited=True, note=dict(note), remembered=False)
