"""Which member's picture a panel shows: cut at a key frame, with the old picture until then. Pure."""

from __future__ import annotations

from streaming.media.cmaf import VIDEO_RATE
from streaming.media.feed import Encoded

GONE_MS = 800.0  # a member without a picture for so long has none
TICKS_PER_MS = VIDEO_RATE // 1_000
LEAST_MS = 1.0  # between two pictures, when a cut would go back in time


class Director:
    """The pictures of the members in, one picture out.

    Attributes:
        on_air: whose picture is shown.
        wanted: whose is to be shown; a key frame of theirs is waited for while it is not `on_air`.
    """

    def __init__(self) -> None:
        self.on_air: str | None = None
        self.wanted: str | None = None
        self._seen_ms: dict[str, float] = {}
        self._last_ms = -1.0

    def with_picture(self, now_ms: float) -> set[str]:
        """The members whose pictures come."""
        return {member for member, seen_ms in self._seen_ms.items() if now_ms - seen_ms <= GONE_MS}

    def leave(self, member: str) -> None:
        """A member is no more of the panel."""
        self._seen_ms.pop(member, None)
        if self.on_air == member:
            self.on_air = None

    def want(self, member: str | None, now_ms: float) -> bool:
        """Whose picture is due; returns whether a key frame of theirs is needed."""
        self.wanted = member
        if self.on_air is not None and self.on_air not in self.with_picture(now_ms):
            self.on_air = None
        return member is not None and member != self.on_air

    def see(self, member: str, packet: Encoded, now_ms: float) -> Encoded | None:
        """Take a picture; returns it as the panel's own when it is to be shown."""
        self._seen_ms[member] = now_ms
        if packet.is_key and member == self.wanted:
            self.on_air = member
        if member != self.on_air:
            return None
        later_ms = packet.offset / TICKS_PER_MS
        decoded_ms = self._last_ms = max(packet.at_ms - later_ms, self._last_ms + LEAST_MS)
        return packet._replace(at_ms=decoded_ms + later_ms, ticks=round(decoded_ms * TICKS_PER_MS))
