"""What a server says on a socket, read strictly.

In a crowd thousands hear the same frame within a moment: it is decoded once and shared, so nobody may change what comes out of here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import msgspec

ALIKE_MOST_BYTES: Final = 4096  # news; a welcome is larger and no two are alike
ALIKE_KEPT: Final = 256  # frames; they reach everybody in slices of 64, with answers in between


class Item(msgspec.Struct, frozen=True):
    """One piece of news: a word has a place in the log, a picture has a key.

    Attributes:
        type: ``polls.opened``.
        at: as it was written on the wire; ``""`` for a picture.
    """

    type: str
    data: dict[str, Any]
    seq: int | None = None
    key: str | None = None
    at: str = ""


class Welcome(msgspec.Struct, frozen=True):
    """Where a client stands. ``state`` is left out when it recovered, and when it is too large for a frame."""

    epoch: str
    seq: int
    recovered: bool = False
    state: dict[str, msgspec.Raw] | None = None


class Error(msgspec.Struct, frozen=True):
    """Why a wish was not granted."""

    code: str
    text: str
    retry_after_ms: int | None = None


class Drain(msgspec.Struct, frozen=True):
    """The server is about to stop."""

    within_ms: int


class Frame(msgspec.Struct, frozen=True):
    """Any frame of a server: exactly one of its four kinds is filled in."""

    welcome: Welcome | None = None
    drain: Drain | None = None
    upto: int | None = None
    news: tuple[Item, ...] = ()
    re: str | None = None
    ok: bool | None = None
    seq: int | None = None
    data: dict[str, Any] | None = None
    error: Error | None = None


_decoder = msgspec.json.Decoder(Frame)
_alike = lru_cache(maxsize=ALIKE_KEPT)(_decoder.decode)


def read(payload: bytes) -> Frame:
    """The frame.

    Raises:
        msgspec.MsgspecError: it is none of the protocol.
    """
    return _alike(payload) if len(payload) <= ALIKE_MOST_BYTES else _decoder.decode(payload)
