"""The database, brought to the form that this version needs.

An empty one is made as the tables say and marked with the newest migration; a test holds the migrations to come to the same. Any other is
migrated by Alembic, which is loaded only then: it costs a tenth of the time of a start.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

FOLDER: Final = Path(__file__).parent / "migrations"
MARK: Final = "alembic_version"
REVISIONS: Final = re.compile(r"^(revision|down_revision)(?:: [^=]+)? = ['\"]?(\w+)", re.MULTILINE)

T = TypeVar("T")


async def up(url: str, keys: Path | None = None) -> None:
    """Bring the database up to date; when it is, nothing is touched.

    Args:
        keys: the folder of the boxes' keys. Without it what must be sealed under them is forgotten.
    """
    if await _with(url, _is_empty):
        await _with(url, _make)
    elif not await is_current(url):
        await _with(url, lambda connection: _upgrade(connection, keys=keys))


async def is_current(url: str) -> bool:
    """Whether the database has the form that this version needs."""
    return newest() == await _with(url, _marked)


def newest() -> str | None:
    """The migration that this version ends with: the one that no other comes after."""
    found = [dict(REVISIONS.findall(path.read_text(encoding="utf-8"))) for path in (FOLDER / "versions").glob("*.py")]
    last = {one["revision"] for one in found if "revision" in one} - {one.get("down_revision") for one in found}
    if len(last) > 1:
        raise RuntimeError(f"two migrations are the newest: {sorted(last)}")
    return next(iter(last), None)


async def new(url: str, message: str) -> None:
    """Write a migration from what the database has to what the tables say. For whoever changes tables."""
    from alembic import command

    await _with(url, lambda connection: command.revision(_config(connection), message, autogenerate=True))


async def upgrade_from_nothing(url: str, until: str = "head") -> None:
    """Run every migration up to one, as an old installation has."""
    await _with(url, lambda connection: _upgrade(connection, until))


async def differences(url: str) -> list[Any]:
    """What the tables say and the database does not have; nothing when the migrations are complete."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    options = {"compare_type": True, "compare_server_default": True, "include_object": of_ours}

    def compare(connection: Connection) -> list[Any]:
        found: list[Any] = compare_metadata(MigrationContext.configure(connection, opts=options), SQLModel.metadata)
        return found

    return await _with(url, compare)


def of_ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """Whether a thing is the product's: tables of tests are not."""
    return not (kind == "table" and (name or "").startswith("test_"))


def _is_empty(connection: Connection) -> bool:
    return not inspect(connection).get_table_names()


def _make(connection: Connection) -> None:
    SQLModel.metadata.create_all(connection)
    if (mark := newest()) is not None:
        connection.execute(text(f"CREATE TABLE {MARK} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        connection.execute(text(f"INSERT INTO {MARK} VALUES (:mark)"), {"mark": mark})  # noqa: S608  # a constant of ours


def _marked(connection: Connection) -> str | None:
    if not inspect(connection).has_table(MARK):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {MARK}")).scalar_one_or_none()  # noqa: S608  # a constant of ours
    return None if found is None else str(found)


def _upgrade(connection: Connection, until: str = "head", keys: Path | None = None) -> None:
    from alembic import command

    config = _config(connection)
    config.attributes["keys"] = keys
    command.upgrade(config, until)


def _config(connection: Connection) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


async def _with(url: str, work: Callable[[Connection], T]) -> T:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()
