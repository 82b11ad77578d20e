"""What is shown of questions, and to whom: a held one to its asker and staff, the asker of an anonymous one to nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chat.questions import paging
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
from chat.questions.paging import Line
from chat.questions.rules import is_beside
from chat.questions.tables import Back, Question, Queue
from conference.core.errors import Refused, _
from conference.core.faces import EVERYBODY, Data, Faces, Shown, To, Viewer
from conference.events import ContributorChanged
from conference.people import NATIONAL, STAFF
from conference.people.tables import Person
from conference.tables import Contributor, Day

MARKS = frozenset({"against", "label", "starred"})
"""What moderators alone see of a question: who asks shall not be told how many would rather have another one."""


@dataclass(frozen=True)
class Wanted:
    """A page of questions.

    Attributes:
        of: one of `paging.PILES`.
        order: one of that list's `paging.ORDERS`; its usual one when none is named.
        after: the question behind which it begins.
        lane: whose queue, or beside the country's whose questions; what the viewer looks at when none is named.
    """

    of: str = "standing"
    order: str | None = None
    after: str | None = None
    lane: str | None = None


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
    """``questions``, those on a first page alone, ``piles``, how many there are besides, ``queues`` and ``panellists`` of the state."""
    lines = await _lines(session, day)
    queues = (await session.exec(select(Queue).where(Queue.day == day).order_by(Queue.queue))).all()
    return {
        "questions": await _cards(session, day, viewer, _at_once(lines, viewer)),
        "piles": [{"pile": name, **pile} for name, pile in _piles_of(lines, viewer)],
        "queues": [{"queue": queue.queue, "open": queue.open, "hold": queue.hold} for queue in queues],
        "panellists": await panellists(session, day),
    }


async def page(session: AsyncSession, day: str, viewer: Viewer, wanted: Wanted) -> tuple[list[Data], int]:
    """The next questions of a list, in its order, with what is the viewer's own; and how many there are behind them.

    Raises:
        Refused: ``page.no_such``, ``question.no_such``, or ``role.missing`` for a list of a moderator's queue.
    """
    lane = wanted.lane or viewer.lane
    if wanted.of in paging.STAFFS:
        if not viewer.is_one_of(STAFF, lane):
            raise Refused("role.missing", _("Bara moderatorn ser den listan."))
        lanes = {lane}
    else:
        lanes = {NATIONAL, lane if viewer.is_one_of(STAFF, lane) else viewer.home}
    lines = [line for line in await _lines(session, day) if line.lane in lanes and _sees(viewer, line)]
    rest = paging.in_order(lines, wanted.of, wanted.order, wanted.after)
    some = [line.question for line in rest[: paging.AT_ONCE]]
    return await some_of(session, day, viewer, some), max(0, len(rest) - len(some))


async def some_of(session: AsyncSession, day: str, viewer: Viewer, names: Sequence[str]) -> list[Data]:
    """Those of the questions that the viewer sees, in the order in which they are named, with what is the viewer's own."""
    own = (await personal(session, day, [viewer.person])).get(viewer.person, {}).get("questions", {})
    found = {one["question"]: one for one in await _cards(session, day, viewer, set(names))}
    return [{**found[name], **own.get(name, {})} for name in names if name in found]


async def _lines(session: AsyncSession, day: str) -> list[Line]:
    """All questions of a day, as much of them as their places depend on."""
    columns = [col(getattr(Question, name)) for name in paging.COLUMNS]
    found = await session.exec(select(*columns).where(Question.day == day).order_by(col(Question.seq)))
    return [Line(*row) for row in found]


async def _cards(session: AsyncSession, day: str, viewer: Viewer, names: set[str]) -> list[Data]:
    wanted = select(Question).where(Question.day == day, col(Question.question).in_(names)).order_by(col(Question.seq))
    return [shown for question in await session.exec(wanted) if (shown := _seen_by(viewer, question))]


def _at_once(lines: Sequence[Line], viewer: Viewer) -> set[str]:
    """The first pages of the viewer's lists, and the last that were asked wherever the viewer sees it."""
    seen = [line for line in lines if _sees(viewer, line)]
    pages = [page for _name, pile in _piles_of(lines, viewer) for page in pile["page"]]
    return paging.last_asked(seen) | set(pages)


