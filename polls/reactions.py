"""What polls do when the run-of-show says so."""

from __future__ import annotations

from sqlmodel import col

from conference import DayEnded
from conference.core.errors import Refused
from conference.core.reactor import Reactions
from conference.core.transaction import Transaction
from conference.people import NATIONAL
from conference.rundown import CueGiven, LaneJoined
from conference.rundown.tables import Cue
from polls.events import PollPassedOver
from polls.rules import no_such, question_of, regional
from polls.service import Polls
from polls.tables import Poll

CUES = ("open_poll", "close_poll", "show_result")


def reactions(polls: Polls) -> Reactions:
    """Open, close and show polls by cue; close what is open when the day ends."""

    async def on_cue(tx: Transaction, cue: CueGiven) -> None:
        if cue.do in CUES:
            meant = [await tx.find(Poll, cue.day, name) for name in await _names(tx, cue)]
            if cue.do == "close_poll":
                for poll in meant:
                    if poll and poll.voting == "open":
                        await polls.let_close(tx, poll)
            else:
                for poll in meant:
                    await _follow(polls, tx, cue, poll)

    async def on_end(tx: Transaction, event: DayEnded) -> None:
        """What is open when the day ends is closed: its ballots must not stay linkable, nor be cast after everybody has left."""
        still_open = await tx.every(Poll, col(Poll.day) == event.day, col(Poll.voting) == "open")
        if still_open:
            await polls.closed(tx, still_open, "run-of-show")

    async def on_joined(tx: Transaction, event: LaneJoined) -> None:
        await _close_missed(polls, tx, event)

    return Reactions("polls", {CueGiven: on_cue, LaneJoined: on_joined, DayEnded: on_end})


async def _close_missed(polls: Polls, tx: Transaction, event: LaneJoined) -> None:
    """Close what the others closed while a region was late: a region that comes along gets none of the cues that it missed."""
    closes = await tx.every(Cue, col(Cue.day) == event.day, col(Cue.do) == "close_poll", col(Cue.lane) == NATIONAL)
    since = {regional(str(cue.args["poll"]), lane): cue.given_at for lane in event.lanes for cue in closes if cue.given_at}
    still_open = await tx.every(Poll, col(Poll.day) == event.day, col(Poll.voting) == "open", col(Poll.poll).in_(since))
    for poll in still_open:
        if poll.opened_at and since[poll.poll] >= poll.opened_at:
            await polls.let_close(tx, poll)


async def _names(tx: Transaction, cue: CueGiven) -> list[str]:
    """The polls a cue means: a poll for the regions stands once for each of them, and the cue of a common block means all of those."""
    name = str(cue.args["poll"])
    if await tx.find(Poll, cue.day, name):
        return [name]
    found = [regional(name, lane) for lane in cue.lanes if await tx.find(Poll, cue.day, regional(name, lane))]
    return found or [name]


async def _follow(polls: Polls, tx: Transaction, cue: CueGiven, poll: Poll | None) -> None:
    if poll is None:
        raise no_such()
    try:
        if cue.do == "open_poll":
            await polls.opened(tx, poll, None)
        else:
            await polls.show_soon(tx, poll, str(cue.args.get("to", "everyone")))
    except Refused as refusal:
        tx.put(poll.model_copy(update={"passed_over": {"cue": cue.cue, "why": refusal.code}}))
        kind = question_of(poll).kind
        await tx.record(PollPassedOver(day=cue.day, at=cue.at, poll=poll.poll, cue=cue.cue, why=refusal.code, kind=kind, scope=poll.scope))
