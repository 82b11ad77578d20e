"""What is stored: questions, who backs them, and whether one may ask."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import SQLModel

from conference.core.columns import Kept, kept


class Queue(SQLModel, table=True):
    """The questions to the panel of one lane. It is there from the first cue that names it.

    Attributes:
        hold: whether a question is held until a moderator lets it through.
    """

    __tablename__ = "question_queue"

    day: str = kept(Kept.PUBLIC, primary_key=True)
    queue: str = kept(Kept.PUBLIC, primary_key=True)
    open: bool = kept(Kept.PUBLIC)
    hold: bool = kept(Kept.PUBLIC, default=True)


class Question(SQLModel, table=True):
    """One question: the columns are those of `chat.questions.events.Card`.

    Attributes:
        seq: where it was asked in the log, by which everybody sees the same order.
        removed: then ``text`` and ``answer`` are empty.
    """

    __tablename__ = "question"
    __table_args__ = (Index("question_in_order", "day", "seq"), Index("question_into", "day", "into"))

    day: str = kept(Kept.SPEECH, primary_key=True)
    question: str = kept(Kept.SPEECH, primary_key=True)
    seq: int = kept(Kept.SPEECH, sa_type=BigInteger)
    lane: str = kept(Kept.SPEECH)
    person: str = kept(Kept.PERSON)
    text: str = kept(Kept.SPEECH)
    state: str = kept(Kept.SPEECH)
    asked_at: datetime = kept(Kept.SPEECH)
    public: bool = kept(Kept.SPEECH, default=False)
    anonymous: bool = kept(Kept.SPEECH, default=False)
    role: str | None = kept(Kept.SPEECH, None)
    region: str | None = kept(Kept.SPEECH, None)
    people: int = kept(Kept.SPEECH, 1)
    to: str | None = kept(Kept.SPEECH, None)
    backs: int = kept(Kept.SPEECH, 0)
    taken_up_at: datetime | None = kept(Kept.SPEECH, None)
    answered_at: datetime | None = kept(Kept.SPEECH, None)
    answer: str | None = kept(Kept.SPEECH, None)
    reason: str | None = kept(Kept.SPEECH, None)
    into: str | None = kept(Kept.SPEECH, None)
    lifted: str | None = kept(Kept.SPEECH, None)
    lifted_from: str | None = kept(Kept.SPEECH, None)
    lifted_backs: int | None = kept(Kept.SPEECH, None)
    assigned_to: str | None = kept(Kept.SPEECH, None)
    due: date | None = kept(Kept.SPEECH, None)
    removed: bool = kept(Kept.SPEECH, default=False)
    against: int = kept(Kept.SPEECH, 0)
    label: str | None = kept(Kept.SPEECH, None)
    starred: bool = kept(Kept.SPEECH, default=False)
    quotable: bool = kept(Kept.SPEECH, default=False)


class Back(SQLModel, table=True):
    """That somebody backs a question, once, whichever way the support has come to it; or (``against``) would rather have another one."""

    __tablename__ = "question_back"

    day: str = kept(Kept.PERSON, primary_key=True)
    question: str = kept(Kept.PERSON, primary_key=True)
    person: str = kept(Kept.PERSON, primary_key=True)
    against: bool = kept(Kept.PERSON, default=False)


class Letter(SQLModel, table=True):
    """Where the answer in writing shall be sent. The row is gone when it has been, or when it cannot be.

    Attributes:
        ready: whether there is an answer; it is sent when ``due_at`` has come.
        tries: how often somebody has set about sending it.
    """

    __tablename__ = "question_letter"
    __table_args__ = (Index("question_letter_due", "ready", "due_at"),)

    day: str = kept(Kept.PERSON, primary_key=True)
    question: str = kept(Kept.PERSON, primary_key=True)
    person: str = kept(Kept.PERSON)
    address: str = kept(Kept.PERSON)
    lang: str = kept(Kept.PERSON)
    ready: bool = kept(Kept.OPERATION, default=False)
    tries: int = kept(Kept.OPERATION, 0)
    due_at: datetime = kept(Kept.OPERATION)
