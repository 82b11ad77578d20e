"""Answers for those who wanted them by mail: where to, until they are sent. Who sends them is a matter of the web."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import col, func, select

from chat.questions.events import QuestionAnswered, QuestionRemoved, QuestionWritten
from chat.questions.rules import Wanted
from chat.questions.tables import Letter, Question
from conference.core.actor import Actor
from conference.core.addresses import checked
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.store import Store
from conference.core.transaction import Transaction
from conference.followup.keeping.rules import TABLES

WAITING_MOST: Final = 2_000  # addresses of one day; who asks after that is told so, and asks without
TRIES_MOST: Final = 8
AGAIN: Final = timedelta(minutes=5)  # after the first try that failed; twice as long after each: half a day and a half in all
KEPT: Final = timedelta(days=TABLES[str(Letter.__tablename__)].days or 0)  # an address whose question nobody answers in writing


@dataclass(frozen=True)
class Ready:
    """A letter to send: the address, and what it tells of: an answer in writing, or when the panel gave one."""

    day: str
    question: str
    address: str
    lang: str
    text: str
    answer: str | None
    answered_at: datetime | None


async def wanted(tx: Transaction, by: Actor, question: str, to: Wanted, *, at: datetime) -> None:
    """Keep an address until there is an answer.

    Raises:
        Refused: ``address.wrong`` or ``mail.full``.
    """
    address = checked(to.address)
    [row] = await tx.ask(select(func.count().label("n")).select_from(Letter).where(Letter.day == by.day))
    if row["n"] >= WAITING_MOST:
        raise Refused("mail.full", _("Fler svar kan inte mejlas den här dagen. Ställ frågan utan e-postadress."))
    tx.put(Letter(day=by.day, question=question, person=by.person, address=address, lang=to.lang, due_at=at))


async def follow(tx: Transaction, event: Any) -> None:
    """There is an answer to tell of, or no question any more to answer."""
    if not isinstance(event, QuestionAnswered | QuestionWritten | QuestionRemoved):
        return
    letter = await tx.find(Letter, event.day, event.question)
    if letter and isinstance(event, QuestionRemoved):
        tx.drop(letter)
    elif letter and not letter.ready:
        tx.put(letter.model_copy(update={"ready": True, "due_at": event.at}))


class Letters:
    """What is to be sent, one after the other."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def due(self, most: int) -> Sequence[tuple[str, str]]:
        """Those whose time has come, by day and question, the oldest first; what has waited too long is forgotten on the way."""
        now = self._clock.now()
        async with self._store.reading() as session:
            late = (await session.exec(select(Letter.day, Letter.question).where(Letter.due_at < now - KEPT))).all()
            wanted = select(Letter.day, Letter.question).where(col(Letter.ready).is_(True), Letter.due_at <= now)
            found = (await session.exec(wanted.order_by(col(Letter.due_at)).limit(most))).all()
        for day, question in late:
            await self.done(day, question)
        return [place for place in found if place not in set(late)]

    async def claim(self, day: str, question: str) -> Ready | None:
        """Take a letter on oneself: no other process sends it until the time that it gets for its next try.

        Returns:
            What to send; ``None`` when somebody else has it, or it is there no more.
        """

        async def take(tx: Transaction) -> Ready | None:
            letter, asked = await tx.find(Letter, day, question), await tx.find(Question, day, question)
            now = self._clock.now()
            if letter is None or not letter.ready or letter.due_at > now:
                return None
            if asked is None or not (asked.answer or asked.answered_at) or letter.tries >= TRIES_MOST:
                tx.drop(letter)
                return None
            tx.put(letter.model_copy(update={"tries": letter.tries + 1, "due_at": now + AGAIN * 2**letter.tries}))
            return Ready(day, question, letter.address, letter.lang, asked.text, asked.answer, asked.answered_at)

        return await self._store.run(take)

    async def done(self, day: str, question: str) -> None:
        """It was sent, or never can be: the address is forgotten."""
        await self._drop(day, lambda letter: letter.question == question)

    async def forget(self, day: str, persons: Collection[str]) -> None:
        """These persons were erased, or want no letters any more."""
        await self._drop(day, lambda letter: letter.person in persons)

    async def _drop(self, day: str, which: Any) -> None:
        async def drop(tx: Transaction) -> None:
            for letter in await tx.every(Letter, col(Letter.day) == day):
                if which(letter):
                    tx.drop(letter)

        await self._store.run(drop)
