"""Writing a survey: what may be done to one that nobody has seen yet. Pure: a survey and a wish, to the survey after it, or no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from conference.core.errors import Refused, _
from polls import askable
from polls import rules as polls
from polls.bank import is_another
from polls.kinds import KINDS, Question, is_known
from polls.surveys import rules
from polls.surveys.parts import WRITTEN, After, Part, Section, consent_to_quote, follows_what_is_asked
from polls.surveys.plans import MONTHS_MOST, months_after
from polls.surveys.tables import Survey

QUESTIONS_MOST: Final = 60  # nobody answers more on a phone
SURVEYS_MOST: Final = 40  # of a day
TITLE_MOST: Final = 200  # characters
INTRO_MOST: Final = 1000
HELP_MOST: Final = 500
UNASKED: Final = frozenset({"backing"})  # its options are what was written to another poll
AUDIENCES: Final = ("participants", "per_item", "contributors", "organizers", "registered", "followers", "watchers")
"""Whom a survey can be made for: as `rules.FOR_WHOM`, and ``per_item``: participants, once after each item."""
WAYS: Final = {"up": -1, "down": 1}


@dataclass(frozen=True)
class About:
    """What a survey says of itself.

    Attributes:
        audience: one of `AUDIENCES`.
        months: of ``followers`` alone: how long after the day they are asked.
    """

    title: str
    audience: str
    title_en: str = ""
    intro: str = ""
    intro_en: str = ""
    group_answer: bool = False
    months: int | None = None


@dataclass(frozen=True)
class Written:
    """A question as an organizer wrote it, with its place in the survey; of a locked one only the place counts."""

    question: Question
    section: Section | None = None
    after: After | None = None
    required: bool = False


def make(day: str, survey: str, place: int, about: About, *, starts_at: datetime) -> Survey:
    """A survey without questions, which opens by hand.

    Args:
        starts_at: when the day begins: so many months after it followers are asked.

    Raises:
        Refused: ``text.empty``, ``text.too_long``, ``audience.unknown`` or ``months.out_of_range``.
    """
    empty: dict[str, Any] = {"title": "", "title_en": "", "intro": "", "questions": "[]", "for_whom": ""}
    made = Survey(day=day, survey=survey, place=place, known=False, group_answer=False, opens="hand", scope=rules.COUNTRY, **empty)
    return tell(made, about, starts_at=starts_at)


def tell(survey: Survey, about: About, *, starts_at: datetime) -> Survey:
    """With another title, introduction and audience. Refused: as `make`."""
    title, title_en, intro, intro_en = (text.strip() for text in (about.title, about.title_en, about.intro, about.intro_en))
    if not title:
        raise Refused("text.empty", _("Skriv vad enkäten heter."))
    for text, most in ((title, TITLE_MOST), (title_en, TITLE_MOST), (intro, INTRO_MOST), (intro_en, INTRO_MOST)):
        must_be_short(text, most)
    if about.audience not in AUDIENCES:
        raise Refused("audience.unknown", _("Välj vilka enkäten är till för."))
    told = {"title": title, "title_en": title_en or title, "intro": intro, "intro_en": intro_en or None, "group_answer": about.group_answer}
    return with_parts(survey.model_copy(update={**told, **_asking(survey, about, starts_at)}), rules.parts_of(survey))


def _asking(survey: Survey, about: About, starts_at: datetime) -> dict[str, Any]:
    """Whom it asks; how it opens is kept where that audience can be asked so."""
    if about.audience == "followers":
        if about.months is None or not 1 <= about.months <= MONTHS_MOST:
            raise Refused("months.out_of_range", _("Välj efter hur många månader, från 1 till %(most)s."), most=MONTHS_MOST)
        plan = {"opens": "date", "opens_at": months_after(starts_at, about.months), "closes_at": None}
        same = (survey.for_whom, survey.months) == ("followers", about.months)
        return {"for_whom": "followers", "item": None, "months": about.months, **({} if same else plan)}
    per_item = about.audience == "per_item"
    asked = {"for_whom": "participants" if per_item else about.audience, "item": "" if per_item else None, "months": None}
    same = (survey.for_whom, survey.item, survey.months) == tuple(asked.values())
    return asked if same or not survey.for_whom else {**asked, "opens": "hand", "opens_at": None, "closes_at": None}


def audience_of(survey: Survey) -> str:
    """The one of `AUDIENCES` that it is for."""
    return "per_item" if survey.item == "" else survey.for_whom


def must_be_draft(survey: Survey | None, *, asked: bool = False) -> Survey:
    """The survey, when its words are still free.

    Args:
        asked: whether it has been asked after an item: one that is asked once an item stands as a draft all day.

    Raises:
        Refused: ``survey.no_such`` or ``survey.frozen``.
    """
    if survey is None or survey.of:
        raise rules.no_such()
    if survey.state != "draft" or asked:
        raise Refused("survey.frozen", _("Enkäten har öppnat, så frågorna ligger fast. Ett stavfel kan rättas."))
    return survey


def with_parts(survey: Survey, parts: Sequence[Part]) -> Survey:
    """With these questions in this order.

    Raises:
        Refused: ``survey.too_long``, ``question.there`` for one that stands there twice, or ``question.followed``: a follow-up would come
            before what it follows, or to an answer that is gone.
    """
    if len(parts) > QUESTIONS_MOST:
        raise Refused("survey.too_long", _("Högst %(most)d frågor i en enkät."), most=QUESTIONS_MOST)
    fields = [field for part in parts for field in part.fields]
    if len(set(fields)) < len(fields):
        raise Refused("question.there", _("Frågan finns redan i enkäten."))
    if not follows_what_is_asked(parts):
        raise Refused("question.followed", _("En följdfråga måste stå efter frågan som den följer, och följa ett svar som finns där."))
    text = msgspec.json.encode(list(parts)).decode()
    known = rules.lacks_questions(survey, parts) is None and all(is_known(part.question) for part in parts)
    return survey.model_copy(update={"questions": text, "known": known})


def write(survey: Survey, name: str | None, written: Written, *, newest: int = 0) -> Survey:
    """With a question put last, or put in place of the one called *name*.

    Args:
        newest: the newest version that the bank has of that question, 0 for none. New words are a newer one.

    Raises:
        Refused: ``question.no_such``, ``text.empty``, ``text.too_long``, ``poll.wrong``, ``answer.…`` and as `with_parts`.
    """
    parts = list(rules.parts_of(survey))
    if name is None:
        return with_parts(survey, [*parts, _placed(Part(must_be_askable(written.question), fresh=True), written)])
    place = place_of(parts, name)
    before = parts[place]
    parts[place] = _placed(before if before.locked else _rewritten(before, must_be_askable(written.question), newest), written)
    return with_parts(survey, parts)


def _placed(part: Part, written: Written) -> Part:
    if written.section is not None:
        for text in (written.section.title, written.section.title_en or ""):
            must_be_short(text, TITLE_MOST)
        must_be_short(written.section.help, HELP_MOST)
    consent = (part.consent or consent_to_quote(part.question)) if part.question.kind in WRITTEN else part.consent
    return replace(part, section=written.section, after=written.after, required=written.required, consent=consent)


def _rewritten(before: Part, question: Question, newest: int) -> Part:
    """New words are a new version of what has been asked before; the report's headline stays where what it tells is still there."""
    changed = is_another(before.question, question)
    version = before.question.version if before.fresh or not changed else max(before.question.version, newest) + 1
    hint = before.report
    if hint and hint.option and hint.option not in {option.id for option in question.options}:
        hint = None
    if question.kind != before.question.kind:
        before = replace(before, consent=None)
    return replace(before, question=replace(question, version=version), report=hint, fresh=before.fresh or changed)


