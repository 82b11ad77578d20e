"""Films and kits that are given to us, on their way to the disk: there whole and for good, or not there at all."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from sqlmodel import col, select
from starlette.requests import ClientDisconnect

from conference.core.errors import Refused, _
from conference.core.store import Store
from conference.library import Film

FOLDER: Final = "films"  # inside the data folder
PART: Final = ".part"  # a film that is being written; a crash may leave it
OURS: Final = re.compile(r"[\w-]{22}(\.part)?", re.ASCII)  # names that we give; whatever else lies there is not ours to take away
CHUNK_BYTES: Final = 1 << 20
REST_S: Final = 3600.0  # a film that another process is taking in has changed since then
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

log = logging.getLogger(__name__)


def no_room_for_film() -> Refused:
    """The disk is full."""
    return Refused("film.no_room", _("Filmen får inte plats på servern. Be den som sköter den om mer utrymme."))


@contextmanager
def told(no_room: Callable[[], Refused] = no_room_for_film) -> Iterator[None]:
    """Say what goes wrong while a file comes in.

    Raises:
        Refused: *no_room* when the disk is full, ``store.unavailable``, or ``wire.unreadable`` to somebody who has gone.
    """
    try:
        yield
    except ClientDisconnect:
        raise Refused("wire.unreadable", _("Meddelandet kom inte fram.")) from None
    except OSError as error:
        log.warning("a file could not be kept: %s", error.strerror)
        if error.errno in FULL:
            raise no_room() from None
        raise Refused("store.unavailable", _("Vi kan inte spara just nu. Försök igen om en stund."), retry_after_ms=2_000) from None


async def keep(given: IO[bytes], data_dir: Path, name: str) -> str:
    """Write a film down under a name of ours; returns where, inside the data folder, once it would survive a power cut.

    Raises:
        OSError: and nothing of it is left.
    """
    await asyncio.to_thread(write_down, given, data_dir / FOLDER, name)  # a gigabyte takes seconds
    return f"{FOLDER}/{name}"


def drop(data_dir: Path, file: str) -> None:
    """Take away what `keep` wrote: the day refused it after all."""
    (data_dir / file).unlink(missing_ok=True)


async def sweep(store: Store, data_dir: Path, *, alone: bool) -> None:
    """At start: take away what uploads left behind that a crash cut off.

    Args:
        alone: no other process writes here; if one may, what is new is perhaps its own.
    """
    folder = data_dir / FOLDER
    if not folder.is_dir():
        return
    left = [path for path in folder.iterdir() if OURS.fullmatch(path.name) and path.is_file()]
    async with store.reading() as session:  # after the folder was read: a film is written first, and then entered
        known = {Path(file).name for row in await session.exec(select(Film.file, Film.captions)) for file in row if file}
    for path in left:
        if path.name not in known and (alone or time.time() - path.stat().st_mtime > REST_S):
            path.unlink(missing_ok=True)
            log.info("%s was left by an upload that broke off, and is gone", path.name)


async def unpacked(store: Store) -> list[str]:
    """Days with films that wait to be packed."""
    waiting = select(Film.day).where(col(Film.state).in_(["waiting", "packaging"]), col(Film.file).is_not(None)).distinct()
    async with store.reading() as session:
        return list(await session.exec(waiting))


def write_down(given: IO[bytes], folder: Path, name: str) -> None:
    """Write what is given into a folder; it is there under its name once it would survive a power cut.

    Raises:
        OSError: and nothing of it is left.
    """
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{name}{PART}"
    try:
        with part.open("xb") as file:
            while chunk := given.read(CHUNK_BYTES):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        part.rename(folder / name)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)  # the name too
    finally:
        os.close(handle)
