"""Where players get everything from: playlists by the fold of `lanes`, pictures from the media process, on the programme's clock.

Any web process can serve any lane of any day: all it needs stands in the database, and is read again at most five times a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from conference.core.clock import Clock
from conference.core.store import Store
from streaming import captions
from streaming.lanes import SLATE, SLATE_MS
from streaming.media import cmaf
from streaming.media import slate as packed_slate
from streaming.media.manifest import INIT_FILE, MEDIA_FILE, PART_MS, SEGMENT_MS, Manifest, Segment, read_manifest
from streaming.media_client import MediaClient
from streaming.playlists import PICTURES, WORDS, Names, multivariant
from streaming.shelf import Shelf
from streaming.viewing import ViewedDay, Viewing

SHELF_BYTES = 64 << 20  # about a minute of ten lanes; what is on air is asked for by everybody within a few seconds
SLATE_FOLDER = Path(packed_slate.__file__).parent
LAST_SEQ = 10**7  # beyond any day


class Origin:
    """Playlists and pictures of lanes.

    Everything raises ``LookupError`` for what is not there, and ``MediaAway`` when it cannot be had now.

    Args:
        clock: the time by which segments are listed.
        media: where the films are.
    """

    def __init__(self, store: Store, clock: Clock, media: MediaClient) -> None:
        self._viewing, self._clock, self._media = Viewing(store), clock, media
        self._shelf = Shelf(SHELF_BYTES)
        self._manifests: dict[str, Manifest] = {SLATE: read_manifest(SLATE_FOLDER)}

    async def multivariant(self, day: str, lane: str, *, whole: bool = False) -> bytes:
        """``index.m3u8``; with *whole* ``replay.m3u8``, from the day's start."""
        viewed = await self._viewing.of(day)
        viewed.lane(lane)
        pictures, words = ("day.m3u8", "day-sv.m3u8") if whole else ("live.m3u8", "live-sv.m3u8")
        return multivariant(viewed.bandwidth, pictures=pictures, words=words)

    async def playlist(self, day: str, lane: str, *, whole: bool = False, words: bool = False, media: str = "../../media") -> bytes:
        """``live.m3u8``, ``live-sv.m3u8``, ``day.m3u8``, ``day-sv.m3u8``.

        Args:
            whole: from the day's start, instead of the last minute.
            words: of the captions, instead of the pictures.
            media: where the segments are, as seen from here.
        """
        viewed = await self._viewing.of(day)
        now_ms = (self._clock.now() - viewed.began_at) // timedelta(milliseconds=1)
        return viewed.playlist(lane, now_ms, Names(media, WORDS if words else PICTURES), whole=whole)

    async def init(self, day: str, strip: str) -> bytes:
        """``{strip}/init.mp4``."""
        asset = (await self._viewing.of(day)).asset(strip)
        if asset == SLATE:
            return (SLATE_FOLDER / INIT_FILE).read_bytes()
        return await self._shelf.get(("init", asset), lambda: self._media.init(asset))

    async def segment(self, day: str, strip: str, name: str) -> bytes:
        """``{strip}/{name}.m4s``, on the programme's clock."""
        viewed, (seq, first, end) = await self._viewing.of(day), _read_name(name)
        asset = viewed.asset(strip)
        return await self._shelf.get((viewed.day, strip, seq, first, end), self._cut(viewed, strip, asset, seq, (first, end)))

    def _cut(self, viewed: ViewedDay, strip: str, asset: str, seq: int, parts: tuple[int, int]) -> Callable[[], Awaitable[bytes]]:
        async def cut() -> bytes:
            loop, later_ms = (0, seq * SLATE_MS) if asset == SLATE else (seq, viewed.origin_ms(strip))
            manifest = await self._manifest(asset)
            if loop >= len(manifest.segments) or parts[1] > len(manifest.segments[loop].parts):
                raise LookupError(f"{strip}/{seq}")
            return cmaf.shifted(await self._read(asset, manifest.segments[loop], *parts), later_ms)

        return cut

    async def _read(self, asset: str, segment: Segment, first: int, end: int) -> bytes:
        parts = segment.parts[first:end]
        offset, length = parts[0].offset, sum(part.length for part in parts)
        if asset == SLATE:
            return await asyncio.to_thread(_slate_bytes, offset, length)
        return await self._media.read(asset, offset, length)

    async def _manifest(self, asset: str) -> Manifest:
        if asset not in self._manifests:
            self._manifests[asset] = await self._media.manifest(asset)
        return self._manifests[asset]

    async def words(self, day: str, strip: str, name: str) -> bytes:
        """``{strip}/{name}.vtt``: what is said in a segment."""
        viewed, (seq, first, end) = await self._viewing.of(day), _read_name(name)
        if viewed.asset(strip) == SLATE:
            return captions.cut([], 0, 0, seq * SLATE_MS, goes_on=False)
        begins_ms, whole_ms = seq * SEGMENT_MS, min((seq + 1) * SEGMENT_MS, viewed.duration_ms(strip))
        ends_ms = begins_ms + end * PART_MS
        if ends_ms > whole_ms:
            raise LookupError(f"{strip}/{name}")
        told = viewed.captions(strip)
        return captions.cut(told, begins_ms + first * PART_MS, ends_ms, viewed.origin_ms(strip), goes_on=ends_ms == whole_ms)


def _slate_bytes(offset: int, length: int) -> bytes:
    with (SLATE_FOLDER / MEDIA_FILE).open("rb") as media:
        media.seek(offset)
        return media.read(length)


def _read_name(name: str) -> tuple[int, int, int]:
    """The numbers in ``12-0-5``."""
    numbers = [int(number) for number in name.split("-") if number.isascii() and number.isdecimal() and len(number) < 9]
    if len(numbers) != 3 or "-".join(map(str, numbers)) != name:
        raise LookupError(name)
    seq, first, end = numbers
    if not first < end or seq > LAST_SEQ:
        raise LookupError(name)
    return seq, first, end
