"""A poll in which everything goes wrong at once: lines cut at random, processes killed, every vote sent up to five times over both ways."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests import servers
from tests.faults.chaos import chaos, recounted
from tests.faults.test_kill import restarted, restarting
from tests.faults.test_servers_gone import installation
from tests.faults.voters import electorate
from tests.running import demo

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

PEOPLE = 300  # 600 votes, and 1,200 copies of them
BURST_S = 15.0
PART_MOST_S = 120.0  # a third of it, a server that starts anew among it, on a busy machine


async def test_with_two_kills_each_voter_is_counted_once_and_each_receipt_is_in_the_ledger(tmp_path: Path) -> None:
    """One process on SQLite, killed twice while people vote."""
    folder = tmp_path / "data"
    async with restarting() as stack, AsyncExitStack() as people:
        running = first = stack.enter_context(demo(folder))
        crowd = await people.enter_async_context(electorate(first, PEOPLE))
        scene = await people.enter_async_context(chaos(first, crowd))
        burst = asyncio.create_task(scene.vote(BURST_S))
        for part in (1, 2):
            await crowd.until_acknowledged(part * scene.votes // 3, PART_MOST_S)
            running.kill()
            running = await restarted(stack, folder, first)

        await burst
        await scene.check(f"sqlite+aiosqlite:///{folder / 'samsyn.db'}")
        told = scene.told()
        assert min(told["resent"], told["cuts"], told["copies_through"], told["copies_lost"]) > 0
        assert running.complaints() == []
        counted = await asyncio.to_thread(recounted, running, folder)
        assert counted["agrees"] is True


async def test_with_one_of_two_processes_killed_it_is_the_same(tmp_path_factory: pytest.TempPathFactory) -> None:
    """PostgreSQL, Redis and two processes; the one that is killed does not come back."""
    folder, redis_port = tmp_path_factory.mktemp("servers"), servers.free_port()
    with servers.redis_server(redis_port):
        async with restarting() as stack, AsyncExitStack() as people:
            place = await people.enter_async_context(installation(folder, stack, redis_port))
            crowd = await people.enter_async_context(electorate(place.one, PEOPLE))
            scene = await people.enter_async_context(chaos(place.one, crowd))
            burst = asyncio.create_task(scene.vote(BURST_S))
            await crowd.until_acknowledged(scene.votes // 2, PART_MOST_S)
            place.two.kill()

            await burst
            await scene.check(place.database)
            told = scene.told()
            assert min(told["resent"], told["cuts"], told["copies_through"]) > 0
            assert place.one.complaints() == []
            counted = await asyncio.to_thread(recounted, place.one, folder / "data", SAMSYN_DATABASE_URL=place.database)
            assert counted["agrees"] is True
