"""Archive packages, made one at a time beside everything else: who asked sees how far it has come, and fetches it when it is done.

A finished package lies in the data folder until newer ones take its place; it can always be made again, the same bytes. One that a
restart cut off is not gone on with: whoever asks next is told so, and asks for it anew.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from conference.core.errors import Refused, _

FOLDER: Final = "packages"  # inside the data folder; in no backup, for what it is made of is
PART: Final = ".part"  # being made
CUT: Final = ".cut"  # was being made when the process ended
KEPT_MOST: Final = 20  # finished ones; some MB each
WAITING_MOST: Final = 8
REST_S: Final = 3600.0  # what another process makes has changed since then

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress:
    """How a package is doing.

    Attributes:
        state: ``waiting``, ``making``, ``cut`` or ``done``.
        step: of *steps*, how many are done.
        what: the document that is being made.
    """

    state: str
    step: int = 0
    steps: int = 0
    what: str = ""


@dataclass(frozen=True)
class Job:
    """What a package is made of.

    Attributes:
        name: the same for the same package, whenever it is asked for.
        steps: its documents, each with what makes it.
        pack: makes one file of them all; runs on a thread of its own.
    """

    name: str
    steps: Sequence[tuple[str, Callable[[], Awaitable[bytes]]]]
    pack: Callable[[Mapping[str, bytes]], bytes]


class Packages:
    """Makes packages.

    Args:
        data_dir: where they are kept.
    """

    def __init__(self, data_dir: Path) -> None:
        self._root = data_dir / FOLDER
        self._wanted: dict[str, Job] = {}
        self._making: tuple[str, Progress] | None = None
        self._failed: dict[str, Refused] = {}
        self._came = asyncio.Event()

    def file(self, name: str) -> Path | None:
        """A package, if it is done."""
        path = self._path(name)
        return path if path.is_file() else None

    def progress(self, name: str) -> Progress | None:
        """How it is doing, if somebody has asked for it.

        Raises:
            Refused: why it could not be made; told once, and it may be asked for again.
        """
        if name in self._failed:
            raise self._failed.pop(name)
        if self.file(name):
            return Progress("done")
        if self._making and self._making[0] == name:
            return self._making[1]
        if name in self._wanted or _is_new(self._path(name).with_suffix(PART)):
            return Progress("waiting")
        return Progress("cut") if self._path(name).with_suffix(CUT).exists() else None

    def want(self, job: Job) -> Progress:
        """Have it made, anew when it was cut off.

        Raises:
            Refused: ``limit.reached`` when too many wait; why it could not be made.
        """
        known = self.progress(job.name)
        if known and known.state != "cut":
            return known
        if len(self._wanted) >= WAITING_MOST:
            raise Refused("limit.reached", _("Många paket görs just nu. Försök igen om en stund."), retry_after_ms=30_000)
        self._path(job.name).with_suffix(CUT).unlink(missing_ok=True)
        self._wanted[job.name] = job
        self._came.set()
        return Progress("waiting", steps=len(job.steps) + 1)

    def sweep(self, *, alone: bool) -> None:
        """At start: note what was cut off.

        Args:
            alone: no other process makes packages here; if one may, what is new is perhaps its own.
        """
        for left in self._root.glob(f"*{PART}"):
            if alone or not _is_new(left):
                left.replace(left.with_suffix(CUT))

    async def run(self) -> None:
        """Make what is wanted, one after the other, for as long as the caller lets it."""
        while True:
            await self._came.wait()
            self._came.clear()
            while self._wanted:
                job = next(iter(self._wanted.values()))
                try:
                    await self._make(job)
                except Refused as refused:
                    self._failed[job.name] = refused
                except OSError as error:
                    log.warning("a package could not be kept: %s", error.strerror)
                    self._failed[job.name] = Refused("store.unavailable", _("Vi kan inte spara just nu. Försök igen om en stund."))
                finally:
                    self._making = None
                    self._wanted.pop(job.name, None)

    async def _make(self, job: Job) -> None:
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(job.name)
        part, steps = path.with_suffix(PART), len(job.steps) + 1
        part.touch(mode=0o600)
        try:
            made: dict[str, bytes] = {}
            for step, (what, make) in enumerate(job.steps):
                self._making = (job.name, Progress("making", step, steps, what))
                made[what] = await make()
            self._making = (job.name, Progress("making", steps - 1, steps, path.suffix))
            await asyncio.to_thread(_kept, part, job.pack, made)
            part.replace(path)
        except (Refused, OSError):
            part.unlink(missing_ok=True)
            raise
        self._let_go(path)

    def _let_go(self, newest: Path) -> None:
        done = sorted(self._root.glob(f"*{newest.suffix}"), key=lambda one: one.stat().st_mtime)
        for old in done[:-KEPT_MOST]:
            old.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._root / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.zip"


def _is_new(part: Path) -> bool:
    """Whether somebody, perhaps another process, is making it."""
    try:
        return time.time() - part.stat().st_mtime <= REST_S
    except FileNotFoundError:
        return False


def _kept(part: Path, pack: Callable[[Mapping[str, bytes]], bytes], made: Mapping[str, bytes]) -> None:
    part.write_bytes(pack(made))
