"""Who may choose the lane that is looked at, and what it changes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from conference.core.errors import Refused
from conference.core.store import Store
from conference.people import SignedIn
from tests.conference.days import a_house
from web.looking import look
from web.sessions import Visitor

KIM = Visitor(SignedIn("d", "p1", "Kim", frozenset(), "r-norrvik", 3, None), "key", b"secret")
HALL = Visitor(SignedIn("d", "p2", None, frozenset({"screen"}), None, 1, None), "key", b"secret")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty house."""
    async with a_house(f"sqlite+aiosqlite:///{tmp_path}/d.db") as house:
        yield house.store


async def test_a_participant_sees_their_own_lane_whatever_the_address_says(store: Store) -> None:
    assert (await look(store, KIM, "r-sundmark")).viewer.lane == "r-norrvik"


async def test_a_hall_sees_its_own_lane_until_another_is_named(store: Store) -> None:
    assert (await look(store, HALL, "")).viewer.lane == "national"
    assert (await look(store, HALL, "national")).viewer.lane == "national"


@pytest.mark.parametrize("lane", ["r-nowhere", "x" * 5000, "\x00", "../national"])
async def test_a_lane_that_is_not_there_is_refused(store: Store, lane: str) -> None:
    with pytest.raises(Refused) as refused:
        await look(store, HALL, lane)

    assert refused.value.code == "lane.no_such"


def test_what_is_asked_for_is_asked_from_where_one_belongs() -> None:
    looking = replace(KIM, lane="r-sundmark")

    assert (looking.viewer.lane, looking.seen.lane) == ("r-sundmark", "r-sundmark")
    assert (looking.actor().lane, looking.actor().region) == ("r-norrvik", "r-norrvik")
