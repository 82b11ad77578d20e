"""What becomes of questions that go another one's ways: merged ones, and those that a lifted one stands for. Pure, as rules are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from chat.questions.events import QuestionAnswered, QuestionFreed, QuestionRemoved, QuestionWritten
from chat.questions.rules import WAITING, became
from chat.questions.tables import Question


def follow(event: Any, followers: Iterable[Question], *, at: datetime) -> list[Any]:
    """What becomes of the questions that were merged into the event's one, or that the event's one stands for, and of those behind them."""
    told, causes = list[Any](), [event]
    followers = list(followers)
    while causes:
        cause = causes.pop()
        for one in followers:
            if cause.question in {one.into, one.lifted} and (what := _follows(cause, one, at)):
                told.append(what)
                causes.append(what)
    return told


def _follows(event: Any, follower: Question, at: datetime) -> Any:
    """One that was merged goes all the ways; a regional one ends when its copy was answered, and goes its own ways till then."""
    merged = follower.into == event.question
    ends = isinstance(event, QuestionAnswered | QuestionWritten)
    if follower.removed or not (merged or (ends and follower.state in WAITING)):
        return None
    if isinstance(event, QuestionRemoved):
        return _freed(follower, at)
    kind = type(event)
    fields = {name: getattr(event, name) for name in ("state", "taken_up_at", "answered_at", "reason")} | {"answer": event.answer or None}
    fields |= {"assigned_to": event.assigned_to, "due": event.due} if merged else {}
    return became(kind, follower, at, **fields, public=follower.public or kind is QuestionWritten)


def _freed(question: Question, at: datetime) -> QuestionFreed:
    """It waits again, unless the panel has answered it or it was put aside; an answer in writing goes with what was taken away."""
    waits = "open" if question.public else "held"
    state = "aside" if question.state == "aside" else "answered" if question.answered_at else waits
    taken_up_at = None if state == waits else question.taken_up_at
    return became(QuestionFreed, question, at, state=state, into=None, answer=None, taken_up_at=taken_up_at)
