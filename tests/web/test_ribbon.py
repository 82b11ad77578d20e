"""The day lying down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from web.ribbon import Span, ribbon

NINE = datetime(2026, 11, 18, 8, 0, tzinfo=UTC)


def item(start: int, minutes: int, lane: str = "national", kind: str = "panel") -> dict[str, Any]:
    starts_at = NINE + timedelta(minutes=start)
    return {"lane": lane, "kind": kind, "starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=minutes)}


def test_neighbouring_regional_items_are_one_turn_of_the_line() -> None:
    line = ribbon([item(0, 60), item(60, 25, "r-norrvik"), item(85, 15, "r-norrvik"), item(100, 20, kind="break"), item(120, 80)])

    assert line is not None
    assert line.regions == (Span(30.0, 20.0),)
    assert line.breaks == (Span(50.0, 10.0),)


def test_a_day_has_marks_at_the_hours_and_a_rehearsal_at_minutes() -> None:
    day, rehearsal = ribbon([item(0, 360)]), ribbon([item(0, 12)])

    assert day is not None
    assert rehearsal is not None
    assert [at for _, at in day.marks] == [NINE + timedelta(hours=hour) for hour in range(7)]
    assert [at for _, at in rehearsal.marks] == [NINE + timedelta(minutes=minute) for minute in range(0, 13, 2)]


def test_an_item_that_began_after_its_planned_end_has_no_length() -> None:
    line = ribbon([item(0, 60), item(60, -20, "r-norrvik"), item(80, 20)])

    assert line is not None
    assert line.regions == (Span(60.0, 0.0),)


def test_a_programme_without_times_has_no_line() -> None:
    assert ribbon([]) is None
    assert ribbon([{"lane": "national"}]) is None
