"""Players at the product's port: what they wait for, what is refused, how answers are kept, and that a server that stops lets them go."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from streaming.playlists import TARGET_S
from tests.web.products import Product, product, with_a_day

NATIONAL = "lanes/national"


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path) as made:
        yield await with_a_day(made)


async def get(live: Product, path: str, **headers: str) -> httpx2.Response:
    async with live.http(**headers) as http:
        for _ in range(100):
            answer = await http.get(f"/days/{live.day}/{path}")
            if answer.status_code != 404 or "live.m3u8" not in path:  # the lanes begin a moment after the day
                return answer
            await asyncio.sleep(0.05)
    return answer


def newest(playlist: str) -> tuple[int, int]:
    """The number of the last segment, and how many parts it has."""
    first = int(playlist.split("MEDIA-SEQUENCE:")[1].split("\n", maxsplit=1)[0])
    return first + playlist.count("#EXTINF"), playlist.rsplit("PROGRAM-DATE-TIME", 1)[1].count("#EXT-X-PART:")


async def test_a_player_waits_for_the_next_part_and_everything_listed_is_there(live: Product) -> None:
    first = await get(live, f"{NATIONAL}/live.m3u8")
    place, parts = newest(first.text)

    awaited = await get(live, f"{NATIONAL}/live.m3u8?_HLS_msn={place}&_HLS_part={parts}")

    assert (first.headers["Cache-Control"], awaited.headers["Cache-Control"]) == ("no-cache", "max-age=6")
    assert newest(awaited.text) > (place, parts)
    uris = [line.split('URI="')[1].split('"')[0] for line in awaited.text.splitlines() if 'URI="../' in line]
    for uri in [*uris[:1], *uris[-3:]]:
        found = await get(live, uri.removeprefix("../../"))
        assert (found.status_code, found.headers["Cache-Control"]) == (200, "public, max-age=3600, immutable"), uri
    sound = await get(live, f"{NATIONAL}/audio.m3u8")
    small = await get(live, f"{NATIONAL}/small.m3u8")
    newest_of = [text.split('URI="../../')[-1].split('"')[0] for text in (sound.text, small.text)]
    for uri in ("media/slate/sound.mp4", "media/slate/small.mp4", *newest_of):
        assert (await get(live, uri)).status_code == 200, uri
    words = next(line for line in (await get(live, f"{NATIONAL}/live-sv.m3u8")).text.splitlines()[::-1] if not line.startswith("#"))
    assert (await get(live, f"{NATIONAL}/{words}")).text.startswith("WEBVTT")


@pytest.mark.parametrize(
    "query", ["_HLS_part=1", "_HLS_msn=x", "_HLS_msn=-1", "_HLS_msn=1&_HLS_part=x", "_HLS_msn=99999", "_HLS_msn=9999999999", "_HLS_msn=٣"]
)
async def test_what_cannot_be_waited_for_is_refused(live: Product, query: str) -> None:
    await get(live, f"{NATIONAL}/live.m3u8")

    answer = await get(live, f"{NATIONAL}/live.m3u8?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, "wire.unreadable")


@pytest.mark.parametrize("path", [
    "lanes/r-none/live.m3u8", "lanes/national/none.m3u8", "lanes/national/live/slate/0-99999.vtt", "lanes/national/x/slate/0-400.vtt",
    "media/none/0-0-1.m4s", "media/slate/0-0-1.exe", "media/slate/99999-0-1.m4s", "media/~src-studio~1/0-0-1.m4s", "media/~~/init.mp4",
])  # fmt: skip
async def test_what_nobody_listed_is_not_there(live: Product, path: str) -> None:
    await get(live, f"{NATIONAL}/live.m3u8")

    assert (await get(live, path)).status_code == 404


async def test_players_are_answered_in_the_guards_dress_and_only_under_our_name(live: Product) -> None:
    page = await get(live, "")
    listed = await get(live, f"{NATIONAL}/live.m3u8")

    dress = {"content-security-policy", "x-content-type-options", "referrer-policy", "cross-origin-resource-policy"}
    assert {name: listed.headers[name] for name in dress} == {name: page.headers[name] for name in dress}
    assert (await get(live, f"{NATIONAL}/live.m3u8", Host="elsewhere.example")).status_code in {400, 403, 421}


async def test_a_server_that_stops_lets_players_go(live: Product) -> None:
    place, _ = newest((await get(live, f"{NATIONAL}/live.m3u8")).text)
    waiting = asyncio.create_task(get(live, f"{NATIONAL}/live-sv.m3u8?_HLS_msn={place + 2}"))
    await asyncio.sleep(0.3)
    begun = time.monotonic()

    for let_go in live.house.floor.farewells:
        let_go()

    assert (await waiting).status_code == 200
    assert time.monotonic() - begun < TARGET_S
