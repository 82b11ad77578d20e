"""What can happen to captions. The words of an unfinished line are no event: they are a picture, and only the newest of them matters."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class LineBegun(Event):
    """Somebody has begun to write a line of captions, or goes on after a long pause.

    Attributes:
        line: its id; later lines have greater ones.
        lane: for which it is written; with ``everywhere`` all lanes show it, as they show the same picture, but for those ``apart``, which
            were late and did not.
    """

    name: ClassVar[str] = "captions.begun"

    line: str
    lane: str
    everywhere: bool
    apart: list[str] = field(default_factory=list)
    begun_at: datetime


@dataclass(frozen=True, kw_only=True)
class LineFinished(Event):
    """A line of captions stands as it is kept; an empty one was given up."""

    name: ClassVar[str] = "captions.finished"

    line: str
    lane: str
    everywhere: bool
    apart: list[str] = field(default_factory=list)
    begun_at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class LineCorrected(Event):
    """A finished line of captions reads otherwise."""

    name: ClassVar[str] = "captions.corrected"

    line: str
    lane: str
    everywhere: bool
    apart: list[str] = field(default_factory=list)
    begun_at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class TurnChanged(Event):
    """Who writes the captions of a lane, who stands ready, and who takes over when the line is finished.

    Attributes:
        delay_ms: how long after a word its writer usually begins the line; recordings show the line so much earlier.
    """

    name: ClassVar[str] = "captions.turned"

    lane: str
    writer: str | None
    since: datetime
    ready: str | None
    wanted: str | None
    delay_ms: int
