"""Minutes of the programme, whatever the clock on the wall does to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from conference.tables import Day, Item
from tests.conftest import NINE
from web.presence import Running


def an_item(planned: tuple[int, int], really_s: tuple[int, int]) -> Item:
    """Planned minutes and real seconds after nine."""
    times: dict[str, Any] = dict(zip(("planned_starts_at", "planned_ends_at"), (NINE + timedelta(minutes=m) for m in planned), strict=True))
    times |= dict(zip(("starts_at", "ends_at"), (NINE + timedelta(seconds=s) for s in really_s), strict=True))
    about: dict[str, Any] = {"day": "d", "item": "i", "kit_item": "i", "block": "b", "lane": "national", "owner": "locked", "kind": "film"}
    return Item(**about, title="t", state="now", **times)


def test_a_compressed_day_counts_the_minutes_of_its_programme() -> None:
    day = Day.model_construct(planned_starts_at=NINE)
    running = Running(day, [an_item((0, 5), (0, 100)), an_item((5, 60), (100, 110)), an_item((75, 80), (110, 120))])

    assert [running.minute(NINE + timedelta(seconds=s)) for s in (-1, 0, 50, 99, 100, 105, 109, 110, 120, 500)] == [
        None, 0, 2, 4, 5, 32, 54, 75, 80, 80,
    ]  # fmt: skip
