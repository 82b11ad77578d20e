"""What is stored: rooms, messages, who may not write, what is looked for, and what a moderator may still undo."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlmodel import JSON, SQLModel

from conference.core.columns import Kept, kept


class Room(SQLModel, table=True):
    """Where one writes. A day's rooms are there from the first cue that names them.

    Attributes:
        slow_s: seconds between two messages of one person; 0: as fast as one likes.
        hold: everything waits until a moderator has looked at it; ``hold_links`` and ``hold_words``: what holds those.
    """

    __tablename__ = "chat_room"

    day: str = kept(Kept.PUBLIC, primary_key=True)
    room: str = kept(Kept.PUBLIC, primary_key=True)
    open: bool = kept(Kept.PUBLIC)
    slow_s: int = kept(Kept.PUBLIC, 0)
    hold: bool = kept(Kept.PUBLIC, default=False)
    hold_links: bool = kept(Kept.OPERATION, default=False)
    hold_words: bool = kept(Kept.OPERATION, default=False)


class Message(SQLModel, table=True):
    """One thing that was said.

    Attributes:
        seq: its place in the log, by which everybody sees the same order: where it was said, or let through.
        since: where the log tells of it first.
        placed: it has been seen by others, and keeps its place among what was said whatever becomes of it.
        held: ``waiting`` for a moderator, ``refused`` by one, ``withdrawn`` by its writer; ``None``: everybody in the room reads it.
        why: what it is or was held for: ``all``, ``link`` or ``word``.
        removed_by: who took it away.
        gone_at: when it was taken away, refused or withdrawn; a while later ``text`` is empty.
        item: what the lane of its room showed; ``None`` between items.
    """

    __tablename__ = "chat_message"
    __table_args__ = (Index("chat_message_in_order", "day", "seq"),)

    day: str = kept(Kept.SPEECH, primary_key=True)
    message: str = kept(Kept.SPEECH, primary_key=True)
    seq: int = kept(Kept.SPEECH, sa_type=BigInteger)
    room: str = kept(Kept.SPEECH)
    person: str = kept(Kept.PERSON)
    role: str | None = kept(Kept.SPEECH, None)
    text: str = kept(Kept.SPEECH)
    at: datetime = kept(Kept.SPEECH)
    reply_to: str | None = kept(Kept.SPEECH, None)
    edited_at: datetime | None = kept(Kept.SPEECH, None)
    removed_by: str | None = kept(Kept.PERSON, None)
    since: int = kept(Kept.SPEECH, 0, sa_type=BigInteger)
    placed: bool = kept(Kept.SPEECH, default=True)
    held: str | None = kept(Kept.SPEECH, None)
    why: str | None = kept(Kept.SPEECH, None)
    gone_at: datetime | None = kept(Kept.SPEECH, None)
    item: str | None = kept(Kept.SPEECH, None)


class Restraint(SQLModel, table=True):
    """Somebody who may not write.

    Attributes:
        where: the room, or `rules.EVERYWHERE`.
        until: silenced so long; may have been.
        banned: for as long as the day is.
    """

    __tablename__ = "chat_restraint"

    day: str = kept(Kept.PERSON, primary_key=True)
    person: str = kept(Kept.PERSON, primary_key=True)
    where: str = kept(Kept.PERSON, primary_key=True)
    until: datetime | None = kept(Kept.PERSON, None)
    banned: bool = kept(Kept.PERSON, default=False)


class Pace(SQLModel, table=True):
    """When somebody wrote last in a room that is slow."""

    __tablename__ = "chat_pace"

    day: str = kept(Kept.PERSON, primary_key=True)
    room: str = kept(Kept.PERSON, primary_key=True)
    person: str = kept(Kept.PERSON, primary_key=True)
    at: datetime = kept(Kept.PERSON)


class Announcement(SQLModel, table=True):
    """What was told to all, to a lane or to a role.

    Attributes:
        to: ``everyone``, or a lane.
        ends_at: until when it stands on screens; ``None`` of those that were told before there was an end.
        withdrawn: taken back; then ``text`` is empty.
    """

    __tablename__ = "chat_announcement"

    day: str = kept(Kept.SPEECH, primary_key=True)
    announcement: str = kept(Kept.SPEECH, primary_key=True)
    seq: int = kept(Kept.SPEECH, sa_type=BigInteger)
    to: str = kept(Kept.SPEECH)
    role: str | None = kept(Kept.SPEECH, None)
    person: str = kept(Kept.PERSON)
    text: str = kept(Kept.SPEECH)
    at: datetime = kept(Kept.SPEECH)
    ends_at: datetime | None = kept(Kept.SPEECH, None)
    withdrawn: bool = kept(Kept.SPEECH, default=False)


class Step(SQLModel, table=True):
    """What a moderator did, and what takes it back; kept for as long as it can be.

    Attributes:
        back: `steps.Back` as JSON: ids and settings, no text.
    """

    __tablename__ = "chat_step"

    day: str = kept(Kept.PERSON, primary_key=True)
    step: str = kept(Kept.PERSON, primary_key=True)
    by: str = kept(Kept.PERSON)
    at: datetime = kept(Kept.PERSON)
    back: dict[str, Any] = kept(Kept.PERSON, default_factory=dict, sa_type=JSON)
