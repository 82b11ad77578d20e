"""Brings the films of a day to the media process, and notes what became of them."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from sqlmodel import col, select

from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.core.store import Store
from conference.library import Film, Library, folder_of
from conference.tables import Day
from streaming.media.films import Status
from streaming.media_client import MediaAway, MediaClient
from streaming.service import Lanes, Packed

LOOK_S = 0.5  # between two looks at a film that is being packed
AGAIN_S = 2.0  # the media process is away

log = logging.getLogger(__name__)


class Packing:
    """Packs what waits.

    Args:
        data_dir: where uploaded films lie.
    """

    def __init__(self, store: Store, library: Library, lanes: Lanes, media: MediaClient, data_dir: Path) -> None:
        self._store, self._library, self._lanes, self._media, self._data_dir = store, library, lanes, media, data_dir
        self._shares: dict[tuple[str, str], float] = {}

    async def run(self, day: str) -> None:
        """Pack every film of the day, those that come later too, for as long as the caller lets it."""
        while True:
            try:
                await self.pack_waiting(day)
            except MediaAway as away:
                log.info("films of %s wait: %s", day, away)
                await asyncio.sleep(AGAIN_S - LOOK_S)
            await asyncio.sleep(LOOK_S)

    async def pack_waiting(self, day: str) -> int:
        """Pack the films that wait now, one after the other; returns how many there were.

        Raises:
            MediaAway: it does not answer; they wait on.
        """
        async with self._store.reading() as session:
            unpacked = select(Film).where(Film.day == day, col(Film.state).in_(["waiting", "packaging"]), col(Film.file).is_not(None))
            waiting = (await session.exec(unpacked.order_by(col(Film.position), col(Film.added_at)))).all()
            home = (await session.exec(select(Day.kit_folder).where(Day.day == day))).one_or_none()
        for film in waiting:
            await self._pack(film, self._data_dir if film.origin == "upload" else folder_of(home or "", self._data_dir))
        return len(waiting)

    def share(self, day: str, film: str) -> float:
        """How much of a film is packed, 0 to 1, as far as this process knows."""
        return self._shares.get((day, film), 0.0)

    async def _pack(self, film: Film, home: Path) -> None:
        by = Actor.house(film.day)
        try:
            given = await self._media.give(home / str(film.file))
            await self._library.package_film(by, film.film)
            done = await self._packed(film, given)
            manifest = await self._media.manifest(done.film)
        except Refused as refusal:
            await self._library.film_refused(by, film.film, refusal.code)
            return
        told = _text_of(home / film.captions) if film.captions else None
        await self._lanes.keep_film(by, film.film, Packed(done.film, manifest.duration_ms, manifest.bandwidth, told))
        await self._library.film_ready(by, film.film, manifest.duration_ms / 1_000)

    async def _packed(self, film: Film, status: Status) -> Status:
        while status.state not in {"ready", "refused"}:
            self._shares[film.day, film.film] = status.progress
            await asyncio.sleep(LOOK_S)
            status = await self._media.status(status.film)
        self._shares.pop((film.day, film.film), None)
        if status.state == "refused":
            raise Refused(status.code or "film.unreadable", "")
        return status


def _text_of(path: Path) -> str | None:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        log.warning("captions %s cannot be read", path.name)
        return None
