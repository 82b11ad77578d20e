"""Gestures: counted for what is on, of nobody; all that comes together is one row; off where a moderator says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel, select

from chat.gestures import Gesture, Gestures, GesturesAllowed, report, views
from chat.gestures.tables import GestureCount
from conference.core.asking import Remembered
from conference.core.bus import MemoryBus
from conference.core.clock import HandClock
from conference.core.columns import Kept
from conference.core.faces import Viewer, shown_to
from conference.core.log import LogRow, Snapshot, since, snapshot
from conference.core.store import Store
from conference.core.transaction import Transaction
from conference.rundown.tables import Track
from conference.tables import Day, Item
from tests.chat.questions.houses import DAY, NORRVIK, OLGA, begin, refusal, someone
from tests.conftest import NINE
from tests.fold import caught_up, fold, on_the_wire
from tests.servers import empty_tables

VASTERO = "r-vastero"
LANES = ("national", NORRVIK, VASTERO)


@dataclass(frozen=True)
class House:
    """A live day with something on, and gestures."""

    store: Store
    gestures: Gestures

    async def on(self, **items: str | None) -> None:
        """What each lane shows; a common item is the country's and is driven from there."""

        async def change(tx: Transaction) -> None:
            for lane in LANES:
                item = items.get(lane.replace("-", "_"), items.get("common"))
                driver = "national" if "common" in items else lane
                tx.put(Track(day=DAY, lane=lane, anchor_at=NINE, shown={"item": item, "lane": driver}))

        await self.store.run(change)

    async def rows(self) -> dict[tuple[str, str], int]:
        """Everything that is kept of them."""
        async with self.store.reading() as session:
            return {(row.item, row.gesture): row.n for row in await session.exec(select(GestureCount))}

    async def seen(self, lane: str = "national") -> dict[str, Any]:
        """What somebody on a lane sees."""
        async with self.store.reading() as session:
            found: dict[str, Any] = (await views.shared(session, DAY, Viewer("x", lane=lane)))["gestures"]
            return found


@asynccontextmanager
async def a_house(url: str) -> AsyncIterator[House]:
    """An empty database with a live day on which a common item is on."""
    await empty_tables(url)
    async with Store.open(url, MemoryBus().publish) as store:
        await begin(store, DAY)
        made = House(store, Gestures(store, HandClock(NINE)))
        await made.on(common="i-panel")
        yield made


@pytest.fixture
async def house(url: str) -> AsyncIterator[House]:
    """On both databases."""
    async with a_house(url) as made:
        yield made


async def test_all_are_counted_once_for_the_item_that_is_on_whatever_lane_they_come_from(house: House) -> None:
    lanes = ["national", NORRVIK, VASTERO] * 40
    await asyncio.gather(*(house.gestures.send(someone(f"p{n}", lane), Gesture.CLAP) for n, lane in enumerate(lanes)))
    await house.gestures.send(someone("kim"), Gesture.HEART)

    assert await house.rows() == {("i-panel", "clap"): 120, ("i-panel", "heart"): 1}
    assert await house.seen(NORRVIK) == {"item": "i-panel", "counts": {"clap": 120, "heart": 1}, "off": []}


async def test_a_group_at_a_screen_makes_one_as_everybody_does(house: House) -> None:
    await house.gestures.send(someone("hemtjänsten", people=8), Gesture.AGREE)

    assert await house.rows() == {("i-panel", "agree"): 1}


async def test_nothing_tells_who_made_one(house: House) -> None:
    await house.gestures.send(someone("kim"), Gesture.WONDER)
    async with house.store.reading() as session:
        told = len((await session.exec(select(LogRow))).all()) + len((await session.exec(select(Remembered))).all())

    assert told == 0
    kinds = {column.info["kept"] for name in ("gesture_count", "gesture_still_lane") for column in SQLModel.metadata.tables[name].columns}
    assert kinds == {Kept.RESULT, Kept.PUBLIC}


async def test_in_a_regional_block_each_lane_has_its_own(house: House) -> None:
    await house.on(national="i-fill", r_norrvik="i-norr", r_vastero=None)
    await house.gestures.send(someone("mo", NORRVIK), Gesture.CLAP)
    await house.gestures.send(someone("kim"), Gesture.CLAP)
    async with house.store.reading() as session:
        pictures = {item: ([to.lane for to in tos], data["counts"]) for item, tos, data in await views.pictures(session, DAY)}

    assert await refusal(house.gestures.send(someone("bo", VASTERO), Gesture.CLAP)) == "gesture.no_item"
    assert pictures == {"i-fill": (["national"], {"clap": 1}), "i-norr": ([NORRVIK], {"clap": 1})}
    assert await house.seen(VASTERO) == {"counts": {}, "off": []}


