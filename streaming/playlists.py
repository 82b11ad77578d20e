"""Playlists as text (RFC 8216 and its second edition's low latency): pure. No delta updates: they break players at cuts.

A segment is closed in the list when something after it is listed: players lose their count when a cut follows a whole segment otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from conference.times import stamp
from streaming.captions import words_name
from streaming.lanes import SLATE, Lane, Listing, Segment
from streaming.media.manifest import size_of

TARGET_S = 3  # no segment is longer: 2 s of a film, up to 3 of a live source
PART_S = 0.4
HOLD_BACK_S = 1.2  # three parts
WITH_PARTS = 4  # so many of the last segments are listed part by part
CODECS = "avc1.640020,mp4a.40.2"  # High 3.2 contains all that is ever listed
SOUND_CODEC = "mp4a.40.2"
BANDWIDTH_LEAST = 500_000  # bits a second; more than the slate
SMALL_BANDWIDTH, SMALL_AVERAGE = 900_000, 600_000  # what the encoder of `media.small` is allowed, and sound
SOUND_BANDWIDTH = 140_000
PICTURES, SMALL, SOUND, WORDS = "m4s", "360.m4s", "m4a", "vtt"  # endings of the segments of the renditions
LIVE_LISTS: Mapping[str, str] = {PICTURES: "live.m3u8", SMALL: "small.m3u8", SOUND: "audio.m3u8", WORDS: "live-sv.m3u8"}
INITS: Mapping[str, str] = {PICTURES: "init.mp4", SMALL: "small.mp4", SOUND: "sound.mp4"}


@dataclass(frozen=True)
class Names:
    """Addresses, as seen from a lane's playlist.

    Attributes:
        media: where the segments of all lanes lie; those of words lie beside the lane's playlists.
        ending: `PICTURES`, `SMALL`, `SOUND` or `WORDS`.
    """

    media: str = "../../media"
    ending: str = PICTURES


@dataclass(frozen=True)
class DateRange:
    """Something that happened at a moment of the programme, for players that show it when their picture comes there.

    Attributes:
        about: what it is, as ``X-`` attributes without that prefix.
    """

    id: str
    at: datetime
    about: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Its line in a playlist."""
        more = "".join(f",X-{name.upper()}={_quoted(value)}" for name, value in self.about.items())
        return f'#EXT-X-DATERANGE:ID={_quoted(self.id)},CLASS="samsyn",START-DATE="{stamp(self.at)}"{more}'


def _quoted(text: str) -> str:
    return '"' + "".join(each for each in text if each not in '"\r\n') + '"'


