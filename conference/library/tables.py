"""What is stored of the library."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Text
from sqlmodel import JSON, SQLModel

from conference.core.columns import Kept, kept


class Film(SQLModel, table=True):
    """A film of one day, from its kit or uploaded.

    Attributes:
        planned_s: the length that its script or uploader gave; the run-of-show was planned with it.
        seconds: the measured length once it is packaged, until then the planned one.
        state: ``waiting``, ``packaging``, ``ready`` or ``refused``.
        why: the refusal's code when it is refused.
        file: where it lies: for a kit's film inside the kit's folder, for an uploaded one inside the data folder; ``None`` without picture.
        captions: its WebVTT beside it; ``None`` without.
        webvtt: captions that were given to the day afterwards; they stand in place of those beside it.
        origin: ``kit`` or ``upload``.
    """

    __tablename__ = "film"

    day: str = kept(Kept.PUBLIC, primary_key=True)
    film: str = kept(Kept.PUBLIC, primary_key=True)
    title: str = kept(Kept.PUBLIC)
    title_en: str | None = kept(Kept.PUBLIC, None)
    summary: str = kept(Kept.PUBLIC, "")
    summary_en: str | None = kept(Kept.PUBLIC, None)
    transcript: str = kept(Kept.PUBLIC, "")
    language: str = kept(Kept.PUBLIC, "sv")
    kind: str = kept(Kept.PUBLIC, "film")
    goals: list[Any] = kept(Kept.PUBLIC, default_factory=list, sa_type=JSON)
    questions: list[Any] = kept(Kept.PUBLIC, default_factory=list, sa_type=JSON)
    planned_s: float = kept(Kept.PUBLIC, 0.0)
    seconds: float = kept(Kept.PUBLIC, 0.0)
    licence: str = kept(Kept.PUBLIC, "")
    invented: bool = kept(Kept.PUBLIC, False)
    origin: str = kept(Kept.OPERATION)
    state: str = kept(Kept.OPERATION)
    why: str | None = kept(Kept.OPERATION, None)
    file: str | None = kept(Kept.OPERATION, None)
    captions: str | None = kept(Kept.OPERATION, None)
    webvtt: str | None = kept(Kept.PUBLIC, None, sa_type=Text)
    position: int = kept(Kept.PUBLIC, 0)
    added_at: datetime = kept(Kept.OPERATION)


class Download(SQLModel, table=True):
    """How often something of a day was taken home; by whom is not kept.

    Attributes:
        what: ``kit``, a film's file, a text: ``film-hemma.mp4``, ``invitation.sv.md``.
    """

    __tablename__ = "download"

    day: str = kept(Kept.PUBLIC, primary_key=True)
    what: str = kept(Kept.PUBLIC, primary_key=True)
    n: int = kept(Kept.PUBLIC, 0, sa_type=BigInteger)
