"""A day's lanes with somebody who writes what is said in them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from conference.core.actor import Actor
from conference.core.event import Entry
from conference.core.faces import Viewer
from conference.core.ids import RandomIds
from conference.core.log import since
from streaming.captioning import WRITERS, Captioning, views
from tests.conference.days import DAY
from tests.streaming.houses import Studio, a_studio

ANNA, BO = (Actor(DAY, name, frozenset({"captioner"})) for name in ("anna", "bo"))


@dataclass
class Desk:
    """What the tests reach for."""

    studio: Studio
    captioning: Captioning

    async def writes(self, text: str, *, final: bool = True, by: Actor = ANNA, lane: str = "national") -> str:
        """A line as it reads now; returns its id."""
        done = await self.captioning.caption(by, text, final=final, lane=lane)
        return str((done.data or {}).get("line"))

    def later(self, seconds: float) -> None:
        """Time goes by."""
        self.studio.house.clock.wind(timedelta(seconds=seconds))

    async def state(self, lane: str = "national", roles: frozenset[str] = frozenset()) -> dict[str, Any]:
        """Captions as a viewer's fresh page has them."""
        async with self.studio.house.store.reading() as session:
            return await views.shared(session, DAY, Viewer("x", roles, lane))

    async def reads(self, lane: str = "national") -> list[str]:
        """What a viewer reads."""
        return [line["text"] for line in (await self.state(lane))["captions"]]

    async def turn(self, lane: str = "national") -> dict[str, Any]:
        """Whose turn it is: names by what they are."""
        found = next(one for one in (await self.state(roles=WRITERS))["turns"] if one["turn"] == lane)
        return {name: found[name]["person"] for name in ("writer", "ready", "wanted") if name in found}

    async def painted(self) -> list[str]:
        """What is being written, as the pictures have it."""
        async with self.studio.house.store.reading() as session:
            return [data["text"] for _, data in await views.unfinished(session, DAY, self.studio.house.clock.now())]

    async def told(self) -> list[Entry]:
        """All events of captions."""
        async with self.studio.house.store.reading() as session:
            return [entry for entry in await since(session, DAY, 0) if entry.event.name.startswith("captions.")]


@asynccontextmanager
async def a_desk(url: str, folder: Path) -> AsyncIterator[Desk]:
    """A live day without pictures."""
    async with a_studio(url, folder) as studio:
        await studio.house.create()
        await studio.house.programme.start(Actor(DAY, "olga", frozenset({"moderator"})))
        await studio.react()
        yield Desk(studio, Captioning(studio.house.store, studio.house.clock, RandomIds()))