async def test_they_are_off_where_a_moderator_says_so_until_they_are_on_again(house: House) -> None:
    await house.gestures.allow(OLGA, "national", on=False)
    again = await house.gestures.allow(OLGA, "national", on=False)
    off = await refusal(house.gestures.send(someone("mo", NORRVIK), Gesture.CLAP))
    await house.on(national="i-fill", r_norrvik="i-norr", r_vastero="i-vast")
    await house.gestures.send(someone("mo", NORRVIK), Gesture.CLAP)  # the country's switch is not the region's
    codes = [await refusal(house.gestures.send(someone("kim"), Gesture.CLAP)), await refusal(house.gestures.allow(OLGA, "r-x", on=False))]
    await house.gestures.allow(OLGA, "national", on=True)
    await house.gestures.send(someone("kim"), Gesture.CLAP)
    async with house.store.reading() as session:
        told = [entry.event for entry in await since(session, DAY, 0)]

    assert (off, again.seq, codes) == ("gesture.off", None, ["gesture.off", "lane.no_such"])
    assert told == [GesturesAllowed(day=DAY, at=NINE, lane="national", off=off) for off in (["national"], [])]


async def test_a_day_that_is_not_on_takes_none(house: House) -> None:
    async def over(tx: Transaction) -> None:
        tx.put((await tx.get(Day, DAY)).model_copy(update={"state": "ended"}))

    await house.store.run(over)
    async with house.store.reading() as session:
        pictures = await views.pictures(session, DAY)

    assert (await refusal(house.gestures.send(someone("kim"), Gesture.CLAP)), pictures) == ("day.ended", [])


async def test_the_report_has_the_totals_of_each_item_in_the_order_of_the_programme(house: House) -> None:
    times: dict[str, Any] = dict.fromkeys(("planned_starts_at", "planned_ends_at", "starts_at", "ends_at"), NINE)
    about: dict[str, Any] = {"day": DAY, "block": "b", "kind": "panel", "state": "done", "owner": "national", **times}

    async def programme(tx: Transaction) -> None:
        for position, (item, lane) in enumerate((("i-norr", NORRVIK), ("i-panel", "national"), ("i-tyst", "national"))):
            tx.put(Item(item=item, kit_item=item, lane=lane, title=f"Om {item}", position=position, **about))

    await house.store.run(programme)
    for gesture in (Gesture.CLAP, Gesture.CLAP, Gesture.WONDER):
        await house.gestures.send(someone("kim"), gesture)
    await house.on(national=None, r_norrvik="i-norr")
    await house.gestures.send(someone("mo", NORRVIK), Gesture.HEART)
    async with house.store.reading() as session:
        found = await report.section(session, DAY)

    assert found["gestures"] == [
        {"item": "i-norr", "title": "Om i-norr", "title_en": None, "region": "Region Norrvik", "counts": {"heart": 1}},
        {"item": "i-panel", "title": "Om i-panel", "title_en": None, "region": None, "counts": {"clap": 2, "wonder": 1}},
    ]


WISHES = st.lists(st.tuples(st.sampled_from(("allow", "send", "send")), st.sampled_from(LANES), st.integers(0, 3)), max_size=14)
LOOKERS = [Viewer("x", roles, lane) for lane in LANES for roles in (frozenset[str](), frozenset({"moderator"}), frozenset({"screen"}))]


async def a_random_day(house: House, wishes: list[tuple[str, str, int]], cut: int) -> None:
    """Whoever looked after *cut* wishes, and heard the rest and the last pictures, sees what a fresh page has."""
    seen: list[tuple[Viewer, Snapshot[Any]]] = []
    for n, (do, lane, which) in enumerate([*wishes, ("look", "", 0)]):
        if n == min(cut, len(wishes)):
            async with house.store.reading() as session:
                seen = [(one, await snapshot(session, DAY, partial(views.shared, day=DAY, viewer=one))) for one in LOOKERS]
        if do == "allow":
            await house.gestures.allow(OLGA, lane, on=which % 2 == 0)
        elif do == "send":
            await refusal(house.gestures.send(someone("kim", lane), list(Gesture)[which]))
    async with house.store.reading() as session:
        pictures = await views.pictures(session, DAY)
        for viewer, look in seen:
            missed = await since(session, DAY, look.seq)
            state = caught_up(on_the_wire(look.state), viewer, missed, views.FACES)
            for _item, tos, data in pictures:
                for shown in shown_to(viewer, [(to, data) for to in tos]):
                    state = fold(state, "gestures.made", on_the_wire(shown))
            assert state == on_the_wire(await views.shared(session, DAY, viewer))


def test_state_and_what_was_missed_are_a_fresh_page(url: str) -> None:
    with asyncio.Runner() as runner:
        opened = a_house(url)
        house = runner.run(opened.__aenter__())

        @settings(max_examples=30, deadline=None)
        @given(WISHES, st.integers(0, 14), st.booleans())
        def days_at_random(wishes: list[tuple[str, str, int]], cut: int, common: bool) -> None:  # drawn
            shown = {"common": "i-panel"} if common else {"national": "i-fill", "r_norrvik": "i-norr"}
            runner.run(house.on(**shown))
            runner.run(a_random_day(house, wishes, cut))

        try:
            days_at_random()
        finally:
            runner.run(opened.__aexit__(None, None, None))
