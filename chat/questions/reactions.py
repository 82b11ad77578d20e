"""What questions do when the run-of-show says so."""

from __future__ import annotations

from sqlmodel import col

from chat.questions.service import Questions
from chat.questions.tables import Queue
from conference import DayEnded
from conference.core.reactor import Reactions
from conference.core.transaction import Transaction
from conference.people import NATIONAL
from conference.rundown import CueGiven, LaneJoined


def reactions(questions: Questions) -> Reactions:
    """Take questions by cue, in a regional block each panel its own; take none when the day is over.

    Each block begins with what its cue says of holding questions, and with holding them when it says nothing.
    """

    async def on_cue(tx: Transaction, cue: CueGiven) -> None:
        if cue.do == "open_questions":
            hold = cue.args.get("hold") is not False
            await questions.opened(tx, cue.day, [NATIONAL] if NATIONAL in cue.lanes else cue.lanes, hold=hold)
        elif cue.do == "close_questions":
            await questions.closed(tx, cue.day, cue.lanes)
        elif cue.do == "return_regions":
            await questions.closed(tx, cue.day, [lane for lane in cue.lanes if lane != NATIONAL])

    async def on_joined(tx: Transaction, event: LaneJoined) -> None:
        await questions.closed(tx, event.day, event.lanes)

    async def on_end(tx: Transaction, event: DayEnded) -> None:
        still_open = await tx.every(Queue, col(Queue.day) == event.day, col(Queue.open).is_(True))
        await questions.closed(tx, event.day, [queue.queue for queue in still_open])

    return Reactions("questions", {CueGiven: on_cue, LaneJoined: on_joined, DayEnded: on_end})
