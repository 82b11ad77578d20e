"""What can happen to lanes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class Taken(Event):
    """Something else goes on air in some lanes.

    Attributes:
        lanes: those in which it does.
        showing: its name, unique in the day.
        source: what is shown: a film's id, a source's id, or ``slate``.
        kind: ``film``, ``source`` or ``slate``. A source that is not there is shown as a slate with its name.
        title: of the film or source.
        text: what to say over a slate.
        since: when its first picture is listed: a moment after it was decided.
        until: when a film is over; a slate follows by itself.
    """

    name: ClassVar[str] = "streaming.taken"

    lanes: list[str]
    showing: str
    source: str
    kind: str
    title: str | None = None
    text: str | None = None
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SourceCame(Event):
    """A live source sends: the lanes that want it show it, and no slate any more.

    Attributes:
        lanes: those in which it is on air.
    """

    name: ClassVar[str] = "streaming.source_came"

    source: str
    lanes: list[str]


@dataclass(frozen=True, kw_only=True)
class SourceWent(Event):
    """A live source sends nothing any more: the lanes that want it show a slate with its name.

    Attributes:
        lanes: those in which it is on air.
        title: its name.
    """

    name: ClassVar[str] = "streaming.source_went"

    source: str
    lanes: list[str]
    title: str


@dataclass(frozen=True, kw_only=True)
class SlideShown(Event):
    """A page of a speaker's slides is on air: it was turned to, or its screen was taken.

    Attributes:
        lanes: those in which it is.
        page: counted from 1; ``None``: slides are shown no more.
        pages: how many there are.
        text: what is written on it.
    """

    name: ClassVar[str] = "streaming.slide_shown"

    source: str
    lanes: list[str]
    page: int | None
    pages: int = 0
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class LanesEnded(Event):
    """The day's lanes are complete: they get no more pictures and can be played from the start."""

    name: ClassVar[str] = "streaming.ended"

    lanes: list[str]
