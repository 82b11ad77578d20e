"""Playlists as text (RFC 8216): pure. No delta updates: they break players at cuts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from conference.times import stamp
from streaming.lanes import Lane, Segment

TARGET_S = 3  # no segment is longer than 2 s; live sources may need a little more
CODECS = "avc1.640020,mp4a.40.2"  # High 3.2 contains all that is ever listed
BANDWIDTH_LEAST = 500_000  # bits a second; more than the slate
PICTURES, WORDS = "m4s", "vtt"  # endings of the segments of the two renditions


@dataclass(frozen=True)
class Names:
    """Addresses, as seen from a lane's playlist.

    Attributes:
        media: where the segments of all lanes lie.
        ending: `PICTURES` or `WORDS`.
    """

    media: str = "../../media"
    ending: str = PICTURES


def multivariant(bandwidth: int, *, pictures: str, words: str) -> bytes:
    """What a player loads first: one rendition of pictures and sound, and the captions."""
    track = f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",NAME="Svenska",LANGUAGE="sv",DEFAULT=YES,AUTOSELECT=YES,FORCED=NO,URI="{words}"'
    variant = f"BANDWIDTH={max(bandwidth * 11 // 10, BANDWIDTH_LEAST)}"
    look = f'CODECS="{CODECS}",RESOLUTION=1280x720,FRAME-RATE=50.000,SUBTITLES="text"'
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS", track, f"#EXT-X-STREAM-INF:{variant},{look}", pictures]
    return _text(lines)


def media_playlist(lane: Lane, began_at: datetime, listed: int, names: Names) -> bytes:
    """The live window that ends with segment number *listed*."""
    begin = lane.window(listed)
    lines = _head(lane, begin)
    for segment in lane.segments(begin, listed):
        lines += lines_of(segment, began_at, names, is_first=segment.place == begin)
    return _text([*lines, *_end(lane, listed)])


class Whole:
    """A lane from its beginning, written on as it grows."""

    def __init__(self, lane: Lane, began_at: datetime, names: Names) -> None:
        self._lane, self._began_at, self._names = lane, began_at, names
        self._lines: list[str] = [*_head(lane, 0), "#EXT-X-PLAYLIST-TYPE:EVENT"]
        self._written = 0

    def until(self, listed: int) -> bytes:
        """The playlist as it stands with so many segments; never fewer than before."""
        for segment in self._lane.segments(self._written, listed):
            self._lines += lines_of(segment, self._began_at, self._names, is_first=segment.place == 0)
        self._written = max(self._written, listed)
        return _text([*self._lines, *_end(self._lane, listed)])


def lines_of(segment: Segment, began_at: datetime, names: Names, *, is_first: bool) -> Iterator[str]:
    """One segment: its discontinuity when it opens a stretch, its map, its time, its length, its address."""
    if segment.opens and segment.place > 0:
        yield "#EXT-X-DISCONTINUITY"
    if names.ending == PICTURES and (segment.opens or is_first):
        yield f'#EXT-X-MAP:URI="{names.media}/{segment.stretch.strip}/init.mp4"'
    yield f"#EXT-X-PROGRAM-DATE-TIME:{stamp(began_at + timedelta(milliseconds=segment.begins_ms))}"
    yield f"#EXTINF:{segment.duration_ms / 1_000:.3f},"
    yield f"{names.media}/{segment.name}.{names.ending}"


def _head(lane: Lane, begin: int) -> list[str]:
    first = next(lane.segments(begin, begin + 1))
    # A discontinuity counts as gone only when its tag is: the first segment may still carry it.
    gone = lane.discontinuities(first) - (1 if first.opens and first.place > 0 else 0)
    return [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{TARGET_S}",
        f"#EXT-X-MEDIA-SEQUENCE:{begin}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{gone}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]


def _end(lane: Lane, listed: int) -> list[str]:
    return ["#EXT-X-ENDLIST"] if lane.is_complete(listed) else []


def _text(lines: Iterable[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()
