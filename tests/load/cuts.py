"""Forty changes of picture while Chromium watches, at our own page and with our own player.

    python -m tests.load.cuts
    python -m tests.load.cuts --kinds film,slate,source --changes 40 --every 4
    python -m tests.load.cuts --ffmpeg 1             and ffmpeg reads the same lane beside

Prints one line of JSON: from wish to picture, the longest time that a picture stood around each change, stalls, errors, and how much later
sound is than picture at the end than it was at the beginning (a tone and a white field begin each second).
"""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import subprocess
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.browsers import chromium
from tests.load.rtmp import publishing
from tests.load.seeing import EYES, a_live_day, asked, quantiles
from tests.load.watching import a_page, watch

AROUND_MS = 2_500
SKEW_S = 15


def main() -> None:
    """Measure and print."""
    given = asked(__doc__, changes=40, every=4.0, kinds="film,slate", ffmpeg=0)
    kinds = given.kinds.split(",")
    with a_live_day(given.folder) as (day, moderator, film), chromium() as browser, publishing(day, "src-studio", "source" in kinds):
        names = {"film": film, "slate": "slate", "source": "src-studio"}
        moderator.ask("streaming.take", {"source": film})
        page = a_page(browser)
        watch(page, day)
        page.evaluate(EYES, 0)
        time.sleep(SKEW_S)
        log = given.folder / "ffmpeg.log"
        reading = _ffmpeg(day.told["lanes"]["national"], given.changes * given.every, log) if given.ffmpeg else None
        taken: list[tuple[str, float]] = []
        by = random.Random(1)
        last = "film"
        for _ in range(given.changes):
            last = by.choice([kind for kind in kinds if kind != last or kind == "film"])
            taken.append((last, time.time() * 1_000))
            moderator.ask("streaming.take", {"source": names[last]})
            time.sleep(given.every * by.uniform(0.7, 1.3))
        moderator.ask("streaming.take", {"source": film})
        time.sleep(SKEW_S + 3)
        seen = page.evaluate("({ ...R, library: hlsErrors.slice(-12), latency: hls.latency, target: hls.targetLatency })")
        dropped = page.evaluate("document.querySelector('video').getVideoPlaybackQuality().droppedVideoFrames")
        print(json.dumps({
            **_figures(seen, taken), "dropped": dropped, "load": os.getloadavg()[0], "complaints": day.complaints(),
            "ffmpeg": _heard(reading, log) if reading else None,
        }))  # fmt: skip


def _figures(seen: dict[str, Any], taken: list[tuple[str, float]]) -> dict[str, Any]:
    frames = seen["frames"]
    gaps = [max((gap for at, gap, *_ in frames if when < at < when + AROUND_MS), default=0) for _kind, when in taken]
    reached: dict[str, list[float]] = {}
    for (kind, when), (_, until) in pairwise([*taken, ("", float("inf"))]):
        shown = [at for at, _gap, code, *_ in frames if when < at < until and _is(kind, code, at, at - when)]
        if shown:
            reached.setdefault(kind, []).append(shown[0] - when)
    skews = _skews(seen)
    first, last = skews[:8], skews[-8:]
    return {
        "changes": len(taken),
        "to_picture_ms": {kind: quantiles(found) for kind, found in reached.items()},
        "picture_stood_ms": quantiles(gaps),
        "stalls": len(seen["stalls"]),
        "errors": seen["errors"],
        "library": seen["library"],
        "latency_s": [seen["latency"], seen["target"]],
        "sound_late_ms": {"first": round(statistics.median(first)), "last": round(statistics.median(last))} if first else None,
    }


def _is(kind: str, code: int, at: float, since: float) -> bool:
    """Whether a picture of this kind is seen that was taken so long ago, as far as its burnt time tells."""
    live = (int(at) - code) & 0xFFFFFFFF
    return {"film": 40 <= code < since + 300, "source": live < 20_000}.get(kind, code == 0 or (code >= 1_000_000 and live >= 20_000))


def _skews(seen: dict[str, Any]) -> list[float]:
    found = []
    for flash in seen["flashes"]:
        nearest = min(seen["beeps"], key=lambda beep: abs(beep - flash), default=None)
        if nearest is not None and abs(nearest - flash) < 400:
            found.append(nearest - flash)
    return found


def _ffmpeg(lane: str, seconds: float, log: Path) -> subprocess.Popen[bytes]:
    words = ["ffmpeg", "-hide_banner", "-v", "info", "-live_start_index", "-3", "-i", lane.replace("index", "live"), "-t", str(seconds)]
    with log.open("wb") as said:
        return subprocess.Popen([*words, "-map", "0:v", "-vf", "showinfo", "-f", "null", "-"], stderr=said, stdin=subprocess.DEVNULL)


def _heard(reading: subprocess.Popen[bytes], log: Path) -> dict[str, Any]:
    """What ffmpeg complains of, and the least and greatest steps between two pictures."""
    reading.wait(120)
    said = log.read_text(errors="replace")
    times = [float(found) for found in re.findall(r"pts_time:([0-9.]+)", said)]
    steps = [two - one for one, two in pairwise(times)]
    wrong = [line for line in said.splitlines() if re.search(r"error|invalid data|corrupt|conceal", line, re.IGNORECASE)]
    return {"pictures": len(times), "least_step_s": min(steps, default=None), "most_step_s": max(steps, default=None), "errors": wrong[:5]}


if __name__ == "__main__":
    main()
