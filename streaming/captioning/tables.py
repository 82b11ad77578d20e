"""What is stored of live captions: the lines, and whose turn it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import JSON, SQLModel

from conference.core.columns import Kept, kept

DELAY_MS = 2_000  # from a spoken word to the first key of a practised writer who hears the studio without delay


class Caption(SQLModel, table=True):
    """One line.

    Attributes:
        line: its id, in order of time.
        everywhere: shown in all lanes but those ``apart``: they showed the same when it was begun.
        apart: regions that were late then, and still showed their own.
        text: one row, or two with a line feed between.
        finished_at: when it stood as it is kept; ``None`` while it is being written.
        touched_at: when its text was last changed.
        by: who wrote it.
    """

    __tablename__ = "caption"
    __table_args__ = (Index("caption_touched", "day", "touched_at"),)

    day: str = kept(Kept.PUBLIC, primary_key=True)
    line: str = kept(Kept.PUBLIC, primary_key=True)
    lane: str = kept(Kept.PUBLIC)
    everywhere: bool = kept(Kept.PUBLIC)
    apart: list[str] = kept(Kept.PUBLIC, default_factory=list, sa_type=JSON)
    text: str = kept(Kept.PUBLIC)
    begun_at: datetime = kept(Kept.PUBLIC)
    finished_at: datetime | None = kept(Kept.PUBLIC, None)
    touched_at: datetime = kept(Kept.OPERATION)
    corrected: bool = kept(Kept.PUBLIC, False)
    by: str = kept(Kept.PERSON)


class Turn(SQLModel, table=True):
    """Whose turn it is in a lane.

    Attributes:
        writer: whoever writes; nobody else's words come in between.
        ready: stands ready to be handed the turn.
        wanted: takes over as soon as the line is finished.
        line: the one that is being written.
        delay_ms: how long after a word its writer usually begins the line.
    """

    __tablename__ = "caption_turn"

    day: str = kept(Kept.OPERATION, primary_key=True)
    lane: str = kept(Kept.OPERATION, primary_key=True)
    writer: str | None = kept(Kept.PERSON, None)
    since: datetime = kept(Kept.OPERATION)
    ready: str | None = kept(Kept.PERSON, None)
    wanted: str | None = kept(Kept.PERSON, None)
    line: str | None = kept(Kept.OPERATION, None)
    delay_ms: int = kept(Kept.OPERATION, DELAY_MS)
