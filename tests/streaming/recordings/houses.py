"""A whole day by a clock that is wound by hand, with lanes and recordings that follow it; and what ffmpeg makes of what it is given."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from conference.core.actor import Actor
from conference.core.bus import MemoryBus
from conference.core.clock import HandClock
from conference.core.ids import RandomIds
from conference.core.reactor import Reactor
from conference.tables import Item
from streaming import Following, Lanes, MediaClient, Origin, Packing
from streaming.captioning import Captioning
from streaming.captioning.reactions import reactions as captions_reactions
from streaming.reactions import reactions as lanes_reactions
from streaming.recordings import Archive, Recorded, Recordings, Workshop, views
from streaming.recordings.reactions import reactions
from streaming.recordings.tables import Recording
from tests.conference import days
from tests.conference.days import DAY, PLANNED
from tests.servers import lacking
from tests.streaming.houses import TOKEN, Studio

ORGANIZER = Actor(DAY, "olga", frozenset({"organizer"}))
SPEED = 40.0


@dataclass
class Shelves:
    """What the tests reach for."""

    studio: Studio
    archive: Archive
    recordings: Recordings
    workshop: Workshop
    captioning: Captioning

    async def react(self) -> None:
        """Let everything follow what has happened."""
        reactor = Reactor(self.studio.house.store, MemoryBus())
        for each in (lanes_reactions(self.studio.lanes), captions_reactions(self.captioning), reactions(self.recordings)):
            await reactor.catch_up(DAY, each)

    async def play(self, *, until: str = "day.ended") -> None:
        """Let the day run until something has happened; what follows from each cue follows at once."""
        house, conductor = self.studio.house, self.studio.house.conductor
        while not house.events(until):
            nap = await conductor.beat()
            await self.react()
            if not house.events(until):
                house.clock.wind(timedelta(seconds=nap))

    def later(self, **time: float) -> None:
        """Time goes by."""
        self.studio.house.clock.wind(timedelta(**time))

    async def rows(self, *, published: bool = False) -> dict[str, Recording]:
        """The recordings of the day, by id."""
        async with self.studio.house.store.reading() as session:
            return {row.recording: row for row in await views.recordings(session, DAY, published=published)}

    async def row(self, name: str) -> Recording:
        return (await self.rows())[name]

    async def items(self, row: Recording) -> list[Item]:
        async with self.studio.house.store.reading() as session:
            return await views.items(session, row)

    async def read(self, name: str) -> Recorded:
        return await self.archive.read(DAY, name)

    def seconds(self, row: Recording) -> float:
        """How long it was, as the run-of-show tells."""
        return (row.ends_at - row.begins_at).total_seconds()


@asynccontextmanager
async def some_shelves(
    url: str, folder: Path, media_url: str = "http://127.0.0.1:9", *, at: float | None = None, clock: HandClock | None = None
) -> AsyncIterator[Shelves]:
    """A house with recordings: empty, or as it stood at a time."""
    clock = clock or HandClock(PLANNED if at is None else datetime.fromtimestamp(at, UTC))
    async with days.a_house(url, fresh=at is None, clock=clock) as house, MediaClient(media_url, TOKEN) as media:
        lanes, following = Lanes(house.store, house.clock), Following(media, house.clock)
        packing = Packing(house.store, house.library, lanes, media, folder)
        studio = Studio(house, lanes, media, Origin(house.store, house.clock, media, following), packing, following)
        archive = Archive(house.store, studio.origin)
        recordings = Recordings(house.store, house.clock, archive)
        captioning = Captioning(house.store, house.clock, RandomIds())
        yield Shelves(studio, archive, recordings, Workshop(folder, studio.origin), captioning)


@asynccontextmanager
async def a_day(url: str, folder: Path, media_url: str) -> AsyncIterator[Shelves]:
    """A compressed day of the kit with its films packed, over."""
    async with some_shelves(url, folder, media_url) as shelves:
        await shelves.studio.house.create(speed=SPEED, operator_auto=True)
        await shelves.studio.packing.pack_waiting(DAY)
        await shelves.studio.house.programme.start(ORGANIZER)
        await shelves.react()
        await shelves.play()
        shelves.later(seconds=5)
        yield shelves


async def probed(source: str, *more: str) -> dict[str, Any]:
    """What ffprobe says, having complained of nothing."""
    if not shutil.which("ffprobe"):
        lacking("ffprobe")
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams", "-show_chapters", *more, source]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=90, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


async def complaints(source: str) -> list[str]:
    """What ffmpeg complains of when it decodes everything."""
    as_they_are = ["-fps_mode", "passthrough", "-enc_time_base", "-1"]  # pictures of several rates stand in one file
    command = ["ffmpeg", "-v", "warning", "-xerror", "-i", source, *as_they_are, "-f", "null", "-"]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=100, check=False)
    return [line for line in done.stderr.splitlines() if line.strip()]
