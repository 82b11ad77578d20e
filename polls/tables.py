"""What is stored: polls, ballots under pseudonyms, and the tallies they come to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary
from sqlmodel import JSON, SQLModel

from conference.core.columns import Kept, kept


class Poll(SQLModel, table=True):
    """A question put to the country or to one region, and how its voting and its result stand: two axes, never one."""

    __tablename__ = "poll"

    day: str = kept(Kept.PUBLIC, primary_key=True)
    poll: str = kept(Kept.PUBLIC, primary_key=True)
    place: int = kept(Kept.PUBLIC)  # its order in the day
    scope: str = kept(Kept.PUBLIC)  # "country", a region's id, or "national": those without a region
    question: str = kept(Kept.PUBLIC)  # JSON of polls.kinds.Question
    known: bool = kept(Kept.PUBLIC)  # whether this version can ask it
    seconds: int = kept(Kept.PUBLIC)  # how long it is open when a hand opens it
    voting: str = kept(Kept.PUBLIC, "draft")  # draft, open, closed, archived
    result: str = kept(Kept.PUBLIC, "hidden")  # hidden, stage, everyone
    round: int = kept(Kept.PUBLIC, 0)
    opened_at: datetime | None = kept(Kept.PUBLIC, None)
    closes_at: datetime | None = kept(Kept.PUBLIC, None)
    closed_at: datetime | None = kept(Kept.PUBLIC, None)
    passed_over: dict[str, Any] | None = kept(Kept.PUBLIC, None, sa_type=JSON)  # the cue that it could not follow, and why
    shows_next: str | None = kept(Kept.PUBLIC, None)  # whom its result is shown to as soon as it is closed
    sorting: str = kept(Kept.RESULT, "{}")  # JSON of polls.sorting.Sorting
    sorts: int = kept(Kept.RESULT, 0)  # how often what people wrote was sorted since the poll was opened first
    key_print: str | None = kept(Kept.OPERATION, None)  # fingerprint of the key the open box's ballots lie under


class BankQuestion(SQLModel, table=True):
    """A question of the installation's bank, in one version.

    Attributes:
        question: its lasting id.
        body: JSON of polls.kinds.Question.
        locked: whether it belongs to the whole country; only a kit brings new versions of it.
    """

    __tablename__ = "bank_question"

    question: str = kept(Kept.PUBLIC, primary_key=True)
    version: int = kept(Kept.PUBLIC, primary_key=True)
    body: str = kept(Kept.PUBLIC)
    locked: bool = kept(Kept.PUBLIC, default=False)


class SortedText(SQLModel, table=True):
    """What a moderator said of one text that was written to a poll.

    Attributes:
        text: its id, from its ballot's key, which is random since the close: see `polls.texts.texts_of`.
        standing: through, held, removed; empty when nothing was said.
        theme: the group that it was put in, by its name.
    """

    __tablename__ = "sorted_text"

    day: str = kept(Kept.RESULT, primary_key=True)
    poll: str = kept(Kept.RESULT, primary_key=True)
    text: str = kept(Kept.RESULT, primary_key=True)
    standing: str = kept(Kept.RESULT, "")
    theme: str = kept(Kept.RESULT, "")


class Ballot(SQLModel, table=True):
    """One answer. No person, no time, no order.

    Attributes:
        key: the pseudonym while the poll is open, random afterwards.
        receipt: what the voter was given; random.
        about: region, kind of organisation and people behind it, sealed under the box's key while it is open; nothing afterwards.
    """

    __tablename__ = "ballot"
    __table_args__ = {"sqlite_with_rowid": False}

    box: str = kept(Kept.BALLOT, primary_key=True)
    key: bytes = kept(Kept.BALLOT, primary_key=True, sa_type=LargeBinary(32))
    receipt: str = kept(Kept.BALLOT)
    answer: str = kept(Kept.BALLOT)
    about: bytes | None = kept(Kept.BALLOT, None, sa_type=LargeBinary)


class Count(SQLModel, table=True):
    """The tally of one round, kept up in the transactions of its votes.

    Attributes:
        now: JSON of the true tally.
        shown: JSON of the one that may be seen while the poll is open: see `polls.tally.next_shown`.
        waiting: JSON of the keys of ballots in people's own words that may not be read yet; none after the close.
        regions, affiliations: JSON of the splits per region and kind of organisation as they may be seen, made once at the close.
    """

    __tablename__ = "poll_count"

    day: str = kept(Kept.RESULT, primary_key=True)
    poll: str = kept(Kept.RESULT, primary_key=True)
    round: int = kept(Kept.RESULT, primary_key=True)
    now: str = kept(Kept.RESULT)
    shown: str = kept(Kept.RESULT)
    waiting: str = kept(Kept.RESULT, "[]")
    regions: str | None = kept(Kept.RESULT, None)
    affiliations: str | None = kept(Kept.RESULT, None)


class VoteAnswer(SQLModel, table=True):
    """The answer to a wish of voting, or of answering a survey, so that asking again gives the same receipt: see `polls.receipts`.

    Attributes:
        memory: hash of the wish as it came under the session's secret. The secret is in the voter's browser alone, so the row leads to
            nobody.
        receipt: masked by the wish, so that the row does not lead to a ballot either.
    """

    __tablename__ = "vote_answer"
    __table_args__ = {"sqlite_with_rowid": False}

    day: str = kept(Kept.BALLOT, primary_key=True)
    memory: str = kept(Kept.BALLOT, primary_key=True)
    body: str = kept(Kept.BALLOT)  # under the same secret
    receipt: str = kept(Kept.BALLOT)
