"""The studio of these tests, and one media process for all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.streaming.houses import Studio, a_studio, media_process


@pytest.fixture(scope="session")
def media_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real media process; films that one test gave it are there for the next."""
    with media_process(tmp_path_factory.mktemp("media") / "data") as (url, _):
        yield url


@pytest.fixture
async def studio(url: str, tmp_path: Path) -> AsyncIterator[Studio]:
    """A day's house without a media process, on both databases."""
    async with a_studio(url, tmp_path) as studio:
        yield studio
