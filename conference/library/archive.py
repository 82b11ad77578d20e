"""A kit as one file that can be passed on: a zip of its files, a manifest that names each with its hash, and a signature of the manifest.

The same files make the same bytes everywhere: members are stored in the order of their names, uncompressed, and have no times. What is read
comes from a foreign hand: nothing of it is believed before names, sizes, hashes and signature have been looked at, and nothing is written
outside the folder that is given.
"""

from __future__ import annotations

import hashlib
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from conference.core.errors import Refused, _
from conference.library.shapes import FORMAT, Head
from conference.library.signing import Signer, fingerprint, is_signed

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "signature.json"
ARCHIVE_MOST_BYTES: Final = 2 * 2**30
FILES_MOST: Final = 2_000  # the national kit has 40
MANIFEST_MOST_BYTES: Final = 2**20
CHUNK: Final = 2**20
NAME: Final = re.compile(
    r"(day|polls|evaluation|needs|checklists|chatter)\.json|README\.md|texts/[\w.-]{1,80}\.md|films/[\w.-]{1,80}\.(json|mp4|jpg|vtt)",
    re.ASCII,
)
TIME: Final = (1980, 1, 1, 0, 0, 0)  # the first that a zip can tell


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of a kit, by its hash."""

    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is in a kit.

    Attributes:
        kit: its id, version, language, licence and title.
        licences: of films, by id; the kit's own is in ``kit``.
        locked: parts of it that nobody else may change.
        files: by name.
    """

    format: int
    kit: Head
    licences: dict[str, str]
    locked: list[str]
    files: dict[str, File]

    def written(self) -> bytes:
        """As it stands in the archive, for people too."""
        return msgspec.json.format(msgspec.json.encode(self, order="deterministic"), indent=2) + b"\n"


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who vouches for the manifest."""

    key: str
    signature: str

    @property
    def fingerprint(self) -> str:
        """Of the key."""
        return fingerprint(self.key)


class Sealed(msgspec.Struct, frozen=True):
    """A manifest with its signature, byte for byte as they were written."""

    manifest: bytes
    signature: bytes

    @property
    def told(self) -> Manifest:
        """What the manifest says."""
        return msgspec.json.decode(self.manifest, type=Manifest)

    @property
    def by(self) -> Signature:
        """Who signed it."""
        return msgspec.json.decode(self.signature, type=Signature)


def files_in(folder: Path) -> list[str]:
    """The names of a kit's files in a folder, in order; what else lies there, such as programs that drew its films, is no part of it."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(name for name in found if NAME.fullmatch(name))


def describe_head(folder: Path) -> Head:
    """Which kit lies in *folder*.

    Raises:
        Refused: ``kit.tampered``.
    """
    try:
        head = msgspec.json.decode((folder / "day.json").read_bytes(), type=dict[str, msgspec.Raw])["kit"]
        return msgspec.json.decode(head, type=Head)
    except (OSError, KeyError, msgspec.MsgspecError) as error:
        raise tampered(f"{folder.name}/day.json ({error})") from error


def describe(folder: Path, locked: list[str]) -> Manifest:
    """The manifest of the kit in *folder*."""
    names = files_in(folder)
    licences = {Path(name).stem: _licence(folder / name) for name in names if name.startswith("films/") and name.endswith(".json")}
    return Manifest(
        format=FORMAT,
        kit=describe_head(folder),
        licences=licences,
        locked=locked,
        files={name: hashed(folder / name) for name in names},
    )


def seal(manifest: Manifest, signer: Signer) -> Sealed:
    """Vouch for a manifest."""
    written = manifest.written()
    return Sealed(written, msgspec.json.encode(Signature(signer.public, signer.sign(written))) + b"\n")


