"""The house of these tests, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.polls.houses import House, a_house


@pytest.fixture
async def house(url: str, tmp_path: Path) -> AsyncIterator[House]:
    """A store with one day, and the service."""
    async with a_house(url, tmp_path / "keys") as house:
        yield house
