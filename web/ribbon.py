"""The day lying down: the lane as a line, in per cent of the day's length, for one viewer.

The browser draws the same figure (``static/js/ribbon.js``) when the programme is moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from web.phrasing import moment

STEPS_MIN = (1, 2, 5, 10, 15, 30, 60, 120)  # minutes between marks; a day of rehearsal is drawn as well as a real one
MARKS_MOST = 8


@dataclass(frozen=True)
class Span:
    """A stretch of the line: where it starts and how long it is, in per cent."""

    x: float
    width: float


@dataclass(frozen=True)
class Ribbon:
    """What is drawn: regional stretches, breaks, and marks with the time they stand for."""

    regions: tuple[Span, ...]
    breaks: tuple[Span, ...]
    marks: tuple[tuple[float, datetime], ...]


def ribbon(items: Iterable[Mapping[str, Any]]) -> Ribbon | None:
    """The figure of a programme; ``None`` for one without times. Neighbouring regional items are one stretch."""
    told = [(moment(i["starts_at"]), moment(i["ends_at"]), i) for i in items if i.get("starts_at") and i.get("ends_at")]
    timed = [(start, max(start, end), item) for start, end, item in told]  # one that began after its planned end has no length yet
    if not timed:
        return None
    first, last = min(t[0] for t in timed), max(t[1] for t in timed)
    length = (last - first) or timedelta(minutes=1)

    def across(at: datetime) -> float:
        return round(100 * ((at - first) / length), 2)

    def spans(which: list[tuple[datetime, datetime]]) -> tuple[Span, ...]:
        return tuple(Span(across(start), round(across(end) - across(start), 2)) for start, end in _merged(which))

    away = [(start, end) for start, end, item in timed if item.get("lane") != "national"]
    pauses = [(start, end) for start, end, item in timed if item.get("kind") == "break"]
    return Ribbon(spans(away), spans(pauses), tuple((across(at), at) for at in _marks(first, last)))


def _merged(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    merged: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _marks(first: datetime, last: datetime) -> Iterable[datetime]:
    step = next((timedelta(minutes=m) for m in STEPS_MIN if (last - first) / timedelta(minutes=m) <= MARKS_MOST), timedelta(hours=4))
    at = datetime.fromtimestamp(-(-first.timestamp() // step.total_seconds()) * step.total_seconds(), tz=first.tzinfo)
    while at <= last:
        yield at
        at += step
