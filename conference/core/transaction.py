"""What a verb may do: get, put, add, drop, ask, record. All of it in memory until its group is written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, RowMapping, Select, delete
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from conference.core.event import Entry, Event
from conference.core.log import LogHead, LogRow, log_values
from conference.core.rows import Key, Values, bound, every, key_of, keys, loading, order, table_of, values_of, writing

T = TypeVar("T", bound=SQLModel)

AFTER: dict[tuple[str | None, str], str] = {("add", "put"): "add", ("drop", "add"): "put"}  # two kinds on one row, and what is left to do


KEYS_PER_QUERY = 2_000  # of up to four columns each; SQLite takes 32,766 parameters, PostgreSQL 32,767


class RowExists(Exception):
    """A verb added a row that was there; its rule should have looked first."""


class NotYet(BaseException):
    """Ends a rehearsal: the row it needs is not loaded. Not an Exception, so that no verb catches it."""


class Group:
    """One database transaction: what its verbs have read, and what they will write.

    What was read stays true until the commit, because nobody else holds the pen.
    """

    def __init__(self, connection: AsyncConnection, look_ahead: Callable[[Group], Awaitable[None]]) -> None:
        self.connection = connection
        self.look_ahead = partial(look_ahead, self)
        self.rehearsing = False
        self.wanted: set[Key] = set()
        self.entries: list[Entry] = []
        self.rows: dict[Key, Values | None] = {}
        self.unwritten: dict[Key, str] = {}  # "add", "put" or "drop"

    async def load(self, key: Key) -> Values | None:
        """The row as the group sees it: read at most once, together with the rows that the verbs behind will ask for."""
        if key not in self.rows:
            self.wanted.add(key)
            if self.rehearsing:
                raise NotYet
            await self.look_ahead()
            await self._fetch()
        return self.rows[key]

    async def load_many(self, places: Iterable[Key]) -> None:
        """The rows that have not been read yet, in as few queries as the databases' limit of parameters allows."""
        missing = [key for key in dict.fromkeys(places) if key not in self.rows]
        for start in range(0, len(missing), KEYS_PER_QUERY):
            self.wanted.update(missing[start : start + KEYS_PER_QUERY])
            await self._fetch()

    async def _fetch(self) -> None:
        wanted, self.wanted = self.wanted, set()
        for table in {table for table, _ in wanted}:
            places = [key for of, key in wanted if of is table]
            self.rows.update(((table, key), None) for key in places)
            for found in (await self.connection.execute(loading(table), bound(places))).mappings():
                self.rows[table, tuple(found[name] for name in keys(table))] = dict(found)

    async def write(self) -> None:
        """Bring everything to the database, parents before children: one statement a table and kind."""
        unwritten, self.unwritten = self.unwritten, {}
        many: dict[tuple[type[SQLModel], str], list[Values]] = {}
        for key, kind in unwritten.items():
            many.setdefault((key[0], kind), []).append(self.rows[key] or dict(zip(keys(key[0]), key[1], strict=True)))
        for table, kind in sorted(many, key=order):
            await self.connection.execute(writing(table, kind, self.connection.dialect.name), many[table, kind])


