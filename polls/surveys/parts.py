"""What a survey is made of: its questions with their sections, follow-ups and consents. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from polls.kinds import DONT_KNOW, KINDS, Option, Question

FOLLOWED: Final = frozenset({"choice", "quiz", "yesno", "scale"})  # kinds of which one answer, or each of several, is a word or a step
WRITTEN: Final = frozenset(name for name, kind in KINDS.items() if kind.written)  # whoever writes says whether it may be quoted


class Hint(msgspec.Struct, frozen=True, omit_defaults=True, rename={"as_": "as"}):
    """What the report makes of a question.

    Attributes:
        as_: ``top2``: the share of the two highest steps; ``share``: of one option.
        text, text_en: what the two highest steps mean together.
    """

    as_: Literal["top2", "share"]
    text: str = ""
    option: str | None = None
    text_en: str | None = None


class Section(msgspec.Struct, frozen=True, omit_defaults=True):
    """The heading that a survey's section begins with."""

    title: str
    title_en: str | None = None
    help: str = ""
    help_en: str | None = None


class After(msgspec.Struct, frozen=True, omit_defaults=True):
    """On which answers to an earlier question a follow-up is asked: ids of options, steps as text, or ``dont_know``."""

    question: str
    answers: tuple[str, ...]


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """A question in a survey.

    Attributes:
        consent: asked beside a text, to be ticked by who lets it be quoted; answered with ``true`` under its own id.
        section: the heading that stands before it, where a section begins.
        after: of a follow-up; other questions are asked of everybody.
        required: whether a form is sent without it; a follow-up only by whom it is asked of.
        locked: whether it belongs to the whole country, so that its words are not an organizer's to change.
        fresh: whether its words were written for this survey: until it has been asked, a change of them makes no new version.
    """

    question: Question
    report: Hint | None = None
    consent: Option | None = None
    section: Section | None = None
    after: After | None = None
    required: bool = False
    locked: bool = False
    fresh: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """What one can fill in: the answer, and the consent to quote it."""
        return (self.question.id, self.consent.id) if self.consent else (self.question.id,)


def is_asked(part: Part, answers: Mapping[str, Any]) -> bool:
    """Whether a question is asked of somebody who has given these answers: a follow-up only on the answers that it follows."""
    if part.after is None:
        return True
    if part.after.question not in answers:
        return False
    answer = answers[part.after.question]
    given = answer if isinstance(answer, list) else [DONT_KNOW if answer is None else answer]
    return not {str(one) for one in given}.isdisjoint(part.after.answers)


def of_what_is_asked(parts: Sequence[Part], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers in the order of the questions. One to a follow-up that is not asked any more goes: its base is who was asked."""
    kept: dict[str, Any] = {}
    for part in parts:
        if is_asked(part, kept):
            kept |= {name: answers[name] for name in part.fields if name in answers}
    return kept


def consent_to_quote(question: Question) -> Option | None:
    """What whoever answers in own words may tick; ``None`` of other kinds."""
    named = Option(f"{question.id}-citat", "Får citeras, utan namn", "May be quoted, without a name")
    return named if question.kind in WRITTEN else None


def followed_by(question: Question) -> tuple[str, ...]:
    """The answers to a question that a follow-up can be asked on, in their order; none of kinds that have no such answers."""
    if question.kind not in FOLLOWED or question.statements:
        return ()
    steps = tuple(str(step) for step in range(1, question.steps + 1))
    return (*(option.id for option in question.options), *steps, *((DONT_KNOW,) if question.dont_know else ()))


def follows_what_is_asked(parts: Sequence[Part]) -> bool:
    """Whether every follow-up follows answers that an earlier question can get."""
    answers: dict[str, set[str]] = {}
    for part in parts:
        if part.after and not set(part.after.answers) <= answers.get(part.after.question, set()):
            return False
        answers[part.question.id] = set(followed_by(part.question))
    return True
