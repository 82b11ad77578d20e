"""Steps of moderators: kept for as long as they can be undone, and undone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import msgspec
from sqlmodel import col

from chat import forgetting, moderating
from chat.events import PersonBanned, PersonSilenced, PersonUnbanned, WordsSet
from chat.moderating import Back
from chat.tables import Announcement, Message, Restraint, Room, Step
from conference.core.actor import Actor
from conference.core.event import Event
from conference.core.transaction import Transaction
from conference.tables import HeldWords

Write: TypeAlias = Callable[[Transaction], Awaitable[None]]
Follow: TypeAlias = Callable[[Transaction, str, Sequence[str]], Awaitable[Write]]
"""What somebody does when a day's list of words is another: reads what it needs, and gives back what writes, in the same transaction."""


def a_step(tx: Transaction, by: Actor, name: str, back: Back, *, at: datetime) -> dict[str, Any]:
    """Note what a moderator did; what the answer tells of it."""
    tx.put(Step(day=by.day, step=name, by=by.person, at=at, back=msgspec.to_builtins(back)))
    return {"step": name}


async def the_step(tx: Transaction, by: Actor, name: str | None) -> Step | None:
    """A step by its name, or one's own last one."""
    if name is not None:
        return await tx.find(Step, by.day, name)
    own = await tx.every(Step, col(Step.day) == by.day, col(Step.by) == by.person)
    return max(own, key=lambda step: (step.at, step.step), default=None)


async def undone(tx: Transaction, step: Step, followers: Sequence[Follow] = (), *, at: datetime) -> list[Event]:
    """Put everything back to how it stood, as far as nobody has changed it since; the events to record."""
    back, day = msgspec.convert(step.back, Back), step.day
    names = (*back.removed, *back.refused, *([back.through] if back.through else []))
    messages = [await tx.find(Message, day, name) for name in names]
    room = await tx.find(Room, day, back.room[0]) if back.room else None
    restraint = await tx.find(Restraint, day, *back.restraint[:2]) if back.restraint else None
    told = await tx.find(Announcement, day, back.announced) if back.announced else None
    written = await forgetting.told(tx, told) if told else []
    writes = [await follow(tx, day, back.words) for follow in followers] if back.words is not None else []
    events: list[Event] = []
    for message in messages:
        if message:
            events += _there_again(tx, message, back, at)
    if restraint and back.restraint:
        events += _stopped_as_before(tx, restraint, back.restraint[2:], at)
    if room and back.room:
        room = room.model_copy(update=dict(zip(("slow_s", "hold", "hold_links", "hold_words"), back.room[1:], strict=True)))
        tx.put(room)
        events.append(moderating.set_to(room, at=at))
    if back.words is not None:
        tx.put(HeldWords(day=day, words=list(back.words)))
        for write in writes:
            await write(tx)
        events.append(WordsSet(day=day, at=at, words=list(back.words)))
    if told and not told.withdrawn:
        events.append(moderating.unannounce(step.by, told, at=at))
        for row in (*written, told.model_copy(update={"withdrawn": True, "text": ""})):
            tx.put(row)
    tx.drop(step)
    return events


def _there_again(tx: Transaction, message: Message, back: Back, at: datetime) -> list[Event]:
    """A message as it was before; nothing of one whose text has been forgotten, or that went another way meanwhile."""
    if not message.text:
        return []
    if message.message in back.removed and message.removed_by:
        message = message.model_copy(update={"removed_by": None, "gone_at": None})
        tx.put(message)
        return [moderating.restored(message, at=at)]
    waits = message.message in back.refused and message.held == "refused"
    if waits or (message.message == back.through and message.held is None and not message.removed_by):
        message = message.model_copy(update={"held": "waiting", "gone_at": None})
        tx.put(message)
        return [moderating.held_again(message, at=at)]
    return []


def _stopped_as_before(tx: Transaction, now: Restraint, before: tuple[datetime | None, bool], at: datetime) -> list[Event]:
    events: list[Event] = []
    about: dict[str, Any] = {"day": now.day, "at": at, "person": now.person, "where": now.where}
    until, banned = before
    if until != now.until:
        now = now.model_copy(update={"until": until or at})
        events.append(PersonSilenced(**about, until=until or at))
    if banned != now.banned:
        now = now.model_copy(update={"banned": banned})
        events.append(PersonBanned(**about) if banned else PersonUnbanned(**about))
    tx.put(now)
    return events
