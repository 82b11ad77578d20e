"""A day's tables as files in a folder, from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from conference.core.clock import SystemClock
from conference.core.errors import Refused
from conference.followup import Exports, File
from web import beside
from web.exported import TABLES
from web.settings import Settings


class CannotTake(Exception):
    """No such table or form; the text names those that are, in one line."""


async def take(chosen: Settings, day: str, what: Sequence[str], form: str, folder: Path) -> list[Path]:
    """Write some tables, or all of them; the files.

    Raises:
        CannotTake: no such table or form; nothing was written.
        NotThere: there is no such installation or day.
    """
    if unknown := [one for one in what if one not in TABLES]:
        raise CannotTake(f"there is no table {unknown[0]}; there are {', '.join(TABLES)}")
    async with beside.store_of(chosen) as store:
        await beside.must_know(store, day)
        exports = Exports(store, SystemClock(), TABLES)
        try:
            files = [await exports.file(day, one, form) for one in what or TABLES]
        except Refused as refusal:
            raise CannotTake(f"there is no form {form}; there are csv, xlsx, json") from refusal
    return _written(files, folder)


def _written(files: Sequence[File], folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        (folder / file.name).write_bytes(file.content)
    return [folder / file.name for file in files]
