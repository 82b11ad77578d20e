"""The rows that a plan is made of, by what is read of them.

A run is loaded at every move, and making a table object costs 70 us: a day of twenty regions has seven hundred cues. So they are read as
plain values with the columns' names, and only a row that has changed becomes a table object again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Protocol

from sqlalchemy import RowMapping


class BlockRow(Protocol):
    """A block."""

    block: str
    kind: str
    overrun: str | None
    overrun_limit_s: int
    planned_starts_at: datetime
    planned_ends_at: datetime


class RegionRow(Protocol):
    """A region."""

    region: str
    overrun: str
    overrun_limit_s: int


class ItemRow(Protocol):
    """An item."""

    item: str
    block: str
    lane: str
    kind: str
    planned_starts_at: datetime
    planned_ends_at: datetime
    starts_at: datetime
    ends_at: datetime
    state: str


class CueRow(Protocol):
    """A cue."""

    cue: str
    lane: str
    block: str
    item: str
    at_s: int
    do: str
    by: str
    args: dict[str, Any]
    what: str
    planned_at: datetime
    state: str
    given_at: datetime | None
    given_by: str | None


def as_values(rows: Iterable[RowMapping]) -> list[Any]:
    """Rows as plain values with the columns' names."""
    return [SimpleNamespace(**row) for row in rows]


def changed(row: object, **columns: Any) -> dict[str, Any]:
    """All columns of a row that was read as values, some of them new."""
    return {**vars(row), **columns}
