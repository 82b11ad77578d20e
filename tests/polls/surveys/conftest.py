"""The house of these tests, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.polls.surveys.houses import House, a_house


@pytest.fixture
async def house(url: str, tmp_path: Path) -> AsyncIterator[House]:
    """A day with the kit's surveys, none of them open."""
    async with a_house(url, tmp_path / "keys") as house:
        yield house
