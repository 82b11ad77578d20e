"""One publisher's packets on their way into a feed: each gets its time, and nothing that cannot be shown is passed on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from streaming.media.clocks import SETTLING_MS, HostClock, LipSync
from streaming.media.cmaf import VIDEO_RATE
from streaming.media.feed import Encoded, Feed

TICKS_PER_MS = VIDEO_RATE // 1_000
OLD_MS = 700.0  # a beginning that is older than this is not shown: a run must be told of while it can still go on
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
            self._release([each._replace(at_ms=self._shown_ms(each)) for each in held], self._clock.at_ms(came_ms))

    def _shown_ms(self, packet: Encoded) -> float:
        """When it is to be shown, as is known by now."""
        return self.lip.shown_ms(packet.kind, packet.ticks) + packet.offset / TICKS_PER_MS

    def _release(self, held: list[Encoded], now_ms: float) -> None:
        """Pass on what was held, from the first key frame on that is not too old."""
        begins = next(
            (n for n, each in enumerate(held) if each.kind == "video" and each.is_key and each.at_ms > now_ms - OLD_MS), len(held)
        )
        for n, each in enumerate(held):
            if each.kind == "audio" or n >= begins:
                self._feed.publish(each)
        if begins == len(held) and any(each.kind == "video" for each in held):
            self._broken = True
            self._ask()
