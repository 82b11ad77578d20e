"""Backing questions, or wanting another one rather: all that a commit brings at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chat.questions import rules
from chat.questions.tables import Back, Question
from conference.core.actor import Actor, Done
from conference.core.errors import Refused
from conference.core.rows import Values
from conference.core.store import Store
from conference.core.transaction import Transaction
from conference.people import STAFF
from conference.rules import live
from conference.tables import Day

FOR: Final = False  # what is stored of it: whether somebody is against
AGAINST: Final = True


@dataclass(frozen=True)
class Support:
    """Where somebody stands to a question.

    Attributes:
        stance: `FOR`, `AGAINST`, or ``None``: neither any more.
    """

    day: str
    question: str
    person: str
    lane: str
    staff: bool
    stance: bool | None

    @classmethod
    def of(cls, by: Actor, question: str, stance: bool | None) -> Support:
        """That of *by*."""
        return cls(by.day, question, by.person, by.lane, bool(by.roles & STAFF), stance)

    @property
    def key(self) -> tuple[str, str, str]:
        """Where it is stored."""
        return self.day, self.question, self.person


class Backing:
    """Brings support to its questions. The same wish again comes to the same, so no answer is remembered."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def give(self, support: Support) -> Done:
        """Give or withdraw; returns when its group is on disk."""
        return await self._store.gather(_together, support)


async def _together(tx: Transaction, all_support: list[Support]) -> Sequence[Done | Exception]:
    asked = {(support.day, support.question) for support in all_support}
    await tx.fetch(Question, asked)
    await tx.fetch(Day, {(support.day,) for support in all_support})
    await tx.fetch(Back, {support.key for support in all_support})
    days = {day: await tx.find(Day, day) for day, _question in asked}
    group = _Group(days, {key: await tx.find(Question, *key) for key in asked})
    answers = [group.one(tx, support) for support in all_support]
    for question in group.changed:
        tx.put(question)
    for key, stance in group.stands.items():
        if stance is None:
            tx.drop(Back(**_values(key)))
    await tx.put_many(Back, [{**_values(key), "against": stance} for key, stance in group.stands.items() if stance is not None])
    return answers


class _Group:
    """The support of one group, one after the other, on what has been fetched for all of it."""

    def __init__(self, days: Mapping[str, Day | None], questions: dict[tuple[str, str], Question | None]) -> None:
        self._days, self._questions = days, questions
        self._moved: set[tuple[str, str]] = set()
        self.stands: dict[tuple[str, str, str], bool | None] = {}  # what the group has changed

    @property
    def changed(self) -> list[Question]:
        """The questions whose support is another now."""
        return [question for key in sorted(self._moved) if (question := self._questions[key])]

    def one(self, tx: Transaction, support: Support) -> Done | Refused:
        """Count one wish, or say why not."""
        place = (support.day, support.question)
        try:
            if day := self._days[support.day]:
                live(day)
            question = rules.may_back(self._questions[place], support.person, support.lane, staff=support.staff)
        except Refused as refusal:
            return refusal
        row = tx.fetched(Back, *support.key)
        before = self.stands.get(support.key, None if row is None else bool(row["against"]))
        if before != support.stance:
            self.stands[support.key] = support.stance
            self._moved.add(place)
            question = question.model_copy(
                update={
                    "backs": question.backs + (support.stance is FOR) - (before is FOR),
                    "against": question.against + (support.stance is AGAINST) - (before is AGAINST),
                }
            )
            self._questions[place] = question
        told = {"question": support.question, "backs": question.backs, "backed": support.stance is FOR}
        return Done(data={**told, "opposed": support.stance is AGAINST})


def _values(key: tuple[str, str, str]) -> Values:
    return dict(zip(("day", "question", "person"), key, strict=True))
