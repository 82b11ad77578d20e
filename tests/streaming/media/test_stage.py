"""A stage in a real media process: people who publish, their panel and what is kept of it, and those who watch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path

import httpx2
import numpy as np
import pytest

from streaming.media.runs import Run
from tests.streaming.houses import media_process
from tests.streaming.media.peers import a_viewer
from tests.streaming.media.peers import until as until_so
from tests.streaming.media.senders import SDP, client, clip, decoded, listening, publishing, runs_of, until, whole
from tests.streaming.media.sounds import strength

TONES = {"ann": 400, "bo": 800}


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with media_process(tmp_path / "data", "--allow-loopback") as (url, _):
        yield url


@pytest.fixture
async def http(url: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(url) as http:
        yield http


def watching(http: httpx2.AsyncClient, path: str) -> Callable[[str], Awaitable[str]]:
    async def answer(offer: str) -> str:
        answered = await http.post(path, content=offer, headers=SDP)
        assert answered.status_code == 201, answered.text
        return answered.text

    return answer


async def a_panel(http: httpx2.AsyncClient, *members: str) -> None:
    assert (await http.put("/sources/panel", json={"kind": "panel", "members": members})).status_code == 200


async def told(http: httpx2.AsyncClient, source: str, what: str, wanted: str) -> None:
    """Wait until a source's status says so."""
    async with asyncio.timeout(30):
        while (await http.get("/sources")).json()[source][what] != wanted:
            await asyncio.sleep(0.05)


async def is_shown(http: httpx2.AsyncClient, member: str) -> None:
    """Wait until the panel shows this one."""
    await told(http, "panel", "publisher", member)


async def choose(http: httpx2.AsyncClient, member: str | None) -> None:
    assert (await http.post("/sources/panel/choose", json={"member": member})).status_code == 202


async def kept(http: httpx2.AsyncClient, more_than_ms: int) -> list[Run]:
    """The panel's runs, when the last one is so long."""
    async with asyncio.timeout(30):
        while not (found := await runs_of(http, "panel")) or found[-1].edge_ms - found[-1].begins_ms <= more_than_ms:
            await asyncio.sleep(0.1)
    return found


def joined(runs: list[Run]) -> set[int]:
    """To which widths a cut has led without any hole."""
    return {after.width for before, after in pairwise(runs) if before.width != after.width and before.ended_ms == after.begins_ms}


async def test_the_cuts_of_a_panel_leave_no_hole_in_what_is_kept(http: httpx2.AsyncClient, tmp_path: Path) -> None:
    """On a machine that stands still for a second a run ends by itself, so each cut is given some tries."""
    async with (
        publishing(http, "ann", clip(640, 360, tone=400, gop_s=0.5)),
        publishing(http, "bo", clip(480, 270, tone=800, gop_s=0.5)),
    ):
        await a_panel(http, "ann", "bo")
        for member in ("ann", "bo") * 4:
            await choose(http, member)
            await is_shown(http, member)
            runs = await kept(http, 1_000)
            if len(joined(runs)) == 2:
                break
        await http.delete("/sources/panel")
        files = [decoded(await whole(http, "panel", run), tmp_path) for run in await runs_of(http, "panel")]

    assert joined(runs) == {640, 480}
    assert [seen.complaints for seen in files] == [""] * len(files)


async def test_a_member_who_is_killed_is_replaced_and_viewers_go_on(http: httpx2.AsyncClient) -> None:
    async with AsyncExitStack() as bos, publishing(http, "ann", clip(tone=400)):
        bo = await bos.enter_async_context(publishing(http, "bo", clip(tone=800)))
        await a_panel(http, "ann", "bo")
        await choose(http, "bo")
        await is_shown(http, "bo")
        async with a_viewer(watching(http, "/sources/panel/whep")) as peer:
            await until_so(lambda: len(peer.numbers) > 10)
            for track in bo.tracks.values():
                track.frozen = True  # nothing more comes, and nobody says goodbye
            await is_shown(http, "ann")
            seen, heard = len(peer.numbers), len(peer.heard)
            await until_so(lambda: len(peer.numbers) > seen + 30 and len(peer.heard) > heard + 120)
            after = np.concatenate(peer.heard[heard + 60 :])

    assert strength(after, 400) > 0.1
    assert strength(after, 800) < 0.01


async def test_each_member_hears_the_others(http: httpx2.AsyncClient) -> None:
    async with publishing(http, "ann", clip(tone=400)), publishing(http, "bo", clip(tone=800)):
        await a_panel(http, "ann", "bo")
        await choose(http, "ann")
        await is_shown(http, "ann")
        async with (
            a_viewer(watching(http, "/sources/panel/whep?without=ann")) as ann,
            a_viewer(watching(http, "/sources/panel/whep?without=bo")) as bo,
        ):
            await until_so(lambda: min(len(each.heard) for each in (ann, bo)) > 150)
            await until_so(lambda: min(len(each.numbers) for each in (ann, bo)) > 30)

    for peer, own, other in ((ann, 400, 800), (bo, 800, 400)):
        sound = np.concatenate(peer.heard)[48_000:]
        assert strength(sound, own) < 0.01
        assert strength(sound, other) > 0.1


async def test_viewers_are_told_of_and_let_go_with_their_source(http: httpx2.AsyncClient) -> None:
    async with listening(http) as listener, publishing(http, "ann"):
        await until(lambda: "ann" in listener.statuses and listener.statuses["ann"].state == "live")
        async with a_viewer(watching(http, "/sources/ann/whep")) as peer:
            await until_so(lambda: len(peer.numbers) > 10)
            await until(lambda: listener.statuses["ann"].viewers == 1)
            await http.delete("/sources/ann")
            await until_so(lambda: peer.connection.connectionState == "closed")


async def test_a_new_publisher_is_seen_by_those_who_watch_already(http: httpx2.AsyncClient) -> None:
    async with publishing(http, "ann", clip(640, 360)):
        await told(http, "ann", "state", "live")
        async with a_viewer(watching(http, "/sources/ann/whep")) as peer:
            await until_so(lambda: len(peer.numbers) > 10)
            async with publishing(http, "ann", clip(576, 324), make=False):
                await until_so(lambda: (576, 324) in peer.sizes)


@pytest.mark.parametrize("name", ["nobody", "panel"])
async def test_what_is_not_there_cannot_be_watched(http: httpx2.AsyncClient, name: str) -> None:
    await a_panel(http)
    refused = await http.post(f"/sources/{name}/whep", content="v=0", headers=SDP)
    patched = await http.patch(f"/sources/{name}/whep/nobody", content="", headers=SDP)

    assert refused.status_code in {400, 404}
    assert patched.status_code == 404
