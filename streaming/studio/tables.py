"""What is stored behind the scenes: who sits where, who is shown, and how often a source's key has been renewed. No key is here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import JSON, SQLModel

from conference.core.columns import Kept, kept


class Seat(SQLModel, table=True):
    """Somebody who has come to the studio of a day.

    Attributes:
        source: their camera.
        screen: what their shared screen is, when it is one of their own.
        lane: whose panel they sit in.
        sends_as: a source of the kind `link` that shows their camera, so that what the run-of-show takes there is them.
        ready: they have said that they are.
    """

    __tablename__ = "studio_seat"

    day: str = kept(Kept.PERSON, primary_key=True)
    person: str = kept(Kept.PERSON, primary_key=True)
    source: str = kept(Kept.PERSON)
    screen: str | None = kept(Kept.PERSON, None)
    lane: str = kept(Kept.PERSON)
    sends_as: str | None = kept(Kept.PERSON, None)
    ready: bool = kept(Kept.PERSON, default=False)
    sat_at: datetime = kept(Kept.PERSON)


class Panel(SQLModel, table=True):
    """What was decided about a panel by hand.

    Attributes:
        panel: a source.
        members: sources; ``None`` for all of its lane who are ready.
        chosen: whose picture is shown; ``None`` for the loudest.
    """

    __tablename__ = "studio_panel"

    day: str = kept(Kept.OPERATION, primary_key=True)
    panel: str = kept(Kept.OPERATION, primary_key=True)
    members: list[Any] | None = kept(Kept.OPERATION, None, sa_type=JSON)
    chosen: str | None = kept(Kept.OPERATION, None)


class Whisper(SQLModel, table=True):
    """A word between the producer and one who takes part.

    Attributes:
        seat: the person who takes part.
        person: who said it.
    """

    __tablename__ = "studio_whisper"

    day: str = kept(Kept.SPEECH, primary_key=True)
    whisper: str = kept(Kept.SPEECH, primary_key=True)
    seat: str = kept(Kept.PERSON)
    person: str = kept(Kept.PERSON)
    by_desk: bool = kept(Kept.SPEECH)
    text: str = kept(Kept.SPEECH)
    at: datetime = kept(Kept.SPEECH)


class TypedLine(SQLModel, table=True):
    """Something that somebody writes, or has written, to all in a panel.

    Attributes:
        typed: its id, in order of time.
        lane: whose panel.
        finished_at: ``None`` while it is being written.
        touched_at: when its text was last changed.
    """

    __tablename__ = "studio_typed"

    day: str = kept(Kept.SPEECH, primary_key=True)
    typed: str = kept(Kept.SPEECH, primary_key=True)
    lane: str = kept(Kept.SPEECH)
    person: str = kept(Kept.PERSON)
    by_desk: bool = kept(Kept.SPEECH)
    text: str = kept(Kept.SPEECH)
    begun_at: datetime = kept(Kept.SPEECH)
    finished_at: datetime | None = kept(Kept.SPEECH, None)
    touched_at: datetime = kept(Kept.OPERATION)


class SourceKey(SQLModel, table=True):
    """How often the keys of a source have been renewed; they follow from this number and the installation's secret."""

    __tablename__ = "source_key"

    day: str = kept(Kept.OPERATION, primary_key=True)
    source: str = kept(Kept.OPERATION, primary_key=True)
    generation: int = kept(Kept.OPERATION, 0)
