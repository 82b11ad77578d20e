"""Which segments of a lane a recording consists of, and where in it a moment of the programme is. Pure.

A recording begins and ends where the lane cut, if it cut near to the time that the run-of-show tells; so recordings that follow each other
have every picture once. Where it did not cut, one begins at the segment that was on, and ends at the nearest part: nothing is lost. The
slate can be entered at any part. What such borders are off by, a part at most, is made up for in the last segment: its last picture stays
a little longer, or it ends a little sooner.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from streaming.lanes import SLATE, Lane, Listing, Segment
from streaming.media.manifest import PART_MS

BEFORE_MS, AFTER_MS = 600, 2_000  # so near a cut belongs to a moment of the run-of-show; a live source may come later, with its key frame
SHORTEST_MS = 100  # of a segment
AROUND = 4  # segments that are looked at on either side


class Border(NamedTuple):
    """A place in a lane: so many whole segments, and so many parts of the next one."""

    place: int
    parts: int = 0


class Stretch(NamedTuple):
    """A piece of a recording in which one thing is shown: from when until when on the programme's clock."""

    strip: str
    begins_ms: int
    ends_ms: int


@dataclass(frozen=True)
class Extract:
    """Some segments of a lane.

    Attributes:
        segments: the last one ends to the millisecond, a little sooner or later than its last part, so that all of them together are as
            long as what was recorded.
        offsets_ms: where each begins in the recording.
        last: the last one as the lane lists it.
    """

    segments: tuple[Segment, ...]
    offsets_ms: tuple[int, ...]
    duration_ms: int
    last: Segment

    @property
    def is_trimmed(self) -> bool:
        """Whether the last segment is not the lane's own."""
        return self.segments[-1].ends_ms != self.last.ends_ms

    @property
    def untrimmed(self) -> tuple[Segment, ...]:
        """Its segments, the last one as the lane lists it."""
        return (*self.segments[:-1], self.last)

    def at(self, ms: int) -> int:
        """Where a moment of the programme's clock is in the recording; before it is 0, after it its end."""
        n = bisect_right(self.segments, ms, key=lambda each: each.begins_ms) - 1
        if n < 0:
            return 0
        segment = self.segments[n]
        return self.offsets_ms[n] + min(ms - segment.begins_ms, segment.duration_ms)

    def stretches(self) -> Iterator[Stretch]:
        """What it shows."""
        first = self.segments[0]
        for one, two in zip(self.segments, [*self.segments[1:], None], strict=True):
            if two is None or two.opens:
                yield Stretch(first.strip, first.begins_ms, one.ends_ms)
                first = two or first


def extract(lane: Lane, listing: Listing, begins_ms: int, ends_ms: int) -> Extract | None:
    """What a lane showed between two moments of the programme's clock; ``None``: nothing."""
    begin, end = begin_of(lane, listing, begins_ms), end_of(lane, listing, ends_ms)
    segments = list(_between(lane, begin, end)) if begin < end else []
    if not segments:
        return None
    kept, offsets, at, number = list[Segment](), list[int](), 0, 0
    for place, segment in enumerate(segments):
        opens = place == 0 or segment.opens
        number += opens and place > 0
        kept.append(replace(segment, place=place, number=number, opens=opens))
        offsets.append(at)
        at += segment.duration_ms
    last = kept[-1]
    late_ms = ends_ms - begins_ms - at
    if abs(late_ms) <= PART_MS and last.duration_ms + late_ms >= SHORTEST_MS:
        kept[-1] = replace(last, ends=_until(last, last.ends_ms + late_ms))
        last = replace(last, ends=last.ends[: len(kept[-1].ends)])
        at += late_ms
    return Extract(tuple(kept), tuple(offsets), at, last)


def _until(segment: Segment, ms: int) -> tuple[int, ...]:
    """The ends of its parts when it ends at a moment."""
    return (*(each for each in segment.ends[:-1] if each < ms), ms)


def is_there(lane: Lane, listing: Listing, ends_ms: int) -> bool:
    """Whether a lane has come so far that what it shows until then is certain."""
    if listing.is_complete or not listing.closed:
        return listing.is_complete
    return _segment(lane, listing.closed - 1).ends_ms >= ends_ms + AFTER_MS


def begin_of(lane: Lane, listing: Listing, ms: int) -> Border:
    """Where something begins that began at a moment."""
    if (cut := _cut(lane, listing, ms)) is not None:
        return Border(cut)
    place = _on(lane, listing, ms)
    segment = _segment(lane, place)
    return _normal(segment, place, _nearest(segment, ms)) if segment.strip == SLATE else Border(place)


def end_of(lane: Lane, listing: Listing, ms: int) -> Border:
    """Where something ends that ended at a moment."""
    if (cut := _cut(lane, listing, ms)) is not None:
        return Border(cut)
    place = _on(lane, listing, ms)
    segment = _segment(lane, place)
    return _normal(segment, place, _nearest(segment, ms))


def moment_of(lane: Lane, border: Border) -> int:
    """When a place in a lane is, on the programme's clock."""
    segment = _segment(lane, border.place)
    return segment.ends[border.parts - 1] if border.parts else segment.begins_ms


def _normal(segment: Segment, place: int, parts: int) -> Border:
    return Border(place + 1) if parts == len(segment.ends) else Border(place, parts)


def _nearest(segment: Segment, ms: int) -> int:
    borders = [segment.begins_ms, *segment.ends]
    return min(range(len(borders)), key=lambda parts: abs(borders[parts] - ms))


def _cut(lane: Lane, listing: Listing, ms: int) -> int | None:
    """The cut that belongs to a moment; the lane's own end is one too."""
    on = _on(lane, listing, ms)
    near = [
        (abs(segment.begins_ms - ms), segment.place)
        for segment in lane.segments(max(0, on - AROUND), min(listing.closed, on + AROUND))
        if segment.opens and -BEFORE_MS <= segment.begins_ms - ms <= (AFTER_MS if segment.strip.startswith("~") else BEFORE_MS)
    ]
    return min(near)[1] if near else None


def _on(lane: Lane, listing: Listing, ms: int) -> int:
    """The closed segment that is on at a moment."""
    return max(0, bisect_right(range(listing.closed), ms, key=lambda place: _segment(lane, place).begins_ms) - 1)


def _segment(lane: Lane, place: int) -> Segment:
    return next(lane.segments(place, place + 1))


def _between(lane: Lane, begin: Border, end: Border) -> Iterator[Segment]:
    for segment in lane.segments(begin.place, end.place + (end.parts > 0)):
        first = begin.parts if segment.place == begin.place else 0
        until = end.parts if segment.place == end.place else len(segment.ends)
        if first < until:
            yield _part(segment, first, until)


def _part(segment: Segment, first: int, until: int) -> Segment:
    """Some parts of a segment as a segment."""
    if first == 0:
        return replace(segment, ends=tuple(segment.ends[:until]))
    begins_ms = segment.ends[first - 1]
    return replace(segment, first=segment.first + first, begins_ms=begins_ms, ends=tuple(segment.ends[first:until]), opens=True)


def spans(found: Sequence[Stretch], extracted: Extract, wanted: Callable[[str], bool]) -> list[tuple[int, int]]:
    """From when until when in the recording those strips are shown that are wanted."""
    return [(extracted.at(each.begins_ms), extracted.at(each.ends_ms - 1) + 1) for each in found if wanted(each.strip)]
