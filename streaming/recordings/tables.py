"""What is stored of recordings. Their pictures are those of the lanes: here stands only from when until when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import JSON, SQLModel

from conference.core.columns import Kept, kept


class Recording(SQLModel, table=True):
    """What one lane showed while something lasted.

    Attributes:
        recording: ``item``, ``block@lane`` or ``day@lane``.
        kind: ``item``, ``block`` or ``day``.
        items: ids of the items in it, in order: its chapters.
        begins_at, ends_at: when that really began and ended.
        state: ``kept``, ``published`` or ``withdrawn``.
        captioned: whether what is said could be read when it was published, or later.
        exception: why it was published without captions, in the words of whoever did it.
        due_at: until then a published recording without captions must have them.
        reason: why it was withdrawn; ``late``: by the clock.
    """

    __tablename__ = "recording"
    __table_args__ = (Index("recording_due", "state", "captioned", "due_at"),)

    day: str = kept(Kept.PUBLIC, primary_key=True)
    recording: str = kept(Kept.PUBLIC, primary_key=True)
    lane: str = kept(Kept.PUBLIC)
    kind: str = kept(Kept.PUBLIC)
    block: str | None = kept(Kept.PUBLIC, None)
    items: list[Any] = kept(Kept.PUBLIC, default_factory=list, sa_type=JSON)
    title: str = kept(Kept.PUBLIC)
    title_en: str | None = kept(Kept.PUBLIC, None)
    begins_at: datetime = kept(Kept.PUBLIC)
    ends_at: datetime = kept(Kept.PUBLIC)
    state: str = kept(Kept.PUBLIC, "kept")
    captioned: bool = kept(Kept.PUBLIC, False)
    due_at: datetime = kept(Kept.PUBLIC)
    published_at: datetime | None = kept(Kept.PUBLIC, None)
    exception: str | None = kept(Kept.OPERATION, None)
    withdrawn_at: datetime | None = kept(Kept.OPERATION, None)
    reason: str | None = kept(Kept.OPERATION, None)
    late: bool = kept(Kept.OPERATION, False)
    by: str | None = kept(Kept.PERSON, None)
    position: int = kept(Kept.PUBLIC, 0)
