"""What may be said, and by whom it may be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chat.events import ChatEdited, ChatHeld, ChatRemoved, ChatSaid, ChatWithdrawn
from chat.held import why_held
from chat.tables import Message, Pace, Restraint, Room
from conference.core.actor import Actor
from conference.core.errors import Refused, _
from conference.people import STAFF, Role

TEXT_MOST = 500  # characters
OWN_FOR = timedelta(minutes=2)  # how long one may edit or take back what one has said
EVERYWHERE = "everywhere"  # where somebody may not write whom a moderator of the whole day has stopped
ROLES_SHOWN = (Role.ORGANIZER, Role.MODERATOR, Role.SPEAKER, Role.CAPTIONER)  # the first one that fits stands beside the name


@dataclass(frozen=True)
class Saying:
    """What somebody wants to say, and where.

    Attributes:
        reply_to: the message it answers, as the writer names it; ``answered`` is the one of that name, if there is one.
    """

    message: str
    room: str
    text: str
    reply_to: str | None = None
    answered: Message | None = None


@dataclass(frozen=True)
class Standing:
    """How somebody stands who wants to write in a room.

    Attributes:
        restraints: of this person, everywhere and in the room; ``None`` where there is none.
        pace: when they wrote there last, if the room is slow.
        words: what messages are held for.
    """

    room: Room | None
    restraints: Sequence[Restraint | None] = ()
    pace: Pace | None = None
    words: Sequence[str] = ()


def say(by: Actor, saying: Saying, standing: Standing, *, at: datetime) -> ChatSaid | ChatHeld:
    """Anybody may write where the chat is open; staff may always write. What is to be looked at first is held, staff's own words never.

    Raises:
        Refused: ``text.empty``, ``text.too_long``, ``chat.no_such_room``, ``chat.closed``, ``chat.slow``, ``person.silenced``,
            ``person.banned`` or ``message.no_such``.
    """
    text = checked_text(saying.text)
    staff = bool(by.roles & STAFF)
    if saying.room not in {"national", by.lane} and not staff:
        raise Refused("chat.no_such_room", _("Det rummet finns inte."))
    _may_write(by, standing, at)
    if saying.reply_to and _there(saying.answered).room != saying.room:  # who may write in a room sees what is in it
        raise no_such()
    if not staff:
        _must_wait(standing, at)
    said: dict[str, Any] = {"day": by.day, "at": at, "message": saying.message, "room": saying.room, "person": by.person, "text": text}
    why = None if staff else why_held(standing.room, standing.words, text)
    if why:
        return ChatHeld(**said, why=why, reply_to=saying.reply_to)
    return ChatSaid(**said, role=role_of(by), reply_to=saying.reply_to)


def role_of(by: Actor) -> str | None:
    """The role that stands beside a name."""
    return next((role.value for role in ROLES_SHOWN if role in by.roles), None)


def edit(by: Actor, message: Message | None, text: str, standing: Standing, *, at: datetime) -> ChatEdited:
    """One may change one's own words for a short while, as long as one may write at all. Nobody changes another's, staff neither.

    Raises:
        Refused: ``role.missing``, ``message.no_such``, ``message.too_late``, ``message.held``, ``chat.closed``,
            ``person.silenced``, ``person.banned``, ``text.empty`` or ``text.too_long``.
    """
    if message is None or message.person != by.person:
        raise Refused("role.missing", _("Man kan bara ändra sina egna inlägg."))
    message = _there(message)
    if at - message.at > OWN_FOR:
        raise Refused("message.too_late", _("Ett inlägg kan ändras i två minuter."))
    _may_write(by, standing, at)
    text = checked_text(text)
    if not by.roles & STAFF and why_held(standing.room, standing.words, text):
        raise Refused("message.held", _("Så som det lyder nu behöver det granskas. Skriv det som ett nytt inlägg i stället."))
    return ChatEdited(day=by.day, at=at, message=message.message, room=message.room, text=text)


def remove(by: Actor, message: Message | None, reason: str | None, *, at: datetime) -> ChatRemoved | ChatWithdrawn:
    """Staff may take away anything, others their own words for a short while, and what is held for as long as it waits.

    What is not there and what is somebody else's get the same no: nobody learns what was said in another room.

    Raises:
        Refused: ``role.missing``, ``message.no_such`` or ``message.too_late``.
    """
    staff = bool(by.roles & STAFF)
    if not staff and (message is None or message.person != by.person):
        raise Refused("role.missing", _("Bara moderatorn kan ta bort andras inlägg."))
    if message and message.held == "waiting" and message.person == by.person:
        return ChatWithdrawn(day=by.day, at=at, message=message.message, room=message.room, person=by.person)
    message = _there(message)
    if not staff and at - message.at > OWN_FOR:
        raise Refused("message.too_late", _("Ett inlägg kan tas bort i två minuter. Be moderatorn om hjälp."))
    return ChatRemoved(day=by.day, at=at, message=message.message, room=message.room, by=by.person, reason=reason)


def checked_text(text: str) -> str:
    """The text without the space around it.

    Raises:
        Refused: ``text.empty`` or ``text.too_long``.
    """
    text = text.strip()
    if not text:
        raise Refused("text.empty", _("Skriv något först."))
    if len(text) > TEXT_MOST:
        raise Refused("text.too_long", _("Högst %(most)d tecken."), most=TEXT_MOST)
    return text


def no_such() -> Refused:
    """The one answer for what is not there and what is not yours."""
    return Refused("message.no_such", _("Inlägget finns inte."))


def _may_write(by: Actor, standing: Standing, at: datetime) -> None:
    restraints = [one for one in standing.restraints if one]
    if any(one.banned for one in restraints):
        raise Refused("person.banned", _("Du kan inte skriva i chatten i dag. Moderatorn har stängt av dig."))
    until = max((one.until for one in restraints if one.until), default=at)
    if until > at:
        left_ms = round((until - at) / timedelta(milliseconds=1))
        raise Refused("person.silenced", _("Du kan inte skriva i chatten just nu. Moderatorn har pausat dig."), retry_after_ms=left_ms)
    if not by.roles & STAFF and not (standing.room and standing.room.open):
        raise Refused("chat.closed", _("Chatten är stängd. Den öppnas igen under programmet."))


def _must_wait(standing: Standing, at: datetime) -> None:
    """In a slow room one writes so and so seldom."""
    if standing.room is None or standing.pace is None:
        return
    left = standing.pace.at + timedelta(seconds=standing.room.slow_s) - at
    if left > timedelta():
        each = standing.room.slow_s
        left_ms = round(left / timedelta(milliseconds=1))
        raise Refused(
            "chat.slow", _("Här skriver man högst en gång på %(seconds)s sekunder. Vänta lite."), seconds=each, retry_after_ms=left_ms
        )


def _there(message: Message | None) -> Message:
    if message is None or message.removed_by or message.held:
        raise no_such()
    return message
