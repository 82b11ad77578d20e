"""The bytes of segments and parts, from films, from the slate and from live sources, on the programme's clock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias

from streaming import boxes
from streaming.following import source_name
from streaming.lanes import SLATE, SLATE_MS
from streaming.media import cmaf
from streaming.media import slate as packed_slate
from streaming.media.manifest import INIT_FILE, MEDIA_FILE, Manifest, read_manifest
from streaming.media_client import MediaClient
from streaming.playlists import PICTURES, SMALL, SOUND
from streaming.shelf import Shelf

SHELF_BYTES = 96 << 20  # about a minute of ten lanes; what is on air is asked for by everybody within a few seconds
SLATE_FOLDER = Path(packed_slate.__file__).parent
LAST_SEQ = 10**7  # beyond any day


class Cut(NamedTuple):
    """Some parts of a segment; *opening*: with the sound that straddles their beginning in front."""

    seq: int
    first: int
    end: int
    opening: bool = False

    def __str__(self) -> str:
        """As in addresses."""
        return f"{self.seq}-{self.first}-{self.end}{'o' * self.opening}"


Key: TypeAlias = tuple[str, int, str, Cut, str]


class Zero(Protocol):
    """Where a day's programme clock begins on the media host's."""

    zero_ms: int


class Pictures:
    """Gives out bytes, and keeps those that are asked for."""

    def __init__(self, media: MediaClient) -> None:
        self._media = media
        self._shelf = Shelf(SHELF_BYTES)
        self._manifests: dict[str, Manifest] = {SLATE: read_manifest(SLATE_FOLDER)}

    def ready(self, key: Key) -> bytes | None:
        """What is here already."""
        return self._shelf.ready(key)

    async def init(self, asset: str, ending: str) -> bytes:
        """The init segment of a film or of the slate."""
        if ending == SMALL:
            return await self._shelf.get(("init", asset, ending), lambda: self._media.small_init(asset))
        if asset == SLATE:
            init = (SLATE_FOLDER / INIT_FILE).read_bytes()
        else:
            init = await self._shelf.get(("init", asset), lambda: self._media.init(asset))
        return boxes.sound_init(init) if ending == SOUND else init

    async def live_init(self, day: str, source: str, run: int, ending: str) -> bytes:
        """The init segment of a run."""
        name = source_name(day, source)
        if ending == SMALL:
            return await self._shelf.get(("init", name, run, ending), lambda: self._media.live_small_init(name, run))
        init = await self._shelf.get(("init", name, run), lambda: self._media.live_init(name, run))
        return boxes.sound_init(init) if ending == SOUND else init

    async def film(self, key: Key, asset: str, origin_ms: int) -> bytes:
        """Parts of a film or of the slate that begins at *origin_ms*."""
        cut, ending = key[3], key[4]
        loop, later_ms = (0, cut.seq * SLATE_MS) if asset == SLATE else (cut.seq, origin_ms)
        manifest = await self.manifest(asset)
        if loop >= len(manifest.segments) or cut.end > len(manifest.segments[loop].parts):
            raise LookupError(f"{asset}/{cut}")
        parts = manifest.segments[loop].parts
        zero = parts[0].offset
        begin, end = parts[cut.first].offset - zero, parts[cut.end - 1].offset + parts[cut.end - 1].length - zero
        before = parts[cut.first - 1].offset - zero

        async def made() -> bytes:
            whole = await self._whole(asset, loop, manifest)
            large = whole[begin:end]
            found = await self._media.small(asset, str(Cut(loop, cut.first, cut.end))) if ending == SMALL else large
            body = cmaf.shifted(found, later_ms)
            if cut.opening:
                body = boxes.opened(body, boxes.last_sound(whole[before:begin] if cut.first else whole))
            return boxes.sound_of(body) if ending == SOUND else body

        return await self._shelf.get(key, made)

    async def _whole(self, asset: str, loop: int, manifest: Manifest) -> bytes:
        """All parts of a segment, as they are stored: fetched once for all the ways to cut it."""
        parts = manifest.segments[loop].parts
        offset, length = parts[0].offset, sum(part.length for part in parts)
        fetch: Callable[[], Awaitable[bytes]] = partial(self._media.read, asset, offset, length)
        if asset == SLATE:
            fetch = partial(asyncio.to_thread, _slate_bytes, offset, length)
        return await self._shelf.get(("whole", asset, loop), fetch)

    async def manifest(self, asset: str) -> Manifest:
        """What an asset consists of."""
        if asset not in self._manifests:
            self._manifests[asset] = await self._media.manifest(asset)
        return self._manifests[asset]

    async def live(self, key: Key, zero: Zero, source: str, run: int) -> bytes:
        """Parts of a run."""
        day, _, strip, cut, ending = key
        name = source_name(day, source)

        async def made() -> bytes:
            pictures = SMALL if ending == SMALL else PICTURES
            if ending == SOUND or cut.end - cut.first > 1:  # of the parts that players have had one by one
                single = [Cut(cut.seq, part, part + 1, opening=cut.opening and part == cut.first) for part in range(cut.first, cut.end)]
                keys = [(key[0], key[1], strip, part, pictures) for part in single]
                if ending == SOUND and len(single) == 1:
                    return boxes.sound_of(await self.live(keys[0], zero, source, run))
                if all(self._shelf.ready(each) is not None for each in keys):
                    body = b"".join([await self.live(each, zero, source, run) for each in keys])
                    return boxes.sound_of(body) if ending == SOUND else body
            fetch = self._media.live_small if ending == SMALL else self._media.live
            body = cmaf.shifted(await fetch(name, run, str(cut)), -zero.zero_ms)
            return boxes.sound_of(body) if ending == SOUND else body

        return await self._shelf.get(key, made)


def _slate_bytes(offset: int, length: int) -> bytes:
    with (SLATE_FOLDER / MEDIA_FILE).open("rb") as media:
        media.seek(offset)
        return media.read(length)
