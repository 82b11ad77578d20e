"""Votes under everything at once: lines are cut at random, servers die, and every vote is sent again and again over socket and POST.

What `voters.Electorate` has promised is held against all that keeps account of it: the answers of the tally, the receipts in the ledger,
the seal in the audit chain, which here is made a second time from what the voters themselves were told.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx2
import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from polls.ballots import seal
from tests.faults.voters import OPTIONS, Electorate
from tests.running import ROOT, Samsyn
from web.crowd.herd import Beast

VOTES_MOST: Final = 3  # of one person: two changes of mind
SENDS_MOST: Final = 5  # of one vote, over both ways
LATE_MOST_S: Final = 4.0  # the last copy of a vote; another vote may have been given since
CUTS_PER_S: Final = 12.0
TORN: Final = 0.1  # of all votes lose their line in the moment they are asked, before any server can have answered
POSTS_AT_ONCE: Final = 50
CLOSES_IN_S: Final = 600  # long after the test: a poll that closes by its clock is not what this is about


@dataclass(eq=False)
class Chaos:
    """A poll, its voters, and what happened to them.

    Attributes:
        answered: copies of votes that came through by POST, by HTTP status; a status of 0 is no answer at all.
        strangers: copies that were answered by another receipt than the vote itself; there may be none.
        cuts: lines torn from outside.
    """

    crowd: Electorate
    http: httpx2.AsyncClient
    address: str
    answered: Counter[int] = field(default_factory=Counter)
    strangers: list[tuple[str, str]] = field(default_factory=list)
    cuts: int = 0

    @property
    def votes(self) -> int:
        """How many votes all of them give."""
        return sum(1 + n % VOTES_MOST for n in range(len(self.crowd.herd.beasts)))

    async def vote(self, within_s: float) -> None:
        """Everybody votes and changes the vote, while lines are torn; returns when all of it is answered, the late copies too."""
        dice = random.Random("chaos")
        cutting = asyncio.create_task(self._cut(dice))
        try:
            async with asyncio.TaskGroup() as all_of_them:
                for n, beast in enumerate(self.crowd.herd.beasts):
                    moments = sorted(dice.uniform(0, within_s) for _ in range(1 + n % VOTES_MOST))
                    all_of_them.create_task(self._person(beast, n, moments, random.Random(f"copies {n}")))
        finally:
            cutting.cancel()

    async def _person(self, beast: Beast, n: int, moments: list[float], dice: random.Random) -> None:
        loop, copies = asyncio.get_running_loop(), set[asyncio.Task[str]]()
        start_s = loop.time()
        for turn, at_s in enumerate(moments):
            await asyncio.sleep(max(0.0, start_s + at_s - loop.time()))
            wish, option = str(uuid4()), OPTIONS[(n + turn) % len(OPTIONS)]
            args = {"poll": self.crowd.poll, "answer": [option]}
            mine = {
                loop.create_task(self._copy(beast, {"id": wish, "do": "polls.vote", "args": args}, dice.uniform(0, LATE_MOST_S)))
                for _ in range(dice.randrange(SENDS_MOST))
            }
            asked = loop.create_task(beast.client.ask("polls.vote", args, tries=50, wish_id=wish))
            if dice.random() < TORN:
                await asyncio.sleep(0)  # it is on its way
                self.reset(beast)
            self.crowd.heed(beast, option, await asked)
            copies |= mine
        receipt = self.crowd.promised[beast][1]
        for copy in copies:
            if await copy not in {"", receipt}:
                self.strangers.append((receipt, copy.result()))

    async def _copy(self, beast: Beast, wish: dict[str, Any], in_s: float) -> str:
        """The same wish once more by POST; the receipt that it is answered with, or nothing when it did not come through."""
        await asyncio.sleep(in_s)
        assert beast.client.session
        try:
            answer = await self.http.post(self.address, json=wish, headers={"Cookie": beast.client.session.cookie})
        except httpx2.TransportError:
            self.answered[0] += 1
            return ""
        self.answered[answer.status_code] += 1
        return str(answer.json()["data"]["receipt"]) if answer.status_code == 200 else ""

    async def _cut(self, dice: random.Random) -> None:
        while True:
            await asyncio.sleep(dice.expovariate(CUTS_PER_S))
            self.reset(dice.choice(self.crowd.herd.beasts))

    def reset(self, beast: Beast) -> None:
        """Tear somebody's line."""
        beast.client.reset()
        self.cuts += 1

    async def check(self, database: str) -> Ledger:
        """Close the poll: count = voters, and promises and ledger hold the same receipts, each with the answer that its voter gave last."""
        crowd = self.crowd
        people, poll = len(crowd.herd.beasts), crowd.poll
        assert await crowd.voting() == "open"
        assert (await crowd.staff.ask("polls.close", {"poll": poll})).ok
        tally = await crowd.tally()
        ledger = await Ledger.of(database, poll)
        promised = {receipt: json.dumps([option]) for option, receipt in crowd.promised.values()}
        assert dict(crowd.refused) == {}
        assert set(self.answered) <= {0, 200, 429, 503}
        assert self.strangers == []
        assert crowd.acknowledged == self.votes
        assert len(crowd.promised) == len(promised) == people
        assert ledger.ballots == promised
        assert ledger.rows == people
        assert {name: ledger.sealed[name] for name in ("ballots", "receipts_sha256", "answers_sha256")} == seal(list(promised.items()))
        assert tally["n"] == sum(tally["counts"].values()) == people
        assert tally["counts"] == {option: list(promised.values()).count(json.dumps([option])) for option in OPTIONS}
        assert +crowd.herd.failed == Counter()
        return ledger

    def told(self) -> dict[str, int]:
        """What was done to them, in numbers."""
        copies = {"copies": self.answered.total(), "copies_through": self.answered[200], "copies_lost": self.answered[0]}
        return {"votes": self.crowd.acknowledged, "resent": self.crowd.resent, "cuts": self.cuts, **copies}


