"""With PostgreSQL, Redis and two server processes, one of them goes: FLT-01, FLT-03, FLT-05."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis as redis_client

from tests import servers
from tests.faults.switch import Switch, switch
from tests.faults.voters import Electorate, electorate
from tests.running import ROOT, Samsyn, samsyn

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]

PEOPLE = 200  # 990 votes
BURST_S = 5.0
ON_THE_WAY_S = 1.0  # answers to what was committed before the stop, and not yet read by a client
AWAY_S = 4.0
LOG_MOST_BYTES = 5_000_000  # of both processes; an outage must not fill the disk besides


@dataclass(frozen=True)
class Installation:
    """Two processes behind a switch, on one database and one Redis.

    Attributes:
        one: made the day; its links are those of the switch.
        postgresql: the folder of the database.
    """

    one: Samsyn
    two: Samsyn
    switch: Switch
    database: str
    redis: str
    postgresql: Path

    @property
    def pids(self) -> list[int | None]:
        """Nobody had to be started again: still running."""
        return [running.process.poll() for running in (self.one, self.two)]


@asynccontextmanager
async def installation(folder: Path, stack: ExitStack, redis_port: int) -> AsyncIterator[Installation]:
    """As somebody sets it up by hand: servers, `samsyn migrate`, two processes that share keys, a balancer."""
    port = servers.free_port()
    database = stack.enter_context(servers.postgresql(folder))
    environment = {
        "SAMSYN_DATABASE_URL": database,
        "SAMSYN_REDIS_URL": f"redis://127.0.0.1:{redis_port}",
        "SAMSYN_BASE_URL": f"http://127.0.0.1:{port}",
        "SAMSYN_MEDIA_URL": "http://127.0.0.1:9",  # films are not what this is about
    }
    command = [sys.executable, "-m", "web.cli", "migrate", "--json"]
    migrated = await asyncio.to_thread(
        subprocess.run, command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, check=False
    )
    assert migrated.returncode == 0, migrated.stderr
    ports = servers.free_port(), servers.free_port()
    words = ["--participants", "0", "--speed", "0", "--operator", "off"]
    one = await asyncio.to_thread(stack.enter_context, samsyn("demo", folder / "data", *words, port=ports[0], **environment))
    two = await asyncio.to_thread(stack.enter_context, samsyn("serve", folder / "data", port=ports[1], **environment))
    assert one.url == two.url == environment["SAMSYN_BASE_URL"]
    async with switch(port, ports) as before:
        yield Installation(one, two, before, database, environment["SAMSYN_REDIS_URL"], folder / "pg")


@dataclass
class Scene:
    """A burst of votes on an installation, in its middle."""

    place: Installation
    crowd: Electorate
    burst: asyncio.Task[None]

    async def ends_well(self) -> None:
        """All is counted once, and no word was missed."""
        await self.burst
        await self.crowd.check(self.place.database)


@asynccontextmanager
async def in_the_middle(folder: Path, redis_port: int) -> AsyncIterator[Scene]:
    with ExitStack() as stack:
        async with AsyncExitStack() as inner:
            place = await inner.enter_async_context(installation(folder, stack, redis_port))
            crowd = await inner.enter_async_context(electorate(place.one, PEOPLE))
            burst = asyncio.create_task(crowd.vote(BURST_S))
            await crowd.until_acknowledged(crowd.votes // 3)
            try:
                yield Scene(place, crowd, burst)
            finally:
                burst.cancel()


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("servers")


@pytest.fixture
def redis_port() -> int:
    return servers.free_port()


async def test_one_of_two_processes_is_killed_and_its_people_go_on_at_the_other(folder: Path, redis_port: int) -> None:
    """FLT-01."""
    with servers.redis_server(redis_port):
        async with in_the_middle(folder, redis_port) as scene:
            scene.place.two.kill()
            await scene.ends_well()
            moved = [beast for beast in scene.crowd.herd.beasts if beast.client.counts.recovered]
            assert scene.place.one.process.poll() is None
            assert 0 < len(moved) < PEOPLE
            assert scene.place.one.complaints() == []


async def test_redis_is_killed_and_comes_back_empty(folder: Path, redis_port: int) -> None:
    """FLT-03."""
    with ExitStack() as redis:
        redis.enter_context(servers.redis_server(redis_port))
        async with in_the_middle(folder, redis_port) as scene:
            kill_redis(scene.place.redis)
            epoch = {beast.client.ledger.epoch for beast in scene.crowd.herd.beasts}
            await asyncio.sleep(AWAY_S)
            redis.enter_context(servers.redis_server(redis_port))
            await scene.ends_well()
            assert {beast.client.ledger.epoch for beast in scene.crowd.herd.beasts} == epoch
            assert len(epoch) == 1
            assert scene.place.pids == [None, None]
            assert sum(beast.client.counts.lines for beast in scene.crowd.herd.beasts) == PEOPLE  # no socket noticed


async def test_postgresql_stops_at_once_and_comes_back(folder: Path, redis_port: int) -> None:
    """FLT-05."""
    with servers.redis_server(redis_port):
        async with in_the_middle(folder, redis_port) as scene:
            again = stop_postgresql(scene.place.postgresql)
            await asyncio.sleep(ON_THE_WAY_S)
            promised = dict(scene.crowd.promised)
            answers = await asyncio.gather(
                *(beast.client.ask("polls.vote", wanted(scene.crowd), tries=1) for beast in scene.crowd.herd.beasts[:5])
            )
            assert {(answer.ok, answer.code) for answer in answers} == {(False, "store.unavailable")}
            assert dict(scene.crowd.promised) == promised
            await asyncio.sleep(AWAY_S)
            with again():
                await scene.ends_well()
                assert scene.place.pids == [None, None]
                assert scene.crowd.resent > 0
                told = scene.place.one.log.read_text()
                assert len(told) < LOG_MOST_BYTES
                whole = [line for line in told.splitlines() if "Traceback" in line and "studio.booth" not in line]  # one for each process
                assert ["the database is away" in line for line in whole] == [True, True]
                assert told.count("the database is back after") == 2


def wanted(crowd: Electorate) -> dict[str, object]:
    return {"poll": crowd.poll, "answer": ["o1"]}


def kill_redis(url: str) -> None:
    """kill -9; it kept nothing on disk."""
    with redis_client.Redis.from_url(url) as client:
        os.kill(int(client.info("server")["process_id"]), signal.SIGKILL)


def stop_postgresql(folder: Path) -> Callable[[], AbstractContextManager[None]]:
    """Stop it as ``pg_ctl stop -m immediate`` does; how to start the same one again."""
    command = shlex.split((folder / "postmaster.opts").read_text())
    lock = folder / "postmaster.pid"
    os.kill(int(lock.read_text().split()[0]), signal.SIGQUIT)
    while lock.exists():
        time.sleep(0.01)

    @contextmanager
    def again() -> Iterator[None]:
        user = folder.owner() if os.getuid() == 0 else None
        with subprocess.Popen(command, user=user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                yield
            finally:
                process.send_signal(signal.SIGINT)

    return again
