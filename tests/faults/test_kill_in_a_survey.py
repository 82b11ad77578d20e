"""The server is killed twice while an evaluation is filled in: what was acknowledged is kept, once."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.faults.answerers import QUESTIONS, SURVEY, answerers, forms
from tests.running import demo
from tests.staff import Person

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

PEOPLE = 60
BURST_S = 4.0


async def test_two_kills_lose_no_answer_and_double_none(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    database = f"sqlite+aiosqlite:///{folder / 'samsyn.db'}"
    with ExitStack() as servers:
        running = servers.enter_context(demo(folder))
        async with AsyncExitStack() as people:
            crowd = await people.enter_async_context(answerers(running, PEOPLE))
            all_of_it = asyncio.create_task(crowd.answer(BURST_S))
            for part in (1, 2):
                await crowd.until_acknowledged(part * PEOPLE * QUESTIONS // 3)
                running.kill()
                running = await asyncio.to_thread(servers.enter_context, demo(folder, port=urlsplit(running.url).port or 0))
            await all_of_it

            assert (dict(crowd.refused), crowd.saves, len(crowd.promised)) == ({}, PEOPLE * QUESTIONS, PEOPLE)
            assert crowd.resent > 0
            assert await forms(database) == crowd.promised
            assert (await crowd.staff.ask("surveys.close", {"survey": SURVEY})).ok
            assert await forms(database) == crowd.promised

        with Person(running).by_link("organizer") as organizer:
            [sheet, *_others] = organizer.http.get(f"{running.day}/export/evaluation.json").raise_for_status().json()["tables"]
        steps = Counter(form["helheten"] for form in crowd.promised.values())
        counted = [row["Antal"] for row in sheet["rows"] if row["Fråga"] == "Vad tyckte du om dagen i sin helhet?" and not row["Region"]]
        assert counted[:5] == [steps[step] for step in range(1, 6)]
        assert running.complaints() == []