@dataclass(frozen=True)
class Look:
    """The most that the pictures of a lane are.

    Attributes:
        bandwidth: bits a second of the greatest segment.
        average: bits a second in the long run; 0 when that is not known.
    """

    bandwidth: int
    average: int = 0
    width: int = 1_280
    height: int = 720
    frame_rate: float = 50.0

    def __str__(self) -> str:
        """The line of a variant."""
        peak = max(self.bandwidth * 11 // 10, BANDWIDTH_LEAST)
        average = f",AVERAGE-BANDWIDTH={min(self.average, peak)}" if self.average else ""
        shape = f'CODECS="{CODECS}",RESOLUTION={self.width}x{self.height},FRAME-RATE={self.frame_rate:.3f},SUBTITLES="text"'
        return f"#EXT-X-STREAM-INF:BANDWIDTH={peak}{average},{shape}"


def multivariant(look: Look, *, pictures: str, sound: str, words: str, small: str = "") -> bytes:
    """What a player loads first: pictures with sound, smaller ones, sound alone for the narrowest lines, and the captions."""
    narrow = [str(Look(SMALL_BANDWIDTH, SMALL_AVERAGE, *size_of(look.width, look.height), look.frame_rate)), small] if small else []
    return _text([*_multivariant(words), str(look), pictures, *narrow, *_sound_variant(sound)])


def sound_only(*, sound: str, words: str) -> bytes:
    """The same without pictures, for those who choose so: players leave a rendition of sound alone out beside one with pictures."""
    return _text([*_multivariant(words), *_sound_variant(sound)])


def _multivariant(words: str) -> list[str]:
    track = f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",NAME="Svenska",LANGUAGE="sv",DEFAULT=YES,AUTOSELECT=YES,FORCED=NO,URI="{words}"'
    return ["#EXTM3U", "#EXT-X-VERSION:9", "#EXT-X-INDEPENDENT-SEGMENTS", track]


def _sound_variant(sound: str) -> list[str]:
    return [f'#EXT-X-STREAM-INF:BANDWIDTH={SOUND_BANDWIDTH},CODECS="{SOUND_CODEC}",SUBTITLES="text"', sound]


class Live:
    """The live window of a lane, written again and again; what is closed is written once.

    Args:
        began_at: where the programme's clock begins.
    """

    def __init__(self, lane: Lane, began_at: datetime, names: Names) -> None:
        self._lane, self._began_at, self._names = lane, began_at, names
        self._closed: dict[int, str] = {}
        self._parts: dict[int, str] = {}

    def text(self, listing: Listing, ranges: Iterable[DateRange] = ()) -> bytes:
        """The playlist at one moment."""
        begin = self._lane.window(listing)
        segments = list(self._lane.segments(begin, listing.place + (listing.parts > 0), listing))
        lines = _head(segments[0] if segments else None, self._control())
        if segments and self._names.ending != WORDS and not (segments[0].opens):
            lines.append(_map(segments[0], self._names))
        for segment in segments:
            if segment.place < listing.closed:
                lines.append(self._closed_lines(segment, with_parts=segment.place > listing.place - WITH_PARTS))
            elif self._names.ending != WORDS:
                lines += [*self._opening(segment), *parts_of(segment, self._names)]
        for kept in (self._closed, self._parts):
            for place in [place for place in kept if place < begin]:
                del kept[place]
        if listing.hint and self._names.ending != WORDS:
            lines.append(f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{self._names.media}/{listing.hint}.{self._names.ending}"')
        since = self._began_at + timedelta(milliseconds=segments[0].begins_ms) if segments else self._began_at
        more = [str(each) for each in ranges if each.at >= since]
        return _text([*lines, *more, *self._reports(listing), *_end(listing)])

    def _reports(self, listing: Listing) -> Iterator[str]:
        """How far the other lists of the lane have come, so that a player that changes over to one of them asks for what is next."""
        if listing.is_complete:
            return
        place, part = listing.place, listing.parts - 1
        if part < 0 < place:
            place -= 1
            part = len(next(self._lane.segments(place, place + 1)).ends) - 1
        for ending, name in LIVE_LISTS.items():
            if ending == self._names.ending:
                continue
            if ending != WORDS and part >= 0:
                yield f'#EXT-X-RENDITION-REPORT:URI="{name}",LAST-MSN={place},LAST-PART={part}'
            elif ending == WORDS and listing.closed > 0:
                yield f'#EXT-X-RENDITION-REPORT:URI="{name}",LAST-MSN={listing.closed - 1}'

    def _control(self) -> list[str]:
        hold = f"CAN-BLOCK-RELOAD=YES,HOLD-BACK={3 * TARGET_S:.1f}"
        if self._names.ending == WORDS:
            return [f"#EXT-X-SERVER-CONTROL:{hold}"]
        return [f"#EXT-X-SERVER-CONTROL:{hold},PART-HOLD-BACK={HOLD_BACK_S:.3f}", f"#EXT-X-PART-INF:PART-TARGET={PART_S:.3f}"]

    def _opening(self, segment: Segment) -> list[str]:
        return list(_opening_of(segment, self._began_at, self._names))

    def _closed_lines(self, segment: Segment, *, with_parts: bool) -> str:
        """One that does not change any more, written once with its parts and once without."""
        kept = self._parts if with_parts and self._names.ending != WORDS else self._closed
        if segment.place not in kept:
            parts = parts_of(segment, self._names) if kept is self._parts else ()
            kept[segment.place] = "\n".join([*self._opening(segment), *parts, *_address(segment, self._names)])
        return kept[segment.place]


class Whole:
    """A lane from its beginning, written on as it grows."""

    def __init__(self, lane: Lane, began_at: datetime, names: Names) -> None:
        self._lane, self._began_at, self._names = lane, began_at, names
        self._lines: list[str] = []
        self._written = 0
        self._told: set[str] = set()

    def until(self, listing: Listing, ranges: Sequence[DateRange] = ()) -> bytes:
        """The playlist as it stands; never less than before."""
        for segment in self._lane.segments(self._written, listing.closed):
            if not self._lines:
                self._lines = [*_head(segment, []), "#EXT-X-PLAYLIST-TYPE:EVENT"]
            if self._names.ending == PICTURES:
                self._lines += self._news(ranges, self._began_at + timedelta(milliseconds=segment.ends_ms))
            self._lines += lines_of(segment, self._began_at, self._names)
        self._written = max(self._written, listing.closed)
        return _text([*(self._lines or [*_head(None, []), "#EXT-X-PLAYLIST-TYPE:EVENT"]), *_end(listing)])

    def _news(self, ranges: Sequence[DateRange], until: datetime) -> Iterator[str]:
        for each in ranges:
            if each.at < until and each.id not in self._told:
                self._told.add(each.id)
                yield str(each)


def lines_of(segment: Segment, began_at: datetime, names: Names) -> Iterator[str]:
    """One closed segment: its discontinuity and map when it opens a stretch, its time, its length, its address."""
    yield from _opening_of(segment, began_at, names)
    yield from _address(segment, names)


def _opening_of(segment: Segment, began_at: datetime, names: Names) -> Iterator[str]:
    if segment.opens and segment.place > 0:
        yield "#EXT-X-DISCONTINUITY"
    if segment.opens and names.ending != WORDS:
        yield _map(segment, names)
    yield f"#EXT-X-PROGRAM-DATE-TIME:{stamp(began_at + timedelta(milliseconds=segment.begins_ms))}"


def _address(segment: Segment, names: Names) -> Iterator[str]:
    yield f"#EXTINF:{segment.duration_ms / 1_000:.3f},"
    if names.ending == WORDS:
        yield f"{names.media}/{segment.strip}/{words_name(segment.begins_ms, segment.ends_ms)}.{WORDS}"
    else:
        yield f"{names.media}/{segment.name}.{names.ending}"


def parts_of(segment: Segment, names: Names) -> Iterator[str]:
    """The parts of a segment, as far as they are listed."""
    begins_ms = segment.begins_ms
    for number, ends_ms in enumerate(segment.ends):
        alone = ",INDEPENDENT=YES" if segment.strip == SLATE or segment.first + number == 0 or names.ending == SOUND else ""
        address = f"{names.media}/{segment.part_name(number, number + 1)}.{names.ending}"
        yield f'#EXT-X-PART:DURATION={(ends_ms - begins_ms) / 1_000:.3f},URI="{address}"{alone}'
        begins_ms = ends_ms


def _map(segment: Segment, names: Names) -> str:
    return f'#EXT-X-MAP:URI="{names.media}/{segment.strip}/{INITS[names.ending]}"'


def _head(first: Segment | None, control: Sequence[str]) -> list[str]:
    # A discontinuity counts as gone only when its tag is: the first segment may still carry it.
    gone = first.number - (1 if first.opens and first.place > 0 else 0) if first else 0
    return [
        "#EXTM3U",
        "#EXT-X-VERSION:9",
        f"#EXT-X-TARGETDURATION:{TARGET_S}",
        *control,
        f"#EXT-X-MEDIA-SEQUENCE:{first.place if first else 0}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{gone}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]


def _end(listing: Listing) -> list[str]:
    return ["#EXT-X-ENDLIST"] if listing.is_complete else []


def _text(lines: Iterable[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()
