"""What can happen to a day as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

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
class DayCorrected(Event):
    """An organizer put the day's title right, or its beginning, and with it all that is planned.

    Attributes:
        lanes: all of the day.
        items: how the programme changes: an item's id, ``lanes`` in whose programme it stands (``None``: all), and the fields that are new.
        later_s: how much later the day begins; less than 0 when it is earlier.
    """

    name: ClassVar[str] = "day.corrected"

    title: str
    title_en: str | None
    starts_at: datetime
    ends_at: datetime
    lanes: list[str] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    later_s: float = 0.0


@dataclass(frozen=True, kw_only=True)
class ItemCorrected(Event):
    """An organizer put the title of an item right; ``lanes`` have it in their programme (``None``: all)."""

    name: ClassVar[str] = "day.item_corrected"

    item: str
    lanes: list[str] | None
    title: str
    title_en: str | None


@dataclass(frozen=True, kw_only=True)
class ProgrammeChanged(Event):
    """An organizer built on: items came, went, changed places or their lengths, and what follows them their hours.

    Attributes:
        lanes: all of the day.
        items: each one that is otherwise than before: its id, ``lanes`` in whose programme it stands (``None``: all, none when it is
            gone), ``had``: those in which it stood, and ``shown``: its fields as the state has them, ``None`` for those that it lost.
    """

    name: ClassVar[str] = "day.programme_changed"

    starts_at: datetime
    ends_at: datetime
    lanes: list[str] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ContributorChanged(Event):
    """Somebody takes part who did not, is presented otherwise or, when ``gone``, takes part in the day no more."""

    name: ClassVar[str] = "contributors.changed"

    contributor: str
    scope: str
    role: str
    organisation: str
    screen_name: str | None
    gone: bool = False


@dataclass(frozen=True, kw_only=True)
class RegionJoined(Event):
    """A region takes part that was not in the kit's day; it can be chosen by whoever joins."""

    name: ClassVar[str] = "regions.joined"

    region: str
    title: str


@dataclass(frozen=True, kw_only=True)
class DayEnded(Event):
    """The broadcast is over; the evaluation and the recordings remain."""

    name: ClassVar[str] = "day.ended"

    ends_at: datetime
