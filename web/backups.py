"""Everything that an installation keeps, in one file, and put in place again.

A backup is a tar file: the rows of every table, films, recordings and generated secrets, and last a manifest with a hash of each. The keys
of open polls and surveys are left out on purpose: they would lead from a ballot to a person for as long as a backup lies somewhere
(docs/operations.md). Whoever was erased after a backup was made is erased again when it is put in place.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import text

from conference.core.clock import Clock
from conference.core.engines import Engines
from web import beside, dump, migrate, uploads
from web.settings import Settings

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
TABLES: Final = "tables/"
FILES: Final = "files/"
FOLDERS: Final = (
    uploads.FOLDER,
    "assets",
    "live",
    "secrets",
    "erased",
    "disposed",
    "kits",
    ".samsyn-demo",
)  # of the data folder; open keys stay behind
PASSING: Final = re.compile(r".*(\.part|\.draft|\.new)|slides\.[0-9a-f]{8}")  # what is being written, or drawn for a while
IN_MEMORY_BYTES: Final = 8 << 20  # of a table's lines; more of them wait in a temporary file
CHUNK_BYTES: Final = 1 << 20


class BadBackup(Exception):
    """The file cannot be made or put in place; the text says why, in one line."""


@dataclass
class Manifest:
    """What is in a backup.

    Attributes:
        form: the newest migration of its database.
        rows: table -> how many.
        hashes: member -> SHA-256.
    """

    made_at: str
    form: str
    rows: dict[str, int] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @classmethod
    def read(cls, text: bytes) -> Manifest:
        """From the JSON that it is kept as.

        Raises:
            BadBackup: it is none, or of a later version.
        """
        try:
            found = cls(**json.loads(text))
        except (ValueError, TypeError) as error:
            raise BadBackup("this is no backup of Samsyn: its manifest cannot be read") from error
        if found.format != FORMAT:
            raise BadBackup(f"the backup has form {found.format}, and this version reads {FORMAT}")
        return found


async def save(chosen: Settings, clock: Clock, target: Path) -> Manifest:
    """Write a backup beside a running server or without one; readable by its owner alone.

    The rows are those of one moment. Films and recordings never change once they are there.

    Raises:
        BadBackup: *target* is there already.
        NotThere: there is no such installation.
    """
    _must_be_new(target)
    async with beside.store_of(chosen):
        pass  # it is there, and has our form
    manifest = Manifest(clock.now().isoformat(), migrate.newest() or "")
    draft = target.with_name(f".{target.name}.part")
    try:
        with draft.open("xb") as file:
            draft.chmod(0o600)
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                await _rows(chosen, tar, manifest)
                for path in sorted(_kept(chosen.data_dir)):
                    with suppress(FileNotFoundError), path.open("rb") as source:  # a pack that was made anew meanwhile
                        _add(tar, FILES + path.relative_to(chosen.data_dir).as_posix(), source, manifest)
                written = io.BytesIO(json.dumps(vars(manifest), indent=1).encode())
                _put(tar, MANIFEST, written, len(written.getvalue()), written)
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _must_be_new(target: Path) -> None:
    if target.exists():
        raise BadBackup(f"{target} is there already")
    if not target.absolute().parent.is_dir():
        raise BadBackup(f"there is no folder {target.parent}")


def name_for(now: datetime) -> str:
    """What a backup is called when nobody says."""
    return f"samsyn-{now:%Y-%m-%d-%H%M%S}.tar"


async def _rows(chosen: Settings, tar: tarfile.TarFile, manifest: Manifest) -> None:
    async with Engines.open(chosen.database) as engines, engines.reader.connect() as connection:
        if connection.dialect.name == "postgresql":  # between two tables their rows are copied to the disk, which takes as long as it takes
            await connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        for table in dump.tables():
            with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as lines:
                manifest.rows[table.name] = await dump.write(connection, table, lines)
                lines.seek(0)
                _add(tar, f"{TABLES}{table.name}.jsonl", lines, manifest)


def _kept(data_dir: Path) -> Iterator[Path]:
    for name in FOLDERS:
        path = data_dir / name
        found = path.rglob("*") if path.is_dir() else [path]
        yield from (
            one
            for one in found
            if one.is_file() and not one.is_symlink() and not any(map(PASSING.fullmatch, one.relative_to(data_dir).parts))
        )


class _Read:
    """A file that is hashed as it is copied: what stands in the backup is what its manifest says, whatever becomes of the file."""

    def __init__(self, source: IO[Any]) -> None:
        self._source, self.digest = source, hashlib.sha256()

    def read(self, most: int = -1) -> bytes:
        """The next bytes."""
        chunk: bytes = self._source.read(most)
        self.digest.update(chunk)
        return chunk


def _add(tar: tarfile.TarFile, name: str, source: IO[Any], manifest: Manifest) -> None:
    reading = _Read(source)
    _put(tar, name, reading, source.seek(0, io.SEEK_END), source)
    manifest.hashes[name] = reading.digest.hexdigest()


def _put(tar: tarfile.TarFile, name: str, reading: Any, size: int, source: IO[Any]) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    source.seek(0)
    tar.addfile(member, reading)
