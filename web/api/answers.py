"""Shapes of what people answered: shares with n and base, groups beside the whole, polls and surveys.

``null`` in place of a count, a percentage or an n is a figure that is withheld: fewer than five answers, or a second one beside such, so
that the first cannot be computed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

Count = Annotated[int, Meta(ge=0)]
Percent = Annotated[int, Meta(ge=0, le=100, description="Whole percent, halves upwards; never without n and base.")]
Interval = tuple[int, int]


class Shape(Struct):
    """What all of them are."""


class Share(Shape):
    """A part of a whole: count of n, what those are in words, and where chance alone could have put it, 19 times of 20 (Wilson)."""

    percent: Percent | None
    count: Count | None
    n: Count | None
    base: str
    between: Interval | None


class Answer(Share):
    """One answer to a question, with its share of all who answered."""

    option: str
    text: str
    text_en: str


class Headline(Share):
    """The one figure of a survey's question: top two steps, or the share of one answer."""

    text: str
    text_en: str = ""


class Group(Shape):
    """The answers of one region or kind of organisation. Its n is null when the whole group is withheld."""

    name: str | None
    n: Count | None
    rows: list[Answer]
    region: str | None = None
    affiliation: str | None = None


class Measure(Shape):
    """What follows from the answers: a mean, a median, points."""

    text: str
    value: int | float | str | None
    n: Count | None


class Hands(Shape):
    """Hands that were counted behind screens, in no other figure."""

    screens: Count
    n: Count
    rows: list[Answer]


class Theme(Shape):
    """What answers in people's own words were about, as a moderator sorted them, and how many they were."""

    theme: str
    n: Count | None


class Point(Shape):
    """A share of one round."""

    percent: Percent | None
    n: Count | None


class Shift(Shape):
    """How a share moved since the round before. Sure: the intervals have nothing in common; else chance alone may have moved it."""

    option: str
    text: str
    text_en: str
    before: Point
    after: Point
    sure: bool


class Round(Shape):
    """What came of a poll when it was asked. While it is open, figures move in steps and there are no groups."""

    round: Count
    open: bool
    n: Count
    behind: Count
    rows: list[Answer]
    regions: list[Group] = []
    measures: list[Measure] = []
    hands: Hands | None = None
    themes: list[Theme] = []
    shift: list[Shift] = []


class Poll(Shape):
    """A poll that has been open. Region: the only one that was asked."""

    poll: str
    question: str
    version: Count
    kind: str
    title: str
    title_en: str
    scope: str
    region: str | None
    opened_at: datetime | None
    closed_at: datetime | None
    rounds: list[Round]


class SurveyQuestion(Shape):
    """What came of one question of a survey. Answers in people's own words are counted in n and told nowhere."""

    question: str
    version: Count
    kind: str
    title: str
    title_en: str
    n: Count
    open: bool
    rows: list[Answer]
    regions: list[Group] = []
    affiliations: list[Group] = []
    measures: list[Measure] = []
    top2: Headline | None = None
    share: Headline | None = None


class Together(Shape):
    """Forms that several people filled in together, and how many those were."""

    n: Count
    people: Count


class Survey(Shape):
    """A survey that has been open. n counts forms, behind the people who filled them in; months: how long after the day it was asked;
    later: whether it asked those who watched a recording, who are in no figure of the others.
    """

    survey: str
    title: str
    title_en: str | None
    state: str
    preliminary: bool
    opened_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    n: Count
    behind: Count
    questions: list[SurveyQuestion]
    groups: Together | None = None
    later: bool = False
    regions: list[Group] = []
    affiliations: list[Group] = []
    months: Count | None = None


class Beside(Shape):
    """What those answered who were there."""

    n: Count | None
    rows: list[Answer]


class Later(Shape):
    """What those answered to a poll who watched its recording, in no figure of the day. n is null while they are fewer than five.

    Open: whether it can still be answered. live: the result of those who were there.
    """

    poll: str
    question: str
    version: Count
    kind: str
    title: str
    title_en: str
    region: str | None
    open: bool
    n: Count | None
    rows: list[Answer]
    live: Beside


class Rating(Shape):
    """What people thought of one item of the programme. n is null, and nothing is told, when fewer than five have answered."""

    survey: str
    item: str
    title: str
    title_en: str
    region: str | None
    preliminary: bool
    question: str
    question_en: str
    n: Count | None
    mean: float | None
    between: tuple[float, float] | None
    steps: Count
    rows: list[Answer]
