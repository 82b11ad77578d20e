"""What a message is held for: links, words of a list, or because all are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from chat.tables import Room
from conference.held_words import has_word, plain

LINK: Final = re.compile(r"https?:|www\.|\b[\w-]+\.(?:com|net|org|info|io|se|nu|no|dk|fi|eu|ru|xyz|link|me|ly|co|gg|tv)\b", re.IGNORECASE)


def why_held(room: Room | None, words: Sequence[str], text: str) -> str | None:
    """``all``, ``link`` or ``word``; ``None`` when it goes straight through."""
    if room is None:
        return None
    if room.hold:
        return "all"
    if room.hold_links and LINK.search(plain(text)):
        return "link"
    if room.hold_words and has_word(words, text):
        return "word"
    return None
