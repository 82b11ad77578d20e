"""A lane is a playlist: showings and the time, folded into segments. Pure: every process gives the same answer, also after a restart.

All times are whole parts of 0.4 s on the programme's clock, so showings join without a gap. A film is listed at the pace of its playing:
a segment when its last picture would have been shown. The slate always runs, from the beginning of the day; a lane enters it at any part.
So lanes that show the same list the same addresses, wherever they came from.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from streaming.media.manifest import PART_MS, SEGMENT_MS
from streaming.tables import Showing

SLATE = "slate"
SLATE_MS = 1_600  # one loop of it is one segment
WINDOW_MS = 60_000


@dataclass(frozen=True)
class Stretch:
    """A piece of a lane in which one thing is shown.

    Attributes:
        strip: what it is cut from: a showing's position, or ``slate``; the first part of its segments' addresses.
        begins_ms: its first part; ``ends_ms``: its end, ``None`` while nothing else has been decided.
        origin_ms: where the strip itself begins, which may be earlier.
        first: how many segments the lane has before it.
    """

    strip: str
    begins_ms: int
    ends_ms: int | None
    origin_ms: int
    first: int = 0

    @property
    def segment_ms(self) -> int:
        """How long a whole segment of it is."""
        return SLATE_MS if self.strip == SLATE else SEGMENT_MS

    @property
    def first_seq(self) -> int:
        """The strip's segment in which it begins."""
        return (self.begins_ms - self.origin_ms) // self.segment_ms

    def count(self, until_ms: int) -> int:
        """How many of its segments are over at *until_ms*."""
        if self.ends_ms is not None and until_ms >= self.ends_ms:
            return -(-(self.ends_ms - self.origin_ms) // self.segment_ms) - self.first_seq
        return max(0, (until_ms - self.origin_ms) // self.segment_ms - self.first_seq)

    def segment(self, place: int) -> Segment:
        """Its segment number *place*, counted in the lane."""
        seq = self.first_seq + place - self.first
        begins_ms = self.origin_ms + seq * self.segment_ms
        ends_ms = begins_ms + self.segment_ms
        cut_ms = ends_ms if self.ends_ms is None else min(ends_ms, self.ends_ms)
        first_part = max(0, self.begins_ms - begins_ms) // PART_MS
        return Segment(self, place, seq, first_part, (cut_ms - begins_ms) // PART_MS, begins_ms + first_part * PART_MS)


@dataclass(frozen=True)
class Segment:
    """One segment as a lane lists it: parts ``first_part`` up to, not with, ``end_part`` of the strip's segment ``seq``."""

    stretch: Stretch
    place: int
    seq: int
    first_part: int
    end_part: int
    begins_ms: int

    @property
    def duration_ms(self) -> int:
        """How long it plays."""
        return (self.end_part - self.first_part) * PART_MS

    @property
    def ends_ms(self) -> int:
        """When it may be listed."""
        return self.begins_ms + self.duration_ms

    @property
    def name(self) -> str:
        """Its address: the same in every lane that shows it, and always the same bytes."""
        return f"{self.stretch.strip}/{self.seq}-{self.first_part}-{self.end_part}"

    @property
    def opens(self) -> bool:
        """Whether it is the first one of its stretch."""
        return self.place == self.stretch.first


@dataclass(frozen=True)
class Lane:
    """One lane of a day, from its beginning."""

    stretches: tuple[Stretch, ...]
    ended_ms: int | None = None

    def listed(self, now_ms: int) -> int:
        """How many segments there are by now."""
        at = bisect_right(self.stretches, now_ms, key=lambda each: each.begins_ms) - 1
        return self.stretches[at].first + self.stretches[at].count(now_ms) if at >= 0 else 0

    def segments(self, begin: int, end: int) -> Iterator[Segment]:
        """Those from number *begin* up to, not with, *end*."""
        at = max(0, bisect_right(self.stretches, begin, key=lambda each: each.first) - 1)
        for place in range(begin, end):
            while at + 1 < len(self.stretches) and self.stretches[at + 1].first <= place:
                at += 1
            yield self.stretches[at].segment(place)

    def discontinuities(self, segment: Segment) -> int:
        """How many come before this segment."""
        return self.stretches.index(segment.stretch)

    def window(self, listed: int) -> int:
        """The first segment of the live window that ends with number *listed*."""
        if not listed:
            return 0
        end_ms, place = next(self.segments(listed - 1, listed)).ends_ms, listed
        while place > 0 and next(self.segments(place - 1, place)).begins_ms >= end_ms - WINDOW_MS:
            place -= 1
        return place

    def is_complete(self, listed: int) -> bool:
        """Whether nothing comes after the first *listed* segments any more."""
        last = self.stretches[-1]
        return self.ended_ms is not None and last.ends_ms is not None and listed == last.first + last.count(last.ends_ms)


def folded(showings: Iterable[Showing], lane: str, ended_ms: int | None = None) -> Lane:
    """The lane as its showings make it.

    Args:
        showings: of the day, as they were taken; a later one ends all that would have begun after it.
        ended_ms: where the day's lanes end.
    """
    standing: list[Showing] = []
    for showing in showings:
        if lane in showing.lanes:
            while standing and standing[-1].begins_ms >= showing.begins_ms:
                standing.pop()
            standing.append(showing)
    ends = [showing.begins_ms for showing in standing[1:]] + [ended_ms]
    pieces = [piece for showing, end in zip(standing, ends, strict=True) for piece in _pieces(showing, end)]
    return Lane(tuple(_counted(_joined(pieces))), ended_ms)


def _pieces(showing: Showing, end_ms: int | None) -> Iterator[Stretch]:
    """A film, then the slate; or the slate alone."""
    begins_ms = showing.begins_ms
    if end_ms is not None and end_ms <= begins_ms:
        return
    if showing.asset is not None:
        over_ms = begins_ms + showing.duration_ms
        yield Stretch(str(showing.position), begins_ms, over_ms if end_ms is None else min(over_ms, end_ms), begins_ms)
        begins_ms = over_ms
    if end_ms is None or begins_ms < end_ms:
        yield Stretch(SLATE, begins_ms, end_ms, 0)


def _joined(pieces: Sequence[Stretch]) -> list[Stretch]:
    """One slate after the other is one slate."""
    joined: list[Stretch] = []
    for piece in pieces:
        if joined and joined[-1].strip == piece.strip == SLATE:
            joined[-1] = Stretch(SLATE, joined[-1].begins_ms, piece.ends_ms, 0)
        else:
            joined.append(piece)
    return joined


def _counted(pieces: Sequence[Stretch]) -> Iterator[Stretch]:
    first = 0
    for piece in pieces:
        stretch = Stretch(piece.strip, piece.begins_ms, piece.ends_ms, piece.origin_ms, first)
        yield stretch
        if piece.ends_ms is not None:
            first += stretch.count(piece.ends_ms)
