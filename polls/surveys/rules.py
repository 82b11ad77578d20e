"""What may happen to a survey. Pure: what is, and a wish, to what comes of it, or no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import UNSET

from conference.core.actor import Actor
from conference.core.disclosure import STEP
from conference.core.errors import Refused, _
from conference.people import NATIONAL, STAFF, Role
from conference.people.rules import PEOPLE_MOST
from polls.kinds import Answer, Question, checked
from polls.surveys.events import SurveyClosed, SurveyOpened
from polls.surveys.parts import Part, is_asked, of_what_is_asked
from polls.surveys.tables import Survey
from polls.tally import Tally

LINK = "link"  # stands among roles for whoever comes by a link of a letter; nobody of the day has it
WATCHING = "watching"  # the same for whoever comes from the page of a recording

FOR_WHOM: Mapping[str, frozenset[str] | None] = {
    "participants": None,
    "registered": None,  # who has joined before the day
    "contributors": frozenset({Role.SPEAKER.value}),
    "organizers": STAFF,
    "followers": frozenset({LINK}),
    "watchers": frozenset({WATCHING}),
}
"""Whom a survey asks: people with one of these roles; ``None``: everybody who has joined."""
COUNTRY = "country"
ITEM_OPEN = timedelta(minutes=30)  # the last item of a block before lunch is answered over lunch
AFTER_DAY = timedelta(days=14)  # what opens as the day ends, and says nothing else, asks for two weeks
WHOLE = Question("", "text", "")  # counts forms: stands among the tallies for the survey as a whole
GROUPS = Question("/groups", "text", "")  # counts those of them that several people filled in together, and these people
OF_FORMS = (WHOLE, GROUPS)  # what counts forms and the people behind them, and not what was answered
ASKED = "/asked/"  # with a follow-up's id: counts the forms that it was asked in, answered or not

Answers = dict[str, Answer]


def box_of(day: str, survey: str) -> str:
    """The name of the box that its forms lie in."""
    return f"{day}/survey/{survey}"


def parts_of(survey: Survey) -> tuple[Part, ...]:
    """The questions as they were frozen."""
    return _read(survey.questions)


def counted_in(survey: Survey) -> list[Question]:
    """What has a tally: the survey as a whole, its groups, whom each follow-up was asked of, and every question."""
    parts = parts_of(survey)
    return [*OF_FORMS, *(asked_of(part) for part in parts if part.after), *(part.question for part in parts)]


def asked_of(part: Part) -> Question:
    """What counts the forms that a follow-up was asked in."""
    return Question(f"{ASKED}{part.question.id}", "text", "")


def counts_forms(question: Question) -> bool:
    """Whether a tally is one of forms, and not of what was answered to a question."""
    return question in OF_FORMS or question.id.startswith(ASKED)


@lru_cache(maxsize=64)  # asked once a save
def _read(questions: str) -> tuple[Part, ...]:
    return msgspec.json.decode(questions, type=tuple[Part, ...])


def open_survey(survey: Survey | None, *, at: datetime, answered: bool = False) -> SurveyOpened:
    """A draft can be opened, and one that closed before anybody had answered: a hand that slipped closes no evaluation for good.

    Args:
        answered: whether a form lies in its box.

    Raises:
        Refused: ``survey.no_such``, ``survey.later``, ``survey.open`` or ``survey.over``.
    """
    if survey is None:
        raise no_such()
    must_be_known(survey)
    if survey.item == "":
        raise Refused("survey.per_item", _("Den här enkäten öppnar av sig själv efter varje inslag. Det går att stänga av."))
    if survey.state == "open":
        raise Refused("survey.open", _("Enkäten är redan öppen."))
    if survey.state != "draft" and answered:
        raise Refused("survey.over", _("Enkäten har stängt. Svaren är anonyma för alltid, så den kan inte öppnas igen."))
    return SurveyOpened(
        day=survey.day,
        at=at,
        survey=survey.survey,
        title=survey.title,
        title_en=survey.title_en,
        intro=survey.intro,
        intro_en=survey.intro_en,
        closes_at=_closes_at(survey, at),
        for_whom=survey.for_whom,
        scope=survey.scope or COUNTRY,
        of=survey.of,
        item=survey.item,
        questions=[msgspec.to_builtins(part.question) for part in parts_of(survey)] if survey.item else [],
    )


def must_be_known(survey: Survey) -> None:
    """A survey that can be asked. Refused: ``survey.empty``, ``survey.no_scale`` or ``survey.later``."""
    if refused := lacks_questions(survey, parts_of(survey)):
        raise refused
    if not survey.known:
        raise Refused("survey.later", _("Den här sortens enkät kommer i en senare version."))


def lacks_questions(survey: Survey, parts: Sequence[Part]) -> Refused | None:
    """What is said where it has no questions, or asks of items without a scale, of which the report tells the mean."""
    if not parts:
        return Refused("survey.empty", _("Enkäten har inga frågor än."))
    rated = any(part.question.kind == "scale" and not part.question.statements and part.after is None for part in parts)
    if survey.item is not None and not rated:
        return Refused("survey.no_scale", _("En enkät efter varje inslag behöver en fråga med en skala, ställd till alla."))
    return None


def _closes_at(survey: Survey, at: datetime) -> datetime | None:
    if survey.item:
        return at + ITEM_OPEN
    if survey.state == "draft" and survey.closes_at and survey.closes_at > at:
        return survey.closes_at
    if survey.open_days:
        return at + timedelta(days=survey.open_days)
    return at + AFTER_DAY if survey.opens == "day_closed" else None


def close_survey(survey: Survey, n: int, *, at: datetime) -> SurveyClosed:
    """Only an open survey can be closed: see `must_be_open`."""
    scope = survey.scope or COUNTRY
    return SurveyClosed(day=survey.day, at=at, survey=survey.survey, n=n, for_whom=survey.for_whom, scope=scope, item=survey.item)


def must_be_open(survey: Survey | None) -> Survey:
    """The survey, when it is open.

    Raises:
        Refused: ``survey.no_such`` or ``survey.not_open``.
    """
    if survey is None:
        raise no_such()
    if survey.state != "open":
        raise Refused("survey.not_open", _("Enkäten är inte öppen."))
    return survey


def asks(survey: Survey, roles: frozenset[str], lane: str) -> bool:
    """Whether a survey asks somebody with these roles on this lane."""
    wanted = FOR_WHOM.get(survey.for_whom)
    return (wanted is None or bool(wanted & roles)) and survey.scope in (None, COUNTRY, lane)


def must_take_answers(survey: Survey | None, roles: frozenset[str] = frozenset(), lane: str = NATIONAL) -> None:
    """A survey that is not there, a draft and one that asks others get the same no: nobody learns what is prepared.

    Raises:
        Refused: ``survey.no_such`` or ``survey.not_open``.
    """
    if survey is None or survey.state == "draft" or not asks(survey, roles, lane):
        raise no_such()
    must_be_open(survey)


def answer_survey(parts: tuple[Part, ...], saved: Answers, wished: Mapping[str, Any], *, final: bool) -> Answers:
    """What a form holds when *wished* is laid over what was *saved*; an empty answer takes one out.

    Raises:
        Refused: ``answer.wrong`` to a question that is not asked, ``answer.empty`` when a form without answers is sent,
            ``answer.missing`` when one is sent without a required answer, and what `polls.kinds.checked` says.
    """
    fields = {name: part for part in parts for name in part.fields}
    merged = dict(saved)
    for name, answer in wished.items():
        if name not in fields:
            raise _wrong()
        value = _filled_in(fields[name], name, answer)
        merged = {**merged, name: value} if value is not UNSET else {key: merged[key] for key in merged if key != name}
    kept = of_what_is_asked(parts, merged)
    if final and not says_something(parts, kept):
        raise Refused("answer.empty", _("Svara på minst en fråga först."))
    if final and (lacks := missing(parts, kept)):
        raise Refused("answer.missing", _("Svara först på: %(title)s"), title=lacks[0].question.title)
    return kept


def missing(parts: tuple[Part, ...], answers: Mapping[str, Any]) -> list[Part]:
    """The required questions that are asked of somebody who has given these answers, and are not answered."""
    return [part for part in parts if part.required and is_asked(part, answers) and part.question.id not in answers]


def leaves_out(parts: tuple[Part, ...], wished: Mapping[str, Any]) -> bool:
    """Whether a form as it was filled in answers something, and leaves a required question that is asked of such a form."""
    fields = {part.question.id: part.question for part in parts}
    given = {name: answer for name, answer in wished.items() if name in fields and not is_empty(fields[name], answer)}
    return bool(given) and bool(missing(parts, of_what_is_asked(parts, given)))


def people_behind(survey: Survey, told: int | None, by: Actor) -> int:
    """How many people a form is the answer of: at a screen with paired phones at most those without one. It is one answer all the same.

    Args:
        told: as the form itself says it; ``None`` when it does not.

    Raises:
        Refused: ``screen.nobody_left`` or ``screen.count_out_of_range``.
    """
    if 0 < by.phones >= by.people:
        raise Refused("screen.nobody_left", _("Alla vid skärmen svarar med egen telefon, så det finns ingen kvar som skärmen svarar för."))
    people = by.behind if told is None else told
    if not 1 <= people <= PEOPLE_MOST:
        raise Refused("screen.count_out_of_range", _("Ange hur många ni är vid skärmen, från 1 till %(most)s."), most=PEOPLE_MOST)
    if not survey.group_answer:
        return 1
    return min(people, by.behind) if by.phones else people


def counts_as(whole: Question, people: int) -> bool:
    """Whether a form with so many people behind it counts in one of `OF_FORMS`."""
    return whole is WHOLE or people > 1


def is_empty(question: Question, answer: Any) -> bool:
    """Whether this says: no answer. ``null`` does, except where it means "Vet ej" about the one thing that is asked."""
    if answer is None:
        return not question.dont_know or bool(question.statements)
    written = [answer] if isinstance(answer, str) else answer
    return written == {} or (isinstance(written, list) and all(isinstance(word, str) and not word.strip() for word in written))


def says_something(parts: tuple[Part, ...], answers: Answers) -> bool:
    """Whether a form holds an answer; a consent alone is none."""
    return any(part.question.id in answers for part in parts)


def next_shown(shown: Tally, now: Tally) -> Tally:
    """What an open survey shows after it showed *shown* and has come to *now*: every fifth answer, however many there are.

    A poll may be shown exactly from twenty answers on, because they come in a rush. A survey is open for days: two looks at it could
    differ by the one form that a colleague was seen to send.
    """
    return now if now.n % STEP == 0 and now.n != shown.n else shown


def no_such() -> Refused:
    """The one answer for what is not there and what is not yours."""
    return Refused("survey.no_such", _("Enkäten finns inte."))


def _filled_in(part: Part, name: str, answer: Any) -> Any:
    """What goes into one field of the form; ``UNSET`` when it is left or made empty."""
    if name == part.question.id:
        return UNSET if is_empty(part.question, answer) else checked(part.question, answer)
    if not isinstance(answer, bool) and answer not in ("", None):
        raise _wrong()
    return answer or UNSET


def _wrong() -> Refused:
    return Refused("answer.wrong", _("Svaret passar inte till frågan. Ladda om sidan och försök igen."))
