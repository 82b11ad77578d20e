"""What all tests share: real servers, empty databases, a clock to wind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from conference.core.clock import HandClock
from conference.core.ids import SeededIds
from tests import servers

NINE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # nine o'clock in Stockholm


@pytest.fixture(scope="session")
def pg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One PostgreSQL for the session."""
    with servers.postgresql(tmp_path_factory.mktemp("servers")) as url:
        yield url


@pytest.fixture(scope="session")
def redis() -> Iterator[str]:
    """One Redis for the session."""
    with servers.redis_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, of both kinds in turn."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("pg"))
    return f"sqlite+aiosqlite:///{tmp_path / 'day.db'}"


@pytest.fixture
def clock() -> HandClock:
    """Nine o'clock on the morning of a day."""
    return HandClock(NINE)


@pytest.fixture
def ids() -> SeededIds:
    """The same ids each time."""
    return SeededIds()
