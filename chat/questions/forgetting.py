"""What somebody asked is taken away with whoever asked it, in the log too. How questions ended, and their support, stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlmodel import col, or_

from chat.questions import rules
from chat.questions.events import QuestionErased, QuestionRemoved
from chat.questions.following import follow
from chat.questions.tables import Letter, Question
from conference.core.forgetting import Whom, Writing
from conference.core.log import LogRow, without
from conference.core.transaction import Transaction

GONE: Final = {"text": "", "anonymous": True, "role": None, "region": None, "people": 1, "quotable": False}
AWAY: Final = {"state": "aside", "removed": True, "answer": None}  # of one that waits: nobody can answer what nobody can read


async def words_of(tx: Transaction, whom: Whom) -> Writing:
    """The words of all that somebody asked, who it was, the consent to be quoted, and the addresses for answers."""
    asked = await tx.every(Question, col(Question.day) == whom.day, col(Question.person) == whom.person)
    letters = await tx.every(Letter, col(Letter.day) == whom.day, col(Letter.person) == whom.person)
    names = {one.question for one in asked}
    behind = await _behind(tx, whom, names)
    its = [or_(*(col(LogRow.data).contains(name) for name in sorted(names)))] if names else []
    told = await tx.every(LogRow, col(LogRow.day) == whom.day, col(LogRow.name).startswith("questions."), *its) if names else []

    async def write(tx: Transaction) -> Mapping[str, int]:
        full = [one for one in asked if one.text or one.quotable]
        rows = [row for row in told if _holds(row, names)]
        for row in rows:
            tx.put(without(row, "text"))
        for event in _events(full, behind, whom):
            before = await tx.get(Question, whom.day, event.question)
            tx.put(before.model_copy(update={name: getattr(event, name) for name in rules.CARD}))
            await tx.record(event)
        for letter in letters:
            tx.drop(letter)
        return {"question": len(full), "question_letter": len(letters), "log": len(rows)}

    return write


def _events(full: Iterable[Question], behind: Sequence[Question], whom: Whom) -> Iterator[Any]:
    """What is told of each; what was merged into one that waits goes its own ways again."""
    for one in full:
        if one.state in rules.WAITING:
            event = rules.became(QuestionRemoved, one, whom.at, **GONE, **AWAY)
            yield event
            yield from follow(event, behind, at=whom.at)
        else:
            yield rules.became(QuestionErased, one, whom.at, **GONE)


async def _behind(tx: Transaction, whom: Whom, names: set[str]) -> list[Question]:
    """Others' questions that were merged into these, and those behind them."""
    followers, reached = dict[str, Question](), names
    while reached:
        found = await tx.every(Question, col(Question.day) == whom.day, col(Question.into).in_(reached))
        new = {one.question: one for one in found if one.person != whom.person}
        reached = new.keys() - followers.keys()
        followers |= new
    return list(followers.values())


def _holds(row: LogRow, names: set[str]) -> bool:
    told = msgspec.json.decode(row.data)
    return told.get("question") in names and bool(told.get("text"))
