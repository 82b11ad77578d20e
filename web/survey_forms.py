"""Forms without scripts in which an organizer writes a survey, and the questions of it, as the editor reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from conference.core.errors import Refused, _
from polls.kinds import Axes, Axis, Option, Question
from polls.rules import yes_no_options
from polls.surveys.drafting import About, Written
from polls.surveys.parts import After, Section

LINES_MOST: Final = 30  # of a field with a line for each answer; more than a question may have
TEXT_MOST: Final = 4000  # characters of a field that are read at all
LONGEST: Final = 1000  # characters of an answer in own words


class Fields:
    """What a form sent."""

    def __init__(self, sent: Mapping[str, Sequence[str]]) -> None:
        self._sent = sent

    def one(self, name: str) -> str:
        """The last value of a field, tidied; nothing when it was not sent."""
        return (self._sent.get(name) or [""])[-1][:TEXT_MOST].strip()

    def many(self, name: str) -> list[str]:
        """Every value of a field."""
        return list(self._sent.get(name, ()))[:100]

    def lines(self, name: str) -> list[str]:
        """A field with a line for each; empty lines are none."""
        return [line.strip() for line in self.one(name).splitlines() if line.strip()][:LINES_MOST]

    def whole(self, name: str, otherwise: int = 0) -> int:
        """A whole number of at most four digits. Refused: ``number.wrong``."""
        text = self.one(name)
        if not text:
            return otherwise
        if not (text.isascii() and text.isdigit() and len(text) <= 4):
            raise _no_number()
        return int(text)

    def number(self, name: str, otherwise: int | None = None) -> int | float | None:
        """A number, with a comma or a point. Refused: ``number.wrong``."""
        text = self.one(name).replace(",", ".").replace("\N{MINUS SIGN}", "-")
        if not text:
            return otherwise
        digits = text.removeprefix("-").replace(".", "", 1)
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
            raise _no_number()
        return float(text) if "." in text else int(text)


def about_in(fields: Fields) -> About:
    """A survey's title, introduction and audience. Refused: ``number.wrong``."""
    texts = {name: fields.one(name) for name in ("title", "title_en", "intro", "intro_en", "audience")}
    return About(**texts, group_answer=bool(fields.one("group_answer")), months=fields.whole("months") or None)


def written_in(fields: Fields, kind: str, before: Question | None) -> Written:
    """A question with its place in the survey.

    Args:
        before: as it stands, when it is changed: answers that are still there keep their ids.

    Raises:
        Refused: ``number.wrong``, ``question.followed``.
    """
    question = before or Question("", kind, "")
    texts = {"title": fields.one("title"), "title_en": fields.one("title_en") or None, "help": fields.one("help")}
    question = replace(question, **texts, **_OF_KIND.get(kind, _nothing)(fields, question))
    title = fields.one("section")
    english = {name: fields.one(f"section_{name}") or None for name in ("title_en", "help_en")}
    section = Section(title, help=fields.one("section_help"), **english) if title else None
    return Written(question, section, _after(fields), required=bool(fields.one("required")))


def _after(fields: Fields) -> After | None:
    """The answers that it follows, each ``question/answer``; they must be of one question."""
    chosen = [one.partition("/") for one in fields.many("after") if one]
    leads = {lead for lead, _slash, _answer in chosen}
    if len(leads) > 1:
        raise Refused("question.followed", _("En följdfråga följer svar på en enda fråga."))
    return After(leads.pop(), tuple(answer for _lead, _slash, answer in chosen)) if leads else None


def _options(fields: Fields, name: str, had: tuple[Option, ...]) -> tuple[Option, ...]:
    """A line for each, and beside them the English ones in the same order. One that is still there keeps its id."""
    english = [line.strip() for line in fields.one(f"{name}_en").splitlines()]
    lines = fields.lines(name)
    ids = {option.text: option.id for option in had}
    free = [option.id for option in had if option.text not in lines]
    taken = {ids[line] for line in lines if line in ids}
    found: list[Option] = []
    for place, line in enumerate(lines):
        same = ids.pop(line, None) or (free.pop(0) if free and len(lines) == len(had) else None)
        name_ = same or next(one for number in range(1, 100) if (one := f"s{number}") not in taken and one not in free)
        taken.add(name_)
        found.append(Option(name_, line, english[place] if place < len(english) and english[place] else None))
    return tuple(found)


