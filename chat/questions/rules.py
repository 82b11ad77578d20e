"""What may be asked, and what a moderator may make of it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, TypeVar

from chat.questions.events import (
    Card,
    QuestionAnswered,
    QuestionAsked,
    QuestionAssigned,
    QuestionEscalated,
    QuestionLetThrough,
    QuestionLifted,
    QuestionMerged,
    QuestionPutAside,
    QuestionRemoved,
    QuestionTakenUp,
    QuestionWritten,
)
from chat.questions.tables import Question, Queue
from chat.rules import ROLES_SHOWN
from chat.tables import Restraint
from conference.core.actor import Actor
from conference.core.errors import Refused, _
from conference.core.event import Event
from conference.held_words import has_word
from conference.people import NATIONAL, STAFF

TEXT_MOST = 400  # characters of a question
ANSWER_MOST = 1_000  # of an answer in writing
REASON_MOST = 200
BESIDE = re.compile(r"tolk(ar)?\b|\btextare\b|\binterpreter|\bcaptioner", re.IGNORECASE)  # those who give the words of others again
BACKABLE = frozenset({"open", "taken_up"})
WAITING = BACKABLE | {"held"}  # neither answered nor put aside
CARD = tuple(field.name for field in fields(Card))

Told = TypeVar("Told", bound=Event)


@dataclass(frozen=True)
class Wanted:
    """That the answer shall be mailed, in which language around it."""

    address: str
    lang: str


@dataclass(frozen=True)
class Asked:
    """What somebody asks, and how.

    Attributes:
        to: the contributor it is meant for; the whole panel when nobody is named.
        quotable: whether it may be quoted after the day, with the name that was given.
        mail: where the answer shall be sent, too.
    """

    text: str
    to: str | None = None
    anonymous: bool = False
    quotable: bool = False
    mail: Wanted | None = None


def is_beside(role: str) -> bool:
    """Whether somebody who takes part in this role speaks for others alone, and is asked nothing: an interpreter, a captioner."""
    return bool(BESIDE.search(role))


def queue_for(by: Actor, own: Queue | None, country: Queue | None) -> Queue:
    """Whose panel is asked: that of one's own lane while it takes questions, else the country's.

    Raises:
        Refused: ``questions.closed``.
    """
    there = [queue for queue in (own, country) if queue]
    for queue in there:
        if queue.open:
            return queue
    if there and by.roles & STAFF:
        return there[0]
    raise Refused("questions.closed", _("Just nu går det inte att ställa frågor. Det öppnar igen under programmet."))


def ask(
    by: Actor, question: str, asked: Asked, queue: Queue, silences: Collection[Restraint | None], words: Collection[str], *, at: datetime
) -> QuestionAsked:
    """Anybody may ask where questions are taken. It is held until it is let through, unless the queue says otherwise and no word holds it.

    Args:
        words: the day's list; what has one of them is held in any case.
        silences: of this person, everywhere and in the queue's lane; ``None`` where there is none.

    Raises:
        Refused: ``text.empty``, ``text.too_long`` or ``person.silenced``.
    """
    if any(silence.banned or (silence.until or at) > at for silence in silences if silence):
        raise Refused("person.silenced", _("Du kan inte ställa frågor just nu. Moderatorn har pausat dig."))
    is_open = not queue.hold and not has_word(words, asked.text)
    return QuestionAsked(
        day=by.day,
        at=at,
        question=question,
        lane=queue.queue,
        person=by.person,
        text=checked(asked.text, TEXT_MOST),
        state="open" if is_open else "held",
        asked_at=at,
        public=is_open,
        anonymous=asked.anonymous,
        role=None if asked.anonymous else next((role.value for role in ROLES_SHOWN if role in by.roles), None),
        region=None if asked.anonymous else by.region,
        people=1 if asked.anonymous else by.people,
        to=asked.to,
        quotable=asked.quotable,
    )


def may_back(question: Question | None, person: str, lane: str, *, staff: bool) -> Question:
    """One backs what one sees and has not asked, while it waits for its answer.

    Raises:
        Refused: ``question.no_such``, ``question.own`` or ``question.closed``.
    """
    if question is None or not question.public or question.removed or not (staff or question.lane in {NATIONAL, lane}):
        raise no_such()
    if question.person == person:
        raise Refused("question.own", _("Frågan är din egen. Andra kan stödja den."))
    if question.state not in BACKABLE or question.into:
        raise Refused("question.closed", _("Frågan tar inte emot mer stöd."))
    return question


def let_through(question: Question | None, seen: str | None, *, at: datetime) -> QuestionLetThrough:
    """Let everybody see it. What is on the stage or was put aside is only let through by who has *seen* that it is.

    Raises:
        Refused: ``question.no_such`` or ``question.already_done``.
    """
    question = _as_seen(question, seen, {"held"} if seen is None else {"held", "taken_up", "aside"})
    return became(QuestionLetThrough, question, at, state="open", public=True, reason=None, taken_up_at=None)


def take_up(question: Question | None, seen: str | None, *, at: datetime) -> QuestionTakenUp:
    """Give it to the panel.

    Raises:
        Refused: ``question.no_such`` or ``question.already_done``.
    """
    question = _as_seen(question, seen, {"held", "open"})
    return became(QuestionTakenUp, question, at, state="taken_up", public=True, taken_up_at=at)


def answered(question: Question | None, seen: str | None, *, at: datetime) -> QuestionAnswered:
    """The panel has answered it, or another question with it.

    Raises:
        Refused: ``question.no_such`` or ``question.already_done``.
    """
    return became(QuestionAnswered, _as_seen(question, seen, BACKABLE), at, state="answered", answered_at=at)


def put_aside(question: Question | None, reason: str, seen: str | None, *, at: datetime) -> QuestionPutAside:
    """Decline it, with a reason for who asked.

    Raises:
        Refused: ``question.no_such``, ``question.already_done``, ``text.empty`` or ``text.too_long``.
    """
    return became(QuestionPutAside, _as_seen(question, seen, WAITING), at, state="aside", reason=checked(reason, REASON_MOST))


def merge(question: Question | None, other: Question | None, seen: str | None, *, at: datetime) -> QuestionMerged:
    """Let it go the ways of another one, which everybody sees and which is for the same panel.

    Raises:
        Refused: ``question.no_such``, ``question.already_done`` or ``question.not_open``.
    """
    question, other = _as_seen(question, seen, WAITING), existing(other)
    if other.question == question.question or other.lane != question.lane:
        raise no_such()
    if other.state not in BACKABLE or other.into:
        raise Refused("question.not_open", _("Släpp först igenom den fråga som den andra ska slås ihop med."))
    return became(QuestionMerged, question, at, state=other.state, into=other.question, taken_up_at=other.taken_up_at)


def escalate(question: Question | None, copy: str, seen: str | None, *, at: datetime) -> tuple[QuestionEscalated, QuestionLifted]:
    """Lift a regional question to the country's panel, with the support it has.

    Args:
        copy: the id of the one that stands for it there.

    Raises:
        Refused: ``question.no_such``, ``question.already_done`` or ``question.not_regional``.
    """
    question = _as_seen(question, seen, WAITING)
    if question.lane == NATIONAL:
        raise Refused("question.not_regional", _("Frågan är redan ställd till hela landets panel."))
    if question.lifted:
        raise already_done()
    there = became(QuestionEscalated, question, at, lifted=copy)
    origin = {"lifted_from": question.question, "lifted_backs": question.backs, "region": question.region or question.lane}
    lifted = {"question": copy, "lane": NATIONAL, "state": "open", "public": True, "taken_up_at": None, "assigned_to": None, "due": None}
    return there, became(QuestionLifted, question, at, **lifted, **origin)


def assign(question: Question | None, to: str, due: date | None, seen: str | None, *, at: datetime) -> QuestionAssigned:
    """Give it to somebody who answers after the day.

    Raises:
        Refused: ``question.no_such`` or ``question.already_done``.
    """
    return became(QuestionAssigned, _as_seen(question, seen, WAITING), at, assigned_to=to, due=due)


def write(question: Question | None, text: str, seen: str | None, *, at: datetime) -> QuestionWritten:
    """Answer it in writing, also what the panel has answered; who has *seen* a written answer may change it.

    Raises:
        Refused: ``question.no_such``, ``question.already_done``, ``text.empty`` or ``text.too_long``.
    """
    question = _as_seen(question, seen, WAITING | {"answered", "aside"} | ({"written"} if seen else set()))
    return became(QuestionWritten, question, at, state="written", public=True, reason=None, answer=checked(text, ANSWER_MOST))


def remove(by: Actor, question: Question | None, reason: str | None, *, at: datetime) -> QuestionRemoved:
    """Staff may take away the words of any question, others of their own as long as it waits.

    What is not there and what is somebody else's get the same no.

    Raises:
        Refused: ``role.missing``, ``question.no_such`` or ``question.already_done``.
    """
    staff = bool(by.roles & STAFF)
    if not staff and (question is None or question.person != by.person):
        raise Refused("role.missing", _("Bara moderatorn kan ta bort andras frågor."))
    question = existing(question)
    if not staff and question.state not in WAITING:
        raise already_done()
    gone = {"text": "", "answer": "" if question.answer is not None else None, "state": "aside", "removed": True}
    return became(QuestionRemoved, question, at, **gone, reason=reason)


def checked(text: str, most: int) -> str:
    """The text without the space around it.

    Raises:
        Refused: ``text.empty`` or ``text.too_long``.
    """
    text = text.strip()
    if not text:
        raise Refused("text.empty", _("Skriv något först."))
    if len(text) > most:
        raise Refused("text.too_long", _("Högst %(most)d tecken."), most=most)
    return text


def no_such() -> Refused:
    """The one answer for what is not there and what is not yours."""
    return Refused("question.no_such", _("Frågan finns inte."))


def already_done() -> Refused:
    """Somebody was faster."""
    return Refused("question.already_done", _("Någon annan hann före. Se hur frågan står nu."))


def existing(question: Question | None) -> Question:
    """The question.

    Raises:
        Refused: ``question.no_such``: it is not there, or its words were taken away.
    """
    if question is None or question.removed:
        raise no_such()
    return question


def _as_seen(question: Question | None, seen: str | None, allowed: Collection[str]) -> Question:
    """The question, if it still stands as the moderator saw it; what was merged is decided with the other one."""
    question = existing(question)
    if (seen is not None and seen != question.state) or question.state not in allowed or question.into:
        raise already_done()
    return question


def became(kind: type[Told], question: Question, at: datetime, /, **changed: Any) -> Told:
    """What has happened to a question: all of it as it stands now, with what was changed."""
    return kind(day=question.day, at=at, **{name: getattr(question, name) for name in CARD} | changed)
