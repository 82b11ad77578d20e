"""What surveys do when the run-of-show says so."""

from __future__ import annotations

from conference.core.reactor import Reactions
from conference.core.transaction import Transaction
from conference.rundown import CueGiven
from polls.surveys.service import Surveys


def reactions(surveys: Surveys) -> Reactions:
    """Open and close the evaluation by cue. One that somebody has opened or closed by hand before is refused, and the day goes on."""

    async def on_cue(tx: Transaction, cue: CueGiven) -> None:
        if cue.do == "open_evaluation":
            await surveys.opened(tx, cue.day, str(cue.args["survey"]))
        elif cue.do == "close_evaluation":
            await surveys.closed(tx, cue.day, str(cue.args["survey"]), "run-of-show")

    return Reactions("surveys", {CueGiven: on_cue})
