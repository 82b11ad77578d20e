"""A real Chromium watches: pictures begin at once, run on, and the others are heard."""

from __future__ import annotations

import asyncio
import itertools
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from streaming.media.feed import Feed
from streaming.media.panels import Panel
from streaming.media.sdp import Gate
from streaming.media.watching import Viewers
from streaming.media.whep import Whep
from tests.browsers import chromium
from tests.streaming.media.studios import a_studio

PAGE = """<!doctype html><meta charset=utf-8><title>WHEP</title><video autoplay muted playsinline></video><script>
const R = window.R = {numbers: [], errors: [], kinds: []}, video = document.querySelector('video');
const canvas = Object.assign(document.createElement('canvas'), {width: 512, height: 16});
const context = canvas.getContext('2d', {willReadFrequently: true});
function seen() {
  context.drawImage(video, 0, 0, 512, 16, 0, 0, 512, 16);
  const row = context.getImageData(0, 8, 512, 1).data;
  let number = 0;
  for (let i = 0; i < 32; i++) number = number * 2 + (row[(i * 16 + 8) * 4] > 128 ? 1 : 0);
  R.numbers.push(number);
  video.requestVideoFrameCallback(seen);
}
(async () => {
  const pc = window.pc = new RTCPeerConnection(), stream = new MediaStream();
  for (const kind of ['video', 'audio']) pc.addTransceiver(kind, {direction: 'recvonly'});
  const sound = new AudioContext(), analyser = new AnalyserNode(sound, {fftSize: 8192}), bins = new Float32Array(4096);
  pc.ontrack = event => {
    R.kinds.push(event.track.kind); stream.addTrack(event.track); video.srcObject = stream;
    if (event.track.kind === 'audio') sound.createMediaStreamSource(new MediaStream([event.track])).connect(analyser);
  };
  window.loud = hertz => { analyser.getFloatFrequencyData(bins); return bins[Math.round(hertz * 8192 / sound.sampleRate)]; };
  video.requestVideoFrameCallback(seen);
  await pc.setLocalDescription(await pc.createOffer());
  const answer = await fetch(new URLSearchParams(location.search).get('at'),
    {method: 'POST', headers: {'Content-Type': 'application/sdp'}, body: pc.localDescription.sdp});
  if (answer.status !== 201) throw new Error(answer.status + ' ' + await answer.text());
  await pc.setRemoteDescription({type: 'answer', sdp: await answer.text()});
})().catch(error => R.errors.push('' + error));
</script>"""
STATS = """async () => {
  const found = {};
  for (const each of (await pc.getStats()).values())
    if (each.type === 'inbound-rtp') found[each.kind] = {decoded: each.framesDecoded, lost: each.packetsLost,
      samples: each.totalSamplesReceived, concealed: each.concealedSamples, freezes: each.freezeCount};
  return found;
}"""


class House:
    """Two studios and their panel."""

    def __init__(self) -> None:
        self.feeds: dict[str, Feed] = {}
        self.of_panel: Panel | None = None
        self.watching: Viewers | None = None

    def feed(self, name: str) -> Feed | None:
        return self.feeds.get(name)

    def panel(self, name: str) -> Panel | None:
        return self.of_panel if name == "panel" else None

    def viewers(self) -> Viewers:
        self.watching = self.watching or Viewers()
        return self.watching

    async def serve(self, listening: socket.socket, ended: threading.Event) -> None:
        async def page(_: Request) -> HTMLResponse:
            return HTMLResponse(PAGE)

        app = Starlette(routes=[Route("/", page), *Whep(self, Gate(allow_loopback=True)).routes()])
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
        async with a_studio("ann", 400) as ann, a_studio("bo", 800) as bo:
            self.of_panel = Panel(Feed("panel"), self.feed, lambda: time.monotonic() * 1_000)
            self.feeds = {"ann": ann.feed, "bo": bo.feed, "panel": self.of_panel.feed}
            self.of_panel.seat(["ann", "bo"])
            work = [asyncio.create_task(self.of_panel.run()), asyncio.create_task(server._serve([listening]))]
            await asyncio.to_thread(ended.wait)
            await self.viewers().end_all()
            server.should_exit = True
            await work.pop()
            work[0].cancel()
            with suppress(asyncio.CancelledError):
                await work[0]


@contextmanager
def a_house() -> Iterator[str]:
    """In a thread: Playwright wants this one for itself."""
    listening, ended = socket.create_server(("127.0.0.1", 0)), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(House().serve(listening, ended)))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        ended.set()
        thread.join(30)
        listening.close()


@pytest.mark.browser
@pytest.mark.parametrize(("path", "heard"), [("/sources/ann/whep", 400), ("/sources/panel/whep?without=ann", 800)])
def test_chromium_sees_and_hears(path: str, heard: int) -> None:
    with a_house() as origin, chromium() as browser:
        page = browser.new_page()
        page.goto(f"{origin}/?at={path.replace('?', '%3F')}")
        page.wait_for_function(f"R.errors.length || (R.numbers.length > 100 && loud({heard}) > -40)", timeout=60_000)
        others = page.evaluate(f"loud({1_200 - heard})")
        numbers: list[int] = page.evaluate("R.numbers")
        stats = page.evaluate(STATS)
        errors, kinds = page.evaluate("R.errors"), page.evaluate("R.kinds")

    assert errors == []
    assert sorted(kinds) == ["audio", "video"]
    assert stats["video"]["decoded"] > 90
    assert stats["video"]["lost"] == stats["audio"]["lost"] == 0
    assert others < -60
    assert numbers[-1] - numbers[0] >= 90
    assert sum(after < before for before, after in itertools.pairwise(numbers)) <= 2  # a panel may cut between studios
    print(path, stats)
