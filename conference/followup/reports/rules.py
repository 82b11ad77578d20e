"""What may be made and written. Pure: what is, and a wish, to what comes of it, or no."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from conference.core.errors import Refused, _
from conference.followup.reports.events import ReportMade
from conference.followup.reports.tables import ReportVersion
from conference.tables import Day

CHAPTERS: Final = (
    "assignment", "method", "participation", "programme", "interaction", "evaluation", "hindsight", "actions",
    "accessibility", "tables",
)  # fmt: skip
"""What the organizer may write to: the chapters of the report in their order."""
TEXT_MOST: Final = 4_000  # characters; a page and a half, and more is a document of its own
VERSIONS_MOST: Final = 500  # a day; a slip of the hand that goes on for ever ends here

Words = dict[str, str]


def make(day: Day | None, last: ReportVersion | None, *, figures: int, at: datetime) -> ReportMade:
    """A version with the figures of now and the words there are.

    Args:
        figures: their number.

    Raises:
        Refused: ``report.too_early`` or ``report.too_many``.
    """
    if day is None or day.state not in ("live", "ended"):
        raise Refused("report.too_early", _("Dagen har inte börjat, så det finns inget att rapportera än."))
    return _next(day.day, last, figures, at)


def write(last: ReportVersion | None, seen: int, *, at: datetime) -> ReportMade:
    """A version with other words and the same figures.

    Args:
        seen: the version whose words the writer had before the eyes.

    Raises:
        Refused: ``report.no_such``, ``report.changed`` when somebody has made another version meanwhile, or ``report.too_many``.
    """
    if last is None:
        raise no_such()
    if last.version != seen:
        raise Refused("report.changed", _("Någon har sparat en ny version medan du skrev. Läs den och skriv i den."))
    return _next(last.day, last, last.figures, at)


def written(wished: Mapping[str, str]) -> Words:
    """What was written, chapter by chapter, without what is empty.

    Raises:
        Refused: ``text.too_long``.
    """
    words = {chapter: wished.get(chapter, "").replace("\r\n", "\n").strip() for chapter in CHAPTERS}
    if any(len(text) > TEXT_MOST for text in words.values()):
        raise Refused("text.too_long", _("Texten är för lång: högst %(most)s tecken."), most=TEXT_MOST)
    return {chapter: text for chapter, text in words.items() if text}


def no_such() -> Refused:
    """The one answer for a version and a file that is not there."""
    return Refused("report.no_such", _("Det finns ingen sådan version av rapporten."))


def _next(day: str, last: ReportVersion | None, figures: int, at: datetime) -> ReportMade:
    version = last.version + 1 if last else 1
    if version > VERSIONS_MOST:
        raise Refused("report.too_many", _("Rapporten har för många versioner."))
    return ReportMade(day=day, at=at, report=version, figures=figures)
