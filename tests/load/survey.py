"""People fill in the evaluation, a question at a time, while the server is killed again and again; then the report is opened.

    python -m tests.load.survey
    python -m tests.load.survey --people 300 --within 20 --kills 2 --report 600

Prints one line of JSON:

- how long a save takes, from sending it to its answer: the seconds in which there was no server to send it to are in ``within_s`` alone;
- ``lost``: forms whose receipt somebody holds and that are not in the database as they were acknowledged; ``doubled``: forms that nobody
  holds the receipt of;
- how long the report takes to open when the survey has as many forms as ``--report`` says and has closed: the first time after a start,
  and the median of five times after that. Forms that no simulated person has filled in are put there by the product's own verb, with the
  server stopped, once the others have been compared;
- ``holds``: each bar, and whether it was kept.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from conference.core.actor import Actor
from conference.core.clock import SystemClock
from conference.core.ids import RandomIds
from conference.core.store import Store
from polls.ballots import Box
from polls.surveys import Surveys
from tests.faults.answerers import QUESTIONS, SURVEY, Answerers, answerers, answers_of, forms
from tests.running import Samsyn, demo
from tests.staff import Person

SAVE_MS: Final = 300  # p95
REPORT_MS: Final = 1_000
TIMES: Final = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--within", type=float, default=300.0, help="seconds in which all of them answer")
    parser.add_argument("--kills", type=int, default=2, help="kill -9 of the server, evenly over the answers")
    parser.add_argument("--report", type=int, default=10_000, help="forms that the survey has when the report is opened")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = asyncio.run(_measured(Path(folder) / "data", given))
    print(json.dumps({**told, "holds": _holds(told, given), "load": os.getloadavg()[0]}))


async def _measured(folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    database = f"sqlite+aiosqlite:///{folder / 'samsyn.db'}"
    with ExitStack() as servers:
        running = servers.enter_context(demo(folder))
        async with AsyncExitStack() as people:
            crowd = await people.enter_async_context(answerers(running, given.people))
            begun_s = time.monotonic()
            all_of_it = asyncio.create_task(crowd.answer(given.within))
            for part in range(1, given.kills + 1):
                await crowd.until_acknowledged(part * given.people * QUESTIONS // (given.kills + 1))
                running.kill()
                running = await asyncio.to_thread(_again, servers, folder, running)
            await all_of_it
            took_s = time.monotonic() - begun_s
        told = _told(crowd, await forms(database), given.people)
        told |= {"within_s": round(took_s, 1), "kills": given.kills}
        await asyncio.to_thread(_stopped, running)
        await _filled(folder, database, str(running.told["day"]), given.report - given.people)
        running = await asyncio.to_thread(_again, servers, folder, running)
        with Person(running).by_link("moderator") as moderator:
            await asyncio.to_thread(moderator.ask, "surveys.close", {"survey": SURVEY})
        await asyncio.to_thread(_stopped, running)
        running = await asyncio.to_thread(_again, servers, folder, running)
        return {**told, "report_forms": len(await forms(database)), **await asyncio.to_thread(_report, running)}


def _again(servers: ExitStack, folder: Path, before: Samsyn) -> Samsyn:
    """The same folder on the same port."""
    return servers.enter_context(demo(folder, port=urlsplit(before.url).port or 0))


def _stopped(running: Samsyn) -> None:
    running.process.terminate()
    running.process.wait(60)


async def _filled(folder: Path, database: str, day: str, more: int) -> None:
    """Let so many more people have answered everything."""
    ids = RandomIds()
    async with Store.open(database, lambda _entries: None) as store:
        surveys = Surveys(store, SystemClock(), ids, Box(folder / "keys", ids))
        for start in range(0, more, 1_000):
            numbers = range(start, min(start + 1_000, more))
            await asyncio.gather(*(surveys.answer(Actor(day, f"more-{one}"), SURVEY, _all_of(one), final=True) for one in numbers))


def _all_of(number: int) -> dict[str, Any]:
    return {question: answer for given in answers_of(number) for question, answer in given.items()}


def _told(crowd: Answerers, held: Any, people: int) -> dict[str, Any]:
    took = sorted(crowd.took_s)
    kept = sum(held.get(receipt) == form for receipt, form in crowd.promised.items())
    saves = {"people": people, "saves": crowd.saves, "resent": crowd.resent, "refused": dict(crowd.refused)}
    times = {f"p{part}_ms": round(1_000 * took[min(len(took) - 1, len(took) * part // 100)], 1) for part in (50, 95, 99)}
    counts = {"receipts": len(crowd.promised), "forms": len(held), "lost": len(crowd.promised) - kept}
    return {**saves, **times, **counts, "doubled": len(held.keys() - crowd.promised.keys())}


def _report(running: Samsyn) -> dict[str, Any]:
    with Person(running).by_link("organizer") as organizer:
        times, page = [], b""
        for _ in range(1 + TIMES):
            begun_s = time.monotonic()
            page = organizer.http.get(f"{running.day}/report").raise_for_status().content
            times.append(round(1_000 * (time.monotonic() - begun_s)))
    again = round(statistics.median(times[1:]))
    return {"report_first_ms": times[0], "report_again_ms": again, "report_bytes": len(page), "complaints": running.complaints()}


def _holds(told: dict[str, Any], given: argparse.Namespace) -> dict[str, bool]:
    return {
        f"{given.people} people within {given.within:g} s": told["receipts"] == given.people and told["within_s"] <= given.within,
        f"p95 of a save under {SAVE_MS} ms": told["p95_ms"] < SAVE_MS,
        f"none lost, none doubled through {given.kills} kills": (told["lost"], told["doubled"]) == (0, 0),
        f"report of {given.report} forms under {REPORT_MS} ms": max(told["report_first_ms"], told["report_again_ms"]) < REPORT_MS,
    }


if __name__ == "__main__":
    main()