def pack(folder: Path, sealed: Sealed, to: BinaryIO) -> None:
    """Write the kit in *folder*; the same files under the same seal are the same bytes."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_STORED) as made:
        made.writestr(_member(MANIFEST), sealed.manifest)
        made.writestr(_member(SIGNATURE), sealed.signature)
        for name in sorted(sealed.told.files):
            with made.open(_member(name), "w", force_zip64=False) as into, (folder / name).open("rb") as file:
                while piece := file.read(CHUNK):
                    into.write(piece)


def look(archive: Path) -> Sealed:
    """Read the manifest and its signature, and check that the signature is of this manifest; by whom is for the caller to judge.

    Raises:
        Refused: ``kit.tampered``, ``kit.unknown_version``, ``kit.too_large``.
    """
    with _opened(archive) as found:
        return _sealed(found)


def unpack(archive: Path, folder: Path) -> Sealed:
    """Write the files of an archive into an empty *folder*, each checked against the manifest while it is written.

    Raises:
        Refused: as for `look`; then the folder holds nothing to be used.
    """
    with _opened(archive) as found:
        sealed = _sealed(found)
        files = sealed.told.files
        if set(files) != {one.filename for one in found.infolist()} - {MANIFEST, SIGNATURE}:
            raise tampered("the manifest names other files")
        for name, file in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy(found, name, file, target)
    return sealed


def tampered(what: str) -> Refused:
    """The file is not what was signed."""
    return Refused("kit.tampered", _("Paketet går inte att använda: %(what)s."), what=what)


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, while it is read; whatever is wrong with it becomes a refusal."""
    if archive.stat().st_size > ARCHIVE_MOST_BYTES:
        raise too_large()
    try:
        with zipfile.ZipFile(archive) as found:
            _must_be_plain(found.infolist())
            yield found
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        RuntimeError,
        ValueError,
    ) as error:  # what broken or odd archives raise
        raise tampered(f"not a kit, or damaged ({error})") from error


def _must_be_plain(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > FILES_MOST or sum(one.file_size for one in members) > ARCHIVE_MOST_BYTES:
        raise too_large()
    names = [one.filename for one in members]
    if len({name.casefold() for name in names}) != len(names):
        raise tampered("a name twice")
    for one in members:
        if one.filename not in {MANIFEST, SIGNATURE} and not NAME.fullmatch(one.filename):
            raise tampered(f"a file that does not belong in a kit: {one.orig_filename[:80]!r}")
        if (
            stat.S_ISLNK(one.external_attr >> 16)
            or one.flag_bits & 0x1
            or one.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        ):
            raise tampered(f"{one.filename} is no plain file")


def _sealed(found: zipfile.ZipFile) -> Sealed:
    try:
        manifest, signature = (b"".join(_pieces(found, name, MANIFEST_MOST_BYTES)) for name in (MANIFEST, SIGNATURE))
        told = msgspec.json.decode(manifest)
        if isinstance(told, dict) and isinstance(told.get("format"), int) and told["format"] != FORMAT:
            raise Refused("kit.unknown_version", _("Paketet är skrivet för en annan version av programmet (%(file)s)."), file=MANIFEST)
        sealed = Sealed(manifest, signature)
        by, names = sealed.by, set(sealed.told.files)
    except (KeyError, msgspec.MsgspecError, UnicodeError) as error:
        raise tampered(f"manifest or signature cannot be read ({error})") from error
    if not all(NAME.fullmatch(name) for name in names):
        raise tampered("the manifest names files that do not belong in a kit")
    if not is_signed(manifest, by.key, by.signature):
        raise tampered("the signature is not of this manifest")
    return sealed


def _copy(found: zipfile.ZipFile, name: str, file: File, target: Path) -> None:
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as into:
        for piece in _pieces(found, name, file.bytes):
            digest.update(piece)
            size += len(piece)
            into.write(piece)
    if (size, digest.hexdigest()) != (file.bytes, file.sha256):
        raise tampered(f"{name} is not the file that was signed")


def _pieces(found: zipfile.ZipFile, name: str, most: int) -> Iterator[bytes]:
    """What is in a member, as long as it is no more than it may be, whatever its header says."""
    left = most
    with found.open(name) as file:
        while piece := file.read(min(CHUNK, left + 1)):
            left -= len(piece)
            if left < 0:
                raise tampered(f"{name} is larger than it says")
            yield piece


def _member(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, TIME)
    made.create_system, made.external_attr = 3, (stat.S_IFREG | 0o644) << 16
    return made


def hashed(path: Path) -> File:
    """A file by its hash."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
            size += len(piece)
    return File(size, digest.hexdigest())


def _licence(path: Path) -> str:
    told: Mapping[str, object] = msgspec.json.decode(path.read_bytes(), type=dict[str, object])
    return str(told.get("licence", ""))


def too_large() -> Refused:
    """More than a kit may be."""
    return Refused("kit.too_large", _("Paketet är för stort: högst %(files)s filer och 2 GB."), files=FILES_MOST)
