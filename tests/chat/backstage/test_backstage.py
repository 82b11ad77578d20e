"""The talk of those who run the day: in order, by channel, its words in no log, and nothing of it for anybody else."""

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
from sqlmodel import select

from chat.backstage import Backstage, BackstageSaid, views
from conference.core.actor import Actor
from conference.core.bus import MemoryBus
from conference.core.clock import HandClock
from conference.core.faces import Viewer
from conference.core.log import LogRow, Snapshot, since, snapshot
from conference.core.store import Store
from tests.chat.questions.houses import DAY, NORRVIK, OLGA, begin, refusal, someone
from tests.conftest import NINE
from tests.fold import by_id, caught_up, on_the_wire
from tests.servers import empty_tables

CHANNELS = ("national", NORRVIK)
ROLES: tuple[tuple[str, ...], ...] = ((), ("moderator",), ("organizer",), ("speaker",), ("captioner",), ("screen",))
LOOKERS = [Viewer("x", frozenset(roles), lane) for roles in ROLES for lane in CHANNELS]
LOOKERS += [Viewer("x", frozenset({"moderator"}), NORRVIK, bounds=frozenset({("moderator", NORRVIK)}))]


@dataclass(frozen=True)
class House:
    """A live day, and its channels."""

    store: Store
    backstage: Backstage

    async def page(self, channel: str = "national", before: int | None = None) -> list[Any]:
        """What stands in a channel."""
        async with self.store.reading() as session:
            return [(word["n"], word["text"]) for word in await views.page(session, DAY, channel, before)]


@asynccontextmanager
async def a_house(url: str) -> AsyncIterator[House]:
    """An empty database with a live day."""
    await empty_tables(url)
    async with Store.open(url, MemoryBus().publish) as store:
        await begin(store, DAY)
        yield House(store, Backstage(store, HandClock(NINE)))


@pytest.fixture
async def house(url: str) -> AsyncIterator[House]:
    """On both databases."""
    async with a_house(url) as made:
        yield made


async def test_words_are_numbered_in_their_channel_and_paged_backwards(house: House) -> None:
    await asyncio.gather(*(house.backstage.say(OLGA, f"ord {n}", channel="national") for n in range(60)))
    await house.backstage.say(OLGA, " till Norrvik ", channel=NORRVIK)
    last = await house.page()

    assert [n for n, _ in last] == list(range(11, 61))
    assert [n for n, _ in await house.page(before=11)] == list(range(1, 11))
    assert await house.page(NORRVIK) == [(1, "till Norrvik")]


async def test_the_log_has_no_word_of_it(house: House) -> None:
    await house.backstage.say(OLGA, "hemligt", channel="national")
    async with house.store.reading() as session:
        told = [entry.event for entry in await since(session, DAY, 0)]
        rows = (await session.exec(select(LogRow))).all()

    assert told == [BackstageSaid(day=DAY, at=NINE, channel="national", n=1)]
    assert [row.data for row in rows if "hemligt" in row.data or "olga" in row.data] == []


async def test_every_no_has_its_code(house: House) -> None:
    codes = [
        await refusal(house.backstage.say(someone("kim"), "hej", channel="national")),
        await refusal(house.backstage.say(Actor(DAY, "p", frozenset({"speaker"})), "hej", channel="national")),
        await refusal(house.backstage.say(OLGA, "hej", channel="r-ingen")),
        await refusal(house.backstage.say(OLGA, "  ", channel="national")),
        await refusal(house.backstage.say(OLGA, "å" * 501, channel="national")),
    ]

    assert codes == ["role.missing", "role.missing", "lane.no_such", "text.empty", "text.too_long"]


async def a_random_day(house: House, channels: list[str], cut: int) -> None:
    """Whoever looked after *cut* words and heard the rest sees what a fresh page has; those who do not run the day, nothing."""
    seen: list[tuple[Viewer, Snapshot[Any]]] = []
    for n, channel in enumerate([*channels, ""]):
        if n == min(cut, len(channels)):
            async with house.store.reading() as session:
                seen = [(one, await snapshot(session, DAY, partial(views.shared, day=DAY, viewer=one))) for one in LOOKERS]
        if channel:
            await house.backstage.say(OLGA, f"ord {n}", channel=channel)
    async with house.store.reading() as session:
        for viewer, look in seen:
            state = caught_up(on_the_wire(look.state), viewer, await since(session, DAY, look.seq), views.FACES)
            fresh = on_the_wire(await views.shared(session, DAY, viewer))
            assert by_id(state) == by_id(fresh)
            assert ("channels" in fresh) == bool(viewer.roles & {"moderator", "organizer"})


def test_state_and_missed_news_equal_a_fresh_page(url: str) -> None:
    with asyncio.Runner() as runner:
        opened = a_house(url)
        house = runner.run(opened.__aenter__())

        @settings(max_examples=25, deadline=None)
        @given(st.lists(st.sampled_from(CHANNELS), max_size=8), st.integers(0, 8))
        def days_at_random(channels: list[str], cut: int) -> None:
            runner.run(a_random_day(house, channels, cut))

        try:
            days_at_random()
        finally:
            runner.run(opened.__aexit__(None, None, None))
