"""Somebody's name taken out of all that was shown of them on the day: what the run keeps, what can be taken back, and the log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, String, cast
from sqlmodel import SQLModel, col, or_

from conference.core.forgetting import Writing
from conference.core.log import LogRow
from conference.core.transaction import Transaction
from conference.rundown.tables import Cue, HiddenBlock, LastChange, Track
from conference.tables import Booking, Contributor

KEEPS: Final[Mapping[type[SQLModel], tuple[str, ...]]] = {
    Cue: ("args", "what"), Track: ("shown", "undo"), HiddenBlock: ("rows",), LastChange: ("steps",)
}  # fmt: skip
"""Table -> columns in which a name plate may stand."""
TOLD: Final = ("contributors.", "rundown.", "day.")  # events in which one may; what others wrote of somebody is theirs


async def contributor_of(tx: Transaction, one: Contributor) -> Writing:
    """Name, contact and times agreed upon; the role stands where the name stood. Titles that somebody wrote a name into stay."""
    booking = await tx.find(Booking, one.day, one.contributor)
    kept = [(table, await _with(tx, table, one)) for table in KEEPS] if one.screen_name else []
    spoken = or_(*(col(LogRow.name).startswith(name) for name in TOLD))
    told = await tx.every(LogRow, col(LogRow.day) == one.day, spoken, _has(col(LogRow.data), one.screen_name)) if one.screen_name else []

    async def write(tx: Transaction) -> Mapping[str, int]:
        name, role = one.screen_name or "", one.role
        for table, rows in kept:
            for row in rows:
                tx.put(row.model_copy(update={column: unnamed(getattr(row, column), name, role) for column in KEEPS[table]}))
        for entry in told:
            data = unnamed(msgspec.json.decode(entry.data), name, role)
            tx.put(entry.model_copy(update={"data": msgspec.json.encode(data).decode()}))
        tx.put(one.model_copy(update={"screen_name": None, "tech_check": ""}))
        if booking:
            tx.put(booking.model_copy(update={"contact": ""}))
        counts = {str(table.__tablename__): len(rows) for table, rows in kept}
        return {**counts, "log": len(told), "contributor": 1, "booking": int(booking is not None)}

    return write


def unnamed(value: Any, name: str, instead: str) -> Any:
    """Plain JSON, in which nothing is *name* any more."""
    if isinstance(value, dict):
        return {key: unnamed(one, name, instead) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [unnamed(one, name, instead) for one in value]
    return instead if value == name and name else value


async def _with(tx: Transaction, table: type[SQLModel], one: Contributor) -> list[Any]:
    columns = [table.metadata.tables[str(table.__tablename__)].c[name] for name in KEEPS[table]]
    day = table.metadata.tables[str(table.__tablename__)].c["day"]
    return await tx.every(table, day == one.day, or_(*(_has(column, one.screen_name or "") for column in columns)))


def _has(column: Any, name: str) -> ColumnElement[bool]:
    """As it was written, or as JSON writes letters that are not English."""
    text = cast(column, String)
    return or_(text.contains(name, autoescape=True), text.contains(json.dumps(name)[1:-1], autoescape=True))
