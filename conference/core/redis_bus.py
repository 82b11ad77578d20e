"""The bus between processes: one Redis stream a day, one XADD for all that was published since the last one."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from conference.core.bus import Listener
from conference.core.event import Entry, packed, unpacked
from conference.core.outage import Outage

SAID_MOST = 10_000  # entries waiting for Redis to come back; more are dropped, and found in the log by the hole they leave
COMMAND_S = 2.0  # a command to Redis that takes longer is given up
STREAM_MOST = 1_000  # XADDs kept in Redis for a day; older ones are in the log


class RedisBus:
    """Says and hears through Redis; while Redis is away it says nothing, and followers live on the log alone."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._outage = Outage("redis, in whose place the log is asked,", whole=False)
        self._said: deque[Entry] = deque(maxlen=SAID_MOST)
        self._arrived = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[RedisBus]:
        """Start the sender. Redis may be away now, and at any time."""
        bus = cls(url)
        async with _client(url, COMMAND_S) as client:
            task = asyncio.create_task(bus._send(client), name="redis bus")
            try:
                yield bus
            finally:
                task.cancel()
                await asyncio.wait([task])

    def publish(self, entries: Sequence[Entry]) -> None:
        """Queue the entries for the sender."""
        self._said.extend(entries)  # when full, the oldest fall out
        self._arrived.set()

    async def _send(self, client: Redis) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            entries, days = list(self._said), defaultdict[str, list[Entry]](list)
            self._said.clear()
            for entry in entries:
                days[entry.event.day].append(entry)
            for day, said in days.items():
                try:
                    await client.xadd(_stream(day), {"e": packed(said)}, maxlen=STREAM_MOST, approximate=True)
                except (RedisError, OSError) as error:
                    self._outage.note(error)

    @asynccontextmanager
    async def listen(self, day: str) -> AsyncIterator[Listener]:
        """Hear from now on, with a client of its own: a blocked XREAD must not hold anybody else up."""
        async with _client(self._url, None) as client:
            last: bytes | None = None

            async def next_heard(wait_s: float) -> list[Entry]:
                nonlocal last
                try:
                    async with asyncio.timeout(wait_s + COMMAND_S):
                        last = last or await _end(client, day)  # an id, never "$": what is added between two reads would be lost
                        answer: Any = await client.xread({_stream(day): last}, block=max(1, int(wait_s * 1000)))
                except (RedisError, OSError) as error:  # TimeoutError is an OSError
                    self._outage.note(error)
                    await asyncio.sleep(wait_s)
                    return []
                self._outage.over()
                heard: list[Entry] = []
                for place, fields in answer[0][1] if answer else []:
                    last = place
                    heard += unpacked(fields[b"e"])
                return heard

            with suppress(RedisError, OSError):
                last = await _end(client, day)
            yield next_heard


def _stream(day: str) -> str:
    return f"samsyn:{day}"


def _client(url: str, timeout_s: float | None) -> Redis:
    # The defaults of redis-py 8 would cut an XREAD off after 5 s, and hide with ten silent retries that Redis is away.
    return Redis.from_url(url, socket_timeout=timeout_s, socket_connect_timeout=COMMAND_S, retry=Retry(NoBackoff(), 0))


async def _end(client: Redis, day: str) -> bytes:
    newest: Any = await client.xrevrange(_stream(day), count=1)
    return bytes(newest[0][0]) if newest else b"0-0"
