"""The question bank of an installation: questions with lasting ids and versions, used again day after day, and followed over the years.

A question that is asked again under the same id and version is the same question; a new wording is a new version, and breaks the series.
Questions of the national kit are locked: only the kit brings new versions of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.faces import Data
from conference.core.ids import Ids
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.people import NATIONAL
from conference.service import the_day
from conference.tables import Day, Region
from polls import rules
from polls.askable import must_fit
from polls.correcting import is_misspelling
from polls.kinds import Option, Question, is_known
from polls.service import a_draft
from polls.tables import BankQuestion, Count, Poll
from polls.tally import Tally

BROUGHT_MOST: Final = 200  # questions in one file
VERSION_MOST: Final = 100_000  # what nobody comes to by hand, and well inside the integers of the databases


class Bank:
    """Take questions from the bank, and put them there."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store, self._clock, self._ids = store, clock, ids

    @verb
    async def use(self, tx: Transaction, by: Actor, question: str, version: int, scope: str = "country") -> Done:
        """Prepare a poll of a day with a question of the bank, word by word.

        Raises:
            Refused: ``question.no_such``, ``region.no_such``, and as `rules.prepare`.
        """
        row = await tx.find(BankQuestion, question, version)
        if row is None:
            raise Refused("question.no_such", _("Frågan finns inte i banken."))
        await the_day(tx, by.day)
        if scope not in ("country", NATIONAL) and await tx.find(Region, by.day, scope) is None:
            raise Refused("region.no_such", _("Regionen är inte med den här dagen. Välj en annan."))
        asked = msgspec.json.decode(row.body, type=Question)
        event = rules.prepare(by.day, self._ids.new(), asked, scope, at=self._clock.now())
        last = await tx.ask(select(func.max(Poll.place).label("place")).where(Poll.day == by.day))
        place = (last[0]["place"] or 0) + 1
        tx.put(a_draft(by.day, event.poll, asked, place=place, scope=scope, seconds=rules.SECONDS_BY_HAND))
        return Done((await tx.record(event)).seq, {"poll": event.poll})

    @verb
    async def bring(self, tx: Transaction, by: Actor, questions: Sequence[Question]) -> Done:
        """Put questions into the bank, as they came in a file: all of them, or none. What is there already stays as it is.

        Raises:
            Refused: ``bank.too_many``, ``poll.wrong``, ``text.too_long``, ``question.locked`` or ``question.version_taken``.
        """
        await the_day(tx, by.day)
        if len(questions) > BROUGHT_MOST:
            raise Refused("bank.too_many", _("Högst %(most)d frågor i en fil."), most=BROUGHT_MOST)
        there = {(row.question, row.version): row for row in await tx.every(BankQuestion)}
        locked = {row.question for row in there.values() if row.locked}
        for question in questions:
            body = msgspec.json.encode(question).decode()
            _must_be_bankable(question)
            same = there.get((question.id, question.version))
            if same is not None and same.body == body:
                continue
            if question.id in locked:
                raise Refused("question.locked", _("Frågan %(title)s är nationell och låst."), title=question.title[:60])
            if same is not None:
                raise Refused(
                    "question.version_taken",
                    _("%(title)s finns med andra ord. Ge den ett högre versionsnummer."),
                    title=question.title[:60],
                )
            tx.put(BankQuestion(question=question.id, version=question.version, body=body, locked=False))
        return Done(None, {"questions": len(questions)})


def from_kit(questions: Sequence[Question], locked: Sequence[str]) -> Iterator[BankQuestion]:
    """A kit's questions as rows of the bank.

    Args:
        locked: ids of those that belong to the whole country.
    """
    for question in questions:
        body = msgspec.json.encode(question).decode()
        yield BankQuestion(question=question.id, version=question.version, body=body, locked=question.id in locked)


