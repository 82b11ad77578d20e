"""What the chat does when the run-of-show says so."""

from __future__ import annotations

from chat.service import Chat
from conference.core.reactor import Reactions
from conference.core.transaction import Transaction
from conference.rundown import CueGiven, LaneJoined

COUNTRY = "national"


def reactions(chat: Chat) -> Reactions:
    """Open and close rooms by cue; in a regional block each region talks in its own, and a late one until it joins the others."""

    async def on_cue(tx: Transaction, cue: CueGiven) -> None:
        regions = [lane for lane in cue.lanes if lane != COUNTRY]
        common = COUNTRY in cue.lanes
        if cue.do == "open_chat":
            await chat.opened(tx, cue.day, [COUNTRY] if common else regions)
        elif cue.do == "close_chat":
            await chat.closed(tx, cue.day, cue.lanes)
        elif cue.do == "call_regions":
            await chat.opened(tx, cue.day, regions)
        elif cue.do == "return_regions":
            await chat.closed(tx, cue.day, regions)
        elif cue.do == "end_day":
            await chat.closed(tx, cue.day, cue.lanes)

    async def on_joined(tx: Transaction, event: LaneJoined) -> None:
        await chat.closed(tx, event.day, event.lanes)

    return Reactions("chat", {CueGiven: on_cue, LaneJoined: on_joined})
