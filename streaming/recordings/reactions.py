"""What is kept when an item, a block or the day is over."""

from __future__ import annotations

from conference.core.reactor import Reactions
from conference.core.transaction import Transaction
from conference.events import DayEnded
from conference.rundown import BlockBegan, ItemEnded, LaneJoined
from conference.rundown.tables import Running
from streaming.recordings.service import Recordings


def reactions(recordings: Recordings) -> Reactions:
    """Keep what the lanes showed; nobody has to press anything."""

    async def on_item(tx: Transaction, event: ItemEnded) -> None:
        await recordings.item_over(tx, event.day, event.item, event.at)

    async def on_block(tx: Transaction, event: BlockBegan) -> None:
        await recordings.blocks_over(tx, event.day, event.block)

    async def on_joined(tx: Transaction, event: LaneJoined) -> None:
        """What a late region had left of its block is over now."""
        running = await tx.find(Running, event.day)
        await recordings.blocks_over(tx, event.day, running.block if running else None)

    async def on_end(tx: Transaction, event: DayEnded) -> None:
        await recordings.day_over(tx, event.day)

    return Reactions("recordings", {ItemEnded: on_item, BlockBegan: on_block, LaneJoined: on_joined, DayEnded: on_end})
