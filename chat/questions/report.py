"""The questions' part of the follow-up report: how each of them ended, and which wait."""

from __future__ import annotations

from collections import Counter

from sqlmodel.ext.asyncio.session import AsyncSession

from chat.questions import outcomes, views
from chat.questions.tables import Question
from conference.core.faces import Data


async def section(session: AsyncSession, day: str) -> Data:
    """``questions``: ``asked`` in all, ``ends`` (outcome -> how many; together they are all), and ``all``, each with its outcome.

    Without names, and without the words of what was taken away.
    """
    questions = outcomes.asked(await views.all_questions(session, day))
    people = {one["panellist"]: one["title"] for one in await views.panellists(session, day)}
    ends = Counter(outcomes.outcome(question) for question in questions)
    shown = [_row(question, people) for question in sorted(questions, key=lambda one: (-one.backs, one.seq)) if not question.removed]
    return {"questions": {"asked": len(questions), "ends": {end: ends[end] for end in outcomes.ALL}, "all": shown}}


def _row(question: Question, people: dict[str, str]) -> Data:
    return {
        "question": question.question,
        "lane": question.lane,
        "text": question.text,
        "backs": question.backs,
        "region": None if question.anonymous else question.region,
        "people": None if question.anonymous else question.people,
        "end": outcomes.outcome(question),
        "state": question.state,
        "merged": question.into is not None,
        "lifted": question.lifted is not None,
        "at": question.asked_at,
        "answered_at": question.answered_at,
        "answer": question.answer,
        "reason": question.reason,
        "to": people.get(question.assigned_to or "", question.assigned_to),
        "due": question.due,
    }
