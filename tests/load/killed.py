"""The server is killed for three seconds, then the media process is, while Chromium watches.

    python -m tests.load.killed

Prints one line of JSON: whether the numbers of the lane went on, how long after its return the picture moved again by itself, and for the
media process, how long after its death the slate was seen, and the picture of the source again, whose sender connects anew by itself each
second, as encoders do.
"""

from __future__ import annotations

import json
import os
import re
import signal
import time
from pathlib import Path
from typing import Any

import httpx2
from playwright.sync_api import Page

from tests.browsers import chromium
from tests.load.rtmp import publishing
from tests.load.seeing import EYES, a_live_day, asked
from tests.load.watching import a_page, watch
from tests.running import Samsyn, demo

AWAY_S = 3.0
STALE_MS = 20_000


def main() -> None:
    """Measure and print."""
    given = asked(__doc__)
    with chromium() as browser:
        page = a_page(browser)
        with a_live_day(given.folder) as (day, moderator, film):
            moderator.ask("streaming.take", {"source": film})
            watch(page, day)
            page.evaluate(EYES, 0)
            time.sleep(8)
            before = numbers(day)
            port = int(day.url.rpartition(":")[2])
            day.kill()
            time.sleep(AWAY_S)
        with demo(given.folder, port=port) as again:
            back = time.time() * 1_000
            time.sleep(15)
            moved = first_after(page, back, lambda _frame: True)
            after = numbers(again)
            server = {"before": before, "after": after, "picture_back_ms": moved, "stalls": page.evaluate("R.stalls.length")}
            print(json.dumps({"server": server, "media": _media(page, again), "load": os.getloadavg()[0]}))


def _media(page: Page, day: Samsyn) -> dict[str, Any]:
    from tests.staff import Person

    with Person(day).by_link("moderator") as moderator:
        with publishing(day, "src-studio", returns=True):
            moderator.ask("streaming.take", {"source": "src-studio"})
            time.sleep(10)
            shown = page.evaluate("R.frames.slice(-30)")
            is_on = any(live(frame) for frame in shown)
            begun = time.time() * 1_000
            os.kill(media_pid(day), signal.SIGKILL)
            time.sleep(20)
            frames = page.evaluate("from => R.frames.filter((frame) => frame[0] > from)", begun)
            slate = first_after(page, begun, lambda frame: not live(frame))
            gone = begun + (slate or 0)
            back = next((round(frame[0] - begun) for frame in frames if frame[0] > gone and live(frame)), None)
        return {
            "was_on": is_on,
            "slate_ms": slate,
            "source_back_ms": back,
            "library": page.evaluate("hlsErrors.slice(-6)"),
        }


def live(frame: list[float]) -> bool:
    """Whether a picture is of a live source, by its burnt time."""
    return ((int(frame[0]) - int(frame[2])) & 0xFFFFFFFF) < STALE_MS


def first_after(page: Page, when: float, wanted: Any) -> int | None:
    """How long after a moment a picture of some kind was first seen, in ms."""
    frames = page.evaluate("from => R.frames.filter((frame) => frame[0] > from)", when)
    return next((round(frame[0] - when) for frame in frames if wanted(frame)), None)


def numbers(day: Samsyn) -> list[int]:
    """Media sequence and discontinuity sequence of the national lane now."""
    text = httpx2.get(day.told["lanes"]["national"].replace("index", "live"), trust_env=False).text
    return [int(found) for found in re.findall(r"(?:MEDIA|DISCONTINUITY)-SEQUENCE:(\d+)", text)] + [text.count("#EXTINF")]


def media_pid(day: Samsyn) -> int:
    """The media process that is its child."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        fields = status.read_text().rpartition(")")[2].split()
        if int(fields[1]) == day.process.pid and "streaming.media" in (status.parent / "cmdline").read_text():
            return int(status.parent.name)
    raise LookupError("no media process")


if __name__ == "__main__":
    main()
