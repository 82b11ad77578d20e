"""A day as it is prepared, in a database of its own: no people, no answers, nothing that has happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import RowMapping, Select, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from conference.core.engines import Engines
from conference.core.log import LogHead
from conference.core.rows import table_of
from conference.library.tables import Film
from conference.rules import DayState, ItemState
from conference.rundown.tables import Cue
from conference.tables import Block, Contributor, Day, Item, Region, Series, Source
from polls.surveys.tables import Survey
from polls.tables import Poll
from web import migrate

PREPARED: Final[tuple[type[SQLModel], ...]] = (Series, Day, Region, Block, Item, Contributor, Source, Cue, Film, Poll, Survey)
"""What a day is made of before anybody has come, parents before children."""

NOTHING_YET: Final[Mapping[type[SQLModel], Mapping[str, Any]]] = {
    Day: {"state": DayState.PUBLISHED, "speed": 1.0, "operator_auto": True, "started_at": None, "ended_at": None},
    Item: {"state": ItemState.UPCOMING},
    Cue: {"state": "coming", "given_at": None, "given_by": None},
    Poll: {
        "voting": "draft", "result": "hidden", "round": 0, "opened_at": None, "closes_at": None, "closed_at": None,
        "passed_over": None, "shows_next": None, "key_print": None, "sorting": "{}", "sorts": 0,
    },
    Survey: {"state": "draft", "opened_at": None, "closes_at": None, "closed_at": None, "key_print": None, "mailed": 0},
}  # fmt: skip
"""How each of them stands before the day, also when it has been on already."""

PLANNED: Final = {"starts_at": "planned_starts_at", "ends_at": "planned_ends_at"}


async def copy_day(source: str, day: str, target: str) -> None:
    """Copy a day from one database to another one, which is made.

    Args:
        source, target: their addresses; the target's is an empty place.
    """
    await migrate.up(target)
    async with (
        Engines.open(source) as there,
        Engines.open(target) as here,
        there.reader.connect() as reading,
        here.writer.begin() as writing,
    ):
        for table in PREPARED:
            rows = (await reading.execute(_of_day(table, day))).mappings().all()
            await _put(writing, table, [_before(table, row) for row in rows])
        await _put(writing, LogHead, [{"day": day, "epoch": "rehearsal", "seq": 0}])


def _of_day(table: type[SQLModel], day: str) -> Select[Any]:
    columns = table_of(table).c
    if table is Series:
        days = table_of(Day)
        return select(table_of(table)).where(columns.series.in_(select(days.c.series).where(days.c.day == day)))
    return select(table_of(table)).where(columns.day == day)


def _before(table: type[SQLModel], row: RowMapping) -> dict[str, Any]:
    times = {name: row[planned] for name, planned in PLANNED.items() if name in row and planned in row}
    return {**row, **times, **NOTHING_YET.get(table, {})}


async def _put(writing: AsyncConnection, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    if rows:
        await writing.execute(insert(table_of(table)), rows)
