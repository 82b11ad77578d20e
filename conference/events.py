"""What can happen to a day as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class DayCreated(Event):
    """A day was made from a kit; only staff know of it yet."""

    name: ClassVar[str] = "day.created"

    title: str
    kit: str
    by: str


@dataclass(frozen=True, kw_only=True)
class DayPublished(Event):
    """The day's page is open to everybody, and one can join."""

    name: ClassVar[str] = "day.published"


@dataclass(frozen=True, kw_only=True)
class DayStarted(Event):
    """The day goes live. The programme begins at ``starts_at``, which may be a little later."""

    name: ClassVar[str] = "day.started"

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class DayTimed(Event):
    """The run-of-show knows better when the day begins and ends."""

    name: ClassVar[str] = "day.timed"

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class DayEnded(Event):
    """The broadcast is over; the evaluation and the recordings remain."""

    name: ClassVar[str] = "day.ended"

    ends_at: datetime
