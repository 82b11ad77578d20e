"""What the answers of the read API hold. Everything that is told stands here, or in `answers`: a value of the report that has no field is
left out. Times are in UTC (ISO 8601).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Generic, TypeVar

from msgspec import field

from web.api.answers import Count, Later, Poll, Rating, Shape, Share, Survey

T = TypeVar("T")


class RegionAttendance(Shape):
    """Attendance of one region."""

    region: str
    name: str
    devices: Count | None
    low: Count | None
    high: Count | None


class Quarter(Shape):
    """Screens that were on in a quarter of an hour, and the people before them, at least."""

    minute: Count
    devices: Count
    people: Count


class Attendance(Shape):
    """Who took part: screens that were on for as many minutes of the programme as took_part_minutes says.

    low and high: people, at least and at most; untold: screens that did not say how many sat before them.
    """

    devices: Count
    named: Count
    alone: Count
    groups: Count
    group_people: Count
    untold: Count
    low: Count
    high: Count
    group_mean: float | None
    joined: Count
    took_part: Share
    took_part_minutes: Count
    k: Count
    regions: list[RegionAttendance]
    quarters: list[Quarter]
    paired: Count = 0


class Questions(Shape):
    """Questions to the panel: how many were asked, and how many of them ended how. No words, and nobody who asked."""

    asked: Count
    ends: dict[str, int]


class CaptionedLane(Shape):
    """Minutes of one lane with captions, of all with a picture of its own."""

    lane: str
    lines: Count
    minutes: Count
    written: Count
    films: Count
    of: Count


class Captions(Shape):
    """How much of what was shown could be read. n: lines; delay_s: median seconds from a word to its finished line."""

    lanes: list[CaptionedLane]
    n: Count
    delay_s: float | None
    assumed_s: list[float] | None


class Benefit(Shape):
    """What an action is good for."""

    what: str
    unit: str
    assumption: str
    baseline: float | None
    effect: float | None
    value: float | None
    change: float | None
    measured_on: date | None


class Action(Shape):
    """Something that is done about needs after the day. Not who does it."""

    action: str
    what: str
    stage: str
    due: date | None
    benefits: list[Benefit]


class GoalDay(Shape):
    """What one day of the series has added; null when that would tell of fewer than five people or screens."""

    day: str
    count: Count | None


class Goal(Shape):
    """A goal in figures, counted over all days of the series that the day belongs to.

    Measure: organisations or municipalities (the same one on two days is one), people (at least so many took part) or screens (both day by
    day). count: so far; amount: the goal.
    """

    target: str
    title: str
    measure: str
    amount: Count
    due: date | None
    count: Count | None
    days: list[GoalDay]


class Need(Shape):
    """What somebody needs from the day, and the ids of the actions for it."""

    need: str
    statement: str
    actions: list[str]


class Loop(Shape):
    """Needs and actions."""

    needs: list[Need]
    actions: list[Action]


class Figures(Shape):
    """Sections of the report. One that is null was not part of it when it was made."""

    attendance: Attendance | None = None
    polls: list[Poll] = field(default_factory=list)
    surveys: list[Survey] = field(default_factory=list)
    after_items: list[Rating] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)
    questions: Questions | None = None
    captions: Captions | None = None
    followup: Loop | None = None


class Version(Shape):
    """One version of the report: when it was made, when its figures were taken, and their SHA-256, which stands in every document of it."""

    version: Count
    made_at: datetime
    taken_at: datetime
    sha256: str


class Report(Version):
    """A version with its figures. They never change."""

    figures: Figures


class Day(Shape):
    """The day itself, and where its figures are."""

    day: str
    title: str
    title_en: str | None
    date: date
    timezone: str
    state: str
    starts_at: datetime
    ends_at: datetime
    figures: list[str]


class Page(Shape, Generic[T]):
    """Some of a list. total: how many there are in all; next: the address of those that follow, null at the end."""

    items: list[T]
    total: Count
    next: str | None


class Problem(Shape):
    """What a refused request gets (RFC 9457). code is stable; the words are for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    retry_after_ms: int | None = None
