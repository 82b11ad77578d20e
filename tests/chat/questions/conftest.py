"""The house of these tests, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.chat.questions.houses import House, a_house


@pytest.fixture
async def house(url: str) -> AsyncIterator[House]:
    """A live day whose panel takes questions."""
    async with a_house(url) as house:
        await house.open("national")
        yield house
