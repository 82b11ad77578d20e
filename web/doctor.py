"""Looks at everything the server needs, and says what is missing and what to do."""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from ctypes.util import find_library
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from conference.core.engines import Engines
from web import bootstrap, migrate, settings
from web.settings import Settings

PYTHON: Final = (3, 11)
FILES_LEAST: Final = 16_384  # a socket each for 10,000 people, and room
DISK_LEAST_BYTES: Final = 2 << 30  # films and recordings of a day
WAIT_S: Final = 5.0


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    found: str

    def told(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    def __str__(self) -> str:
        """For people."""
        return f"{'ok     ' if self.ok else 'LOOK AT'}  {self.name}: {self.found}"


async def examine(chosen: Settings) -> list[Check]:
    """Look at everything."""
    return [check async for check in _checks(chosen)]


async def _checks(chosen: Settings) -> AsyncIterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check("python", sys.version_info >= PYTHON, version)
    yield _folder(chosen.data_dir)
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    yield Check("open files", files >= FILES_LEAST, f"{files} allowed; {FILES_LEAST} for ten thousand people (ulimit -n)")
    unknown = settings.unknown()
    yield Check("settings", not unknown, f"no such setting: {', '.join(unknown)}" if unknown else "all known")
    yield Check("base url", chosen.base_url is None or chosen.secure, chosen.base_url or "none: only the bound address works")
    yield _reports()
    yield await _tried("database", _database, chosen)
    if chosen.redis_url:
        yield await _tried("redis", _redis, chosen)


def _folder(data_dir: Path) -> Check:
    there = next(folder for folder in (data_dir.absolute(), *data_dir.absolute().parents) if folder.exists())
    free = shutil.disk_usage(there).free
    writable = os.access(there, os.W_OK)
    found = f"{data_dir}: {free >> 20} MiB free" + ("" if writable else ", not writable")
    return Check("data folder", writable and free >= DISK_LEAST_BYTES, found)


async def _tried(name: str, look: Callable[[Settings], Awaitable[tuple[bool, str]]], chosen: Settings) -> Check:
    try:
        async with asyncio.timeout(WAIT_S):
            return Check(name, *await look(chosen))
    except Exception as error:  # noqa: BLE001  # whatever it is, it is what the doctor is asked to find
        return Check(name, ok=False, found=" ".join(str(error).split())[:200] or type(error).__name__)


def _reports() -> Check:
    found = find_library("pangoft2-1.0")
    missing = "no PDF: Pango is missing (Debian: apt install libpangoft2-1.0-0 libharfbuzz-subset0)"
    return Check("reports", found is not None, "as PDF, too" if found else missing)


async def _database(chosen: Settings) -> tuple[bool, str]:
    if chosen.embedded and not (chosen.data_dir / "samsyn.db").exists():
        return True, "SQLite, made at the first start"
    async with Engines.open(chosen.database):
        current = await migrate.is_current(chosen.database)
    what = "SQLite" if chosen.embedded else "PostgreSQL"
    return current or chosen.embedded, f"{what}, durable, {'up to date' if current else 'behind: samsyn migrate'}"


async def _redis(chosen: Settings) -> tuple[bool, str]:
    async with Redis.from_url(chosen.redis_url or "", socket_timeout=2.0) as client:
        try:
            told: Any = await client.info()
        except RedisError as error:
            return False, f"away: {type(error).__name__}"
    policy = told.get("maxmemory_policy", "")
    return policy in {"", "noeviction"}, f"{told['redis_version']}, maxmemory-policy {policy or 'unknown'}"


TABLES: Final = bootstrap.wish_table  # importing it is what makes all tables known to `migrate`
