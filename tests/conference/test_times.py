"""Times as kits and the wire write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from conference.core.errors import Refused
from conference.times import local_time, stamp


def test_a_kits_time_is_local_summer_and_winter() -> None:
    assert local_time(date(2026, 11, 22), "09.00", "Europe/Stockholm") == datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    assert local_time(date(2026, 6, 1), "09.30", "Europe/Stockholm") == datetime(2026, 6, 1, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("clock", "timezone"), [("9", "Europe/Stockholm"), ("25.00", "Europe/Stockholm"), ("09.00", "Europe/Atlantis"), ("09.00", "../x")]
)
def test_what_is_no_time_is_refused(clock: str, timezone: str) -> None:
    with pytest.raises(Refused, match=r"kit\.tampered"):
        local_time(date(2026, 11, 22), clock, timezone)


def test_a_moment_is_always_written_the_same_way() -> None:
    at = datetime(2026, 11, 22, 9, 0, 0, 123_456, tzinfo=timezone(timedelta(hours=1)))

    assert stamp(at) == stamp(at.astimezone(UTC)) == "2026-11-22T08:00:00.123Z"