def use(survey: Survey, question: Question, *, locked: bool) -> Survey:
    """With a question of the bank put last, word by word.

    Raises:
        Refused: ``question.there``, ``question.wrong_kind`` and as `with_parts`.
    """
    if question.kind in UNASKED or not is_known(question):
        raise Refused("question.wrong_kind", _("Den sortens fråga kan inte ställas i en enkät."))
    return with_parts(survey, [*rules.parts_of(survey), Part(question, consent=consent_to_quote(question), locked=locked)])


def take_out(survey: Survey, name: str) -> Survey:
    """Without one question; the heading before it goes on to the next, unless that has its own.

    Raises:
        Refused: ``question.no_such``, or ``question.followed`` while a follow-up follows it.
    """
    parts = list(rules.parts_of(survey))
    gone = parts.pop(place := place_of(parts, name))
    if gone.section and place < len(parts) and parts[place].section is None:
        parts[place] = replace(parts[place], section=gone.section)
    return with_parts(survey, parts)


def move(survey: Survey, name: str, way: str, *, heading: bool = False) -> Survey:
    """With a question, or the heading before it, one step earlier or later; headings are steps of their own.

    Raises:
        Refused: ``question.no_such``, ``wire.wrong_args``, ``question.at_end``, ``section.empty``: a heading would be left without a
            question; and as `with_parts`.
    """
    if way not in WAYS:
        raise Refused("wire.wrong_args", _("Det går inte att be om det."))
    parts = rules.parts_of(survey)
    part = parts[place_of(parts, name)]
    steps: list[Section | Part] = []
    for one in parts:
        steps += [one.section] if one.section else []
        steps.append(replace(one, section=None))
    at = steps.index(replace(part, section=None)) - (1 if heading else 0)
    to = at + WAYS[way]
    if not 0 <= to < len(steps) or (heading and part.section is None):
        raise Refused("question.at_end", _("Den står redan ytterst."))
    steps[at], steps[to] = steps[to], steps[at]
    return with_parts(survey, _under_headings(steps))


