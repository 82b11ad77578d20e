"""Many clients at once, for measuring: they come at a fixed rate, hear, vote when asked, and lose their lines together."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from web.crowd.answers import Mind
from web.crowd.census import Census, Diary, compare
from web.crowd.client import Client
from web.crowd.door import Door, NotLetIn, Who
from web.crowd.frames import Item, Welcome
from web.crowd.outbox import Answer, Gone
from web.crowd.script import Script
from web.crowd.timings import Timings

WELCOME_MOST_S: Final = 60.0  # then a client counts as one that did not come in
KEEPS: Final = frozenset[str]()  # of the state: what is measured comes by the news
LOOKS_S: Final = 0.05


@dataclass(eq=False)
class Beast:
    """One client of the herd.

    Attributes:
        diary: the places of its news, for the census.
        prompted_s: when it heard of each poll that opened.
        welcomed_s: when it was last welcomed.
        on_prompt: called when it hears that a poll is open.
    """

    client: Client
    diary: Diary
    prompted_s: dict[str, float] = field(default_factory=dict)
    welcomed_s: float = 0.0
    on_prompt: Callable[[Beast, Mapping[str, Any]], None] = lambda _beast, _poll: None

    @classmethod
    def of(cls, client: Client) -> Beast:
        """Listen to a client."""
        beast = cls(client, Diary(client.who.region, client.ledger))
        client.hears.append(beast.hear)
        client.welcomes.append(beast.welcome)
        return beast

    def hear(self, item: Item) -> None:
        """News."""
        if item.seq is not None:
            self.diary.places.append(item.seq)
        if item.type == "polls.opened":
            self.prompted_s.setdefault(str(item.data["poll"]), asyncio.get_running_loop().time())
            self.on_prompt(self, item.data)

    def welcome(self, _welcome: Welcome) -> None:
        """On a line."""
        self.welcomed_s = asyncio.get_running_loop().time()


@dataclass(eq=False)
class Voting:
    """Everybody votes in one poll.

    Attributes:
        poll: which one; ``None`` until one opens.
        within_s: each votes at a random moment within this time after hearing of it.
        votes: those who have heard of it.
    """

    poll: str | None
    within_s: float
    life: asyncio.TaskGroup
    votes: list[asyncio.Task[Answer | None]] = field(default_factory=list)
    first: asyncio.Event = field(default_factory=asyncio.Event)


class Herd:
    """All of them.

    Attributes:
        joins: how long ``POST /join`` took; ``welcomes`` from there to the state.
        failed: who did not come in, or was sent away: by code.
    """

    def __init__(self, door: Door, code: str, regions: Sequence[str], seed: int) -> None:
        self._door, self._code, self._regions = door, code, regions
        self._dice = random.Random(f"herd {seed}")  # noqa: S311  # repeatable is what it is for
        self._mind = Mind(Script.blank(), "", self._dice)
        self.beasts: list[Beast] = []
        self.joins, self.welcomes, self.failed = Timings(), Timings(), Counter[str]()
        self._voting: Voting | None = None

    async def come(self, people: int, rate: float, life: asyncio.TaskGroup) -> None:
        """Let *people* come, *rate* a second however long each takes, and wait until all are in or have failed."""
        start_s = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as coming:
            for n in range(people):
                await asyncio.sleep(max(start_s + n / rate - asyncio.get_running_loop().time(), 0))
                coming.create_task(self._come_in(n, life))

    async def _come_in(self, n: int, life: asyncio.TaskGroup) -> None:
        region = self._regions[n % len(self._regions)] if self._regions else None
        client = Client(self._door, Who(region=region), keep=KEEPS, turn=n)
        loop, beast = asyncio.get_running_loop(), Beast.of(client)
        began_s = loop.time()
        try:
            await client.join(self._code)
        except NotLetIn as no:
            self.failed[no.code or f"status {no.status}"] += 1
            return
        self.joins.add(loop.time() - began_s)
        began_s = loop.time()
        staying, welcomed = life.create_task(self._stay(client)), life.create_task(client.welcomed.wait())
        await asyncio.wait({staying, welcomed}, timeout=WELCOME_MOST_S, return_when=asyncio.FIRST_COMPLETED)
        if welcomed.done():
            self.welcomes.add(loop.time() - began_s)
            beast.on_prompt = self._prompted
            self.beasts.append(beast)
        else:
            welcomed.cancel()
            client.leave()
            self.failed["no welcome"] += not staying.done()

    async def _stay(self, client: Client) -> None:
        if why := await client.stay():
            self.failed[str(why)] += 1

    def vote_in(self, voting: Voting) -> None:
        """From now on everybody votes who hears that this poll is open."""
        self._voting = voting

    def _prompted(self, beast: Beast, poll: Mapping[str, Any]) -> None:
        voting = self._voting
        if voting is not None and voting.poll in {None, poll["poll"]}:
            voting.poll = str(poll["poll"])
            voting.first.set()
            voting.votes.append(voting.life.create_task(self._vote(beast, poll, self._dice.uniform(0, voting.within_s))))

    async def _vote(self, beast: Beast, poll: Mapping[str, Any], in_s: float) -> Answer | None:
        await asyncio.sleep(in_s)
        try:
            return await beast.client.ask("polls.vote", {"poll": poll["poll"], "answer": self._mind.answer(poll)})
        except Gone:
            return None

    async def all_prompted(self, poll: str, most_s: float) -> list[float]:
        """When each heard that a poll is open; waits until all have, or for this long."""
        end_s = asyncio.get_running_loop().time() + most_s
        while True:
            heard = [beast.prompted_s[poll] for beast in self.beasts if poll in beast.prompted_s]
            if len(heard) == len(self.beasts) or asyncio.get_running_loop().time() > end_s:
                return heard
            await asyncio.sleep(LOOKS_S)

    async def storm(self, within_s: float, most_s: float) -> dict[str, Any]:
        """Tear every line within this time, and wait until all are back."""
        loop = asyncio.get_running_loop()
        before = {beast: (beast.client.counts.recovered, beast.client.counts.afresh) for beast in self.beasts}
        torn: dict[Beast, float] = {}
        start_s = loop.time()
        for n, beast in enumerate(self.beasts):
            await asyncio.sleep(max(start_s + within_s * n / len(self.beasts) - loop.time(), 0))
            torn[beast] = loop.time()
            beast.client.reset()
        while (out := self._out(torn)) and loop.time() - start_s < most_s:  # noqa: ASYNC110  # thousands of events to wait for
            await asyncio.sleep(LOOKS_S)
        back = [beast for beast in self.beasts if beast not in out]
        took = Timings(beast.welcomed_s - torn[beast] for beast in back)
        return {
            "torn": len(torn),
            "within_s": within_s,
            "back": len(back),
            "back_ms": took.report(),
            "all_back_s": round(max((beast.welcomed_s for beast in back), default=start_s) - start_s, 3) if not out else None,
            "recovered": sum(beast.client.counts.recovered - before[beast][0] for beast in self.beasts),
            "afresh": sum(beast.client.counts.afresh - before[beast][1] for beast in self.beasts),
        }

    @staticmethod
    def _out(torn: Mapping[Beast, float]) -> set[Beast]:
        return {beast for beast, at_s in torn.items() if beast.welcomed_s <= at_s or not beast.client.welcomed.is_set()}

    def census(self) -> Census:
        """Whether all heard the same."""
        return compare(beast.diary for beast in self.beasts)

    def leave(self) -> None:
        """All go."""
        for beast in self.beasts:
            beast.client.leave()
