"""Twenty-two lanes, each with something of its own, and a thousand players who wait for every part of theirs: what that costs.

    python -m tests.load.lanes22 --players 1000 --studios 3 --seconds 30

Some regions send live, some show a film of their own, the rest one that is chosen by rule; each lane's showing is its own. Prints one line
of JSON: what the server and the media process used of a core (the bar for both together: one), how late parts were in the players' hands
after they could be listed (`lag_ms`), errors, and what either process takes of memory. Players and senders share the machine.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import uvloop

from tests.load.killed import media_pid
from tests.load.nation import NATIONAL, Books, a_national_day, nation, until
from tests.load.players import played
from tests.load.seeing import asked
from tests.running import Samsyn
from tests.staff import Person

SPEED = 1.0  # every lane stays for minutes with what it shows


def main() -> None:
    """Measure and print."""
    given = asked(__doc__, players=1000, seconds=30, studios=3)
    country = nation(studios=given.studios)
    with a_national_day(given.folder, country, SPEED) as day:
        books = Books(given.folder)
        asyncio.run(until(lambda: books.packed() == 3, "the films of the kit are not packed"))
        _part(day)
        asyncio.run(until(lambda: books.takes() == books.planned("b2"), "not every lane shows what is its own"))
        processes = {"server": day.process.pid, "media": media_pid(day)}
        figures = uvloop.run(played(list(day.told["lanes"].values()), given.players, given.seconds, processes))
        print(json.dumps({**figures, "studios": given.studios, "mb": {name: _memory_mb(pid) for name, pid in processes.items()}}))


def _part(day: Samsyn) -> None:
    """Give the country's cues until each region is in its own block."""
    with Person(day).by_link("moderator") as moderator:
        moderator.go_until("i-hemma.06")
        moderator.ask("rundown.go", {"lane": NATIONAL})


def _memory_mb(pid: int) -> int:
    resident = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return round(int(resident.split()[1]) / 1024)


if __name__ == "__main__":
    main()
