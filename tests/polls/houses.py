"""A small house for the tests of polls: a store with one day, the service, and people who may vote."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conference.core.actor import Actor, Asked
from conference.core.bus import MemoryBus
from conference.core.clock import HandClock
from conference.core.event import Event
from conference.core.ids import RandomIds
from conference.core.log import LogHead, since
from conference.core.store import Store
from conference.core.transaction import Transaction
from conference.held_words import a_list
from conference.people import People, Phones
from conference.tables import Day, HeldWords, Region, Series
from polls import Moderating, Polls, views
from polls.ballots import Box
from polls.kinds import Option, Question
from polls.screens import AtScreens
from tests.conftest import NINE
from tests.servers import empty_tables

DAY = "d"
JA_NEJ = Question("q", "choice", "Ja eller nej?", options=(Option("ja", "Ja"), Option("nej", "Nej")))
STAFF = Actor(DAY, "olga", frozenset({"moderator"}))


@dataclass(frozen=True)
class House:
    """What the tests reach for."""

    store: Store
    polls: Polls
    clock: HandClock
    keys: Path
    people: People
    phones: Phones

    async def an_open_poll(self, question: Question = JA_NEJ, scope: str = "country") -> str:
        """Make a poll and open it."""
        made = await self.polls.make(STAFF, question, scope)
        assert made.data
        await self.polls.open(STAFF, made.data["poll"])
        return str(made.data["poll"])

    async def hold_words(self, *words: str, day: str = DAY) -> None:
        """The day's list of words is another, as the chat's moderators set it."""

        async def hold(tx: Transaction) -> None:
            held = a_list(words)
            write = await Moderating(self.store, self.clock).hold_words(tx, day, held)
            tx.put(HeldWords(day=day, words=held))
            await write(tx)

        await self.store.run(hold)

    async def events(self) -> list[Event]:
        """Everything in the log."""
        async with self.store.reading() as session:
            return [entry.event for entry in await since(session, DAY, 0)]

    async def state(self, viewer: Any) -> list[dict[str, Any]]:
        """``polls`` of the state."""
        async with self.store.reading() as session:
            polls: list[dict[str, Any]] = (await views.shared(session, DAY, viewer))["polls"]
            return polls


def someone(person: str, wish: str | None = None, *, body: str = "", day: str = DAY, region: str | None = None, **more: Any) -> Actor:
    """A participant who asks; *more* is what an `Actor` has besides."""
    asked = Asked(wish, "polls.vote", hashlib.sha256(body.encode()).hexdigest(), NINE) if wish else None
    return Actor(day, person, lane=region or "national", region=region, asked=asked, **more)


def a_live_day(tx: Transaction, day: str = DAY, state: str = "live") -> None:
    """The rows of a day on which one may ask and answer."""
    times: dict[str, Any] = {"planned_starts_at": NINE, "planned_ends_at": NINE, "starts_at": NINE, "ends_at": NINE}
    about: dict[str, Any] = {"kit": "k", "kit_version": 1, "kit_folder": "", "title": "Dagen", "timezone": "Europe/Stockholm"}
    code = f"{zlib.crc32(day.encode()) % 1_000_000:06d}"  # no two days have the same
    tx.put(Series(series="s", title="Serien"))
    tx.put(Day(day=day, series="s", date=NINE.date(), join_code=code, state=state, **about, **times))


async def day_is(store: Store, state: str, day: str = DAY) -> None:
    """The day comes into another state."""

    async def change(tx: Transaction) -> None:
        a_live_day(tx, day, state)

    await store.run(change)


@asynccontextmanager
async def a_house(url: str, keys: Path) -> AsyncIterator[House]:
    """An empty database with one day."""
    await empty_tables(url)
    clock = HandClock(NINE)

    async def begin(tx: Transaction) -> None:
        tx.put(LogHead(day=DAY, epoch="e1", seq=0))
        a_live_day(tx)
        for region in ("r-norrvik", "r-vastero", "r-stor"):
            tx.put(Region(day=DAY, region=region, name=region))

    async with Store.open(url, MemoryBus().publish) as store:
        await store.run(begin)
        ids, box = RandomIds(), Box(keys, RandomIds())
        settle = AtScreens(box).settle
        people, phones = People(store, clock, ids, Region, settle), Phones(store, clock, ids, settle)
        yield House(store, Polls(store, clock, ids, box), clock, keys, people, phones)
