"""What is stored of reports: the figures as they were once, and versions that put words to them. Neither is ever changed."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import SQLModel

from conference.core.columns import Kept, kept


class ReportFigures(SQLModel, table=True):
    """The figures of one moment.

    Attributes:
        figures: counts from 1 within the day.
        body: JSON as `frozen.frozen` makes it: disclosed figures, no word of a person but what may be quoted.
        fingerprint: SHA-256 of the body, in hexadecimal; stands in every document that is made of it.
    """

    __tablename__ = "report_figures"

    day: str = kept(Kept.RESULT, primary_key=True)
    figures: int = kept(Kept.RESULT, primary_key=True)
    taken_at: datetime = kept(Kept.RESULT)
    fingerprint: str = kept(Kept.RESULT)
    body: str = kept(Kept.RESULT)


class ReportVersion(SQLModel, table=True):
    """One version of the report.

    Attributes:
        figures: which `ReportFigures` it shows.
        words: JSON of ``{chapter: text}``, what the organizer wrote.
        by: who made it.
    """

    __tablename__ = "report_version"

    day: str = kept(Kept.RESULT, primary_key=True)
    version: int = kept(Kept.RESULT, primary_key=True)
    figures: int = kept(Kept.RESULT)
    words: str = kept(Kept.RESULT)
    made_at: datetime = kept(Kept.RESULT)
    by: str | None = kept(Kept.PERSON, None)
