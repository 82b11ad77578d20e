"""A small house for the tests of questions: a store with one live day, somebody who takes part, and people who ask."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chat.questions import Asked, Questions, views
from conference.core.actor import Actor
from conference.core.bus import MemoryBus
from conference.core.clock import HandClock
from conference.core.errors import Refused
from conference.core.event import Event
from conference.core.faces import Viewer
from conference.core.ids import RandomIds
from conference.core.log import LogHead, since
from conference.core.store import Store
from conference.core.transaction import Transaction
from conference.people.tables import Person
from conference.tables import Contributor, Day, Region, Series
from tests.conftest import NINE
from tests.servers import empty_tables

DAY = "d"
OLGA = Actor(DAY, "olga", frozenset({"moderator"}))
NORRVIK = "r-norrvik"


def someone(person: str, lane: str = "national", *, people: int = 1, day: str = DAY) -> Actor:
    """A participant."""
    return Actor(day, person, lane=lane, region=None if lane == "national" else lane, people=people)


async def refusal(asking: Awaitable[object]) -> str:
    """The code that somebody is told."""
    try:
        await asking
    except Refused as refused:
        return refused.code
    return ""


@dataclass(frozen=True)
class House:
    """What the tests reach for."""

    store: Store
    questions: Questions
    clock: HandClock

    async def open(self, *lanes: str) -> None:
        """Take questions, as a cue does."""
        for lane in lanes:
            await self.questions.open(OLGA, lane)

    async def asked(self, by: Actor | str = "kim", text: str = "Varför?", **more: Any) -> str:
        """Ask; the id of the question."""
        done = await self.questions.ask(someone(by) if isinstance(by, str) else by, Asked(text, **more))
        assert done.data
        return str(done.data["question"])

    async def let_through(self, by: Actor | str = "kim", text: str = "Varför?", **more: Any) -> str:
        """Ask, and let it through."""
        question = await self.asked(by, text, **more)
        await self.questions.let_through(OLGA, question)
        return question

    async def backed(self, question: str, *persons: str, lane: str = "national") -> None:
        """Some people back it."""
        for person in persons:
            await self.questions.back(someone(person, lane), question)

    async def seen(self, question: str, person: str = "x", lane: str = "national", *roles: str) -> dict[str, Any] | None:
        """A question as somebody sees it, with what is their own."""
        async with self.store.reading() as session:
            found = (await views.shared(session, DAY, Viewer(person, frozenset(roles), lane)))["questions"]
            own = (await views.personal(session, DAY, [person])).get(person, {}).get("questions", {}).get(question, {})
        there: dict[str, Any] | None = next((one for one in found if one["question"] == question), None)
        return {**(there or {"question": question}), **own} if there or own else None

    async def for_staff(self, question: str) -> dict[str, Any]:
        """A question as moderators see it."""
        found = await self.seen(question, "olga", "national", "moderator")
        assert found
        return found

    async def events(self) -> list[Event]:
        """Everything in the log."""
        async with self.store.reading() as session:
            return [entry.event for entry in await since(session, DAY, 0)]

    async def day_is(self, state: str) -> None:
        """Begin or end the day."""

        async def change(tx: Transaction) -> None:
            tx.put((await tx.get(Day, DAY)).model_copy(update={"state": state}))

        await self.store.run(change)


async def begin(store: Store, day: str, code: str = "482177") -> None:
    """One live day."""
    times: dict[str, Any] = {"planned_starts_at": NINE, "planned_ends_at": NINE, "starts_at": NINE, "ends_at": NINE + timedelta(hours=1)}
    about: dict[str, Any] = {
        "series": "s",
        "kit": "k",
        "kit_version": 1,
        "kit_folder": "",
        "title": "Dagen",
        "timezone": "Europe/Stockholm",
    }

    async def rows(tx: Transaction) -> None:
        tx.put(LogHead(day=day, epoch="e1", seq=0))
        tx.put(Series(series="s", title="Serien"))
        tx.put(Day(day=day, date=NINE.date(), join_code=code, state="live", **about, **times))
        tx.put(Contributor(day=day, contributor="c-kommun", scope="national", role="Panelist", organisation="Kommun"))
        for lane, name in ((NORRVIK, "Region Norrvik"), ("r-vastero", "Region Västerö")):
            tx.put(Region(day=day, region=lane, name=name))
        for person, region in (("kim", None), ("lo", None), ("mo", NORRVIK), ("bo", NORRVIK)):
            tx.put(Person(day=day, person=person, region=region, roles=[], joined_at=NINE))

    await store.run(rows)


@asynccontextmanager
async def a_house(url: str) -> AsyncIterator[House]:
    """An empty database with one live day."""
    await empty_tables(url)
    clock = HandClock(NINE)
    async with Store.open(url, MemoryBus().publish) as store:
        await begin(store, DAY)
        yield House(store, Questions(store, clock, RandomIds()), clock)
