"""A backup put in place: all of it is read and checked first, and what was there before is kept beside."""

from __future__ import annotations

import hashlib
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import httpx2
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from conference.core.actor import Actor
from conference.core.clock import Clock
from conference.core.engines import Engines
from conference.core.errors import Refused
from conference.core.ids import Ids
from conference.core.log import LogHead
from conference.core.rows import table_of
from conference.core.store import Store
from web import disposed, dump, erasing, migrate
from web.backups import CHUNK_BYTES, FILES, MANIFEST, TABLES, BadBackup, Manifest
from web.invite import ADDRESS
from web.settings import Settings

ANSWERS_S: Final = 2.0  # how long a server that may be running has to say so


@dataclass(frozen=True)
class Restored:
    """What was put in place.

    Attributes:
        before: where the data folder of before lies now; ``None`` when there was none.
        erased: how many persons were forgotten once more.
        undone: protocols whose rows are there again, as lines of `disposed.LIST`.
    """

    manifest: Manifest
    before: Path | None
    erased: int
    undone: list[str]


async def restore(chosen: Settings, backup: Path, clock: Clock, ids: Ids, *, instead: bool = False) -> Restored:
    """Put a backup in place. Nothing is changed before all of it has been checked.

    Args:
        instead: a data folder that is there is moved aside; without it one that holds anything is refused.

    Raises:
        BadBackup: the file is none, is damaged, or is of another version; a server runs; the place is taken.
    """
    target = chosen.data_dir.absolute()
    _must_be_free(target, instead=instead)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        manifest = _unpacked(backup, draft)
        if manifest.form != migrate.newest():
            raise BadBackup("the backup is of another version of Samsyn: restore it with that one, then run `samsyn migrate` with this one")
        placed = chosen.model_copy(update={"data_dir": draft})
        await _fill(placed.database, manifest, draft, ids)
        shutil.rmtree(draft / TABLES)
        gone = sorted({*erasing.erased(target), *erasing.erased(draft)})
        forgotten = await _forget_again(placed, gone, clock, ids)
        undone = await _dispose_again(placed, [*disposed.disposed(target), *disposed.disposed(draft)])
        before = _put_in_place(draft, target, f"{clock.now():%Y%m%d-%H%M%S}")
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Restored(manifest, before, forgotten, undone)


def _must_be_free(target: Path, *, instead: bool) -> None:
    if not target.exists() or not any(target.iterdir()):
        return
    if not instead:
        raise BadBackup(f"{target} holds something: name another --data-dir, or say --instead to move it aside")
    if _answers(target):
        raise BadBackup(f"a server runs on {target}: stop it first")


def _answers(target: Path) -> bool:
    try:
        address = (target / ADDRESS).read_text(encoding="utf-8").strip()
        return httpx2.get(f"{address}/healthz", timeout=ANSWERS_S, trust_env=False).status_code == httpx2.codes.OK
    except (OSError, httpx2.HTTPError, ValueError):
        return False


def _unpacked(backup: Path, folder: Path) -> Manifest:
    """All members as files under *folder*, each as the manifest says; the folders of the data directly, the rows under ``tables``."""
    hashes: dict[str, str] = {}
    manifest = None
    try:
        with tarfile.open(backup, mode="r:") as tar:
            for member in tar:
                source = tar.extractfile(member) if member.isreg() else None
                if source is None:
                    raise BadBackup(f"the backup holds something that is no file: {member.name[:80]}")
                if member.name == MANIFEST:
                    manifest = Manifest.read(source.read())
                    continue
                path = folder / _place(member.name)
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                digest = hashlib.sha256()
                with path.open("xb") as file:
                    path.chmod(0o600)
                    while chunk := source.read(CHUNK_BYTES):
                        digest.update(chunk)
                        file.write(chunk)
                hashes[member.name] = digest.hexdigest()
    except (tarfile.TarError, OSError, EOFError) as error:
        raise BadBackup(f"the backup cannot be read: {error}") from error
    if manifest is None or manifest.hashes != hashes:
        raise BadBackup("the backup is damaged: its files are not those that its manifest names")
    return manifest


def _place(name: str) -> PurePosixPath:
    """Where a member goes.

    Raises:
        BadBackup: it would lie outside.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not name.startswith((FILES, TABLES)):
        raise BadBackup(f"the backup holds a file that does not belong in it: {name[:80]}")
    return path.relative_to(FILES) if name.startswith(FILES) else path


async def _fill(database: str, manifest: Manifest, folder: Path, ids: Ids) -> None:
    await migrate.up(database)
    async with Engines.open(database) as engines, engines.writer.begin() as connection:
        for table in dump.tables():
            if await connection.scalar(select(func.count()).select_from(table)):
                raise BadBackup("the database holds something: give an empty one")
        for table in dump.tables():
            try:
                number = await dump.read(connection, table, _lines(folder / TABLES / f"{table.name}.jsonl"))
            except (ValueError, KeyError, OSError) as error:
                raise BadBackup(f"the rows of {table.name} cannot be read: {error}") from error
            if number != manifest.rows.get(table.name):
                raise BadBackup(f"rows of {table.name} are missing")
        await _new_epochs(connection, ids)


async def _new_epochs(connection: AsyncConnection, ids: Ids) -> None:
    """The log was replaced: whoever comes back with a place in the old one gets a fresh state."""
    table = table_of(LogHead)
    for day in list(await connection.scalars(select(table.c.day))):
        await connection.execute(update(table).where(table.c.day == day).values(epoch=ids.new()))


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file


async def _forget_again(chosen: Settings, gone: list[tuple[str, str]], clock: Clock, ids: Ids) -> int:
    number = 0
    async with Store.open(chosen.database, lambda _entries: None) as store:
        eraser = erasing.Eraser(store, chosen.data_dir, clock, ids)
        for day, one in gone:
            try:
                await eraser.forget(Actor.house(day), one, "command")
            except Refused:
                continue  # the backup is older than the person
            number += 1
    erasing.remember(chosen.data_dir, gone)
    return number


async def _dispose_again(chosen: Settings, signed: list[str]) -> list[str]:
    """Which protocols are to be signed again. Nothing is deleted here: the report that told the figures may be younger than the backup."""
    disposed.remember(chosen.data_dir, signed)
    async with Store.open(chosen.database, lambda _entries: None) as store:
        return await disposed.undone(store, signed)


def _put_in_place(draft: Path, target: Path, moment: str) -> Path | None:
    """Where the folder of before lies now."""
    aside = target.with_name(f"{target.name}.before-{moment}")
    if before := target.exists() and any(target.iterdir()):
        target.rename(aside)
        shutil.rmtree(aside / "keys", ignore_errors=True)  # of boxes that nobody will close: their ballots are nobody's from now on
    elif target.exists():
        target.rmdir()
    draft.rename(target)
    return aside if before else None
