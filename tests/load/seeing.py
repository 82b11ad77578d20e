"""What the benches of lanes see and hear with: a film and a source with burnt time, a browser that reads it, a demo to play them in."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from tests.running import ROOT, Samsyn, demo
from tests.staff import Person

WIDTH, HEIGHT, RATE, BITS, BLOCK = 1280, 720, 25, 32, 32
FILM = ROOT / ".cache" / "clips" / "time-code.mp4"
FILM_S = 240
BEEP_MS = 100  # each second begins with a tone and a white field

EYES = """(film) => {
  const v = document.querySelector("video"), c = Object.assign(document.createElement("canvas"), { width: 1024, height: 64 });
  const ctx = c.getContext("2d", { willReadFrequently: true });
  const R = window.R = { frames: [], stalls: [], errors: [], flashes: [], beeps: [], film };
  let last = 0, white = false;
  const look = (now, meta) => {
    ctx.drawImage(v, 0, 0, 1024 * v.videoWidth / 1280, 64 * v.videoHeight / 720, 0, 0, 1024, 64);
    const row = ctx.getImageData(0, 16, 1024, 1).data, below = ctx.getImageData(0, 48, 8, 1).data;
    let ms = 0;
    for (let i = 0; i < 32; i++) ms = ms * 2 + (row[(i * 32 + 16) * 4] > 128 ? 1 : 0);
    const lit = below[8] > 200;
    if (lit && !white) R.flashes.push(meta.expectedDisplayTime);
    white = lit;
    R.frames.push([Date.now(), last ? now - last : 0, ms, meta.mediaTime, meta.width]);
    last = now;
    v.requestVideoFrameCallback(look);
  };
  v.requestVideoFrameCallback(look);
  v.addEventListener("waiting", () => R.stalls.push(Date.now()));
  v.addEventListener("error", () => R.errors.push(String(v.error?.message)));
  v.muted = false;
  const ears = new AudioContext(), from = ears.createMediaElementSource(v), tap = ears.createScriptProcessor(256, 1, 1);
  let loud = false;
  tap.onaudioprocess = (e) => {
    const heard = e.inputBuffer.getChannelData(0);
    for (let i = 0; i < heard.length; i++) {
      const is = Math.abs(heard[i]) > 0.1;
      if (is && !loud) R.beeps.push(performance.now() + 1000 * (e.playbackTime - ears.currentTime) + i / ears.sampleRate * 1000);
      if (is) loud = performance.now();
    }
    if (loud && performance.now() - loud > 50) loud = false;
  };
  from.connect(tap); tap.connect(ears.destination); ears.resume();
}"""
"""Put into a page with a video: reads the burnt time of every picture, notes how long each stood, flashes and beeps."""


def burn(luma: np.ndarray, ms: int) -> None:
    """Write a moment into a picture, and whether its second has just begun."""
    for bit in range(BITS):
        luma[0:BLOCK, bit * BLOCK : (bit + 1) * BLOCK] = 235 if (ms >> (BITS - 1 - bit)) & 1 else 16
    luma[BLOCK : 2 * BLOCK, 0:1024] = 235 if ms % 1_000 < BEEP_MS else 16


class Camera:
    """Pictures and sound of which every one says when it was made."""

    def __init__(self, rate: int = RATE, preset: str = "ultrafast") -> None:
        self.rate = rate
        self._empty = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
        self._empty[:HEIGHT] = np.linspace(40, 200, WIDTH, dtype=np.uint8)
        video = av.CodecContext.create("libx264", "w")
        video.width, video.height, video.pix_fmt, video.bit_rate = WIDTH, HEIGHT, "yuv420p", 1_000_000
        video.time_base, video.framerate = Fraction(1, rate), Fraction(rate)
        keys = f"keyint={2 * rate}:min-keyint={2 * rate}:scenecut=0:repeat-headers=1"
        video.options = {"preset": preset, "tune": "zerolatency", "threads": "1", "x264-params": keys}
        self.video = video

    def picture(self, number: int, ms: int) -> av.VideoFrame:
        """One picture."""
        yuv = self._empty.copy()
        at = number * 8 % (WIDTH - 200)
        yuv[300:500, at : at + 200] = 220
        burn(yuv, ms & 0xFFFFFFFF)
        frame = av.VideoFrame.from_ndarray(yuv, "yuv420p")
        frame.pts, frame.time_base = number, Fraction(1, self.rate)
        return frame


def sound(begins_ms: int, samples: int) -> av.AudioFrame:
    """A tone at the beginning of each second, from *begins_ms* on."""
    at = begins_ms + np.arange(samples) / 48
    wave = np.where(at % 1_000 < BEEP_MS, 0.5 * np.sin(2 * np.pi * at), 0).astype("f4")
    frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]), "fltp", "stereo")
    frame.sample_rate = 48_000
    return frame


def film() -> Path:
    """A film whose pictures say how old it is, in ms; made once."""
    if not FILM.is_file():
        FILM.parent.mkdir(parents=True, exist_ok=True)
        draft = FILM.with_suffix(".draft.mp4")
        camera = Camera(preset="veryfast")
        with av.open(str(draft), "w") as target:
            video = target.add_stream("libx264", RATE, options=dict(camera.video.options))
            video.width, video.height, video.pix_fmt, video.bit_rate = WIDTH, HEIGHT, "yuv420p", 800_000
            audio = target.add_stream("aac", 48_000, layout="stereo")
            for number in range(FILM_S * RATE):
                target.mux(video.encode(camera.picture(number, number * 1_000 // RATE)))
            for n in range(FILM_S * 48_000 // 1_024):
                frame = sound(n * 1_024 // 48, 1_024)
                frame.pts = n * 1_024
                target.mux(audio.encode(frame))
            for stream in (video, audio):
                target.mux(stream.encode(None))
        draft.rename(FILM)
    return FILM


@contextmanager
def a_live_day(folder: Path) -> Iterator[tuple[Samsyn, Person, str]]:
    """A demo that is live, its moderator, and the id of the film with burnt time in it."""
    with demo(folder) as day, Person(day).by_link("organizer") as organizer, Person(day).by_link("moderator") as moderator:
        with film().open("rb") as body:
            files = {"file": ("time.mp4", body, "video/mp4")}
            given = organizer.http.post(f"{day.day}/library/films", files=files, data={"title": "Tid"}, timeout=120)
        given.raise_for_status()
        status = given.json()["status"]
        while organizer.http.get(status).json()["state"] not in {"ready", "refused"}:
            time.sleep(0.5)
        moderator.answer("rundown.go", {})
        yield day, moderator, str(given.json()["film"])


def began_ms(moderator: Person) -> float:
    """When what is on air began, as everybody's time."""
    return datetime.fromisoformat(moderator.state()["lane"]["since"]).timestamp() * 1_000


def quantiles(found: list[float]) -> dict[str, float]:
    """Least, median, 95 and 99 of a hundred, most."""
    ordered = sorted(found)
    if not ordered:
        return {"n": 0}
    places = {"min": 0.0, "median": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return {"n": len(ordered), **{name: round(ordered[min(len(ordered) - 1, int(len(ordered) * at))], 1) for name, at in places.items()}}


def asked(about: str | None, **more: Any) -> argparse.Namespace:
    """Arguments that all benches have, and *more*: name=default."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.mkdtemp(prefix="samsyn-load-")), help="data of the demo; a new one by default"
    )
    for name, default in more.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    return parser.parse_args()
