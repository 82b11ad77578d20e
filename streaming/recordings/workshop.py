"""Files of recordings to take home, and their posters: each is made once, when somebody first asks for it, and kept on disk.

They lie in the data folder under names made from what is in them; a file is there whole or not at all. Films and sound are made one at a
time; who asks meanwhile hears how far it has come. What a crash cut off is swept away at the next start and made anew when it is asked for.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import shutil
import sys
import time
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec

from conference.core.errors import Refused, _
from streaming.lanes import SLATE, Segment
from streaming.media_client import MediaAway
from streaming.origin import Origin
from streaming.playlists import PICTURES, SOUND
from streaming.recordings.archive import Recorded, segment_of
from streaming.recordings.muxing import END, INIT, SEGMENT, Mark, Piece, Wanted

FOLDER: Final = "recordings"
PART: Final = ".part"
KINDS: Final = {"film.mp4": "film", "sound.m4a": "sound", "poster.jpg": "poster"}
WAITING_MOST: Final = 20
SPARE_BYTES: Final = 1 << 30  # of the disk that stays free for the lanes
SOUND_BITS: Final = 140_000
TRIES: Final = 5
AGAIN_S: Final = 1.0
LATER: Final = 3  # segments
REST_S: Final = 3_600.0
ENDING_S: Final = 120.0  # for a worker to put the index in front

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress:
    """How a file is doing: ``waiting`` or ``making``, and how much of it is done, 0 to 1."""

    state: str
    share: float = 0.0


class Workshop:
    """Makes files.

    Args:
        data_dir: where they are kept.
    """

    def __init__(self, data_dir: Path, origin: Origin) -> None:
        self._root, self._origin = data_dir / FOLDER, origin
        self._wanted: dict[Path, tuple[Recorded, str]] = {}
        self._making: tuple[Path, float] | None = None
        self._came = asyncio.Event()
        self._posters = asyncio.Lock()

    def file(self, recorded: Recorded, name: str) -> Path | None:
        """One of `KINDS`, if it is there."""
        path = self._path(recorded, name)
        return path if path.is_file() else None

    def progress(self, recorded: Recorded, name: str) -> Progress | None:
        """How it is doing, if somebody has asked for it."""
        path = self._path(recorded, name)
        if self._making is not None and self._making[0] == path:
            return Progress("making", min(1.0, self._making[1] / max(1, recorded.extract.duration_ms)))
        return Progress("waiting") if path in self._wanted else None

    def want(self, recorded: Recorded, name: str) -> Progress:
        """Have it made.

        Raises:
            Refused: ``recording.busy``, ``recording.no_room``.
        """
        if (known := self.progress(recorded, name)) is not None:
            return known
        if len(self._wanted) >= WAITING_MOST:
            raise Refused("recording.busy", _("Många filer görs just nu. Försök igen om en stund."), retry_after_ms=30_000)
        self._check_room(recorded, name)
        self._wanted[self._path(recorded, name)] = (recorded, name)
        self._came.set()
        return Progress("waiting")

    async def poster(self, recorded: Recorded) -> Path:
        """Its first picture that is not the slate.

        Raises:
            LookupError, MediaAway: it cannot be had, or not now.
        """
        path = self._path(recorded, "poster.jpg")
        if not path.is_file():
            async with self._posters:
                if not path.is_file():
                    await self._make(path, recorded, "poster.jpg")
        return path

    def drop(self, day: str, recording: str) -> None:
        """Forget its files: it was withdrawn."""
        home = self._home(day, recording)
        for path in [path for path in self._wanted if path.parent == home]:
            del self._wanted[path]
        shutil.rmtree(home, ignore_errors=True)

    def sweep(self, *, alone: bool) -> None:
        """At start: take away what was cut off.

        Args:
            alone: no other process makes files here; if one may, what is new is perhaps its own.
        """
        for left in self._root.glob(f"*/*{PART}"):
            if alone or time.time() - left.stat().st_mtime > REST_S:
                left.unlink(missing_ok=True)

    async def run(self) -> None:
        """Make what is wanted, one file after the other, for as long as the caller lets it."""
        while True:
            await self._came.wait()
            self._came.clear()
            while self._wanted:
                path, (recorded, name) = next(iter(self._wanted.items()))
                self._making = (path, 0.0)
                try:
                    if not path.is_file():
                        self._check_room(recorded, name)
                        await self._make(path, recorded, name)
                except (OSError, LookupError, MediaAway, Refused, Spoilt) as error:
                    log.warning("%s of %s could not be made: %r", name, recorded.row.recording, error)
                finally:
                    self._making = None
                    self._wanted.pop(path, None)

    # One file ---------------------------------------------------------------------------------------------------------------------

    async def _make(self, path: Path, recorded: Recorded, name: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + PART)
        worker = await asyncio.create_subprocess_exec(sys.executable, "-m", "streaming.recordings.muxing", stdin=PIPE, stdout=PIPE)
        try:
            listening = asyncio.create_task(self._hear(worker, path))
            await self._feed(worker, recorded, KINDS[name], part)
            async with asyncio.timeout(ENDING_S):
                is_done = await listening
            if not is_done:
                raise Spoilt(name)
            part.rename(path)
        except (BrokenPipeError, ConnectionResetError, TimeoutError) as error:
            raise Spoilt(name) from error
        finally:
            await _ended(worker)
            part.unlink(missing_ok=True)

    async def _hear(self, worker: Process, path: Path) -> bool:
        assert worker.stdout is not None
        async for line in worker.stdout:
            said = msgspec.json.decode(line, type=dict[str, float | bool])
            if "done" in said:
                return True
            if self._making is not None and self._making[0] == path:
                self._making = (path, said["at_ms"])
        return False

    async def _feed(self, worker: Process, recorded: Recorded, kind: str, part: Path) -> None:
        assert worker.stdin is not None
        ending = SOUND if kind == "sound" else PICTURES
        segments = [_first_picture(recorded)] if kind == "poster" else recorded.extract.segments
        inits = {strip: await self._fetched(recorded, strip, ending) for strip in {each.strip for each in segments}}
        marks = [Mark(one.begins_ms, one.ends_ms, one.title) for one in recorded.chapters]
        wanted = Wanted(kind, str(part), recorded.row.title, marks, len(set(inits.values())) > 1, recorded.extract.duration_ms)
        worker.stdin.write(msgspec.json.encode(wanted) + b"\n")
        before = None
        for segment, at_ms in zip(segments, recorded.extract.offsets_ms, strict=False):
            if segment.strip != before:
                _send(worker, Piece(INIT, len(inits[segment.strip])), inits[segment.strip])
                before = segment.strip
            body = await self._fetched(recorded, segment, ending)
            _send(worker, Piece(SEGMENT, len(body), segment.begins_ms, at_ms), body)
            await worker.stdin.drain()
        _send(worker, Piece(END), b"")
        worker.stdin.close()

    async def _fetched(self, recorded: Recorded, what: Segment | str, ending: str) -> bytes:
        """A segment, or the init segment of a strip; the media process may be away for a moment."""
        for left in reversed(range(TRIES)):
            try:
                if isinstance(what, str):
                    return await self._origin.init(recorded.row.day, what, ending)
                return await segment_of(self._origin, recorded, what, ending)
            except MediaAway:
                if not left:
                    raise
                await asyncio.sleep(AGAIN_S)
        raise AssertionError

    # Where ------------------------------------------------------------------------------------------------------------------------

    def _home(self, day: str, recording: str) -> Path:
        return self._root / _print(day, recording)

    def _path(self, recorded: Recorded, name: str) -> Path:
        """Under what is in it: a recording that has become longer, or an item that is called otherwise, is another file."""
        texts = [] if name == "poster.jpg" else [recorded.row.title, *(f"{one.begins_ms} {one.title}" for one in recorded.chapters)]
        about = _print(*(each.name for each in recorded.extract.segments), str(recorded.extract.duration_ms), *texts)
        return self._home(recorded.row.day, recorded.row.recording) / f"{about}-{name}"

    def _check_room(self, recorded: Recorded, name: str) -> None:
        bits = SOUND_BITS if name == "sound.m4a" else recorded.bandwidth
        needed = 2 * bits * recorded.extract.duration_ms // 8_000  # twice: the index is put in front at the end
        self._root.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self._root).free < needed + SPARE_BYTES:
            raise Refused("recording.no_room", _("Filen får inte plats på servern. Be den som sköter den om mer utrymme."))


class Spoilt(Exception):
    """A worker died of it, or said that it cannot be done."""


def _first_picture(recorded: Recorded) -> Segment:
    """The first part of an early segment that shows something; the very first pictures of a film are often empty."""
    segments = recorded.extract.segments
    first = next((n for n, each in enumerate(segments) if each.strip != SLATE), 0)
    found = [each for each in segments[first : first + LATER] if each.strip == segments[first].strip][-1]
    return replace(found, ends=tuple(found.ends[:1]))


def _print(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:24]


def _send(worker: Process, piece: Piece, body: bytes) -> None:
    assert worker.stdin is not None
    worker.stdin.write(msgspec.json.encode(piece) + b"\n" + body)


async def _ended(worker: Process) -> None:
    if worker.returncode is None:
        with suppress(ProcessLookupError):
            worker.kill()
    await worker.wait()
