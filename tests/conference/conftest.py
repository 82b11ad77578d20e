"""The house with a day, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.conference.days import House, a_house


@pytest.fixture
async def days(url: str) -> AsyncIterator[House]:
    """An empty house, and a clock that stands at the planned beginning of the day."""
    async with a_house(url) as house:
        yield house
