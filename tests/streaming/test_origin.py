"""What players are given: the right bytes at the right time, and nothing else."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import av
import pytest

from streaming import MediaAway, Origin, boxes
from streaming.origin import LISTS
from streaming.playlists import SMALL
from streaming.service import Packed
from streaming.shelf import Shelf
from streaming.viewing import FRESH_S
from tests.conference.days import DAY, MODERATOR
from tests.streaming.houses import Studio, a_studio
from tests.streaming.test_playlists import parsed, seconds


@pytest.fixture
async def on_air(tmp_path: Path, media_url: str) -> AsyncIterator[Studio]:
    """A live day with packed films and a real media process, a minute after its beginning; half a minute ago a film was taken."""
    async with a_studio(f"sqlite+aiosqlite:///{tmp_path / 'day.db'}", tmp_path, media_url) as studio:
        await studio.go_live()
        await studio.take("film-dagen", after_s=30)
        studio.house.clock.wind(timedelta(seconds=30))
        yield studio


async def uris(studio: Studio, lane: str = "national") -> list[str]:
    return [str(segment["uri"]).removeprefix("../../media/") for segment in parsed(await studio.origin.playlist(DAY, lane))[1]]


async def decode_time(studio: Studio, uri: str, kind: str = "video") -> float:
    """When a segment begins, as libavformat reads it."""
    strip, _, name = uri.partition("/")
    body = await studio.origin.init(DAY, strip) + await studio.origin.segment(DAY, strip, name.removesuffix(".m4s"))
    with av.open(io.BytesIO(body), "r", format="mp4") as container:
        stream = next(stream for stream in container.streams if stream.type == kind)
        packet = next(packet for packet in container.demux(stream) if packet.size)
        return float((packet.dts or 0) * packet.time_base)


async def test_all_that_is_listed_is_there_on_the_programmes_clock(on_air: Studio) -> None:
    segments = parsed(await on_air.origin.playlist(DAY, "national", "day.m3u8"))[1]
    begins = 0.0
    for segment in segments:
        uri = str(segment["uri"]).removeprefix("../../media/")
        assert await decode_time(on_air, uri) == pytest.approx(begins)
        assert await decode_time(on_air, uri, "audio") == pytest.approx(begins, abs=0.022)
        begins += seconds(segment)
    assert begins == pytest.approx(72, abs=2)


async def test_the_captions_of_all_that_is_listed_are_there(on_air: Studio) -> None:
    segments = parsed(await on_air.origin.playlist(DAY, "national", "live-sv.m3u8"))[1]
    words = [str(segment["uri"]).removesuffix(".vtt").split("/") for segment in segments]

    said = [(await on_air.origin.words(DAY, "national", strip, name)).decode() for _folder, strip, name in words]

    assert all(text.startswith("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:") for text in said)
    assert sum("-->" in text for text in said) > 10
    first = next(text for text in said if "Välkommen" in text)
    assert "00:00:42.400 --> 00:00:48.800\nVälkommen. Så här gör ni\n" in first  # the film was taken at 42.1 s and begins at 42.0


async def test_small_pictures_are_listed_and_cut_as_the_large_ones_are(on_air: Studio) -> None:
    large, small = [parsed(await on_air.origin.playlist(DAY, "national", name))[1] for name in ("live.m3u8", "small.m3u8")]
    assert [str(each["uri"]).replace(".360.", ".") for each in small] == [str(each["uri"]) for each in large]
    for uri in {strip: str(one["uri"]) for one in small if (strip := str(one["uri"]).split("/")[-2])}.values():
        strip, name = uri.removeprefix("../../media/").split("/")
        plain, ends = await on_air.origin.segment(DAY, strip, name.removesuffix(".360.m4s")), name.removesuffix(".360.m4s")
        body = await on_air.origin.segment(DAY, strip, ends, SMALL)
        assert boxes.sound_of(body) == boxes.sound_of(plain)
        with av.open(io.BytesIO(await on_air.origin.init(DAY, strip, SMALL) + body), "r", format="mp4") as container:
            assert {(frame.width, frame.height) for frame in container.decode(video=0)} == {(640, 360)}


async def test_the_first_list_says_what_the_pictures_really_are(on_air: Studio) -> None:
    first = (await on_air.origin.multivariant(DAY, "national")).decode()

    assert re.findall(r"RESOLUTION=(\d+x\d+),FRAME-RATE=([\d.]+)", first) == [("1280x720", "25.000"), ("640x360", "25.000")]
    average, peak = (int(re.search(rf"[:,]{name}=(\d+)", first)[1]) for name in ("AVERAGE-BANDWIDTH", "BANDWIDTH"))  # type: ignore[index]  # else the test fails
    assert 0 < average < peak


async def test_lanes_that_show_the_same_list_the_same_addresses(on_air: Studio) -> None:
    assert await uris(on_air, "r-norrvik") == await uris(on_air)


async def test_a_second_picture_is_a_lane_of_its_own_from_when_it_was_first_taken(on_air: Studio) -> None:
    with pytest.raises(LookupError):
        await on_air.origin.playlist(DAY, "national+sign")
    await on_air.lanes.sign(MODERATOR, "film-stod")
    await asyncio.sleep(FRESH_S + 0.05)
    on_air.house.clock.wind(timedelta(seconds=10))

    sign, first = await uris(on_air, "national+sign"), await uris(on_air)

    lasts = [sum(map(seconds, parsed(await on_air.origin.playlist(DAY, lane))[1])) for lane in ("national+sign", "national")]
    assert lasts[0] == pytest.approx(lasts[1], abs=2)
    assert {uri.partition("/")[0] for uri in sign} == {"slate", "3"}
    assert {uri.partition("/")[0] for uri in first} == {"slate", "2"}
    with pytest.raises(LookupError):
        await on_air.origin.playlist(DAY, "r-none+sign")


async def test_after_a_restart_everything_is_as_it_was(on_air: Studio) -> None:
    other = Origin(on_air.house.store, on_air.house.clock, on_air.media, on_air.following)

    for name in LISTS:
        assert await other.playlist(DAY, "national", name) == await on_air.origin.playlist(DAY, "national", name)
    uri = (await uris(on_air))[-1].removesuffix(".m4s").split("/")
    assert await other.segment(DAY, *uri) == await on_air.origin.segment(DAY, *uri)


async def test_another_process_sees_a_take_before_it_is_listed(on_air: Studio) -> None:
    other = Origin(on_air.house.store, on_air.house.clock, on_air.media, on_air.following)
    before = await other.playlist(DAY, "national")

    await on_air.take("film-stod")
    await asyncio.sleep(FRESH_S + 0.05)

    assert await other.playlist(DAY, "national") == before
    on_air.house.clock.wind(timedelta(seconds=3))
    assert await other.playlist(DAY, "national") == await on_air.origin.playlist(DAY, "national")
    assert (await uris(on_air))[-1] == "3/0-0-5.m4s"


async def test_a_playlist_is_written_once_a_segment(on_air: Studio) -> None:
    one = await on_air.origin.playlist(DAY, "national")

    assert await on_air.origin.playlist(DAY, "national") is one


@pytest.mark.parametrize(("strip", "name"), [
    ("slate", "0-0-5"), ("slate", "0-2-2"), ("slate", "0-3-2"), ("slate", "-1-0-4"), ("slate", "0-0"), ("slate", "0-0-4-1"), ("slate", ""),
    ("slate", "00-0-4"), ("slate", "x-0-4"), ("slate", "99999999-0-4"), ("slate", "٣-0-4"), ("slate", "0-0-4.m4s"), ("99", "0-0-5"),
    ("1", "0-0-4"), ("2", "37-0-5"), ("2", "99-0-5"), ("2", "0-0-6"), ("..", "0-0-4"), ("", "0-0-4"), ("slate/..", "0-0-4"),
])  # fmt: skip
async def test_what_nobody_listed_is_not_there(on_air: Studio, strip: str, name: str) -> None:
    with pytest.raises(LookupError):
        await on_air.origin.segment(DAY, strip, name)


@pytest.mark.parametrize(("day", "lane"), [(DAY, "r-none"), (DAY, ""), ("d-none", "national")])
async def test_a_lane_or_a_day_that_is_not_there(on_air: Studio, day: str, lane: str) -> None:
    for asked in (on_air.origin.multivariant(day, lane), on_air.origin.playlist(day, lane)):
        with pytest.raises(LookupError):
            await asked


async def test_before_the_day_there_is_nothing(tmp_path: Path) -> None:
    async with a_studio(f"sqlite+aiosqlite:///{tmp_path / 'day.db'}", tmp_path) as studio:
        await studio.house.create()

        with pytest.raises(LookupError):
            await studio.origin.playlist(DAY, "national")


async def test_without_the_media_process_the_slate_is_still_there(tmp_path: Path) -> None:
    async with a_studio(f"sqlite+aiosqlite:///{tmp_path / 'day.db'}", tmp_path) as studio:
        await studio.house.start()
        await studio.react()
        await studio.lanes.keep_film(MODERATOR, "film-dagen", Packed("gone", 74_400, 300_000))
        await studio.take("film-dagen", after_s=1)
        studio.house.clock.wind(timedelta(seconds=10))

        assert len(await studio.origin.segment(DAY, "slate", "3-0-4")) > 10_000
        assert (await uris(studio))[-1].startswith("3/")
        with pytest.raises(MediaAway):
            await studio.origin.segment(DAY, "3", "0-0-5")


async def test_at_the_end_of_the_day_the_lanes_are_complete(on_air: Studio) -> None:
    await on_air.house.programme.end(MODERATOR)
    await on_air.react()
    on_air.house.clock.wind(timedelta(hours=1))
    await asyncio.sleep(FRESH_S + 0.05)

    for name in LISTS:
        assert (await on_air.origin.playlist(DAY, "national", name)).endswith(b"#EXT-X-ENDLIST\n")


async def test_a_clock_that_is_set_back_takes_nothing_back(on_air: Studio) -> None:
    before = await on_air.origin.playlist(DAY, "national")

    on_air.house.clock.wind(timedelta(seconds=-5))

    assert await on_air.origin.playlist(DAY, "national") == before


async def test_many_who_ask_at_once_are_one_to_the_media_process() -> None:
    shelf, asked = Shelf(100), 0

    async def fetch() -> bytes:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.01)
        return b"x" * 60

    impatient = asyncio.create_task(shelf.get("a", fetch))
    others = [asyncio.create_task(shelf.get("a", fetch)) for _ in range(50)]
    await asyncio.sleep(0)
    impatient.cancel()

    assert await asyncio.gather(*others) == [b"x" * 60] * 50
    assert asked == 1  # also for those who asked after the one that went away


async def test_a_full_shelf_forgets_what_nobody_asked_for_longest() -> None:
    shelf, asked = Shelf(100), []

    async def get(key: str) -> None:
        async def fetch() -> bytes:
            asked.append(key)
            return b"x" * 40

        await shelf.get(key, fetch)

    for key in ("a", "b", "a", "c", "a", "b"):
        await get(key)

    assert asked == ["a", "b", "c", "b"]


async def test_what_cannot_be_fetched_is_asked_for_again() -> None:
    shelf, failures = Shelf(100), [MediaAway("x")]

    async def fetch() -> bytes:
        if failures:
            raise failures.pop()
        return b"x"

    with pytest.raises(MediaAway):
        await shelf.get("a", fetch)
    assert await shelf.get("a", fetch) == b"x"
