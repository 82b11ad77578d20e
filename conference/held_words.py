"""Whether a text has a word of a list in it: one rule for the chat and for what is written in polls. Pure.

An entry may be several words that stand beside each other, and a star stands for any ending. Letters that only look otherwise, and what is
hardly seen between them, hide nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

TOKEN: Final = re.compile(r"[^\W_]+")
LISTS_MOST: Final = 5_000  # entries kept as words: the lists of a dozen days
UNSEEN: Final = {"Cf", "Mn", "Me"}  # what joins, turns or decorates letters and is hardly seen


def has_word(words: Iterable[str], text: str) -> bool:
    """Whether one of the *words* is in the text."""
    said = _tokens(text)
    return any(_is_in(word, said) for word in words)


def plain(text: str) -> str:
    """As it reads: compatibility forms as plain letters, å ä ö as one letter each, nothing between the letters that is not seen."""
    return "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) not in UNSEEN)


def _is_in(word: str, said: Sequence[str]) -> bool:
    """Whether the words of one entry stand beside each other; the last one with any ending when a star stands for it."""
    wanted = _entry(word)
    if not wanted:
        return False
    *first, last = wanted
    open_ended, size = word.rstrip().endswith("*"), len(wanted)
    for place in range(len(said) - size + 1):
        *before, end = said[place : place + size]
        if before == first and (end.startswith(last) if open_ended else end == last):
            return True
    return False


@lru_cache(maxsize=LISTS_MOST)
def _entry(word: str) -> tuple[str, ...]:
    """The words of an entry; a list is looked through for every text."""
    return tuple(_tokens(word))


def _tokens(text: str) -> list[str]:
    return TOKEN.findall(plain(text).casefold())
