"""The verbs of the chat's moderators. Each step can be undone for a while; its answer has the ``step`` to name.

The list of held words is the day's, and edited here alone: whoever else goes by it is told in the same transaction (decision 41).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from chat import forgetting, moderating
from chat.events import ChatRefused, ChatRemoved, ChatRestored, WordsSet
from chat.moderating import FORGET_AFTER, Back, Holding
from chat.rules import EVERYWHERE
from chat.steps import Follow, a_step, the_step, undone
from chat.tables import Message, Restraint, Room, Step
from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.ids import Ids
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.held_words import a_list, words_of
from conference.people.tables import Person
from conference.tables import HeldWords


class Moderation:
    """Silence, ban, slow down, hold, let through, refuse, and undo.

    Args:
        followers: what else goes by the day's list of words, told when it is another.
    """

    def __init__(self, store: Store, clock: Clock, ids: Ids, followers: Sequence[Follow] = ()) -> None:
        self._store, self._clock, self._ids, self._followers = store, clock, ids, followers

    @verb
    async def silence(self, tx: Transaction, by: Actor, person: str, seconds: int, *, where: str = EVERYWHERE) -> Done:
        """Keep somebody from writing for a while, everywhere or in one room; 0 seconds lifts it."""
        was = await tx.find(Restraint, by.day, person, where)
        event = moderating.silence(by, await tx.find(Person, by.day, person), where, seconds, at=self._clock.now())
        row = moderating.restraint_of(was, by.day, person, where)
        tx.put(row.model_copy(update={"until": event.until}))
        return await self._done(tx, by, event, Back(restraint=(person, where, row.until, row.banned)))

    @verb
    async def ban(self, tx: Transaction, by: Actor, person: str, *, where: str = EVERYWHERE) -> Done:
        """Keep somebody from writing for the rest of the day, and take away all they have written there."""
        was = await tx.find(Restraint, by.day, person, where)
        event = moderating.ban(by, await tx.find(Person, by.day, person), where, at=self._clock.now())
        written = await tx.every(Message, col(Message.day) == by.day, col(Message.person) == person, col(Message.removed_by).is_(None))
        written = sorted((one for one in written if where in (EVERYWHERE, one.room)), key=lambda one: one.seq)
        said = [one for one in written if one.held is None]
        waiting = [one for one in written if one.held == "waiting"]
        about: dict[str, Any] = {"day": by.day, "at": event.at, "by": by.person}
        for one in said:
            tx.put(one.model_copy(update={"removed_by": by.person, "gone_at": event.at}))
            await tx.record(ChatRemoved(**about, message=one.message, room=one.room))
        for one in waiting:
            tx.put(one.model_copy(update={"held": "refused", "gone_at": event.at}))
            await tx.record(ChatRefused(**about, message=one.message, room=one.room, person=person))
        row = moderating.restraint_of(was, by.day, person, where)
        tx.put(row.model_copy(update={"banned": True}))
        removed, refused = (tuple(one.message for one in some) for some in (said, waiting))
        return await self._done(tx, by, event, Back(removed=removed, refused=refused, restraint=(person, where, row.until, row.banned)))

    @verb
    async def unban(self, tx: Transaction, by: Actor, person: str, *, where: str = EVERYWHERE) -> Done:
        """Let somebody write again; what was taken away stays away."""
        row = await tx.find(Restraint, by.day, person, where)
        event = moderating.unban(by, row, at=self._clock.now())
        assert row
        tx.put(row.model_copy(update={"banned": False}))
        return await self._done(tx, by, event, Back(restraint=(person, where, row.until, row.banned)))

    @verb
    async def slow(self, tx: Transaction, by: Actor, room: str, seconds: int) -> Done:
        """Set how many seconds there are between two messages of one person; 0: none."""
        was = await _room(tx, by.day, room)
        return await self._set(tx, by, was, moderating.slow(was, seconds, at=self._clock.now()))

    @verb
    async def hold(self, tx: Transaction, by: Actor, room: str, what: Holding, *, on: bool) -> Done:
        """Set what waits until a moderator has looked at it: everything, links, or words of the list."""
        was = await _room(tx, by.day, room)
        return await self._set(tx, by, was, moderating.hold(was, what, on=on, at=self._clock.now()))

    @verb
    async def words(self, tx: Transaction, by: Actor, words: Sequence[str]) -> Done:
        """Set the day's list of words, for all that is written.

        Raises:
            Refused: ``words.too_many`` or ``text.too_long``.
        """
        was = words_of(await tx.find(HeldWords, by.day))
        event = WordsSet(day=by.day, at=self._clock.now(), words=a_list(words))
        writes = [await follow(tx, by.day, event.words) for follow in self._followers]
        tx.put(HeldWords(day=by.day, words=event.words))
        for write in writes:
            await write(tx)
        return await self._done(tx, by, event, Back(words=tuple(was)))

    @verb
    async def let_through(self, tx: Transaction, by: Actor, message_id: str) -> Done:
        """Let everybody read a held message."""
        held = await tx.find(Message, by.day, message_id)
        event = moderating.let_through(by, held, at=self._clock.now())
        assert held
        entry = await tx.record(event)
        place = {} if isinstance(event, ChatRestored) else {"seq": entry.seq, "at": event.at, "placed": True}
        tx.put(held.model_copy(update={"held": None, **place}))
        return Done(entry.seq, a_step(tx, by, self._ids.new(), Back(through=message_id), at=event.at))

    @verb
    async def refuse(self, tx: Transaction, by: Actor, message_id: str) -> Done:
        """Let nobody read a held message."""
        held = await tx.find(Message, by.day, message_id)
        event = moderating.refuse(by, held, at=self._clock.now())
        assert held
        tx.put(held.model_copy(update={"held": "refused", "gone_at": event.at}))
        return await self._done(tx, by, event, Back(refused=(message_id,)))

    @verb
    async def undo(self, tx: Transaction, by: Actor, step: str | None = None) -> Done:
        """Take back a step of one's own, the last one when none is named."""
        found = await the_step(tx, by, step)
        at = self._clock.now()
        seqs = [(await tx.record(event)).seq for event in await undone(tx, moderating.may_undo(by, found, at=at), self._followers, at=at)]
        return Done(seqs[-1] if seqs else None)

    async def due(self) -> list[str]:
        """The days that `forget_due` has something to do for."""
        limit = self._clock.now() - FORGET_AFTER
        gone = select(Message.day).where(col(Message.gone_at) <= limit, Message.text != "")
        async with self._store.reading() as session:
            return sorted({*await session.exec(gone), *await session.exec(select(Step.day).where(col(Step.at) <= limit))})

    @verb
    async def forget_due(self, tx: Transaction, by: Actor) -> int:
        """Forget one text that nobody can bring back any more, and the steps that nobody can undo; how many texts there were."""
        limit = self._clock.now() - FORGET_AFTER
        gone = await tx.every(Message, col(Message.day) == by.day, col(Message.gone_at) <= limit, col(Message.text) != "")
        old = await tx.every(Step, col(Step.day) == by.day, col(Step.at) <= limit)
        for message in gone[:1]:
            await forgetting.forget(tx, message)
        for step in old:
            tx.drop(step)
        return len(gone)

    async def _set(self, tx: Transaction, by: Actor, was: Room, event: Any) -> Done:
        before = tuple(moderating.settings_of(was).values())
        tx.put(
            was.model_copy(update={"slow_s": event.slow_s, **{name: getattr(event, name) for name in ("hold", "hold_links", "hold_words")}})
        )
        return await self._done(tx, by, event, Back(room=before))

    async def _done(self, tx: Transaction, by: Actor, event: Any, back: Back) -> Done:
        told = a_step(tx, by, self._ids.new(), back, at=event.at)
        return Done((await tx.record(event)).seq, told)


async def _room(tx: Transaction, day: str, name: str) -> Room:
    """A room as it is; one that nobody has opened yet is closed."""
    return await tx.find(Room, day, name) or Room(day=day, room=name, open=False)
