"""People who fill in an evaluation over real sockets, a question at a time, and keep account of what they were promised.

Whatever is broken meanwhile, at the end what was promised lies in the database, form by form, and nobody has two forms.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.running import Samsyn
from web.crowd import Answer, Door, Staff
from web.crowd.door import local_sources
from web.crowd.herd import Beast, Herd

SURVEY: Final = "ev-deltagare"
QUESTIONS: Final = 8
COMING_PER_S: Final = 150
ACKNOWLEDGED_MOST_S: Final = 120.0

Form = dict[str, Any]


def answers_of(number: int) -> Iterator[Form]:
    """What one person answers, save after save: each to one question, and the last is sent. Nobody's form is like another's."""
    step = 1 + number % 5
    yield {"helheten": step}
    yield {"aterkommande": "yes" if number % 3 else "no"}
    yield {"regionen": None if number % 4 else step}
    yield {"anvanda": 6 - step}
    yield {"mal": ["individual", "together"][: 1 + number % 2]}
    yield {"delta": ["latt"]}
    yield {"steg": f"Ringa {number}"}
    yield {"annorlunda": f"Mer tid {number}", "citera": True}


@dataclass(eq=False)
class Answerers:
    """Some hundred people and the evaluation.

    Attributes:
        promised: by receipt, all that was acknowledged to its holder.
        took_s: from sending to the answer, of each save; of one that was sent again, from the last time.
        saves: how many were acknowledged; ``resent`` those of them that were asked more than once.
    """

    herd: Herd
    staff: Staff
    promised: dict[str, Form] = field(default_factory=dict)
    took_s: list[float] = field(default_factory=list)
    saves: int = 0
    resent: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    async def answer(self, within_s: float) -> None:
        """Everybody answers all questions at random moments within this time. Returns when all of it is acknowledged."""
        dice = random.Random("evaluation")
        async with asyncio.TaskGroup() as all_of_them:
            for number, beast in enumerate(self.herd.beasts):
                moments = sorted(dice.uniform(0, within_s) for _ in range(QUESTIONS))
                all_of_them.create_task(self._answer(beast, number, moments))

    async def _answer(self, beast: Beast, number: int, moments: list[float]) -> None:
        loop = asyncio.get_running_loop()
        start_s, held, receipts = loop.time(), Form(), set[str]()
        for turn, (at_s, given) in enumerate(zip(moments, answers_of(number), strict=True), start=1):
            await asyncio.sleep(max(0.0, start_s + at_s - loop.time()))
            args = {"survey": SURVEY, "answers": given, **({"final": True} if turn == QUESTIONS else {})}
            answer = await beast.client.ask("surveys.answer", args, tries=50)
            self._note(answer)
            if answer.ok:
                held |= given
                receipts.add(str(answer.data["receipt"]))
        assert len(receipts) == 1  # whoever goes on with a form keeps its receipt
        self.promised[receipts.pop()] = held

    def _note(self, answer: Answer) -> None:
        if answer.ok:
            self.saves += 1
            self.resent += answer.sends > 1
            self.took_s.append(answer.line_s)
        else:
            self.refused[answer.code] += 1

    async def until_acknowledged(self, saves: int) -> None:
        """In the middle of it."""
        async with asyncio.timeout(ACKNOWLEDGED_MOST_S):
            while self.saves < saves:  # looks are cheaper than an event for each
                await asyncio.sleep(0.005)


@asynccontextmanager
async def answerers(running: Samsyn, people: int) -> AsyncIterator[Answerers]:
    """People on a live day whose evaluation is open."""
    async with Door(running.url, local_sources(running.url, people)) as door, asyncio.TaskGroup() as life:
        staff = Staff(door)
        await staff.enter(running.link("moderator"))
        life.create_task(staff.stay())
        assert (await staff.ask("surveys.open", {"survey": SURVEY})).ok
        all_of_them = Answerers(Herd(door, str(running.told["join_code"]), (), seed=1), staff)
        await all_of_them.herd.come(people, COMING_PER_S, life)
        yield all_of_them
        all_of_them.herd.leave()
        staff.leave()


async def forms(database: str) -> Mapping[str, Form]:
    """The forms of the evaluation that the database holds, by receipt; a form more under one receipt fails, and one that was not sent."""
    engine = create_async_engine(database)
    try:
        async with engine.connect() as connection:
            wanted = text("select receipt, answers, final from survey_answers where box like :box")
            rows = (await connection.execute(wanted, {"box": f"%/survey/{SURVEY}"})).all()
    finally:
        await engine.dispose()
    found = {str(row.receipt): msgspec.json.decode(row.answers) for row in rows}
    assert len(found) == len(rows)
    assert all(row.final for row in rows)
    return found
