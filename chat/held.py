"""What a message is held for: links, words of a list, or because all are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from chat.tables import Room
from conference.held_words import has_word, plain

WORD_LONGEST: Final = 40  # characters
WORDS_MOST: Final = 300
OURS: Final = (
    *("dra åt helvete", "fan", "fitta*", "hora", "horor", "horunge", "håll käften", "idiot*", "jävla", "jävlar", "knull*", "kuk*"),
    *("neger", "nigger", "sug min", "svartskalle*"),
)
"""The list of a day that has made none of its own: insults that are seldom meant well. A star stands for any ending."""

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


def tidied(words: Iterable[str]) -> list[str]:
    """A list as somebody wrote it: small letters, each word once, in the order of the alphabet; empty lines fall away."""
    return sorted({" ".join(word.casefold().split()) for word in words} - {""})
