"""Where players get everything from: playlists by the fold of `lanes`, pictures from the media process, on the programme's clock.

Any web process can serve any lane of any day: all it needs stands in the database and in the media process, and both tell what is new.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from conference.core.bus import HEARTBEAT_S, Bus
from conference.core.clock import Clock
from conference.core.event import Event
from conference.core.store import Store
from streaming.events import LanesEnded, Taken
from streaming.following import Following, read_strip, source_name
from streaming.lanes import SLATE
from streaming.media.manifest import PART_MS, SEGMENT_MS
from streaming.media_client import MediaAway, MediaClient
from streaming.pictures import LAST_SEQ, Cut, Pictures
from streaming.playlists import PICTURES, SMALL, SOUND, TARGET_S, WORDS, Look, Names, multivariant, sound_only
from streaming.viewing import Marks, ViewedDay, Viewing
from streaming.words import Words

WAIT_S = 3.0 * TARGET_S  # for a part that is asked for before it is there
AHEAD_MS = 2_000  # parts of films that come later are not given out
LIVE, DAY = "live", "day"  # folders of words beside a lane's playlists


class Kind(NamedTuple):
    """A media playlist: its segments' ending, and whether it is that of the whole day."""

    ending: str
    whole: bool = False


LISTS: Mapping[str, Kind] = {
    "live.m3u8": Kind(PICTURES),
    "small.m3u8": Kind(SMALL),
    "audio.m3u8": Kind(SOUND),
    "live-sv.m3u8": Kind(WORDS),
    "day.m3u8": Kind(PICTURES, whole=True),
    "day-audio.m3u8": Kind(SOUND, whole=True),
    "day-sv.m3u8": Kind(WORDS, whole=True),
}
FIRST: Mapping[str, tuple[str, str, str]] = {  # what players load first: pictures, sound, words
    "index.m3u8": ("live.m3u8", "audio.m3u8", "live-sv.m3u8"),
    "sound.m3u8": ("", "audio.m3u8", "live-sv.m3u8"),
    "replay.m3u8": ("day.m3u8", "day-audio.m3u8", "day-sv.m3u8"),
    "replay-sound.m3u8": ("", "day-audio.m3u8", "day-sv.m3u8"),
}


class TooFar(Exception):
    """A part was asked for that does not come for long."""


@dataclass(frozen=True)
class Wish:
    """A playlist that is wanted only when it has come so far."""

    place: int
    part: int | None = None


