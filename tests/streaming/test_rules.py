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


@given(st.integers(0, 10**7), st.sampled_from([0, 2_000]), st.booleans())
def test_a_film_begins_between_two_parts_and_not_before_what_all_have_listed(later_ms: int, after_ms: int, from_live: bool) -> None:
    at = NINE + timedelta(milliseconds=later_ms)
    wanted = rules.Wanted("film", "f", asset="a", duration_ms=2_000, after_ms=after_ms)

    begins_ms = rules.take(a_clock(), wanted, ["r"], at, from_live=from_live).begins_ms

    earliest_ms = 12_000 + later_ms + (after_ms or (0 if from_live else -rules.EARLY_MS))
    assert begins_ms % PART_MS == 0
    assert 0 <= begins_ms - earliest_ms < PART_MS


@given(st.integers(0, 10**7))
def test_a_source_is_taken_from_the_moment_it_is_decided(later_ms: int) -> None:
    showing = rules.take(a_clock(), rules.Wanted("source", "s"), ["r"], NINE + timedelta(milliseconds=later_ms))

    assert (showing.begins_ms, showing.kind) == (12_000 + later_ms, "source")


def test_the_first_showing_is_there_from_the_beginning() -> None:
    assert rules.take(a_clock(changes=0), rules.slate(), ["national", "r"], NINE).begins_ms == 0


def test_a_film_says_when_it_is_over() -> None:
    clock = a_clock()
    showing = rules.take(clock, rules.Wanted("film", "f", "Film", asset="a", duration_ms=70_800), ["r"], NINE)

    event = rules.taken(clock, showing, NINE)

    assert event.until == event.since + timedelta(seconds=70.8)
    assert (event.since - NINE).total_seconds() == 0.0  # here is a border between parts
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
