"""The house of these tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conference.people.houses import House, a_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A live day of two regions."""
    async with a_house(f"sqlite+aiosqlite:///{tmp_path / 'day.db'}") as house:
        yield house
