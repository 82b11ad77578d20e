"""A real browser with a camera that publishes."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from playwright.async_api import Page, async_playwright

from tests.browsers import ARGUMENTS
from tests.servers import lacking
from tests.streaming.media.senders import SDP, Listener, client, decoded, listening, until, whole
from tests.streaming.media.test_live import last, longest, segments

pytestmark = pytest.mark.browser

CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--disable-features=WebRtcHideLocalIpsWithMdns"]
PUBLISH = """
async ({width, height, rate}) => {
  const stream = await navigator.mediaDevices.getUserMedia({video: {width, height, frameRate: rate}, audio: true})
  const peer = window.peer = new RTCPeerConnection({iceServers: []})
  for (const track of stream.getTracks()) {
    track.contentHint = track.kind === "video" ? "motion" : "speech"
    const {sender} = peer.addTransceiver(track, {direction: "sendonly", streams: [stream], sendEncodings: [{maxBitrate: 1_500_000}]})
    if (track.kind === "video") {
      const parameters = sender.getParameters()
      parameters.degradationPreference = "maintain-resolution"
      await sender.setParameters(parameters)
    }
  }
  for (const each of peer.getTransceivers()) {
    if (each.sender.track.kind !== "video") continue
    const can = RTCRtpSender.getCapabilities("video").codecs
    each.setCodecPreferences(can.filter(codec => ["video/H264", "video/rtx"].includes(codec.mimeType)))
  }
  await peer.setLocalDescription(await peer.createOffer())
  await new Promise(done => peer.iceGatheringState === "complete" ? done() : peer.onicegatheringstatechange = () =>
    peer.iceGatheringState === "complete" && done())
  return peer.localDescription.sdp
}
"""


@asynccontextmanager
async def a_camera(tmp_path: Path) -> AsyncIterator[Page]:
    """A page of our own in Debian's Chromium; cameras need a page on this machine."""
    program = shutil.which("chromium")
    if not program:
        lacking("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=[*ARGUMENTS, *CAMERA])
        page = await browser.new_page()
        await page.route("**/*", lambda route: route.fulfill(body="<!doctype html><title>camera</title>", content_type="text/html"))
        await page.goto("http://127.0.0.1:9/")
        yield page
        await browser.close()


@asynccontextmanager
async def publishing_from(page: Page, http: httpx2.AsyncClient, source: str, **size: int) -> AsyncIterator[httpx2.Response]:
    await http.put(f"/sources/{source}", json={"kind": "whip"})
    offer = await page.evaluate(PUBLISH, {"width": 1280, "height": 720, "rate": 30, **size})
    answer = await http.post(f"/sources/{source}/whip", content=offer, headers=SDP)
    assert answer.status_code == 201, answer.text
    await page.evaluate(f"peer.setRemoteDescription({{type: 'answer', sdp: {json.dumps(answer.text)}}})")
    yield answer
    await page.evaluate("peer.close()")


@pytest.fixture
async def http(media_url: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(media_url) as http:
        yield http


@pytest.fixture
async def heard(http: httpx2.AsyncClient) -> AsyncIterator[Listener]:
    async with listening(http) as heard:
        yield heard


async def test_a_browser_publishes_with_a_key_frame_every_two_seconds(http: httpx2.AsyncClient, heard: Listener, tmp_path: Path) -> None:
    async with a_camera(tmp_path) as page, publishing_from(page, http, "camera"):
        await until(lambda: longest(heard, "camera").segments[5].done, 40)
        status = heard.statuses["camera"]

    run = longest(heard, "camera")
    lengths = [each.ends_ms - each.begins_ms for each in run.segments[1:] if each.done]
    complaints = decoded(await whole(http, "camera", run), tmp_path).complaints
    assert (status.state, status.width, status.height, status.level_db is not None) == ("live", 1280, 720, True)
    assert all(1_700 <= length <= 2_300 for length in lengths[:-1])
    assert complaints == ""


async def test_a_key_frame_comes_at_once_when_a_take_asks_for_it(http: httpx2.AsyncClient, heard: Listener, tmp_path: Path) -> None:
    async with a_camera(tmp_path) as page, publishing_from(page, http, "take", width=640, height=360):
        await until(lambda: segments(heard, "take") >= 2, 30)
        late = []
        for _ in range(3):
            await asyncio.sleep(1.3)
            asked = asyncio.get_running_loop().time()
            before = len(last(heard, "take").segments)
            await http.post("/sources/take/key")
            await until(lambda: len(last(heard, "take").segments) > before, 3)  # noqa: B023  # called before the next turn
            late.append(asyncio.get_running_loop().time() - asked)

    assert sorted(late)[1] < 0.6
