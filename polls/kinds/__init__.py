"""Kinds of question: one way to check an answer, and one way to count.

Live polls, evaluations and surveys share them. A new kind is one entry in `KINDS`, one template and one test file.
"""

from __future__ import annotations

from typing import Any

from polls.kinds.backed import Backing
from polls.kinds.chosen import RIGHT, Choice, Quiz, YesNo
from polls.kinds.judged import Matrix, Scale, Statements, ends_of, placed
from polls.kinds.kind import DONT_KNOW, STEPS, Columns, Given, Kind, whole
from polls.kinds.measured import Number, Points, Ranking, first_place, top
from polls.kinds.question import Answer, Axes, Axis, Option, Question
from polls.kinds.written import Ideas, Text, Words, same_word

__all__ = [
    "DONT_KNOW", "KINDS", "RIGHT", "STEPS", "Answer", "Axes", "Axis", "Columns", "Given", "Kind", "Option", "Question", "checked",
    "ends_of", "first_place", "is_known", "kind_of", "placed", "same_word", "top", "whole",
]  # fmt: skip

KINDS: dict[str, Kind] = {
    "choice": Choice(),
    "yesno": YesNo(),
    "scale": Scale(),
    "ranking": Ranking(),
    "points": Points(),
    "words": Words(),
    "text": Text(),
    "number": Number(),
    "matrix": Matrix(),
    "quiz": Quiz(),
    "ideas": Ideas(),
    "backing": Backing(),
}
STATEMENTS = Statements()


def kind_of(question: Question) -> Kind:
    """How its answers are checked and counted.

    Raises:
        KeyError: it cannot be asked: see `is_known`.
    """
    return STATEMENTS if question.kind == "scale" and question.statements else KINDS[question.kind]


def is_known(question: Question) -> bool:
    """Whether it can be asked by this version: a kit may hold kinds that come later, or a question that lacks what its kind needs."""
    return question.kind in KINDS and kind_of(question).fits(question)


def checked(question: Question, answer: Any) -> Answer:
    """The answer in its one right form.

    Raises:
        Refused: the answer does not fit the question.
    """
    return kind_of(question).check(question, answer)
