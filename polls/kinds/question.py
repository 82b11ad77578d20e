"""A question, in the version in which it is asked."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

Answer: TypeAlias = Any
"""A checked answer, as in the protocol: plain JSON whose shape depends on the kind."""


class Option(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of the answers to choose from, or one of the statements to judge."""

    id: str
    text: str
    text_en: str | None = None


class Axis(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one side of a matrix measures, and what its two ends are called."""

    title: str
    low: str = ""
    high: str = ""
    title_en: str | None = None
    low_en: str | None = None
    high_en: str | None = None


class Axes(msgspec.Struct, frozen=True, omit_defaults=True):
    """The sides of a matrix: ``x`` is effort, ``y`` is benefit."""

    x: Axis
    y: Axis


class Question(msgspec.Struct, frozen=True, omit_defaults=True):
    """A question, in the version in which it is asked.

    Attributes:
        id: lasting over days and years; ``version`` rises when the wording changes.
        most: how many options or words one may give.
        exclusive: options that cannot be combined with others.
        steps: of a scale or of each side of a matrix, from 1; ``labels`` names them all or the two ends.
        statements: what is judged on the scale, or placed in the matrix.
        dont_know: the label of the way out of a scale; without one there is none.
        ideas_each: how many ideas one may write.
        backs_each: how many of them one may back; 0 for as many as one likes.
        longest: characters of a text or a word.
        stop_words: languages whose words that only bind others together are no answer: ``sv``, ``en``.
        rank_at_least: how many options a ranking must put in order.
        low, high, step: which numbers one may give.
        right: options that together are the right answer of a quiz; like ``explanation``, shown after the close.
    """

    id: str
    kind: str
    title: str
    version: int = 1
    title_en: str | None = None
    help: str = ""
    options: tuple[Option, ...] = ()
    most: int = 1
    exclusive: tuple[str, ...] = ()
    steps: int = 0
    labels: tuple[str, ...] = ()
    labels_en: tuple[str, ...] = ()
    statements: tuple[Option, ...] = ()
    dont_know: str | None = None
    dont_know_en: str | None = None
    longest: int = 0
    ideas_each: int = 1
    backs_each: int = 0
    stop_words: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    rank_at_least: int = 1
    low: int | float | None = None
    high: int | float | None = None
    step: int | float = 1
    unit: str = ""
    unit_en: str | None = None
    axes: Axes | None = None
    right: tuple[str, ...] = ()
    explanation: str = ""
    explanation_en: str | None = None
