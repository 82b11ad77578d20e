"""What is stored of the way from needs to benefit. What somebody takes away is marked and can be put back; nothing is lost by a slip."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import JSON, SQLModel

from conference.core.columns import Kept, kept


class Need(SQLModel, table=True):
    """What somebody needs from the day.

    Attributes:
        source: who has said so, in words: "Behovsenkäten i våras".
        origin: where it was taken from: ``hand``, ``kit``, ``import``, ``poll:p-steg`` or ``survey:s-1/q-1``.
        theme: what it belongs to, in words.
        goals: ids of goals of the day.
        weight: how much it weighs: as many as have asked for it, as far as is known.
        items: ids of items of the day that answer it.
    """

    __tablename__ = "need"

    day: str = kept(Kept.RESULT, primary_key=True)
    need: str = kept(Kept.RESULT, primary_key=True)
    place: int = kept(Kept.RESULT)
    statement: str = kept(Kept.RESULT)
    statement_en: str | None = kept(Kept.RESULT, None)
    source: str = kept(Kept.RESULT, "")
    origin: str = kept(Kept.RESULT)
    theme: str = kept(Kept.RESULT, "")
    goals: list[Any] = kept(Kept.RESULT, default_factory=list, sa_type=JSON)
    weight: int = kept(Kept.RESULT, 0)
    items: list[Any] = kept(Kept.RESULT, default_factory=list, sa_type=JSON)
    removed: bool = kept(Kept.RESULT, default=False)


class Action(SQLModel, table=True):
    """What is done about needs after the day.

    Attributes:
        owner: who does it: a role or a unit, or a name; empty when nobody has taken it on.
        due: when it is to be done, or told of.
        stage: one of `rules.STAGES`.
        told_at: when its owner was heard of last.
        told: how many times its stage was changed or told of; the number of the last `Told`.
        link_hash: hash of the token of its owner's page, when there is one.
    """

    __tablename__ = "action"
    __table_args__ = (Index("action_link", "link_hash", unique=True),)

    day: str = kept(Kept.RESULT, primary_key=True)
    action: str = kept(Kept.RESULT, primary_key=True)
    place: int = kept(Kept.RESULT)
    what: str = kept(Kept.RESULT)
    owner: str = kept(Kept.OWNER, "")
    due: date | None = kept(Kept.RESULT, None)
    stage: str = kept(Kept.RESULT)
    needs: list[Any] = kept(Kept.RESULT, default_factory=list, sa_type=JSON)
    items: list[Any] = kept(Kept.RESULT, default_factory=list, sa_type=JSON)
    told: int = kept(Kept.RESULT, 0)
    told_at: datetime | None = kept(Kept.RESULT, None)
    link_hash: str | None = kept(Kept.OWNER, None)
    link_until: datetime | None = kept(Kept.OPERATION, None)
    removed: bool = kept(Kept.RESULT, default=False)


class ActionReminder(SQLModel, table=True):
    """Where the owner of an action is reminded by letter, until they say no, are forgotten, or somebody else takes it on.

    Attributes:
        token, link_hash: of a link to the owner's page that stands in the letters.
        leave: what stands in the link by which nothing more is sent.
        sent: how many were sent since the action is due: two at most.
    """

    __tablename__ = "action_reminder"

    day: str = kept(Kept.RESULT, primary_key=True)
    action: str = kept(Kept.OWNER, primary_key=True)
    address: str = kept(Kept.OWNER)
    lang: str = kept(Kept.OWNER)
    token: str = kept(Kept.OWNER)
    link_hash: str = kept(Kept.OWNER)
    leave: str = kept(Kept.OWNER)
    sent: int = kept(Kept.RESULT, 0)
    sent_on: date | None = kept(Kept.RESULT, None)
    due_at: datetime = kept(Kept.OPERATION)
    tries: int = kept(Kept.OPERATION, 0)


class Told(SQLModel, table=True):
    """One step of an action, or word of it. Inserted, never updated, but when an owner is forgotten.

    Attributes:
        by_owner: told by its owner on the page of the link, else by an organizer.
        was, stage: equal when there was only something to say.
        text: what there was to say; for a stage that was passed over, why.
    """

    __tablename__ = "action_told"

    day: str = kept(Kept.RESULT, primary_key=True)
    action: str = kept(Kept.RESULT, primary_key=True)
    number: int = kept(Kept.RESULT, primary_key=True)
    at: datetime = kept(Kept.RESULT)
    by_owner: bool = kept(Kept.RESULT)
    was: str = kept(Kept.RESULT)
    stage: str = kept(Kept.RESULT)
    text: str = kept(Kept.OWNER, "")


class Benefit(SQLModel, table=True):
    """What an action is good for, in a figure.

    Attributes:
        baseline: how it was before.
        effect: the change that is expected, with its sign.
        assumption: what has to be true for it.
        value: how it was when somebody looked again, on ``measured_on``.
    """

    __tablename__ = "benefit"

    day: str = kept(Kept.RESULT, primary_key=True)
    benefit: str = kept(Kept.RESULT, primary_key=True)
    place: int = kept(Kept.RESULT)
    action: str = kept(Kept.RESULT)
    what: str = kept(Kept.RESULT)
    unit: str = kept(Kept.RESULT, "")
    assumption: str = kept(Kept.RESULT, "")
    baseline: float | None = kept(Kept.RESULT, None)
    effect: float | None = kept(Kept.RESULT, None)
    value: float | None = kept(Kept.RESULT, None)
    measured_on: date | None = kept(Kept.RESULT, None)
    removed: bool = kept(Kept.RESULT, default=False)


class Target(SQLModel, table=True):
    """A goal in a figure, counted over all days of a series.

    Attributes:
        measure: what is counted: one of `rules.MEASURES`.
        goal: the goal of the days that it belongs to, by its id.
        amount: how many it shall be.
    """

    __tablename__ = "target"

    series: str = kept(Kept.RESULT, primary_key=True)
    target: str = kept(Kept.RESULT, primary_key=True)
    place: int = kept(Kept.RESULT)
    title: str = kept(Kept.RESULT)
    measure: str = kept(Kept.RESULT)
    goal: str | None = kept(Kept.RESULT, None)
    amount: int = kept(Kept.RESULT)
    due: date | None = kept(Kept.RESULT, None)
    removed: bool = kept(Kept.RESULT, default=False)


class Reached(SQLModel, table=True):
    """An organisation that took part in a day, as the organizers know.

    Attributes:
        reached: a hash of its name in small letters, by which it is the same one on another day.
        kind: one of `rules.KINDS`.
    """

    __tablename__ = "reached"

    day: str = kept(Kept.RESULT, primary_key=True)
    reached: str = kept(Kept.RESULT, primary_key=True)
    name: str = kept(Kept.RESULT)
    kind: str = kept(Kept.RESULT)
    removed: bool = kept(Kept.RESULT, default=False)
