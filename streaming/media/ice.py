"""How publishers and viewers find a way through their networks: STUN and TURN servers, with passwords that last a while. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

LASTS: Final = timedelta(hours=6)  # of a password: a day with its rehearsal; a new connection gets a new one
WITH_PASSWORD: Final = re.compile(r"(turns?):([^:@/]+):([^@/]+)@(.+)")
PLAIN: Final = re.compile(r"(stun:[^?:@/\s]+(:\d{1,5})?|turns?:[^?:@/\s]+(:\d{1,5})?(\?transport=(udp|tcp))?)")


class Ways(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an installation has set up; as it stands in the file that the media process reads.

    Attributes:
        servers: ``stun:host:port``, ``turn:host:port?transport=tcp``, ``turns:…``, also with a fixed ``turn:user:password@host:port``.
        secret: shared with the TURN server (coturn's ``use-auth-secret``).
        relayed: the media process has no address that the TURN server reaches, and takes one of the TURN server's for itself. Else TURN
            is for the other side alone: aiortc would send by a relay although there is a straight way.
    """

    servers: tuple[str, ...] = ()
    secret: str | None = None
    relayed: bool = False

    def ours(self, now: datetime) -> list[dict[str, Any]]:
        """Those that the media process uses."""
        words = [word for word in self.servers if self.relayed or word.startswith("stun:")]
        return servers(words, self.secret, "media", now)


def servers(words: Sequence[str], secret: str | None, who: str, now: datetime) -> list[dict[str, Any]]:
    """As ``RTCPeerConnection`` wants them, with a name and a password for *who* that are good from *now* on."""
    return [_server(word, secret, who, now) for word in words]


def is_server(word: str) -> bool:
    """Whether browsers and aiortc can make something of it; one that they cannot read breaks every connection."""
    found = WITH_PASSWORD.fullmatch(word)
    return PLAIN.fullmatch(f"{found[1]}:{found[4]}" if found else word) is not None


def _server(word: str, secret: str | None, who: str, now: datetime) -> dict[str, Any]:
    if found := WITH_PASSWORD.fullmatch(word):
        return {"urls": f"{found[1]}:{found[4]}", "username": found[2], "credential": found[3]}
    if secret is None or not word.startswith("turn"):
        return {"urls": word}
    name = f"{int((now + LASTS).timestamp())}:{who}"
    password = base64.b64encode(hmac.new(secret.encode(), name.encode(), hashlib.sha1).digest()).decode()
    return {"urls": word, "username": name, "credential": password}
