"""The log of a day: append-only, in order, without holes. The truth that every reader comes back to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import BigInteger
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.columns import Kept, kept
from conference.core.event import Entry, data_of, event_from

S = TypeVar("S")


class LogHead(SQLModel, table=True):
    """How far the log of a day has come. Changes in the same transaction as the rows that the events tell of."""

    __tablename__ = "log_head"

    day: str = kept(Kept.OPERATION, primary_key=True)
    epoch: str = kept(Kept.OPERATION)
    seq: int = kept(Kept.OPERATION, sa_type=BigInteger)


class LogRow(SQLModel, table=True):
    """One event. Inserted, and changed only by `without`: the primary key refuses a second event at the same place."""

    __tablename__ = "log"

    day: str = kept(Kept.OPERATION, primary_key=True, foreign_key="log_head.day")
    seq: int = kept(Kept.OPERATION, primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    name: str = kept(Kept.OPERATION)
    version: int = kept(Kept.OPERATION)
    at: datetime = kept(Kept.OPERATION)
    data: str = kept(Kept.SPEECH)


@dataclass(frozen=True)
class Snapshot(Generic[S]):
    """A state and its exact place in the log: state + every event after ``seq`` == a fresh state."""

    epoch: str
    seq: int
    state: S


def log_values(entry: Entry) -> dict[str, Any]:
    """The columns of a `LogRow`; not the object, which costs 20 us to make."""
    event = entry.event
    data = msgspec.json.encode(data_of(event)).decode()
    return {"day": event.day, "seq": entry.seq, "name": event.name, "version": event.version, "at": event.at, "data": data}


def without(row: LogRow, field: str) -> LogRow:
    """An event whose text is to be forgotten, with nothing in that field: the one change that the log knows. Its place stays."""
    data = msgspec.json.decode(row.data)
    return row.model_copy(update={"data": msgspec.json.encode({**data, field: ""}).decode()})


async def head(session: AsyncSession, day: str) -> LogHead | None:
    """Where the log of *day* ends now; ``None`` before its first event."""
    return (await session.exec(select(LogHead).where(LogHead.day == day))).one_or_none()


async def since(session: AsyncSession, day: str, seq: int, *, most: int = 1000) -> list[Entry]:
    """The events after *seq*, oldest first, at most *most* of them."""
    end = await head(session, day)
    if end is None or end.seq <= seq:
        return []
    wanted = select(LogRow).where(LogRow.day == day, LogRow.seq > seq).order_by(col(LogRow.seq)).limit(most)
    return [
        Entry(end.epoch, row.seq, event_from(row.name, row.version, row.day, row.at, msgspec.json.decode(row.data)))
        for row in await session.exec(wanted)
    ]


async def snapshot(session: AsyncSession, day: str, view: Callable[[AsyncSession], Awaitable[S]]) -> Snapshot[S]:
    """The state that *view* reads, and its place in the log.

    True because a reading session sees one moment of the database from its first query to its last (``Store.reading``): SQLite in WAL
    mode by itself, PostgreSQL with REPEATABLE READ. With READ COMMITTED the state may be newer than the place.
    """
    end = await head(session, day)
    return Snapshot(end.epoch if end else "", end.seq if end else 0, await view(session))
