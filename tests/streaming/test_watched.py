"""Players who wait for a part: all are told at once, with a list that was written once, and nobody waits for ever."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from streaming.lanes import Lane, folded
from streaming.playlists import Names
from streaming.watched import WatchedLane
from tests.streaming.broadcasts import Sources
from tests.streaming.test_lanes import shown

BEGAN = datetime(2026, 11, 22, 8, tzinfo=UTC)


class Watch(WatchedLane):
    """A lane with a clock that is set by hand."""

    def __init__(self, lane: Lane, now_ms: int = 0) -> None:
        super().__init__(lane, BEGAN, lambda: self.at_ms, lambda: ())
        self.at_ms = now_ms


async def test_a_thousand_who_wait_for_a_part_get_the_same_list() -> None:
    watched = Watch(folded([shown(1, 0)], "r"), 790)
    waiting = [asyncio.create_task(watched.reach(0, 1, 5)) for _ in range(1_000)]
    await asyncio.sleep(0)

    watched.at_ms = 800

    assert await asyncio.gather(*waiting) == [True] * 1_000
    assert watched.text(Names()) is watched.text(Names())


async def test_news_of_a_source_wakes_those_who_wait() -> None:
    sources = Sources()
    sources.sends("A", 1, 500, [400])
    watched = Watch(folded([shown(1, 0), shown(2, 200, source="A")], "r", None, sources.pieces), 900)
    assert watched.look().place == 1
    waiting = asyncio.create_task(watched.reach(1, 1, 5))
    await asyncio.sleep(0)

    sources.sends("A", 1, 500, [400, 400])
    watched.stir()

    assert await waiting


@pytest.mark.parametrize("let_go", [True, False])
async def test_nobody_waits_for_ever(let_go: bool) -> None:
    watched = Watch(folded([shown(1, 0)], "r"), 790)
    waiting = asyncio.create_task(watched.reach(0, 1, 60 if let_go else 0.05))
    await asyncio.sleep(0)

    if let_go:
        watched.release()

    assert await waiting is False
    assert await asyncio.create_task(watched.reach(0, 0, 1))  # what is there is there


async def test_a_clock_that_is_set_back_takes_nothing_back() -> None:
    watched = Watch(folded([shown(1, 0)], "r"), 10_000)
    before = watched.text(Names())

    watched.at_ms = 5_000

    assert watched.text(Names()) == before


async def test_a_segment_is_awaited_until_it_is_closed() -> None:
    watched = Watch(folded([shown(1, 0)], "r"), 1_600)
    waiting = asyncio.create_task(watched.reach(0, None, 5))
    await asyncio.sleep(0.02)
    assert not waiting.done()

    watched.at_ms = 2_000

    assert await waiting
