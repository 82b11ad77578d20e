"""What people write, in pieces: words, addresses that may be followed, and roles that are called.

The browser does the same (``static/js/talk-text.js``) and is held to the same vectors, so that a page reads alike with and without scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple
from urllib.parse import urlsplit

CALLED: Final = "moderatorn?|värdskapet|studion?|panelen|panel|textningen|host|captions"
PIECE: Final = re.compile(rf"(?P<link>https?://[^\s<>\"']+)|(?<![\w@])@(?:{CALLED})(?!\w)", re.IGNORECASE)
AFTER: Final = ".,;:!?)]}»”\N{RIGHT SINGLE QUOTATION MARK}"  # what stands after an address, and belongs to the sentence


class Piece(NamedTuple):
    """A part of a text.

    Attributes:
        kind: ``link`` goes somewhere; ``call`` is a role that is called; all else is ``words``.
    """

    kind: Literal["words", "link", "call"]
    text: str


def pieces(text: str) -> list[Piece]:
    """The text in pieces, which put together are the text again."""
    return [piece for piece in _cut(text) if piece.text]


def _cut(text: str) -> Iterator[Piece]:
    place = 0
    for found in PIECE.finditer(text):
        address = (found["link"] or "").rstrip(AFTER)
        if found["link"] and not _may_be_followed(address):
            continue
        end = found.start() + len(address) if address else found.end()
        yield Piece("words", text[place : found.start()])
        yield Piece("link" if address else "call", text[found.start() : end])
        place = end
    yield Piece("words", text[place:])


def _may_be_followed(address: str) -> bool:
    """Somewhere on the web, and not where something before an @ only looks like."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and "@" not in parts.netloc and "\\" not in address
    except ValueError:
        return False
