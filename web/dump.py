"""The rows of a database as lines of JSON, and back: the same for SQLite and PostgreSQL, so that one can be left for the other.

A line is a row: column -> value. What JSON does not have is marked by its kind: ``{"bytes": base64}``, ``{"at": ISO time}``, ``{"on": ISO
date}``, ``{"json": anything}``.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import IO, Any, Final

from sqlalchemy import Table, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

import web.bootstrap  # noqa: F401  # all tables
from web.migrate import of_ours

ROWS_AT_ONCE: Final = 1_000  # bounds memory: a ballot is 200 bytes, an event up to some kB

MARKED: Final[dict[str, tuple[type, Callable[[Any], Any], Callable[[Any], Any]]]] = {
    "bytes": (bytes, lambda value: base64.b64encode(value).decode(), base64.b64decode),
    "at": (datetime, datetime.isoformat, datetime.fromisoformat),
    "on": (date, date.isoformat, date.fromisoformat),
    "json": ((dict, list), lambda value: value, lambda value: value),  # type: ignore[dict-item]  # isinstance takes a tuple
}
"""Mark -> what it stands for, written and read. A datetime is a date to isinstance, so the order counts."""


def tables() -> list[Table]:
    """All tables of the product, parents before children."""
    return [table for table in SQLModel.metadata.sorted_tables if of_ours(None, table.name, "table", False, None)]


async def write(connection: AsyncConnection, table: Table, to: IO[bytes]) -> int:
    """Write every row of a table; how many."""
    rows = await connection.stream(select(table).order_by(*table.primary_key.columns), execution_options={"yield_per": ROWS_AT_ONCE})
    number = 0
    async for row in rows.mappings():
        to.write(_line({column: _written(value) for column, value in row.items()}))
        number += 1
    return number


async def read(connection: AsyncConnection, table: Table, lines: Iterable[bytes]) -> int:
    """Put the rows of *lines* into a table; how many.

    Raises:
        ValueError: a line that is no row of this table.
    """
    number = 0
    for rows in _groups(lines):
        for row in rows:
            if row.keys() != set(table.columns.keys()):
                raise ValueError(f"a row of {table.name} has other columns")
        await connection.execute(insert(table), rows)
        number += len(rows)
    return number


def _groups(lines: Iterable[bytes]) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    for line in lines:
        rows.append({column: _read(value) for column, value in json.loads(line).items()})
        if len(rows) == ROWS_AT_ONCE:
            yield rows
            rows = []
    if rows:
        yield rows


def _line(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _written(value: Any) -> Any:
    return next(({mark: to(value)} for mark, (kind, to, _back) in MARKED.items() if isinstance(value, kind)), value)


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((mark, inside),) = value.items()
    return MARKED[mark][2](inside)
