"""From the studio's glass to the viewer's: how late a picture is seen in Chromium, by our own player and page.

    python -m tests.load.glass --seconds 60
    python -m tests.load.glass --seconds 60 --source rtmp     a live source by RTMP, encoded here as well

Every picture carries the moment when it was made (of a film: when it should have been shown). Prints one line of JSON: latency in ms,
stalls after the start, the longest time that a picture stood, frames dropped, what the player itself says.
"""

from __future__ import annotations

import json
import os
import time

from tests.browsers import chromium
from tests.load.rtmp import publishing
from tests.load.seeing import EYES, a_live_day, asked, began_ms, quantiles
from tests.load.watching import a_page, watch

SETTLE_S = 12


def main() -> None:
    """Measure and print."""
    given = asked(__doc__, seconds=60, source="film")
    live = given.source == "rtmp"
    with a_live_day(given.folder) as (day, moderator, film), chromium() as browser, publishing(day, "src-studio", live):
        moderator.ask("streaming.take", {"source": "src-studio" if live else film})
        began = 0.0 if live else began_ms(moderator)
        page = a_page(browser)
        watch(page, day)
        page.evaluate(EYES, began)
        time.sleep(SETTLE_S)
        page.evaluate("R.frames.length = R.stalls.length = 0")
        time.sleep(given.seconds)
        seen = page.evaluate("({ ...R, library: hlsErrors })")
        dropped = page.evaluate("document.querySelector('video').getVideoPlaybackQuality().droppedVideoFrames")
        says = page.locator("[data-part=delay]").inner_text()
    lates = [float((at - began - ms) if began else (int(at) - ms) & 0xFFFFFFFF) for at, _gap, ms, _media, _width in seen["frames"]]
    print(json.dumps({
        "source": given.source, "latency_ms": quantiles(lates), "stalls": len(seen["stalls"]),
        "errors": seen["errors"], "library": seen["library"],
        "longest_picture_ms": round(max(frame[1] for frame in seen["frames"])), "dropped": dropped, "player_says": says,
        "load": os.getloadavg()[0],
    }))  # fmt: skip


if __name__ == "__main__":
    main()
