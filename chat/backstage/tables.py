"""What is stored of the talk backstage."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import SQLModel

from conference.core.columns import Kept, kept


class Channel(SQLModel, table=True):
    """How far a channel has come. It is there from its first word."""

    __tablename__ = "backstage_channel"

    day: str = kept(Kept.OPERATION, primary_key=True)
    channel: str = kept(Kept.OPERATION, primary_key=True)
    n: int = kept(Kept.OPERATION, 0)
    at: datetime = kept(Kept.OPERATION)


class Word(SQLModel, table=True):
    """One thing that was said backstage, by its number in its channel."""

    __tablename__ = "backstage_word"

    day: str = kept(Kept.SPEECH, primary_key=True)
    channel: str = kept(Kept.SPEECH, primary_key=True)
    n: int = kept(Kept.SPEECH, primary_key=True, sa_column_kwargs={"autoincrement": False})
    person: str = kept(Kept.PERSON)
    role: str | None = kept(Kept.SPEECH, None)
    text: str = kept(Kept.SPEECH)
    at: datetime = kept(Kept.SPEECH)
