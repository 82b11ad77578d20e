"""The kits of an installation: the national one that ships, and those that came as files, each version in a folder of its own.

A day keeps the folder that it was made from, so a folder is never changed by what comes later. Beside the files lie the seal under which
they came and the texts as they were then: what was changed here since is seen by comparing the two.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from conference.core.errors import Refused, _
from conference.library import archive, parts
from conference.library.archive import MANIFEST, SIGNATURE, Sealed, Signature
from conference.library.kit import NATIONAL_KIT, Kit, read_kit
from conference.library.parts import Change, Files
from conference.library.shapes import Head
from conference.library.signing import Signer, fingerprint

log = logging.getLogger(__name__)

ORIGIN: Final = ".origin"  # beside a kit's files: the seal and the texts as they came
TRUSTED: Final = "trusted.json"
WITHDRAWN: Final = ".withdrawn"  # in a version that was taken back: no day is made from it any more
DRAFT: Final = ".draft"  # what is being written; no backup takes it


def folder_of(told: str, data_dir: Path) -> Path:
    """Where the kit lies that a day was made from; *told* is where it lay then, before the product or its data moved."""
    path = Path(told)
    if path.is_dir():
        return path
    return NATIONAL_KIT if path.parts[-2:] == NATIONAL_KIT.parts[-2:] else data_dir.joinpath(*path.parts[-3:])


@dataclass(frozen=True)
class Brought:
    """A kit that came as a file, and was put on the shelf or not.

    Attributes:
        folder: where it lies now; ``None``: nothing was changed, the changes wait for an answer.
        changes: what it would bring, or brought, to the version that was here.
        here: the version that was here; ``None``: the kit is new.
        is_new: whether it was put on the shelf now; the very file may have been here.
    """

    sealed: Sealed
    folder: Path | None
    changes: tuple[Change, ...] = ()
    here: int | None = None
    is_new: bool = False


@dataclass(frozen=True)
class Standing:
    """A kit that is here, as its page tells of it.

    Attributes:
        by: who had signed it when it came; ``None`` for the one that ships.
        changed: the parts that were changed here since.
    """

    head: Head
    by: Signature | None
    changed: tuple[str, ...]


class Shelf:
    """Args: root: the folder of kits; made when the first one comes. signer: this installation's key."""

    def __init__(self, root: Path, signer: Signer) -> None:
        self._root, self._signer = root, signer

    def folders(self) -> list[Path]:
        """Every kit that a day can be made from: the newest of each id, the national one that ships first unless a newer one came."""
        newest: dict[str, tuple[int, float, Path]] = {}
        for folder in (NATIONAL_KIT, *self._kept()):
            try:
                head = archive.describe_head(folder)
            except Refused as broken:  # changed by hand, and not rightly: the other kits are there as before
                log.warning("the kit in %s is left aside: %s", folder, broken)
                continue
            mine = (head.version, folder.stat().st_mtime if folder != NATIONAL_KIT else 0.0, folder)
            newest[head.id] = max(newest.get(head.id, mine), mine)
        return [folder for _version, _at, folder in newest.values()]

    def of(self, name: str) -> Path | None:
        """The newest folder of a kit by its id."""
        return next((folder for folder in self.folders() if archive.describe_head(folder).id == name), None)

    def standing(self) -> list[Standing]:
        """Every kit of `folders`, with whose it is and what was changed here."""
        return [_standing(folder) for folder in self.folders()]

    @property
    def fingerprint(self) -> str:
        """Of this installation's own key: what its maker reads aloud to whoever takes its kits in."""
        return fingerprint(self._signer.public)

    def withdrawable(self, name: str, version: int) -> Path:
        """Where a version lies that may be taken back.

        Raises:
            Refused: ``kit.no_such`` when that version is not the newest one here, or ships with the product.
        """
        folder = self.of(name)
        if folder is None or folder == NATIONAL_KIT or archive.describe_head(folder).version != version:
            raise Refused("kit.no_such", _("Den versionen av paketet finns inte här, eller är inte den senaste."))
        return folder

    def withdraw(self, name: str, version: int) -> None:
        """Take a kit's newest version back: the one before it is the newest again, and days that were made from it stay as they are.

        Raises:
            Refused: as for `withdrawable`.
        """
        (self.withdrawable(name, version) / WITHDRAWN).touch()

    def export(self, folder: Path, to: BinaryIO) -> Sealed:
        """Write a kit as one file. Untouched since it came, it is the file that came, under its first signature.

        Raises:
            Refused: ``kit.locked`` when a part was changed that nobody else may change, and what `read_kit` raises.
        """
        read_kit(folder)
        files, origin = _files(folder), folder / ORIGIN
        manifest = archive.describe(folder, parts.locked_in(files))
        if not (origin / MANIFEST).exists():
            sealed = archive.seal(manifest, self._signer)
        else:
            sealed = Sealed((origin / MANIFEST).read_bytes(), (origin / SIGNATURE).read_bytes())
            if sealed.told.files != manifest.files:
                _must_leave_locked(sealed, _as_it_came(folder), files)
                sealed = archive.seal(manifest, self._signer)
        archive.pack(folder, sealed, to)
        return sealed

    def compare(self, file: Path) -> Brought:
        """What a file would bring; nothing is changed.

        Raises:
            Refused: as for `bring`, but not for an unknown key.
        """
        with self._unpacked(file, self._root if self._root.is_dir() else None) as (draft, sealed):
            here = self.of(sealed.told.kit.id)
            if here is None:
                return Brought(sealed, None)
            changes = tuple(_changes(here, draft))
            is_here = not changes and _is_same(here, sealed)
            return Brought(sealed, here if is_here else None, changes, archive.describe_head(here).version)

    def bring(self, file: Path, accepted: Collection[str] | None = None) -> Brought:
        """Put a kit on the shelf.

        Args:
            accepted: parts to take from it, where another version is here; ``None``: not asked yet, and nothing is changed when there
                is something to ask.

        Raises:
            Refused: ``kit.tampered``, ``kit.unknown_version``, ``kit.too_large``, ``kit.key_unknown``, ``kit.older``.
        """
        self._root.mkdir(parents=True, exist_ok=True)
        with self._unpacked(file, self._root) as (draft, sealed):
            if not self.trusts(sealed.by):
                raise Refused(
                    "kit.key_unknown", _("Paketet är signerat med en nyckel som inte är känd här: %(key)s"), key=sealed.by.fingerprint
                )
            head, here = sealed.told.kit, self.of(sealed.told.kit.id)
            if here is None:
                return Brought(sealed, self._put(draft, head.id, head.version), is_new=True)
            if archive.describe_head(here).version > head.version:
                raise Refused("kit.older", _("En nyare version av paketet finns redan här."))
            changes = tuple(_changes(here, draft))
            if not changes and _is_same(here, sealed):
                return Brought(sealed, here)
            if accepted is None and changes:
                return Brought(sealed, None, changes)
            if unknown := set(accepted or ()) - {change.part for change in changes}:
                raise Refused("kit.no_such_part", _("Paketet ändrar ingen del som heter %(part)s."), part=min(unknown))
            _bring_together(here, draft, accepted or ())
            read_kit(draft)
            return Brought(sealed, self._put(draft, head.id, head.version), changes, is_new=True)

    def trusts(self, by: Signature) -> bool:
        """Whether the key that signed is this installation's or one that somebody here has said to trust."""
        return by.key == self._signer.public or by.fingerprint in self._trusted()

    def trust(self, fingerprint: str) -> bool:
        """Trust a key from now on; answers whether it was new."""
        known = self._trusted()
        self._root.mkdir(parents=True, exist_ok=True)
        draft = self._root / f"{TRUSTED}.{os.getpid()}{DRAFT}"
        draft.write_bytes(msgspec.json.encode(sorted({*known, fingerprint})))
        draft.replace(self._root / TRUSTED)
        return fingerprint not in known

    def _trusted(self) -> set[str]:
        path = self._root / TRUSTED
        return set(msgspec.json.decode(path.read_bytes(), type=list[str])) if path.exists() else set()

    def _kept(self) -> list[Path]:
        found = (path.parent for path in self._root.glob("*/*/day.json") if path.parent.name != ORIGIN)  # else it is a draft
        return sorted(folder for folder in found if not (folder / WITHDRAWN).exists())

    @contextmanager
    def _unpacked(self, file: Path, beside: Path | None) -> Iterator[tuple[Path, Sealed]]:
        """The file's kit in a folder that goes away again unless it is put on the shelf; read whole, so that it can be used."""
        draft = Path(tempfile.mkdtemp(suffix=DRAFT, dir=beside))
        try:
            sealed = archive.unpack(file, draft)
            kit: Kit = read_kit(draft)
            if kit.head != sealed.told.kit:
                raise archive.tampered("the manifest is of another kit")
            origin = draft / ORIGIN
            origin.mkdir()
            (origin / MANIFEST).write_bytes(sealed.manifest)
            (origin / SIGNATURE).write_bytes(sealed.signature)
            for name, text in _files(draft).items():
                if isinstance(text, bytes):
                    (origin / name).parent.mkdir(exist_ok=True)
                    (origin / name).write_bytes(text)
            yield draft, sealed
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _put(self, draft: Path, name: str, version: int) -> Path:
        taken = {path.name for path in (self._root / name).glob("*")} if (self._root / name).is_dir() else set()
        called = next(one for one in (f"{version}", *(f"{version}-{n}" for n in range(2, 10_000))) if one not in taken)
        target = self._root / name / called
        target.parent.mkdir(exist_ok=True)
        draft.rename(target)
        return target


