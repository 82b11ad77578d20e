"""What is stored: surveys, filled-in forms under pseudonyms, and what they come to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary
from sqlmodel import SQLModel

from conference.core.columns import Kept, kept


class Survey(SQLModel, table=True):
    """A survey of a day.

    Attributes:
        questions: JSON of a list of `polls.surveys.parts.Part`.
        for_whom: a key of `polls.surveys.rules.FOR_WHOM`.
        known: whether this version can open it.
        opens: when it opens by itself: ``cue``, ``date`` (at ``opens_at``), ``day_closed``, ``after_item``; never when ``hand``.
        item: of the one that is asked once an item, empty; of each that was made of it (``of``) by the end of an item, that item.
        scope: ``country``, or the lane that is asked.
        group_answer: whether several people before one screen may answer together.
        open_days: how long it is open; ``None`` until somebody closes it.
        months: of a follow-up wave, how long after the day it asks; it is answered by the links of its letters alone.
        mailed: how many letters with a link to it were sent.
        key_print: fingerprint of the key that the forms lie under while it is open.
    """

    __tablename__ = "survey"

    day: str = kept(Kept.PUBLIC, primary_key=True)
    survey: str = kept(Kept.PUBLIC, primary_key=True)
    place: int = kept(Kept.PUBLIC)
    title: str = kept(Kept.PUBLIC)
    title_en: str = kept(Kept.PUBLIC)
    intro: str = kept(Kept.PUBLIC)
    intro_en: str | None = kept(Kept.PUBLIC, None)
    questions: str = kept(Kept.PUBLIC)
    for_whom: str = kept(Kept.PUBLIC)
    known: bool = kept(Kept.PUBLIC)
    group_answer: bool = kept(Kept.PUBLIC)
    open_days: int | None = kept(Kept.PUBLIC, None)
    months: int | None = kept(Kept.PUBLIC, None)
    mailed: int = kept(Kept.RESULT, 0)
    opens: str | None = kept(Kept.PUBLIC, None)
    opens_at: datetime | None = kept(Kept.PUBLIC, None)
    of: str | None = kept(Kept.PUBLIC, None)
    item: str | None = kept(Kept.PUBLIC, None)
    scope: str | None = kept(Kept.PUBLIC, None)
    state: str = kept(Kept.PUBLIC, "draft")  # draft, open, closed
    opened_at: datetime | None = kept(Kept.PUBLIC, None)
    closes_at: datetime | None = kept(Kept.PUBLIC, None)
    closed_at: datetime | None = kept(Kept.PUBLIC, None)
    key_print: str | None = kept(Kept.OPERATION, None)


class SurveyUndo(SQLModel, table=True):
    """What the last change to a draft can be taken back to.

    Attributes:
        before: every column of the survey as it was, as JSON has them.
        gone: whether the change took the whole survey away.
        title: what it was called, for the button that brings it back.
    """

    __tablename__ = "survey_undo"

    day: str = kept(Kept.OPERATION, primary_key=True)
    survey: str = kept(Kept.OPERATION, primary_key=True)
    before: dict[str, Any] = kept(Kept.OPERATION, sa_type=JSON)
    gone: bool = kept(Kept.OPERATION)
    title: str = kept(Kept.OPERATION)


class SurveyAnswers(SQLModel, table=True):
    """One form as it is filled in. No person, no time, no order.

    Attributes:
        box: ``day/survey/<id>``.
        key: the pseudonym while the survey is open, random afterwards.
        answers: JSON of ``{question: answer}``, in the order of the questions whichever was answered first.
        final: whether it was sent, and not only saved.
        about: region, kind of organisation and people behind it, sealed under the box's key while it is open; nothing afterwards.
    """

    __tablename__ = "survey_answers"
    __table_args__ = {"sqlite_with_rowid": False}

    box: str = kept(Kept.ANSWER, primary_key=True)
    key: bytes = kept(Kept.ANSWER, primary_key=True, sa_type=LargeBinary(32))
    receipt: str = kept(Kept.ANSWER)
    answers: str = kept(Kept.ANSWER)
    final: bool = kept(Kept.ANSWER)
    about: bytes | None = kept(Kept.ANSWER, None, sa_type=LargeBinary)


class SurveyCount(SQLModel, table=True):
    """The tally of one question, kept up in the transactions of its answers.

    Attributes:
        question: its id; empty for the survey as a whole.
        now: JSON of the true tally.
        shown: JSON of the one that may be seen while the survey is open: see `polls.surveys.rules.next_shown`.
        waiting: JSON of the keys of forms whose text may not be read yet; none after the close.
        regions, affiliations: JSON of the splits as they may be seen, made once at the close.
    """

    __tablename__ = "survey_count"

    day: str = kept(Kept.RESULT, primary_key=True)
    survey: str = kept(Kept.RESULT, primary_key=True)
    question: str = kept(Kept.RESULT, primary_key=True)
    now: str = kept(Kept.RESULT)
    shown: str = kept(Kept.RESULT)
    waiting: str = kept(Kept.ANSWER, "[]")
    regions: str | None = kept(Kept.RESULT, None)
    affiliations: str | None = kept(Kept.RESULT, None)


class SurveyLetter(SQLModel, table=True):
    """A letter with a link to a survey, for somebody who asked for it: there until it is sent. No person, no time of asking, no order.

    Attributes:
        letter: random.
        token: what stands in its link; when the letter is sent nothing tells any more which address had it.
        leave: what stands in the link by which nothing more is sent; the same in all letters of a day to one address.
        due_at: when it may be tried; the survey must be open, too.
        until: when it is given up and forgotten, unless the day itself is not so long ago.
    """

    __tablename__ = "survey_letter"
    __table_args__ = {"sqlite_with_rowid": False}

    day: str = kept(Kept.OPERATION, primary_key=True)
    letter: str = kept(Kept.ADDRESS, primary_key=True)
    survey: str = kept(Kept.OPERATION)
    address: str = kept(Kept.ADDRESS)
    lang: str = kept(Kept.ADDRESS)
    token: str = kept(Kept.ADDRESS)
    leave: str = kept(Kept.ADDRESS)
    due_at: datetime = kept(Kept.OPERATION)
    until: datetime = kept(Kept.OPERATION)
    tries: int = kept(Kept.OPERATION, 0)


class SurveyLink(SQLModel, table=True):
    """A link that a survey can be answered by, once; gone when the survey closes. It carries no identity.

    Attributes:
        link: hash of its token.
        key: the pseudonym that its form lies under, where somebody may also answer as who they are, so that it can be read with the
            key of the survey's box alone; ``None`` for one of its own.
        region, affiliation: what its form is counted with.
    """

    __tablename__ = "survey_link"
    __table_args__ = {"sqlite_with_rowid": False}

    day: str = kept(Kept.ANSWER, primary_key=True)
    link: str = kept(Kept.ANSWER, primary_key=True)
    survey: str = kept(Kept.ANSWER)
    key: bytes | None = kept(Kept.ANSWER, None, sa_type=LargeBinary(32))
    region: str | None = kept(Kept.ANSWER, None)
    affiliation: str | None = kept(Kept.ANSWER, None)
