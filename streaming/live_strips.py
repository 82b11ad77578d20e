"""What lanes are cut from when a live source is on air: its runs, with borders of their own. Pure."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from streaming.media.runs import LiveSegment, Run
from streaming.strips import HALF_MS, NOTHING, Bare, Mark, Stretch

SLACK_MS = 60  # what two sources send at the same moment may be told of in the wrong order by so much


@dataclass(eq=False)
class Piece:
    """A run of a live source, or what of it came without a silence.

    Attributes:
        source: opaque.
        strip: its name in addresses.
        start: the first of its segments.
        clip: where it was thought to be over, because nothing was heard any more.
    """

    source: str
    strip: str
    run: Run
    start: int = 0
    clip: Mark | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing will be added to it."""
        return self.clip is not None or self.run.ended_ms is not None

    @property
    def segments(self) -> list[LiveSegment]:
        """All of its run, those before its start too."""
        return self.run.segments

    def end(self) -> Mark:
        """How far it has come, in segments of the run."""
        if self.clip is not None:
            return self.clip
        if len(self.segments) <= self.start:
            return Mark(self.start, 0)
        last = Mark(len(self.segments) - 1, len(self.segments[-1].ends))
        if last.parts == 0 and last.segment > self.start:  # it has begun, and has no part yet
            return Mark(last.segment - 1, len(self.segments[-2].ends))
        return last

    @property
    def edge_ms(self) -> int:
        """Where its last part ends, on the media host's clock; where it begins, if it has none."""
        end = self.end()
        if end.parts:
            return self.segments[end.segment].ends[end.parts - 1]
        return self.segments[self.start].begins_ms if len(self.segments) > self.start else self.run.begins_ms

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of it to show."""
        return self.end().parts == 0

    def entry(self, from_ms: int) -> int | None:
        """The first of its segments that begins at *from_ms* or later."""
        found = bisect_right(self.segments, from_ms - 1, lo=min(self.start, len(self.segments)), key=lambda each: each.begins_ms)
        most = len(self.segments) - 1 if self.clip is None else self.clip.segment
        return found if self.start <= found <= most else None


@dataclass(eq=False)
class LiveStretch(Stretch):
    """Of a live source, whose borders are its own.

    Attributes:
        zero_ms: where the programme's clock begins on the media host's.
        entered: its first segment's number in the run.
    """

    piece: Piece = field(kw_only=True)
    zero_ms: int = 0
    entered: int = 0

    def bare(self, segment: int) -> Bare:
        """Its segment number *segment*, uncut."""
        seq = self.entered + segment
        live, end = self.piece.segments[seq], self.piece.end()
        ends = [each - self.zero_ms for each in (live.ends[: end.parts] if seq == end.segment else live.ends)]
        return Bare(seq, 0, live.begins_ms - self.zero_ms, ends, is_done=live.done or self.piece.is_over)

    def there(self, now_ms: int) -> Mark:  # noqa: ARG002  # other stretches go by the clock
        """Parts are there when they are told of."""
        return self.last()

    def last(self) -> Mark:
        """How far it has come."""
        end = self.piece.end()
        return Mark(end.segment - self.entered, end.parts) if end.parts and end.segment >= self.entered else NOTHING

    def cut(self, at_ms: int) -> Mark:
        """See `Stretch.cut`; what ended before is always shown, however short it is: it was told of before the cut was, or nearly."""
        begun = self._mark(at_ms - self.skew_ms - HALF_MS, 1)
        return min(self.last(), max(begun, self._mark(at_ms + self._slack_ms, 0)))

    @property
    def _slack_ms(self) -> int:
        """As much as keeps the lane within its 0.2 s."""
        return max(0, min(SLACK_MS, HALF_MS - self.skew_ms))

    def _mark(self, until_ms: int, more: int) -> Mark:
        """The place after the last part that ends by *until_ms*, and *more* parts."""
        live, until_ms = self.piece.segments, until_ms + self.zero_ms
        seq = bisect_right(live, until_ms, key=lambda each: each.begins_ms) - 1
        if seq < self.entered:
            return NOTHING
        parts = min(len(live[seq].ends), bisect_right(live[seq].ends, until_ms) + more)
        if parts or seq == self.entered:
            return Mark(seq - self.entered, parts)
        return Mark(seq - 1 - self.entered, len(live[seq - 1].ends))

    def is_known(self, at_ms: int) -> bool:
        """Once it has come so far, or will never."""
        edge_ms = self.piece.edge_ms - self.zero_ms
        return self.piece.is_over or (edge_ms >= at_ms + self._slack_ms and edge_ms + HALF_MS + self.skew_ms > at_ms)
