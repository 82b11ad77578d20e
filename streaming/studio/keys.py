"""Tokens and keys of sources: each follows from the installation's secret, so that none is stored and every process knows them all."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final

SHOWN: Final = 32  # characters of 6 bits: nobody guesses 192 bits


class Keys:
    """The keys of all sources.

    Args:
        secret: the installation's; whoever has it has every key.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def token(self, day: str, source: str, generation: int) -> str:
        """What an encoder brings as its bearer token (WHIP)."""
        return self._made("token", day, source, generation)

    def stream_key(self, day: str, source: str, generation: int) -> str:
        """What a studio types in as its stream key (RTMP): letters and digits, that can be read aloud."""
        return hmac.new(self._secret, _text("rtmp", day, source, generation), hashlib.sha256).hexdigest()[:SHOWN]

    def opens(self, brought: str, day: str, source: str, generation: int) -> bool:
        """Whether *brought* is the source's token of this generation."""
        return hmac.compare_digest(brought.encode(), self.token(day, source, generation).encode())

    def sealed(self, resource: str, person: str) -> str:
        """A resource's name that only the one it was made for can have."""
        return f"{resource}.{self._made('seal', resource, person, 0)[:22]}"

    def unsealed(self, name: str, person: str) -> str | None:
        """The resource, if *name* was made for this person."""
        resource, _dot, _seal = name.rpartition(".")
        return resource if resource and hmac.compare_digest(self.sealed(resource, person).encode(), name.encode()) else None

    def _made(self, what: str, day: str, source: str, generation: int) -> str:
        digest = hmac.new(self._secret, _text(what, day, source, generation), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode()[:SHOWN]


def _text(what: str, day: str, source: str, generation: int) -> bytes:
    return "\0".join((what, day, source, str(generation))).encode()
