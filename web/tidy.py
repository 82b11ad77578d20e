"""Text and values from outside, made harmless once, at the edge: the same on SQLite and PostgreSQL, on screens and in exports."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from conference.core.errors import Refused, _

DEPTH_MOST = 8  # the deepest wish of CONTRACT has four levels
NUMBER_MOST = 2**53  # what every JSON reader keeps exact; also well inside the 64 bits of the databases

# Controls but for the line feed, and what turns or hides text: directional overrides and isolates, zero-width space, word joiner, BOM.
# The zero-width joiner and the variation selectors stay: emoji are made of them.
_HARMFUL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85")


def text(raw: str) -> str:
    """*raw* in NFC, with plain line feeds, a space for each tab, and no characters that are invisible on purpose."""
    if raw.isascii() and raw.isprintable():
        return raw
    plain = _LINE_ENDS.sub("\n", raw).replace("\t", " ")
    return unicodedata.normalize("NFC", _HARMFUL.sub("", plain))


def value(raw: Any, depth: int = 0) -> Any:
    """A decoded JSON value with every text in it made harmless, keys too.

    Raises:
        Refused: ``wire.unreadable``: nested too deep, a number no database holds, or two keys that become one.
    """
    kind = type(raw)  # a decoder makes no others, and thousands of votes a second come by here
    if kind is str:
        return text(raw)
    if kind is dict:
        _not_too_deep(depth)
        tidy = {text(key): value(item, depth + 1) for key, item in raw.items()}
        if len(tidy) != len(raw):
            raise Refused("wire.unreadable", _("Meddelandet gick inte att läsa."))
        return tidy
    if kind is list:
        _not_too_deep(depth)
        return [value(item, depth + 1) for item in raw]
    return raw if kind is bool or raw is None else _number(raw)


def _not_too_deep(depth: int) -> None:
    if depth >= DEPTH_MOST:
        raise Refused("wire.unreadable", _("Meddelandet gick inte att läsa."))


def _number(raw: float) -> float:
    if abs(raw) > NUMBER_MOST:
        raise Refused("wire.unreadable", _("Talet är för stort."))
    return raw
