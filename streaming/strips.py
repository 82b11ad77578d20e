"""What lanes are cut from: the slate, films, and what live sources send. Pure.

A strip has segments, and these have parts. The slate and films lie on a grid of parts of 0.4 s; a live source has its own borders. Times
are milliseconds on the programme's clock. A `Stretch` is a piece of a strip in a lane; it knows which of its parts there are, and where it
is cut. Places in a stretch are told as `Mark`: so many segments after its first one, and so many parts in that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from streaming.media.manifest import PART_MS, SEGMENT_MS

SLATE = "slate"
SLATE_MS = 1_600  # one loop of it is one segment
HALF_MS = PART_MS // 2


class Mark(NamedTuple):
    """How far a stretch is listed: up to its segment number *segment*, of which *parts* parts."""

    segment: int
    parts: int


NOTHING = Mark(0, 0)


@dataclass(frozen=True)
class Segment:
    """One segment as a lane lists it.

    Attributes:
        strip: what it is cut from; the first part of its address.
        seq: its number in the strip; ``first``: its first part there.
        ends: where its parts end, as far as they are listed.
        place: its number in the lane.
        number: of the stretch that it belongs to: how many discontinuities come before it.
        opens: whether it is the first one of its stretch.
        is_film: of a film: its first part has nothing before it.
    """

    strip: str
    seq: int
    first: int
    begins_ms: int
    ends: tuple[int, ...]
    place: int
    number: int
    opens: bool
    is_film: bool = False

    @property
    def ends_ms(self) -> int:
        """Where its last part ends."""
        return self.ends[-1]

    @property
    def duration_ms(self) -> int:
        """How long it plays."""
        return self.ends[-1] - self.begins_ms

    @property
    def name(self) -> str:
        """Its address: the same in every lane that shows it, and always the same bytes."""
        return self.part_name(0, len(self.ends))

    def part_name(self, begin: int, end: int) -> str:
        """The address of some of its listed parts. ``o``: with the sound that straddles its beginning, as no lane may have a hole there."""
        opening = "o" if self.opens and begin == 0 and not self.is_film else ""
        return f"{self.strip}/{self.seq}-{self.first + begin}-{self.first + end}{opening}"


class Bare(NamedTuple):
    """A segment of a strip as far as it is there; *is_done*: no part will be added."""

    seq: int
    first: int
    begins_ms: int
    ends: Sequence[int]
    is_done: bool


@dataclass(eq=False)
class Stretch:
    """A piece of a lane in which one thing is shown.

    Attributes:
        strip: what it is cut from.
        begins_ms: its first part, as its strip has it.
        at_ms: the moment for which it was taken.
        showing: which one of the lane's showings wanted it.
        skew_ms: how much later than its time the lane lists it, because parts of two strips do not end and begin at the same moment.
        seek_ms: a wanted source enters at a key frame from here on.
        first: how many segments the lane has before it; ``number``: how many stretches.
        end: where it was cut.
        told: how much of it has been given out, and is not taken back.
        waits_until_ms: before this it is not listed, unless something follows it.
        is_natural: the one before it was shown to its own end.
    """

    strip: str
    begins_ms: int
    at_ms: int
    showing: int
    skew_ms: int = 0
    seek_ms: int = 0
    first: int = 0
    number: int = 0
    end: Mark | None = None
    told: Mark = NOTHING
    waits_until_ms: int = 0
    is_natural: bool = False

    def bare(self, segment: int) -> Bare:
        """Its segment number *segment*, uncut."""
        raise NotImplementedError

    def there(self, now_ms: int) -> Mark:
        """How far its strip has come."""
        raise NotImplementedError

    def last(self) -> Mark:
        """Where its strip ends, or has come to."""
        raise NotImplementedError

    def cut(self, at_ms: int) -> Mark:
        """Where it ends when something else begins at *at_ms*: with the last part whose middle comes before."""
        raise NotImplementedError

    def is_known(self, at_ms: int) -> bool:
        """Whether `cut` will always say the same."""
        raise NotImplementedError

    def edge(self, now_ms: int) -> Mark:
        """How far it may be listed."""
        there = self.there(now_ms)
        return max(self.told, there if self.end is None else min(there, self.end))

    def ends_ms(self, mark: Mark) -> int:
        """Where its part before *mark* ends."""
        return self.bare(mark.segment).ends[mark.parts - 1] if mark.parts else self.begins_ms

    def count(self) -> int:
        """How many segments it has, once it is cut."""
        assert self.end is not None
        return self.end.segment + 1 if self.end.parts else 0

    def segment(self, number: int, edge: Mark) -> Segment:
        """Its segment number *number*, listed as far as *edge*."""
        bare = self.bare(number)
        ends = bare.ends[: edge.parts] if number == edge.segment else bare.ends
        return Segment(
            self.strip, bare.seq, bare.first, bare.begins_ms, tuple(ends), self.first + number, self.number, number == 0, self.is_film
        )

    @property
    def is_film(self) -> bool:
        """Whether it shows a film."""
        return False

    def next_ms(self, now_ms: int) -> int | None:  # noqa: ARG002  # those that go by the clock need it
        """When the clock brings its next part; ``None`` when it does not."""
        return None


@dataclass(eq=False)
class GridStretch(Stretch):
    """Of the slate or of a film: every part is known, and listed when it would have been shown.

    Attributes:
        origin_ms: where the strip itself begins.
        over_ms: where it ends; ``None``: never.
    """

    origin_ms: int = 0
    over_ms: int | None = None

    @property
    def is_film(self) -> bool:
        """Whether it shows a film."""
        return self.over_ms is not None

    @property
    def _per(self) -> int:
        return (SEGMENT_MS if self.is_film else SLATE_MS) // PART_MS

    @property
    def _begin(self) -> int:
        return (self.begins_ms - self.origin_ms) // PART_MS

    @property
    def _most(self) -> int | None:
        return None if self.over_ms is None else (self.over_ms - self.origin_ms) // PART_MS

    def bare(self, segment: int) -> Bare:
        """Its segment number *segment*, uncut."""
        seq = self._begin // self._per + segment
        zero, most = seq * self._per, self._most
        first, end = max(self._begin - zero, 0), self._per if most is None else min(self._per, most - zero)
        begins_ms = self.origin_ms + (zero + first) * PART_MS
        return Bare(seq, first, begins_ms, range(begins_ms + PART_MS, begins_ms + (end - first) * PART_MS + 1, PART_MS), is_done=True)

    def there(self, now_ms: int) -> Mark:
        """Parts are there when their time has come: no earlier than the lane's own, so that cuts can be told of in time."""
        return self._mark((now_ms - max(0, self.skew_ms) - self.origin_ms) // PART_MS)

    def last(self) -> Mark:
        """The end of the film."""
        assert self._most is not None
        return self._mark(self._most)

    def cut(self, at_ms: int) -> Mark:
        """See `Stretch.cut`."""
        return self._mark((at_ms - self.skew_ms - HALF_MS - self.origin_ms) // PART_MS + 1)

    def is_known(self, at_ms: int) -> bool:  # noqa: ARG002  # a live stretch needs it
        """Always."""
        return True

    def next_ms(self, now_ms: int) -> int | None:
        """When its next part's time comes."""
        late_ms = max(0, self.skew_ms) + self.origin_ms
        return max(self.begins_ms + PART_MS + max(0, self.skew_ms), ((now_ms - late_ms) // PART_MS + 1) * PART_MS + late_ms)

    def _mark(self, part: int) -> Mark:
        """The place after so many parts of the strip."""
        part = max(self._begin, part if self._most is None else min(part, self._most))
        if part == self._begin:
            return NOTHING
        seq = (part - 1) // self._per
        segment = seq - self._begin // self._per
        return Mark(segment, part - max(self._begin, seq * self._per))
