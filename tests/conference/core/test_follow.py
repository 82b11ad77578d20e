"""State + missed events == fresh state; every follower hears everything; a killed process delays, and loses nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial, reduce
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conference.core.bus import Bus, MemoryBus, follow
from conference.core.errors import Refused
from conference.core.event import Entry
from conference.core.log import LogHead, Snapshot, since, snapshot
from conference.core.redis_bus import RedisBus
from conference.core.store import Store
from conference.core.transaction import Transaction
from tests.conference.core.polling import PollOpened, Polls, Stage, Vote, apply, on_stage
from tests.servers import empty_tables

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)
days = map("day{}".format, count())


async def begin_day(day: str, tx: Transaction) -> None:
    tx.add(LogHead(day=day, epoch="e1", seq=0))


async def fresh(store: Store, day: str) -> Snapshot[Stage]:
    async with store.reading() as session:
        return await snapshot(session, day, partial(on_stage, day=day))


async def read_log(store: Store, day: str, seq: int) -> list[Entry]:
    async with store.reading() as session:
        return await since(session, day, seq)


@pytest.fixture(params=["memory", "redis"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    if request.param == "memory":
        yield MemoryBus()
    else:
        async with RedisBus.open(request.getfixturevalue("redis")) as redis_bus:
            yield redis_bus


async def test_a_listener_that_is_ended_in_the_moment_an_event_comes_ends() -> None:
    """Else the process that follows a day could not be stopped: it would wait for its followers for ever."""
    bus = MemoryBus()
    async with bus.listen("d") as listener:
        listening: asyncio.Future[list[Entry]] = asyncio.ensure_future(listener(60))
        await asyncio.sleep(0.01)
        bus.publish([Entry(event=PollOpened(day="d", poll="p1", at=NINE), seq=1, epoch="e1")])
        listening.cancel()

        assert await asyncio.wait([listening], timeout=5) == ({listening}, set())
        assert listening.cancelled()


async def heard_until(bus: Bus, store: Store, day: str, seq: int, end: asyncio.Future[int]) -> list[Entry]:
    """What a follower from *seq* hears until the place that *end* tells."""
    heard: list[Entry] = []
    async for entries in follow(bus, day, seq, partial(read_log, store, day)):
        heard += entries
        if end.done() and heard[-1].seq >= end.result():
            break
    return heard


async def test_every_follower_hears_every_event_once_in_order(bus: Bus, tmp_path: Path) -> None:
    url, day, end = f"sqlite+aiosqlite:///{tmp_path}/x.db", next(days), asyncio.get_running_loop().create_future()
    await empty_tables(url)
    async with Store.open(url, bus.publish) as store, asyncio.TaskGroup() as group:
        await store.run(partial(begin_day, day))
        followers = [group.create_task(heard_until(bus, store, day, 0, end)) for _ in range(5)]
        for i in range(60):
            await asyncio.gather(*(Polls(store).open(f"{day}-{i}-{j}", day, NINE) for j in range(1 + i % 3)))
        end.set_result((await fresh(store, day)).seq)
        await Polls(store).open(f"{day}-last", day, NINE)

    assert [[e.seq for e in f.result()][: end.result()] for f in followers] == [list(range(1, end.result() + 1))] * 5


async def test_an_idle_redis_listener_outlasts_the_default_timeout(redis: str) -> None:
    async with RedisBus.open(redis) as bus, bus.listen("idle") as listener:
        start = time.monotonic()
        assert await listener(6.0) == []
        assert time.monotonic() - start > 5.9


OPERATIONS = st.lists(st.tuples(st.sampled_from(["open", "close", "vote", "look"]), st.integers(0, 3)), min_size=5, max_size=60)


@asynccontextmanager
async def shared_store(url: str, bus: Bus) -> AsyncIterator[Store]:
    await empty_tables(url)
    async with Store.open(url, bus.publish) as store:
        yield store


async def ask(polls: Polls, day: str, verb: str, poll: str, voter: int) -> None:
    try:
        if verb == "open":
            await polls.open(poll, day, NINE)
        elif verb == "close":
            await polls.close(poll, NINE)
        else:
            await polls.vote(Vote(poll, b"%d" % voter, 1))
    except (Refused, LookupError):
        pass


async def a_random_day(store: Store, operations: list[tuple[str, int]]) -> None:
    """Run the operations at once; every look must, with the events after it, come to what a fresh look sees."""
    day = next(days)
    await store.run(partial(begin_day, day))
    async with asyncio.TaskGroup() as group:
        looks = []
        for i, (verb, number) in enumerate(operations):
            if verb == "look":
                looks.append(group.create_task(fresh(store, day)))
            else:
                group.create_task(ask(Polls(store), day, verb, f"{day}-{number}", i))
            if number == 0:
                await asyncio.sleep(0.001)
    now = await fresh(store, day)
    for look in looks:
        seen = look.result()
        missed = await read_log(store, day, seen.seq)
        assert reduce(apply, [e.event for e in missed], seen.state) == now.state


def test_state_and_missed_events_equal_a_fresh_page(url: str) -> None:
    with asyncio.Runner() as runner:
        opened = shared_store(url, MemoryBus())
        store = runner.run(opened.__aenter__())

        @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
        @given(OPERATIONS)
        def days_at_random(operations: list[tuple[str, int]]) -> None:
            runner.run(a_random_day(store, operations))

        try:
            days_at_random()
        finally:
            runner.run(opened.__aexit__(None, None, None))
