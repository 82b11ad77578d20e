"""Kits that came as files by the page, and wait in the data folder until somebody has said what is taken of them."""

from __future__ import annotations

import asyncio
import re
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from conference.core.errors import Refused, _
from conference.library import archive
from conference.library.archive import ARCHIVE_MOST_BYTES, Sealed
from conference.library.shelf import DRAFT
from web import uploads

FOLDER: Final = "kits-waiting"  # inside the data folder; no backup takes it
NAME: Final = re.compile(r"[\w-]{22}", re.ASCII)
WAITS_S: Final = 24 * 3600.0  # who wants it after that sends it again
FORM_MOST_BYTES: Final = ARCHIVE_MOST_BYTES + (1 << 20)  # the largest kit, in a form


class Arrivals:
    """Files that wait, by names of ours. Every method that reads or writes one takes as long as its size, beside the loop.

    Args:
        data_dir: the data folder; in it, the folder is made when the first file comes.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder, self._kits = data_dir / FOLDER, data_dir / "kits"

    async def keep(self, given: IO[bytes], name: str) -> Path:
        """Write one down.

        Raises:
            OSError: and nothing of it is left.
        """
        self.sweep(WAITS_S)
        await asyncio.to_thread(uploads.write_down, given, self._folder, name)
        return self._folder / name

    def of(self, name: str) -> Path:
        """One that waits.

        Raises:
            Refused: ``kit.gone``.
        """
        if not (NAME.fullmatch(name) and (self._folder / name).is_file()):
            raise Refused("kit.gone", _("Filen väntar inte här längre. Ladda upp den igen."))
        return self._folder / name

    def waiting(self) -> list[tuple[str, Sealed]]:
        """All that wait, the newest first, with what their manifests say."""
        told: list[tuple[str, Sealed]] = []
        for path in sorted((path for path in self._folder.glob("*") if NAME.fullmatch(path.name)), key=_age_s):
            with suppress(Refused, OSError):  # thrown away just now, or written for an earlier version of the program
                told.append((path.name, archive.look(path)))
        return told

    def drop(self, name: str) -> None:
        """Throw one away."""
        self.of(name).unlink(missing_ok=True)

    def sweep(self, older_s: float) -> None:
        """Throw away what has waited longer than that, and drafts of kits that a crash left behind as long ago."""
        for path in (*self._folder.glob("*"), *self._kits.glob(f"*{DRAFT}")):
            if _age_s(path) > older_s:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def no_room() -> Refused:
    """The disk is full."""
    return Refused("kit.no_room", _("Paketet får inte plats på servern. Be den som sköter den om mer utrymme."))


def _age_s(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:  # somebody else took it away just now
        return 0.0
