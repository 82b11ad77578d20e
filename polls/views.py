"""What is shown of polls, and to whom."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial

import msgspec
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import Data, Faces, Shown, To, Viewer, nobody
from conference.people import STAFF, Role
from polls import rules, tally, texts
from polls.ballots import Box, box_of
from polls.events import (
    PollArchived,
    PollClosed,
    PollClosing,
    PollCorrected,
    PollExtended,
    PollMade,
    PollOpened,
    PollPassedOver,
    PollSorted,
    ResultShown,
    WordsHeld,
)
from polls.hands import raised
from polls.kinds import Axis, Question
from polls.tables import Ballot, Count, Poll

STAGE = frozenset({Role.SPEAKER, Role.SCREEN})  # who sees a result that is shown on stage, besides staff


def sees_result(viewer: Viewer, scope: str, result: str) -> bool:
    """Whether a viewer sees figures of a poll for *scope* with this visibility: hidden, stage or everyone."""
    return result == "everyone" or viewer.is_one_of(STAFF | STAGE if result == "stage" else STAFF, scope)


def face_of(question: Question) -> Data:
    """The question as in the protocol's state; what a quiz says is right is no part of it."""
    shown: Data = {
        "kind": question.kind,
        "title": question.title,
        "title_en": question.title_en or question.title,
        "help": question.help,
        "options": [{"option": o.id, "text": o.text, "text_en": o.text_en or o.text} for o in question.options],
        "most": question.most,
    }
    if question.statements:
        shown["statements"] = [{"statement": s.id, "text": s.text, "text_en": s.text_en or s.text} for s in question.statements]
    if question.steps:
        shown |= {"steps": question.steps, "labels": question.labels, "labels_en": question.labels_en or question.labels}
        away = {"dont_know": question.dont_know, "dont_know_en": question.dont_know_en or question.dont_know}
        shown |= away if question.dont_know else {}
    if question.axes:
        shown["axes"] = {side: _axis(axis) for side, axis in (("x", question.axes.x), ("y", question.axes.y))}
    if question.kind == "number":
        shown |= {"low": question.low, "high": question.high, "step": question.step}
        shown |= {"unit": question.unit, "unit_en": question.unit_en or question.unit}
    shown |= {"ideas_each": question.ideas_each} if question.kind == "ideas" else {}
    shown |= {"rank_at_least": question.rank_at_least} if question.kind == "ranking" else {}
    return shown | ({"longest": question.longest} if question.longest else {})


def _axis(axis: Axis) -> Data:
    said = {"title": axis.title, "low": axis.low, "high": axis.high}
    english = {"title_en": axis.title_en or axis.title, "low_en": axis.low_en or axis.low, "high_en": axis.high_en or axis.high}
    return {**said, **english}


def _opened(event: PollOpened) -> Shown:
    question = msgspec.convert(event.question, Question)
    standing = {"round": event.round, "scope": event.scope, "voting": "open", "result": event.result, "closes_at": event.closes_at}
    nothing = tally.disclosed(question, tally.Tally(), closed=False)
    poll = {"poll": event.poll, **face_of(question), **standing, "mine": None, "hands": None, "receipt": None, "passed_over": None}
    return _each(event.scope, "hidden", lambda seen: {**poll, "tally": nothing if seen else None})


def _closed(event: PollClosed) -> Shown:
    poll = {"poll": event.poll, "voting": "closed", "closes_at": None, "mine": None, "hands": None}
    return _each(event.scope, event.result, lambda seen: {**poll, "tally": event.tally} if seen else poll)


def _shown(event: ResultShown) -> Shown:
    poll = {"poll": event.poll, "result": event.to}
    return _each(event.scope, event.to, lambda seen: {**poll, "tally": event.tally if seen else None})


def _sorted(event: PollSorted) -> Shown:
    poll = {"poll": event.poll, "sorts": event.sorts}
    return _each(event.scope, event.result, lambda seen: {**poll, "tally": event.tallies[str(event.round)]} if seen else poll)


def _each(scope: str, result: str, face: Callable[[bool], Data]) -> Shown:
    """``face(True)``, with figures, for those who see the result; ``face(False)`` for the others whom the poll asks."""
    home = None if scope == "country" else scope  # staff sees all that it reaches to
    yield To(roles=STAFF, about=scope), face(True)
    if result == "stage":
        yield To(without=STAFF, roles=STAGE, about=scope, home=home), face(True)
        yield To(without=STAFF | STAGE, about=scope, home=home), face(False)
    else:
        yield To(without=STAFF, about=scope, home=home), face(result == "everyone")


def _all(scope: str, data: Data) -> Shown:
    return _each(scope, "everyone", lambda _: data)


def _made(event: PollMade) -> Shown:
    standing = {"round": 0, "scope": event.scope, "voting": "draft", "result": "hidden"}
    poll = {"poll": event.poll, **face_of(msgspec.convert(event.question, Question)), **standing}
    return [(To(roles=STAFF, about=event.scope), poll)]


def _archived(event: PollArchived) -> Shown:
    data = {"poll": event.poll, "voting": "archived"}
    return _all(event.scope, data) if event.round else [(To(roles=STAFF, about=event.scope), data)]


def _passed_over(event: PollPassedOver) -> Shown:
    return [(To(roles=STAFF, about=event.scope), {"poll": event.poll, "passed_over": {"cue": event.cue, "why": event.why}})]


