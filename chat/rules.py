"""What may be said, and by whom it may be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from chat.events import ChatEdited, ChatRemoved, ChatSaid, PersonSilenced
from chat.tables import Message, Room, Silence
from conference.core.actor import Actor
from conference.core.errors import Refused, _
from conference.people import STAFF, Role
from conference.people.tables import Person

TEXT_MOST = 500  # characters
OWN_FOR = timedelta(minutes=2)  # how long one may edit or take back what one has said
SILENCE_MOST_S = 24 * 3600
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


def say(by: Actor, saying: Saying, room: Room | None, silence: Silence | None, *, at: datetime) -> ChatSaid:
    """Anybody may write where the chat is open; staff may always write.

    Raises:
        Refused: ``text.empty``, ``text.too_long``, ``chat.no_such_room``, ``chat.closed``, ``person.silenced`` or ``message.no_such``.
    """
    text = checked_text(saying.text)
    staff = bool(by.roles & STAFF)
    if saying.room not in {"national", by.lane} and not staff:
        raise Refused("chat.no_such_room", _("Det rummet finns inte."))
    _may_write(by, room, silence, at)
    if saying.reply_to and _there(saying.answered).room != saying.room:  # who may write in a room sees what is in it
        raise no_such()
    role = next((role.value for role in ROLES_SHOWN if role in by.roles), None)
    return ChatSaid(
        day=by.day, at=at, message=saying.message, room=saying.room, person=by.person, role=role, text=text, reply_to=saying.reply_to
    )


def edit(by: Actor, message: Message | None, text: str, room: Room | None, silence: Silence | None, *, at: datetime) -> ChatEdited:
    """One may change one's own words for a short while, as long as one may write at all. Nobody changes another's, staff neither.

    Raises:
        Refused: ``role.missing``, ``message.no_such``, ``message.too_late``, ``chat.closed``,
            ``person.silenced``, ``text.empty`` or ``text.too_long``.
    """
    if message is None or message.person != by.person:
        raise Refused("role.missing", _("Man kan bara ändra sina egna inlägg."))
    message = _there(message)
    if at - message.at > OWN_FOR:
        raise Refused("message.too_late", _("Ett inlägg kan ändras i två minuter."))
    _may_write(by, room, silence, at)
    return ChatEdited(day=by.day, at=at, message=message.message, room=message.room, text=checked_text(text))


def remove(by: Actor, message: Message | None, reason: str | None, *, at: datetime) -> ChatRemoved:
    """Staff may take away anything, others their own words for a short while.

    What is not there and what is somebody else's get the same no: nobody learns what was said in another room.

    Raises:
        Refused: ``role.missing``, ``message.no_such`` or ``message.too_late``.
    """
    staff = bool(by.roles & STAFF)
    if not staff and (message is None or message.person != by.person):
        raise Refused("role.missing", _("Bara moderatorn kan ta bort andras inlägg."))
    message = _there(message)
    if not staff and at - message.at > OWN_FOR:
        raise Refused("message.too_late", _("Ett inlägg kan tas bort i två minuter. Be moderatorn om hjälp."))
    return ChatRemoved(day=by.day, at=at, message=message.message, room=message.room, by=by.person, reason=reason)


def silence(by: Actor, person: Person | None, seconds: int, *, at: datetime) -> PersonSilenced:
    """Keep somebody from writing for a while; 0 seconds lifts it.

    Raises:
        Refused: ``person.no_such`` or ``silence.out_of_range``.
    """
    if person is None:
        raise Refused("person.no_such", _("Personen finns inte den här dagen."))
    if not 0 <= seconds <= SILENCE_MOST_S:
        raise Refused("silence.out_of_range", _("Välj mellan 0 sekunder och ett dygn."))
    return PersonSilenced(day=by.day, at=at, person=person.person, until=at + timedelta(seconds=seconds))


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


def _may_write(by: Actor, room: Room | None, silence: Silence | None, at: datetime) -> None:
    if silence and silence.until > at:
        left_ms = round((silence.until - at) / timedelta(milliseconds=1))
        raise Refused("person.silenced", _("Du kan inte skriva i chatten just nu. Moderatorn har pausat dig."), retry_after_ms=left_ms)
    if not by.roles & STAFF and not (room and room.open):
        raise Refused("chat.closed", _("Chatten är stängd. Den öppnas igen under programmet."))


def _there(message: Message | None) -> Message:
    if message is None or message.removed_by:
        raise no_such()
    return message
