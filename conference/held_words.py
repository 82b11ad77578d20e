"""The day's one list of words, and whether a text has one of them: the same for the chat, for questions and for polls. Pure.

An entry may be several words that stand beside each other, and a star stands for any ending. Letters that only look otherwise, and what is
hardly seen between them, hide nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from conference.core.errors import Refused, _
from conference.tables import HeldWords

WORD_LONGEST: Final = 40  # characters
WORDS_MOST: Final = 300
OURS: Final = (
    *("dra åt helvete", "fan", "fitta*", "hora", "horor", "horunge", "håll käften", "idiot*", "jävla", "jävlar", "knull*", "kuk*"),
    *("neger", "nigger", "sug min", "svartskalle*"),
)
"""The list of a day that has made none of its own: insults that are seldom meant well. A star stands for any ending."""

TOKEN: Final = re.compile(r"[^\W_]+")
LISTS_MOST: Final = 5_000  # entries kept as words: the lists of a dozen days
UNSEEN: Final = {"Cf", "Mn", "Me"}  # what joins, turns or decorates letters and is hardly seen


def words_of(row: HeldWords | None) -> list[str]:
    """The list of a day, from its row if it has one."""
    return list(row.words) if row else list(OURS)


def a_list(words: Iterable[str]) -> list[str]:
    """A list as somebody wrote it, in its one form: small letters, each word once, in the order of the alphabet; empty lines fall away.

    Raises:
        Refused: ``words.too_many`` or ``text.too_long``.
    """
    chosen = sorted({" ".join(word.casefold().split()) for word in words} - {""})
    if len(chosen) > WORDS_MOST:
        raise Refused("words.too_many", _("Listan får ha högst %(most)s ord."), most=WORDS_MOST)
    if any(len(word) > WORD_LONGEST for word in chosen):
        raise Refused("text.too_long", _("Ett ord på listan får ha högst %(most)s tecken."), most=WORD_LONGEST)
    return chosen


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