class Transaction:
    """The sheet of one verb, laid on top of its group; thrown away when the verb says no."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self._rows: dict[Key, Values | None] = {}
        self._unwritten: dict[Key, str] = {}
        self._entries: list[Entry] = []

    async def find(self, table: type[T], *key: object) -> T | None:
        """The row, or ``None``. A fresh object each time: changing it changes nothing before `put`."""
        place = (table, key)
        values = self._rows[place] if place in self._rows else await self._group.load(place)
        return None if values is None else table(**values)

    async def get(self, table: type[T], *key: object) -> T:
        """The row.

        Raises:
            LookupError: there is none.
        """
        row = await self.find(table, *key)
        if row is None:
            raise LookupError(f"no {table.__name__} {key}")
        return row

    def put(self, row: SQLModel) -> None:
        """The row as it shall be from now on, new or not."""
        self._note(row, "put")

    def add(self, row: SQLModel) -> None:
        """A row that must be new: one that exists fails the verb with an IntegrityError."""
        self._note(row, "add")

    def drop(self, row: SQLModel) -> None:
        """Remove the row."""
        self._note(row, "drop")

    async def ask(self, query: Select[*tuple[Any, ...]]) -> Sequence[RowMapping]:
        """The rows of a query. Load before you write: the query would not see what this verb has put."""
        if self._unwritten:
            raise RuntimeError("ask before the first put, add, drop or record")
        if self._group.rehearsing:
            raise NotYet
        await self._group.write()
        found: Sequence[RowMapping] = (await self._group.connection.execute(query)).mappings().all()
        return found

    async def every(self, table: type[T], *which: ColumnElement[bool]) -> list[T]:
        """All rows of *table* of which all of *which* is true. Load before you write, as with `ask`."""
        return [table(**row) for row in await self.ask(every(table).where(*which))]

    async def fetch(self, table: type[SQLModel], keys: Iterable[tuple[object, ...]]) -> None:
        """Read many rows at once, so that `find` has them: for gathered verbs, whose rehearsal nobody can do for them."""
        await self._group.load_many([(table, key) for key in keys])

    def fetched(self, table: type[SQLModel], *key: object) -> Values | None:
        """The values of a row that `fetch` has asked for, or ``None``: no object is made, which costs 20 us a row."""
        return self._group.rows[table, key]

    async def rewrite(self, table: type[SQLModel], which: ColumnElement[bool], rows: list[Values]) -> None:
        """Replace all rows of *which* by *rows*, now. The last thing of a verb, when nothing can be refused any more."""
        if self._group.rehearsing:
            raise NotYet
        await self._group.write()
        await self._group.connection.execute(delete(table_of(table)).where(which))
        await self.put_many(table, rows)

    async def drop_all(self, table: type[SQLModel], which: ColumnElement[bool]) -> None:
        """Remove all rows of *which*, now and without reading them. As with `rewrite`: when nothing can be refused any more."""
        if self._group.rehearsing:
            raise NotYet
        await self._group.write()
        await self._group.connection.execute(delete(table_of(table)).where(which))
        self._group.rows = {key: row for key, row in self._group.rows.items() if key[0] is not table}  # what was read may be gone

    async def put_many(self, table: type[SQLModel], rows: list[Values]) -> None:
        """Many rows in one statement, now: for gathered verbs, which answer with an error instead of raising it."""
        await self._group.write()
        if rows:
            await self._group.connection.execute(writing(table, "put", self._group.connection.dialect.name), rows)

    async def record(self, event: Event) -> Entry:
        """Enter the event in the log of its day, at the next place; the verb that made the day added its `LogHead`."""
        place: Key = (LogHead, (event.day,))
        head = self._rows.get(place) or await self._group.load(place)
        if head is None:
            raise LookupError(f"no log of {event.day}")
        entry = Entry(head["epoch"], head["seq"] + 1, event)
        self._rows[place], self._unwritten[place] = {**head, "seq": entry.seq}, "put"
        self._rows[LogRow, (event.day, entry.seq)], self._unwritten[LogRow, (event.day, entry.seq)] = log_values(entry), "add"
        self._entries.append(entry)
        return entry

    def forget(self) -> None:
        """Throw away all that this verb has written so far; what it has read stays read."""
        self._rows.clear()
        self._unwritten.clear()
        self._entries.clear()

    def accept(self) -> None:
        """Give what the verb did to its group."""
        for key, kind in self._unwritten.items():
            self._group.unwritten[key] = AFTER.get((self._group.unwritten.get(key), kind), kind)
        self._group.rows.update(self._rows)
        self._group.entries.extend(self._entries)

    def _note(self, row: SQLModel, kind: str) -> None:
        key = key_of(row)
        if kind == "add" and self._rows.get(key, self._group.rows.get(key)) is not None:
            raise RowExists(f"{type(row).__name__} {key[1]}")
        self._rows[key] = None if kind == "drop" else values_of(row)
        self._unwritten[key] = AFTER.get((self._unwritten.get(key), kind), kind)
