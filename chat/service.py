"""The verbs of the chat."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import col, select

from chat import rules
from chat.events import ChatEdited, ChatNamed, RoomClosed, RoomOpened
from chat.tables import Message, Room, Silence
from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.ids import Ids
from conference.core.log import LogRow, without
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.people.tables import Person
from conference.rules import live
from conference.service import the_day


class Chat:
    """Say, edit, remove, silence; rooms are opened and closed."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store, self._clock, self._ids = store, clock, ids

    @verb
    async def say(self, tx: Transaction, by: Actor, text: str, *, room: str | None = None, reply_to: str | None = None) -> Done:
        """Write in a room; in one's own lane's when none is named and it is open, else in the country's."""
        day = await the_day(tx, by.day)
        own = await tx.find(Room, by.day, by.lane)
        name = room or (by.lane if own and own.open else "national")
        target = await tx.find(Room, by.day, name)
        silence = await tx.find(Silence, by.day, by.person)
        answered = await tx.find(Message, by.day, reply_to) if reply_to else None
        live(day)
        saying = rules.Saying(self._ids.new(), name, text, reply_to, answered)
        event = rules.say(by, saying, target, silence, at=self._clock.now())
        entry = await tx.record(event)
        tx.put(
            Message(
                day=by.day,
                message=event.message,
                seq=entry.seq,
                room=event.room,
                person=event.person,
                role=event.role,
                text=event.text,
                at=event.at,
                reply_to=event.reply_to,
            )
        )
        return Done(entry.seq, {"message": event.message})

    @verb
    async def edit(self, tx: Transaction, by: Actor, message_id: str, text: str) -> Done:
        """Change one's own words."""
        message = await tx.find(Message, by.day, message_id)
        room = await tx.find(Room, by.day, message.room) if message else None
        silence = await tx.find(Silence, by.day, by.person)
        event = rules.edit(by, message, text, room, silence, at=self._clock.now())
        assert message
        tx.put(message.model_copy(update={"text": event.text, "edited_at": event.at}))
        return Done((await tx.record(event)).seq)

    @verb
    async def remove(self, tx: Transaction, by: Actor, message_id: str, reason: str | None = None) -> Done:
        """Take a message away; its text is forgotten, in the log too, that it was there is not."""
        message = await tx.find(Message, by.day, message_id)
        event = rules.remove(by, message, reason, at=self._clock.now())
        assert message
        edits = col(LogRow.name) == ChatEdited.name, col(LogRow.data).contains(message_id)
        told = await tx.every(LogRow, col(LogRow.day) == by.day, col(LogRow.seq) >= message.seq, *edits) if message.edited_at else []
        for row in (await tx.get(LogRow, by.day, message.seq), *told):
            tx.put(without(row, "text"))
        tx.put(message.model_copy(update={"text": "", "removed_by": by.person}))
        return Done((await tx.record(event)).seq)

    @verb
    async def silence(self, tx: Transaction, by: Actor, person: str, seconds: int) -> Done:
        """Keep somebody from writing for a while."""
        event = rules.silence(by, await tx.find(Person, by.day, person), seconds, at=self._clock.now())
        tx.put(Silence(day=by.day, person=person, until=event.until))
        return Done((await tx.record(event)).seq)

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
                tx.put(Room(day=day, room=name, open=True))
                await tx.record(RoomOpened(day=day, at=self._clock.now(), room=name))

    async def closed(self, tx: Transaction, day: str, rooms: Iterable[str]) -> None:
        """Close rooms, as part of a reaction."""
        for name in rooms:
            room = await tx.find(Room, day, name)
            if room and room.open:
                tx.put(Room(day=day, room=name, open=False))
                await tx.record(RoomClosed(day=day, at=self._clock.now(), room=name))
