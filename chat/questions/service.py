"""The verbs of questions.

What is stored of a question is what its last event says of it, so each verb decides on an event and puts that. Backing comes in
hundreds and goes another way: `chat.questions.backing`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import or_
from sqlmodel import col

from chat.questions import letters, marking, rules
from chat.questions.backing import AGAINST, FOR, Backing, Support
from chat.questions.events import QuestionsNamed, QueueClosed, QueueHeld, QueueOpened
from chat.questions.following import follow
from chat.questions.tables import Back, Question, Queue
from chat.rules import EVERYWHERE
from chat.tables import Restraint
from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.ids import Ids
from conference.core.log import LogRow, without
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.held_words import words_of
from conference.people import NATIONAL, STAFF
from conference.rules import live
from conference.service import the_day
from conference.tables import Contributor, HeldWords, Region


class Questions:
    """Ask the panel, and see to it that every question comes to an end."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store, self._clock, self._ids = store, clock, ids
        self._backing = Backing(store)

    @verb
    async def ask(self, tx: Transaction, by: Actor, asked: rules.Asked) -> Done:
        """Ask the panel of one's own lane while it takes questions, else the country's; all of it, or one who takes part."""
        live(await the_day(tx, by.day))
        own, country = await tx.find(Queue, by.day, by.lane), await tx.find(Queue, by.day, NATIONAL)
        await self._must_take_part(tx, by.day, asked.to)
        queue = rules.queue_for(by, own, country)
        silences = [await tx.find(Restraint, by.day, by.person, where) for where in (EVERYWHERE, queue.queue)]
        words = words_of(await tx.find(HeldWords, by.day))
        event = rules.ask(by, self._ids.new(), asked, queue, silences, words, at=self._clock.now())
        if asked.mail:
            await letters.wanted(tx, by, event.question, asked.mail, at=event.at)
        return await self._tell(tx, event, data={"question": event.question, "state": event.state})

    async def back(self, by: Actor, question_id: str) -> Done:
        """Support a question, once; again, nothing changes. The answer has the support it has now.

        Raises:
            Refused: ``question.no_such``, ``question.own``, ``question.closed`` or ``day.…``.
            StoreUnavailable: nothing was stored; ask again.
        """
        return await self._backing.give(Support.of(by, question_id, FOR))

    async def oppose(self, by: Actor, question_id: str) -> Done:
        """Say that another one should rather be taken up; takes the place of one's support. Raises as `back`."""
        return await self._backing.give(Support.of(by, question_id, AGAINST))

    async def unback(self, by: Actor, question_id: str) -> Done:
        """Take back what one has said of it; with nothing there, nothing happens."""
        return await self._backing.give(Support.of(by, question_id, None))

    @verb
    async def let_through(self, tx: Transaction, by: Actor, question_id: str, *, seen: str | None = None) -> Done:
        """Let everybody see it; *seen* is the state in which the moderator saw it."""
        question, followers = await self._with_followers(tx, by.day, question_id)
        return await self._tell(tx, rules.let_through(question, seen, at=self._clock.now()), followers)

    @verb
    async def take_up(self, tx: Transaction, by: Actor, question_id: str, *, seen: str | None = None) -> Done:
        """Give it to the panel."""
        question, followers = await self._with_followers(tx, by.day, question_id)
        return await self._tell(tx, rules.take_up(question, seen, at=self._clock.now()), followers)

    @verb
    async def answered(self, tx: Transaction, by: Actor, question_id: str, *, seen: str | None = None) -> Done:
        """The panel has answered it, now."""
        question, followers = await self._with_followers(tx, by.day, question_id)
        return await self._tell(tx, rules.answered(question, seen, at=self._clock.now()), followers)

    @verb
    async def put_aside(self, tx: Transaction, by: Actor, question_id: str, reason: str, *, seen: str | None = None) -> Done:
        """Decline it, with a reason."""
        question, followers = await self._with_followers(tx, by.day, question_id)
        return await self._tell(tx, rules.put_aside(question, reason, seen, at=self._clock.now()), followers)

    @verb
    async def merge(self, tx: Transaction, by: Actor, question_id: str, into: str, *, seen: str | None = None) -> Done:
        """Let a question go the ways of another: whoever backs it, and who asked it, backs the other one, once each."""
        question, followers = await self._with_followers(tx, by.day, question_id)
        other = await tx.find(Question, by.day, into)
        backs = await tx.every(Back, col(Back.day) == by.day, col(Back.question).in_([question_id, into]))
        event = rules.merge(question, other, seen, at=self._clock.now())
        assert other
        stands = {event.person: False} | {back.person: back.against for back in sorted(backs, key=lambda one: one.question == into)}
        stands.pop(other.person, None)
        for person, against in stands.items():
            tx.put(Back(day=by.day, question=into, person=person, against=against))
        n = sum(stands.values())
        tx.put(other.model_copy(update={"backs": len(stands) - n, "against": n}))
        return await self._tell(tx, event, followers)

    @verb
    async def escalate(self, tx: Transaction, by: Actor, question_id: str, *, seen: str | None = None) -> Done:
        """Lift a regional question to the country's panel; its support comes with it."""
        question = await tx.find(Question, by.day, question_id)
        backs = await tx.every(Back, col(Back.day) == by.day, col(Back.question) == question_id)
        there, lifted = rules.escalate(question, self._ids.new(), seen, at=self._clock.now())
        for back in backs:
            tx.put(Back(day=by.day, question=lifted.question, person=back.person, against=back.against))
        await self._tell(tx, there)
        return await self._tell(tx, lifted, data={"question": lifted.question})

    @verb
    async def assign(
        self, tx: Transaction, by: Actor, question_id: str, to: str, *, due: date | None = None, seen: str | None = None
    ) -> Done:
        """Give it to one who takes part, to be answered after the day."""
        question, followers = await self._with_followers(tx, by.day, question_id)
        await self._must_take_part(tx, by.day, to)
        return await self._tell(tx, rules.assign(question, to, due, seen, at=self._clock.now()), followers)

    @verb
    async def write(self, tx: Transaction, by: Actor, question_id: str, text: str, *, seen: str | None = None) -> Done:
        """Answer in writing, on the day or after it."""
        question, followers = await self._with_followers(tx, by.day, question_id)
        return await self._tell(tx, rules.write(question, text, seen, at=self._clock.now()), followers)

    @verb
    async def label(self, tx: Transaction, by: Actor, question_id: str, text: str) -> Done:
        """Say what it is about; with nothing, no more."""
        return await self._tell(tx, marking.label(await tx.find(Question, by.day, question_id), text, at=self._clock.now()))

    @verb
    async def star(self, tx: Transaction, by: Actor, question_id: str, *, starred: bool) -> Done:
        """Star it, or take the star away."""
        event = marking.star(await tx.find(Question, by.day, question_id), at=self._clock.now(), starred=starred)
        return await self._tell(tx, event) if event else Done()

    @verb
    async def consent(self, tx: Transaction, by: Actor, question_id: str, *, quotable: bool) -> Done:
        """Let one's own question be quoted after the day, or no more."""
        question = await tx.find(Question, by.day, question_id)
        copy = await tx.find(Question, by.day, question.lifted) if question and question.lifted else None
        return Done(await self._put(tx, marking.consent(by, question, copy, at=self._clock.now(), quotable=quotable)))

    @verb
    async def remove(self, tx: Transaction, by: Actor, question_id: str, reason: str | None = None) -> Done:
        """Take the words of a question away, in the log too, and those of its copy before another panel."""
        question, followers = await self._with_followers(tx, by.day, question_id)
        at = self._clock.now()
        events, behind = [rules.remove(by, question, reason, at=at)], [followers]
        copies = [one for one in followers if one.lifted == question_id]
        copies += [there] if question and question.lifted and (there := await tx.find(Question, by.day, question.lifted)) else []
        for copy in copies:
            if not copy.removed:
                events.append(rules.remove(Actor(by.day, by.person, STAFF), copy, reason, at=at))
                behind.append((await self._with_followers(tx, by.day, copy.question))[1])
        # All that is behind each of them is read by now: what is written below changes it.
        told = [[event, *follow(event, of_one, at=at)] for event, of_one in zip(events, behind, strict=True)]
        await self._forget(tx, by.day, {event.question for event in events}, {one.question for chain in told for one in chain})
        places = [await self._put(tx, chain) for chain in told]
        return Done(places[0])

    @verb
    async def open(self, tx: Transaction, by: Actor, lane: str) -> Done:
        """Take questions to the panel of a lane."""
        await self._must_be_lane(tx, by.day, lane)
        return Done(await self.opened(tx, by.day, [lane]))

    @verb
    async def close(self, tx: Transaction, by: Actor, lane: str) -> Done:
        """Take no more of them."""
        return Done(await self.closed(tx, by.day, [lane]))

    @verb
    async def hold(self, tx: Transaction, by: Actor, lane: str, *, hold: bool) -> Done:
        """Look at each question before others see it, or let others see it at once."""
        await self._must_be_lane(tx, by.day, lane)
        queue = await tx.find(Queue, by.day, lane) or Queue(day=by.day, queue=lane, open=False)
        if queue.hold == hold:
            return Done()
        tx.put(queue.model_copy(update={"hold": hold}))
        return Done((await tx.record(QueueHeld(day=by.day, at=self._clock.now(), queue=lane, open=queue.open, hold=hold))).seq)

    @verb
    async def named(self, tx: Transaction, by: Actor, person: str) -> Done:
        """Tell those who read what somebody asked in their own name that they are called otherwise now."""
        whose = col(Question.person) == person, col(Question.anonymous).is_(False)
        asked = await tx.every(Question, col(Question.day) == by.day, *whose)
        if not asked:
            return Done()
        lanes = sorted({one.lane for one in asked if one.public})
        return Done((await tx.record(QuestionsNamed(day=by.day, at=self._clock.now(), person=person, lanes=lanes))).seq)

    # What verbs and reactions share: each takes the transaction it is part of.

    async def opened(self, tx: Transaction, day: str, lanes: Iterable[str], *, hold: bool | None = None) -> int | None:
        """Open queues; those that are open stay so. The place of the last one in the log.

        Args:
            hold: what the block that opens them says of questions in it; ``None``: as it stands, and held where nobody has said anything.
        """
        seq = None
        for lane in lanes:
            queue = await tx.find(Queue, day, lane) or Queue(day=day, queue=lane, open=False, hold=True)
            now = queue.model_copy(update={"open": True, "hold": queue.hold if hold is None else hold})
            if now != queue:
                tx.put(now)
                seq = (await tx.record(QueueOpened(day=day, at=self._clock.now(), queue=lane, hold=now.hold))).seq
        return seq

    async def closed(self, tx: Transaction, day: str, lanes: Iterable[str]) -> int | None:
        """Close queues."""
        seq = None
        for lane in lanes:
            queue = await tx.find(Queue, day, lane)
            if queue and queue.open:
                tx.put(queue.model_copy(update={"open": False}))
                seq = (await tx.record(QueueClosed(day=day, at=self._clock.now(), queue=lane, hold=queue.hold))).seq
        return seq

    async def _with_followers(self, tx: Transaction, day: str, question_id: str) -> tuple[Question | None, list[Question]]:
        """A question, with all that were merged into it or that it stands for, and those behind them."""
        question = await tx.find(Question, day, question_id)
        followers, reached = dict[str, Question](), {question_id}
        while question and reached:
            behind = or_(col(Question.into).in_(reached), col(Question.lifted).in_(reached))
            found = {one.question: one for one in await tx.every(Question, col(Question.day) == day, behind)}
            reached = found.keys() - followers.keys()
            followers |= found
        return question, list(followers.values())

    async def _tell(self, tx: Transaction, event: Any, followers: Sequence[Question] = (), data: dict[str, Any] | None = None) -> Done:
        """Store what an event says of its question, and of those that follow it."""
        return Done(await self._put(tx, [event, *follow(event, followers, at=event.at)]), data)

    async def _put(self, tx: Transaction, events: Iterable[Any]) -> int | None:
        """Store what events say of their questions; the place of the first."""
        place = None
        for told in events:
            before = await tx.find(Question, told.day, told.question)
            seq = (await tx.record(told)).seq
            card = {name: getattr(told, name) for name in rules.CARD}
            tx.put(Question(day=told.day, seq=before.seq if before else seq, **card))
            await letters.follow(tx, told)
            place = place or seq
        return place

    async def _forget(self, tx: Transaction, day: str, gone: Collection[str], answered: Collection[str]) -> None:
        """Take out of the log the words of the questions that are *gone*, and the answer of all that were *answered* with them."""
        about = or_(*(col(LogRow.data).contains(question) for question in sorted(answered)))
        for row in await tx.every(LogRow, col(LogRow.day) == day, col(LogRow.name).startswith("questions."), about):
            question = msgspec.json.decode(row.data).get("question")
            if question in answered:
                tx.put(without(without(row, "text") if question in gone else row, "answer"))

    async def _must_be_lane(self, tx: Transaction, day: str, lane: str) -> None:
        if lane != NATIONAL and await tx.find(Region, day, lane) is None:
            raise Refused("lane.no_such", _("Dagen har ingen sådan kanal."))

    async def _must_take_part(self, tx: Transaction, day: str, contributor: str | None) -> None:
        if contributor is not None and await tx.find(Contributor, day, contributor) is None:
            raise Refused("contributor.no_such", _("Den personen medverkar inte den här dagen."))
