"""What letting go of a kind of data means for each table, read from what its columns say they hold.

A row goes whole when its key is of that kind, or when it belongs to a row that goes; else the columns of that kind are emptied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Final

import msgspec
from sqlalchemy import Column, ColumnElement, Select, String, Table, and_, cast, func, not_, select
from sqlmodel import SQLModel, col

from conference.core.columns import Kept
from conference.core.log import LogRow
from conference.core.rows import Values, table_of
from conference.followup.keeping.rules import TABLES
from conference.people.tables import Person, Session

SPOKEN: Final = ("chat.", "questions.", "studio.")  # events with what people wrote; the questions of polls are public
WORDS: Final = ("text", "answer", "reason", "label")  # where in them it stands
SPARED: Final[Mapping[str, str]] = {"person": "person", "session": "person", "link": "used_by"}
"""Table -> the column that says whose a row is: those of organizers stay, who have the follow-up to do."""


def _ended(session: Table, _at: datetime) -> ColumnElement[bool]:
    return session.c["ended_at"].is_not(None)


def _spent(link: Table, at: datetime) -> ColumnElement[bool]:
    """Withdrawn, expired or used; and nobody is signed in by it, who could be signed out by withdrawing it."""
    used = and_(link.c["used_at"].is_not(None), not_(link.c["reusable"]))
    theirs = (col(Session.day) == link.c["day"]) & (col(Session.person) == link.c["used_by"])
    signed_in = select(col(Session.person)).where(theirs, col(Session.ended_at).is_(None))
    return and_(reduce(or_, [link.c["withdrawn_at"].is_not(None), link.c["expires_at"] <= at, used]), not_(signed_in.exists()))


def _taken_back(key: Table, at: datetime) -> ColumnElement[bool]:
    gone: ColumnElement[bool] = key.c["revoked_at"].is_not(None) | (key.c["expires_at"] <= at)
    return gone


WORN: Final[Mapping[str, Callable[[Table, datetime], ColumnElement[bool]]]] = {"session": _ended, "link": _spent, "api_key": _taken_back}
"""Table of keys -> which of its rows open nothing any more at a moment. The clock takes those alone: others are in somebody's hands."""


@dataclass(frozen=True)
class Step:
    """What is done in one table.

    Attributes:
        drops: the row goes.
        blanks: else: column -> what stands there afterwards.
        spares: the column of `SPARED`.
        worn_at: only rows that are worn out at this moment, where `WORN` says which; ``None``: whichever.
    """

    model: type[SQLModel]
    drops: bool
    blanks: Mapping[str, Any] = field(default_factory=dict)
    spares: str | None = None
    worn_at: datetime | None = None

    @property
    def table(self) -> Table:
        """The table."""
        return table_of(self.model)

    def left(self, day: str) -> ColumnElement[bool]:
        """The rows of a day that still hold something of it."""
        here, spared = of_day(self.table, day), [*self._spared(day), *self._worn()]
        if self.drops:
            return and_(here, *spared)
        full = [self.table.c[name].is_not(None) if to is None else self.table.c[name] != to for name, to in self.blanks.items()]
        return and_(here, reduce(or_, full), *spared)

    def _spared(self, day: str) -> list[ColumnElement[bool]]:
        if self.spares is None:
            return []
        whose = self.table.c[self.spares]
        return [or_(whose.is_(None), whose.not_in(select(col(Person.person)).where(col(Person.day) == day, _LEADS)))]

    def _worn(self) -> list[ColumnElement[bool]]:
        worn = WORN.get(self.table.name)
        return [worn(self.table, self.worn_at)] if worn and self.worn_at else []

    def after(self, row: Values) -> Values:
        """What a row is when it has been emptied."""
        return {**row, **self.blanks}

    def counting(self, day: str) -> Select[Any]:
        """How many rows are left, as ``n``."""
        return select(func.count().label("n")).select_from(self.table).where(self.left(day))


_LEADS: Final = cast(col(Person.roles), String).contains('"organizer"')


@dataclass(frozen=True)
class Spoken(Step):
    """What was written, in the log: places and ids stay, so that the log has no holes, and words go."""

    def left(self, day: str) -> ColumnElement[bool]:
        """Events that have words in them."""
        data, name = self.table.c["data"], self.table.c["name"]
        # Inside a text JSON writes a quotation mark as \\", so neither pattern can be forged by what somebody wrote.
        full = [and_(data.contains(f'"{one}":"', autoescape=True), not_(data.contains(f'"{one}":""', autoescape=True))) for one in WORDS]
        return and_(of_day(self.table, day), reduce(or_, [name.startswith(one) for one in SPOKEN]), reduce(or_, full))

    def after(self, row: Values) -> Values:
        """The event, without its words."""
        data = msgspec.json.decode(row["data"])
        emptied = {name: "" if name in WORDS and isinstance(value, str) else value for name, value in data.items()}
        return {**row, "data": msgspec.json.encode(emptied).decode()}


def steps(models: Sequence[type[SQLModel]], kind: Kept) -> list[Step]:
    """What is done in which tables to let go of a kind of data, children before parents.

    Raises:
        TypeError: a column cannot be emptied; its table has to say otherwise what it holds.
    """
    mine = [model for model in models if _columns(table_of(model), kind) and table_of(model).name not in TABLES]
    gone = {table_of(model).name for model in mine if any(column.primary_key for column in _columns(table_of(model), kind))}
    return [_step(model, kind, gone) for model in reversed(mine)]


def _step(model: type[SQLModel], kind: Kept, gone: set[str]) -> Step:
    table = table_of(model)
    if model is LogRow:
        return Spoken(model, drops=False)
    spares = SPARED.get(table.name) if kind is Kept.PERSON else None
    of = {key.column.table.name for key in table.foreign_keys} & gone
    if table.name in gone or of:
        return Step(model, drops=True, spares=spares)
    return Step(model, drops=False, blanks=dict(_blanks(model, _columns(table, kind))), spares=spares)


def whole(models: Sequence[type[SQLModel]], name: str) -> Step:
    """What is done to let a table of `TABLES` go."""
    return Step(next(model for model in models if table_of(model).name == name), drops=True)


def holds(models: Sequence[type[SQLModel]], kind: Kept) -> Iterator[Table]:
    """The tables of a day that hold something of a kind."""
    for model in models:
        table = table_of(model)
        if _columns(table, kind) and table.name not in TABLES and {"day", "box"} & set(table.columns.keys()):
            yield table


def of_day(table: Table, day: str) -> ColumnElement[bool]:
    """The rows of a day: by their day, or by the box that they lie in."""
    if "day" in table.columns:
        return table.c["day"] == day
    return table.c["box"].startswith(f"{day}/", autoescape=True)


def _columns(table: Table, kind: Kept) -> list[Column[Any]]:
    return [column for column in table.columns if column.info.get("kept") is kind]


def _blanks(model: type[SQLModel], columns: Sequence[Column[Any]]) -> Iterator[tuple[str, Any]]:
    for column in columns:
        default = model.model_fields[column.key].default
        if column.nullable:
            yield column.key, None
        elif model.model_fields[column.key].annotation is str:
            yield column.key, default if isinstance(default, str) else ""
        else:
            raise TypeError(f"{model.__name__}.{column.key} cannot be emptied")