@dataclass(frozen=True)
class Ledger:
    """What the database holds of one round of a poll.

    Attributes:
        ballots: receipt -> answer as stored.
        rows: how many ballots, should two have one receipt.
        sealed: what the audit chain says of them.
    """

    ballots: dict[str, str]
    rows: int
    sealed: dict[str, Any]

    @classmethod
    async def of(cls, database: str, poll: str) -> Ledger:
        """Read with nobody's help."""
        engine = create_async_engine(database)
        try:
            async with engine.connect() as connection:
                wanted = text("select receipt, answer from ballot where box like :box")
                rows = (await connection.execute(wanted, {"box": f"%/{poll}/1"})).all()
                notes = (await connection.execute(text("select note from audit where did = 'ballots.sealed'"))).scalars()
                sealed = [note for one in notes if (note := msgspec.json.decode(one))["poll"] == poll]
        finally:
            await engine.dispose()
        return cls({row.receipt: row.answer for row in rows}, len(rows), sealed[0])


@asynccontextmanager
async def chaos(running: Samsyn, crowd: Electorate) -> AsyncIterator[Chaos]:
    """These people, who besides their sockets have a way for POST."""
    assert (await crowd.staff.ask("polls.extend", {"poll": crowd.poll, "seconds": CLOSES_IN_S})).ok
    limits = httpx2.Limits(max_connections=POSTS_AT_ONCE, max_keepalive_connections=POSTS_AT_ONCE)
    headers = {"Origin": running.url, "Accept": "application/json"}
    no_jar = CookieJar(DefaultCookiePolicy(allowed_domains=()))  # each copy brings its voter's own
    async with httpx2.AsyncClient(limits=limits, headers=headers, cookies=no_jar, timeout=20, trust_env=False) as http:
        yield Chaos(crowd, http, f"{running.day}/wishes")


def recounted(running: Samsyn, folder: Path, **environment: str) -> dict[str, Any]:
    """What the auditor's command says of the whole day."""
    command = [sys.executable, "-m", "web.cli", "recount", str(running.told["day"]), "--data-dir", str(folder), "--json"]
    ended = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, (ended.stdout, ended.stderr)
    found: dict[str, Any] = json.loads(ended.stdout)
    return found
