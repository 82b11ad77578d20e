"""What is told of questions after the day: in the report how each of them ended, and which wait; on the day's page the answers.

Who asked is told of those alone who let themselves be quoted (`docs/decisions/0022`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from chat.questions import outcomes, views
from chat.questions.tables import Question
from conference.core.faces import Data

TOLD: Final = frozenset({outcomes.LIVE, outcomes.WRITTEN, outcomes.ASSIGNED})


async def section(session: AsyncSession, day: str) -> Data:
    """``questions``: ``asked`` in all, ``ends`` (outcome -> how many; together they are all), and ``all``, each with its outcome.

    Without the words of what was taken away.
    """
    questions = outcomes.asked(await views.all_questions(session, day))
    people = await _people(session, day)
    ends = Counter(outcomes.outcome(question) for question in questions)
    shown = [_row(question, people) for question in _by_support(questions) if not question.removed]
    return {"questions": {"asked": len(questions), "ends": {end: ends[end] for end in outcomes.ALL}, "all": shown}}


async def on_the_days_page(session: AsyncSession, day: str) -> list[Data]:
    """What everybody may read for as long as the day's page stands: what was answered, or by whom and when it will be.

    The words of a question are there when its asker lets it be quoted, else its label alone, if it has one.
    """
    questions = outcomes.asked(await views.all_questions(session, day))
    people = await _people(session, day)
    seen = [one for one in _by_support(questions) if one.public and not one.removed and not one.into]
    rows = [_row(one, people) for one in seen if outcomes.outcome(one) in TOLD]
    keep = ("question", "label", "by", "region", "people", "end", "answered_at", "answer", "to", "due")
    return [{**{name: row[name] for name in keep}, "text": row["text"] if row["quotable"] else None} for row in rows]


def matching(rows: list[Data], words: str) -> list[Data]:
    """Those of the section's rows in which all of *words* stand, in the question, its label or its answer."""
    wanted = words.casefold().split()
    return [
        row for row in rows if all(word in " ".join(filter(None, (row["text"], row["label"], row["answer"]))).casefold() for word in wanted)
    ]


def _by_support(questions: list[Question]) -> list[Question]:
    return sorted(questions, key=lambda one: (-one.backs, one.seq))


async def _people(session: AsyncSession, day: str) -> Mapping[str, str]:
    return {one["panellist"]: one["title"] for one in await views.panellists(session, day)}


def _row(question: Question, people: Mapping[str, str]) -> Data:
    told = outcomes.may_be_named(question)
    return {
        "question": question.question,
        "lane": question.lane,
        "text": question.text,
        "label": question.label,
        "starred": question.starred,
        "quotable": question.quotable,
        "backs": question.backs,
        "against": question.against,
        "by": {"person": question.person, "role": question.role} if told else None,
        "region": question.region if told else None,
        "people": question.people if told else None,
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
