"""What is stored: rooms, messages, who is silenced."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import SQLModel

from conference.core.columns import Kept, kept


class Room(SQLModel, table=True):
    """Where one writes. A day's rooms are there from the first cue that names them."""

    __tablename__ = "chat_room"

    day: str = kept(Kept.PUBLIC, primary_key=True)
    room: str = kept(Kept.PUBLIC, primary_key=True)
    open: bool = kept(Kept.PUBLIC)


class Message(SQLModel, table=True):
    """One thing that was said.

    Attributes:
        seq: its place in the log, by which everybody sees the same order.
        removed_by: who took it away; then ``text`` is empty.
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


class Silence(SQLModel, table=True):
    """Until when somebody may not write."""

    __tablename__ = "chat_silence"

    day: str = kept(Kept.PERSON, primary_key=True)
    person: str = kept(Kept.PERSON, primary_key=True)
    until: datetime = kept(Kept.PERSON)
