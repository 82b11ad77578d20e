"""A process of its own for the tests: ``python worker.py DATABASE REDIS DAY HOW COUNT``; a word a line for what was acknowledged."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, datetime

from conference.core.bus import MemoryBus
from conference.core.event import Entry
from conference.core.redis_bus import RedisBus
from conference.core.store import Store, StoreUnavailable
from conference.core.transaction import Transaction
from tests.conference.core.polling import Poll, PollOpened, Polls, Vote

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def die(_: Sequence[Entry]) -> None:
    """Between commit and publish."""
    os.kill(os.getpid(), signal.SIGKILL)


async def main(database: str, redis: str, day: str, how: str, many: int) -> None:
    way = RedisBus.open(redis) if redis else nullcontext(MemoryBus())
    async with way as bus, Store.open(database, die if how == "die" else bus.publish) as store:
        polls = Polls(store)

        async def freeze(tx: Transaction) -> None:
            await tx.find(Poll, "any")
            os.kill(os.getpid(), signal.SIGSTOP)  # with the pen in its hand
            await tx.record(PollOpened(day=day, poll="frozen", at=NINE))

        async def caller(number: int) -> None:
            for i in range(number, many, 20):
                say(await polls.open(f"{day}-{os.getpid()}-{i}", day, NINE))

        async def voter(number: int) -> None:
            for i in range(number, many, 500):
                await polls.vote(Vote(day, b"%d" % i, 1))
                say(i)

        say("ready")
        if how == "freeze":
            try:
                await store.run(freeze)
                say("acknowledged")
            except StoreUnavailable:
                say("unavailable")
        elif how == "vote":
            await asyncio.gather(*map(voter, range(500)))
        else:
            await asyncio.gather(*map(caller, range(20)))
        await asyncio.sleep(0.2)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5])))
