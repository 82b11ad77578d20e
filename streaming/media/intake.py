"""One publisher's packets on their way into a feed: each gets its time, and nothing that cannot be shown is passed on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from streaming.media.clocks import SETTLING_MS, HostClock, LipSync
from streaming.media.cmaf import VIDEO_RATE
from streaming.media.feed import Encoded, Feed

TICKS_PER_MS = VIDEO_RATE // 1_000
Codec = Literal["opus", "aac"]


class Intake:
    """What one publisher sends.

    The first packets are held back for a moment: how long they really were on the way is known only when others have come. Nothing is
    later for it, because the first part is not complete before.

    Attributes:
        lip: its clocks.
        lost: pictures that did not come whole, and those after them that could not be shown.
        is_seen: whether anything has come.
    """

    def __init__(self, feed: Feed, clock: HostClock, ask: Callable[[], None]) -> None:
        self.lip = LipSync()
        self.lost = 0
        self.is_seen = False
        self._feed, self._clock, self._ask = feed, clock, ask
        self._broken, self._is_shown = True, False
        self._held: list[Encoded] | None = []
        self._began_ms = 0.0

    def picture(self, data: bytes, ticks: int, came_ms: float, *, is_key: bool, hole: bool, offset: int = 0) -> None:
        """Pass on a picture, unless one that it is made from was lost; then a key frame is asked for."""
        at_ms = self.lip.at_ms("video", ticks, self._clock.at_ms(came_ms)) + offset / TICKS_PER_MS
        self._broken = self._broken or hole
        self.lost += self._is_shown and (hole or (self._broken and not is_key))
        if self._broken and not is_key:
            self._ask()
            return
        self._broken, self._is_shown = False, True
        self._pass_on(Encoded("video", data, at_ms, ticks, is_key, "h264", offset), came_ms)

    def sound(self, data: bytes, ticks: int, came_ms: float, codec: Codec) -> None:
        """Pass on a packet of sound."""
        at_ms = self.lip.at_ms("audio", ticks, self._clock.at_ms(came_ms))
        self._pass_on(Encoded("audio", data, at_ms, ticks, is_key=True, codec=codec), came_ms)

    def _pass_on(self, packet: Encoded, came_ms: float) -> None:
        if not self.is_seen:
            self.is_seen, self._began_ms = True, came_ms
        if self._held is None:
            self._feed.publish(packet)
            return
        self._held.append(packet)
        if came_ms - self._began_ms >= SETTLING_MS:
            held, self._held = self._held, None
            for each in held:
                at_ms = self.lip.shown_ms(each.kind, each.ticks) + each.offset / TICKS_PER_MS
                self._feed.publish(each._replace(at_ms=at_ms))
