"""A film of ten minutes: as long in the lane as in the file, its captions at their time, picture and sound together at its end."""

from __future__ import annotations

import asyncio
import io
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import av
import pytest

from conference.library import Film, NewFilm
from streaming import boxes, captions
from streaming.captions import clock_of
from streaming.media.cmaf import VIDEO_RATE, VIDEO_TRACK
from streaming.viewing import FRESH_S
from tests.conference.days import DAY, MODERATOR
from tests.streaming.clips import H264, film
from tests.streaming.houses import Studio, a_studio
from tests.streaming.test_playlists import parsed, seconds

pytestmark = pytest.mark.timeout(500)  # making it takes some seconds, and minutes on a busy machine
LASTS_S, CLAP_S = 600, 591
TOLD = [(n * 10_000 + 1_000, n * 10_000 + 4_000, f"Ruta {n}") for n in range(LASTS_S // 10)]


@dataclass
class Shown:
    """The film in a lane.

    Attributes:
        strip: what its segments are called by.
        begins_ms: where it begins on the programme's clock.
    """

    studio: Studio
    film: Film
    strip: str
    begins_ms: int

    async def segments(self, name: str) -> list[tuple[float, str, str]]:
        """The film's own segments of a playlist of the day: length in seconds, strip and name."""
        found = parsed(await self.studio.origin.playlist(DAY, "national", name))[1]
        places = [(seconds(each), Path(str(each["uri"]))) for each in found]
        return [(lasts_s, place.parent.name, place.name) for lasts_s, place in places if place.parent.name == self.strip]


def ten_minutes(folder: Path) -> Path:
    """Tiny, and obeying the rules of a lane, so that it is soon packed; white and a tone begin together nine seconds before its end."""
    flash = f"color=black:size=64x36:rate=25:duration={LASTS_S},drawbox=color=white:t=fill:enable='gte(t,{CLAP_S})'"
    clap = f"sine=frequency=440:sample_rate=48000:duration={LASTS_S},volume=0:enable='lt(t,{CLAP_S})'"
    regular = ["-g", "50", "-keyint_min", "50", "-sc_threshold", "0", "-c:a", "aac", "-ac", "2"]
    return film(folder, "long.mp4", "-f", "lavfi", "-i", flash, "-f", "lavfi", "-i", clap, *H264, *regular)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ten_minutes(tmp_path_factory.mktemp("long"))


@pytest.fixture
async def shown(tmp_path: Path, media_url: str, file: Path) -> AsyncIterator[Shown]:
    """It was given to a day, packed, and shown to its end."""
    shutil.copy(file, tmp_path)
    async with a_studio(f"sqlite+aiosqlite:///{tmp_path / 'day.db'}", tmp_path, media_url) as studio:
        await studio.go_live()
        name = str((await studio.house.library.add_film(MODERATOR, NewFilm("Tio minuter", file.name))).data["film"])  # type: ignore[index]  # it has
        lines = (f"{clock_of(begins_ms)} --> {clock_of(ends_ms)}\n{words}\n" for begins_ms, ends_ms, words in TOLD)
        await studio.house.library.caption_film(MODERATOR, name, "\n".join(["WEBVTT\n", *lines]))
        await studio.packing.pack_waiting(DAY)
        await studio.take(name, after_s=30)
        studio.house.clock.wind(timedelta(seconds=LASTS_S + 20))
        await asyncio.sleep(FRESH_S + 0.05)
        async with studio.house.store.reading() as session:
            row = await session.get(Film, (DAY, name))
        assert row is not None
        strip, viewed = studio.house.events("streaming.taken")[-1].showing, await studio.origin.viewed(DAY)
        yield Shown(studio, row, strip, viewed.origin_ms(strip))


async def test_a_film_of_ten_minutes_is_listed_whole_with_its_captions_and_stays_together(shown: Shown) -> None:
    pictures, words = await shown.segments("day.m3u8"), await shown.segments("day-sv.m3u8")

    assert (shown.film.state, shown.film.seconds) == ("ready", LASTS_S)
    assert sum(lasts_s for lasts_s, _, _ in pictures) == pytest.approx(LASTS_S)
    assert [lasts_s for lasts_s, _, _ in words] == [lasts_s for lasts_s, _, _ in pictures]
    assert len(pictures) == LASTS_S // 2
    await _every_picture_is_there(shown, [name for _, _, name in pictures])
    await _captions_stand_at_their_time(shown, [name for _, _, name in words])
    await _picture_and_sound_are_together(shown, pictures[CLAP_S // 2][2])


async def _every_picture_is_there(shown: Shown, names: list[str]) -> None:
    ticks, borders = 0, []
    for name in names:
        body = await shown.studio.origin.segment(DAY, shown.strip, name.removesuffix(".m4s").removesuffix("o"))
        runs = [run for _, found in boxes.fragments(body) for run in found if run.track == VIDEO_TRACK]
        ticks += sum(sample.duration for run in runs for sample in run.samples)
        borders.append(runs[0].begins)
    assert ticks == LASTS_S * VIDEO_RATE
    assert {after - before for before, after in pairwise(borders)} == {2 * VIDEO_RATE}


async def _captions_stand_at_their_time(shown: Shown, names: list[str]) -> None:
    told = set()
    for name in names:
        body = await shown.studio.origin.words(DAY, "national", shown.strip, name.removesuffix(".vtt"), whole=True)
        told |= {(one.begins_ms - shown.begins_ms, one.ends_ms - shown.begins_ms, one.words) for one in captions.read(body.decode())}
    assert sorted(told) == TOLD


async def _picture_and_sound_are_together(shown: Shown, name: str) -> None:
    """In the segment in which both begin, long after the film did."""
    body = await shown.studio.origin.init(DAY, shown.strip) + await shown.studio.origin.segment(DAY, shown.strip, name.removesuffix(".m4s"))
    with av.open(io.BytesIO(body), "r", format="mp4") as container:
        white = next(frame.time for frame in container.decode(video=0) if memoryview(frame.planes[0])[0] > 100)
    with av.open(io.BytesIO(body), "r", format="mp4") as container:
        loud = next(
            (frame.time or 0.0) + n / 48_000
            for frame in container.decode(audio=0)
            for n, value in enumerate(memoryview(bytes(frame.planes[0])).cast("f"))
            if abs(value) > 0.02
        )
    assert (white or 0.0) - shown.begins_ms / 1_000 == pytest.approx(CLAP_S, abs=0.045)
    assert white == pytest.approx(loud, abs=0.045)  # what television allows
