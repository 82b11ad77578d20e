"""One day that is over, for all tests that only look at its recordings; it takes half a minute to play."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.streaming.recordings.houses import Shelves, a_day, some_shelves


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory, media_url: str) -> tuple[Path, float]:
    """The database of a day that was played, and the time at its end."""
    folder = tmp_path_factory.mktemp("played")

    async def play() -> float:
        async with a_day(f"sqlite+aiosqlite:///{folder / 'day.db'}", folder, media_url) as shelves:
            return shelves.studio.house.clock.now().timestamp()

    return folder / "day.db", asyncio.run(play())


@pytest.fixture
async def shelves(played: tuple[Path, float], tmp_path: Path, media_url: str) -> AsyncIterator[Shelves]:
    """A copy of the day, a few seconds after its end."""
    database, at = played
    shutil.copy(database, tmp_path / "day.db")
    async with some_shelves(f"sqlite+aiosqlite:///{tmp_path / 'day.db'}", tmp_path, media_url, at=at) as shelves:
        yield shelves
