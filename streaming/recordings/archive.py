"""Reads recordings: what stands in a lane's list, and what was said meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.store import Store
from conference.tables import Item
from streaming import captions
from streaming.captioning import views as captioning
from streaming.captioning.rules import is_shown
from streaming.captioning.tables import DELAY_MS
from streaming.captioning.tables import Caption as Line
from streaming.captions import Caption, Said
from streaming.lanes import SLATE, Segment
from streaming.origin import DAY, Origin
from streaming.playlists import PICTURES, SOUND, WORDS, Look, Names, multivariant, sound_only
from streaming.recordings import cutting, ending, rules, texts, views
from streaming.recordings.cutting import Extract, Stretch
from streaming.recordings.rules import Covered, NotYet
from streaming.recordings.tables import Recording
from streaming.recordings.texts import Chapter
from streaming.second import sign_of
from streaming.viewing import ViewedDay

MS = timedelta(milliseconds=1)
LISTS = {"pictures.m3u8": PICTURES, "sound.m3u8": SOUND, "words.m3u8": WORDS}
FIRST = frozenset({"index.m3u8", "sound-only.m3u8"})  # what players load first
SIGN = "sign.m3u8"


@dataclass(frozen=True)
class Recorded:
    """A recording as it can be played.

    Attributes:
        began_at: where the programme's clock begins.
        bandwidth: the most that it needs, in bits a second.
        sign: what the second picture showed meanwhile, if anybody interpreted into sign language.
    """

    row: Recording
    extract: Extract
    stretches: Sequence[Stretch]
    chapters: Sequence[Chapter]
    captions: Sequence[Caption]
    covered: Covered
    began_at: datetime
    bandwidth: int
    sign: Extract | None = None

    def at(self, moment: datetime) -> int:
        """Where a moment is in it, in ms from its beginning."""
        return self.extract.at((moment - self.began_at) // MS)

    def playlist(self, name: str) -> bytes:
        """One of `FIRST` or `LISTS`, or `SIGN`; its segments are those of the lane.

        Raises:
            LookupError: nobody interpreted.
        """
        if name == "index.m3u8":
            return multivariant(Look(self.bandwidth), pictures="pictures.m3u8", sound="sound.m3u8", words="words.m3u8")
        if name == "sound-only.m3u8":
            return sound_only(sound="sound.m3u8", words="words.m3u8")
        base = f"/days/{self.row.day}"
        if name == SIGN:
            if self.sign is None:
                raise LookupError(name)
            return texts.playlist(self.sign, self.began_at, Names(f"{base}/media"))
        kind = LISTS[name]
        where = f"{base}/lanes/{self.row.lane}/{DAY}" if kind == WORDS else f"{base}/media"
        return texts.playlist(self.extract, self.began_at, Names(where, kind), f"{base}/recordings/{quote(self.row.recording, safe='@')}")


class Archive:
    """All recordings of the installation."""

    def __init__(self, store: Store, origin: Origin) -> None:
        self._store, self._origin = store, origin

    async def read(self, day: str, recording: str) -> Recorded:
        """One of them.

        Raises:
            LookupError: there is none, or nothing was shown.
            NotYet: its end is not listed yet.
        """
        async with self._store.reading() as session:
            row = await views.recording(session, day, recording)
            if row is None:
                raise LookupError(recording)
            return await self.read_row(session, row)

    async def covered(self, day: str, recording: str) -> Covered:
        """How much of one can be read; raises as `read`."""
        return (await self.read(day, recording)).covered

    async def read_row(self, session: AsyncSession, row: Recording) -> Recorded:
        """The same, for who has its row already."""
        viewed = await self._origin.viewed(row.day)
        watched = viewed.lane(row.lane)
        lane, listing = watched.lane, watched.look()
        begins_ms, ends_ms = ((at - viewed.began_at) // MS for at in (row.begins_at, row.ends_at))
        if not cutting.is_there(lane, listing, ends_ms):
            raise NotYet
        extract = cutting.extract(lane, listing, begins_ms, ends_ms)
        if extract is None:
            raise LookupError(row.recording)

        def begin(at: datetime) -> int:
            return extract.at(cutting.moment_of(lane, cutting.begin_of(lane, listing, (at - viewed.began_at) // MS)))

        chapters = list(_chapters(await views.items(session, row), begin, extract.duration_ms))
        stretches = list(extract.stretches())
        words = sorted([*_of_films(viewed, stretches), *await self._lines(session, viewed, row.lane, stretches)], key=_begins)
        told = list(texts.moved(extract, words))
        spoken = cutting.spans(stretches, extract, lambda strip: strip != SLATE)
        covered = rules.covered(spoken, [*_whole_films(viewed, stretches, extract), *((each.begins_ms, each.ends_ms) for each in told)])
        sign = _sign(viewed, row.lane, begins_ms, ends_ms)
        return Recorded(row, extract, stretches, chapters, told, covered, viewed.began_at, viewed.bandwidth, sign)

    async def end(self, recorded: Recorded, kind: str) -> bytes:
        """The last segment of a recording, when it is its own.

        Raises:
            LookupError: it is the lane's.
            MediaAway: it cannot be had now.
        """
        if not recorded.extract.is_trimmed:
            raise LookupError(ending.NAME)
        return await segment_of(self._origin, recorded, recorded.extract.segments[-1], kind)

    async def _lines(self, session: AsyncSession, viewed: ViewedDay, lane: str, stretches: Sequence[Stretch]) -> list[Caption]:
        """What somebody wrote live, where no film had captions of its own."""
        delays = await captioning.delays(session, viewed.day)
        own = [line for line in await captioning.finished(session, viewed.day, None) if line.text and is_shown(line, lane)]
        said = captions.as_said(_said(line, viewed.began_at, delays.get(line.lane, DELAY_MS)) for line in own)
        bare = [(each.begins_ms, each.ends_ms) for each in stretches if not viewed.captions(each.strip)]
        return [line for line in said if any(begin <= line.begins_ms < end for begin, end in bare)]


async def segment_of(origin: Origin, recorded: Recorded, segment: Segment, kind: str) -> bytes:
    """One of its segments; raises as `Origin.segment`."""
    extract = recorded.extract
    is_end = extract.is_trimmed and segment is extract.segments[-1]
    of_lane = extract.last if is_end else segment
    body = await origin.segment(recorded.row.day, of_lane.strip, of_lane.name.partition("/")[2], kind)
    return ending.until(body, segment.ends_ms) if is_end else body


def _sign(viewed: ViewedDay, lane: str, begins_ms: int, ends_ms: int) -> Extract | None:
    """What the second picture of a lane showed between two moments, if it was more than the slate.

    Raises:
        NotYet: its end is not listed yet.
    """
    try:
        watched = viewed.lane(sign_of(lane))
    except LookupError:
        return None
    second, listing = watched.lane, watched.look()
    if not cutting.is_there(second, listing, ends_ms):
        raise NotYet
    found = cutting.extract(second, listing, begins_ms, ends_ms)
    return found if found and any(each.strip != SLATE for each in found.segments) else None


def _begins(caption: Caption) -> int:
    return caption.begins_ms


def _said(line: Line, began_at: datetime, delay_ms: int) -> Said:
    begun, done = ((at - began_at) // MS for at in (line.begun_at, line.finished_at or line.begun_at))
    return Said(begun, done, line.text, delay_ms)


def _of_films(viewed: ViewedDay, stretches: Sequence[Stretch]) -> Iterator[Caption]:
    """The films' own captions, as far as the films are shown."""
    for strip, begins_ms, ends_ms in stretches:
        for caption in viewed.captions(strip):
            since, until = (each + viewed.origin_ms(strip) for each in (caption.begins_ms, caption.ends_ms))
            if since < ends_ms and until > begins_ms:
                yield Caption(max(since, begins_ms), min(until, ends_ms), caption.words, caption.place)


def _whole_films(viewed: ViewedDay, stretches: Sequence[Stretch], extract: Extract) -> Iterator[tuple[int, int]]:
    """A film that has captions is told from its beginning to its end, music and all."""
    yield from cutting.spans(stretches, extract, lambda strip: bool(viewed.captions(strip)))


def _chapters(items: Sequence[Item], begin: Callable[[datetime], int], duration_ms: int) -> Iterator[Chapter]:
    begins = [0 if n == 0 else begin(item.starts_at) for n, item in enumerate(items)]
    for item, begins_ms, ends_ms in zip(items, begins, [*begins[1:], duration_ms], strict=True):
        yield Chapter(item.item, item.title, item.title_en, begins_ms, max(begins_ms, ends_ms))
