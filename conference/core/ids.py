"""Ids and secrets as an argument, so that a simulated day comes out the same each time."""

from __future__ import annotations

import base64
import random
import secrets
from typing import Protocol

from uuid_utils.compat import uuid7


class Ids(Protocol):
    """Makes new names for things."""

    def new(self) -> str:
        """An id for an ordinary row: unique, and in order of time. Never for ballots or receipts, whose order would tell who voted."""

    def secret(self, n_bytes: int = 24) -> str:
        """An unguessable text for links, sessions, receipts."""

    def key(self, n_bytes: int = 32) -> bytes:
        """Unguessable bytes."""


class RandomIds:
    """From the computer's random source."""

    def new(self) -> str:
        """A UUID of version 7 (RFC 9562) in 26 characters."""
        return base64.b32hexencode(uuid7().bytes).decode().rstrip("=").lower()

    def secret(self, n_bytes: int = 24) -> str:
        """URL-safe."""
        return secrets.token_urlsafe(n_bytes)

    def key(self, n_bytes: int = 32) -> bytes:
        """Straight from the source."""
        return secrets.token_bytes(n_bytes)


class SeededIds:
    """The same ids each time, for tests and simulated days. Not for anything that must stay secret."""

    def __init__(self, seed: int = 0) -> None:
        self._random, self._count = random.Random(seed), 0  # noqa: S311 - repeatable is what it is for

    def new(self) -> str:
        """``id1``, ``id2``, …"""
        self._count += 1
        return f"id{self._count}"

    def secret(self, n_bytes: int = 24) -> str:
        """As long as a real one."""
        return base64.urlsafe_b64encode(self.key(n_bytes)).decode().rstrip("=")

    def key(self, n_bytes: int = 32) -> bytes:
        """From the seed."""
        return self._random.randbytes(n_bytes)
