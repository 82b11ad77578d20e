"""What surveys do when the run-of-show says so, when an item is over, and when the day is, or is moved."""

from __future__ import annotations

from datetime import timedelta

from conference import DayCorrected, DayEnded
from conference.core.reactor import Reactions
from conference.core.transaction import Transaction
from conference.rundown import CueGiven, ItemEnded
from conference.tables import Block, Item
from polls.surveys.rules import COUNTRY
from polls.surveys.service import Surveys


def reactions(surveys: Surveys) -> Reactions:
    """Open and close the evaluation by cue. One that somebody has opened or closed by hand before is refused, and the day goes on."""

    async def on_cue(tx: Transaction, cue: CueGiven) -> None:
        if cue.do == "open_evaluation":
            await surveys.opened(tx, cue.day, str(cue.args["survey"]))
        elif cue.do == "close_evaluation":
            await surveys.closed(tx, cue.day, str(cue.args["survey"]), "run-of-show")

    async def on_item(tx: Transaction, event: ItemEnded) -> None:
        item = await tx.find(Item, event.day, event.item)
        block = await tx.find(Block, event.day, item.block) if item else None
        if item and block:
            await surveys.item_over(tx, item, event.lanes if block.kind == "regional" else [COUNTRY])

    async def on_end(tx: Transaction, event: DayEnded) -> None:
        await surveys.day_over(tx, event.day)

    async def on_move(tx: Transaction, event: DayCorrected) -> None:
        if event.later_s:
            await surveys.moved(tx, event.day, timedelta(seconds=event.later_s))

    return Reactions("surveys", {DayCorrected: on_move, CueGiven: on_cue, ItemEnded: on_item, DayEnded: on_end})
