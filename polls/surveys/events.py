"""What can happen to a survey. No answer is ever here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class SurveyOpened(Event):
    """People may answer.

    Attributes:
        closes_at: when it closes by itself; ``None`` when a hand or a cue closes it.
    """

    name: ClassVar[str] = "surveys.opened"

    survey: str
    title: str
    title_en: str
    intro: str
    intro_en: str | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SurveyClosed(Event):
    """Nobody may answer any more. The figures are final, and nobody's answers can be told from the forms.

    Attributes:
        n: forms that hold an answer.
    """

    name: ClassVar[str] = "surveys.closed"

    survey: str
    n: int
