"""Several processes on PostgreSQL and Redis, and what happens when one of them is killed or stopped."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from sqlmodel import select

from conference.core.bus import HEARTBEAT_S, MemoryBus, follow
from conference.core.engines import PEN_IDLE_MS
from conference.core.redis_bus import RedisBus
from conference.core.store import Store
from tests.conference.core.polling import Ballot, Polls
from tests.conference.core.test_follow import NINE, begin_day, heard_until, read_log
from tests.servers import empty_tables, redis_server

ROOT = Path(__file__).parents[3]
Process = asyncio.subprocess.Process


async def a_worker(*arguments: object) -> Process:
    words = [sys.executable, "-m", "tests.conference.core.worker", *map(str, arguments)]
    worker = await asyncio.create_subprocess_exec(*words, cwd=ROOT, stdout=asyncio.subprocess.PIPE, limit=1 << 24)
    assert await words_of(worker, 1) == ["ready"]
    return worker


async def words_of(worker: Process, lines: int) -> list[str]:
    assert worker.stdout
    return [(await worker.stdout.readline()).decode().strip() for _ in range(lines)]


async def rest_of(worker: Process) -> list[str]:
    assert worker.stdout
    words = (await worker.stdout.read()).decode().split()
    await worker.wait()
    return words


async def test_two_processes_write_one_log_without_holes_or_doubles(pg: str, redis: str) -> None:
    await empty_tables(pg)
    end = asyncio.get_running_loop().create_future()
    async with RedisBus.open(redis) as bus, Store.open(pg, bus.publish) as store:
        await store.run(partial(begin_day, "two"))
        follower = asyncio.create_task(heard_until(bus, store, "two", 0, end))
        workers = await asyncio.gather(*(a_worker(pg, redis, "two", "open", 400) for _ in range(2)))
        acked = [int(word) for words in await asyncio.gather(*map(rest_of, workers)) for word in words]
        end.set_result(801)
        await Polls(store).open("last", "two", NINE)

        assert sorted(acked) == list(range(1, 801))
        assert [e.seq for e in await follower] == [e.seq for e in await read_log(store, "two", 0)] == list(range(1, 802))


async def test_an_event_whose_process_died_before_telling_is_heard_within_two_heartbeats(pg: str, redis: str) -> None:
    await empty_tables(pg)
    async with RedisBus.open(redis) as bus, Store.open(pg, bus.publish) as store:
        await store.run(partial(begin_day, "die"))
        news = follow(bus, "die", 0, partial(read_log, store, "die"))
        hearing = asyncio.ensure_future(anext(news))
        await asyncio.sleep(0.1)
        worker = await a_worker(pg, redis, "die", "die", 1)
        assert await worker.wait() == -signal.SIGKILL
        died = time.monotonic()

        assert [e.seq for e in await hearing] == [1]
        assert time.monotonic() - died < 2 * HEARTBEAT_S
        await news.aclose()


async def test_without_redis_events_are_late_by_two_heartbeats_at_most(pg: str) -> None:
    await empty_tables(pg)
    with ExitStack() as servers:
        async with RedisBus.open(servers.enter_context(redis_server())) as bus, Store.open(pg, bus.publish) as store:
            await store.run(partial(begin_day, "away"))
            news = follow(bus, "away", 0, partial(read_log, store, "away"))
            hearing = asyncio.ensure_future(anext(news))
            await asyncio.sleep(0.1)
            servers.close()

            assert await Polls(store).open("p1", "away", NINE) == 1
            assert [e.seq for e in await asyncio.wait_for(hearing, 2 * HEARTBEAT_S)] == [1]
            await news.aclose()


async def test_a_stopped_process_loses_the_pen_and_is_not_acknowledged(pg: str) -> None:
    await empty_tables(pg)
    async with Store.open(pg, MemoryBus().publish) as store:
        await store.run(partial(begin_day, "stop"))
        worker = await a_worker(pg, "", "stop", "freeze", 1)
        await asyncio.sleep(0.3)
        start = time.monotonic()

        assert await Polls(store).open("p1", "stop", NINE) == 1
        assert time.monotonic() - start < PEN_IDLE_MS / 1000 + 0.5
        worker.send_signal(signal.SIGCONT)
        assert await rest_of(worker) == ["unavailable"]
        assert [e.seq for e in await read_log(store, "stop", 0)] == [1]


async def test_every_acknowledged_vote_survives_kill_9(url: str) -> None:
    await empty_tables(url)
    async with Store.open(url, MemoryBus().publish) as store:
        await store.run(partial(begin_day, "kill"))
        await Polls(store).open("kill", "kill", NINE)
        worker = await a_worker(url, "", "kill", "vote", 1_000_000)
        acked = await words_of(worker, 5_000)
        await asyncio.sleep(random.uniform(0, 0.05))
        worker.kill()
        acked += await rest_of(worker)

        async with store.reading() as session:
            stored = {key.decode() for key in await session.exec(select(Ballot.key))}
        assert set(acked) - stored == set()
        assert len(acked) <= len(stored)
        print(f"acknowledged {len(acked)}, stored {len(stored)}")
