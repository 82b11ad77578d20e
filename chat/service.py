"""The verbs of the chat, but for those of its moderators."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlmodel import select

from chat import forgetting, rules
from chat.events import ChatHeld, ChatNamed, ChatRemoved, RoomClosed, RoomOpened
from chat.moderating import Back
from chat.steps import a_step
from chat.tables import Message, Pace, Restraint, Room
from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.ids import Ids
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.held_words import words_of
from conference.people import NATIONAL
from conference.rules import live
from conference.rundown.tables import Track
from conference.service import the_day
from conference.tables import HeldWords


class Chat:
    """Say, edit, remove; rooms are opened and closed."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store, self._clock, self._ids = store, clock, ids

    @verb
    async def say(self, tx: Transaction, by: Actor, text: str, *, room: str | None = None, reply_to: str | None = None) -> Done:
        """Write in a room; in one's own lane's when none is named and it is open, else in the country's.

        The answer has the ``message``, and ``held`` when a moderator looks at it first.
        """
        day = await the_day(tx, by.day)
        own = await tx.find(Room, by.day, by.lane)
        name = room or (by.lane if own and own.open else "national")
        standing = await _standing(tx, by, name)
        answered = await tx.find(Message, by.day, reply_to) if reply_to else None
        track = await tx.find(Track, by.day, name) or await tx.find(Track, by.day, NATIONAL)
        live(day)
        saying = rules.Saying(self._ids.new(), name, text, reply_to, answered)
        event = rules.say(by, saying, standing, at=self._clock.now())
        entry = await tx.record(event)
        held = event.why if isinstance(event, ChatHeld) else None
        about: dict[str, Any] = {
            "room": event.room,
            "text": event.text,
            "at": event.at,
            "reply_to": event.reply_to,
            "role": rules.role_of(by),
            "item": track.shown.get("item") if track else None,
        }
        about |= {"seq": entry.seq, "since": entry.seq, "placed": held is None, "held": "waiting" if held else None, "why": held}
        tx.put(Message(day=by.day, message=event.message, person=event.person, **about))
        if standing.room and standing.room.slow_s:
            tx.put(Pace(day=by.day, room=name, person=by.person, at=event.at))
        return Done(entry.seq, {"message": event.message, **({"held": True} if held else {})})

    @verb
    async def edit(self, tx: Transaction, by: Actor, message_id: str, text: str) -> Done:
        """Change one's own words."""
        message = await tx.find(Message, by.day, message_id)
        standing = await _standing(tx, by, message.room if message else "national")
        event = rules.edit(by, message, text, standing, at=self._clock.now())
        assert message
        tx.put(message.model_copy(update={"text": event.text, "edited_at": event.at}))
        return Done((await tx.record(event)).seq)

    @verb
    async def remove(self, tx: Transaction, by: Actor, message_id: str, reason: str | None = None) -> Done:
        """Take a message away. One's own is forgotten at once, another's when it cannot be undone any more; in the log too.

        The answer has the ``step`` that can be undone, when there is one.
        """
        message = await tx.find(Message, by.day, message_id)
        event = rules.remove(by, message, reason, at=self._clock.now())
        assert message
        gone = {"removed_by": by.person} if isinstance(event, ChatRemoved) else {"held": "withdrawn"}
        message = message.model_copy(update={**gone, "gone_at": event.at})
        if message.person == by.person:
            await forgetting.forget(tx, message)
            return Done((await tx.record(event)).seq)
        tx.put(message)
        step = a_step(tx, by, self._ids.new(), Back(removed=(message_id,)), at=event.at)
        return Done((await tx.record(event)).seq, step)

    @verb
    async def named(self, tx: Transaction, by: Actor, person: str) -> Done:
        """Tell those who read what somebody has written that they are called otherwise now; of who wrote nothing, nothing is told."""
        written = await tx.ask(select(Message.room).where(Message.day == by.day, Message.person == person).distinct())
        if not written:
            return Done()
        rooms = sorted(row["room"] for row in written)
        return Done((await tx.record(ChatNamed(day=by.day, at=self._clock.now(), person=person, rooms=rooms))).seq)

    async def opened(self, tx: Transaction, day: str, rooms: Iterable[str]) -> None:
        """Open rooms, as part of a reaction; those that are open stay so."""
        for name in rooms:
            room = await tx.find(Room, day, name)
            if room is None or not room.open:
                tx.put((room or Room(day=day, room=name, open=True)).model_copy(update={"open": True}))
                await tx.record(RoomOpened(day=day, at=self._clock.now(), room=name))

    async def closed(self, tx: Transaction, day: str, rooms: Iterable[str]) -> None:
        """Close rooms, as part of a reaction."""
        for name in rooms:
            room = await tx.find(Room, day, name)
            if room and room.open:
                tx.put(room.model_copy(update={"open": False}))
                await tx.record(RoomClosed(day=day, at=self._clock.now(), room=name))


async def _standing(tx: Transaction, by: Actor, name: str) -> rules.Standing:
    """How somebody stands who wants to write in a room."""
    room = await tx.find(Room, by.day, name)
    restraints = [await tx.find(Restraint, by.day, by.person, where) for where in (rules.EVERYWHERE, name)]
    pace = await tx.find(Pace, by.day, name, by.person) if room and room.slow_s else None
    words = words_of(await tx.find(HeldWords, by.day)) if room and room.hold_words else []
    return rules.Standing(room, restraints, pace, words)
