"""One browser stops reading while much is told: WS-24."""

from __future__ import annotations

import asyncio
import socket
from typing import Final
from urllib.parse import urlsplit

import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.faults.conftest import memory_of
from tests.running import Samsyn
from tests.staff import Person
from web.crowd import Client, Door
from web.crowd.frames import Item

pytestmark = pytest.mark.faults

SPEAKERS: Final = 60
WORDS: Final = 6  # each, at once; more than that is refused
LATE_MOST_S: Final = 5.0  # generous: this machine may be busy, and a stopped browser would stop everybody for good
GREW_MOST_BYTES: Final = 20_000_000


async def test_a_browser_that_stops_reading_delays_nobody_and_misses_nothing(day: Samsyn, olga: Person) -> None:
    """360 words of a kilobyte: far more than the 64 kB that wait for one browser."""
    code, late_s, told = str(day.told["join_code"]), list[float](), dict[int, float]()
    async with Door(day.url) as door, asyncio.TaskGroup() as life:
        session = await (bystander := Client(door)).join(code)
        bystander.hears.append(lambda item: _note(item, told))
        speakers = [Client(door, keep=()) for _ in range(SPEAKERS)]
        for speaker in speakers:
            await speaker.join(code)
        for client in (bystander, *speakers):
            life.create_task(client.stay())
            await client.welcomed.wait()
        async with await _small(day, session.cookie) as stalled:
            welcome = msgspec.json.decode(await stalled.recv())["welcome"]
            stalled.transport.pause_reading()
            before = memory_of(day)

            async def speak(speaker: Client) -> None:
                for _ in range(WORDS):
                    answer = await speaker.ask("chat.say", {"text": "å" * 500})
                    assert answer.ok
                    assert answer.seq
                    at_s = asyncio.get_running_loop().time()
                    async with asyncio.timeout(LATE_MOST_S):
                        while answer.seq not in told:  # looks are cheaper than an event for each
                            await asyncio.sleep(0.01)
                    late_s.append(told[answer.seq] - at_s)

            await asyncio.gather(*map(speak, speakers))
            assert len(late_s) == len(told) == SPEAKERS * WORDS
            assert memory_of(day) - before < GREW_MOST_BYTES
            stalled.transport.resume_reading()
            await _caught_up(stalled, welcome["seq"], max(told))
        for client in (bystander, *speakers):
            client.leave()
    assert (bystander.counts.lines, bystander.ledger.gaps, bystander.ledger.doubles) == (1, 0, 0)


def _note(item: Item, told: dict[int, float]) -> None:
    if item.type == "chat.said" and item.seq:
        told[item.seq] = asyncio.get_running_loop().time()


async def _small(day: Samsyn, cookie: str) -> connect:
    """A socket with hardly any room for what it does not read."""
    parts = urlsplit(day.url)
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.setblocking(False)
    await asyncio.get_running_loop().sock_connect(plain, (parts.hostname, parts.port))
    headers = {"Cookie": cookie, "Origin": day.url}
    return connect(f"ws{day.day.removeprefix('http')}/socket", sock=plain, additional_headers=headers, compression=None, max_queue=1)


async def _caught_up(ws: ClientConnection, upto: int, last: int) -> None:
    """It is told the rest in order, or given a fresh state; then it is where all are."""
    async with asyncio.timeout(20):
        while upto < last:
            frame = msgspec.json.decode(await ws.recv())
            places = [item["seq"] for item in frame.get("news", ()) if "seq" in item]
            assert all(place > upto for place in places)
            assert places == sorted(places)
            upto = frame.get("upto", frame.get("welcome", {}).get("seq", upto))
