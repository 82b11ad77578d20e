"""The house of these tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conference.followup.loops import Loop, a_loop
from tests.conference.people.houses import House, a_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A live day of two regions."""
    async with a_house(f"sqlite+aiosqlite:///{tmp_path / 'day.db'}") as house:
        yield house


@pytest.fixture
async def loop(url: str) -> AsyncIterator[Loop]:
    """A day to go from needs to benefit with, on both databases."""
    async with a_loop(url) as made:
        yield made
