"""What can happen to a survey. No answer is ever here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class SurveyOpened(Event):
    """People may answer.

    Attributes:
        closes_at: when it closes by itself; ``None`` when a hand or a cue closes it.
        for_whom, scope: whom it asks.
        of, item: of which survey it was made by the end of which item.
        questions: of such a one, which is answered where the item was seen.
    """

    name: ClassVar[str] = "surveys.opened"

    survey: str
    title: str
    title_en: str
    intro: str
    intro_en: str | None = None
    closes_at: datetime | None = None
    for_whom: str = "participants"
    scope: str = "country"
    of: str | None = None
    item: str | None = None
    questions: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class SurveyPlanned(Event):
    """An organizer chose when a draft opens and closes by itself. Only staff knows.

    Attributes:
        opens: as in `polls.surveys.tables.Survey`.
    """

    name: ClassVar[str] = "surveys.planned"

    survey: str
    opens: str
    opens_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class SurveyDrafted(Event):
    """An organizer made a survey, or changed one that nobody has seen yet. Only staff knows.

    Attributes:
        known: whether it can be opened: it has questions.
        per_item: whether it is asked once an item.
        opens: as in `polls.surveys.tables.Survey`.
    """

    name: ClassVar[str] = "surveys.drafted"

    survey: str
    title: str
    title_en: str
    intro: str
    intro_en: str | None
    known: bool
    per_item: bool
    opens: str | None
    opens_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class SurveyTakenAway(Event):
    """An organizer took away a survey that nobody had seen. Only staff knew of it."""

    name: ClassVar[str] = "surveys.taken_away"

    survey: str


@dataclass(frozen=True, kw_only=True)
class SurveyCorrected(Event):
    """A misspelling was mended in a survey that has opened.

    Attributes:
        part: which of its texts: ``title``, ``intro_en``, or that of a question: ``<question>:option:<id>``.
        title, title_en, intro, intro_en: as they stand now.
        for_whom: whom it asks.
    """

    name: ClassVar[str] = "surveys.corrected"

    survey: str
    part: str
    before: str
    after: str
    reason: str
    title: str
    title_en: str
    intro: str
    intro_en: str | None
    for_whom: str


@dataclass(frozen=True, kw_only=True)
class SurveyExtended(Event):
    """An open survey closes at another time.

    Attributes:
        closes_at: ``None`` when a hand or a cue closes it.
    """

    name: ClassVar[str] = "surveys.extended"

    survey: str
    closes_at: datetime | None
    for_whom: str


@dataclass(frozen=True, kw_only=True)
class SurveyClosed(Event):
    """Nobody may answer any more. The figures are final, and nobody's answers can be told from the forms.

    Attributes:
        n: forms that hold an answer.
        for_whom, scope: whom it asked.
        item: after which item, if it was after one.
    """

    name: ClassVar[str] = "surveys.closed"

    survey: str
    n: int
    for_whom: str = "participants"
    scope: str = "country"
    item: str | None = None
