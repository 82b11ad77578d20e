"""A poll of thousands in which lines are cut at random and the server is killed, and every vote is sent up to five times over both ways.

    python -m tests.load.chaos
    python -m tests.load.chaos --people 300 --within 20 --kills 2

Prints one line of JSON when all agrees, and fails when not: distinct voters = answers of the tally = ballots = receipts that were given,
each with its voter's last answer, and the seal in the audit chain is the one that follows from what the voters were told.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from tests.faults.chaos import chaos, recounted
from tests.faults.voters import electorate
from tests.running import demo

RESTARTED_S: Final = 120.0  # a server that starts anew, on a busy machine


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--within", type=float, default=60.0, help="seconds in which all of them vote and change their votes")
    parser.add_argument("--kills", type=int, default=2, help="kill -9 of the server, evenly over the votes")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(asyncio.run(_run(Path(folder) / "data", given))))


async def _run(folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    with ExitStack() as servers:
        running = first = servers.enter_context(demo(folder))
        async with AsyncExitStack() as people:
            crowd = await people.enter_async_context(electorate(first, given.people))
            scene = await people.enter_async_context(chaos(first, crowd))
            begun_s = time.monotonic()
            burst = asyncio.create_task(scene.vote(given.within))
            for part in range(1, given.kills + 1):
                await crowd.until_acknowledged(part * scene.votes // (given.kills + 1), given.within + RESTARTED_S)
                running.kill()
                running = await asyncio.to_thread(servers.enter_context, demo(folder, port=urlsplit(first.url).port or 0))
            await burst
            took_s = time.monotonic() - begun_s
            ledger = await scene.check(f"sqlite+aiosqlite:///{folder / 'samsyn.db'}")
        counted = await asyncio.to_thread(recounted, running, folder)
        told = {"people": given.people, "kills": given.kills, **scene.told(), "took_s": round(took_s, 1), "ballots": ledger.rows}
        return {**told, "recount_agrees": counted["agrees"], "complaints": running.complaints(), "load": os.getloadavg()[0]}


if __name__ == "__main__":
    main()
