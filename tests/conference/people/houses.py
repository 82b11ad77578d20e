"""A small house for the tests of people: a store with one day of two regions, and the service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.actor import Actor
from conference.core.bus import MemoryBus
from conference.core.clock import HandClock
from conference.core.event import Event
from conference.core.ids import SeededIds
from conference.core.log import LogHead, since
from conference.core.store import Store
from conference.core.transaction import Transaction
from conference.people import About, Beat, People, Phones, SignedIn, Span, Terms, token_hash, views
from conference.people.tables import Person
from conference.tables import Day, Region, Series
from tests.conftest import NINE
from tests.servers import empty_tables

DAY = "d"
HOUSE = Actor.house(DAY)


async def regions(session: AsyncSession, day: str) -> Mapping[str, str]:
    """As the programme reads them."""
    return {"r-norrvik": "Region Norrvik", "r-sundmark": "Region Sundmark"}


async def spans(session: AsyncSession, day: str) -> Sequence[Span]:
    """Two blocks of half an hour."""
    return [Span("b1", "common", "Öppning", "Opening", 0, 29), Span("b2", "regional", "Regionalt", None, 30, 59)]


@dataclass(frozen=True)
class House:
    """What the tests reach for."""

    store: Store
    people: People
    phones: Phones
    clock: HandClock

    async def joined(self, token: str, **about: Any) -> str:
        """Somebody joins with a new browser; the id of the person."""
        data = (await self.people.join(HOUSE, token, About(**about))).data
        assert data
        return str(data["person"])

    async def link(self, token: str, *roles: str, **terms: Any) -> None:
        """A link to the day."""
        await self.people.make_link(HOUSE, Terms("mail", frozenset(roles), **terms), token)

    async def follow(self, link: str, token: str, before: str | None = None) -> dict[str, Any]:
        """A browser comes by a link and gets a new token."""
        done = await self.people.use_link(HOUSE, token_hash(link), token, before)
        assert done.data
        return done.data

    async def watched(self, person: str, minutes: int, *, first: int = 0, alive: bool = True) -> None:
        """Somebody's screen is on, and unless it is silent, somebody is there."""
        await self.people.attend(Beat(DAY, person, first, first + minutes - 1, alive))

    async def by(self, token: str) -> Actor:
        """Who has the session, as the verbs see it."""
        found = await self.session(token)
        assert found
        return found.actor

    async def session(self, token: str) -> SignedIn | None:
        """Who has the session."""
        async with self.store.reading() as session:
            return await views.session_of(session, token)

    async def events(self) -> list[Event]:
        """Everything in the log."""
        async with self.store.reading() as session:
            return [entry.event for entry in await since(session, DAY, 0)]

    def wind(self, **by: float) -> None:
        """Let time pass."""
        self.clock.wind(timedelta(**by))


async def _anything(_tx: Transaction, _screen: Person) -> None:
    """Nobody has answered anything here."""


@asynccontextmanager
async def a_house(url: str) -> AsyncIterator[House]:
    """An empty database with one live day."""
    await empty_tables(url)
    times: dict[str, Any] = {"planned_starts_at": NINE, "planned_ends_at": NINE, "starts_at": NINE, "ends_at": NINE}
    about: dict[str, Any] = {
        "series": "s",
        "kit": "k",
        "kit_version": 1,
        "kit_folder": "",
        "title": "Dagen",
        "timezone": "Europe/Stockholm",
    }

    async def begin(tx: Transaction) -> None:
        tx.put(LogHead(day=DAY, epoch="e1", seq=0))
        tx.put(Series(series="s", title="Serien"))
        tx.put(Day(day=DAY, date=NINE.date(), join_code="482177", state="live", **about, **times))
        tx.put(Region(day=DAY, region="r-norrvik", name="Region Norrvik"))
        tx.put(Region(day=DAY, region="r-sundmark", name="Region Sundmark"))

    clock = HandClock(NINE)
    async with Store.open(url, MemoryBus().publish) as store:
        await store.run(begin)
        ids = SeededIds()
        yield House(store, People(store, clock, ids, Region), Phones(store, clock, ids, _anything), clock)
