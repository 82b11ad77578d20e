"""Live polls: ask the audience, watch the answers come in, close, show.

Verbs: Polls.make, open, vote, withdraw, extend, correct, close, show, again, archive; Moderating.merge, judge, undo;
Grouping.judge, group, undo, let_back. Facts: PollMade, PollOpened, PollExtended, PollClosing, PollClosed, PollCorrected, ResultShown,
PollSorted, WordsHeld, PollArchived, PollPassedOver.
Stands on: conference.   Known by: web; `polls.surveys` shares its kinds of question.
"""

from polls.bank import Bank
from polls.events import (
    PollArchived,
    PollClosed,
    PollClosing,
    PollCorrected,
    PollExtended,
    PollMade,
    PollOpened,
    PollPassedOver,
    PollSorted,
    ResultShown,
    WordsHeld,
)
from polls.grouping import Grouping
from polls.moderating import Moderating
from polls.service import Polls

__all__ = [
    "Bank", "Grouping", "Moderating", "PollArchived", "PollClosed", "PollClosing", "PollCorrected", "PollExtended", "PollMade",
    "PollOpened", "PollPassedOver", "PollSorted", "Polls", "ResultShown", "WordsHeld",
]  # fmt: skip
