"""Whether polls come to a viewer with the picture of their moment, for a player that is 1.4 s behind and for one that is nine.

    python -m tests.load.cues --player ll --polls 10
    python -m tests.load.cues --player plain --polls 5

Each poll is opened by a moderator; what counts is the time burnt into the picture that is seen when its card appears, against the moment at
which the poll was opened. Prints one line of JSON: that difference in ms, how far behind the picture was, errors.
"""

from __future__ import annotations

import json
import os
import time
from typing import Any

from playwright.sync_api import Page

from tests.browsers import chromium
from tests.load.seeing import EYES, a_live_day, asked, began_ms, quantiles
from tests.load.watching import a_page, watch
from tests.staff import Person

PLAIN = """
(() => {
  const known = Object.getOwnPropertyDescriptor(window, "Hls");
  Object.defineProperty(window, "Hls", { configurable: true, get: known.get, set(Hls) {
    known.set(class extends Hls {
      constructor(config) { super({ ...config, lowLatencyMode: false, liveSyncDuration: 9, liveMaxLatencyDuration: 20 }); }
    });
  } });
})();
"""
"""Has the page's player be one that knows no parts."""

CARDS = """began => {
  R.cards = {};
  const look = () => {
    for (const card of document.querySelectorAll("[data-poll]")) {
      const { poll } = card.dataset, frame = R.frames.at(-1);
      if (poll in R.cards || !frame) continue;
      R.cards[poll] = { seen: began + frame[2], behind: Date.now() - began - frame[2] };
    }
    requestAnimationFrame(look);
  };
  look();
}"""
SETTLE_S = {"ll": 10, "plain": 25}


def main() -> None:
    """Measure and print."""
    given = asked(__doc__, player="ll", polls=10, every=4.0)
    with a_live_day(given.folder) as (day, moderator, film), chromium() as browser:
        moderator.ask("streaming.take", {"source": film})
        page = a_page(browser)
        if given.player == "plain":
            page.context.add_init_script(PLAIN)
        watch(page, day)
        page.evaluate(EYES, 0)
        time.sleep(SETTLE_S[given.player])
        page.evaluate(CARDS, began_ms(moderator))
        found = [_poll(page, moderator, n, given.every) for n in range(given.polls)]
        errors = page.evaluate("R.errors.concat(hlsErrors.slice(-6))")
    off = [one["seen"] - one["opened"] for one in found if one]
    print(json.dumps({
        "player": given.player, "polls": given.polls, "shown": len(off), "off_ms": quantiles(off),
        "behind_ms": quantiles([one["behind"] for one in found if one]), "errors": errors, "load": os.getloadavg()[0],
    }))  # fmt: skip


def _poll(page: Page, moderator: Person, number: int, every_s: float) -> dict[str, Any] | None:
    begun = time.time()
    made = moderator.ask("polls.make", {"kind": "yesno", "title": f"Fråga {number}", "open": True})
    opened = (begun + time.time()) / 2 * 1_000
    poll = made["data"]["poll"]
    end = time.time() + 16
    while time.time() < end and not page.evaluate("poll => poll in R.cards", poll):
        page.wait_for_timeout(100)
    card: dict[str, Any] | None = page.evaluate("poll => R.cards[poll] ?? null", poll)
    moderator.ask("polls.close", {"poll": poll})
    time.sleep(every_s)
    return {**card, "opened": opened} if card else None


if __name__ == "__main__":
    main()
