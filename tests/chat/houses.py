"""A small house for the tests of the chat: a store with one live day and an open room."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from chat import Announcements, Chat, Moderation, views
from chat.events import ChatEdited, ChatHeld, ChatLetThrough, ChatRestored, ChatSaid
from conference.core.actor import Actor
from conference.core.bus import MemoryBus
from conference.core.clock import HandClock
from conference.core.event import Event
from conference.core.faces import Viewer
from conference.core.ids import SeededIds
from conference.core.log import LogHead, since
from conference.core.store import Store
from conference.core.transaction import Transaction
from conference.people.tables import Person
from conference.tables import Day, Region, Series
from tests.conftest import NINE
from tests.servers import empty_tables

DAY = "d"
OLGA = Actor(DAY, "olga", frozenset({"moderator"}))


def someone(person: str, lane: str = "national") -> Actor:
    """A participant."""
    return Actor(DAY, person, lane=lane, region=None if lane == "national" else lane)


@dataclass(frozen=True)
class House:
    """What the tests reach for."""

    store: Store
    chat: Chat
    moderation: Moderation
    announcements: Announcements
    clock: HandClock

    async def open(self, *rooms: str) -> None:
        """Open rooms, as a cue does."""
        await self.store.run(lambda tx: self.chat.opened(tx, DAY, rooms))

    async def close(self, *rooms: str) -> None:
        """Close rooms, as a cue does."""
        await self.store.run(lambda tx: self.chat.closed(tx, DAY, rooms))

    async def day_is(self, state: str) -> None:
        """Begin or end the day."""

        async def change(tx: Transaction) -> None:
            tx.put((await tx.get(Day, DAY)).model_copy(update={"state": state}))

        await self.store.run(change)

    async def is_there(self, person: str, *roles: str) -> None:
        """Somebody has joined."""

        async def join(tx: Transaction) -> None:
            tx.put(Person(day=DAY, person=person, joined_at=NINE, roles=list(roles)))

        await self.store.run(join)

    async def events(self) -> list[Event]:
        """Everything in the log."""
        async with self.store.reading() as session:
            return [entry.event for entry in await since(session, DAY, 0)]

    async def written(self) -> list[str]:
        """All words that the log holds."""
        return [
            event.text
            for event in await self.events()
            if isinstance(event, ChatSaid | ChatEdited | ChatHeld | ChatLetThrough | ChatRestored)
        ]

    async def texts(self, lane: str = "national", roles: Iterable[str] = ()) -> list[str]:
        """What a viewer reads."""
        return [message["text"] for message in (await self.state(lane, roles))["chat"]]

    async def own(self, person: str) -> list[dict[str, Any]]:
        """Somebody's own words that wait or were refused."""
        async with self.store.reading() as session:
            found = (await views.personal(session, DAY, [person])).get(person, {"held": {}})["held"]
        return [{"held": name, **fields} for name, fields in found.items()]

    async def state(self, lane: str = "national", roles: Iterable[str] = ()) -> dict[str, Any]:
        """The chat's part of the state."""
        async with self.store.reading() as session:
            return await views.shared(session, DAY, Viewer("x", frozenset(roles), lane))


async def a_day(tx: Transaction, day: str, people: Iterable[str] = ()) -> None:
    """A live day with nothing in its log, and who is there."""
    times: dict[str, Any] = {"planned_starts_at": NINE, "planned_ends_at": NINE, "starts_at": NINE, "ends_at": NINE}
    about: dict[str, Any] = {
        "series": "s",
        "kit": "k",
        "kit_version": 1,
        "kit_folder": "",
        "title": "Dagen",
        "timezone": "Europe/Stockholm",
    }
    tx.put(LogHead(day=day, epoch="e1", seq=0))
    tx.put(Series(series="s", title="Serien"))
    tx.put(Day(day=day, date=NINE.date(), join_code=f"code-{day}", state="live", **about, **times))
    for person in people:
        tx.put(Person(day=day, person=person, joined_at=NINE))
    for region in ("r-norrvik", "r-vastero"):
        tx.put(Region(day=day, region=region, name=region))


@asynccontextmanager
async def a_house(url: str) -> AsyncIterator[House]:
    """An empty database with one live day."""
    await empty_tables(url)
    clock = HandClock(NINE)
    async with Store.open(url, MemoryBus().publish) as store:
        await store.run(partial(a_day, day=DAY))
        ids = SeededIds()
        yield House(store, Chat(store, clock, ids), Moderation(store, clock, ids), Announcements(store, clock, ids), clock)
