"""What lanes do when the run-of-show says so."""

from __future__ import annotations

from conference.core.reactor import Reactions
from conference.core.transaction import Transaction
from conference.events import DayEnded, DayStarted
from conference.library.references import SIGN
from conference.rundown import BlockBegan, CueGiven, LaneJoined
from streaming import rules
from streaming.second import sign_of
from streaming.service import Lanes


def reactions(lanes: Lanes) -> Reactions:
    """Follow the day's beginning and end, its blocks, and the cues about pictures."""

    async def on_start(tx: Transaction, event: DayStarted) -> None:
        await lanes.began(tx, event.day)

    async def on_end(tx: Transaction, event: DayEnded) -> None:
        await lanes.ended(tx, event.day)

    async def on_block(tx: Transaction, event: BlockBegan) -> None:
        await (lanes.parted if event.kind == "regional" else lanes.met)(tx, event.day, event.lanes)

    async def on_joined(tx: Transaction, event: LaneJoined) -> None:
        await lanes.joined(tx, event.day, event.lanes)

    async def on_cue(tx: Transaction, cue: CueGiven) -> None:
        match cue.do:
            case "play_film":
                await lanes.show(tx, cue.day, await lanes.found(tx, cue.day, str(cue.args["film"])), cue.lanes)
            case "take_source":
                await lanes.show(tx, cue.day, await lanes.found(tx, cue.day, str(cue.args["source"])), _pictures(cue))
            case "show_slate":
                await lanes.show(tx, cue.day, rules.slate(str(cue.args.get("text", ""))), _pictures(cue))

    return Reactions("streaming", {DayStarted: on_start, DayEnded: on_end, BlockBegan: on_block, LaneJoined: on_joined, CueGiven: on_cue})


def _pictures(cue: CueGiven) -> list[str]:
    """The lanes that a cue means, or the second pictures beside them."""
    return [sign_of(lane) for lane in cue.lanes] if cue.args.get("picture") == SIGN else list(cue.lanes)
