"""The desk of these tests, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.streaming.captioning.houses import Desk, a_desk


@pytest.fixture
async def desk(url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """A live day with nobody at the desk yet."""
    async with a_desk(url, tmp_path) as desk:
        yield desk
