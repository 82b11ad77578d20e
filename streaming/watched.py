"""One lane that is watched: looked at when its time comes or something is heard, and written once for all who wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from streaming.lanes import NEVER_MS, Lane, Listing
from streaming.playlists import DateRange, Live, Names, Whole

SOONEST_S = 0.005  # a timer may fire a little early


class WatchedLane:
    """A lane with those who wait for it.

    Args:
        now_ms: tells the time on the programme's clock.
        ranges: what happened in the lane, in order.
    """

    def __init__(self, lane: Lane, began_at: datetime, now_ms: Callable[[], int], ranges: Callable[[], Sequence[DateRange]]) -> None:
        self.lane, self._began_at, self._now_ms, self._ranges = lane, began_at, now_ms, ranges
        self._listing, self._seen_ms, self._until_ms = Listing(), 0, 0
        self._lives: dict[Names, Live] = {}
        self._wholes: dict[Names, Whole] = {}
        self._texts: dict[tuple[Names, bool], bytes] = {}
        self._waiting: set[asyncio.Future[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_ms = 0
        self._is_released = False

    def look(self) -> Listing:
        """What is listed now. A clock that is set back takes nothing back."""
        now_ms = max(self._seen_ms, self._now_ms())
        if now_ms >= self._until_ms:
            self._seen_ms = now_ms
            self.lane.advance()
            found = self.lane.listing(now_ms)
            coming_ms = self.lane.next_ms(now_ms)
            self._until_ms = NEVER_MS if coming_ms is None or found.is_complete else max(coming_ms, now_ms + 1)
            if found != self._listing:
                self._listing = found
                self._renew()
        return self._listing

    def _renew(self) -> None:
        self._texts.clear()
        waiting, self._waiting = self._waiting, set()
        for each in waiting:
            if not each.done():
                each.set_result(None)

    def stir(self) -> None:
        """Something was heard that may change what is listed."""
        self._until_ms = 0
        if self._waiting:
            self.look()
            self._set_timer()

    def release(self) -> None:
        """Let all go who wait, for good."""
        self._is_released = True
        self._renew()

    def text(self, names: Names, *, whole: bool = False) -> bytes:
        """A playlist as it stands; written once for all who ask."""
        listing = self.look()
        if (names, whole) not in self._texts:
            if whole:
                found = self._wholes.setdefault(names, Whole(self.lane, self._began_at, names)).until(listing, self._ranges())
            else:
                found = self._lives.setdefault(names, Live(self.lane, self._began_at, names)).text(listing, self._ranges())
            self._texts[names, whole] = found
        return self._texts[names, whole]

    async def reach(self, place: int, part: int | None, most_s: float) -> bool:
        """Wait until a segment or a part of it is listed; ``False`` when that takes too long, or nobody shall wait any more."""
        loop = asyncio.get_running_loop()
        late = loop.time() + most_s
        while not self.look().has(place, part):
            left_s = late - loop.time()
            if left_s <= 0 or self._is_released:
                return False
            waiter: asyncio.Future[None] = loop.create_future()
            self._waiting.add(waiter)
            self._set_timer()
            try:
                async with asyncio.timeout(left_s):
                    await waiter
            except TimeoutError:
                return False
            finally:
                self._waiting.discard(waiter)
        return True

    def _set_timer(self) -> None:
        """Look again when the clock brings something."""
        if self._timer is not None and self._timer_ms == self._until_ms:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._waiting and self._until_ms < NEVER_MS:
            wait_s = max(SOONEST_S, (self._until_ms - self._now_ms()) / 1_000)
            self._timer, self._timer_ms = asyncio.get_running_loop().call_later(wait_s, self._wake), self._until_ms

    def _wake(self) -> None:
        self._timer = None
        self.look()
        self._set_timer()