class Origin:
    """Playlists and pictures of lanes.

    Everything raises ``LookupError`` for what is not there, and ``MediaAway`` when it cannot be had now.

    Args:
        clock: the time by which segments are listed.
        media: where films and live sources are.
        following: what live sources have sent.
        marks: what else playlists tell of.
    """

    def __init__(self, store: Store, clock: Clock, media: MediaClient, following: Following, marks: Marks | None = None) -> None:
        self._viewing, self._pictures = Viewing(store, following, clock, marks or Marks()), Pictures(media)
        self._media, self._words = media, Words(store)
        self._is_released = False

    async def follow(self, bus: Bus, day: str) -> None:
        """Hear of takes as they are stored, by whichever process, for as long as the caller lets it."""
        async with bus.listen(day) as listener:
            while True:
                events = [entry.event for entry in await listener(HEARTBEAT_S)]
                live = {event.source for event in events if isinstance(event, Taken) and event.kind == "source"}
                await asyncio.gather(*(self._ask_key(day, source) for source in live), self._renew(day, events))

    async def _ask_key(self, day: str, source: str) -> None:
        """A lane that takes a live source begins with a key frame: the sooner it comes, the sooner the cut."""
        with suppress(MediaAway, LookupError):
            await self._media.ask_key(source_name(day, source))

    async def _renew(self, day: str, events: Iterable[Event]) -> None:
        if any(isinstance(event, Taken | LanesEnded) for event in events):
            with suppress(LookupError):
                await self._viewing.renew(day)

    def release(self) -> None:
        """We are about to stop: answer all who wait with what there is."""
        self._is_released = True
        self._viewing.release()

    async def viewed(self, day: str) -> ViewedDay:
        """The lanes of a day as players see them."""
        return await self._viewing.of(day)

    async def multivariant(self, day: str, lane: str, name: str = "index.m3u8") -> bytes:
        """One of `FIRST`."""
        pictures, sound, words = FIRST[name]
        viewed = await self._viewing.of(day)
        viewed.lane(lane)
        if not pictures:
            return sound_only(sound=sound, words=words)
        small = "small.m3u8" if name == "index.m3u8" else ""
        return multivariant(await self._look(viewed), pictures=pictures, sound=sound, words=words, small=small)

    async def _look(self, viewed: ViewedDay) -> Look:
        """The most that any film or source needs that was shown; what cannot be had now counts when it can."""
        runs = [piece.run for pieces in viewed.sources.values() for piece in pieces]
        shown = [(run.width, run.height, run.frame_rate, run.bandwidth) for run in runs]
        for asset in viewed.assets:
            with suppress(MediaAway, LookupError):
                film = await self._pictures.manifest(asset)
                shown.append((film.width, film.height, film.frame_rate, film.average))
        width, height, frame_rate, average = (max(values) for values in zip(*shown, strict=True))
        return Look(viewed.bandwidth, int(average), int(width), int(height), round(float(frame_rate), 1))

    async def playlist(
        self, day: str, lane: str, name: str = "live.m3u8", *, wish: Wish | None = None, media: str = "../../media"
    ) -> bytes:
        """One of `LISTS`.

        Args:
            wish: wait until it has come so far; a bounded time.
            media: where the segments are, as seen from here.

        Raises:
            TooFar: the wish is for a later segment than the one after next.
        """
        kind = LISTS[name]
        watched = (await self._viewing.of(day)).lane(lane)
        if wish is not None:
            if wish.place > watched.look().place + 2:
                raise TooFar
            if not self._is_released:
                await watched.reach(wish.place, wish.part, WAIT_S)
        where = (DAY if kind.whole else LIVE) if kind.ending == WORDS else media
        return watched.text(Names(where, kind.ending), whole=kind.whole)

    async def init(self, day: str, strip: str, ending: str = PICTURES) -> bytes:
        """``{strip}/init.mp4``, and ``small.mp4`` and ``sound.mp4`` for what is smaller."""
        viewed = await self._viewing.of(day)
        if strip.startswith("~"):
            source, run = read_strip(strip)
            return await self._pictures.live_init(day, source, run, ending)
        return await self._pictures.init(viewed.asset(strip), ending)

    async def segment(self, day: str, strip: str, name: str, ending: str = PICTURES) -> bytes:
        """``{strip}/{name}.m4s`` on the programme's clock, ``.360.m4s`` small, ``.m4a`` for sound alone. The next part is waited for."""
        viewed, cut = await self._viewing.of(day), read_name(name)
        key = (day, viewed.zero_ms, strip, cut, ending)
        if (ready := self._pictures.ready(key)) is not None:
            return ready
        if strip.startswith("~"):
            source, run = read_strip(strip)
            await self._reach_live(viewed, source, run, cut)
            return await self._pictures.live(key, viewed, source, run)
        asset = viewed.asset(strip)
        if cut.opening and strip != SLATE:
            raise LookupError(name)
        await self._reach(viewed, strip, cut)
        return await self._pictures.film(key, asset, viewed.origin_ms(strip))

    async def _reach(self, viewed: ViewedDay, strip: str, cut: Cut) -> None:
        """Wait until the time of a part has come."""
        length_ms = PART_MS * 4 if strip == SLATE else SEGMENT_MS
        left_ms = viewed.origin_ms(strip) + cut.seq * length_ms + cut.end * PART_MS - viewed.now_ms
        if left_ms > AHEAD_MS:
            raise LookupError(cut)
        if left_ms > 0 and not self._is_released:
            await asyncio.sleep(left_ms / 1_000)

    async def _reach_live(self, viewed: ViewedDay, source: str, run: int, cut: Cut) -> None:
        """Wait until a part is there, if it is the next one."""
        pieces = [piece for piece in viewed.sources.get(source, ()) if piece.run.run == run]
        if not pieces:
            raise LookupError(source)
        end = asyncio.get_running_loop().time() + WAIT_S
        while not self._is_released:
            segments = pieces[-1].segments
            there = len(segments[cut.seq].ends) if cut.seq < len(segments) else 0
            if there >= cut.end:
                return
            is_next = cut.seq == len(segments) - 1 or (cut.seq == len(segments) and segments[-1:] and segments[-1].done)
            is_over = pieces[-1].is_over or (cut.seq < len(segments) and segments[cut.seq].done)
            if is_over or not is_next or cut.end > there + 1 or not await viewed.stirred(end):
                break
        raise LookupError(cut)

    async def words(self, day: str, lane: str, strip: str, name: str, *, whole: bool = False) -> bytes:
        """What is said in a segment of a lane, live or in the recording."""
        viewed = await self._viewing.of(day)
        viewed.lane(lane)
        return await self._words.segment(viewed, lane, strip, name, whole=whole)


def read_name(name: str) -> Cut:
    """The numbers in ``12-0-5``, and in ``12-0-5o``, which opens a stretch."""
    plain = name.removesuffix("o")
    numbers = [int(number) for number in plain.split("-") if number.isascii() and number.isdecimal() and len(number) < 9]
    if len(numbers) != 3 or "-".join(map(str, numbers)) != plain:
        raise LookupError(name)
    seq, first, end = numbers
    if not first < end or seq > LAST_SEQ:
        raise LookupError(name)
    return Cut(seq, first, end, opening=name != plain)
