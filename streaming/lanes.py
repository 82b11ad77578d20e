"""A lane is a playlist: showings, what live sources have sent, and the time, folded into segments. Pure: every process gives the same
answer, also after a restart.

Films and the slate lie on a grid of parts of 0.4 s on the programme's clock; the slate always runs and can be entered at any part. A live
source is entered at a key frame, and its parts do not end where those of others begin. So a lane may run up to 0.2 s ahead of the clock or
behind it: its `skew_ms`, which every cut chooses anew and which never adds up. Lanes that show the same list the same addresses, wherever
they came from.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from streaming.folding import NEVER_MS, Fold
from streaming.live_strips import LiveStretch, Piece
from streaming.strips import NOTHING, SLATE, SLATE_MS, Mark, Segment, Stretch
from streaming.tables import Showing

__all__ = ["NEVER_MS", "SLATE", "SLATE_MS", "WINDOW_MS", "Lane", "Listing", "Segment", "folded", "standing"]

WINDOW_MS = 60_000


@dataclass(frozen=True)
class Listing:
    """A lane at one moment: its segments up to number *place*, of which the last one has *parts* parts and may get more.

    Attributes:
        is_complete: nothing comes any more; the last segment is closed too.
        hint: the part that comes next, if that is certain.
    """

    place: int = 0
    parts: int = 0
    is_complete: bool = False
    hint: str | None = None

    @property
    def closed(self) -> int:
        """How many segments will not change any more."""
        return self.place + 1 if self.is_complete and self.parts else self.place

    def has(self, place: int, part: int | None) -> bool:
        """Whether a segment is closed, or one of its parts is there; beyond a closed segment's parts comes the next segment."""
        return self.is_complete or place < self.place or (place == self.place and part is not None and part < self.parts)


def standing(showings: Iterable[Showing], lane: str) -> list[Showing]:
    """Those of a lane that hold: a later one ends all that would have begun after it."""
    found: list[Showing] = []
    for showing in showings:
        if lane in showing.lanes:
            while found and found[-1].begins_ms >= showing.begins_ms:
                found.pop()
            found.append(showing)
    return found


def folded(
    showings: Iterable[Showing],
    lane: str,
    ended_ms: int | None = None,
    sources: Mapping[str, Sequence[Piece]] | None = None,
    zero_ms: int = 0,
) -> Lane:
    """The lane as its showings make it."""
    made = Lane({} if sources is None else sources, zero_ms)
    made.take(standing(showings, lane), ended_ms)
    return made


class Lane(Fold):
    """One lane of a day, as it is listed."""

    def listing(self, now_ms: int) -> Listing:
        """What there is by now; it is given out with this."""
        at = len(self.stretches) - 1
        while at > 0 and not self._is_begun(at, now_ms):
            at -= 1
        if at < 0:
            return Listing()
        stretch = self.stretches[at]
        edge = stretch.edge(now_ms)
        stretch.told = max(stretch.told, edge)
        is_complete = self._is_closed and at == len(self.stretches) - 1 and edge == stretch.end
        return Listing(stretch.first + edge.segment, edge.parts, is_complete, self._hint(at, edge))

    def _is_begun(self, at: int, now_ms: int) -> bool:
        stretch, before = self.stretches[at], self.stretches[at - 1]
        waits = at == len(self.stretches) - 1 and now_ms < stretch.waits_until_ms
        return stretch.told != NOTHING or (stretch.edge(now_ms) != NOTHING and before.edge(now_ms) == before.end and not waits)

    def _hint(self, at: int, edge: Mark) -> str | None:
        """The next part of a stretch that goes on."""
        stretch = self.stretches[at]
        if at < len(self.stretches) - 1 or self._is_closed or (self._at >= 0 and self._is_pending(stretch)):
            return None
        if edge == NOTHING:
            return None
        if isinstance(stretch, LiveStretch):
            bare = stretch.bare(edge.segment)
            return (
                None
                if stretch.piece.is_over
                else f"{stretch.strip}/{_next(bare.seq, edge.parts, is_done=bare.is_done and edge.parts == len(bare.ends))}"
            )
        if stretch.is_film and edge == stretch.last():
            return None
        bare = stretch.bare(edge.segment)
        is_done = edge.parts == len(bare.ends)
        return f"{stretch.strip}/{_next(bare.seq, bare.first + edge.parts, is_done=is_done)}"

    def _is_pending(self, stretch: Stretch) -> bool:
        """Whether a source is waited for; it may come at any moment."""
        showing = self._showings[self._at]
        if showing.kind != "source" or stretch.strip == SLATE:
            return False
        return not (isinstance(stretch, LiveStretch) and stretch.piece in self._sources.get(showing.source, ()))

    def next_ms(self, now_ms: int) -> int | None:
        """When the clock brings something new; ``None`` when only news can."""
        moments = [stretch.next_ms(now_ms) for stretch in self.stretches[-3:] if stretch.end is None or stretch.edge(now_ms) < stretch.end]
        moments += [stretch.waits_until_ms for stretch in self.stretches[-1:] if stretch.waits_until_ms > now_ms]
        return min((each for each in moments if each is not None), default=None)

    def segments(self, begin: int, end: int, listing: Listing | None = None) -> Iterator[Segment]:
        """Those from number *begin* up to, not with, *end*; the listing's last one as far as it is listed."""
        at = max(0, bisect_right(self.stretches, begin, key=lambda each: each.first) - 1)
        for place in range(begin, end):
            while at + 1 < len(self.stretches) and self.stretches[at + 1].first <= place:
                at += 1
            stretch = self.stretches[at]
            number = place - stretch.first
            if listing is not None and place == listing.place:
                yield stretch.segment(number, Mark(number, listing.parts))
            else:
                yield stretch.segment(number, stretch.end or Mark(-1, 0))

    def window(self, listing: Listing) -> int:
        """The first segment of the live window."""
        if not listing.parts:
            return 0
        place = listing.place
        end_ms = next(self.segments(place, place + 1, listing)).ends_ms
        while place > 0 and next(self.segments(place - 1, place)).begins_ms >= end_ms - WINDOW_MS:
            place -= 1
        return place


def _next(seq: int, parts: int, *, is_done: bool) -> str:
    return f"{seq + 1}-0-1" if is_done else f"{seq}-{parts}-{parts + 1}"
