"""Thousands vote within two seconds, with the result going out to all of them meanwhile: how long until each has a receipt.

    python -m tests.load.votes --people 10000
    python -m tests.load.votes --people 300 --within 1
    python -m tests.load.votes --people 10000 --store postgresql

The server has one core (and shares it with PostgreSQL, which is started for this), the client (`lines.c`) another. With SQLite every
receipt has been through a full fsync. Prints one line of JSON: ``receipt_ms`` from sending a vote to its answer, whether receipts that
were given and ballots in the database are the same, how many pictures of the result each line was sent meanwhile, what the server took,
and how late the client was at most with sending, which makes all times longer.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.load.fanout import open_poll
from tests.load.native import SERVER_CORE, cookies_of, cpu_s, joined, lines, on_core
from tests.load.seeing import asked
from tests.running import ROOT, Samsyn, samsyn
from tests.servers import postgresql
from web.crowd.load import allow_files

QUIET_S = 3.0  # before the votes: whoever has been welcomed has read it
AFTER_S = 1.0  # for the last picture


def main() -> None:
    """Measure and print."""
    given = asked(__doc__, people=10_000, within=2.0, store="sqlite")
    allow_files(given.people + 500)
    given.folder.mkdir(parents=True, exist_ok=True)
    begun = os.getloadavg()[0]
    with _samsyn(given) as (running, database):
        found = _measured(running, database, given)
        assert running.complaints() == []
    print(json.dumps({"people": given.people, "store": given.store, **found, "load": [begun, os.getloadavg()[0]]}))


@contextmanager
def _samsyn(given: Any) -> Iterator[tuple[Samsyn, str]]:
    """A live day on one core, with its database on the same, and where that is; nothing is streamed."""
    words, folder = ("--participants", 0, "--speed", 0, "--operator", "off"), given.folder / "data"
    with ExitStack() as stays:
        with on_core(SERVER_CORE):
            told = {"SAMSYN_MEDIA_URL": "http://127.0.0.1:9"}
            database = f"sqlite+aiosqlite:///{folder / 'samsyn.db'}"
            if given.store == "postgresql":
                database = told["SAMSYN_DATABASE_URL"] = stays.enter_context(postgresql(given.folder))
                subprocess.run(
                    [sys.executable, "-m", "web.cli", "migrate"], cwd=ROOT, env={**os.environ, **told}, check=True, stdout=sys.stderr
                )
            running = stays.enter_context(samsyn("demo", folder, *words, port=0, **told))
        yield running, database


def _measured(running: Samsyn, database: str, given: Any) -> dict[str, Any]:
    poll, receipts, address = open_poll(running), given.folder / "receipts", urlsplit(running.day)
    cookies = cookies_of(asyncio.run(joined(running, given.people)), given.folder / "cookies")
    wish = json.dumps({"id": "vote-#", "do": "polls.vote", "args": {"poll": poll, "answer": ["o~"]}})
    with lines(address.port or 0, f"{address.path}/socket", given.people, cookies) as crowd:
        crowd.hear(QUIET_S)
        before = cpu_s([running.process.pid])
        told = crowd.ask(given.within, receipts, wish)
        took_s = cpu_s([running.process.pid]) - before
        after = crowd.hear(AFTER_S)
    given_out = receipts.read_text().split()
    ballots = asyncio.run(_ballots(database, poll))
    return {
        "granted": told["granted"], "refused": told["refused"], "gone": told["gone"], "took_s": told["seconds"],
        "receipt_ms": {name: told[f"{name}_ms"] for name in ("p50", "p95", "p99", "max")}, "client_late_ms": told["late_ms"],
        "receipts": len(set(given_out)), "ballots": len(ballots), "same": sorted(given_out) == sorted(ballots),
        "pictures": {"least": told["least"], "most": told["most"], "after": after["least"]}, "cpu_s": round(took_s, 2),
    }  # fmt: skip


async def _ballots(database: str, poll: str) -> list[str]:
    """The receipts in the box, read with nobody's help."""
    engine = create_async_engine(database)
    try:
        async with engine.connect() as connection:
            rows = await connection.execute(text("select receipt from ballot where box like :box"), {"box": f"%/{poll}/1"})
            return [str(row.receipt) for row in rows]
    finally:
        await engine.dispose()


if __name__ == "__main__":
    main()
