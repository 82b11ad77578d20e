"""Live sources as others meet them: a real media process, aiortc that publishes, and what can be read of it."""

from __future__ import annotations

import asyncio
import io
import itertools
import time
from collections.abc import AsyncIterator
from pathlib import Path

import av
import httpx2
import pytest

from streaming import boxes
from streaming.media.runs import Run
from tests.streaming.houses import media_process
from tests.streaming.media.senders import (
    Listener,
    client,
    clip,
    decoded,
    fragments,
    listening,
    publishing,
    runs_of,
    until,
    whole,
)

pytestmark = pytest.mark.faults  # they keep time


@pytest.fixture
async def http(media_url: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(media_url) as http:
        yield http


@pytest.fixture
async def heard(http: httpx2.AsyncClient) -> AsyncIterator[Listener]:
    async with listening(http) as heard:
        yield heard


def segments(heard: Listener, source: str, after: int = 0) -> int:
    """How many segments are complete, in runs after one; a machine that is busy may make more runs than one would think."""
    return sum(each.done for run in heard.runs.get(source, {}).values() if run.run > after for each in run.segments)


def last(heard: Listener, source: str) -> Run:
    """The newest run; `LookupError` while there is none."""
    if not heard.runs[source]:
        raise LookupError(source)
    return heard.runs[source][max(heard.runs[source])]


def longest(heard: Listener, source: str) -> Run:
    """The longest run; `LookupError` while there is none."""
    if not heard.runs[source]:
        raise LookupError(source)
    return max(heard.runs[source].values(), key=lambda run: run.edge_ms - run.begins_ms)


async def test_what_is_published_becomes_segments_that_are_clean(http: httpx2.AsyncClient, heard: Listener, tmp_path: Path) -> None:
    async with publishing(http, "clean"):
        await until(lambda: segments(heard, "clean") >= 3)
        status = heard.statuses["clean"]
    await until(lambda: last(heard, "clean").ended_ms)

    run = longest(heard, "clean")
    seen = decoded(await whole(http, "clean", run), tmp_path)
    assert await runs_of(http, "clean") == list(heard.runs["clean"].values())
    assert (status.state, status.width, status.height, round(status.frame_rate), status.path) == ("live", 640, 360, 30, "host")
    assert 1_000 < status.kbit_s < 2_500
    assert status.level_db is not None
    assert -18 < status.level_db < -12
    assert seen.complaints == ""
    assert all((later - earlier) % 120 == 1 for earlier, later in itertools.pairwise(seen.numbers))
    assert run.ended_ms is not None
    assert abs(seen.pictures_s[0] - run.begins_ms / 1_000) < 0.001
    assert abs(len(seen.numbers) / 30 - (run.ended_ms - run.begins_ms) / 1_000) < 0.05
    assert abs(len(seen.sound_s) * 1_024 / 48_000 - (run.ended_ms - run.begins_ms) / 1_000) < 0.05


async def test_parts_are_told_soon_and_segments_are_two_seconds_long(http: httpx2.AsyncClient, heard: Listener) -> None:
    async with publishing(http, "soon"):
        await until(lambda: segments(heard, "soon") >= 4)

    told = [(at, notice) for at, notice in heard.told if notice.source == "soon"]
    late = sorted(at - notice.ends_ms for at, notice in told if notice.ends_ms)
    lengths = [each.ends_ms - each.begins_ms for each in longest(heard, "soon").segments[:-1]]
    assert late[len(late) // 2] < 120
    assert all(1_700 <= length <= 2_300 for length in lengths)
    assert all(at >= notice.begins_ms for at, notice in told if notice.begins_ms)


async def test_a_publisher_that_is_gone_ends_its_run_within_a_second_and_comes_back(http: httpx2.AsyncClient, heard: Listener) -> None:
    async with publishing(http, "gone") as publisher:
        await until(lambda: segments(heard, "gone") >= 1)
        for track in publisher.tracks.values():
            track.frozen = True
        frozen_ms = time.time() * 1_000
        await until(lambda: last(heard, "gone").ended_ms)
        before, ended_ms = last(heard, "gone").run, heard.told[-1][0]
        await until(lambda: heard.statuses["gone"].state == "gone")
        for track in publisher.tracks.values():
            track.frozen = False
        back_ms = time.time() * 1_000
        await until(lambda: last(heard, "gone").run > before)

    assert 0.3 < (ended_ms - frozen_ms) / 1_000 < 1.1
    assert heard.runs["gone"][before + 1].begins_ms - back_ms < 2_300  # its next key frame


async def test_a_publisher_that_takes_leave_ends_its_run_at_once(http: httpx2.AsyncClient, heard: Listener) -> None:
    async with publishing(http, "leave") as publisher:
        await until(lambda: segments(heard, "leave") >= 1)
        left_ms = time.time() * 1_000
        assert (await http.delete(publisher.resource)).status_code == 200
        await until(lambda: last(heard, "leave").ended_ms)
        ended_ms = next(at for at, notice in reversed(heard.told) if notice.source == "leave" and notice.ended_ms)

        assert ended_ms - left_ms < 500
        assert (await http.delete(publisher.resource)).status_code == 404


async def test_a_new_publisher_replaces_the_one_before_without_a_hole(http: httpx2.AsyncClient, heard: Listener, tmp_path: Path) -> None:
    async with publishing(http, "again") as first:
        await until(lambda: segments(heard, "again") >= 1)
        async with publishing(http, "again", clip(320, 180), make=False) as second:
            await until(lambda: any(run.width == 320 and run.segments[0].done for run in heard.runs["again"].values()))
            gone = await http.delete(first.resource)
            assert heard.statuses["again"].publisher == second.resource.rpartition("/")[2]

    two = next(run for run in heard.runs["again"].values() if run.width == 320)
    one = heard.runs["again"][two.run - 1]
    assert one.ended_ms is not None
    assert 0 <= two.begins_ms - one.ended_ms < 500
    assert gone.status_code == 404
    assert (one.width, two.height) == (640, 180)
    assert decoded(await whole(http, "again", two), tmp_path).complaints == ""


async def test_a_change_of_resolution_in_the_middle_is_a_new_run_with_its_own_init(
    http: httpx2.AsyncClient, heard: Listener, tmp_path: Path
) -> None:
    async with publishing(http, "size") as publisher:
        await until(lambda: segments(heard, "size") >= 1)
        publisher.tracks["video"].swap(clip(480, 270).pictures)
        await until(lambda: any(run.width == 480 and run.segments[0].done for run in heard.runs["size"].values()))

    two = next(run for run in heard.runs["size"].values() if run.width == 480)
    one = heard.runs["size"][two.run - 1]
    assert one.ended_ms == two.begins_ms
    assert [(run.width, run.height) for run in (one, two)] == [(640, 360), (480, 270)]
    assert [decoded(await whole(http, "size", run), tmp_path).complaints for run in (one, two)] == ["", ""]


@pytest.mark.parametrize(("lost", "name"), [
    ([False] * 40 + [True] + [False] * 200, "one"),
    ([False] * 60 + [True] * 5 + [False] * 200, "burst"),
    ([n % 97 == 50 for n in range(400)], "some"),
])  # fmt: skip
async def test_lost_packets_give_no_broken_picture(
    http: httpx2.AsyncClient, heard: Listener, tmp_path: Path, lost: list[bool], name: str
) -> None:
    source = f"lost-{name}"
    async with publishing(http, source) as publisher:
        await until(lambda: segments(heard, source) >= 1)
        publisher.drops.append(lambda n: n < len(lost) and lost[n])
        await asyncio.sleep(6)
        lost_there = heard.statuses[source].lost

    shown: list[int] = []
    for run in await runs_of(http, source):
        seen = decoded(await whole(http, source, run), tmp_path)
        assert seen.complaints == ""
        shown += seen.numbers
    assert lost_there > 0
    steps = [(later - earlier) % 120 for earlier, later in itertools.pairwise(shown)]
    assert all(step == 1 or later % 60 == 0 for step, later in zip(steps, shown[1:], strict=True))  # on with a key frame


async def test_a_camera_without_a_microphone_has_silence(http: httpx2.AsyncClient, heard: Listener, tmp_path: Path) -> None:
    async with publishing(http, "mute", sound=False):
        await until(lambda: segments(heard, "mute") >= 2)
        status = heard.statuses["mute"]

    run = longest(heard, "mute")
    seen = decoded(await whole(http, "mute", run), tmp_path)
    assert status.level_db is None
    assert (seen.complaints, abs(len(seen.sound_s) * 1_024 / 48_000 - (run.edge_ms - run.begins_ms) / 1_000) < 0.05) == ("", True)


async def test_a_microphone_without_a_camera_has_no_runs_but_is_live(http: httpx2.AsyncClient, heard: Listener) -> None:
    async with publishing(http, "voice", picture=False):
        await until(lambda: "voice" in heard.statuses and heard.statuses["voice"].state == "live")
        await until(lambda: heard.statuses["voice"].level_db is not None)

        assert await runs_of(http, "voice") == []


async def test_a_key_frame_is_asked_for_and_begins_a_segment(http: httpx2.AsyncClient, heard: Listener) -> None:
    async with publishing(http, "key", clip(gop_s=0.5)):
        await until(lambda: segments(heard, "key") >= 2)
        asked = time.time() * 1_000
        answer = await http.post("/sources/key/key")
        await until(lambda: last(heard, "key").segments[-1].begins_ms > asked)

    assert answer.status_code == 202
    assert last(heard, "key").segments[-1].begins_ms - asked < 700


async def test_parts_never_change_and_may_be_kept_for_ever(http: httpx2.AsyncClient, heard: Listener) -> None:
    async with publishing(http, "parts"):
        await until(lambda: any(len(run.segments) > 1 and run.segments[1].done for run in heard.runs.get("parts", {}).values()))

    run = next(run for run in heard.runs["parts"].values() if len(run.segments) > 1)
    count = len(run.segments[1].ends)
    base = f"/sources/parts/{run.run}"
    each = [await http.get(f"{base}/1-{n}-{n + 1}.m4s") for n in range(count)]
    some, opened = await http.get(f"{base}/1-0-{count}.m4s"), await http.get(f"{base}/1-0-{count}o.m4s")
    assert b"".join(part.content for part in each) == some.content
    assert opened.content.endswith(some.content)
    assert len(fragments(opened.content)) == count + 1
    assert {part.headers["cache-control"] for part in (*each, some, opened)} == {"public, max-age=31536000, immutable"}
    assert [(await http.get(f"{base}/{name}")).status_code for name in ("1-0-9.m4s", "99-0-1.m4s", "x", "1-1-2o.m4s")] == [404] * 4
    assert (await http.get("/sources/parts/77/init.mp4")).status_code == 404


async def test_small_parts_have_the_borders_of_the_large_ones(http: httpx2.AsyncClient, heard: Listener) -> None:
    async with publishing(http, "small"):
        await until(lambda: segments(heard, "small") >= 2)
    run = longest(heard, "small")
    base, count = f"/sources/small/{run.run}", len(run.segments[1].ends)

    large, opened = [(await http.get(f"{base}/1-0-{count}{ending}.m4s")).content for ending in ("", "o")]
    small, small_opened = [(await http.get(f"{base}/small/1-0-{count}{ending}.m4s")).content for ending in ("", "o")]
    init = (await http.get(f"{base}/small.mp4")).content

    assert small_opened == opened.removesuffix(large) + small
    assert boxes.sound_of(small) == boxes.sound_of(large)
    with av.open(io.BytesIO(init + small), "r", format="mp4") as one, av.open(io.BytesIO(init + large), "r", format="mp4") as two:
        times = [[packet.pts for packet in each.demux(video=0) if packet.size] for each in (one, two)]
    assert times[0] == times[1]
    assert [(await http.get(f"{base}/small/{name}")).status_code for name in ("1-0-99.m4s", "99-0-1.m4s", "x")] == [404] * 3


async def test_a_source_that_is_wanted_no_more_is_gone_and_its_runs_stay(http: httpx2.AsyncClient, heard: Listener, tmp_path: Path) -> None:
    async with publishing(http, "past") as publisher:
        await until(lambda: segments(heard, "past") >= 1)
        dropped = await http.delete("/sources/past")
        refused = await http.post("/sources/past/whip", content=b"v=0", headers={"Content-Type": "application/sdp"})
        await until(lambda: any(notice.dropped for _, notice in heard.told))
        assert (await http.delete(publisher.resource)).status_code == 404

    runs = await runs_of(http, "past")
    assert (dropped.status_code, refused.status_code, (await http.delete("/sources/past")).status_code) == (200, 404, 404)
    assert "past" not in (await http.get("/sources")).json()
    assert decoded(await whole(http, "past", runs[-1]), tmp_path).complaints == ""
    async with publishing(http, "past"):
        await until(lambda: last(heard, "past").run == runs[-1].run + 1)


@pytest.mark.parametrize(("name", "body", "status", "code"), [
    ("..", {"kind": "whip"}, 404, None),
    (".x", {"kind": "whip"}, 422, "source.bad_name"),
    ("a b", {"kind": "whip"}, 422, "source.bad_name"),
    ("x" * 81, {"kind": "whip"}, 422, "source.bad_name"),
    ("ok", {"kind": "srt"}, 400, "wire.unreadable"),
    ("ok", {"kind": "whip", "other": 1}, 400, "wire.unreadable"),
    ("ok", {"kind": "rtmp"}, 422, "source.no_key"),
    ("ok", {"kind": "rtmp", "rtmp_key": "a/b"}, 422, "source.no_key"),
    ("ok", {"kind": "panel", "members": [str(n) for n in range(13)]}, 422, "source.too_many_members"),
    ("ok", [], 400, "wire.unreadable"),
])  # fmt: skip
async def test_what_cannot_be_a_source_is_refused(http: httpx2.AsyncClient, name: str, body: object, status: int, code: str | None) -> None:
    answer = await http.put(f"/sources/{name}", json=body)

    assert answer.status_code == status
    assert code is None or answer.json()["code"] == code


async def test_the_same_again_changes_nothing(http: httpx2.AsyncClient, heard: Listener) -> None:
    async with publishing(http, "same"):
        await until(lambda: segments(heard, "same") >= 1)
        again = await http.put("/sources/same", json={"kind": "whip"})
        await until(lambda: segments(heard, "same") >= 2)

    assert again.json()["state"] == "live"
    assert again.json()["publisher"] == heard.statuses["same"].publisher


async def test_a_kill_in_the_middle_of_a_run_loses_nothing_that_was_told(tmp_path: Path) -> None:
    with media_process(tmp_path / "m") as (url, process):
        async with client(url) as http, listening(http) as heard:
            async with publishing(http, "killed"):
                await until(lambda: segments(heard, "killed") >= 2)
                await asyncio.sleep(0.9)
                process.kill()
                process.wait()
            told = last(heard, "killed")

    with media_process(tmp_path / "m") as (url, _):
        async with client(url) as http, listening(http) as heard:
            run = (await runs_of(http, "killed"))[-1]
            body = await whole(http, "killed", run)
            async with publishing(http, "killed", make=False):
                await until(lambda: segments(heard, "killed", run.run) >= 1)
            following = next(each for each in await runs_of(http, "killed") if each.run > run.run)

    assert run.segments[: len(told.segments) - 1] == told.segments[:-1]
    assert run.segments[len(told.segments) - 1].ends[: len(told.segments[-1].ends)] == told.segments[-1].ends
    assert (run.ended_ms, run.edge_ms >= told.edge_ms) == (run.edge_ms, True)
    assert decoded(body, tmp_path).complaints == ""
    assert (following.run, following.begins_ms >= run.edge_ms) == (told.run + 1, True)
