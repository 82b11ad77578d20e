"""What is stored of those who read the day by programs."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import SQLModel

from conference.core.columns import Kept, kept


class ApiKey(SQLModel, table=True):
    """A key by which a program reads the figures of one day, and nothing else. Of its token only the hash is here.

    Attributes:
        key: what staff and the audit chain call it; tells nothing of the token.
        label: what it was made for, as the organizer wrote it: the system that reads; names nobody.
        used_on: the last day on which it was used; noted once a day.
    """

    __tablename__ = "api_key"
    __table_args__ = (Index("api_key_day", "day", "key", unique=True),)

    token_hash: str = kept(Kept.SECRET, primary_key=True)
    day: str = kept(Kept.OPERATION)
    key: str = kept(Kept.OPERATION)
    label: str = kept(Kept.OPERATION)
    made_at: datetime = kept(Kept.OPERATION)
    made_by: str | None = kept(Kept.PERSON, None)
    expires_at: datetime = kept(Kept.OPERATION)
    revoked_at: datetime | None = kept(Kept.OPERATION, None)
    used_on: date | None = kept(Kept.OPERATION, None)
