"""The simulated people of a rehearsal: they sit in every region, answer what they are asked in the time that people need, and talk."""

from __future__ import annotations

import asyncio
import heapq
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import msgspec

from chat import Chat
from chat.events import RoomOpened
from chat.questions import Asked, Questions
from chat.questions.events import QueueOpened
from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.core.event import Entry
from conference.people import NATIONAL, About, People, token_hash
from polls import Polls
from polls.events import PollOpened
from polls.kinds import Question
from polls.surveys import Surveys
from polls.surveys.events import SurveyOpened
from polls.views import face_of
from web.crowd.answers import Mind
from web.crowd.people import guests
from web.crowd.script import Script

READS_S: Final = (5.0, 20.0)  # how long somebody takes to read a question and answer it on a telephone
FILLS_IN_S: Final = (40.0, 180.0)  # a form
SPEAKS_S: Final = (10.0, 240.0)  # before the first words in a room that has opened
GREETING: Final = "Hej från oss!"
QUESTION: Final = "Hur kommer vi i gång?"
COUNTRY: Final = "country"

Deed = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Services:
    """What people use."""

    people: People
    polls: Polls
    surveys: Surveys
    chat: Chat
    questions: Questions


@dataclass(order=True)
class _Due:
    at: datetime
    number: int
    do: Deed = field(compare=False)
    name: str = field(compare=False)


@dataclass(frozen=True)
class _Guest:
    actor: Actor
    mind: Mind


@dataclass
class Audience:
    """Everybody who is there.

    Attributes:
        did: how often they did something, ``vote``; ``refused`` the same by the code of why not.
        asked: for each poll that was opened, how many were asked; ``answered``, how many answered.
    """

    services: Services
    script: Script
    did: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    asked: dict[str, int] = field(default_factory=dict)
    answered: Counter[str] = field(default_factory=Counter)
    _guests: list[_Guest] = field(default_factory=list)
    _due: list[_Due] = field(default_factory=list)
    _dice: random.Random = field(default_factory=lambda: random.Random("rehearsal"))  # noqa: S311  # the same each time

    async def arrive(self, day: str, count: int, regions: Sequence[str]) -> None:
        """Come in: some of those without a region, the others spread over all."""
        lanes = [None, *regions]
        turns = {guest.number: guest for guest in guests(self.script, count, seed=1, regions=regions)}
        for number in range(count):
            guest, region = turns[number], lanes[number % len(lanes)]
            about = About(guest.who.name, region, guest.people, guest.affiliation)
            done = await self.services.people.join(Actor.house(day), token_hash(f"rehearsal {number}"), about)
            assert done.data
            actor = Actor(day, str(done.data["person"]), lane=region or NATIONAL, region=region, affiliation=guest.affiliation)
            self._guests.append(_Guest(actor, Mind(self.script, guest.affiliation, random.Random(number))))  # noqa: S311  # see above

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self._guests)

    @property
    def next_at(self) -> datetime | None:
        """When somebody does something next."""
        return self._due[0].at if self._due else None

    def heard(self, entries: Sequence[Entry]) -> None:
        """What has happened; whatever comes of it comes later."""
        for entry in entries:
            match entry.event:
                case PollOpened() as opened:
                    self._asked(opened)
                case SurveyOpened() as opened:
                    for guest in self._guests:
                        self._soon(opened.at, FILLS_IN_S, "rate" if opened.item else "answer", partial(self._fill_in, guest, opened.survey))
                case RoomOpened() as room:
                    self._one_of(room.room, room.at, "say", lambda by: self.services.chat.say(by, GREETING, room=by.lane))
                case QueueOpened() as queue:
                    self._one_of(queue.queue, queue.at, "ask", lambda by: self.services.questions.ask(by, Asked(QUESTION)))

    async def act(self, now: datetime) -> None:
        """Do what is due, all of it at once: votes are cast in groups."""
        due = []
        while self._due and self._due[0].at <= now:
            due.append(heapq.heappop(self._due))
        async with asyncio.TaskGroup() as together:
            for one in due:
                together.create_task(self._do(one))

    async def _do(self, due: _Due) -> None:
        try:
            await due.do()
        except Refused as refusal:
            self.refused[refusal.code] += 1
        else:
            self.did[due.name] += 1

    def _asked(self, opened: PollOpened) -> None:
        mine = [guest for guest in self._guests if opened.scope in (COUNTRY, guest.actor.lane)]
        self.asked[opened.poll] = len(mine)
        for guest in mine:
            self._soon(opened.at, READS_S, "vote", partial(self._vote, guest, opened))

    async def _vote(self, guest: _Guest, opened: PollOpened) -> None:
        question = msgspec.convert(opened.question, Question)
        answer = question.low or 0 if question.kind == "number" else guest.mind.answer({"poll": opened.poll, **face_of(question)})
        await self.services.polls.vote(guest.actor, opened.poll, answer)
        self.answered[opened.poll] += 1

    async def _fill_in(self, guest: _Guest, survey: str) -> None:
        if answers := guest.mind.survey(survey):
            await self.services.surveys.answer(guest.actor, survey, answers, final=True)

    def _one_of(self, lane: str, at: datetime, name: str, do: Callable[[Actor], Awaitable[Any]]) -> None:
        """Somebody who sits there does it."""
        by = next((one.actor for one in self._guests if one.actor.lane == lane), None)
        if by is not None:
            self._soon(at, SPEAKS_S, name, partial(do, by))

    def _soon(self, at: datetime, within_s: tuple[float, float], name: str, do: Deed) -> None:
        due_at = at + timedelta(seconds=self._dice.uniform(*within_s))
        heapq.heappush(self._due, _Due(due_at, self._dice.getrandbits(32), do, name))
