"""What can happen to the report to the principal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class ReportMade(Event):
    """There is one more version of the report, which nobody can change any more.

    Attributes:
        report: which version, from 1.
        figures: which figures it shows; a version with other words may show the same ones.
    """

    name: ClassVar[str] = "reports.made"

    report: int
    figures: int
