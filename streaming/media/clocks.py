"""When something is to be shown: a sender's clocks, held against ours.

Pictures and sound count on clocks of their own. Sender reports say what both show at one moment of the sender's; until they are there, what
came with the least delay counts as having come at once. The measure is moved a little at a time, so that time makes no jumps in a run.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

BUCKET_MS = 10_000.0  # the least delay is looked for in this bucket and the one before
CALM_MS = 12.0  # nearer than this nothing is corrected: a moved picture is one that does not fit its part
SLEW, SLEW_FAR = 0.005, 0.02  # how much of the time that passes may be corrected
FAR_MS = 100.0
LATE_MS, LATE_FOR_MS = 300.0, 1_000.0  # everything later than this for so long: the way has become longer for good
SOUND_JUMP_MS = 60.0  # sound that is farther off is moved at once: a click instead of a minute out of step
SETTLING_MS = 350.0  # at the beginning the measure may jump; what comes then is held back until it has settled


class HostClock:
    """Milliseconds since 1970 that never jump: the wall clock at the start, and from there the monotonic one."""

    def __init__(self) -> None:
        self._zero_ms = time.time() * 1_000 - time.monotonic() * 1_000

    def now_ms(self) -> float:
        """Now."""
        return self._zero_ms + time.monotonic() * 1_000

    def at_ms(self, monotonic_ms: float) -> float:
        """A moment of the monotonic clock."""
        return self._zero_ms + monotonic_ms


@dataclass
class _Line:
    """One kind of packets: ``offset`` turns the sender's milliseconds into ours."""

    per_ms: int
    offset: float | None = None
    began_ms: float = 0.0
    moved_ms: float = 0.0
    bucket_ms: float = 0.0
    least: float = float("inf")
    least_before: float = float("inf")
    late_since_ms: float | None = None
    late_least: float = float("inf")
    shift: float | None = None  # what the sender's own clock shows above this line's milliseconds
    last_ticks: int = 0

    def note(self, delay: float, came_ms: float) -> None:
        if came_ms - self.bucket_ms > BUCKET_MS:
            self.bucket_ms, self.least_before, self.least = came_ms, self.least, delay
        self.least = min(self.least, delay)

    @property
    def fastest(self) -> float:
        return min(self.least, self.least_before)

    def move(self, wanted: float, came_ms: float, jump_ms: float) -> None:
        """Nearer to where it should be, as far as the time that has passed allows."""
        assert self.offset is not None
        passed, self.moved_ms = came_ms - self.moved_ms, came_ms
        error = wanted - self.offset
        if abs(error) > jump_ms or (came_ms - self.began_ms < SETTLING_MS and abs(error) > CALM_MS):
            self.offset = wanted
        elif abs(error) > CALM_MS:
            most = max(passed, 0.0) * (SLEW_FAR if abs(error) > FAR_MS else SLEW)
            self.offset += max(-most, min(most, error))


@dataclass
class LipSync:
    """The clocks of one publisher.

    Attributes:
        jumps: how often the measure had to jump, because the way became longer for good.
    """

    jumps: int = 0
    _lines: dict[str, _Line] = field(default_factory=lambda: {"video": _Line(90), "audio": _Line(48)})

    def report(self, kind: str, sender_ms: float, rtp: int) -> None:
        """A sender report came."""
        line = self._lines[kind]
        if line.offset is None:
            return
        ticks = line.last_ticks + (rtp - line.last_ticks + (1 << 31)) % (1 << 32) - (1 << 31)
        line.shift = sender_ms - ticks / line.per_ms

    def at_ms(self, kind: str, ticks: int, came_ms: float) -> float:
        """When a packet that came at *came_ms* on our clock is to be shown, on our clock."""
        line = self._lines[kind]
        sent = ticks / line.per_ms
        delay = came_ms - sent
        if line.offset is None or abs(ticks - line.last_ticks) > 5_000 * line.per_ms:  # the first one, or another clock
            self._lines[kind] = line = _Line(line.per_ms, delay, came_ms, came_ms, came_ms, shift=None)
        line.last_ticks = ticks
        line.note(delay, came_ms)
        self._watch_lateness(line, delay, came_ms)
        wanted = self._wanted(line)
        line.move(wanted, came_ms, SOUND_JUMP_MS if kind == "audio" else float("inf"))
        assert line.offset is not None
        return sent + line.offset

    def shown_ms(self, kind: str, ticks: int) -> float:
        """When a packet that came a while ago is to be shown, as it is known by now."""
        line = self._lines[kind]
        return ticks / line.per_ms + (line.offset or 0.0)

    def _wanted(self, line: _Line) -> float:
        reported = [each for each in self._lines.values() if each.shift is not None and each.offset is not None]
        if line.shift is None or len(reported) < 2:
            return line.fastest
        return line.shift + min(each.fastest - each.shift for each in reported if each.shift is not None)

    def _watch_lateness(self, line: _Line, delay: float, came_ms: float) -> None:
        if delay - line.fastest < LATE_MS:
            line.late_since_ms, line.late_least = None, float("inf")
            return
        line.late_since_ms = came_ms if line.late_since_ms is None else line.late_since_ms
        line.late_least = min(line.late_least, delay)
        if came_ms - line.late_since_ms >= LATE_FOR_MS:
            by = line.late_least - line.fastest
            self.jumps += 1
            for each in self._lines.values():
                if each.offset is not None:
                    each.offset += by
                    each.least = each.least_before = each.fastest + by
                    each.late_since_ms, each.late_least = None, float("inf")
