"""Minutes of the programme, whatever the clock on the wall does to it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

from conference.core.clock import HandClock
from conference.people import Beat
from conference.tables import Day, Item
from tests.conftest import NINE
from web.floor import GLANCE, Browsers, Floor
from web.presence import Presence, Running


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


def test_who_fetches_pages_is_there_from_the_first_to_the_last_and_no_longer() -> None:
    clock, browsers = HandClock(NINE), Browsers()
    floor = cast("Floor", SimpleNamespace(browsers=browsers))
    presence = Presence(cast("Any", None), clock, cast("Any", None), floor)
    live = {"d": Running(Day.model_construct(planned_starts_at=NINE), [an_item((0, 60), (0, 3600))])}

    heard = []
    for minute in range(30):
        clock.wind(timedelta(minutes=1))
        if minute in (2, 4, 20):
            browsers.looked_in("d", "kim", clock.now())
        heard += presence.beats(live)

    assert heard == [Beat("d", "kim", 3, 3), Beat("d", "kim", 3, 5), Beat("d", "kim", 21, 21)]
    assert timedelta(minutes=2) <= GLANCE < timedelta(minutes=16)
    assert browsers.glances == {}