FACES: Faces = {
    PollMade: _made,
    PollOpened: _opened,
    PollExtended: lambda e: _all(e.scope, {"poll": e.poll, "closes_at": e.closes_at}),
    PollClosing: lambda e: _all(e.scope, {"poll": e.poll, "closes_at": e.closes_at}),
    PollClosed: _closed,
    ResultShown: _shown,
    PollSorted: _sorted,
    PollCorrected: lambda e: _all(e.scope, {"poll": e.poll, **face_of(msgspec.convert(e.question, Question))}),
    WordsHeld: nobody,
    PollArchived: _archived,
    PollPassedOver: _passed_over,
}


async def shared(session: AsyncSession, day: str, viewer: Viewer) -> Data:
    """``polls`` of the state: equal for all viewers with these roles on this lane."""
    polls = (await session.exec(select(Poll).where(Poll.day == day).order_by(col(Poll.place), col(Poll.poll)))).all()
    seen = [poll for poll in polls if viewer.is_one_of(STAFF, poll.scope) or (poll.round and poll.scope in ("country", viewer.home))]
    counts = await _counts(session, day)
    rounds = [(poll, [counts.get((poll.poll, poll.round - ago)) for ago in (0, 1)]) for poll in seen]
    return {"polls": [_in_state(poll, count, before, viewer) for poll, (count, before) in rounds]}


async def pictures(session: AsyncSession, day: str) -> list[tuple[To, Data]]:
    """The tally of every open poll as it may be seen now, for those who may see it."""
    polls = (await session.exec(select(Poll).where(Poll.day == day, Poll.voting == "open"))).all()
    counts = await _counts(session, day) if polls else {}
    shown: list[tuple[To, Data]] = []
    for poll in polls:
        count = counts[poll.poll, poll.round]
        data = {"poll": poll.poll, "tally": tally.seen_of(poll, count)}
        shown += [(to, face) for to, face in _each(poll.scope, poll.result, partial(_if, data)) if face]
    return shown


def _if(data: Data, seen: bool) -> Data:
    return data if seen else {}


async def personal(session: AsyncSession, box: Box, day: str, persons: Sequence[str]) -> dict[str, Data]:
    """One's own answers to the open polls: person -> ``{"polls": {poll: {"mine" | "hands", "receipt"}}}``."""
    polls = (await session.exec(select(Poll).where(Poll.day == day, Poll.voting == "open"))).all()
    found: dict[str, Data] = {}
    for poll in polls:
        name = box_of(day, poll.poll, poll.round)
        owners = {box.pseudonym(name, person): person for person in persons}
        ballots = await session.exec(select(Ballot).where(Ballot.box == name, col(Ballot.key).in_(list(owners))))
        for ballot in ballots:
            answer = msgspec.json.decode(ballot.answer)
            hands = raised(answer)
            mine = {**({"mine": answer} if hands is None else {"hands": hands}), "receipt": ballot.receipt}
            found.setdefault(owners[ballot.key], {}).setdefault("polls", {})[poll.poll] = mine
    return found


async def ideas(session: AsyncSession, day: str, poll_id: str, viewer: Viewer) -> Data:
    """What people wrote to a closed poll, as a moderator has sorted it: ``{ideas, themes}``, nothing of what one may not see.

    ``ideas`` are texts in an order that tells nothing; ``themes`` are ``{theme, n}``, the largest first. From five answers on.
    """
    poll = await session.get(Poll, (day, poll_id))
    if poll is None or poll.voting != "closed" or not rules.holds_texts(poll):
        return {"ideas": [], "themes": []}
    asked_here = poll.scope in ("country", viewer.home) or viewer.is_one_of(STAFF, poll.scope)
    if not asked_here or not sees_result(viewer, poll.scope, poll.result):
        return {"ideas": [], "themes": []}
    all_ = await texts.of_round(session, poll, poll.round)
    return {"ideas": texts.on_screen(all_), "themes": texts.themes(all_)}


async def _counts(session: AsyncSession, day: str) -> dict[tuple[str, int], Count]:
    return {(count.poll, count.round): count for count in await session.exec(select(Count).where(Count.day == day))}


def _in_state(poll: Poll, count: Count | None, before: Count | None, viewer: Viewer) -> Data:
    question = rules.question_of(poll)
    shown = {"poll": poll.poll, **face_of(question), "round": poll.round, "scope": poll.scope, "voting": poll.voting, "result": poll.result}
    shown |= {} if poll.known else {"coming": True}
    shown |= {"sorts": poll.sorts} if poll.sorts else {}
    shown |= {"closes_at": poll.closes_at} if poll.closes_at else {}
    shown |= {"passed_over": poll.passed_over} if poll.passed_over and viewer.is_one_of(STAFF, poll.scope) else {}
    if count and sees_result(viewer, poll.scope, poll.result):
        shown["tally"] = tally.seen_of(poll, count, before)
    return shown


async def to_ask(session: AsyncSession, day: str) -> list[dict[str, str]]:
    """The polls of a day that nobody has been asked yet, with the lanes that they are for; those of the bank are put in there first."""
    rows = await session.exec(select(Poll).where(Poll.day == day, Poll.known, Poll.round == 0).order_by(col(Poll.place)))
    return [{"poll": one.poll, "title": rules.question_of(one).title, "scope": one.scope} for one in rows]


async def scopes(session: AsyncSession, day: str, polls: Collection[str]) -> set[str]:
    """Whom those of *polls* that there are ask: ``country``, or lanes."""
    return set(await session.exec(select(Poll.scope).where(Poll.day == day, col(Poll.poll).in_(polls))))
