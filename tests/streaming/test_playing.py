"""Real players go through film changes: Debian's ffmpeg and ffprobe, and hls.js in Chromium."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright

from tests.conference.days import DAY, MODERATOR
from tests.streaming.clips import lacking, program
from tests.streaming.houses import RunningClock, Studio, a_studio, players_server
from tests.streaming.test_playlists import parsed, seconds

KNOWN = ("Found duplicated MOOV Atom. Skipped it", "Last message repeated", "Can't support the subtitle")  # said of every lane; harmless

PAGE = """<!doctype html><video id="v" muted autoplay playsinline width="640"></video><script src="/hls.js"></script><script>
const v = document.getElementById("v"), h = new Hls({ liveSyncDuration: 4 });
const seen = { errors: [], strips: [], waits: 0, gap: 0, cues: {}, off: [] };
let last = 0;
h.on(Hls.Events.ERROR, (_, e) => e.details !== "aborted" && seen.errors.push(`${e.details} ${e.error ?? ""}`));
h.on(Hls.Events.SUBTITLE_TRACKS_UPDATED, () => { h.subtitleTrack = 0; });
h.on(Hls.Events.FRAG_CHANGED, (_, { frag }) => {
  const strip = (frag.relurl ?? frag.initSegment.relurl).split("/").at(-2); // one that is not closed yet has parts only
  if (seen.strips.at(-1) !== strip) seen.strips.push(strip);
});
v.addEventListener("waiting", () => { seen.waits += last ? 1 : 0; });
const frame = (now) => { if (last) seen.gap = Math.max(seen.gap, now - last); last = now; v.requestVideoFrameCallback(frame); };
v.addEventListener("playing", () => setTimeout(() => v.requestVideoFrameCallback(frame), 1000), { once: true });
setInterval(() => {
  for (const track of v.textTracks) for (const cue of track.activeCues ?? []) seen.cues[cue.text] = h.playingDate.getTime();
}, 50);
h.loadSource(location.hash.slice(1));
h.attachMedia(v);
</script>"""


@pytest.fixture
async def a_day(tmp_path: Path, media_url: str) -> AsyncIterator[Studio]:
    """A whole small day, just over: slate, a film cut twice by others, a film to its end, slate."""
    async with a_studio(f"sqlite+aiosqlite:///{tmp_path / 'day.db'}", tmp_path, media_url) as studio:
        await studio.go_live()
        for source, after_s in (("film-dagen", 3.1), ("film-stod", 7.3), ("slate", 5.9), ("film-hemma", 2.0)):
            await studio.take(source, after_s)
        studio.house.clock.wind(timedelta(seconds=75))
        await studio.house.programme.end(MODERATOR)
        await studio.react()
        studio.house.clock.wind(timedelta(seconds=5))
        yield studio


async def run(name: str, *words: str, most_s: float = 60) -> tuple[str, list[str]]:
    """What a program says, and what it complains about."""
    process = await asyncio.create_subprocess_exec(program(name), "-v", "warning", *words, stdout=-1, stderr=-1)
    try:
        out, err = await asyncio.wait_for(process.communicate(), most_s)
    finally:
        if process.returncode is None:
            process.kill()
    return out.decode(), [line for line in err.decode().splitlines() if not any(known in line for known in KNOWN)]


async def test_ffmpeg_decodes_a_whole_day_without_a_complaint(a_day: Studio) -> None:
    async with players_server(a_day.origin) as server:
        _, complaints = await run("ffmpeg", "-i", f"{server}/days/{DAY}/lanes/national/day.m3u8", "-f", "null", "-")

    assert complaints == []


async def test_ffprobe_sees_one_clock_through_all_cuts_and_the_length_of_the_list(a_day: Studio) -> None:
    listed = sum(map(seconds, parsed(await a_day.origin.playlist(DAY, "national", "day.m3u8"))[1]))
    async with players_server(a_day.origin) as server:
        told, _ = await run("ffprobe", "-show_entries", "packet=stream_index,dts_time:format=duration", "-of", "json",
                            f"{server}/days/{DAY}/lanes/national/day.m3u8")  # fmt: skip

    found = json.loads(told)
    steps = {
        index: [round(two - one, 3) for one, two in pairwise(float(p["dts_time"]) for p in found["packets"] if p["stream_index"] == index)]
        for index in (0, 1)
    }
    assert {round(step, 2) for step in steps[0]} == {0.04}
    assert all(-0.001 < step < 0.043 for step in steps[1])
    assert float(found["format"]["duration"]) == pytest.approx(listed, abs=0.1)


async def test_ffmpeg_follows_a_live_lane_through_a_film_change(tmp_path: Path, media_url: str) -> None:
    async with a_studio(f"sqlite+aiosqlite:///{tmp_path / 'day.db'}", tmp_path, media_url, RunningClock()) as studio:
        await studio.go_live()
        async with players_server(studio.origin) as server:
            playing = asyncio.create_task(
                run(
                    "ffmpeg",
                    "-live_start_index",
                    "-2",
                    "-i",
                    f"{server}/days/{DAY}/lanes/r-vastero/index.m3u8",
                    "-t",
                    "12",
                    "-f",
                    "framehash",
                    "-",
                )
            )
            await asyncio.sleep(2)
            await studio.lanes.take(MODERATOR, "film-dagen")
            frames, complaints = await playing

    pictures = [line.split(",") for line in frames.splitlines() if line.startswith("0,")]
    assert complaints == []
    assert len(pictures) == 300
    assert len({fields[-1] for fields in pictures}) > 20  # the slate stands still, the film does not


@pytest.mark.browser
async def test_hls_js_plays_through_film_changes_without_a_stall(tmp_path: Path, media_url: str) -> None:
    async with a_studio(f"sqlite+aiosqlite:///{tmp_path / 'day.db'}", tmp_path, media_url, RunningClock()) as studio:
        await studio.go_live()
        studio.house.clock.wind(timedelta(minutes=5))  # a late viewer: the window begins long after the day
        async with players_server(studio.origin, PAGE) as server:
            seen, begun_at = await _watch(studio, server)

    assert seen["errors"] == []
    assert seen["strips"] == ["slate", "2", "3", "slate"]
    assert seen["waits"] == 0
    assert seen["gap"] < 400  # ms, on a machine that does other things as well
    said_at = seen["cues"]["Välkommen. Så här gör ni\nsom ser dagen tillsammans."]
    assert 400 <= said_at - begun_at <= 6_900  # seen last before 6.8 s


async def _watch(studio: Studio, server: str) -> tuple[dict[str, Any], float]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        lacking("chromium is not installed")
    async with async_playwright() as browsers:
        browser = await browsers.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        )
        page = await browser.new_page()
        await page.goto(f"{server}/#/days/{DAY}/lanes/national/index.m3u8")
        for source, wait_s in ((None, 3.0), ("film-dagen", 8.0), ("film-stod", 5.0), ("slate", 8.0)):
            if source:
                await studio.lanes.take(MODERATOR, source)
            await asyncio.sleep(wait_s)
        seen: dict[str, Any] = await page.evaluate("seen")
        await browser.close()
    began = next(event for event in studio.house.events("streaming.taken") if event.source == "film-dagen")
    return seen, began.since.timestamp() * 1_000


@pytest.mark.browser
async def test_hls_js_changes_over_to_the_small_picture_and_back(tmp_path: Path, media_url: str) -> None:
    async with a_studio(f"sqlite+aiosqlite:///{tmp_path / 'day.db'}", tmp_path, media_url, RunningClock()) as studio:
        await studio.go_live()
        await studio.lanes.take(MODERATOR, "film-dagen")
        async with players_server(studio.origin, PAGE) as server, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=program("chromium"), args=["--no-sandbox"])
            page = await browser.new_page()
            await page.goto(f"{server}/#/days/{DAY}/lanes/national/index.m3u8")
            await page.wait_for_function("v.videoWidth > 0 && v.currentTime > 1")
            widths = []
            for level in (0, 1):
                await page.evaluate("level => { h.nextLevel = level; }", level)
                await page.wait_for_function("width => v.videoWidth == width", arg=(640, 1280)[level])
                widths.append(await page.evaluate("v.videoWidth"))
            errors: list[str] = (await page.evaluate("seen"))["errors"]
            await browser.close()

    assert (widths, errors) == ([640, 1280], [])
