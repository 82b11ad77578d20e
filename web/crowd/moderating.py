"""A simulated moderator of the questions: lets them through or not, takes up the one with most support, and says when it is answered.

Only until somebody else has moderated: from then on it looks on, as the simulated operator does.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from web.crowd.client import Client
from web.crowd.outbox import Answer, Gone
from web.crowd.script import Asking, Script

Object = Mapping[str, Any]

LOOKS_S: Final = 2.0
READS_S: Final = (2.0, 5.0)  # one question
ANSWERS_S: Final = (10.0, 16.0)  # how long the panel speaks about one
SAID: Final = "Det hör inte till panelen, men: se dagens sida under Vanliga frågor."  # an answer in writing


class Moderator:
    """Looks at the queue of every lane.

    Attributes:
        did: wishes that were granted.
        rests: whether somebody else moderates.
    """

    def __init__(self, client: Client, script: Script, dice: random.Random) -> None:
        self._client, self._script, self._dice = client, script, dice
        self._left: dict[str, str] = {}  # how we left each question
        self._up_until: dict[str, float] = {}
        self.did, self.rests = 0, False

    async def work(self) -> None:
        """Moderate until the day is over, somebody else does, or we are sent away."""
        with suppress(Gone, ValueError):
            while not self.rests and self._client.state.one("day").get("state") != "ended":
                await asyncio.sleep(LOOKS_S)
                questions = [one for one in self._client.state.every("questions").values() if not one.get("merged")]
                self.rests = any(
                    one["state"] != "held" and one["question"] not in self._left for one in questions if not one.get("lifted_from")
                )
                for question in [one for one in questions if one["state"] == "held"]:
                    await asyncio.sleep(self._dice.uniform(*READS_S))
                    await self._review(question)
                for lane in sorted({str(one["lane"]) for one in questions}):
                    await self._stage(lane)

    async def _review(self, question: Object) -> None:
        told = self._script.asking(str(question["text"]))
        first = told and told.same_as and self._like(told.same_as, str(question["lane"]))
        if told and told.moderate and told.moderate.get("do") == "answer-in-writing":
            await self._ask("questions.write", question, "written", text=SAID)
        elif told and told.moderate:
            await self._ask("questions.put_aside", question, "aside", reason=self._script.reason(told))
        elif first:
            await self._ask("questions.merge", question, "merged", into=first)
        else:
            await self._ask("questions.let_through", question, "open")

    def _like(self, same_as: str, lane: str) -> str | None:
        """The question that asks the same, if it may be backed."""
        for one in self._client.state.every("questions").values():
            told = self._script.asking(str(one["text"]))
            if told and told.id == same_as and one["lane"] == lane and one["state"] in {"open", "taken_up"} and not one.get("merged"):
                return str(one["question"])
        return None

    async def _stage(self, lane: str) -> None:
        """One at a time is on the stage, for as long as the panel speaks about it."""
        mine = [one for one in self._client.state.every("questions").values() if one["lane"] == lane and not one.get("merged")]
        now_s = asyncio.get_running_loop().time()
        up = next((one for one in mine if one["state"] == "taken_up"), None)
        if up and now_s >= self._up_until.get(lane, 0.0):
            await self._ask("questions.answered", up, "answered")
        waiting = sorted((one for one in mine if one["state"] == "open"), key=lambda one: -int(one["backs"]))
        if not up and waiting:
            self._up_until[lane] = now_s + self._dice.uniform(*ANSWERS_S)
            await self._ask("questions.take_up", waiting[0], "taken_up")

    async def _ask(self, do: str, question: Object, becomes: str, **more: str) -> Answer:
        name = str(question["question"])
        self._left[name] = becomes
        answer = await self._client.ask(do, {"question": name, "seen": question["state"], **more})
        self.did += answer.ok
        self.rests = self.rests or answer.code == "question.already_done"
        return answer


def asker_of(asking: Asking, chairs: int) -> int:
    """Which of the first guests asks a question; the same each time."""
    return sum(asking.id.encode()) % chairs
