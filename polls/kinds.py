"""Kinds of question: one way to check an answer, and one way to count.

Live polls, evaluations and surveys share them. A new kind is one entry in `KINDS`, one template and one test file.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias

import msgspec

from conference.core.errors import Refused, _

Answer: TypeAlias = Any
"""A checked answer, as in the protocol: plain JSON whose shape depends on the kind."""

WORD_MOST = 30  # characters; "kommunikationssvårigheter" has 25
TEXT_MOST = 1_000  # characters
STEPS = range(2, 11)  # fewer is a yes or no, more is a number
DONT_KNOW = "dont_know"  # the cell in which a scale counts those who chose "Vet ej"


class Option(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of the answers to choose from, or one of the statements to judge."""

    id: str
    text: str
    text_en: str | None = None


class Question(msgspec.Struct, frozen=True, omit_defaults=True):
    """A question, in the version in which it is asked.

    Attributes:
        id: lasting over days and years; ``version`` rises when the wording changes.
        most: how many options or words one may give.
        exclusive: options that cannot be combined with others.
        steps: of a scale, from 1; ``labels`` names them all or the two ends.
        dont_know: the label of the way out of a scale; without one there is none.
        longest: characters of a text or a word.
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
    goals: tuple[str, ...] = ()


class Kind(Protocol):
    """How answers of one kind are checked and counted."""

    def check(self, question: Question, answer: Any) -> Answer:
        """The answer in its one right form.

        Raises:
            Refused: ``answer.empty``, ``answer.wrong``, ``answer.too_many`` or ``text.too_long``.
        """

    def weigh(self, question: Question, answer: Answer) -> Mapping[str, int]:
        """Which cells of the tally the answer counts in, and how much in each. The sum over all answers is the count."""

    def cells(self, question: Question) -> tuple[str, ...]:
        """The cells that are shown even when nobody chose them, in their order."""


class Choice:
    """One of the options, or several up to ``most``: a list of option ids."""

    def check(self, question: Question, answer: Any) -> Answer:
        """Each option at most once, all of them of this question."""
        chosen = _a_list(answer)
        known = {option.id for option in question.options}
        if any(not isinstance(one, str) or one not in known for one in chosen) or len(set(chosen)) < len(chosen):
            raise _wrong()
        if len(chosen) > question.most:
            raise Refused("answer.too_many", _("Välj högst %(most)d."), most=question.most)
        if len(chosen) > 1 and set(chosen) & set(question.exclusive):
            raise _wrong()
        return [option.id for option in question.options if option.id in chosen]

    def weigh(self, question: Question, answer: Answer) -> Mapping[str, int]:
        """One in each chosen option."""
        return dict.fromkeys(answer, 1)

    def cells(self, question: Question) -> tuple[str, ...]:
        """All options."""
        return tuple(option.id for option in question.options)


class YesNo:
    """``yes``, ``no`` or, where it is offered, ``abstain``."""

    def check(self, question: Question, answer: Any) -> Answer:
        """One of the words offered."""
        if answer in ("", None):
            raise _empty()
        if not isinstance(answer, str) or answer not in self.cells(question):
            raise _wrong()
        return answer

    def weigh(self, question: Question, answer: Answer) -> Mapping[str, int]:
        """One in its word."""
        return {answer: 1}

    def cells(self, question: Question) -> tuple[str, ...]:
        """The words offered."""
        return tuple(option.id for option in question.options)


class Scale:
    """A step from 1 to ``steps``; ``null`` for "Vet ej" where it is offered."""

    def check(self, question: Question, answer: Any) -> Answer:
        """A whole number on the scale."""
        if answer is None and question.dont_know:
            return None
        if answer in ("", None):
            raise _empty()
        if type(answer) is not int or not 1 <= answer <= question.steps:  # True is an int to isinstance
            raise _wrong()
        return answer

    def weigh(self, question: Question, answer: Answer) -> Mapping[str, int]:
        """One in its step."""
        return {DONT_KNOW if answer is None else str(answer): 1}

    def cells(self, question: Question) -> tuple[str, ...]:
        """All steps, and the way out."""
        steps = tuple(str(step) for step in range(1, question.steps + 1))
        return (*steps, DONT_KNOW) if question.dont_know else steps


class Words:
    """A few words, each counted by itself whatever its capitals: a list of texts."""

    def check(self, question: Question, answer: Any) -> Answer:
        """Words as they were written, without the space around them."""
        given = [" ".join(word.split()) if isinstance(word, str) else None for word in _a_list(answer)]
        words = [word for word in given if word]
        if None in given or len({_same(word) for word in words}) < len(words):
            raise _wrong()
        if not words:
            raise _empty()
        if len(words) > question.most:
            raise Refused("answer.too_many", _("Skriv högst %(most)d ord."), most=question.most)
        longest = min(question.longest or WORD_MOST, WORD_MOST)
        if any(len(word) > longest for word in words):
            raise Refused("text.too_long", _("Ett ord får ha högst %(most)d tecken."), most=longest)
        return words

    def weigh(self, question: Question, answer: Answer) -> Mapping[str, int]:
        """One in each word."""
        return {_same(word): 1 for word in answer}

    def cells(self, question: Question) -> tuple[str, ...]:
        """None: the words are those of the answers."""
        return ()


class Text:
    """An answer in one's own words. Counted, never cut to a top list; the texts stay in the ballots."""

    def check(self, question: Question, answer: Any) -> Answer:
        """The text without the space around it."""
        if not isinstance(answer, str):
            raise _empty() if answer in (None, []) else _wrong()
        text = answer.strip()
        if not text:
            raise _empty()
        longest = min(question.longest or TEXT_MOST, TEXT_MOST)
        if len(text) > longest:
            raise Refused("text.too_long", _("Texten får ha högst %(most)d tecken."), most=longest)
        return text

    def weigh(self, question: Question, answer: Answer) -> Mapping[str, int]:
        """In no cell."""
        return {}

    def cells(self, question: Question) -> tuple[str, ...]:
        """None."""
        return ()


KINDS: dict[str, Kind] = {"choice": Choice(), "yesno": YesNo(), "scale": Scale(), "words": Words(), "text": Text()}


def is_known(question: Question) -> bool:
    """Whether it can be asked by this version: a kit may hold kinds that come later."""
    return question.kind in KINDS and not question.statements


def checked(question: Question, answer: Any) -> Answer:
    """The answer in its one right form.

    Raises:
        Refused: the answer does not fit the question.
    """
    return KINDS[question.kind].check(question, answer)


def _a_list(answer: Any) -> list[Any]:
    if answer in (None, "", []):
        raise _empty()
    if not isinstance(answer, list):
        raise _wrong()
    return answer


def _same(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold()


def _empty() -> Refused:
    return Refused("answer.empty", _("Välj eller skriv ett svar först."))


def _wrong() -> Refused:
    return Refused("answer.wrong", _("Svaret passar inte till frågan. Ladda om sidan och försök igen."))
