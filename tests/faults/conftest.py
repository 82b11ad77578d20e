"""A day for those faults that it must survive without a scratch: shared by the tests of a file, and looked at when they are over."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Samsyn, demo
from tests.staff import Person

GREW_MOST_BYTES = 50_000_000


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Samsyn]:
    """A live day on which nothing happens but by GO. At the end: the same process, no mistake in its log, hardly more memory."""
    with demo(tmp_path_factory.mktemp("day") / "data") as running:
        before = memory_of(running)
        yield running
        assert running.process.poll() is None
        assert running.complaints() == []
        assert memory_of(running) - before < GREW_MOST_BYTES


@pytest.fixture(scope="module")
def olga(day: Samsyn) -> Iterator[Person]:
    """A moderator; the chat is open."""
    with Person(day).by_link("moderator") as person:
        person.ask("rundown.go")
        yield person


@pytest.fixture
def kim(day: Samsyn) -> Iterator[Person]:
    """A participant."""
    with Person(day).joined(name="Kim") as person:
        yield person


def memory_of(running: Samsyn) -> int:
    """Resident bytes of the server."""
    return int(Path(f"/proc/{running.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def a_poll(olga: Person, **more: object) -> str:
    """An open poll made on the spot."""
    question = {"kind": "choice", "title": "Hur blir det?", "options": ["Bra", "Bättre", "Bäst"], **more}
    poll = str(olga.ask("polls.make", question)["data"]["poll"])
    olga.ask("polls.open", {"poll": poll})
    return poll


def tally(olga: Person, poll: str) -> dict[str, int]:
    """How many answers each option has, once the poll is closed."""
    olga.ask("polls.close", {"poll": poll})
    counts: dict[str, int] = next(one for one in olga.state()["polls"] if one["poll"] == poll)["tally"]["counts"]
    return counts
