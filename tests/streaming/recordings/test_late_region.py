"""A region that is let finish what it does while the others have met: what it did is kept whole as soon as it is with them again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from conference.core.actor import Actor
from conference.core.ids import SeededIds
from conference.rundown import BlockBegan, Builder, LaneJoined
from tests.conference.days import DAY, MODERATOR
from tests.conference.rundown.test_late_region import clocked
from tests.streaming.recordings.houses import some_shelves

LANE = "r-sundmark"  # which has two items of its own in the block
HER = Actor(DAY, "siv", frozenset({"moderator"}), lane=LANE)


async def test_the_block_of_a_late_region_is_kept_whole_when_it_comes_along(tmp_path: Path) -> None:
    async with some_shelves(f"sqlite+aiosqlite:///{tmp_path / 'day.db'}", tmp_path) as shelves:
        days = shelves.studio.house
        await days.start()
        await Builder(days.store, days.clock, SeededIds()).overrun(MODERATOR, "b2", "finish", 600)
        while [event.block for event in days.events(BlockBegan.name)][-1:] != ["b2"]:
            await days.rundown.go(MODERATOR)
        while (await days.now(LANE)).get("item") != "i-sundmark-2":
            await days.rundown.go(HER, lane=LANE)
        await days.rundown.hold(HER)
        while [event.block for event in days.events(BlockBegan.name)][-1:] != ["b3"]:
            await clocked(days, days.clock.now() + timedelta(minutes=1))
        await shelves.react()
        meanwhile = set(await shelves.rows())
        await days.rundown.recall(MODERATOR)
        await shelves.react()
        row = await shelves.row(f"b2@{LANE}")

    assert [event.lanes for event in days.events(LaneJoined.name) if LANE in event.lanes] == [[LANE]]
    assert f"b2@{LANE}" not in meanwhile
    assert row.items == ["i-sundmark-1", "i-sundmark-2"]
