"""The single things that a simulated person does, each in its own time: say a line, vote, count heads, fill in the evaluation."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from web.crowd.answers import Mind
from web.crowd.client import Client
from web.crowd.outbox import Answer, Gone
from web.crowd.people import LARGEST, SMALLEST, Guest, named
from web.crowd.script import Asking, Saying, Script

Object = Mapping[str, Any]
Span = tuple[float, float]

WAVES: Final = (2, 3)  # wishes in which a form is saved, as somebody fills it in
IN_TIME: Final = 0.8  # of what is left of a poll


@dataclass(frozen=True)
class Habits:
    """How somebody behaves; shares of 1, and seconds from - to.

    Attributes:
        arrives_s: how long after the one before; all have arrived after 20.
        changes: of the votes, how many are changed.
        backs: of the questions of others, how many are backed.
        recounts: of the groups that are asked how many they are, how many have become more or fewer.
        stirs: how likely one moves the pointer or the page during an item.
        stops: of the evaluations, how many are left half done.
        lingers_s: how long one stays after the end of the day at most, while there is something to answer.
        leaves_s: how long one stays when there is nothing.
        moderates: whether whoever works there sees to the questions to the panel, until somebody else does.
    """

    arrives_s: float = 0.25
    votes: float = 0.9
    vote_s: Span = (1.0, 15.0)
    changes: float = 0.15
    change_s: Span = (2.0, 10.0)
    recounts: float = 0.4
    recount_s: Span = (1.0, 12.0)
    backs: float = 0.3
    back_s: Span = (1.0, 10.0)
    asks_anonymously: float = 0.3
    evaluates: float = 0.85
    stirs: float = 0.9
    stir_s: Span = (0.5, 5.0)
    stops: float = 0.1
    evaluate_s: Span = (1.0, 6.0)
    lingers_s: float = 90.0
    leaves_s: Span = (1.0, 15.0)
    moderates: bool = False

    def on_duty(self) -> Habits:
        """Of somebody who works there: speaks, and has no say."""
        return replace(self, votes=0.0, recounts=0.0, backs=0.0, evaluates=0.0)


ORDINARY: Final = Habits()


class Deeds:
    """What one guest does through a client.

    Attributes:
        did: what was granted, by kind.
        refused: what was not, by code.
    """

    def __init__(self, client: Client, guest: Guest, script: Script, dice: random.Random, habits: Habits) -> None:
        self._client, self._guest, self._script, self._dice, self._habits = client, guest, script, dice, habits
        self._mind = Mind(script, guest.affiliation, dice)
        self.people = guest.people
        self.did, self.refused = Counter[str](), Counter[str]()

    async def say(self, saying: Saying, in_s: float) -> None:
        """One line of the chatter, if its item is still on then. A group whose number has changed says so first."""
        item = self._client.state.one("now").get("item")
        await asyncio.sleep(in_s)
        if self._client.state.one("now").get("item") != item:
            return
        if saying.people != self.people and saying.people > 1:
            await self._count(saying.people)
        await self._ask("said", "chat.say", {"text": saying.text})

    async def ask(self, asking: Asking, in_s: float) -> None:
        """One question to the panel, if it takes any then."""
        await asyncio.sleep(in_s)
        if any(queue.get("open") for queue in self._client.state.every("queues").values()):
            anonymous = self._dice.random() < self._habits.asks_anonymously
            await self._ask("asked", "questions.ask", {"text": asking.text, "anonymous": anonymous})

    async def back(self, question: str) -> None:
        """Back what somebody else has asked."""
        await asyncio.sleep(self._dice.uniform(*self._habits.back_s))
        await self._ask("backed", "questions.back", {"question": question})

    async def stir(self, *, touched: bool) -> None:
        """Move the pointer, or turn the page a little, or sit still; the page tells which."""
        await asyncio.sleep(self._dice.uniform(*self._habits.stir_s))
        await self._client.ask("people.here", {"touched": touched})

    async def vote(self, poll: Object) -> None:
        """Answer a poll that was just opened; some change their mind."""
        await self._cast(poll, "voted", self._habits.vote_s)
        if self._dice.random() < self._habits.changes:
            await self._cast(poll, "changed", self._habits.change_s)

    async def _cast(self, poll: Object, what: str, span: Span) -> None:
        await asyncio.sleep(min(self._dice.uniform(*span), IN_TIME * left_s(poll.get("closes_at"))))
        name = str(poll["poll"])
        seen = self._client.state.every("polls").get(name, {})
        if seen.get("voting") == "open" and seen.get("round") == poll.get("round"):
            answer = self._mind.answer(poll)
            if answer not in (None, [], {}, ""):
                await self._ask(what, "polls.vote", {"poll": name, "answer": answer})

    async def recount(self) -> None:
        """Somebody has come or gone."""
        await asyncio.sleep(self._dice.uniform(*self._habits.recount_s))
        step = self._dice.choice((-2, -1, -1, 1, 1, 2))
        await self._count(min(max(self.people + step, SMALLEST), LARGEST))

    async def _count(self, people: int) -> None:
        if people != self.people:
            self.people = people
            name = named(self._guest.kind, people)
            await self._ask("recounted", "people.set", {"people": people, **({"name": name} if name else {})})

    async def evaluate(self, survey: str) -> None:
        """Fill in a form: saved in two or three steps, sent with the last one. Some stop half way."""
        given = list(self._mind.survey(survey).items())
        waves = self._dice.choice(WAVES)
        stops = self._dice.random() < self._habits.stops
        size = -(-len(given) // waves)
        for first in range(0, len(given), size or 1):
            await asyncio.sleep(self._dice.uniform(*self._habits.evaluate_s))
            final = first + size >= len(given)
            if final and stops and first:
                return
            part = dict(given[first : first + size])
            what = "evaluated" if final else "saved"
            await self._ask(what, "surveys.answer", {"survey": survey, "answers": part, **({"final": True} if final else {})})

    async def _ask(self, what: str, do: str, args: Object) -> Answer | None:
        with suppress(Gone, ValueError):  # sent away, or so much unanswered that one gives up
            answer = await self._client.ask(do, args)
            self.did[what] += answer.ok
            self.refused[answer.code] += not answer.ok
            return answer
        return None


def moment(text: Any) -> datetime | None:
    """A time of the wire; ``None`` for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def left_s(until: Any) -> float:
    """Seconds until a time of the wire; endless when there is none."""
    found = moment(until)
    return max((found - datetime.now(UTC)).total_seconds(), 0.0) if found else float("inf")
