"""A block whose pictures came live, by WebRTC and by RTMP, is there afterwards: as long as it was, with its chapters and its words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from conference.core.actor import Actor
from streaming.captioning.tables import DELAY_MS
from streaming.following import source_name
from streaming.lanes import SLATE
from streaming.recordings import Recorded
from streaming.recordings.rules import NotYet
from tests.conference.days import DAY, MODERATOR
from tests.streaming.houses import RunningClock
from tests.streaming.media.senders import client, ffmpeg, publishing, until
from tests.streaming.media.test_rtmp import USUAL, wanted
from tests.streaming.recordings.houses import Shelves, complaints, probed, some_shelves
from tests.streaming.recordings.test_files import made

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]  # it keeps time
WRITER = Actor(DAY, "anna", frozenset({"captioner"}))
WHIP, RTMP = "src-lank", "src-studio"
ON_AIR_S = 4.0


@asynccontextmanager
async def a_live_house(folder: Path, media_url: str) -> AsyncIterator[Shelves]:
    """A day that is live by the clock on the wall, whose sources are followed."""
    async with some_shelves(f"sqlite+aiosqlite:///{folder / 'day.db'}", folder, media_url, clock=RunningClock()) as shelves:
        following = asyncio.create_task(shelves.studio.following.run())
        try:
            await shelves.studio.go_live()
            yield shelves
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following


async def goes_on(shelves: Shelves) -> None:
    """GO, and what follows."""
    await shelves.studio.house.rundown.go(MODERATOR)
    await shelves.react()


async def is_on_air(shelves: Shelves, source: str) -> None:
    """Take it, wait until it is shown, and stay with it for a while."""
    await shelves.studio.lanes.take(MODERATOR, source)
    await until(lambda: shelves.studio.following.is_live(DAY, source), 30)
    await asyncio.sleep(ON_AIR_S)


async def whole(shelves: Shelves, name: str) -> Recorded:
    """The recording, once its end is there."""
    async with asyncio.timeout(30):
        while True:
            with suppress(NotYet):
                return await shelves.read(name)
            await asyncio.sleep(0.1)


async def test_a_block_with_live_sources_is_as_long_as_it_was_with_chapters_and_captions(tmp_path: Path, media_url: str) -> None:
    async with client(media_url) as http, a_live_house(tmp_path, media_url) as shelves:
        house = shelves.studio.house
        address = await wanted(http, source_name(DAY, RTMP))
        await goes_on(shelves)
        async with publishing(http, source_name(DAY, WHIP)):
            with ffmpeg(address + "right-key", *USUAL):
                await is_on_air(shelves, WHIP)
                said_at = house.clock.now()
                await shelves.captioning.caption(WRITER, "Nu talar någon i länken.", final=False)
                await asyncio.sleep(1)
                await shelves.captioning.caption(WRITER, "Nu talar någon i länken.", final=True)
                await is_on_air(shelves, RTMP)
                while len(house.events("rundown.block_began")) < 2:
                    await goes_on(shelves)
        recorded = await whole(shelves, "b1@national")
        items = await shelves.items(recorded.row)
        seconds = shelves.seconds(recorded.row)
        film = await made(shelves, recorded, "film.mp4")

    strips = [each.strip for each in recorded.stretches if each.strip != SLATE]
    [words] = [one for one in recorded.captions if "länken" in one.words]
    told = await probed(str(film))
    assert {strip.partition("~")[2].partition("~")[0] for strip in strips if strip.startswith("~")} == {WHIP, RTMP}
    assert recorded.extract.duration_ms == pytest.approx(seconds * 1_000, abs=100)
    assert [one.title for one in recorded.chapters] == [item.title for item in items]
    assert abs(words.begins_ms - recorded.at(said_at - timedelta(milliseconds=DELAY_MS))) <= 500
    assert float(told["format"]["duration"]) == pytest.approx(seconds, abs=0.1)
    lasting = [one.title for one in recorded.chapters if one.begins_ms < one.ends_ms]  # a file has no chapter of no length
    assert [one["tags"]["title"] for one in told["chapters"]] == lasting
    assert await complaints(str(film)) == []
