"""A day with two goals and three items, and the verbs of the way from needs to benefit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from conference.core.actor import Actor
from conference.core.clock import HandClock
from conference.core.ids import SeededIds
from conference.core.transaction import Transaction
from conference.followup import ActionDraft, Followup, NeedDraft, Owners, views
from conference.tables import Day, Item
from tests.conference.people.houses import DAY, House, a_house
from tests.conftest import NINE

ANNA = Actor(DAY, "anna", frozenset({"organizer"}))
GOALS = [{"id": "g1", "number": 1, "title": "Trygghet"}, {"id": "g2", "number": 2, "title": "Tillsammans"}]


@dataclass
class Loop:
    """What the tests reach for."""

    house: House
    followup: Followup
    owners: Owners
    clock: HandClock
    made: list[str] = field(default_factory=list)

    async def need(self, statement: str = "Mer tid", **more: Any) -> str:
        """A need; its id."""
        return str(((await self.followup.write_need(ANNA, NeedDraft(statement, **more))).data or {})["need"])

    async def action(self, what: str = "En rutin", **more: Any) -> str:
        """An action; its id."""
        return str(((await self.followup.write_action(ANNA, ActionDraft(what, **more))).data or {})["action"])

    async def link(self, action: str) -> str:
        """The token of its owner's link."""
        return str(((await self.owners.make_link(ANNA, action)).data or {})["token"])

    async def seen(self) -> views.Loop:
        """All of it."""
        async with self.house.store.reading() as session:
            return await views.loop(session, DAY)

    async def told(self) -> list[str]:
        """What has happened, by name."""
        return [event.name for event in await self.house.events() if event.name.startswith("followup.")]


@asynccontextmanager
async def a_loop(url: str) -> AsyncIterator[Loop]:
    """The house with such a day."""
    times: dict[str, Any] = {"planned_starts_at": NINE, "planned_ends_at": NINE, "starts_at": NINE, "ends_at": NINE}
    async with a_house(url) as house:

        async def furnish(tx: Transaction) -> None:
            day = await tx.get(Day, DAY)
            tx.put(day.model_copy(update={"goals": GOALS}))
            for place, polls in enumerate((["p-ord"], [], ["p-glapp"]), start=1):
                about: dict[str, Any] = {"owner": "default", "kind": "lecture", "state": "upcoming", "polls": polls, "position": place}
                tx.put(
                    Item(
                        day=DAY,
                        item=f"i{place}",
                        kit_item=f"k{place}",
                        block="b1",
                        lane="national",
                        title=f"Inslag {place}",
                        **about,
                        **times,
                    )
                )

        await house.store.run(furnish)
        yield Loop(house, Followup(house.store, house.clock, SeededIds()), Owners(house.store, house.clock, SeededIds(7)), house.clock)
