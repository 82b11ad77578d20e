"""The fold of a lane: what is wanted when, and what there is of it, into stretches. Pure.

A `Fold` can be told more at any time: it goes on from the last stretch of which something was given out, and comes to what it would have
come to at once. What was given out is not taken back, even if we hear late that something else was wanted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from streaming.live_strips import LiveStretch, Piece
from streaming.media.manifest import PART_MS
from streaming.strips import HALF_MS, NOTHING, SLATE, GridStretch, Stretch
from streaming.tables import Showing

SILENT_MS = 1_000  # a source that sends nothing for so long is shown as a slate
FOLLOWS_MS = 600  # a run that follows another one directly is told of by then
NEVER_MS = 1 << 62


@dataclass(frozen=True)
class Coming:
    """The next stretch of a lane, or its end; *is_natural*: the one before it is shown to its own end."""

    stretch: Stretch | None
    is_natural: bool = False


def _same(one: Sequence[Showing], two: Sequence[Showing]) -> Iterator[None]:
    for a, b in zip(one, two, strict=False):
        if a.position != b.position:
            return
        yield None


class Fold:
    """One lane of a day as stretches, from its beginning.

    Args:
        sources: what each live source of the day has sent; looked at again by `advance`.
        zero_ms: where the programme's clock begins on the media host's.
    """

    def __init__(self, sources: Mapping[str, Sequence[Piece]], zero_ms: int = 0) -> None:
        self.stretches: list[Stretch] = []
        self.ended_ms: int | None = None
        self._sources, self._zero_ms = sources, zero_ms
        self._showings: list[Showing] = []
        self._at, self._seek_ms, self._is_closed = -1, 0, False

    # What is wanted ---------------------------------------------------------------------------------------------------------------

    def take(self, showings: list[Showing], ended_ms: int | None) -> None:
        """Hear what is wanted now, in place of what was."""
        same = sum(1 for _ in _same(self._showings, showings))
        changed_ms = min(
            showings[same].begins_ms if same < len(showings) else NEVER_MS,
            self._showings[same].begins_ms if same < len(self._showings) else NEVER_MS,
            *((NEVER_MS if each is None else each) for each in (ended_ms, self.ended_ms) if ended_ms != self.ended_ms),
        )
        while self.stretches and self.stretches[-1].at_ms >= changed_ms and self.stretches[-1].told == NOTHING:
            self.stretches.pop()
        for stretch in reversed(self.stretches):
            if stretch.showing < same:
                break
            stretch.showing = same - 1  # it was given out before we heard; it is what was before
        self._showings, self.ended_ms = showings, ended_ms
        self.advance()

    def _reopen(self) -> None:
        """The last stretch goes on, and with it what was wanted then."""
        self._is_closed = False
        if self.stretches:
            last = self.stretches[-1]
            last.end, self._at, self._seek_ms = None, last.showing, last.seek_ms
        else:
            self._at, self._seek_ms = -1, 0

    def advance(self) -> None:
        """Go on as far as can be known from what has been heard."""
        while self.stretches and self.stretches[-1].told == NOTHING:
            self.stretches.pop()
        self._reopen()
        while not self._is_closed and (coming := self._coming()) is not None:
            if not self._enter(coming):
                return

    @property
    def _until_ms(self) -> int:
        """When something else is wanted."""
        following = self._showings[self._at + 1].begins_ms if self._at + 1 < len(self._showings) else NEVER_MS
        return following if self.ended_ms is None else min(following, self.ended_ms)

    # What comes next --------------------------------------------------------------------------------------------------------------

    def _coming(self) -> Coming | None:
        """What follows the last stretch, as far as is known."""
        while True:
            last = self.stretches[-1] if self.stretches else None
            if isinstance(last, LiveStretch) and last.piece.is_over and last.last() == last.told == NOTHING:
                self.stretches.pop()  # its key frame came, and nothing after it
                self._reopen()
                continue
            found = self._by_itself(last) if last is not None else None
            if found is not None and found.stretch is not None and found.stretch.at_ms < self._until_ms:
                return found
            if self._until_ms == NEVER_MS:
                return None
            if self._until_ms == self.ended_ms:
                return Coming(None)
            self._at += 1
            if (taken := self._taken(self._showings[self._at], last)) is not None:
                return taken

    def _taken(self, showing: Showing, last: Stretch | None) -> Coming | None:
        """What a showing begins with; ``None`` if that is not yet to be seen, or is there already."""
        begins_ms = self._seek_ms = showing.begins_ms
        if showing.kind == "source" and last is not None:
            return None
        if showing.asset is not None:
            over_ms = begins_ms + showing.duration_ms
            return Coming(self._grid(str(showing.position), begins_ms, begins_ms, begins_ms - showing.skips_ms, over_ms))
        return None if last is not None and last.strip == SLATE else Coming(self._slate(begins_ms, begins_ms))

    def _by_itself(self, last: Stretch) -> Coming | None:
        """What comes with nobody's doing: a film or a run is over, a source that is wanted is there or is gone."""
        showing = self._showings[self._at]
        wanted = self._sources.get(showing.source, ()) if showing.kind == "source" else None
        ending: Coming | None = None
        if isinstance(last, LiveStretch):
            ending = self._after(last, wanted)
            if wanted is not None and last.piece in wanted:
                return ending
        elif last.is_film:
            over_ms = last.ends_ms(last.last())
            ending = Coming(self._slate(over_ms, over_ms), is_natural=True)
        found = self._sought(wanted, last) if wanted is not None else None
        both = [each for each in (ending, found) if each is not None and each.stretch is not None]
        return min(both, key=lambda each: each.stretch.at_ms if each.stretch else 0) if both else None

    def _after(self, last: LiveStretch, wanted: Sequence[Piece] | None) -> Coming | None:
        """A run is over: the source's next one, or the slate at the nearest part."""
        if not last.piece.is_over:
            return None
        edge_ms = last.ends_ms(last.last())
        if wanted is not None and last.piece in wanted:
            for piece in wanted[wanted.index(last.piece) + 1 :]:
                entry = piece.entry(0)
                if entry is None or (piece.is_empty and piece.is_over):
                    continue
                live = self._live(piece, entry)
                if edge_ms + last.skew_ms + HALF_MS > live.begins_ms:
                    return Coming(live, is_natural=True)
                break
        nearest_ms = (edge_ms + last.skew_ms + HALF_MS) // PART_MS * PART_MS
        slate = self._slate(nearest_ms, nearest_ms)
        slate.seek_ms, slate.waits_until_ms = max(edge_ms, self._seek_ms), edge_ms + FOLLOWS_MS
        return Coming(slate, is_natural=True)

    def _sought(self, pieces: Sequence[Piece], last: Stretch) -> Coming | None:
        """A source that is wanted: its next key frame; the slate when it is not there."""
        found: LiveStretch | None = None
        heard_ms: int | None = None
        for piece in pieces:
            entry = piece.entry(self._seek_ms + self._zero_ms)
            if entry is not None and not (piece.is_empty and piece.is_over):
                found = self._live(piece, entry)
                heard_ms = found.begins_ms if entry > piece.start else heard_ms
                break
            heard_ms = piece.edge_ms - self._zero_ms
        if last.strip != SLATE:
            silent_ms = self._seek_ms if heard_ms is None else max(self._seek_ms, heard_ms + SILENT_MS)
            silent_ms = -(-silent_ms // PART_MS) * PART_MS
            over = all(piece.is_over for piece in pieces)
            if (found is None and over) or (found is not None and found.begins_ms >= silent_ms):
                return Coming(self._slate(silent_ms, silent_ms))
        return Coming(found) if found is not None else None

    def _grid(self, strip: str, begins_ms: int, at_ms: int, origin_ms: int, over_ms: int | None) -> GridStretch:
        return GridStretch(strip, begins_ms, at_ms, self._at, seek_ms=self._seek_ms, origin_ms=origin_ms, over_ms=over_ms)

    def _slate(self, begins_ms: int, at_ms: int) -> GridStretch:
        on_grid_ms = -(-begins_ms // PART_MS) * PART_MS
        return self._grid(SLATE, on_grid_ms, max(at_ms, on_grid_ms), 0, None)

    def _live(self, piece: Piece, entry: int) -> LiveStretch:
        begins_ms = piece.segments[entry].begins_ms - self._zero_ms
        return LiveStretch(
            piece.strip, begins_ms, begins_ms, self._at, seek_ms=self._seek_ms, piece=piece, zero_ms=self._zero_ms, entered=entry
        )

    # Cuts -------------------------------------------------------------------------------------------------------------------------

    def _enter(self, coming: Coming) -> bool:
        """Cut the last stretch and begin the next one; ``False`` when it is not known yet where to cut."""
        stretch = coming.stretch
        at_ms = stretch.at_ms if stretch is not None else self._until_ms
        is_natural = coming.is_natural
        while self.stretches:
            last = self.stretches[-1]
            if not is_natural and not last.is_known(at_ms):
                return False
            end = max(last.told, last.last() if is_natural else last.cut(at_ms))
            if end != NOTHING:
                last.end = end
                break
            is_natural = self.stretches.pop().is_natural  # nothing of it is to be seen: what was before it goes on until here
            if self.stretches:
                self.stretches[-1].end = None
        if stretch is None:
            self._is_closed = True
            return True
        if self.stretches:
            last = self.stretches[-1]
            assert last.end is not None
            stretch.skew_ms = last.skew_ms + last.ends_ms(last.end) - stretch.begins_ms
            stretch.first, stretch.number = last.first + last.count(), last.number + 1
        stretch.is_natural, self._seek_ms = coming.is_natural, stretch.seek_ms
        self.stretches.append(stretch)
        return True
