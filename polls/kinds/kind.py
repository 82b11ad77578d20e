"""What a kind of question must know: to check an answer, to count it, and what of the count may be seen."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, TypeAlias

from conference.core.errors import Refused, _
from polls.kinds.question import Answer, Option, Question

STEPS = range(2, 11)  # fewer is a yes or no, more is a number
DONT_KNOW = "dont_know"  # the cell in which a scale counts those who chose "Vet ej"

Given: TypeAlias = Mapping[str, Sequence[str]]
"""The fields of a form for one question: under "" its own, under the name of a part, such as a statement, that part's. None is blank."""


class Columns(NamedTuple):
    """A table of a split: every answer holds at least one of its cells and at most ``most``, or none when it left that part out."""

    cells: tuple[str, ...]
    most: int = 1


class Kind(ABC):
    """How answers of one kind are checked and counted.

    Attributes:
        written: whether answers are people's own words, which stay in the ballots and are read after the close.
        counts_words: whether its cells are what people wrote.
        merges: whether a moderator may let some of its cells count as one.
    """

    written: ClassVar[bool] = False
    counts_words: ClassVar[bool] = False
    merges: ClassVar[bool] = False

    @abstractmethod
    def check(self, question: Question, answer: Any) -> Answer:
        """The answer in its one right form.

        Raises:
            Refused: ``answer.empty``, ``answer.wrong``, ``answer.too_many`` or ``text.too_long``.
        """

    @abstractmethod
    def weigh(self, question: Question, answer: Answer) -> Mapping[str, int]:
        """Which cells of the tally the answer counts in, and how much in each. The sum over all answers is the count."""

    def fits(self, question: Question) -> bool:
        """Whether the question has what its kind needs to be asked."""
        return True

    def cells(self, question: Question) -> tuple[str, ...]:
        """The cells that are shown even when nobody chose them, in their order."""
        return ()

    def seen(self, question: Question, counts: Mapping[str, int], *, closed: bool) -> dict[str, int]:
        """What of the counts of the whole may be seen."""
        return {cell: counts.get(cell, 0) for cell in self.cells(question)}

    def derived(self, question: Question, n: int, counts: Mapping[str, int], *, closed: bool) -> dict[str, Any]:
        """What follows from the counts: means, the median, an order. Made here alone, and shown the same everywhere."""
        return {}

    def columns(self, question: Question) -> tuple[Columns, ...]:
        """The tables that a split by group shows, of the cells that `seen` gives; none where it only says how many answered."""
        cells = self.cells(question)
        return (Columns(cells),) if cells else ()

    def read(self, given: Given) -> Any:
        """What a form without scripts says, in the shape that `check` takes; something empty when it says nothing."""
        return first(given)


def first(given: Given, part: str = "") -> str:
    """The one value of a field, or an empty text."""
    values = given.get(part) or ("",)
    return values[0].strip()


def whole(text: str) -> int | str:
    """A whole number of a form's field; anything else stays a text, which no question of numbers takes."""
    digits = text.removeprefix("-")
    return int(text) if digits.isdecimal() and len(digits) < 16 else text


def a_list(answer: Any) -> list[Any]:
    """The answer, when it is a list with something in it."""
    if answer in (None, "", []):
        raise empty()
    if not isinstance(answer, list):
        raise wrong()
    return answer


def an_object(answer: Any, options: Sequence[Option]) -> dict[str, Any]:
    """The answer, when it says something of some of *options* and of nothing else; in their order."""
    if answer in (None, "", [], {}):
        raise empty()
    if not isinstance(answer, dict) or not answer.keys() <= (known := {option.id for option in options}):
        raise wrong()
    return {option.id: answer[option.id] for option in options if option.id in known & answer.keys()}


def is_whole(value: Any, low: int, high: int) -> bool:
    """Whether it is a whole number between two others; ``True`` is an int to Python, and none to people."""
    return type(value) is int and low <= value <= high


def can_be_cells(options: Sequence[Option], least: int = 1) -> bool:
    """Whether there are enough of them, and each can be told from the others also where it is one part of a cell's name."""
    ids = [option.id for option in options]
    return len(ids) >= least and len(set(ids)) == len(ids) and not any(":" in one for one in ids)


def tidy(value: float, decimals: int = 1) -> int | float:
    """A figure that follows from counts, as precise as it is worth; whole ones without a point."""
    rounded = round(value, decimals)
    return int(rounded) if rounded == int(rounded) else rounded


def empty() -> Refused:
    """No answer at all: withdrawing is a wish of its own."""
    return Refused("answer.empty", _("Välj eller skriv ett svar först."))


def wrong() -> Refused:
    """An answer that no form of ours sends."""
    return Refused("answer.wrong", _("Svaret passar inte till frågan. Ladda om sidan och försök igen."))
