"""Migrations come to exactly what the tables say, on both databases, and touch nothing the second time."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

import web.bootstrap  # noqa: F401  (all tables)
from web import migrate


@pytest.fixture
async def emptied(url: str) -> str:
    """A database with nothing in it at all."""
    if url.startswith("postgresql"):
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            await connection.execute(text("drop schema public cascade"))
            await connection.execute(text("create schema public"))
        await engine.dispose()
    return url


async def test_migrations_equal_the_tables(emptied: str) -> None:
    await migrate.up(emptied)

    assert await migrate.differences(emptied) == []
    assert await migrate.is_current(emptied)


async def test_a_database_that_is_up_to_date_is_left_alone(emptied: str) -> None:
    await migrate.up(emptied)
    await migrate.up(emptied)

    assert await migrate.differences(emptied) == []


async def test_an_old_installation_comes_to_what_the_tables_say(emptied: str) -> None:
    await migrate.upgrade_from_nothing(emptied)

    assert await migrate.differences(emptied) == []
    assert await migrate.is_current(emptied)


async def test_a_programme_that_was_there_keeps_its_blocks(emptied: str) -> None:
    await migrate.upgrade_from_nothing(emptied, "0021")
    engine = create_async_engine(emptied)
    async with engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO block (day, block, kind, title, planned_starts_at, planned_ends_at, owner, goals, note, position)"
                " VALUES ('d', 'b2', 'regional', 'Ute', '2026-11-22 08:00:00', '2026-11-22 09:00:00', 'default', '[]', '', 0)"
            )
        )

    await migrate.upgrade_from_nothing(emptied)

    async with engine.begin() as connection:
        found = (await connection.execute(text("SELECT block, overrun, overrun_limit_s FROM block"))).all()
    await engine.dispose()
    assert [tuple(row) for row in found] == [("b2", None, 0)]
    assert await migrate.is_current(emptied)
