"""What one live source has sent, on disk: an index of what was told, and the bytes, written before it is told.

::

    index.ndjson      the notices, a line each
    {run}/init.mp4
    {run}/{seq}.m4s   the segment's opening (a fragment of sound alone, or nothing), then its parts

When the disk is nearly full the bytes are kept in memory, for `RING_S`; the index is written on, so that no number is used again.
"""

from __future__ import annotations

import logging
import os
import shutil
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

import msgspec

from streaming.media.packager import Out
from streaming.media.runs import LivePart, Notice, Run, hear

RING_S = 90.0  # the live window and what a slow player lags
INDEX, INIT = "index.ndjson", "init.mp4"
AUDIO_ONLY = 1  # tracks in an opening

_log = logging.getLogger(__name__)
_lines = msgspec.json.Decoder(Notice)


class Recording:
    """One source's.

    Attributes:
        runs: all that was told, by number.
        is_full: whether new segments are kept in memory only.
    """

    def __init__(self, folder: Path, reserve_bytes: int = 0, free: Callable[[Path], int] | None = None) -> None:
        self._folder, self._reserve_bytes, self._free = folder, reserve_bytes, free or _free_bytes
        self.runs: dict[int, Run] = {}
        self.is_full = False
        self._memory: dict[tuple[int, int | None], tuple[float, bytearray]] = {}
        self._file: IO[bytes] | None = None
        self._index: IO[bytes] | None = None
        self._read_index()

    @property
    def next_run(self) -> int:
        """The number of the run that comes next."""
        return max(self.runs, default=0) + 1

    @property
    def ends_ms(self) -> int:
        """Before this no new run begins."""
        return max((run.edge_ms for run in self.runs.values()), default=0)

    def open(self) -> list[Notice]:
        """Get ready to write; runs that a crash left open are ended, and the notices of that given."""
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._index = (self._folder / INDEX).open("ab", buffering=0)
        ended = [Notice(run=run.run, ended_ms=run.edge_ms) for run in self.runs.values() if run.ended_ms is None]
        for notice in ended:
            self._note(notice)
        return ended

    def close(self) -> None:
        """No more is written."""
        for file in (self._file, self._index):
            if file:
                file.close()
        self._file = self._index = None

    def keep(self, out: Out) -> None:
        """Write the bytes, then the line. Nothing is told before this has returned."""
        notice = out.notice
        assert notice.run is not None
        if notice.began is not None:
            self._begin_run(notice.run, out.body)
        elif notice.begins_ms is not None:
            self._begin_segment(notice.run, notice.seq or 0)
            self._add(notice.run, notice.seq or 0, out.body)
        elif notice.part is not None:
            self._add(notice.run, notice.seq or 0, out.body)
        self._note(notice)

    def init(self, run: int) -> bytes | None:
        """A run's init segment."""
        return self._bytes(run, None, f"{run}/{INIT}")

    def parts(self, run: int, part: LivePart) -> bytes | None:
        """Some parts of a segment; ``None`` while one of them is not there, or when its bytes are gone."""
        known = self.runs.get(run)
        if known is None or part.seq >= len(known.segments) or part.end > len(known.segments[part.seq].ends):
            return None
        body = self._bytes(run, part.seq, f"{run}/{part.seq}.m4s")
        if body is None:
            return None
        places = _fragments(body)
        opening = places.pop(0) if places and places[0][2] == AUDIO_ONLY else None
        if part.end > len(places):
            return None
        begins = opening[0] if part.opening and opening else places[part.first][0]
        return body[begins : places[part.end - 1][1]]

    def _bytes(self, run: int, seq: int | None, name: str) -> bytes | None:
        if (run, seq) in self._memory:
            return bytes(self._memory[run, seq][1])
        try:
            return (self._folder / name).read_bytes()
        except OSError:
            return None

    def _begin_run(self, run: int, init: bytes) -> None:
        try:
            (self._folder / str(run)).mkdir(parents=True, exist_ok=True)
            (self._folder / str(run) / INIT).write_bytes(init)
        except OSError:
            self._memory[run, None] = (float("inf"), bytearray(init))

    def _begin_segment(self, run: int, seq: int) -> None:
        if self._file:
            self._file.close()
            self._file = None
        self._forget_old()
        try:
            self.is_full = self._free(self._folder) < self._reserve_bytes
            if not self.is_full:
                self._file = (self._folder / str(run) / f"{seq}.m4s").open("wb", buffering=0)
        except OSError:
            self.is_full = True
        if self._file is None:
            self._memory[run, seq] = (time.monotonic(), bytearray())

    def _add(self, run: int, seq: int, body: bytes) -> None:
        if self._file is not None:
            try:
                _write(self._file, body)
            except OSError as error:
                _log.warning("a segment goes on in memory: %s", error.strerror)
                self.is_full = True
                kept = self._kept_so_far(run, seq)
                self._file.close()
                self._file = None
                self._memory[run, seq] = (time.monotonic(), kept)
            else:
                return
        self._memory[run, seq][1].extend(body)

    def _kept_so_far(self, run: int, seq: int) -> bytearray:
        body = (self._folder / str(run) / f"{seq}.m4s").read_bytes()
        places = _fragments(body)
        return bytearray(body[: places[-1][1]] if places else b"")

    def _forget_old(self) -> None:
        old = [key for key, (since, _) in self._memory.items() if since < time.monotonic() - RING_S]
        for key in old:
            del self._memory[key]

    def _note(self, notice: Notice) -> None:
        hear(self.runs, notice)
        if self._index is not None:
            place = self._index.seek(0, os.SEEK_END)
            try:
                _write(self._index, msgspec.json.encode(notice) + b"\n")
            except OSError:  # half a line would spoil the next one
                self.is_full = True
                with suppress(OSError):
                    self._index.truncate(place)

    def _read_index(self) -> None:
        """What was told in earlier lives; a line that a crash tore off was told to nobody, and is removed."""
        try:
            content = (self._folder / INDEX).read_bytes()
        except OSError:
            return
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            with suppress(OSError):
                os.truncate(self._folder / INDEX, whole)
        for line in content[:whole].splitlines():
            with suppress(msgspec.DecodeError):
                hear(self.runs, _lines.decode(line))


def _write(file: IO[bytes], body: bytes) -> None:
    left = memoryview(body)
    while left:
        left = left[file.write(left) :]


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _fragments(body: bytes) -> list[tuple[int, int, int]]:
    """Where the whole fragments begin and end, and how many tracks each has."""
    found, at, begins, tracks = [], 0, 0, 0
    while at + 8 <= len(body):
        size, name = struct.unpack_from(">I4s", body, at)
        if size < 8 or at + size > len(body):
            break
        if name == b"moof":
            begins, tracks = at, body.count(b"traf", at, at + size)
        elif name == b"mdat":
            found.append((begins, at + size, tracks))
        at += size
    return found