def _nothing(fields: Fields, question: Question) -> dict[str, Any]:  # noqa: ARG001  (kinds without fields of their own)
    return {}


def _choice(fields: Fields, question: Question) -> dict[str, Any]:
    options = _options(fields, "options", question.options)
    exclusive = tuple(one for one in question.exclusive if one in {option.id for option in options})
    return {"options": options, "most": fields.whole("most", 1), "exclusive": exclusive}


def _quiz(fields: Fields, question: Question) -> dict[str, Any]:
    options = _options(fields, "options", question.options)
    right = {line.casefold() for line in fields.lines("right")}
    chosen = tuple(option.id for option in options if option.text.casefold() in right)
    said = {"explanation": fields.one("explanation"), "explanation_en": fields.one("explanation_en") or None}
    return {"options": options, "right": chosen, "most": max(len(chosen), 1), **said}


def _yes_no(fields: Fields, question: Question) -> dict[str, Any]:
    """Yes and no as they are called there, and abstaining where that is wished."""
    three = question.options or yes_no_options()
    kept = tuple(option for option in three if option.id != "abstain")
    abstain = next((option for option in (*question.options, *yes_no_options()) if option.id == "abstain"), None)
    return {"options": (*kept, abstain) if fields.one("abstain") and abstain else kept}


def _scale(fields: Fields, question: Question) -> dict[str, Any]:
    away = {name: fields.one(name) or None for name in ("dont_know", "dont_know_en")}
    labels = {name: tuple(fields.lines(name)) for name in ("labels", "labels_en")}
    return {"steps": fields.whole("steps", 5), **labels, **away, "statements": _options(fields, "statements", question.statements)}


def _ranking(fields: Fields, question: Question) -> dict[str, Any]:
    return {"options": _options(fields, "options", question.options), "rank_at_least": fields.whole("rank_at_least", 1)}


def _points(fields: Fields, question: Question) -> dict[str, Any]:
    return {"options": _options(fields, "options", question.options)}


def _words(fields: Fields, question: Question) -> dict[str, Any]:  # noqa: ARG001  (as the others)
    return {"most": min(max(fields.whole("most", 3), 1), 5), "longest": 30, "stop_words": ("sv", "en")}


def _text(fields: Fields, question: Question) -> dict[str, Any]:  # noqa: ARG001  (as the others)
    return {"longest": min(max(fields.whole("longest", LONGEST), 1), LONGEST)}


def _ideas(fields: Fields, question: Question) -> dict[str, Any]:
    return {**_text(fields, question), "ideas_each": fields.whole("ideas_each", 1)}


def _number(fields: Fields, question: Question) -> dict[str, Any]:  # noqa: ARG001  (as the others)
    bounds = {"low": fields.number("low"), "high": fields.number("high"), "step": fields.number("step", 1)}
    return {**bounds, "unit": fields.one("unit"), "unit_en": fields.one("unit_en") or None}


def _matrix(fields: Fields, question: Question) -> dict[str, Any]:
    sides = {}
    for name in ("x", "y"):
        had = getattr(question.axes, name) if question.axes else Axis("")
        sides[name] = replace(had, title=fields.one(name), title_en=fields.one(f"{name}_en") or None)
    placed = _options(fields, "statements", question.statements or question.options)
    return {"steps": fields.whole("steps", 5), "axes": Axes(**sides), "statements": placed, "options": ()}


_OF_KIND: Final = {
    "choice": _choice, "quiz": _quiz, "yesno": _yes_no, "scale": _scale, "ranking": _ranking, "points": _points, "words": _words,
    "text": _text, "ideas": _ideas, "number": _number, "matrix": _matrix,
}  # fmt: skip


def _no_number() -> Refused:
    return Refused("number.wrong", _("Skriv talet med siffror."))
