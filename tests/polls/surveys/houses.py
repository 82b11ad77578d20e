"""A small house for the tests of surveys: a day with the surveys of the national kit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from conference.core.actor import Actor
from conference.core.bus import MemoryBus
from conference.core.clock import HandClock
from conference.core.event import Event
from conference.core.faces import Viewer
from conference.core.ids import RandomIds
from conference.core.log import LogHead, since
from conference.core.store import Store
from conference.core.transaction import Transaction
from conference.library.kit import NATIONAL_KIT
from conference.tables import Item
from polls.ballots import Box
from polls.surveys import SurveyEditor, SurveyLetters, Surveys, views
from polls.surveys.kit import drafts
from polls.surveys.results import asked, written
from tests.conftest import NINE
from tests.polls.houses import DAY, a_live_day
from tests.servers import empty_tables

EVALUATION = "ev-deltagare"
SECTION: dict[str, Any] = msgspec.json.decode((NATIONAL_KIT / "evaluation.json").read_bytes())
GOALS = [{"id": "individual", "title": "Individen", "title_en": "The individual"}, {"id": "together", "title": "Tillsammans"}]


@dataclass(frozen=True)
class House:
    """What the tests reach for."""

    store: Store
    surveys: Surveys
    clock: HandClock
    keys: Path
    letters: SurveyLetters
    editor: SurveyEditor

    async def events(self) -> list[Event]:
        """Everything in the log."""
        async with self.store.reading() as session:
            return [entry.event for entry in await since(session, DAY, 0)]

    async def state(self, viewer: Viewer) -> list[dict[str, Any]]:
        """``surveys`` of the state."""
        async with self.store.reading() as session:
            surveys: list[dict[str, Any]] = (await views.shared(session, DAY, viewer))["surveys"]
            return surveys

    async def form(self, person: str | None = None, survey: str = EVALUATION) -> dict[str, Any]:
        """What the page of the survey shows."""
        async with self.store.reading() as session:
            form = await views.form(session, self.surveys.box, DAY, survey, Viewer(person or ""))
            assert form
            return form

    async def result(self) -> dict[str, Any]:
        """What the report says of the evaluation."""
        async with self.store.reading() as session:
            [result] = await asked(session, DAY)
            return dict(result)

    async def written(self) -> Any:
        """What the organizer may read of the evaluation."""
        async with self.store.reading() as session:
            return await written(session, DAY, EVALUATION)

    async def question(self, name: str) -> Any:
        """What the report says of one question."""
        return {question["question"]: question for question in (await self.result())["questions"]}[name]


async def begin(store: Store, day: str = DAY) -> None:
    """A day with the surveys of the kit."""

    async def put(tx: Transaction) -> None:
        tx.put(LogHead(day=day, epoch="e1", seq=0))
        a_live_day(tx, day)
        for survey in drafts(day, SECTION, {"goals": GOALS}):
            tx.put(survey)

    await store.run(put)


@asynccontextmanager
async def a_house(url: str, keys: Path) -> AsyncIterator[House]:
    """An empty database with one day."""
    await empty_tables(url)
    clock = HandClock(NINE)
    async with Store.open(url, MemoryBus().publish) as store:
        await begin(store)
        box = Box(keys, RandomIds())
        letters = SurveyLetters(store, clock, RandomIds(), box)
        yield House(store, Surveys(store, clock, RandomIds(), box), clock, keys, letters, SurveyEditor(store, clock, RandomIds()))


def an_item(name: str = "i1", day: str = DAY, *, lane: str = "national", kind: str = "lecture", block: str = "b1") -> Item:
    """An item of the programme that is over."""
    times: dict[str, Any] = {"planned_starts_at": NINE, "planned_ends_at": NINE, "starts_at": NINE, "ends_at": NINE}
    about: dict[str, Any] = {"kit_item": name, "block": block, "lane": lane, "owner": "default", "kind": kind, "title": f"Inslag {name}"}
    return Item(day=day, item=name, state="done", **about, **times)


def organizer(day: str = DAY) -> Actor:
    """Somebody who runs the day."""
    return Actor(day, "olga", frozenset({"organizer"}))
