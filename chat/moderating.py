"""What a moderator may do about messages, people and rooms, and for how long it can be taken back. Pure, as the rules are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import msgspec

from chat.events import (
    ChatAnnounced,
    ChatHeld,
    ChatLetThrough,
    ChatRefused,
    ChatRestored,
    ChatUnannounced,
    PersonBanned,
    PersonSilenced,
    PersonUnbanned,
    RoomSet,
)
from chat.rules import checked_text, no_such
from chat.tables import Announcement, Message, Restraint, Room, Step
from conference.core.actor import Actor
from conference.core.errors import Refused, _
from conference.people import STAFF
from conference.people.tables import Person

SILENCE_MOST_S: Final = 24 * 3600
SLOW_MOST_S: Final = 600
UNDO_FOR: Final = timedelta(seconds=10)
FORGET_AFTER: Final = timedelta(seconds=15)  # then the text of what was taken away is gone; later than the last moment to undo

ANNOUNCED_LEAST_S: Final = 10
ANNOUNCED_MOST_S: Final = 3_600

Holding = Literal["all", "links", "words"]


@dataclass(frozen=True)
class Notice:
    """What is told, to whom, and for how long it stands on screens."""

    announcement: str
    text: str
    to: str
    role: str | None
    seconds: int


class Back(msgspec.Struct, frozen=True, kw_only=True):
    """How things stood before a step.

    Attributes:
        removed: messages that were there.
        refused: messages that waited, and were refused.
        through: a message that waited, and was let through.
        restraint: ``(person, where, until, banned)``.
        room: ``(room, slow_s, hold, hold_links, hold_words)``.
        words: the list.
        announced: what was told, and had not been.
    """

    removed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    through: str | None = None
    restraint: tuple[str, str, datetime | None, bool] | None = None
    room: tuple[str, int, bool, bool, bool] | None = None
    words: tuple[str, ...] | None = None
    announced: str | None = None


def restraint_of(row: Restraint | None, day: str, person: str, where: str) -> Restraint:
    """As it stands; of somebody whom nobody has stopped too."""
    return row or Restraint(day=day, person=person, where=where)


def may_stop(person: Person | None) -> Person:
    """Somebody who may be silenced or banned.

    Raises:
        Refused: ``person.no_such`` or ``person.is_staff``.
    """
    if person is None:
        raise Refused("person.no_such", _("Personen finns inte den här dagen."))
    if STAFF & set(person.roles):
        raise Refused("person.is_staff", _("Den som leder dagen kan inte stängas av från chatten."))
    return person


def silence(by: Actor, person: Person | None, where: str, seconds: int, *, at: datetime) -> PersonSilenced:
    """Keep somebody from writing for a while; 0 seconds lifts it.

    Raises:
        Refused: ``person.no_such``, ``person.is_staff`` or ``silence.out_of_range``.
    """
    stopped = may_stop(person)
    if not 0 <= seconds <= SILENCE_MOST_S:
        raise Refused("silence.out_of_range", _("Välj mellan 0 sekunder och ett dygn."))
    return PersonSilenced(day=by.day, at=at, person=stopped.person, until=at + timedelta(seconds=seconds), where=where)


def ban(by: Actor, person: Person | None, where: str, *, at: datetime) -> PersonBanned:
    """Keep somebody from writing for the rest of the day.

    Raises:
        Refused: ``person.no_such`` or ``person.is_staff``.
    """
    return PersonBanned(day=by.day, at=at, person=may_stop(person).person, where=where)


def unban(by: Actor, restraint: Restraint | None, *, at: datetime) -> PersonUnbanned:
    """Let somebody who was banned write again.

    Raises:
        Refused: ``person.not_banned``.
    """
    if restraint is None or not restraint.banned:
        raise Refused("person.not_banned", _("Personen är inte avstängd."))
    return PersonUnbanned(day=by.day, at=at, person=restraint.person, where=restraint.where)


def slow(room: Room, seconds: int, *, at: datetime) -> RoomSet:
    """Set how often one writes in a room.

    Raises:
        Refused: ``slow.out_of_range``.
    """
    if not 0 <= seconds <= SLOW_MOST_S:
        raise Refused("slow.out_of_range", _("Välj mellan 0 och %(most)s sekunder."), most=SLOW_MOST_S)
    return set_to(room.model_copy(update={"slow_s": seconds}), at=at)


def hold(room: Room, what: Holding, *, on: bool, at: datetime) -> RoomSet:
    """Set what waits until a moderator has looked at it."""
    column = {"all": "hold", "links": "hold_links", "words": "hold_words"}[what]
    return set_to(room.model_copy(update={column: on}), at=at)


def set_to(room: Room, *, at: datetime) -> RoomSet:
    """A room's settings, as an event."""
    return RoomSet(day=room.day, at=at, **settings_of(room))


