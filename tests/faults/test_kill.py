"""The server is killed, or told to stop, in the middle of a vote: FLT-01, FLT-02, FLT-09."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.faults.voters import electorate
from tests.running import Samsyn, demo
from web.crowd import Session

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

PEOPLE = 220  # 1,090 votes
BURST_S = 4.0
STOPS_MOST_S = 30.0


@asynccontextmanager
async def restarting() -> AsyncIterator[ExitStack]:
    """Servers that end with the test."""
    with ExitStack() as stack:
        yield stack


async def restarted(stack: ExitStack, folder: Path, before: Samsyn) -> Samsyn:
    """The same folder on the same port, as whoever looks after it would start it again."""
    return await asyncio.to_thread(stack.enter_context, demo(folder, port=urlsplit(before.url).port or 0))


async def test_kill_9_in_a_vote_burst_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """FLT-02: one process on SQLite."""
    folder = tmp_path / "data"
    async with restarting() as stack, AsyncExitStack() as people:
        first = stack.enter_context(demo(folder))
        crowd = await people.enter_async_context(electorate(first, PEOPLE))
        burst = asyncio.create_task(crowd.vote(BURST_S))
        await crowd.until_acknowledged(crowd.votes // 3)

        first.kill()
        second = await restarted(stack, folder, first)
        assert second.told == first.told
        assert await crowd.voting() == "open"

        await burst
        await crowd.check(f"sqlite+aiosqlite:///{folder / 'samsyn.db'}")
        assert crowd.resent > 0
        assert {beast.client.counts.recovered for beast in crowd.herd.beasts} == {1}
        assert second.complaints() == []


async def test_told_to_stop_it_answers_says_goodbye_and_loses_nothing(tmp_path: Path) -> None:
    """FLT-09: a deploy in the middle of a vote."""
    folder = tmp_path / "data"
    async with restarting() as stack, AsyncExitStack() as people:
        first = stack.enter_context(demo(folder))
        crowd = await people.enter_async_context(electorate(first, PEOPLE))
        burst = asyncio.create_task(crowd.vote(BURST_S))
        heard = asyncio.create_task(_goodbye(first, crowd.staff.session))
        await crowd.until_acknowledged(crowd.votes // 3)

        first.process.terminate()
        assert await asyncio.to_thread(first.process.wait, STOPS_MOST_S) == 0
        assert await heard == ([{"within_ms": 10_000}], 4001)
        assert {beast.client.counts.ends[4001] for beast in crowd.herd.beasts} == {1}
        second = await restarted(stack, folder, first)

        await burst
        await crowd.check(f"sqlite+aiosqlite:///{folder / 'samsyn.db'}")
        assert {beast.client.counts.recovered for beast in crowd.herd.beasts} == {1}
        assert second.complaints() == []


async def _goodbye(running: Samsyn, session: Session | None) -> tuple[list[object], int]:
    """What a browser is told of the end, and the code that its socket is closed with."""
    assert session
    drains: list[object] = []
    headers = {"Cookie": session.cookie, "Origin": running.url}
    async with connect(f"ws{running.day.removeprefix('http')}/socket", additional_headers=headers, compression=None) as ws:
        try:
            while True:
                frame = msgspec.json.decode(await ws.recv())
                drains += [frame["drain"]] if "drain" in frame else []
        except ConnectionClosed as closed:
            return drains, closed.rcvd.code if closed.rcvd else 0
