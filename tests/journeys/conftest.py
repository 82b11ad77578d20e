"""Whole stories in a real browser, on the product as anybody starts it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browsers import chromium
from tests.running import Samsyn, demo


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a file."""
    with chromium() as found:
        yield found


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Samsyn]:
    """A live day on which nothing happens but by GO; it must have made no mistake at the end."""
    with demo(tmp_path / "data") as running:
        yield running
        assert running.complaints() == []
