"""The secret box: what makes a ballot anonymous and yet one per person.

Who a ballot belongs to is hidden behind a pseudonym, an HMAC (RFC 2104) of the person under a key of the poll's round. The key lies in a
folder beside the database, never in it or in its backups, and is destroyed when the poll closes. While it is open the same person comes
to the same pseudonym, so a vote can be changed and cannot be doubled; afterwards nobody can work out whose it was. Where a ballot came from
and how many sat behind it lie sealed under the same key (AES-GCM, NIST SP 800-38D): without the key's file a database says nothing of it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from conference.core.ids import Ids

KEY_BYTES = 32
NONCE_BYTES = 12  # random for each ballot and each change of it; the standard's own length
PADDED_TO = 64  # bytes; nearly all say the same length, so that it does not tell the region


class About(NamedTuple):
    """What a ballot is counted with besides its answer."""

    region: str | None
    affiliation: str | None
    people: int


class Box:
    """The keys of the open polls, one file each, readable by the owner alone."""

    def __init__(self, folder: Path, ids: Ids) -> None:
        self._folder, self._ids = folder, ids
        self._keys: dict[str, bytes] = {}
        self._seals: dict[str, AESGCM] = {}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def pseudonym(self, box: str, person: str) -> bytes:
        """Under which a person's ballot lies in *box*, one round of one poll."""
        return hmac.digest(self._key(box), person.encode(), "sha256")

    def sealed(self, box: str, pseudonym: bytes, about: About) -> bytes:
        """What the ballot of *pseudonym* is counted with, as it is stored while the box is open; it fits no other ballot."""
        said = msgspec.json.encode(about)
        padded = said.ljust(-(-len(said) // PADDED_TO) * PADDED_TO)
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._seal(box).encrypt(nonce, padded, pseudonym)

    def about(self, box: str, pseudonym: bytes, sealed: bytes | None) -> About | None:
        """The same, read again; ``None`` when nothing was sealed, or under a key that is lost."""
        try:
            said = self._seal(box).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], pseudonym) if sealed else b""
        except InvalidTag:
            return None
        return msgspec.json.decode(said, type=About) if said else None

    def fingerprint(self, box: str) -> str:
        """Tells keys apart without telling the key: a lost key must not be replaced by another while ballots lie under it."""
        return hashlib.sha256(b"box:" + self._key(box)).hexdigest()[:16]

    def destroy(self, box: str) -> None:
        """Forget the key for good. Asking for it again makes another one, that fits no ballot."""
        self._keys.pop(box, None)
        self._seals.pop(box, None)
        path = self._path(box)
        with suppress(FileNotFoundError):  # never made, or another process was first
            with path.open("r+b") as file:  # overwritten first: a deleted file's blocks may lie on the disk for long
                file.write(bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()

    def _seal(self, box: str) -> AESGCM:
        if box not in self._seals:  # under a key of its own, so that no pseudonym is worked out with it
            self._seals[box] = AESGCM(hmac.digest(self._key(box), b"about", "sha256"))
        return self._seals[box]

    def _key(self, box: str) -> bytes:
        if box not in self._keys:
            self._keys[box] = self._read(self._path(box))
        return self._keys[box]

    def _read(self, path: Path) -> bytes:
        """The key of the file; the first of all processes makes it, under a name of its own first, so that none reads half a key."""
        if not path.exists():
            draft = path.with_suffix(f".{os.getpid()}")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(self._ids.key(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(draft, path)
            except FileExistsError:
                pass  # another process was first; its key is the key
            finally:
                draft.unlink()
        return path.read_bytes()

    def _path(self, box: str) -> Path:
        return self._folder / f"{hashlib.sha256(box.encode()).hexdigest()[:32]}.key"


def box_of(day: str, poll: str, round_: int) -> str:
    """The name of the box of one round."""
    return f"{day}/{poll}/{round_}"


def seal(ballots: Collection[tuple[str, str]]) -> dict[str, str | int]:
    """What the audit chain says of a closed box: how many ballots, and hashes by which none can be changed, added or taken out.

    Args:
        ballots: receipt and answer (as stored) of each.
    """
    in_order = sorted(ballots)
    receipts = hashlib.sha256("\n".join(receipt for receipt, _ in in_order).encode())
    answers = hashlib.sha256("\n".join(f"{receipt}\t{answer}" for receipt, answer in in_order).encode())
    return {"ballots": len(in_order), "receipts_sha256": receipts.hexdigest(), "answers_sha256": answers.hexdigest()}
