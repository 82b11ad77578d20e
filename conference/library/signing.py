"""Signatures of kits: Ed25519 (RFC 8032), one key pair an installation."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_BYTES: Final = 32
MARK: Final = b"samsyn kit 1\n"  # what is signed begins so: a signature of something else is none of a kit


class Signer:
    """An installation's own key.

    Args:
        seed: the secret; the pair follows from it, so that a secret of any length makes one.
    """

    def __init__(self, seed: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"samsyn kit key:" + seed.encode()).digest())

    @property
    def public(self) -> str:
        """The public key, as it stands in a kit."""
        return _text(self._key.public_key().public_bytes_raw())

    def sign(self, manifest: bytes) -> str:
        """The signature of a manifest."""
        return _text(self._key.sign(MARK + manifest))


def is_signed(manifest: bytes, public: str, signature: str) -> bool:
    """Whether the key has signed the manifest; ``False`` for what is no key or no signature."""
    try:
        Ed25519PublicKey.from_public_bytes(_bytes(public)).verify(_bytes(signature), MARK + manifest)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public: str) -> str:
    """What people compare: SHA-256 of the key, in hex."""
    return hashlib.sha256(_bytes(public)).hexdigest()


def in_groups(found: str) -> str:
    """A fingerprint as one reads it aloud."""
    return " ".join(found[start : start + 4] for start in range(0, len(found), 4))


def fingerprint_in(told: str) -> str | None:
    """The fingerprint that somebody wrote: itself, in groups or not, or the key it is of; ``None`` for neither."""
    plain = "".join(told.split())
    if len(plain) == 2 * hashlib.sha256().digest_size and all(one in "0123456789abcdef" for one in plain.lower()):
        return plain.lower()
    try:
        return fingerprint(plain) if len(_bytes(plain)) == KEY_BYTES else None
    except ValueError:
        return None


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error
