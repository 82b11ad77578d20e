"""How a moderator sorts what people wrote: spellings that count as one word, and words that wait or are taken away.

Sorting is a rule on the cells of a tally. Ballots are never touched, so it can be undone and counted again. A merged word counts the
answers that hold any of its spellings: somebody who wrote two of them counts once, which the cells alone do not tell. So the tally keeps
the merged counts beside its cells (`Tally.merged`), and an auditor makes both from the ballots.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

import msgspec

from conference.core.errors import Refused, _
from conference.held_words import has_word
from polls.kinds import Question, kind_of, same_word

WORD_MOST = 30  # characters, as of an answer
THEME_MOST = 200  # characters; of ideas a theme is an idea, in a sentence
MERGED_MOST = 500  # spellings of a poll that count as others
JUDGED_MOST = 1_000  # words of a poll that were held, let through or taken away one by one

Standing: TypeAlias = Literal["through", "held", "removed"]
Why: TypeAlias = Literal["held", "removed", "stop"]
STOP_LANGUAGES: Final = ("sv", "en")
STANDINGS: Final[tuple[Standing, ...]] = ("through", "held", "removed")
Merging: TypeAlias = Mapping[str, str]
"""A cell, and the one it counts as; each that others count as stands here too, as itself."""


class Sorting(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the words of one poll are sorted.

    Attributes:
        into: see `Merging`.
        judged: words, and what a moderator said of each.
        held: words that the day holds until they are let through.
    """

    into: dict[str, str] = {}
    judged: dict[str, Standing] = {}
    held: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> Sorting:
        """From the JSON it is stored as."""
        return _read(text)

    def written(self) -> str:
        """The JSON it is stored as."""
        return msgspec.json.encode(self).decode()

    def hides(self, question: Question, cell: str) -> Why | None:
        """Why a word is in no result; ``None`` when it may be."""
        said = self.judged.get(cell)
        if said in ("held", "removed"):
            return said
        if said == "through" or not kind_of(question).counts_words:
            return None
        if holds(self.held, cell):
            return "held"
        return "stop" if _means_nothing(cell, question.stop_words) else None

    def sorted(self, question: Question, counts: Mapping[str, int], merged: Mapping[str, int]) -> dict[str, int]:
        """The counts as they may come into a result: spellings as one, without what waits or was taken away."""
        all_ = {**dict.fromkeys(kind_of(question).cells(question), 0), **counts}
        cells = {**{cell: count for cell, count in all_.items() if self.into.get(cell, cell) == cell}, **merged}
        return {cell: count for cell, count in cells.items() if self.hides(question, cell) is None}

    def spellings(self, into: str) -> tuple[str, ...]:
        """What counts as *into*, itself first."""
        return (into, *sorted(cell for cell, other in self.into.items() if other == into and cell != into))


@lru_cache(maxsize=256)  # read at every picture
def _read(text: str) -> Sorting:
    return msgspec.json.decode(text, type=Sorting)


UNSORTED: Final = Sorting()


def merged_cells(merging: Merging, cells: Collection[str]) -> set[str]:
    """What an answer that holds *cells* counts as besides them."""
    return {merging[cell] for cell in cells if cell in merging} if merging else set()


def holds(held: Collection[str], text: str) -> bool:
    """Whether a text has one of the held words in it, as the chat looks for its own; or is one, also where that is no word but a sign."""
    return same_word(text) in held or has_word(held, text)


def merge(question: Question, sorting: Sorting, cells: Collection[str], into: str) -> Sorting:
    """Let *cells* count as *into*; what counted as one of them follows.

    Raises:
        Refused: ``text.empty``, ``text.too_long``, ``word.alone``, ``word.no_such`` or ``word.too_many``.
    """
    known = {_cell(question, cell) for cell in cells} - {""}
    target = _cell(question, into)
    if not target:
        raise Refused("text.empty", _("Skriv vad orden ska räknas som."))
    target = sorting.into.get(target, target)
    if not known - {target}:
        raise Refused("word.alone", _("Välj minst ett ord till som ska räknas som det."))
    followers = {cell for cell, other in sorting.into.items() if other in known}
    into_now = {**sorting.into, **dict.fromkeys((target, *known, *followers), target)}
    if len(into_now) > MERGED_MOST:
        raise Refused("word.too_many", _("Fler än så går inte att slå ihop i en omröstning."))
    return msgspec.structs.replace(sorting, into=into_now)


def judge(question: Question, sorting: Sorting, cells: Collection[str], said: Standing) -> Sorting:
    """Hold words, let them through or take them away.

    Raises:
        Refused: ``text.empty``, ``text.too_long``, ``word.no_such`` or ``word.too_many``.
    """
    judged = {**sorting.judged, **dict.fromkeys(_some(question, cells), said)}
    if len(judged) > JUDGED_MOST:
        raise Refused("word.too_many", _("Fler än så går inte att sortera i en omröstning."))
    return msgspec.structs.replace(sorting, judged=judged)


def undo(question: Question, sorting: Sorting, cells: Collection[str]) -> Sorting:
    """Take back what was said of *cells*: each is a word of its own again; so are all spellings of one that others count as.

    Raises:
        Refused: ``text.empty``, ``text.too_long`` or ``word.no_such``.
    """
    some = _some(question, cells)
    left = {cell: other for cell, other in sorting.into.items() if cell not in some and other not in some}
    lonely = {other for other in left.values() if list(left.values()).count(other) == 1}
    into = {cell: other for cell, other in left.items() if other not in lonely}
    return msgspec.structs.replace(sorting, into=into, judged={cell: said for cell, said in sorting.judged.items() if cell not in some})


def a_theme(name: str) -> str:
    """The name of a theme in its one form.

    Raises:
        Refused: ``text.empty`` or ``text.too_long``.
    """
    theme = " ".join(name.split())
    if not theme:
        raise Refused("text.empty", _("Skriv vad temat heter."))
    if len(theme) > THEME_MOST:
        raise Refused("text.too_long", _("Högst %(most)d tecken."), most=THEME_MOST)
    return theme


def _some(question: Question, cells: Collection[str]) -> set[str]:
    some = {_cell(question, cell) for cell in cells} - {""}
    if not some:
        raise Refused("text.empty", _("Välj minst ett ord först."))
    return some


def _cell(question: Question, text: str) -> str:
    """The cell that a text names: a word in its one form, or an option by its id."""
    if not kind_of(question).counts_words:
        if text and text not in kind_of(question).cells(question):
            raise Refused("word.no_such", _("Det finns inte bland svaren."))
        return text
    word = same_word(text)
    if len(word) > WORD_MOST:
        raise Refused("text.too_long", _("Ett ord får ha högst %(most)d tecken."), most=WORD_MOST)
    return word


def _means_nothing(cell: str, languages: tuple[str, ...]) -> bool:
    """Whether all of it is words that only bind others together."""
    return bool(languages) and all(any(word in _stop_words(language) for language in languages) for word in cell.split())


@cache
def _stop_words(language: str) -> frozenset[str]:
    """The list of a language; of one that there is none of, nothing."""
    path = Path(__file__).parent / "stop_words" / f"{language}.txt"
    return frozenset(path.read_text(encoding="utf-8").split()) if language in STOP_LANGUAGES else frozenset()
