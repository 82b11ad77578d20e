"""What is stored of answers in hindsight besides their ballots, which lie where all ballots do, in a box of their own."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import SQLModel

from conference.core.columns import Kept, kept


class LaterCount(SQLModel, table=True):
    """The tally of those who answered a poll after the day, kept up in the transactions of their answers; no live one knows of it.

    Attributes:
        now: JSON of the true tally.
        shown: JSON of the one that may be seen: see `polls.later.rules.next_shown`.
        closed_at: when nobody could answer any more; ``None`` while somebody can.
        key_print: fingerprint of the key that the ballots lie under while it is open.
    """

    __tablename__ = "later_count"

    day: str = kept(Kept.RESULT, primary_key=True)
    poll: str = kept(Kept.RESULT, primary_key=True)
    now: str = kept(Kept.RESULT)
    shown: str = kept(Kept.RESULT)
    closed_at: datetime | None = kept(Kept.RESULT, None)
    key_print: str | None = kept(Kept.OPERATION, None)