def settings_of(room: Room) -> dict[str, Any]:
    """How a room is moderated."""
    return {name: getattr(room, name) for name in ("room", "slow_s", "hold", "hold_links", "hold_words")}


def let_through(by: Actor, message: Message | None, *, at: datetime) -> ChatLetThrough | ChatRestored:
    """Everybody reads a held message; one that was seen before stands in its old place again.

    Raises:
        Refused: ``message.no_such`` or ``message.not_held``.
    """
    held = _waiting(message)
    if held.placed:
        return restored(held, at=at, waited=True)
    about: dict[str, Any] = {"message": held.message, "room": held.room, "person": held.person, "role": held.role, "text": held.text}
    return ChatLetThrough(day=by.day, at=at, **about, reply_to=held.reply_to)


def refuse(by: Actor, message: Message | None, *, at: datetime) -> ChatRefused:
    """A held message is read by nobody.

    Raises:
        Refused: ``message.no_such`` or ``message.not_held``.
    """
    held = _waiting(message)
    return ChatRefused(day=by.day, at=at, message=held.message, room=held.room, person=held.person, by=by.person)


def held_again(message: Message, *, at: datetime) -> ChatHeld:
    """What was refused, or let through, waits again."""
    about: dict[str, Any] = {"message": message.message, "room": message.room, "person": message.person, "text": message.text}
    return ChatHeld(day=message.day, at=at, **about, why=message.why or "all", reply_to=message.reply_to, placed=message.placed)


def restored(message: Message, *, at: datetime, waited: bool = False) -> ChatRestored:
    """What was taken away, there again."""
    about: dict[str, Any] = {"message": message.message, "room": message.room, "person": message.person, "text": message.text}
    return ChatRestored(day=message.day, at=at, **about, edited=message.edited_at is not None, waited=waited)


def may_undo(by: Actor, step: Step | None, *, at: datetime) -> Step:
    """One's own step, while it can be taken back.

    Raises:
        Refused: ``undo.none`` or ``undo.too_late``.
    """
    if step is None or step.by != by.person:
        raise Refused("undo.none", _("Det finns inget att ångra."))
    if at - step.at > UNDO_FOR:
        raise Refused("undo.too_late", _("Det går att ångra i tio sekunder. Gör om det för hand i stället."))
    return step


def announce(by: Actor, notice: Notice, *, at: datetime) -> ChatAnnounced:
    """Tell something to all, to a lane or to a role, for a while.

    Raises:
        Refused: ``text.empty``, ``text.too_long`` or ``announcement.out_of_range``.
    """
    if not ANNOUNCED_LEAST_S <= notice.seconds <= ANNOUNCED_MOST_S:
        raise Refused("announcement.out_of_range", _("Välj mellan tio sekunder och en timme."))
    about: dict[str, Any] = {"announcement": notice.announcement, "to": notice.to, "role": notice.role, "text": checked_text(notice.text)}
    return ChatAnnounced(day=by.day, at=at, by=by.person, ends_at=at + timedelta(seconds=notice.seconds), **about)


def unannounce(by: str, row: Announcement | None, *, at: datetime) -> ChatUnannounced:
    """Take back what was told.

    Raises:
        Refused: ``announcement.no_such``.
    """
    if row is None or row.withdrawn:
        raise Refused("announcement.no_such", _("Meddelandet finns inte."))
    return ChatUnannounced(day=row.day, at=at, announcement=row.announcement, to=row.to, role=row.role, by=by)


def _waiting(message: Message | None) -> Message:
    if message is None:
        raise no_such()
    if message.held != "waiting":
        raise Refused("message.not_held", _("Inlägget väntar inte längre. Någon har redan tagit ställning."))
    return message
