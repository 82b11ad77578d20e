"""What is shown of questions, and to whom: a held one to its asker and staff, the asker of an anonymous one to nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chat.questions.events import (
    QuestionAnswered,
    QuestionAsked,
    QuestionAssigned,
    QuestionConsented,
    QuestionErased,
    QuestionEscalated,
    QuestionFreed,
    QuestionLabelled,
    QuestionLetThrough,
    QuestionLifted,
    QuestionMerged,
    QuestionPutAside,
    QuestionRemoved,
    QuestionsNamed,
    QuestionStarred,
    QuestionTakenUp,
    QuestionWritten,
    QueueClosed,
    QueueHeld,
    QueueOpened,
)
from chat.questions.rules import BACKABLE, is_beside
from chat.questions.tables import Back, Question, Queue
from conference.core.faces import EVERYBODY, Data, Faces, Shown, To, Viewer
from conference.events import ContributorChanged
from conference.people import NATIONAL, STAFF
from conference.people.tables import Person
from conference.tables import Contributor, Day

MARKS = frozenset({"against", "label", "starred"})
"""What moderators alone see of a question: who asks shall not be told how many would rather have another one."""

Card = Any  # a row or an event: both have the fields of `chat.questions.events.Card`


def _others(lane: str) -> To:
    """Whoever sees that panel's questions and is not staff."""
    return To(without=STAFF, about=lane, home=None if lane == NATIONAL else lane)


def _card(card: Card, *, private: bool) -> Data:
    """A question as it is seen, ``None`` for what is not there.

    Args:
        private: by staff or by who asked; of what was put aside, others only learn that it is.
    """
    shown: Data = {"question": card.question, "lane": card.lane, "state": card.state, "backs": card.backs, "at": card.asked_at}
    hidden = card.removed or (card.state == "aside" and not private)
    nameless = card.anonymous or hidden
    by = None if nameless else {"person": card.person, "role": card.role}
    shown |= {"text": "" if hidden else card.text, "by": by, "mine": False}
    shown |= {
        "region": None if nameless else card.region,
        "people": card.people if card.people > 1 and not nameless else None,
        "to": card.to,
    }
    shown |= {"taken_up_at": card.taken_up_at, "answered_at": card.answered_at, "answer": None if hidden else card.answer}
    shown |= {"merged": card.into, "lifted": card.lifted, "removed": card.removed or not card.text or None}
    shown["lifted_from"] = {"region": card.region, "backs": card.lifted_backs} if card.lifted_from and not hidden else None
    assigned = {"to": card.assigned_to, "due": card.due} if card.assigned_to and private else None
    shown |= {"reason": card.reason if private else None, "assigned": assigned, "quotable": card.quotable if private else None}
    return shown | {"against": card.against or None, "label": card.label, "starred": card.starred or None}


def _without(data: Data, names: frozenset[str]) -> Data:
    return {name: value for name, value in data.items() if name not in names}


def _told(event: Card) -> Shown:
    """To staff, to those who see the panel's questions when it is one of them, and to who asked, whose own it is."""
    yield To(roles=STAFF, about=event.lane), _card(event, private=True)
    if event.public:
        yield _others(event.lane), _without(_card(event, private=False), MARKS)
    yield To(person=event.person), _own(event)


def _own(card: Card) -> Data:
    """A question as its asker sees it, without who that is: where others see it too, that stands there already, with the name."""
    return _without(_card(card, private=True), MARKS | {"by"}) | {"mine": True}


def _named(event: QuestionsNamed) -> Shown:
    data: Data = {"by": {"person": event.person}}
    for lane in event.lanes:
        yield To(roles=STAFF, about=lane), data
        yield _others(lane), data


def _queue(event: Any, *, is_open: bool) -> Iterator[tuple[To, Data]]:
    yield EVERYBODY, {"queue": event.queue, "open": is_open, "hold": event.hold}


def _panellist_changed(event: ContributorChanged) -> Iterator[tuple[To, Data]]:
    if event.gone:
        yield EVERYBODY, {"panellist": event.contributor, "gone": True}
    else:
        yield EVERYBODY, {"beside": None, **_panellist(event)}


