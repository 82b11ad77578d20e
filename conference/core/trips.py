"""SQLite by fewer ways to its thread: a statement is one trip there and back, with all that it found.

A connection to SQLite lives in a thread of its own. The driver goes there to open a cursor, to execute, to fetch and to close, and each
trip wakes two threads and waits for a turn of the loop, which is half a millisecond while news go out to thousands. A group of votes has
ten statements.

`_execute` and `_conn` of aiosqlite and the cursor of SQLAlchemy's adapter are not documented; `tests/conference/core/test_trips.py` fails
loudly when they change.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor, AsyncAdapt_aiosqlite_dbapi


class _Answered:
    """What is left of a cursor when it has been to the database."""

    description: Any = None
    rowcount = -1
    lastrowid: int | None = None
    arraysize = 1

    def close(self) -> None:
        """Nothing is open."""


class OneTrip(AsyncAdapt_aiosqlite_cursor):
    """A cursor that is opened, asked, emptied and closed in one go."""

    __slots__ = ()
    _awaitable_cursor_close = False

    def _make_new_cursor(self, connection: Any) -> Any:  # noqa: ARG002  # the adapter's form
        return _Answered()

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        await self._go(lambda cursor: cursor.execute(operation, () if parameters is None else parameters))

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> None:
        await self._go(lambda cursor: cursor.executemany(operation, seq_of_parameters))

    async def _go(self, ask: Callable[[sqlite3.Cursor], object]) -> None:
        connection: Any = self._connection
        answered: Any = self._cursor

        def there() -> list[Any]:
            cursor = connection._conn.cursor()  # noqa: SLF001  # see above
            try:
                ask(cursor)
                answered.description, answered.rowcount, answered.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
                return cursor.fetchall() if cursor.description else []
            finally:
                cursor.close()

        async with self._adapt_connection._execute_mutex:  # noqa: SLF001  # see above
            self._rows = deque(await connection._execute(there))  # noqa: SLF001  # see above


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls = OneTrip


class Driver(AsyncAdapt_aiosqlite_dbapi):
    """What `create_async_engine` takes as its ``module``."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *where: Any, **how: Any) -> AsyncAdapt_aiosqlite_connection:
        """A connection whose statements take one trip."""
        return _Connection(self, super().connect(*where, **how).driver_connection)
