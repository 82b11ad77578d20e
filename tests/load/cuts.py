"""Forty changes of picture while Chromium watches, at our own page and with our own player.

    python -m tests.load.cuts
    python -m tests.load.cuts --kinds film,slate,rtmp,whip,panel
    python -m tests.load.cuts --by go                 changes come from the cues of the run-of-show, by GO
    python -m tests.load.cuts --ffmpeg 1              and ffmpeg reads the same lane beside

Prints one line of JSON: from wish to picture, the longest time that a picture stood around each change, stalls, errors, and how much later
sound is than picture at the end than it was at the beginning (a tone and a white field begin each second). Of the longest stops it is told
how far the picture's own time went meanwhile: as far as the clock when pictures were not drawn, hardly at all when the player waited.
"""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from tests.browsers import chromium
from tests.load import whip
from tests.load.rtmp import publishing
from tests.load.seeing import EYES, a_live_day, asked, quantiles
from tests.load.watching import a_page, watch
from tests.running import Samsyn
from tests.staff import Person

AROUND_MS = 2_500
MORE = "library: hlsErrors.slice(-12), heights: hlsLevels.map((one) => one[1]), latency: hls.latency, target: hls.targetLatency"
SKEW_S = 15


def main() -> None:
    """Measure and print."""
    given = asked(__doc__, changes=40, every=4.0, kinds="film,slate", by="take", ffmpeg=0)
    kinds = given.kinds.split(",")
    with ExitStack() as stack:
        day, moderator, film = stack.enter_context(a_live_day(given.folder))
        browser, names = stack.enter_context(chromium()), {"film": film, "slate": "slate", **_live(stack, day, kinds)}
        moderator.ask("streaming.take", {"source": film})
        page = a_page(browser)
        watch(page, day)
        page.evaluate(EYES, 0)
        time.sleep(SKEW_S)
        log = given.folder / "ffmpeg.log"
        reading = _ffmpeg(day.told["lanes"]["national"], given.changes * given.every, log) if given.ffmpeg else None
        change = _goes(moderator, names) if given.by == "go" else _takes(moderator, kinds, names)
        by, taken = random.Random(2), list[tuple[str, float]]()
        for _ in range(given.changes):
            taken.append(next(change))
            time.sleep(given.every * by.uniform(0.7, 1.3))
        moderator.ask("streaming.take", {"source": film})
        time.sleep(SKEW_S + 3)
        seen = page.evaluate(f"({{ ...R, {MORE} }})")
        dropped = page.evaluate("document.querySelector('video').getVideoPlaybackQuality().droppedVideoFrames")
        print(json.dumps({
            **_figures(seen, taken), "dropped": dropped, "load": os.getloadavg()[0], "complaints": day.complaints(),
            "ffmpeg": _heard(reading, log) if reading else None,
        }))  # fmt: skip


def _live(stack: ExitStack, day: Samsyn, kinds: list[str]) -> dict[str, str]:
    """Senders of the live kinds among those that are wanted, and the sources that they are."""
    found = {}
    if "rtmp" in kinds:
        stack.enter_context(publishing(day, "src-studio"))
        found["rtmp"] = "src-studio"
    if "whip" in kinds:
        told = day.told["sources"]["src-norrvik"]
        stack.enter_context(whip.publishing(told["whip"], told["token"]))
        found["whip"] = "src-norrvik"
    if "panel" in kinds:
        speaker = stack.enter_context(Person(day)).by_link("speaker")
        seat = speaker.ask("streaming.sit")["data"]
        stack.enter_context(whip.publishing(urljoin(day.url, seat["whip"]), seat["token"]))
        speaker.ask("streaming.ready", {"ready": True})
        found["panel"] = seat["panel"]
    return found


def _takes(moderator: Person, kinds: list[str], names: dict[str, str]) -> Iterator[tuple[str, float]]:
    """A hand takes one kind after the other, by chance; what was taken, and when."""
    by, last = random.Random(1), "film"
    while True:
        last = by.choice([kind for kind in kinds if kind != last or kind == "film"])
        when = time.time() * 1_000
        moderator.ask("streaming.take", {"source": names[last]})
        yield last, when


def _goes(moderator: Person, names: dict[str, str]) -> Iterator[tuple[str, float]]:
    """GO until the country's lane has changed; what kind it changed to, and when."""
    kinds = {source: kind for kind, source in names.items()}
    since = moderator.state()["lane"]["since"]
    while True:
        when = time.time() * 1_000
        moderator.answer("rundown.go", {"lane": "national"})
        lane = moderator.state()["lane"]
        if lane["since"] != since:
            since = lane["since"]
            yield kinds.get(lane["source"], lane["kind"]), when
        time.sleep(0.3)


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
        "longest": _longest(frames, taken),
        "stalls": len(seen["stalls"]),
        "errors": seen["errors"],
        "library": seen["library"],
        "heights": seen["heights"],
        "latency_s": [seen["latency"], seen["target"]],
        "sound_late_ms": {"first": round(statistics.median(first)), "last": round(statistics.median(last))} if first else None,
    }


def _is(kind: str, code: int, at: float, since: float) -> bool:
    """Whether a picture of this kind is seen that was taken so long ago, as far as its burnt time tells."""
    live = (int(at) - code) & 0xFFFFFFFF
    if kind in {"rtmp", "whip", "panel", "source"}:
        return live < 20_000
    return 40 <= code < since + 300 if kind == "film" else code == 0 or (code >= 1_000_000 and live >= 20_000)


def _longest(frames: list[list[float]], taken: list[tuple[str, float]]) -> list[dict[str, Any]]:
    """The five longest stops around changes."""
    found: list[dict[str, Any]] = []
    for one, two in pairwise(frames):
        kind, when = next(((kind, when) for kind, when in taken[::-1] if when < two[0]), ("", 0.0))
        if when and two[0] < when + AROUND_MS:
            about = {
                "to": kind,
                "after_ms": round(two[0] - when),
                "stood_ms": round(two[1]),
                "its_own_ms": round((two[3] - one[3]) * 1_000),
            }
            found.append(about)
    return sorted(found, key=lambda each: -each["stood_ms"])[:5]


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
