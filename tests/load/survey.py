"""People fill in the evaluation, a question at a time, while the server is killed again and again.

    python -m tests.load.survey
    python -m tests.load.survey --people 300 --within 20 --kills 0

Prints one line of JSON: how long a save takes (without the seconds that the server was gone: of saves that were sent once), whether every
answer that was acknowledged lies in the database and none twice, and how long the report takes to open when the survey has closed.
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
from typing import Any
from urllib.parse import urlsplit

from tests.faults.answerers import QUESTIONS, SURVEY, Answerers, answerers, forms
from tests.running import Samsyn, demo
from tests.staff import Person


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--within", type=float, default=300.0, help="seconds in which all of them answer")
    parser.add_argument("--kills", type=int, default=2, help="kill -9 of the server, evenly over the answers")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(asyncio.run(_measured(Path(folder) / "data", given))))


async def _measured(folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    with ExitStack() as servers:
        running = servers.enter_context(demo(folder))
        async with AsyncExitStack() as people:
            crowd = await people.enter_async_context(answerers(running, given.people))
            begun_s = time.monotonic()
            all_of_it = asyncio.create_task(crowd.answer(given.within))
            for part in range(1, given.kills + 1):
                await crowd.until_acknowledged(part * given.people * QUESTIONS // (given.kills + 1))
                running.kill()
                running = await asyncio.to_thread(servers.enter_context, demo(folder, port=urlsplit(running.url).port or 0))
            await all_of_it
            took_s = time.monotonic() - begun_s
            assert (await crowd.staff.ask("surveys.close", {"survey": SURVEY})).ok
        held = await forms(f"sqlite+aiosqlite:///{folder / 'samsyn.db'}")
        return {**_told(crowd, held, given.people), "within_s": round(took_s, 1), **_report(running), "load": os.getloadavg()[0]}


def _told(crowd: Answerers, held: Any, people: int) -> dict[str, Any]:
    once = sorted(crowd.took_once_s)
    kept = sum(held.get(receipt) == form for receipt, form in crowd.promised.items())
    saves = {"people": people, "saves": crowd.saves, "resent": crowd.resent, "refused": dict(crowd.refused)}
    times = {f"p{part}_ms": round(1_000 * once[min(len(once) - 1, len(once) * part // 100)], 1) for part in (50, 95, 99)}
    return {**saves, **times, "forms": len(held), "lost": len(crowd.promised) - kept, "doubled": len(held) - len(crowd.promised)}


def _report(running: Samsyn) -> dict[str, Any]:
    with Person(running).by_link("organizer") as organizer:
        begun_s = time.monotonic()
        page = organizer.http.get(f"{running.day}/report").raise_for_status().content
        return {"report_ms": round(1_000 * (time.monotonic() - begun_s)), "report_bytes": len(page), "complaints": running.complaints()}


if __name__ == "__main__":
    main()
