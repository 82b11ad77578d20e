"""A sender goes away for a while and comes back by itself, again and again, while Chromium watches.

    python -m tests.load.outages --seconds 2,4,7,15,60 --source rtmp
    python -m tests.load.outages --seconds 2 --source whip

Prints one line of JSON: for each outage, how long after the sender's last picture the slate was seen, how long after its return its
picture was, and stalls. What takes the place of the picture is not said by the page but read from the picture itself.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import AbstractContextManager
from typing import Any

from playwright.sync_api import Page

from tests.browsers import chromium
from tests.load import rtmp, whip
from tests.load.killed import first_after, live
from tests.load.seeing import EYES, a_live_day, asked
from tests.load.watching import a_page, watch
from tests.running import Samsyn

SOURCES = {"rtmp": "src-studio", "whip": "src-studio"}
ON_AIR_S, BACK_MOST_S, SEEN_S = 12.0, 15.0, 8.0


def sending(day: Samsyn, by: str) -> AbstractContextManager[None]:
    """One that sends for as long as the block lasts, from its first moment on."""
    told = day.told["sources"][SOURCES[by]]
    if by == "whip":
        return whip.publishing(told["whip"], told["token"], settle_s=0)
    return rtmp.publishing(day, SOURCES[by], settle_s=0)


def main() -> None:
    """Measure and print."""
    given = asked(__doc__, seconds="2,4,7,15,60", source="rtmp")
    with a_live_day(given.folder) as (day, moderator, _film), chromium() as browser:
        moderator.ask("streaming.take", {"source": SOURCES[given.source]})
        page = a_page(browser)
        watch(page, day)
        page.evaluate(EYES, 0)
        found = [_outage(page, day, given.source, float(seconds)) for seconds in given.seconds.split(",")]
        seen = page.evaluate("({ stalls: R.stalls.length, errors: R.errors, library: hlsErrors.slice(-12) })")
        print(json.dumps({"source": given.source, "outages": found, **seen, "complaints": day.complaints(), "load": os.getloadavg()[0]}))


def _outage(page: Page, day: Samsyn, by: str, seconds: float) -> dict[str, Any]:
    with sending(day, by):
        time.sleep(ON_AIR_S)
        was_on = any(live(frame) for frame in page.evaluate("R.frames.slice(-30)"))
        stalls = page.evaluate("R.stalls.length")
    went = time.time() * 1_000
    time.sleep(seconds)
    back = time.time() * 1_000
    with sending(day, by):
        time.sleep(BACK_MOST_S)
        slate = first_after(page, went, lambda frame: not live(frame))
        again = first_after(page, back, live)
        stalled = page.evaluate("R.stalls.length") - stalls
    time.sleep(SEEN_S)
    return {"seconds": seconds, "was_on": was_on, "slate_ms": slate, "back_ms": again, "stalls": stalled}


if __name__ == "__main__":
    main()