def _files(folder: Path) -> Files:
    names = archive.files_in(folder)
    media = {name for name in names if name.endswith((".mp4", ".jpg"))}
    return {name: archive.hashed(folder / name) if name in media else (folder / name).read_bytes() for name in names}


def _as_it_came(folder: Path) -> Files:
    """The kit as it was when it came; one that ships with the product is as it came."""
    origin = folder / ORIGIN
    if not origin.is_dir():
        return _files(folder)
    told = msgspec.json.decode((origin / MANIFEST).read_bytes(), type=archive.Manifest)
    return {name: (origin / name).read_bytes() if (origin / name).exists() else file for name, file in told.files.items()}


def _changes(here: Path, draft: Path) -> list[Change]:
    return parts.differences(_as_it_came(here), _files(here), _files(draft))


def _standing(folder: Path) -> Standing:
    signature = folder / ORIGIN / SIGNATURE
    by = msgspec.json.decode(signature.read_bytes(), type=Signature) if signature.exists() else None
    return Standing(archive.describe_head(folder), by, tuple(parts.changed(_as_it_came(folder), _files(folder))))


def _is_same(here: Path, sealed: Sealed) -> bool:
    origin = here / ORIGIN / MANIFEST
    return origin.exists() and origin.read_bytes() == sealed.manifest


def _must_leave_locked(sealed: Sealed, came: Files, files: Files) -> None:
    if broken := sorted(set(sealed.told.locked) & set(parts.changed(came, files))):
        raise Refused("kit.locked", _("%(part)s är låst och går inte att ändra."), part=broken[0])


def _bring_together(here: Path, draft: Path, accepted: Collection[str]) -> None:
    """Make the draft what both versions come to."""
    wanted = parts.merged(_as_it_came(here), _files(here), _files(draft), accepted)
    for name in set(archive.files_in(draft)) - wanted.keys():
        (draft / name).unlink()
    for name, what in wanted.items():
        target = draft / name
        if isinstance(what, bytes):
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(what)
        elif not (target.exists() and archive.hashed(target) == what):
            shutil.copyfile(here / name, target)
