"""What is stored of gestures: how many there were to each item, and where one may make none."""

from __future__ import annotations

from sqlmodel import SQLModel

from conference.core.columns import Kept, kept


class GestureCount(SQLModel, table=True):
    """How often a gesture was made to an item. There is no row, and no word in the log, that tells by whom."""

    __tablename__ = "gesture_count"

    day: str = kept(Kept.RESULT, primary_key=True)
    item: str = kept(Kept.RESULT, primary_key=True)
    gesture: str = kept(Kept.RESULT, primary_key=True)
    n: int = kept(Kept.RESULT, 0)


class StillLane(SQLModel, table=True):
    """A lane to whose items one may make no gestures."""

    __tablename__ = "gesture_still_lane"

    day: str = kept(Kept.PUBLIC, primary_key=True)
    lane: str = kept(Kept.PUBLIC, primary_key=True)
