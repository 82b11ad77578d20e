"""The two ways to the database: a writer that holds the pen, and readers that see one moment."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiosqlite
from sqlalchemy import NullPool, event, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from conference.core.trips import Driver

THE_PEN = 0x53414D53  # one advisory lock a database: groups of several processes queue up as SQLite's do
PEN_WAIT_MS = 5_000  # an honest "not stored" comes before the client's own time-out of 10 s
PEN_IDLE_MS = 3_000  # less than the wait: a process that was stopped while it holds the pen loses it, and its group is not acknowledged
READERS = 4
PRAGMAS = ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "secure_delete=on", f"busy_timeout={PEN_WAIT_MS}")
FORGET_WAIT_MS = 1_000  # a lock that is waited for holds up all that come after it; votes wait with it
OUTAGES = ("08", "25", "40", "53", "55", "57", "58")  # SQLSTATE classes that blame no single row


@dataclass(frozen=True)
class Engines:
    """The engines of one database."""

    writer: AsyncEngine
    reader: AsyncEngine

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[Engines]:
        """Open both, and refuse a database that forgets what it acknowledged.

        Raises:
            RuntimeError: commits are not durable with the present settings.
        """
        engines = _sqlite(url) if make_url(url).get_backend_name() == "sqlite" else _postgresql(url)
        try:
            await _check(engines.writer)
            yield engines
        finally:
            await engines.writer.dispose()
            await engines.reader.dispose()


async def forget_old_rows(writer: AsyncEngine, tables: Sequence[str]) -> bool:
    """Take what rows of *tables* held before they were rewritten out of the database's files.

    SQLite keeps old pages in its write-ahead log until somebody cleans up. PostgreSQL keeps old rows in the table; a plain vacuum frees
    their place and leaves the bytes there, so the table gets new files. Nobody reads or writes it meanwhile: some milliseconds.

    Returns:
        Whether all of it is gone; a reader that looks at an older moment can be in the way.

    Raises:
        DBAPIError: PostgreSQL, when somebody holds a table for long. Until then whoever comes after waits too, so it gives up soon.
    """
    if writer.dialect.name == "sqlite":
        async with aiosqlite.connect(str(writer.url.database), isolation_level=None) as file:
            answer = await (await file.execute("pragma wal_checkpoint(truncate)")).fetchone()
        return answer is not None and answer[0] == 0
    separate = create_async_engine(writer.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        async with separate.connect() as connection:
            for table in tables:
                await connection.execute(text(f"set lock_timeout = {FORGET_WAIT_MS}"))
                await connection.execute(text(f'vacuum full "{table}"'))
    finally:
        await separate.dispose()
    return True


def _sqlite(url: str) -> Engines:
    writer = create_async_engine(url, pool_size=1, max_overflow=0, hide_parameters=True, module=Driver())
    reader = create_async_engine(url, pool_size=READERS, max_overflow=0, hide_parameters=True, module=Driver())
    _on_connect(writer, PRAGMAS)
    _on_connect(reader, (*PRAGMAS, "query_only=on"))
    _on_begin(writer, "BEGIN IMMEDIATE")  # the pen: nobody else writes between our first read and our commit
    _on_begin(reader, "BEGIN")
    return Engines(writer, reader)


def _postgresql(url: str) -> Engines:
    settings = {"synchronous_commit": "on", "jit": "off", "lock_timeout": str(PEN_WAIT_MS)}
    settings["idle_in_transaction_session_timeout"] = str(PEN_IDLE_MS)
    arguments: dict[str, Any] = {
        "connect_args": {"server_settings": settings},
        "pool_pre_ping": True,
        "max_overflow": 0,
        "hide_parameters": True,
    }
    # READ COMMITTED for the writer: under REPEATABLE READ it would see the moment *before* it was given the pen.
    writer = create_async_engine(url, pool_size=1, isolation_level="READ COMMITTED", **arguments)
    reader = create_async_engine(url, pool_size=2 * READERS, isolation_level="REPEATABLE READ", **arguments)
    _on_begin(writer, f"SELECT pg_advisory_xact_lock({THE_PEN})")
    return Engines(writer, reader.execution_options(postgresql_readonly=True))


def _on_connect(engine: AsyncEngine, pragmas: tuple[str, ...]) -> None:
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # the driver of Python 3.11 would begin too late, and not before a SELECT
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"pragma {pragma}")
        cursor.close()

    event.listen(engine.sync_engine, "connect", prepare)


def _on_begin(engine: AsyncEngine, statement: str) -> None:
    event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql(statement))


async def _check(writer: AsyncEngine) -> None:
    sqlite = writer.dialect.name == "sqlite"
    questions = (
        {"pragma synchronous": "2", "pragma journal_mode": "wal"} if sqlite else {"show synchronous_commit": "on", "show fsync": "on"}
    )
    async with writer.connect() as connection:
        for question, wanted in questions.items():
            found = str((await connection.execute(text(question))).scalar_one())
            if found != wanted:
                raise RuntimeError(f"{question} is {found}, not {wanted}: an acknowledged vote could be lost")


def is_outage(error: Exception) -> bool:
    """Whether the database as a whole failed, so that nobody's row is to blame and trying again by halves is no use."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, OSError)
    # asyncpg reports what it cannot encode, and a lock that was not given, as bare DBAPIErrors: only the SQLSTATE tells them apart.
    code = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or (code[:2] in OUTAGES if code else isinstance(error, OperationalError | InterfaceError))