def _under_headings(steps: Sequence[Section | Part]) -> list[Part]:
    parts: list[Part] = []
    heading: Section | None = None
    for one in steps:
        if isinstance(one, Part):
            parts.append(replace(one, section=heading))
            heading = None
        elif heading is not None:
            raise _without_question()
        else:
            heading = one
    if heading is not None:
        raise _without_question()
    return parts


def _without_question() -> Refused:
    return Refused("section.empty", _("En rubrik måste ha minst en fråga under sig."))


def place_of(parts: Sequence[Part], name: str) -> int:
    """Which of them it is. Refused: ``question.no_such``."""
    found = next((place for place, part in enumerate(parts) if part.question.id == name), None)
    if found is None:
        raise Refused("question.no_such", _("Frågan finns inte i enkäten."))
    return found


def must_be_askable(question: Question) -> Question:
    """A question that can be asked as it is written.

    Raises:
        Refused: ``question.wrong_kind``, ``text.empty``, ``text.too_long`` or ``poll.wrong``.
    """
    if question.kind not in KINDS or question.kind in UNASKED:
        raise Refused("question.wrong_kind", _("Den sortens fråga kan inte ställas i en enkät."))
    must_be_short(question.title_en or "", askable.TITLE_MOST)
    for text in (question.help, question.explanation, question.explanation_en or ""):
        must_be_short(text, HELP_MOST)
    sides = (question.axes.x.title, question.axes.y.title) if question.axes else ()
    english = [one.text_en or "" for one in (*question.options, *question.statements)]
    for text in (*question.labels, *question.labels_en, question.dont_know or "", question.unit, question.unit_en or "", *sides, *english):
        must_be_short(text, TITLE_MOST)
    judged = [one.text.strip().casefold() for one in question.statements]
    if "" in judged or len(set(judged)) < len(judged) or not (set(question.exclusive) <= {one.id for one in question.options}):
        raise Refused("poll.wrong", _("Frågan går inte att ställa så. Se över svaren: minst två, alla olika."))
    polls.make_poll("", "", question, rules.COUNTRY, at=datetime.min)  # noqa: DTZ901  (what it says no to; the event is not kept)
    return question


def must_be_short(text: str, most: int) -> None:
    """What is longer is not read. Refused: ``text.too_long``."""
    if len(text) > most:
        raise Refused("text.too_long", _("Högst %(most)d tecken."), most=most)


def copied(survey: Survey, day: str, name: str, place: int) -> Survey:
    """A draft with the same questions, for *day*: what has been asked keeps its ids and versions, so that days compare."""
    parts = [replace(part, fresh=False) for part in rules.parts_of(survey)]
    fields = ("title", "title_en", "intro", "intro_en", "for_whom", "group_answer", "open_days", "months")
    kept = {field: getattr(survey, field) for field in fields}
    item = "" if survey.item is not None else None
    draft = Survey(day=day, survey=name, place=place, questions="[]", known=False, opens="hand", item=item, scope=rules.COUNTRY, **kept)
    return with_parts(draft, parts)