FACES: Faces = {
    **dict.fromkeys((QuestionAsked, QuestionLetThrough, QuestionTakenUp, QuestionAnswered, QuestionPutAside, QuestionMerged), _told),
    **dict.fromkeys((QuestionLabelled, QuestionStarred, QuestionConsented, QuestionErased), _told),
    **dict.fromkeys((QuestionFreed, QuestionEscalated, QuestionLifted, QuestionAssigned, QuestionWritten, QuestionRemoved), _told),
    QuestionsNamed: _named,
    ContributorChanged: _panellist_changed,
    QueueOpened: lambda event: _queue(event, is_open=True),
    QueueClosed: lambda event: _queue(event, is_open=False),
    QueueHeld: lambda event: _queue(event, is_open=event.open),
}


async def shared(session: AsyncSession, day: str, viewer: Viewer) -> Data:
    """``questions``, ``queues`` and ``panellists`` of the state."""
    wanted = select(Question).where(Question.day == day)
    if not viewer.roles & STAFF:
        wanted = wanted.where(col(Question.public).is_(True), col(Question.lane).in_({NATIONAL, viewer.home}))
    questions = (await session.exec(wanted.order_by(col(Question.seq)))).all()
    queues = (await session.exec(select(Queue).where(Queue.day == day).order_by(Queue.queue))).all()
    return {
        "questions": [shown for question in questions if (shown := _seen_by(viewer, question))],
        "queues": [{"queue": queue.queue, "open": queue.open, "hold": queue.hold} for queue in queues],
        "panellists": await panellists(session, day),
    }


def _seen_by(viewer: Viewer, question: Question) -> Data | None:
    if viewer.is_one_of(STAFF, question.lane):
        return _there(_card(question, private=True))
    seen = question.public and question.lane in {NATIONAL, viewer.home}
    return _there(_without(_card(question, private=False), MARKS)) if seen else None


async def panellists(session: AsyncSession, day: str) -> list[Data]:
    """Those who take part, by what they are there as: whom one can ask, and who can be given a question; interpreters are ``beside``."""
    wanted = select(Contributor).where(Contributor.day == day).order_by(col(Contributor.position), Contributor.contributor)
    return [_panellist(one) for one in await session.exec(wanted)]


def _panellist(one: Contributor | ContributorChanged) -> Data:
    title = ", ".join(filter(None, (one.screen_name, one.role, one.organisation)))
    return {"panellist": one.contributor, "scope": one.scope, "title": title} | ({"beside": True} if is_beside(one.role) else {})


async def personal(session: AsyncSession, day: str, persons: Sequence[str]) -> dict[str, Data]:
    """One's own questions, whole, and where one stands to those of others: person -> ``{"questions": {question: fields}}``."""
    found: dict[str, Data] = {}
    for question in await session.exec(select(Question).where(Question.day == day, col(Question.person).in_(persons))):
        found.setdefault(question.person, {}).setdefault("questions", {})[question.question] = _there(_own(question))
    seen = or_(col(Question.lane) == NATIONAL, col(Question.lane) == Person.region)
    backed = (
        select(Back.person, Back.question, Back.against)
        .join(Question, and_(col(Question.day) == Back.day, col(Question.question) == Back.question))
        .join(Person, and_(col(Person.day) == Back.day, col(Person.person) == Back.person))
        .where(Back.day == day, col(Back.person).in_(persons), col(Question.public).is_(True), seen)
    )
    for person, name, against in await session.exec(backed):
        found.setdefault(person, {}).setdefault("questions", {}).setdefault(name, {})["opposed" if against else "backed"] = True
    return found


async def pictures(session: AsyncSession, day: str) -> list[tuple[To, Data]]:
    """The support of every question that one can back now, for those who see it; staff see who would rather have another one, too."""
    wanted = (
        select(Question.question, Question.lane, Question.backs, Question.against)
        .join(Day, col(Day.day) == Question.day)
        .where(Question.day == day, Day.state == "live", col(Question.public).is_(True))
        .where(col(Question.state).in_(BACKABLE), col(Question.into).is_(None))
    )
    found = (await session.exec(wanted)).all()
    told: list[tuple[To, Data]] = []
    for name, lane, backs, against in found:
        shown: Data = {"question": name, "backs": backs}
        told += [(To(roles=STAFF, about=lane), {**shown, "against": against or None}), (_others(lane), shown)]
    return told


async def all_questions(session: AsyncSession, day: str) -> Sequence[Question]:
    """Everything that was asked, in order; the copies before the country's panel too."""
    return (await session.exec(select(Question).where(Question.day == day).order_by(col(Question.seq)))).all()


def _there(data: Data) -> Data:
    return {name: value for name, value in data.items() if value is not None}
