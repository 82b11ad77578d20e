"""From which moment, and what may not be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.core.errors import Refused
from streaming import rules
from streaming.media.manifest import PART_MS
from streaming.tables import ProgrammeClock
from tests.conftest import NINE


def a_clock(changes: int = 1, ended_ms: int | None = None) -> ProgrammeClock:
    clock = rules.begin("d", ["national", "r"], NINE)
    return clock.model_copy(update={"changes": changes, "ended_ms": ended_ms})


def test_the_clock_begins_a_little_before_the_day_so_that_there_is_a_window_at_once() -> None:
    assert a_clock().began_at == NINE - timedelta(seconds=12)


@given(st.integers(0, 10**7), st.integers(0, 30_000))
def test_a_take_begins_between_two_parts_when_every_process_has_read_of_it(later_ms: int, after_ms: int) -> None:
    at = NINE + timedelta(milliseconds=later_ms)

    begins_ms = rules.next_part(a_clock(), at, after_ms)

    assert begins_ms % PART_MS == 0
    assert 0 <= begins_ms - (12_000 + later_ms + after_ms + rules.LEAD_MS) < PART_MS


def test_the_first_showing_is_there_from_the_beginning() -> None:
    assert rules.take(a_clock(changes=0), rules.slate(), ["national", "r"], NINE).begins_ms == 0


def test_a_film_says_when_it_is_over() -> None:
    clock = a_clock()
    showing = rules.take(clock, rules.Wanted("film", "f", "Film", asset="a", duration_ms=70_800), ["r"], NINE)

    event = rules.taken(clock, showing, NINE)

    assert event.until == event.since + timedelta(seconds=70.8)
    assert (event.since - NINE).total_seconds() == 0.8  # half a second ahead, at the next border between parts
    assert [row.lane for row in rules.on_air(event, showing)] == ["r"]


@pytest.mark.parametrize("lanes", [[], ["x"], ["r", "x"]])
def test_a_lane_that_the_day_does_not_have_is_refused(lanes: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        rules.take(a_clock(), rules.slate(), lanes, NINE)

    assert refused.value.code == "lane.no_such"


def test_nothing_is_shown_after_the_end() -> None:
    with pytest.raises(Refused) as refused:
        rules.take(a_clock(ended_ms=400), rules.slate(), ["r"], NINE)
    with pytest.raises(Refused) as again:
        rules.end(a_clock(ended_ms=400), NINE)

    assert (refused.value.code, again.value.code) == ("day.ended", "day.ended")


def test_a_text_over_a_slate_is_short() -> None:
    assert len(rules.slate("x" * 1_000).text or "") == rules.TEXT_LONGEST
