from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from conference.core.trips import Driver


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    one = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'some.db'}", module=Driver())
    async with one.begin() as connection:
        await connection.execute(text("create table word (word text primary key, place integer)"))
    yield one
    await one.dispose()


async def test_a_statement_is_one_trip_to_the_thread_of_its_connection(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    trips = list[str]()
    go: Any = aiosqlite.Connection._execute

    async def counted(self: aiosqlite.Connection, do: Any, *args: Any, **named: Any) -> Any:
        trips.append(do.__name__)
        return await go(self, do, *args, **named)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
    async with engine.connect() as connection:
        await connection.execute(text("insert into word values (:word, 1)"), [{"word": "a"}, {"word": "b"}])
        found = (await connection.execute(text("select word, place from word order by word"))).all()
        await connection.commit()

    assert [tuple(row) for row in found] == [("a", 1), ("b", 1)]
    assert trips == ["there", "there", "commit", "rollback"]


async def test_what_a_statement_did_is_told_as_before(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("insert into word values ('a', 1), ('b', 2)"))
        changed = await connection.execute(text("update word set place = place + 1"))
        none = (await connection.execute(text("select * from word where word = 'c'"))).all()
        given = (await connection.execute(text("insert into word values ('c', 9) returning place"))).scalar_one()

    assert (changed.rowcount, none, given) == (2, [], 9)


async def test_an_error_of_the_database_is_the_same_error_and_spoils_nothing(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.execute(text("insert into word values ('a', 1)"))
        with pytest.raises(IntegrityError):
            await connection.execute(text("insert into word values ('a', 2)"))
        with pytest.raises(OperationalError):
            await connection.execute(text("select * from nowhere"))
        assert (await connection.execute(text("select place from word"))).scalar_one() == 1
