"""What is stored of webhooks: where they lead, and what was sent or waits to be. Their secrets follow from the installation's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import JSON, SQLModel

from conference.core.columns import Kept, kept


class Webhook(SQLModel, table=True):
    """Where another system is told of a day.

    Attributes:
        kinds: of what it is told; of `rules.KINDS`.
        seen: the place in the day's log up to which messages were made.
        removed_at, why: since when it is told nothing, and why: as in `WebhookRemoved`.
    """

    __tablename__ = "webhook"

    day: str = kept(Kept.OPERATION, primary_key=True)
    webhook: str = kept(Kept.OPERATION, primary_key=True)
    url: str = kept(Kept.OPERATION)
    kinds: list[str] = kept(Kept.OPERATION, sa_type=JSON)
    seen: int = kept(Kept.OPERATION, sa_type=BigInteger)
    made_at: datetime = kept(Kept.OPERATION)
    made_by: str | None = kept(Kept.PERSON, None)
    removed_at: datetime | None = kept(Kept.OPERATION, None)
    why: str = kept(Kept.OPERATION, "")


class Delivery(SQLModel, table=True):
    """One message to one webhook.

    Attributes:
        delivery: its id, the same at every try, by which a receiver knows one that came twice.
        body: what is sent, to the letter, so that a second try is the first one again.
        state: ``waiting``, ``delivered`` or ``given_up``.
        due_at: when it is tried next; while it is being tried, when another process may.
        status: of the last answer; ``None`` without one.
        fault: why there was none: of `rules.FAULTS`.
    """

    __tablename__ = "delivery"
    __table_args__ = (Index("delivery_due", "state", "due_at"),)

    day: str = kept(Kept.OPERATION, primary_key=True)
    delivery: str = kept(Kept.OPERATION, primary_key=True)
    webhook: str = kept(Kept.OPERATION)
    kind: str = kept(Kept.OPERATION)
    body: str = kept(Kept.OPERATION)
    made_at: datetime = kept(Kept.OPERATION)
    state: str = kept(Kept.OPERATION, "waiting")
    tries: int = kept(Kept.OPERATION, 0)
    due_at: datetime = kept(Kept.OPERATION)
    tried_at: datetime | None = kept(Kept.OPERATION, None)
    status: int | None = kept(Kept.OPERATION, None)
    fault: str = kept(Kept.OPERATION, "")
