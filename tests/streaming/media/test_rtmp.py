"""Studios that send by RTMP, with Debian's ffmpeg as their encoder."""

from __future__ import annotations

import asyncio
import itertools
import socket
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest

from tests.servers import free_port
from tests.streaming.houses import media_process
from tests.streaming.media.senders import Listener, client, decoded, ffmpeg, listening, runs_of, until, whole
from tests.streaming.media.test_live import last, longest, segments

pytestmark = pytest.mark.faults  # they keep time

PICTURE = ["-f", "lavfi", "-i", "testsrc2=s=640x360:r=30"]
SOUND = ["-f", "lavfi", "-i", "sine=440:r=48000"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-b:v", "900k", "-g", "60", "-bf", "0"]
STEREO = ["-c:a", "aac", "-ac", "2", "-b:a", "96k"]
USUAL = [*PICTURE, *SOUND, *H264, *STEREO]


@pytest.fixture(scope="module")
def studio_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    first = free_port()
    with media_process(tmp_path_factory.mktemp("rtmp") / "m", "--rtmp-ports", f"{first}-{first + 40}") as (url, _):
        yield url


@pytest.fixture
async def http(studio_url: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(studio_url) as http:
        yield http


@pytest.fixture
async def heard(http: httpx2.AsyncClient) -> AsyncIterator[Listener]:
    async with listening(http) as heard:
        yield heard


async def wanted(http: httpx2.AsyncClient, name: str, key: str = "right-key") -> str:
    """A studio's address, up to its key."""
    answer = await http.put(f"/sources/{name}", json={"kind": "rtmp", "rtmp_key": key})
    assert answer.status_code == 200, answer.text
    port = answer.json()["rtmp_port"]
    for _ in range(100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                break
        await asyncio.sleep(0.05)
    return f"rtmp://127.0.0.1:{port}/live/"


async def test_what_a_studio_sends_becomes_segments_that_are_clean(http: httpx2.AsyncClient, heard: Listener, tmp_path: Path) -> None:
    url = await wanted(http, "obs")
    with ffmpeg(url + "right-key", *USUAL):
        await until(lambda: segments(heard, "obs") >= 2, 25)
        status = heard.statuses["obs"]
    await until(lambda: last(heard, "obs").ended_ms)

    run = longest(heard, "obs")
    seen = decoded(await whole(http, "obs", run), tmp_path)
    steps = [later - earlier for earlier, later in itertools.pairwise(seen.pictures_s)]
    assert (status.state, status.path, status.publisher, status.reencoded) == ("live", "rtmp", "rtmp", False)
    assert seen.complaints == ""
    assert max(steps) < 0.04
    assert all(1_900 <= each.ends_ms - each.begins_ms <= 2_100 for each in run.segments[:-1])
    assert abs(len(seen.sound_s) * 1_024 / 48_000 - len(seen.pictures_s) / 30) < 0.05


async def test_a_studio_is_seen_before_its_second_key_frame(http: httpx2.AsyncClient, heard: Listener, tmp_path: Path) -> None:
    url = await wanted(http, "first")
    with ffmpeg(url + "right-key", *USUAL, "-t", "3") as sender:  # its second key frame is the 61st of 90 pictures
        await until(lambda: sender.poll() is not None, 30)
    await until(lambda: last(heard, "first").ended_ms)

    seen = [decoded(await whole(http, "first", run), tmp_path) for run in heard.runs["first"].values()]
    assert sum(len(each.pictures_s) for each in seen) > 30


@pytest.mark.parametrize("key", ["wrong-key", "right-key2", "right-ke", ""])
async def test_a_wrong_key_is_refused_each_time(http: httpx2.AsyncClient, heard: Listener, key: str) -> None:
    source = f"closed-{key}"
    url = await wanted(http, source)
    for _ in range(2):
        with ffmpeg(url + key, *USUAL) as sender:
            await until(lambda: sender.poll() is not None, 15)
    await until(lambda: heard.statuses[source].why == "source.key_wrong")

    assert await runs_of(http, source) == []


async def test_a_wrong_name_is_refused(http: httpx2.AsyncClient, heard: Listener) -> None:
    url = (await wanted(http, "app")).replace("/live/", "/other/")
    with ffmpeg(url + "right-key", *USUAL) as sender:
        await until(lambda: sender.poll() is not None, 15)

    await until(lambda: heard.statuses["app"].why == "source.key_wrong")
    assert await runs_of(http, "app") == []


async def test_a_studio_that_left_may_come_back(http: httpx2.AsyncClient, heard: Listener) -> None:
    url = await wanted(http, "back")
    with ffmpeg(url + "right-key", *USUAL):
        await until(lambda: segments(heard, "back") >= 1, 25)
    killed_ms = time.time() * 1_000
    await until(lambda: last(heard, "back").ended_ms)
    ended_ms, before = heard.told[-1][0], last(heard, "back").run
    await asyncio.sleep(1)
    with ffmpeg(url + "right-key", *USUAL):
        await until(lambda: segments(heard, "back", before) >= 1, 25)

    assert ended_ms - killed_ms < 1_200


@pytest.mark.parametrize(("name", "words"), [
    ("mono", [*PICTURE, "-f", "lavfi", "-i", "sine=440:r=44100", *H264, "-c:a", "aac", "-ac", "1"]),
    ("44100", [*PICTURE, "-f", "lavfi", "-i", "sine=440:r=44100", *H264, *STEREO]),
    ("mute", [*PICTURE, *H264]),
])  # fmt: skip
async def test_any_sound_becomes_the_one_of_lanes(
    http: httpx2.AsyncClient, heard: Listener, tmp_path: Path, name: str, words: list[str]
) -> None:
    url = await wanted(http, name)
    with ffmpeg(url + "right-key", *words):
        await until(lambda: segments(heard, name) >= 2, 25)
        level = heard.statuses[name].level_db
    await until(lambda: last(heard, name).ended_ms)

    seen = decoded(await whole(http, name, longest(heard, name)), tmp_path)
    assert seen.complaints == ""
    assert abs(len(seen.sound_s) * 1_024 / 48_000 - len(seen.pictures_s) / 30) < 0.05
    assert (level is None) == (name == "mute")


async def test_b_frames_are_shown_in_their_order(http: httpx2.AsyncClient, heard: Listener, tmp_path: Path) -> None:
    url = await wanted(http, "b")
    words = [
        *PICTURE,
        *SOUND,
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-pix_fmt",
        "yuv420p",
        "-b:v",
        "900k",
        "-g",
        "60",
        "-bf",
        "2",
        *STEREO,
        "-t",
        "9",
    ]
    with ffmpeg(url + "right-key", *words) as sender:
        # It ends by itself: one that is killed between a picture and those to be shown before it leaves a hole.
        await until(lambda: sender.poll() is not None, 30)
    await until(lambda: last(heard, "b").ended_ms)

    seen = decoded(await whole(http, "b", longest(heard, "b")), tmp_path)
    steps = [later - earlier for earlier, later in itertools.pairwise(seen.pictures_s)]
    assert (seen.complaints, segments(heard, "b") >= 2) == ("", True)
    assert min(steps) > 0.03
    assert max(steps) < 0.037


async def test_a_sender_with_too_few_key_frames_is_encoded_anew_and_says_so(
    http: httpx2.AsyncClient, heard: Listener, tmp_path: Path
) -> None:
    url = await wanted(http, "lazy")
    words = [*PICTURE, *SOUND, *H264, "-g", "250", *STEREO]
    with ffmpeg(url + "right-key", *words):
        await until(lambda: heard.statuses["lazy"].reencoded, 25)
        await until(lambda: sum(each.done for each in longest(heard, "lazy").segments) >= 3, 25)  # what passed before has one or two
    await until(lambda: last(heard, "lazy").ended_ms)

    run = longest(heard, "lazy")
    assert decoded(await whole(http, "lazy", run), tmp_path).complaints == ""
    assert all(1_700 <= each.ends_ms - each.begins_ms <= 2_300 for each in run.segments[:-1])


async def test_a_studio_that_goes_on_air_between_its_key_frames_is_not_waited_for(
    http: httpx2.AsyncClient, heard: Listener, tmp_path: Path
) -> None:
    url = await wanted(http, "cut")
    with ffmpeg(url + "right-key", *USUAL):
        await until(lambda: segments(heard, "cut") >= 2, 25)
        before, begun = last(heard, "cut"), len(last(heard, "cut").segments)
        await until(lambda: len(last(heard, "cut").segments) > begun)  # a key frame has come a moment ago
        asked_ms = time.time() * 1_000
        assert (await http.post("/sources/cut/key")).status_code == 202
        await until(lambda: last(heard, "cut").run > before.run, 10)
        begins_ms = last(heard, "cut").begins_ms
        await until(lambda: segments(heard, "cut", before.run) >= 1, 25)
        status = heard.statuses["cut"]
    await until(lambda: last(heard, "cut").ended_ms)

    assert status.reencoded
    assert begins_ms - asked_ms < 1_000  # and not the two seconds between its key frames
    assert decoded(await whole(http, "cut", last(heard, "cut")), tmp_path).complaints == ""


async def test_pictures_that_players_do_not_show_are_encoded_anew(http: httpx2.AsyncClient, heard: Listener, tmp_path: Path) -> None:
    url = await wanted(http, "deep")
    words = [*PICTURE, *SOUND, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p", "-g", "60", *STEREO]
    with ffmpeg(url + "right-key", *words):
        await until(lambda: segments(heard, "deep") >= 1, 25)
        status = heard.statuses["deep"]

    assert status.reencoded
    assert decoded(await whole(http, "deep", longest(heard, "deep")), tmp_path).complaints == ""


async def test_sound_alone_is_turned_away(http: httpx2.AsyncClient, heard: Listener) -> None:
    url = await wanted(http, "radio")
    with ffmpeg(url + "right-key", *SOUND, *STEREO):
        await until(lambda: heard.statuses["radio"].why == "source.no_picture", 20)


async def test_each_studio_has_its_port_and_keeps_it(tmp_path: Path) -> None:
    first = free_port()
    words = ("--rtmp-ports", f"{first}-{first + 1}")

    async def ask(http: httpx2.AsyncClient, name: str) -> httpx2.Response:
        return await http.put(f"/sources/{name}", json={"kind": "rtmp", "rtmp_key": "k"})

    with media_process(tmp_path / "m", *words) as (url, process):
        async with client(url) as http:
            ports = [(await ask(http, name)).json()["rtmp_port"] for name in ("b", "a")]
            full = await ask(http, "c")
        process.kill()
        process.wait()
    with media_process(tmp_path / "m", *words) as (url, _):
        async with client(url) as http:
            again = {name: status["rtmp_port"] for name, status in (await http.get("/sources")).json().items()}

    assert sorted(ports) == [first, first + 1]
    assert (full.status_code, full.json()["code"]) == (422, "source.no_port")
    assert [again["b"], again["a"]] == ports