def _piles_of(lines: Sequence[Line], viewer: Viewer) -> list[tuple[str, Data]]:
    """The lists that the viewer has before them, as `pictures` tells of them."""
    lanes, is_staff = paging.by_lane(lines), viewer.is_one_of(STAFF, viewer.lane)
    there = sorted({NATIONAL, viewer.home, *([viewer.lane] if is_staff else [])})
    piles = [(lane, _everybodys(lanes.get(lane, []))) for lane in there]
    return [*piles, *([(f"queue:{viewer.lane}", _staffs(lanes.get(viewer.lane, [])))] if is_staff else [])]


def _everybodys(lines: Sequence[Line]) -> Data:
    return {"n": paging.counted(lines, ["standing"]), "page": sorted(paging.everybodys_page(lines))}


def _staffs(lines: Sequence[Line]) -> Data:
    return {"n": paging.counted(lines, paging.STAFFS), "page": sorted(paging.staffs_page(lines))}


def _sees(viewer: Viewer, question: Line | Question) -> bool:
    return viewer.is_one_of(STAFF, question.lane) or (question.public and question.lane in {NATIONAL, viewer.home})


def _seen_by(viewer: Viewer, question: Question) -> Data | None:
    if viewer.is_one_of(STAFF, question.lane):
        return _there(_card(question, private=True))
    return _there(_without(_card(question, private=False), MARKS)) if _sees(viewer, question) else None


async def panellists(session: AsyncSession, day: str) -> list[Data]:
    """Those who take part, by what they are there as: whom one can ask, and who can be given a question; interpreters are ``beside``."""
    wanted = select(Contributor).where(Contributor.day == day).order_by(col(Contributor.position), Contributor.contributor)
    return [_panellist(one) for one in await session.exec(wanted)]


def _panellist(one: Contributor | ContributorChanged) -> Data:
    title = ", ".join(filter(None, (one.screen_name, one.role, one.organisation)))
    return {"panellist": one.contributor, "scope": one.scope, "title": title} | ({"beside": True} if is_beside(one.role) else {})


async def personal(session: AsyncSession, day: str, persons: Sequence[str]) -> dict[str, Data]:
    """One's own questions, whole, and where one stands to those of others: person -> ``{"questions": {question: fields}}``.

    ``stances`` names those of others once more, for when a question comes to be known later.
    """
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
        stance = "opposed" if against else "backed"
        found.setdefault(person, {}).setdefault("questions", {}).setdefault(name, {})[stance] = True
        found[person].setdefault("stances", {"": {"backed": [], "opposed": []}})[""][stance].append(name)
    return found


async def pictures(session: AsyncSession, day: str) -> list[tuple[To, Data]]:
    """While it can change: the support of questions on a first page, and which these are, for those who see them.

    Staff see who would rather have another one, too, and the lists of the queue that they look at.
    """
    of_day = await session.get(Day, day)
    if of_day is None or of_day.state != "live":
        return []
    told: list[tuple[To, Data]] = []
    for lane, lines in paging.by_lane(await _lines(session, day)).items():
        staff, others = To(roles=STAFF, about=lane), _others(lane)
        all_have, staff_have = _everybodys(lines), _staffs(lines)
        for one in paging.backs_told(lines, {*all_have["page"], *staff_have["page"]}):
            shown: Data = {"question": one.question, "backs": one.backs}
            told += [(staff, {**shown, "against": one.against or None}), (others, shown)]
        elsewhere = To(roles=STAFF, about=lane, home=lane, off=frozenset({lane}))
        here = [staff] if lane == NATIONAL else [elsewhere, To(roles=STAFF, about=lane, lane=lane)]
        told += [(to, {"pile": lane, **all_have}) for to in (others, *here)]
        told.append((To(roles=STAFF, about=lane, lane=lane), {"pile": f"queue:{lane}", **staff_have}))
    return told


async def all_questions(session: AsyncSession, day: str) -> Sequence[Question]:
    """Everything that was asked, in order; the copies before the country's panel too."""
    return (await session.exec(select(Question).where(Question.day == day).order_by(col(Question.seq)))).all()


def _there(data: Data) -> Data:
    return {name: value for name, value in data.items() if value is not None}
