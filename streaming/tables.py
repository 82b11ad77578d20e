"""What is stored of lanes: when the day's clock began, and who showed what from which moment. Playlists follow from these alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Text
from sqlmodel import JSON, SQLModel

from conference.core.columns import Kept, kept


class ProgrammeClock(SQLModel, table=True):
    """The one clock of all lanes of a day: pictures and sound are stamped with the time since ``began_at``.

    Attributes:
        lanes: all of the day, the national one first.
        changes: how many takes and other changes there have been; a reader who has seen as many has seen them all.
        ended_ms: where all lanes end, once the day has ended.
    """

    __tablename__ = "programme_clock"

    day: str = kept(Kept.PUBLIC, primary_key=True)
    began_at: datetime = kept(Kept.PUBLIC)
    lanes: list[Any] = kept(Kept.PUBLIC, sa_type=JSON)
    changes: int = kept(Kept.OPERATION, 0)
    ended_ms: int | None = kept(Kept.PUBLIC, None)


class Showing(SQLModel, table=True):
    """Something taken on air in some lanes, until something else is taken there. Rows are added and never changed.

    Attributes:
        position: the number of the change; a later one wins where two hold for the same moment.
        begins_ms: on the programme's clock; in whole parts, but for a source, which comes with its next key frame.
        kind: ``film``, ``source`` or ``slate``.
        asset: the packed film.
        duration_ms: how much of the asset is shown; ``skips_ms`` of it come before, and are not, as it was joined when it was on elsewhere.
    """

    __tablename__ = "showing"

    day: str = kept(Kept.PUBLIC, primary_key=True)
    position: int = kept(Kept.PUBLIC, primary_key=True)
    lanes: list[Any] = kept(Kept.PUBLIC, sa_type=JSON)
    kind: str = kept(Kept.PUBLIC)
    source: str = kept(Kept.PUBLIC)
    title: str | None = kept(Kept.PUBLIC, None)
    text: str | None = kept(Kept.PUBLIC, None)
    begins_ms: int = kept(Kept.PUBLIC)
    asset: str | None = kept(Kept.OPERATION, None)
    duration_ms: int = kept(Kept.PUBLIC, 0)
    skips_ms: int = kept(Kept.PUBLIC, 0)


class OnAir(SQLModel, table=True):
    """What a lane shows now, or in a moment."""

    __tablename__ = "on_air"

    day: str = kept(Kept.PUBLIC, primary_key=True)
    lane: str = kept(Kept.PUBLIC, primary_key=True)
    position: int = kept(Kept.PUBLIC)
    kind: str = kept(Kept.PUBLIC)
    source: str = kept(Kept.PUBLIC)
    title: str | None = kept(Kept.PUBLIC, None)
    text: str | None = kept(Kept.PUBLIC, None)
    since: datetime = kept(Kept.PUBLIC)
    until: datetime | None = kept(Kept.PUBLIC, None)


class LiveSource(SQLModel, table=True):
    """Whether a live source sends, as the media process tells; where it is shown, pages say so."""

    __tablename__ = "live_source"

    day: str = kept(Kept.OPERATION, primary_key=True)
    source: str = kept(Kept.OPERATION, primary_key=True)
    is_live: bool = kept(Kept.OPERATION)


class Slide(SQLModel, table=True):
    """Which page of a speaker's slides a screen shows, and what is written on it, for those who cannot see it.

    Attributes:
        source: the screen.
        of: the camera of the speaker whose slides they are.
        page: counted from 1; ``None`` while it shows none.
        pages: how many there are.
    """

    __tablename__ = "slide"

    day: str = kept(Kept.PUBLIC, primary_key=True)
    source: str = kept(Kept.PUBLIC, primary_key=True)
    of: str = kept(Kept.PUBLIC)
    page: int | None = kept(Kept.PUBLIC, None)
    pages: int = kept(Kept.PUBLIC, 0)
    text: str = kept(Kept.PUBLIC, "", sa_type=Text)


class SlideSeen(SQLModel, table=True):
    """A page of slides that lanes showed from a moment on; recordings tell of it for as long as they are there.

    Attributes:
        page: ``None``: the screen showed no slides any more.
    """

    __tablename__ = "slide_seen"

    day: str = kept(Kept.PUBLIC, primary_key=True)
    source: str = kept(Kept.PUBLIC, primary_key=True)
    at: datetime = kept(Kept.PUBLIC, primary_key=True)
    lanes: list[Any] = kept(Kept.PUBLIC, sa_type=JSON)
    page: int | None = kept(Kept.PUBLIC, None)
    pages: int = kept(Kept.PUBLIC, 0)
    text: str = kept(Kept.PUBLIC, "", sa_type=Text)


class FilmAsset(SQLModel, table=True):
    """A film of the day as the media process has packed it.

    Attributes:
        asset: made from the film's content; several films may share one.
        captions: its WebVTT.
    """

    __tablename__ = "film_asset"

    day: str = kept(Kept.PUBLIC, primary_key=True)
    film: str = kept(Kept.PUBLIC, primary_key=True)
    asset: str = kept(Kept.OPERATION)
    duration_ms: int = kept(Kept.PUBLIC)
    bandwidth: int = kept(Kept.OPERATION)
    captions: str | None = kept(Kept.PUBLIC, None, sa_type=Text)
