"""What polls do when the run-of-show says so."""

from __future__ import annotations

from conference.core.errors import Refused
from conference.core.reactor import Reactions
from conference.core.transaction import Transaction
from conference.rundown import CueGiven
from polls.events import PollPassedOver
from polls.rules import no_such, question_of, regional
from polls.service import Polls
from polls.tables import Poll

CUES = ("open_poll", "close_poll", "show_result")


def reactions(polls: Polls) -> Reactions:
    """Open, close and show polls by cue."""

    async def on_cue(tx: Transaction, cue: CueGiven) -> None:
        if cue.do in CUES:
            for name in await _names(tx, cue):
                await _follow(polls, tx, cue, name)

    return Reactions("polls", {CueGiven: on_cue})


async def _names(tx: Transaction, cue: CueGiven) -> list[str]:
    """The polls a cue means: a poll for the regions stands once for each of them, and the cue of a common block means all of those."""
    name = str(cue.args["poll"])
    if await tx.find(Poll, cue.day, name):
        return [name]
    found = [regional(name, lane) for lane in cue.lanes if await tx.find(Poll, cue.day, regional(name, lane))]
    return found or [name]


async def _follow(polls: Polls, tx: Transaction, cue: CueGiven, name: str) -> None:
    poll = await tx.find(Poll, cue.day, name)
    if poll is None:
        raise no_such()
    try:
        if cue.do == "open_poll":
            await polls.opened(tx, poll, None)
        elif cue.do == "show_result":
            await polls.shown(tx, poll, str(cue.args.get("to", "everyone")))
        elif poll.voting == "open":
            await polls.closed(tx, poll, "run-of-show")
    except Refused as refusal:
        tx.put(poll.model_copy(update={"passed_over": {"cue": cue.cue, "why": refusal.code}}))
        kind = question_of(poll).kind
        await tx.record(PollPassedOver(day=cue.day, at=cue.at, poll=name, cue=cue.cue, why=refusal.code, kind=kind))