async def questions(session: AsyncSession, words: str = "", goal: str = "") -> list[Data]:
    """The bank, the newest version of each question first: ``{question, locked, asked}``, with ``question`` a `Question`.

    Args:
        words: what must stand in its wording or its id.
        goal: a goal that it must serve.
    """
    wanted = words.casefold().split()
    found: list[Data] = []
    for row in await session.exec(select(BankQuestion).order_by(BankQuestion.question, col(BankQuestion.version).desc())):
        question = msgspec.json.decode(row.body, type=Question)
        texts = (question.id, question.title, question.title_en or "", question.help, *(option.text for option in question.options))
        said = " ".join(texts).casefold()
        if all(word in said for word in wanted) and (not goal or goal in question.goals):
            found.append({"question": question, "locked": row.locked})
    asked = await _asked(session)
    return [{**one, "asked": asked.get(one["question"].id, 0)} for one in found]


async def in_day(session: AsyncSession, day: str) -> Counter[str]:
    """How many polls of a day, prepared or asked, have each question."""
    texts = await session.exec(select(Poll.question).where(Poll.day == day))
    return Counter(msgspec.json.decode(text, type=Question).id for text in texts)


async def _asked(session: AsyncSession) -> dict[str, int]:
    """How many polls have been open with each question."""
    texts = await session.exec(select(Poll.question).where(Poll.round > 0))
    return Counter(msgspec.json.decode(text, type=Question).id for text in texts)


async def series(session: AsyncSession, question: str) -> list[Data]:
    """Every poll of every day that has asked a question of the bank, the oldest first: what stands side by side when days are compared.

    Each is ``{day, date, title, poll, scope, round, version, wording, n, breaks}``: ``n`` of its last round, as it may be seen;
    ``breaks`` says that it was asked in other words than the one before, so that figures on the two sides are of two questions.
    """
    days = {one.day: (one.date, one.title) for one in await session.exec(select(Day))}
    rows = await session.exec(
        select(Poll, Count).where(Poll.round > 0, Count.day == Poll.day, Count.poll == Poll.poll, Count.round == Poll.round)
    )
    found = [(poll, count, rules.question_of(poll)) for poll, count in rows if poll.day in days]
    same = sorted(
        ((poll, count, asked) for poll, count, asked in found if asked.id == question),
        key=lambda one: (days[one[0].day][0], one[0].day, one[0].place, one[0].poll),
    )
    before: Question | None = None
    listed: list[Data] = []
    for poll, count, asked in same:
        when, title = days[poll.day]
        about = {"day": poll.day, "date": when, "title": title, "poll": poll.poll, "scope": poll.scope, "round": poll.round}
        n = Tally.read(count.shown).n
        listed.append(
            {**about, "version": asked.version, "wording": asked.title, "n": n, "breaks": bool(before and is_another(before, asked))}
        )
        before = asked
    return listed


def is_another(before: Question, after: Question) -> bool:
    """Whether two questions of one id are asked in words that differ by more than a misspelling."""
    if before.version != after.version or before.kind != after.kind or before.steps != after.steps:
        return True
    return not _alike(before.title, after.title) or any(
        [one.id for one in old] != [one.id for one in new]
        or not all(_alike(one.text, other.text) for one, other in zip(old, new, strict=True))
        for old, new in _listed(before, after)
    )


def _listed(before: Question, after: Question) -> Iterator[tuple[tuple[Option, ...], tuple[Option, ...]]]:
    yield before.options, after.options
    yield before.statements, after.statements


def _alike(before: str, after: str) -> bool:
    return before == after or is_misspelling(before, after)


def plain(found: Sequence[Data]) -> list[dict[str, Any]]:
    """Questions as they go into a file."""
    return [{**msgspec.to_builtins(one["question"]), "locked": one["locked"]} for one in found]


def _must_be_bankable(question: Question) -> None:
    """Refused: ``poll.wrong``, ``text.too_long``."""
    title = question.title[:60]
    if not question.id:
        raise Refused("poll.wrong", _("Frågan %(title)s saknar id. Skriv ett i kolumnen id."), title=title)
    if not 1 <= question.version <= VERSION_MOST:
        raise Refused("poll.wrong", _("Frågan %(title)s behöver en version mellan 1 och %(most)d."), title=title, most=VERSION_MOST)
    must_fit(question)
    if not is_known(question):
        says = _(
            "Frågan %(title)s går inte att ställa så. Se efter att sorten finns, och att den har de svar, steg eller tal som den behöver."
        )
        raise Refused("poll.wrong", says, title=title)
