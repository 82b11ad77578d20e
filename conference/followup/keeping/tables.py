"""What is stored of keeping: dates that an organizer chose, and the protocols of what was deleted."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import JSON, SQLModel

from conference.core.columns import Kept, kept


class KeepingDate(SQLModel, table=True):
    """Until when one kind of data of a day is held, where an organizer has said so.

    Attributes:
        until: the first day on which it may be deleted.
        decision: reference of the decision behind it, such as a number in the register; may be empty.
    """

    __tablename__ = "keeping_date"

    day: str = kept(Kept.AUDIT, primary_key=True)
    kind: str = kept(Kept.AUDIT, primary_key=True)
    until: date = kept(Kept.AUDIT)
    decision: str = kept(Kept.AUDIT, "")


class Disposal(SQLModel, table=True):
    """A protocol: who signed that what is deleted, and how it went.

    Attributes:
        disposal: counts from 1 within the day.
        kinds: kinds of data, as columns name them.
        figures: the frozen figures of the report that remain, by their number.
        held: table -> rows that held something of it when it was signed, once for each of the kinds.
        removed: table -> rows that were deleted or emptied so far.
        by: who signed, by id; ``name``: as they wrote their name. A protocol without a name is none, so it is held with it.
        done_at: when nothing was left.
    """

    __tablename__ = "disposal"

    day: str = kept(Kept.AUDIT, primary_key=True)
    disposal: int = kept(Kept.AUDIT, primary_key=True)
    kinds: list[str] = kept(Kept.AUDIT, sa_type=JSON)
    figures: int = kept(Kept.AUDIT)
    held: dict[str, int] = kept(Kept.AUDIT, sa_type=JSON)
    removed: dict[str, int] = kept(Kept.AUDIT, default_factory=dict, sa_type=JSON)
    by: str = kept(Kept.AUDIT)
    name: str = kept(Kept.AUDIT)
    decision: str = kept(Kept.AUDIT, "")
    signed_at: datetime = kept(Kept.AUDIT)
    done_at: datetime | None = kept(Kept.AUDIT, None)
