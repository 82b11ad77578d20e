"""Rows as values, and the few statements that load and write them: made once a table, compiled once by SQLAlchemy."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Delete, Insert, Select, Table, bindparam, delete, insert, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

Values: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[type[SQLModel], tuple[Any, ...]]


def key_of(row: SQLModel) -> Key:
    """Which row it is."""
    return type(row), tuple(getattr(row, name) for name in keys(type(row)))


def values_of(row: SQLModel) -> Values:
    """What it holds now."""
    return {name: getattr(row, name) for name in columns(type(row))}


@cache
def keys(table: type[SQLModel]) -> tuple[str, ...]:
    """Names of the primary key's columns."""
    return tuple(column.key for column in table_of(table).primary_key)


@cache
def columns(table: type[SQLModel]) -> tuple[str, ...]:
    """Names of all columns."""
    return tuple(table_of(table).columns.keys())


def table_of(table: type[SQLModel]) -> Table:
    """The table as SQLAlchemy Core knows it."""
    return table.metadata.tables[str(table.__tablename__)]


def models() -> list[type[SQLModel]]:
    """Every table there is, parents before children."""
    found, waiting = dict[str, type[SQLModel]](), [SQLModel]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.model_config.get("table"):
            found[str(one.__tablename__)] = one
    return [found[table.name] for table in SQLModel.metadata.sorted_tables if table.name in found]


def every(table: type[SQLModel]) -> Select[Any]:
    """All rows of a table, as values."""
    return select(table_of(table))


@cache
def loading(table: type[SQLModel]) -> Select[Any]:
    """The rows whose primary keys are bound to ``keys``."""
    which = [table_of(table).c[name] for name in keys(table)]
    return select(table_of(table)).where((which[0] if len(which) == 1 else tuple_(*which)).in_(bindparam("keys", expanding=True)))


def bound(wanted: list[tuple[Any, ...]]) -> Values:
    """What `loading` takes: bare values when the primary key is one column."""
    return {"keys": wanted if len(wanted[0]) > 1 else [value for (value,) in wanted]}


@cache
def writing(table: type[SQLModel], kind: str, dialect: str) -> Insert | Delete:
    """The statement that adds, puts or drops rows."""
    if kind == "add":
        return insert(table_of(table))
    if kind == "drop":
        return delete(table_of(table)).where(*(table_of(table).c[name] == bindparam(name) for name in keys(table)))
    return upsert(table, dialect)


def upsert(table: type[SQLModel], dialect: str) -> Insert:
    """INSERT that replaces the row with the same primary key."""
    new = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table_of(table))
    rest = {name: new.excluded[name] for name in columns(table) if name not in keys(table)}
    return new.on_conflict_do_update(index_elements=keys(table), set_=rest) if rest else new.on_conflict_do_nothing()


def order(what: tuple[type[SQLModel], str]) -> int:
    """Parents before children; what is dropped goes last, children first."""
    table, kind = what
    place = SQLModel.metadata.sorted_tables.index(table_of(table))
    return -place + 10_000 if kind == "drop" else place
