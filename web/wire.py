"""The wire: the one gate that JSON from outside comes in by, and the frames that go out.

A message is checked for size, decoded strictly by msgspec, looked at once more for repeated keys, which no fast decoder refuses, and its
texts are made harmless. Behind the gate there are only plain values.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

import msgspec

from conference.core.actor import Done
from conference.core.errors import Refused, _
from web import tidy

CLIENT_MOST_BYTES: Final = 8 * 1024  # a wish; the longest survey answer is half of it
SERVER_MOST_BYTES: Final = 64 * 1024  # a frame to a browser
ID_MOST: Final = 64  # a uuid takes 36
ENVELOPE_BYTES: Final = 64  # more than {"upto":…,"news":[]} takes
WISH_KEYS: Final = frozenset({"id", "do", "args"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for: a name, its arguments, and an id under which asking again gives the same answer."""

    id: str
    do: str
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """A message to browsers, encoded once for all of them.

    Attributes:
        payload: the JSON text.
        wire: the same with the WebSocket header of one unmasked text frame.
    """

    payload: bytes
    wire: bytes

    @classmethod
    def of(cls, payload: bytes) -> Frame:
        """Put the header of RFC 6455 before the payload."""
        n = len(payload)
        size = bytes((n,)) if n < 126 else b"\x7e" + n.to_bytes(2, "big") if n < 65536 else b"\x7f" + n.to_bytes(8, "big")
        return cls(payload, b"\x81" + size + payload)


class _Repeated(ValueError):
    """A key stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Repeated
    return found


_strict = msgspec.json.Decoder()
_second_look = json.JSONDecoder(object_pairs_hook=_once)
encode = msgspec.json.Encoder().encode


def read_json(raw: bytes, most_bytes: int = SERVER_MOST_BYTES) -> Any:
    """Any JSON value from outside.

    Raises:
        Refused: ``wire.too_large`` or ``wire.unreadable``.
    """
    if len(raw) > most_bytes:
        raise Refused("wire.too_large", _("Meddelandet är för stort."))
    try:
        found = _strict.decode(raw)
        if encode(found) != raw:  # a text that would be written just so repeats no key, and browsers write as we do
            _second_look.decode(raw.decode())
    except (msgspec.MsgspecError, ValueError, RecursionError):  # UnicodeDecodeError and a repeated key are ValueErrors
        raise unreadable() from None
    return tidy.value(found)


def unreadable() -> Refused:
    """What a message that is no message gets."""
    return Refused("wire.unreadable", _("Meddelandet gick inte att läsa."))


def read_wish(raw: bytes) -> Wish:
    """A wish from a socket or the body of ``POST …/wishes``.

    Raises:
        Refused: ``wire.too_large`` or ``wire.unreadable``.
    """
    match read_json(raw, CLIENT_MOST_BYTES):
        case {"id": str(wish), "do": str(do), **rest} as found if WISH_KEYS.issuperset(found) and is_id(wish):
            args = rest.get("args", {})
            if isinstance(args, dict):
                return Wish(wish, do[:ID_MOST], args)
    raise unreadable()


def id_of(raw: bytes) -> str | None:
    """The id of a wish that could not be read, as far as one can be found, so that its sender knows which one was refused."""
    try:
        found = _strict.decode(raw[:CLIENT_MOST_BYTES])
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    wish = found.get("id") if isinstance(found, dict) else None
    return wish if isinstance(wish, str) and is_id(wish) else None


def is_id(wish: str) -> bool:
    """Whether a text may be the id of a wish."""
    return 0 < len(wish) <= ID_MOST and wish.isascii() and wish.isprintable() and " " not in wish


def answer(wish: str, done: Done) -> bytes:
    """A wish was granted, and what came of it is on disk."""
    body: dict[str, Any] = {"re": wish, "ok": True}
    if done.seq is not None:
        body["seq"] = done.seq
    if done.data is not None:
        body["data"] = done.data
    return encode(body)


def refusal(wish: str | None, code: str, text: str, retry_after_ms: int | None = None) -> bytes:
    """A wish was not granted; nothing has changed."""
    error: dict[str, Any] = {"code": code, "text": text}
    if retry_after_ms is not None:
        error["retry_after_ms"] = retry_after_ms
    return encode({"re": wish, "ok": False, "error": error})


def welcome(epoch: str, seq: int, state: bytes) -> bytes:
    """A fresh start. A state that does not fit in a frame is left out: the browser then asks for it at ``/state``."""
    start = {"epoch": epoch, "seq": seq}
    whole = encode({"welcome": {**start, "state": msgspec.Raw(state)}})
    return whole if len(whole) <= SERVER_MOST_BYTES else encode({"welcome": start})


def recovered(epoch: str, seq: int) -> bytes:
    """The browser goes on from where it was; the news it missed come next."""
    return encode({"welcome": {"epoch": epoch, "seq": seq, "recovered": True}})


def drain(within_ms: int) -> bytes:
    """The server is about to stop: come back at a random moment within this time."""
    return encode({"drain": {"within_ms": within_ms}})


def item(seq: int, name: str, at: Any, data: dict[str, Any]) -> bytes:
    """One thing that happened."""
    return encode({"seq": seq, "type": name, "at": at, "data": data})


def picture(key: str, name: str, data: dict[str, Any]) -> bytes:
    """How something stands now; replaces the picture of the same key."""
    return encode({"key": key, "type": name, "data": data})


def news(before: int, upto: int, items: Iterable[tuple[int, bytes]]) -> Iterator[bytes]:
    """The frames that tell *items*: one, or as many as their size asks for. Each says how far it brings the browser.

    Args:
        before: how far the browser is.
        upto: how far it is when it has them all.
        items: encoded `item`s and `picture`s with their places in the log, in order.
    """
    held, size, last = list[bytes](), 0, before
    for seq, raw in items:
        if held and size + len(raw) > SERVER_MOST_BYTES - ENVELOPE_BYTES:
            yield _news(max(before, min(last, seq - 1)), held)  # two items may have one place: the second is in the next frame
            held, size = [], 0
        held.append(raw)
        size += len(raw) + 1
        last = max(last, seq)
    yield _news(upto, held)


def _news(upto: int, held: list[bytes]) -> bytes:
    return b'{"upto":%d,"news":[%s]}' % (upto, b",".join(held))


class Close(IntEnum):
    """Why a socket is closed. From 4500 on a browser does not come back by itself."""

    BINARY = 1003
    NOT_UTF8 = 1007
    TOO_LARGE = 1009
    SLOW = 4000  # it did not read for 15 s
    DRAIN = 4001  # the server stops
    STALE = 4002  # it no longer answers
    SIGNED_OUT = 4500
    REMOVED = 4501
    BROKEN = 4502  # three messages that were none, or a flood
