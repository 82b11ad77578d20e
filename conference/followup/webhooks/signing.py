"""Signatures by the Standard Webhooks specification (standardwebhooks.com), version ``v1``: HMAC-SHA256 over id, time and body."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"


class Secrets:
    """The secrets of all webhooks: each follows from the installation's, so that none is stored and every process knows them all.

    Args:
        secret: the installation's.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def of(self, day: str, webhook: str) -> str:
        """What a receiver checks signatures with: ``whsec_`` and 32 bytes in base64."""
        made = hmac.new(self._secret, f"webhook\0{day}\0{webhook}".encode(), hashlib.sha256).digest()
        return PREFIX + base64.b64encode(made).decode()


def signed(secret: str, delivery: str, body: bytes, at: datetime) -> dict[str, str]:
    """The headers of one try.

    Args:
        secret: as `Secrets.of` makes it.
        at: when it is sent; a receiver refuses what is older than some minutes.
    """
    when = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, b".".join((delivery.encode(), when.encode(), body)), hashlib.sha256).digest()
    return {"webhook-id": delivery, "webhook-timestamp": when, "webhook-signature": f"v1,{base64.b64encode(digest).decode()}"}
