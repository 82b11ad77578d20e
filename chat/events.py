"""What can happen in the chat. Who wrote stands by id alone; the name lives in one place and can be erased there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class ChatSaid(Event):
    """Somebody wrote in a room.

    Attributes:
        room: ``national`` or a region's id.
        role: the writer's role at the time, shown by us and never by the writer; ``None`` for a participant.
    """

    name: ClassVar[str] = "chat.said"

    message: str
    room: str
    person: str
    role: str | None
    text: str
    reply_to: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChatEdited(Event):
    """The writer changed a message shortly after writing it."""

    name: ClassVar[str] = "chat.edited"

    message: str
    room: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ChatRemoved(Event):
    """A message was taken away, by its writer or by a moderator; its text is shown to nobody any more."""

    name: ClassVar[str] = "chat.removed"

    message: str
    room: str
    by: str
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChatRestored(Event):
    """What was taken away stands there again, in its old place: somebody thought better of it.

    Attributes:
        waited: it had been put back among those that wait, and leaves them.
    """

    name: ClassVar[str] = "chat.restored"

    message: str
    room: str
    person: str
    text: str
    edited: bool
    waited: bool = False


@dataclass(frozen=True, kw_only=True)
class ChatHeld(Event):
    """A message waits for a moderator: its writer and staff know of it, nobody else.

    Attributes:
        why: ``all``, ``link`` or ``word``.
        placed: it had been let through, and that was undone: others see that something was there.
    """

    name: ClassVar[str] = "chat.held"

    message: str
    room: str
    person: str
    text: str
    why: str
    reply_to: str | None = None
    placed: bool = False


@dataclass(frozen=True, kw_only=True)
class ChatLetThrough(Event):
    """A held message is read by everybody from now on, after all that was said before."""

    name: ClassVar[str] = "chat.let_through"

    message: str
    room: str
    person: str
    role: str | None
    text: str
    reply_to: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChatRefused(Event):
    """A held message is not let through; its writer is told."""

    name: ClassVar[str] = "chat.refused"

    message: str
    room: str
    person: str
    by: str


@dataclass(frozen=True, kw_only=True)
class ChatWithdrawn(Event):
    """The writer of a held message took it back."""

    name: ClassVar[str] = "chat.withdrawn"

    message: str
    room: str
    person: str


@dataclass(frozen=True, kw_only=True)
class PersonSilenced(Event):
    """Somebody may not write before ``until``; at once again when that is now.

    Attributes:
        where: the room, or ``everywhere``.
    """

    name: ClassVar[str] = "chat.silenced"

    person: str
    until: datetime
    where: str = "everywhere"


@dataclass(frozen=True, kw_only=True)
class PersonBanned(Event):
    """Somebody may not write for the rest of the day; what they had written was taken away beside it."""

    name: ClassVar[str] = "chat.banned"

    person: str
    where: str


@dataclass(frozen=True, kw_only=True)
class PersonUnbanned(Event):
    """Somebody who was banned may write again."""

    name: ClassVar[str] = "chat.unbanned"

    person: str
    where: str


@dataclass(frozen=True, kw_only=True)
class ChatAnnounced(Event):
    """Whoever leads the day told something to all, to a region or to a role.

    Attributes:
        to: ``everyone``, or a lane.
        role: for those with this role alone; ``None`` for all of them.
        ends_at: until when it stands where one need not look for it; it can be read again after that.
    """

    name: ClassVar[str] = "chat.announced"

    announcement: str
    to: str
    role: str | None
    by: str
    text: str
    ends_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ChatUnannounced(Event):
    """An announcement was taken back."""

    name: ClassVar[str] = "chat.unannounced"

    announcement: str
    to: str
    role: str | None
    by: str


@dataclass(frozen=True, kw_only=True)
class RoomSet(Event):
    """How a room is moderated from now on: `tables.Room`."""

    name: ClassVar[str] = "chat.set"

    room: str
    slow_s: int
    hold: bool
    hold_links: bool
    hold_words: bool


@dataclass(frozen=True, kw_only=True)
class WordsSet(Event):
    """Which words messages are held for from now on."""

    name: ClassVar[str] = "chat.words_set"

    words: list[str]


@dataclass(frozen=True, kw_only=True)
class RoomOpened(Event):
    """One may write in the room."""

    name: ClassVar[str] = "chat.opened"

    room: str


@dataclass(frozen=True, kw_only=True)
class RoomClosed(Event):
    """One may read the room and not write in it."""

    name: ClassVar[str] = "chat.closed"

    room: str


@dataclass(frozen=True, kw_only=True)
class ChatNamed(Event):
    """Somebody who has written is called otherwise from now on, or by no name any more.

    Attributes:
        rooms: where they have written: who does not see those hears nothing.
    """

    name: ClassVar[str] = "chat.named"

    person: str
    rooms: list[str]
