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
class PersonSilenced(Event):
    """Somebody may not write before ``until``."""

    name: ClassVar[str] = "chat.silenced"

    person: str
    until: datetime


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
