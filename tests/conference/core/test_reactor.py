"""Reactions: the effect and the place are one; nothing is lost or doubled, and one bad event stops nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from conference.core.bus import MemoryBus
from conference.core.errors import Refused
from conference.core.event import Entry, Event
from conference.core.log import LogHead, since
from conference.core.reactor import Reactions, Reactor
from conference.core.store import Store, StoreUnavailable
from conference.core.transaction import Transaction
from tests.conference.core.polling import PollClosed, PollOpened, Polls
from tests.conftest import NINE
from tests.servers import empty_tables


async def _begin(tx: Transaction) -> None:
    tx.add(LogHead(day="d", epoch="e1", seq=0))


async def _echo(tx: Transaction, event: PollOpened) -> None:
    if event.poll == "refused":
        raise Refused("echo.no", "Nej.")
    if event.poll == "broken":
        raise ValueError(event.poll)
    await tx.record(PollClosed(day=event.day, poll=event.poll, total=0, at=event.at))


ECHO = Reactions("echo", {PollOpened: _echo})


class Echo:
    """Echoes, but not everything at the first time of asking."""

    def __init__(self, unwilling: dict[str, Exception]) -> None:
        self.reactions = Reactions("echo", {PollOpened: self._echo})
        self._unwilling = unwilling

    async def _echo(self, tx: Transaction, event: PollOpened) -> None:
        await _echo(tx, event)
        if error := self._unwilling.pop(event.poll, None):
            raise error


class Counting(MemoryBus):
    """Notes how many events each commit brought."""

    def __init__(self) -> None:
        super().__init__()
        self.groups: list[int] = []

    def publish(self, entries: Sequence[Entry]) -> None:
        self.groups.append(len(entries))
        super().publish(entries)


@asynccontextmanager
async def a_reactor(url: str) -> AsyncIterator[tuple[Store, Reactor]]:
    await empty_tables(url)
    bus = Counting()
    async with Store.open(url, bus.publish) as store:
        await store.run(_begin)
        yield store, Reactor(store, bus)


async def echoed(store: Store) -> list[str]:
    async with store.reading() as session:
        return [entry.event.poll for entry in await since(session, "d", 0) if isinstance(entry.event, PollClosed)]


async def test_every_event_is_followed_once_by_several_reactors_side_by_side(url: str) -> None:
    async with a_reactor(url) as (store, reactor):
        tasks = [asyncio.create_task(reactor.follow("d", ECHO)) for _ in range(3)]
        for i in range(20):
            await Polls(store).open(f"p{i}", "d", NINE)
        for _ in range(100):
            if len(await echoed(store)) >= 20:
                break
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

        assert await echoed(store) == [f"p{i}" for i in range(20)]


async def test_what_happened_while_nobody_followed_is_caught_up_with(url: str) -> None:
    async with a_reactor(url) as (store, reactor):
        await Polls(store).open("p1", "d", NINE)
        await reactor.catch_up("d", ECHO)
        await Polls(store).open("p2", "d", NINE)
        await reactor.catch_up("d", ECHO)
        await reactor.catch_up("d", ECHO)

        assert await echoed(store) == ["p1", "p2"]


async def test_an_event_that_cannot_be_followed_stops_nobody(url: str) -> None:
    async with a_reactor(url) as (store, reactor):
        for poll in ("p1", "refused", "broken", "p2"):
            await Polls(store).open(poll, "d", NINE)
        await reactor.catch_up("d", ECHO)

        assert await echoed(store) == ["p1", "p2"]


async def test_a_reaction_cancelled_in_the_middle_is_done_once_after_all(url: str) -> None:
    async with a_reactor(url) as (store, reactor):
        for i in range(30):
            await Polls(store).open(f"p{i}", "d", NINE)
        for wait_s in (0.0, 0.002, 0.005, 0.01, 0.02):
            task = asyncio.create_task(reactor.catch_up("d", ECHO))
            await asyncio.sleep(wait_s)
            task.cancel()
            await asyncio.wait([task])
        await reactor.catch_up("d", ECHO)

        assert await echoed(store) == [f"p{i}" for i in range(30)]


async def test_what_happened_in_one_go_is_followed_in_one_commit(url: str) -> None:
    async with a_reactor(url) as (store, reactor):
        for i in range(20):
            await Polls(store).open(f"p{i}", "d", NINE)
        bus = reactor.bus
        assert isinstance(bus, Counting)
        bus.groups.clear()
        await reactor.catch_up("d", ECHO)

        assert bus.groups == [20]
        assert await echoed(store) == [f"p{i}" for i in range(20)]


@pytest.mark.parametrize("error", [StoreUnavailable("away for a moment"), ValueError("a mistake")])
async def test_when_one_of_many_fails_those_behind_it_wait_for_it(url: str, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conference.core.reactor.AGAIN_S", 0.01)
    told: list[tuple[str, str]] = []
    async with a_reactor(url) as (store, reactor):
        for i in range(6):
            await Polls(store).open(f"p{i}", "d", NINE)
        await Polls(store).open("refused", "d", NINE)

        def refused(_reaction: str, event: Event, code: str) -> None:
            assert isinstance(event, PollOpened)
            told.append((event.poll, code))

        await replace(reactor, refused=refused).catch_up("d", Echo({"p2": error}).reactions)

        lost = [] if isinstance(error, StoreUnavailable) else ["p2"]
        assert await echoed(store) == [f"p{i}" for i in range(6) if f"p{i}" not in lost]
        assert told == [(poll, "reaction.failed") for poll in lost] + [("refused", "echo.no")]
