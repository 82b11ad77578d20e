"""Films on their way in: kept on disk while they wait, packed one at a time by a process of their own, known by what is in them.

A film's id is made from its content. So the same film is packed once however often it is sent, and a restart finds everything again:
``assets/ID`` is ready, ``waiting/ID.json`` is to be packed, ``refused/ID.json`` was no film.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import secrets
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import msgspec

from streaming.media.manifest import MANIFEST_FILE, read_manifest
from streaming.media.reading import NoFilm

LIMIT_BYTES = 4 << 30
PACKING = "1"  # goes into every id: raised when the same film is to be packed anew, because the packing has changed
CHUNK_BYTES = 1 << 20
DIED_TWICE: dict[str, object] = {"refused": "film.unreadable", "why": "two workers died of it"}
WAIT_S = 5.0  # for a worker that was told to end

log = logging.getLogger(__name__)


class Status(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a film has come.

    Attributes:
        state: ``waiting``, ``packing``, ``ready`` or ``refused``.
        progress: 0 to 1.
        code: when it is refused; ``why`` in words for the log, not for people.
    """

    film: str
    state: str
    progress: float = 0.0
    duration_ms: int | None = None
    code: str | None = None
    why: str | None = None


class Waiting(msgspec.Struct, frozen=True):
    """A film to be packed; ``owned``: the file is ours, and is removed afterwards."""

    path: str
    owned: bool


class Films:
    """All films of this process."""

    def __init__(self, data_dir: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self.assets, self._waiting, self._refused = (data_dir / name for name in ("assets", "waiting", "refused"))
        for folder in (self.assets, self._waiting, self._refused):
            folder.mkdir(parents=True, exist_ok=True)
        self._progress: dict[str, float] = {}
        self._came = asyncio.Event()
        self._came.set()

    def status(self, film: str) -> Status | None:
        """How far it has come; ``None`` for one that never came."""
        if not film.isalnum():
            return None
        if (self.assets / film / MANIFEST_FILE).is_file():
            return Status(film, "ready", 1.0, read_manifest(self.assets / film).duration_ms)
        if film in self._progress:
            return Status(film, "packing", self._progress[film])
        if (self._waiting / f"{film}.json").is_file():
            return Status(film, "waiting")
        with suppress(FileNotFoundError):
            return msgspec.json.decode((self._refused / f"{film}.json").read_bytes(), type=Status)
        return None

    async def receive(self, body: AsyncIterator[bytes]) -> Status:
        """Keep a film that is sent.

        Raises:
            NoFilm: ``film.too_large``, or ``film.unreadable`` when nothing came.
        """
        part, digest, size = self._waiting / f"{secrets.token_hex(8)}.part", _digest(), 0
        try:
            with part.open("wb") as file:
                async for chunk in body:
                    size += len(chunk)
                    self._check(size)
                    digest.update(chunk)
                    await asyncio.to_thread(file.write, chunk)
            if not size:
                raise NoFilm("film.unreadable", "no bytes")
            film = digest.hexdigest()[:32]
            kept = part.rename(self._waiting / f"{film}.film")
            return self._wait(film, Waiting(str(kept), owned=True))
        finally:
            part.unlink(missing_ok=True)

    async def fetch(self, path: Path) -> Status:
        """Take a film that lies on this machine; it stays where it is.

        Raises:
            NoFilm: ``film.too_large``, or ``film.unreadable`` when there is no such file.
        """
        try:
            film = await asyncio.to_thread(self._hash_of, path)
        except OSError as error:
            raise NoFilm("film.unreadable", f"no such file: {error.strerror}") from error
        return self._wait(film, Waiting(os.path.abspath(path), owned=False))  # noqa: PTH100, ASYNC240  (reads no disk)

    def _hash_of(self, path: Path) -> str:
        self._check(path.stat().st_size)
        digest = _digest()
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
        return digest.hexdigest()[:32]

    def _check(self, size: int) -> None:
        if size > self._limit_bytes:
            raise NoFilm("film.too_large", f"more than {self._limit_bytes} bytes")

    def _wait(self, film: str, waiting: Waiting) -> Status:
        known = self.status(film)
        if known and known.state in {"ready", "refused"}:
            _remove(waiting)
            return known
        _write(self._waiting / f"{film}.json", msgspec.json.encode(waiting))
        self._came.set()
        return known or Status(film, "waiting")

    async def run(self) -> None:
        """Pack what waits, for as long as the caller lets it."""
        for leftover in [*self._waiting.glob("*.part"), *self.assets.glob("*.new")]:
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        while True:
            await self._came.wait()
            self._came.clear()
            for told in sorted(self._waiting.glob("*.json"), key=lambda each: each.stat().st_mtime):
                try:
                    await self._pack(told.stem, msgspec.json.decode(told.read_bytes(), type=Waiting))
                except OSError:  # the disk is full: it waits for the next film or the next start
                    log.exception("film %s could not be packed", told.stem)

    async def _pack(self, film: str, waiting: Waiting) -> None:
        folder = self.assets / f"{film}.new"
        folder.mkdir(exist_ok=True)
        self._progress[film] = 0.0
        try:
            said = await self._work(film, waiting, folder) or await self._work(film, waiting, folder) or DIED_TWICE
            if said.get("done"):
                folder.rename(self.assets / film)
            else:
                refusal = Status(film, "refused", code=str(said["refused"]), why=str(said["why"]))
                log.warning("film %s refused: %s (%s)", film, refusal.code, refusal.why)
                _write(self._refused / f"{film}.json", msgspec.json.encode(refusal))
            (self._waiting / f"{film}.json").unlink()
            _remove(waiting)
        finally:
            self._progress.pop(film, None)
            shutil.rmtree(folder, ignore_errors=True)

    async def _work(self, film: str, waiting: Waiting, folder: Path) -> dict[str, object] | None:
        """What a worker said at last; ``None`` when it died without a word."""
        command = [sys.executable, "-m", "streaming.media.worker", waiting.path, str(folder), film]
        worker = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE)
        last: dict[str, object] = {}
        try:
            assert worker.stdout is not None
            async for line in worker.stdout:
                last = msgspec.json.decode(line)
                self._progress[film] = float(str(last.get("progress", self._progress[film])))
            await worker.wait()
        finally:
            await _ended(worker)
        return last if "done" in last or "refused" in last else None


async def _ended(worker: asyncio.subprocess.Process) -> None:
    if worker.returncode is None:
        worker.kill()
        with suppress(TimeoutError):
            async with asyncio.timeout(WAIT_S):
                await worker.wait()


def _digest() -> hashlib._Hash:
    return hashlib.sha256(f"samsyn packing {PACKING}\n".encode())


def _write(path: Path, body: bytes) -> None:
    """Whole or not at all, also when the power goes."""
    draft = path.with_suffix(".draft")
    draft.write_bytes(body)
    draft.rename(path)


def _remove(waiting: Waiting) -> None:
    if waiting.owned:
        Path(waiting.path).unlink(missing_ok=True)
