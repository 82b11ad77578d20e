"""What can happen where the day is read by others. Ids alone: a label says who reads, and no token is ever here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class KeyMade(Event):
    """A program may read the day's figures."""

    name: ClassVar[str] = "integrations.key_made"

    key: str


@dataclass(frozen=True, kw_only=True)
class KeyRevoked(Event):
    """A key opens nothing any more."""

    name: ClassVar[str] = "integrations.key_revoked"

    key: str
