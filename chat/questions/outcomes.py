"""How every question ended: answered by the panel, in writing, declined with a reason, or given to somebody. What has not, is told too."""

from __future__ import annotations

from collections.abc import Iterable

from chat.questions.tables import Question

LIVE, WRITTEN, ASSIGNED, DECLINED, WITHDRAWN, WAITING = "live", "written", "assigned", "declined", "withdrawn", "waiting"
ALL = (LIVE, WRITTEN, ASSIGNED, DECLINED, WITHDRAWN, WAITING)


def outcome(question: Question) -> str:
    """One of `ALL`. What the panel has answered stays so when somebody writes more; what was merged ends as the other one did."""
    if question.removed:
        return WITHDRAWN
    if question.state == "answered" or (question.state == "written" and question.answered_at):
        return LIVE
    if question.state == "written":
        return WRITTEN
    if question.state == "aside":
        return DECLINED
    return ASSIGNED if question.assigned_to else WAITING


def asked(questions: Iterable[Question]) -> list[Question]:
    """Each question once: the copy before the country's panel is no other question."""
    return [question for question in questions if not question.lifted_from]


def may_be_named(question: Question) -> bool:
    """Whether who asked may be told of after the day: the name, where that is, and how many sat there."""
    return question.quotable and not question.anonymous
