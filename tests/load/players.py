"""A thousand players of one lane against one web process: every part is waited for, announced, and fetched.

    python -m tests.load.players --players 1000 --seconds 30

Each player keeps one connection, reloads the list with ``_HLS_msn`` and ``_HLS_part``, and fetches the newest part. Prints one line of
JSON: requests a second, how late parts were in the player's hands after they could be listed (`lag_ms`), how old their first picture was
then by the parts' date-time (`latency_ms`: a player shows it three parts later), errors, and what the server used
of a core. Client and server share the machine.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import uvloop

from tests.load.seeing import a_live_day, asked, quantiles

PART = re.compile(rb'#EXT-X-PART:DURATION=([0-9.]+),URI="([^"]+)"')
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Read:
    """What a player takes from a list: the newest part, from when it is, when it could be listed, and what to wait for next."""

    part: str
    begins_s: float
    due_s: float
    wait_for: str


@dataclass
class Crowd:
    """What all players share."""

    host: str
    port: int
    path: str
    lags: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    requests: int = 0
    received: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    measuring: bool = False
    lists: dict[bytes, Read] = field(default_factory=dict)

    def read(self, body: bytes) -> Read:
        """The same list is read once for all."""
        if body not in self.lists:
            if len(self.lists) > 50:
                self.lists.clear()
            self.lists[body] = _read(body, self.path)
        return self.lists[body]

    def wrong(self, what: str) -> None:
        """Count a mistake."""
        self.errors[what] = self.errors.get(what, 0) + 1


def _read(body: bytes, path: str) -> Read:
    first = int(re.search(rb"MEDIA-SEQUENCE:(\d+)", body)[1])  # type: ignore[index]  # it stands in every answer
    place = first + body.count(b"#EXTINF:")
    at, tail = body.rsplit(b"#EXT-X-PROGRAM-DATE-TIME:", 1)[1].split(b"\n", 1)
    parts = PART.findall(tail)
    due = datetime.fromisoformat(at.decode()).timestamp() + sum(float(length) for length, _ in parts)
    return Read(urljoin(path, parts[-1][1].decode()), due - float(parts[-1][0]), due, f"{path}?_HLS_msn={place}&_HLS_part={len(parts)}")


class Player:
    """One player with one connection."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd

    async def run(self) -> None:
        """Play until cancelled; connect again after a mistake."""
        while True:
            try:
                reader, writer = await asyncio.open_connection(self._crowd.host, self._crowd.port, limit=1 << 20)
                try:
                    await self._play(reader, writer)
                finally:
                    writer.close()
            except (OSError, asyncio.IncompleteReadError, ValueError) as error:
                self._crowd.wrong(type(error).__name__)
                await asyncio.sleep(0.5)

    async def _play(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        crowd = self._crowd
        where = crowd.path
        while True:
            found = crowd.read(await self._get(reader, writer, where))
            await self._get(reader, writer, found.part)
            if crowd.measuring:
                now_s = time.time()
                crowd.lags.append((now_s - found.due_s) * 1_000)
                crowd.latencies.append((now_s - found.begins_s) * 1_000)
            where = found.wait_for

    async def _get(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> bytes:
        crowd = self._crowd
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {crowd.host}:{crowd.port}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])  # type: ignore[index]  # it stands in every answer
        body = await reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 200"):
            crowd.wrong(head[9:12].decode())
            raise ValueError(path)
        crowd.requests += crowd.measuring
        crowd.received += len(body) * crowd.measuring
        return body


def used_s(pid: int) -> float:
    """Processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def played(urls: Sequence[str], players: int, seconds: int, processes: Mapping[str, int]) -> dict[str, object]:
    """So many players, shared out over some lanes, for some seconds: the figures of all.

    Args:
        urls: multivariant playlists.
        processes: whose processor time is told, by name.
    """
    crowds = [_crowd(url) for url in urls]
    tasks = []
    for n in range(players):
        tasks.append(asyncio.create_task(Player(crowds[n % len(crowds)]).run()))
        await asyncio.sleep(0.003)
    await asyncio.sleep(5)
    used, begun, own = {name: used_s(pid) for name, pid in processes.items()}, time.monotonic(), time.process_time()
    for crowd in crowds:
        crowd.measuring = True
    await asyncio.sleep(seconds)
    for crowd in crowds:
        crowd.measuring = False
    took = time.monotonic() - begun
    errors = Counter[str]()
    for crowd in crowds:
        errors.update(crowd.errors)
    figures = {
        "players": players, "lanes": len(crowds), "requests_a_s": round(sum(crowd.requests for crowd in crowds) / took),
        "mbit_s": round(sum(crowd.received for crowd in crowds) * 8 / took / 1e6),
        "lag_ms": quantiles([lag for crowd in crowds for lag in crowd.lags]),
        "latency_ms": quantiles([one for crowd in crowds for one in crowd.latencies]), "errors": dict(errors),
        **{f"{name}_cores": round((used_s(pid) - used[name]) / took, 2) for name, pid in processes.items()},
        "client_cores": round((time.process_time() - own) / took, 2), "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return figures


def _crowd(url: str) -> Crowd:
    parts = urlsplit(url)
    return Crowd(str(parts.hostname), int(parts.port or 80), parts.path.replace("index", "live"))


def main() -> None:
    """Measure and print."""
    given = asked(__doc__, players=1000, seconds=30)
    with a_live_day(given.folder) as (day, moderator, film):
        moderator.ask("streaming.take", {"source": film})
        time.sleep(3)
        lane = day.told["lanes"]["national"]
        print(json.dumps(uvloop.run(played([lane], given.players, given.seconds, {"server": day.process.pid}))))


if __name__ == "__main__":
    main()
