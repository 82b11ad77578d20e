"""A shared screen: it stands still for as long as it likes, and who shows it is heard."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import av
import httpx2
import numpy as np
import pytest

from streaming.media.clocks import HostClock
from streaming.media.feed import Encoded, Feed
from streaming.media.runs import Run
from streaming.media.screens import Screen
from streaming.media.sdp import Gate
from streaming.media.sounding import Samples
from streaming.media.standing import Sight, Standing, still
from streaming.media.whip import Whip
from tests.streaming.houses import media_process
from tests.streaming.media.cameras import Camera
from tests.streaming.media.peers import a_viewer
from tests.streaming.media.peers import until as until_so
from tests.streaming.media.senders import Listener, client, clip, listening, publishing, until, whole
from tests.streaming.media.sounds import strength
from tests.streaming.media.test_stage import told, watching

pytestmark = pytest.mark.faults  # they keep time

STILL = clip(640, 360, rate=1, seconds=4, gop_s=1.0, tone=1_200)  # what Chromium sends of a screen on which nothing moves


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with media_process(tmp_path / "data", "--allow-loopback") as (url, _):
        yield url


@pytest.fixture
async def http(url: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(url) as http:
        yield http


async def wanted(http: httpx2.AsyncClient) -> None:
    assert (await http.put("/sources/panel", json={"kind": "panel", "members": ["ann"]})).status_code == 200
    assert (await http.put("/sources/screen", json={"kind": "screen", "sound": "panel"})).status_code == 200


def long_run(heard: Listener, more_than_ms: int) -> Run:
    """The screen's last run when it is so long; `LookupError` before."""
    if not heard.runs["screen"]:
        raise LookupError
    run = heard.runs["screen"][max(heard.runs["screen"])]
    if run.edge_ms - run.begins_ms <= more_than_ms or not run.segments[-1].ends:
        raise LookupError
    return run


def listened(body: bytes) -> Samples:
    with av.open(io.BytesIO(body), mode="r") as container:
        frames = [frame.to_ndarray().T for frame in container.decode(audio=0)]
    return np.concatenate(frames).astype(np.float32)


async def test_a_screen_that_stands_still_is_one_run_with_the_sound_of_the_panel(http: httpx2.AsyncClient) -> None:
    """In the lane: what is packaged of the screen is heard as the panel is."""
    await wanted(http)
    async with (
        listening(http) as heard,
        publishing(http, "ann", clip(tone=400)),
        publishing(http, "screen", STILL, sound=False, make=False),
    ):
        await until(lambda: long_run(heard, 5_000), 80)
        run = long_run(heard, 5_000)
        seen = await whole(http, "screen", run)
        status = heard.statuses["screen"]

    assert (status.state, status.width, status.height, status.kind) == ("live", 1_280, 720, "screen")
    ends = [segment.ends_ms - segment.begins_ms for segment in run.segments[:-1]]
    assert set(ends) <= set(range(1_400, 3_001))
    assert all(after.begins_ms == before.ends_ms for before, after in pairwise(run.segments))
    sound = listened(seen)[48_000:]
    assert strength(sound, 400) > 0.1
    assert strength(sound, 1_200) < 0.01


async def test_a_film_on_the_screen_is_heard_beside_the_panel(http: httpx2.AsyncClient) -> None:
    await wanted(http)
    async with publishing(http, "ann", clip(tone=400)), publishing(http, "screen", STILL, make=False):
        await told(http, "screen", "state", "live")
        async with a_viewer(watching(http, "/sources/screen/whep")) as peer:
            await until_so(lambda: len(peer.heard) > 250)
        sound = np.concatenate(peer.heard[100:])

    assert min(strength(sound, 400), strength(sound, 1_200)) > 0.1
    assert peer.sizes <= {(1_280, 720)}


async def test_a_screen_that_is_taken_away_ends_at_once_and_comes_back(http: httpx2.AsyncClient) -> None:
    await wanted(http)
    async with listening(http) as heard:
        for _ in range(2):
            async with publishing(http, "screen", STILL, sound=False, make=False) as sender:
                await until(lambda: heard.statuses["screen"].state == "live", 30)
                await http.delete(sender.resource)
                await until(lambda: heard.statuses["screen"].state == "gone", 2)


async def test_a_screen_that_says_no_goodbye_is_gone_after_a_while(http: httpx2.AsyncClient) -> None:
    await wanted(http)
    async with listening(http) as heard, publishing(http, "screen", STILL, sound=False, make=False) as sender:
        await until(lambda: heard.statuses["screen"].state == "live", 30)
        sender.tracks["video"].frozen = True
        await until(lambda: heard.statuses["screen"].state == "gone", 12)
        sender.tracks["video"].frozen = False
        await until(lambda: heard.statuses["screen"].state == "live", 12)


async def test_another_panel_to_carry_breaks_nothing(http: httpx2.AsyncClient) -> None:
    await wanted(http)
    async with listening(http) as heard, publishing(http, "screen", STILL, sound=False, make=False):
        await until(lambda: long_run(heard, 500), 30)
        before = heard.statuses["screen"].publisher
        assert (await http.put("/sources/screen", json={"kind": "screen", "sound": "another"})).status_code == 200
        await until(lambda: long_run(heard, 3_000), 30)

    assert heard.statuses["screen"].publisher == before
    assert len(heard.runs["screen"]) == 1


