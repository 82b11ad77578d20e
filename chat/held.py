"""What a message is held for: links, words of a list, or because all are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from chat.tables import Room

WORD_LONGEST: Final = 40  # characters
WORDS_MOST: Final = 300
OURS: Final = (
    *("dra åt helvete", "fan", "fitta*", "hora", "horor", "horunge", "håll käften", "idiot*", "jävla", "jävlar", "knull*", "kuk*"),
    *("neger", "nigger", "sug min", "svartskalle*"),
)
"""The list of a day that has made none of its own: insults that are seldom meant well. A star stands for any ending."""

LINK: Final = re.compile(r"https?:|www\.|\b[\w-]+\.(?:com|net|org|info|io|se|nu|no|dk|fi|eu|ru|xyz|link|me|ly|co|gg|tv)\b", re.IGNORECASE)
TOKEN: Final = re.compile(r"[^\W_]+")
UNSEEN: Final = {"Cf", "Mn", "Me"}  # what joins, turns or decorates letters and is hardly seen


def why_held(room: Room | None, words: Sequence[str], text: str) -> str | None:
    """``all``, ``link`` or ``word``; ``None`` when it goes straight through."""
    if room is None:
        return None
    if room.hold:
        return "all"
    if room.hold_links and LINK.search(_plain(text)):
        return "link"
    if room.hold_words and _holds(words, text):
        return "word"
    return None


def tidied(words: Iterable[str]) -> list[str]:
    """A list as somebody wrote it: small letters, each word once, in the order of the alphabet; empty lines fall away."""
    return sorted({" ".join(word.casefold().split()) for word in words} - {""})


def _holds(words: Sequence[str], text: str) -> bool:
    said = _tokens(text)
    return any(_is_in(word, said) for word in words)


def _is_in(word: str, said: Sequence[str]) -> bool:
    """Whether the words of one entry stand beside each other; the last one with any ending when a star stands for it."""
    wanted = _tokens(word)
    if not wanted:
        return False
    *first, last = wanted
    open_ended, size = word.rstrip().endswith("*"), len(wanted)
    for place in range(len(said) - size + 1):
        *before, end = said[place : place + size]
        if before == first and (end.startswith(last) if open_ended else end == last):
            return True
    return False


def _tokens(text: str) -> list[str]:
    return TOKEN.findall(_plain(text).casefold())


def _plain(text: str) -> str:
    """As it reads: compatibility forms as plain letters, å ä ö as one letter each, nothing between the letters that is not seen."""
    return "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) not in UNSEEN)
