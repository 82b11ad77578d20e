"""How soon what some say is heard by thousands: two server processes with Redis and PostgreSQL, and everything on this machine.

    python -m tests.load.talkers --people 4000 --talkers 40 --every 2 --seconds 60
    python -m tests.load.talkers --people 400 --seconds 15

Half of the people are at home in each process. Each of the talkers says something every so many seconds, by socket; what counts is the time
from there to each of all the people, with its commit, its way over Redis and the fan-out in it. After that a moderator stops one of the
talkers and takes away all that they have said, with the one press that the cockpit has for it. Prints one line of JSON: ``delivery_ms``,
``receipt_ms``, ``gone_ms`` (from that press to each of all lines having heard of the last of it), what was lost or doubled, whether all
heard the same in the same order, the processor that each process took, and how late this process was itself: a large lag makes all times
too long.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.load.ears import Ear, Heard
from tests.load.seeing import asked, quantiles
from tests.running import ROOT, Samsyn, samsyn
from tests.servers import postgresql, redis_server
from tests.staff import Person
from web.crowd import Client, Door, Session, Who
from web.crowd.door import local_sources
from web.crowd.load import allow_files

SETTLE_S = 5.0  # for the last words to arrive
TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def two_processes(folder: Path) -> Iterator[list[Samsyn]]:
    """A live day with its chat open, served by two processes that share database, bus and folder; nothing is streamed."""
    folder.mkdir(parents=True, exist_ok=True)
    with postgresql(folder) as database, redis_server() as redis:
        shared = {"SAMSYN_DATABASE_URL": database, "SAMSYN_REDIS_URL": redis, "SAMSYN_MEDIA_URL": "http://127.0.0.1:9"}
        subprocess.run([sys.executable, "-m", "web.cli", "migrate"], cwd=ROOT, env={**os.environ, **shared}, check=True, stdout=sys.stderr)
        words = ["--participants", 0, "--speed", 0, "--operator", "off"]
        with samsyn("demo", folder / "data", *words, port=0, **shared) as one, samsyn("serve", folder / "data", port=0, **shared) as other:
            with Person(one).by_link("moderator") as moderator:
                while not any(room["open"] for room in moderator.state()["rooms"]):
                    moderator.ask("rundown.go", {})
                    time.sleep(0.5)
            yield [one, other]


def main() -> None:
    """Measure and print."""
    given = asked(__doc__, people=4_000, talkers=40, every=2.0, seconds=60.0, rate=100.0)
    allow_files(given.people + 200)
    with two_processes(given.folder) as servers:
        found = asyncio.run(_measure(servers, given))
    print(json.dumps({**found, "load": os.getloadavg()[0]}))


async def _measure(servers: Sequence[Samsyn], given: Any) -> dict[str, Any]:
    code, heard, lag = str(servers[0].told["join_code"]), Heard(), list[float]()
    doors = [Door(one.url, local_sources(one.url, given.people)) for one in servers]
    try:
        ears = await _come(doors, code, heard, given)
        async with asyncio.TaskGroup() as life:
            watch = life.create_task(_watch(lag))
            talkers = [Client(doors[n % 2], Who(name=f"Talare {n}"), keep=set(), turn=n) for n in range(given.talkers)]
            for one in talkers:
                await one.join(code)
                life.create_task(one.run())
            await asyncio.gather(*(one.welcomed.wait() for one in talkers))
            before, begun = [_cpu_s(one) for one in servers], time.process_time()
            said = await _talk(talkers, heard, given)
            await asyncio.sleep(SETTLE_S)
            gone = await _stop(servers[0], talkers[0], ears, heard)
            took = [round(_cpu_s(one) - was, 1) for one, was in zip(servers, before, strict=True)]
            here = round(time.process_time() - begun, 1)
            for one in talkers:
                one.leave()
            watch.cancel()
    finally:
        for door in doors:
            await door.aclose()
    return {
        "people": given.people, "talkers": given.talkers, "seconds": given.seconds, "connected": sum(ear.is_open for ear in ears),
        **_compared([ear.numbers for ear in ears], said), "delivery_ms": heard.quantiles(), "receipt_ms": quantiles(list(said.values())),
        **gone,
        "cpu_s": {"servers": took, "here": here}, "lag_ms": quantiles(lag),
    }  # fmt: skip


async def _come(doors: Sequence[Door], code: str, heard: Heard, given: Any) -> list[Ear]:
    """Everybody joins and listens, so many a second."""
    gate, begun = asyncio.Semaphore(50), time.monotonic()

    async def one(number: int) -> Ear:
        await asyncio.sleep(max(0.0, begun + number / given.rate - time.monotonic()))
        async with gate:
            session = await doors[number % 2].join(code, Who(), turn=number)
            return await _listen(doors[number % 2], session, number, heard)

    return await asyncio.gather(*(one(number) for number in range(given.people)))


async def _listen(door: Door, session: Session, turn: int, heard: Heard) -> Ear:
    ear = Ear(door.socket_url(session, None, 0), {"Origin": door.origin, "Cookie": session.cookie}, heard)
    await asyncio.get_running_loop().create_connection(lambda: ear, door.host, door.port, local_addr=door.source_of(turn))
    await ear.welcomed
    return ear


async def _stop(server: Samsyn, troll: Client, ears: Sequence[Ear], heard: Heard) -> dict[str, Any]:
    """One talker is stopped, and all that they have said goes: how long until each line has heard of the last of it."""
    assert troll.session
    with Person(server) as moderator:
        await asyncio.to_thread(moderator.by_link, "moderator")
        begun = heard.now_ms()
        await asyncio.to_thread(moderator.ask, "chat.ban", {"person": troll.session.person})
        await asyncio.sleep(SETTLE_S)
    gone = max(ear.removed for ear in ears)
    told = [float(ear.removed_ms - begun) for ear in ears if ear.removed == gone > 0]
    return {"gone": {"messages": gone, "lines": len(told)}, "gone_ms": quantiles(told)}


async def _talk(talkers: Sequence[Client], heard: Heard, given: Any) -> dict[int, float]:
    """What was acknowledged: its number, and after how many ms."""
    said, numbers, end = dict[int, float](), iter(range(1_000_000)), time.monotonic() + given.seconds

    async def one(client: Client, place: int) -> None:
        await asyncio.sleep(given.every * place / len(talkers))
        while time.monotonic() < end:
            begun, number = heard.now_ms(), next(numbers)
            answer = await client.ask("chat.say", {"text": f"nr {number} ms {begun}."})
            if answer.ok:
                said[number] = heard.now_ms() - begun
            await asyncio.sleep(max(0.0, given.every - (heard.now_ms() - begun) / 1_000))

    await asyncio.gather(*(one(client, place) for place, client in enumerate(talkers)))
    return said


def _compared(ears: Sequence[array[int]], said: dict[int, float]) -> dict[str, Any]:
    """What each ear heard against what was acknowledged, and the ears against each other."""
    lost = sum(len(said.keys() - set(numbers)) for numbers in ears)
    doubled = sum(len(numbers) - len(set(numbers)) for numbers in ears)
    return {"said": len(said), "heard": sum(map(len, ears)), "lost": lost, "doubled": doubled, "orders": len({bytes(one) for one in ears})}


async def _watch(lag: list[float]) -> None:
    while True:
        due = time.monotonic() + 0.02
        await asyncio.sleep(0.02)
        lag.append(max(0.0, time.monotonic() - due) * 1_000)


def _cpu_s(one: Samsyn) -> float:
    """What the process has taken of the processor, user and system."""
    fields = Path(f"/proc/{one.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


if __name__ == "__main__":
    main()