class Sending(Whip):
    """A browser that sends its screen; its pictures are published by the test."""

    own: Feed

    @property
    def publisher(self) -> str | None:
        return "browser"


@asynccontextmanager
async def a_screen() -> AsyncIterator[tuple[Screen, Sending, list[Encoded]]]:
    """One at work, whoever sends to it, and the pictures that come of it."""

    def make(own: Feed) -> Sending:
        sending = Sending(own, HostClock(), list, Gate(allow_loopback=True))
        sending.own = own
        return sending

    feed, came = Feed("screen"), list[Encoded]()
    screen = Screen(feed, lambda _: None, HostClock(), make)

    async def watch() -> None:
        with feed.subscribe(10_000) as coming:
            async for packet in coming:
                came.extend([packet] if packet.kind == "video" else [])

    watching = asyncio.create_task(watch())
    try:
        assert isinstance(screen.whip, Sending)
        yield screen, screen.whip, came
    finally:
        await screen.close()
        feed.close()
        await watching


async def test_a_page_is_not_covered_by_a_picture_that_was_being_decoded_when_it_came() -> None:
    camera, page = Camera(210, width=1_280, height=720), av.VideoFrame.from_ndarray(np.full((1_080, 1_280), 90, np.uint8), "yuv420p")
    many = [camera.shoot(n, n * 40.0, key=n == 0) for n in range(80)]  # decoding them takes a while
    async with a_screen() as (screen, sending, came):
        await asyncio.sleep(0)
        for packet in many:
            sending.own.publish(packet)
        await asyncio.sleep(0)
        assert len(screen._came) == len(many)
        while screen._came:  # until they are taken to be decoded
            await asyncio.sleep(0)
        screen.show(page)
        await until_so(lambda: len(came) >= 12)

    assert greys(came) == {90}


async def test_a_screen_survives_what_it_cannot_do_and_tells_of_it_once(caplog: pytest.LogCaptureFixture) -> None:
    camera = Camera(150)
    with caplog.at_level(logging.ERROR, "streaming.media.screens"):
        async with a_screen() as (_, sending, came):
            await asyncio.sleep(0)
            for _ in range(3):
                sending.own.publish(camera.shoot(0, 0, key=True)._replace(data=1.5))  # type: ignore[arg-type]  # on purpose
                await asyncio.sleep(0.15)
            sending.own.publish(camera.shoot(1, 40, key=True))
            await until_so(lambda: len(came) >= 3)

    assert greys(came) == {150}
    assert len(caplog.records) == 1


async def test_a_screen_whose_mixing_ended_begins_anew() -> None:
    camera = Camera(150)
    async with a_screen() as (screen, sending, came):
        await asyncio.sleep(0)
        sending.own.publish(camera.shoot(0, 0, key=True))
        await until_so(lambda: len(came) >= 3)
        assert screen._mixing
        screen._mixing.cancel()
        many = len(came)
        await until_so(lambda: len(came) >= many + 5, 5)

    assert greys(came) == {150}


def test_a_picture_stands_until_the_next_one_comes() -> None:
    standing, camera = Standing(), Camera(150, width=640, height=360)
    assert standing.shoot(0, is_asked=True) == []
    last, is_whole = Sight().take([camera.shoot(1, 0, key=True)])
    assert last is not None
    assert is_whole
    standing.show(last)

    shots = [standing.shoot(n * 100.0, is_asked=n == 5)[0] for n in range(31)]

    assert [n for n, shot in enumerate(shots) if shot.is_key] == [0, 5, 25]
    assert sum(len(shot.data) for shot in shots) < 60_000
    assert greys(shots) == {150}


def test_a_picture_that_cannot_be_decoded_asks_for_a_key_frame_and_shows_nothing() -> None:
    sight, camera = Sight(), Camera(150)
    camera.shoot(0, 0, key=True)

    assert sight.take([camera.shoot(1, 40)]) == (None, False)
    last, is_whole = sight.take([camera.shoot(2, 80, key=True)])
    assert (last is not None, is_whole) == (True, True)


@pytest.mark.parametrize(("width", "height", "size"), [(640, 360, (1280, 720)), (1600, 900, (1920, 1080)), (320, 900, (1920, 1080))])
def test_a_window_of_any_shape_stands_in_the_middle(width: int, height: int, size: tuple[int, int]) -> None:
    standing = Standing()
    standing.show(av.VideoFrame(width, height, "yuv420p").reformat(format="rgb24"))
    decoder = av.CodecContext.create("h264", "r")
    [frame] = [*decoder.decode(av.Packet(standing.shoot(0, is_asked=True)[0].data)), *decoder.decode(None)]

    assert (frame.width, frame.height) == size


def test_what_is_no_picture_is_not_shown() -> None:
    with pytest.raises(ValueError, match="mjpeg"):
        still(b"not a picture", "mjpeg")


def greys(shots: list[Encoded]) -> set[int]:
    decoder, found = av.CodecContext.create("h264", "r"), set()
    for shot in shots:
        for frame in decoder.decode(av.Packet(shot.data)):
            luma = frame.to_ndarray(format="gray")
            seen = int(luma[luma.shape[0] // 2, luma.shape[1] // 2])
            found.add(min((0, 90, 150, 210), key=lambda grey: abs(grey - seen)))
    return found
