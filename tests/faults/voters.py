"""The oracle of all faults: people who vote, change their minds and talk over real sockets, and keep account of what they were promised.

Whatever is broken meanwhile, at the end promises = receipts = tally = ballots in the database, and everybody heard every word once.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
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

OPTIONS: Final = ("o1", "o2", "o3")
VOTES_MOST: Final = 9  # of one person; everybody has another number, so that at any moment many have voted for the last time
TALKS: Final = 5  # every fifth also says something
BACK_MOST_S: Final = 60.0


@dataclass(eq=False)
class Electorate:
    """Some hundred people and one poll.

    Attributes:
        promised: the last answer of each that was acknowledged, and the receipt for it.
        acknowledged: votes.
        resent: those that were asked more than once.
        said: places of the words that were acknowledged.
    """

    herd: Herd
    staff: Staff
    poll: str
    promised: dict[Beast, tuple[str, str]] = field(default_factory=dict)
    acknowledged: int = 0
    resent: int = 0
    said: list[int] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def votes(self) -> int:
        """How many votes all of them give."""
        return sum(1 + n % VOTES_MOST for n in range(len(self.herd.beasts)))

    async def vote(self, within_s: float) -> None:
        """Everybody votes one to nine times within this time, and some talk. Returns when all of it is acknowledged."""
        dice = random.Random("burst")
        async with asyncio.TaskGroup() as all_of_them:
            for n, beast in enumerate(self.herd.beasts):
                moments = sorted(dice.uniform(0, within_s) for _ in range(1 + n % VOTES_MOST))
                all_of_them.create_task(self._vote(beast, n, moments))
                if n % TALKS == 0:
                    all_of_them.create_task(self._talk(beast, dice.uniform(0, within_s)))

    async def _vote(self, beast: Beast, n: int, moments: list[float]) -> None:
        loop = asyncio.get_running_loop()
        start_s = loop.time()
        for turn, at_s in enumerate(moments):
            await asyncio.sleep(max(0.0, start_s + at_s - loop.time()))
            option = OPTIONS[(n + turn) % len(OPTIONS)]
            self.heed(beast, option, await beast.client.ask("polls.vote", {"poll": self.poll, "answer": [option]}, tries=50))

    async def _talk(self, beast: Beast, in_s: float) -> None:
        await asyncio.sleep(in_s)
        answer = await beast.client.ask("chat.say", {"text": "Hej från oss"}, tries=50)
        if answer.ok and answer.seq:
            self.said.append(answer.seq)
        else:
            self.refused[answer.code] += 1

    def heed(self, beast: Beast, option: str, answer: Answer) -> None:
        """Keep account of what somebody was promised for a vote."""
        if answer.ok:
            receipt = str(answer.data["receipt"])
            assert self.promised.get(beast, ("", receipt))[1] == receipt  # whoever changes an answer keeps the receipt
            self.promised[beast] = (option, receipt)
            self.acknowledged += 1
            self.resent += answer.sends > 1
        else:
            self.refused[answer.code] += 1

    async def until_acknowledged(self, votes: int, most_s: float = BACK_MOST_S) -> None:
        """In the middle of it."""
        async with asyncio.timeout(most_s):
            while self.acknowledged < votes:  # looks are cheaper than an event for each
                await asyncio.sleep(0.005)

    async def voting(self) -> str:
        """How the poll stands now."""
        state = await self._state()
        return str(state["voting"])

    async def tally(self) -> dict[str, Any]:
        """The poll's result as staff sees it now."""
        found: dict[str, Any] = (await self._state())["tally"]
        return found

    async def _state(self) -> dict[str, Any]:
        assert self.staff.session
        found = await self.staff.door.state(self.staff.session)
        polls: list[dict[str, Any]] = msgspec.json.decode(found["polls"])
        return next(poll for poll in polls if poll["poll"] == self.poll)

    async def all_back(self) -> None:
        """Everybody is on a line again and has heard all that was said."""
        async with asyncio.timeout(BACK_MOST_S):
            while not all(one.client.welcomed.is_set() and one.client.ledger.upto >= max(self.said) for one in self.herd.beasts):
                await asyncio.sleep(0.02)

    async def check(self, database: str) -> None:
        """Close the poll; all four counts are one, and nobody missed a word or heard one twice."""
        await self.all_back()
        assert await self.voting() == "open"
        assert (await self.staff.ask("polls.close", {"poll": self.poll})).ok
        tally = await self.tally()
        assert dict(self.refused) == {}
        assert self.acknowledged == self.votes
        assert tally["counts"] == {option: Counter(one for one, _ in self.promised.values())[option] for option in OPTIONS}
        assert tally["n"] == len(self.promised) == len({receipt for _, receipt in self.promised.values()}) == len(self.herd.beasts)
        assert await ballots(database, self.poll) == len(self.promised)
        self.check_words()

    def check_words(self) -> None:
        """Nobody missed a word or heard one twice, and nobody needed a new state for that."""
        census = self.herd.census()
        assert (census.lost, census.doubled, census.gaps) == (0, 0, 0)
        assert len(self.said) == len(set(self.said)) > 0
        for beast in self.herd.beasts:
            assert set(self.said) <= set(beast.diary.places)
            assert len(beast.diary.places) == len(set(beast.diary.places))
            assert beast.client.counts.afresh == 1
        assert +self.herd.failed == Counter()


@asynccontextmanager
async def electorate(running: Samsyn, people: int) -> AsyncIterator[Electorate]:
    """People on a live day with an open poll and an open chat."""
    async with Door(running.url, local_sources(running.url, people)) as door, asyncio.TaskGroup() as life:
        staff = Staff(door)
        await staff.enter(running.link("moderator"))
        life.create_task(staff.stay())
        made = await staff.ask("polls.make", {"kind": "choice", "title": "Hur blir det?", "options": ["Bra", "Bättre", "Bäst"]})
        all_of_them = Electorate(Herd(door, str(running.told["join_code"]), (), seed=1), staff, str(made.data["poll"]))
        for do, args in (("polls.open", {"poll": all_of_them.poll}), ("rundown.go", {})):  # the first cue opens the chat
            assert (await staff.ask(do, args)).ok
        await all_of_them.herd.come(people, 150, life)
        assert len(all_of_them.herd.beasts) == people
        yield all_of_them
        all_of_them.herd.leave()
        staff.leave()


async def ballots(database: str, poll: str) -> int:
    """How many ballots of a poll the database holds."""
    engine = create_async_engine(database)
    try:
        async with engine.connect() as connection:
            counted = await connection.execute(text("select count(*) from ballot where box like :box"), {"box": f"%/{poll}/1"})
            return int(counted.scalar_one())
    finally:
        await engine.dispose()
