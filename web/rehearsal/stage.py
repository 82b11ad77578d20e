"""Where a day is rehearsed: the real services and the real run-of-show on a copy, and a clock that is wound as fast as one wants."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Final

import msgspec
from sqlmodel import col, select

from conference.core.actor import Actor
from conference.core.bus import MemoryBus
from conference.core.clock import HandClock, SystemClock
from conference.core.event import Entry
from conference.core.ids import RandomIds
from conference.core.reactor import Reactions, Reactor
from conference.core.store import Store
from conference.library import folder_of
from conference.rundown import Conductor
from conference.rundown.events import CueGiven, CueSkipped
from conference.tables import Day, Item, Region
from polls.ballots import Box
from streaming import MediaClient
from web import beside, bootstrap, gaps
from web.crowd.script import Script
from web.rehearsal.audience import Audience, Services
from web.rehearsal.copying import copy_day
from web.rehearsal.findings import Played, found
from web.rehearsal.progress import Progress, Wanted
from web.services import services
from web.settings import Settings

PULSE_S: Final = 60.0  # of the day's own time: how far the clock is wound at most in one go; cues are never late by it
TOGETHER_S: Final = 5.0  # what people do within so long of each other is done at once
LATEST: Final = timedelta(hours=3)  # a day that is so much longer than planned does not end by itself
TELLS_EVERY_S: Final = 1.0
NOWHERE: Final = "http://127.0.0.1:9"  # the media process of a rehearsal: nobody watches, so nothing is asked of it

Telling = Callable[[Progress], None]


async def rehearse(chosen: Settings, wanted: Wanted, tell: Telling) -> Progress:
    """Play a day on a copy from its beginning to its end, and say what is missing. The day is only read.

    Args:
        tell: is told about once a second how far it has come.

    Raises:
        NotThere: there is no such installation or day.
    """
    async with beside.store_of(chosen) as store:
        await beside.must_know(store, wanted.day)
        async with store.reading() as session:
            prepared = await gaps.read(session, wanted.day)
    with tempfile.TemporaryDirectory(prefix="samsyn-rehearsal-", ignore_cleanup_errors=True) as folder:
        alone = {"database_url": None, "redis_url": None, "media_url": None, "secret_file": None}
        copy = chosen.model_copy(update={"data_dir": Path(folder), **alone})
        await copy_day(chosen.database, wanted.day, copy.database)
        heard: list[Entry] = []
        async with Store.open(copy.database, heard.extend) as store:
            stage = await _Stage.built(store, heard, copy, wanted)
            await stage.audience.arrive(wanted.day, max(wanted.people, len(stage.regions) + 1), stage.regions)
            return await stage.play(tell, gaps.on_disk(prepared, folder_of(stage.kit_folder, chosen.data_dir)))


@dataclass
class _Stage:
    """One rehearsal."""

    wanted: Wanted
    store: Store
    clock: HandClock
    parts: SimpleNamespace
    reactions: list[Reactions]
    reactor: Reactor
    played: Played
    heard: list[Entry]
    regions: list[str]
    ends_at: datetime
    kit_folder: str
    audience: Audience
    _seen: int = 0
    _done: set[str] = field(default_factory=set)

    @classmethod
    async def built(cls, store: Store, heard: list[Entry], copy: Settings, wanted: Wanted) -> _Stage:
        """Everything but the people, at the moment when the day is planned to begin."""
        async with store.reading() as session:
            day = (await session.exec(select(Day))).one()
            regions = list(await session.exec(select(Region.region).order_by(col(Region.position))))
        clock, played = HandClock(day.planned_starts_at), Played()
        box = Box(copy.keys, RandomIds())
        parts = services(store, clock, RandomIds(), box, MediaClient(NOWHERE, ""), copy)
        audience = Audience(
            Services(parts["people"], parts["polls"], parts["surveys"], parts["chat"], parts["questions"]), _script(day, copy)
        )
        return cls(
            wanted=wanted,
            store=store,
            clock=clock,
            parts=SimpleNamespace(**parts),
            reactions=bootstrap.reactions_of(parts),
            reactor=Reactor(store, MemoryBus(), played.refused),
            played=played,
            heard=heard,
            regions=regions,
            ends_at=day.planned_ends_at,
            kit_folder=day.kit_folder,
            audience=audience,
        )

    async def play(self, tell: Telling, prepared: gaps.Prepared) -> Progress:
        """From the first cue to the end of the day."""
        conductor = Conductor(self.store, self.clock, self.parts.rundown, pulse_s=PULSE_S)
        await self.parts.programme.start(Actor.house(self.wanted.day))
        loop, told_s = asyncio.get_running_loop(), 0.0
        while not self._over() and self.clock.now() < self.ends_at + LATEST:
            nap_s = await conductor.beat()
            await self._follow()
            if loop.time() - told_s >= TELLS_EVERY_S:
                told_s = loop.time()
                tell(self._progress("playing", prepared))
            await self._pass(nap_s)
        await self._follow()
        self.played.ended = self._over()
        async with self.store.reading() as session:
            self.played.items = list(await session.exec(select(Item).order_by(col(Item.position))))
        self.played.asked, self.played.answered = self.audience.asked, self.audience.answered
        return self._progress("done", prepared, tuple(found(prepared, self.played)))

    async def _follow(self) -> None:
        """Let features react to what happened, people hear of it and act, and what is due be closed, until nothing comes of it."""
        while True:
            fresh, self._seen = self.heard[self._seen :], len(self.heard)
            if fresh:
                self.played.heard(entry.event for entry in fresh)
                self._done |= {entry.event.cue for entry in fresh if isinstance(entry.event, CueGiven | CueSkipped)}
                self.audience.heard(fresh)
                for feature in (self.parts.polls, self.parts.surveys):
                    feature.heard(fresh)
                for entry in fresh:
                    for reactions in self.reactions:
                        await self.reactor.react(reactions, [entry])
            await self.audience.act(self.clock.now())
            for feature in (self.parts.polls, self.parts.surveys):
                for day in await feature.due():
                    await feature.close_due(Actor.house(day))
            if len(self.heard) == self._seen:
                return

    async def _pass(self, nap_s: float) -> None:
        """Let time pass until something is due, at the wanted speed."""
        due_at = self.audience.next_at
        if due_at is not None:
            nap_s = min(nap_s, max(TOGETHER_S, (due_at - self.clock.now()).total_seconds()))
        self.clock.wind(timedelta(seconds=nap_s))
        await asyncio.sleep(nap_s / self.wanted.speed if self.wanted.speed else 0)

    def _over(self) -> bool:
        return any(entry.event.name == "day.ended" for entry in self.heard[-50:])

    def _progress(self, state: str, prepared: gaps.Prepared, missing: tuple[gaps.Gap, ...] = ()) -> Progress:
        on = next((entry.event for entry in reversed(self.heard) if entry.event.name == "rundown.item_started"), None)
        item = prepared.items.get(getattr(on, "item", ""))
        return Progress(
            day=self.wanted.day,
            state=state,
            speed=self.wanted.speed,
            written_at=SystemClock().now(),
            at=self.clock.now(),
            item=item.title if item else "",
            given=len(self._done),
            cues=len(prepared.cues),
            people=self.audience.count,
            did=dict(self.audience.did),
            refused=dict(self.audience.refused),
            gaps=missing,
        )


def _script(day: Day, copy: Settings) -> Script:
    """What people say and think; a kit without it has people who answer by lot."""
    with suppress(OSError, msgspec.DecodeError):  # a kit's chatter is for demos: when it has none, the day itself can be played
        return Script.read(folder_of(day.kit_folder, copy.data_dir))
    return Script.blank()
