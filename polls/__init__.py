"""Live polls: ask the audience, watch the answers come in, close, show.

Verbs: Polls.make, open, vote, withdraw, extend, close, show, again, archive.   Facts: PollMade, PollOpened, PollExtended, PollClosing,
PollClosed, ResultShown, PollArchived, PollPassedOver.
Stands on: conference.   Known by: web; `polls.surveys` shares its kinds of question.
"""

from polls.events import PollArchived, PollClosed, PollClosing, PollExtended, PollMade, PollOpened, PollPassedOver, ResultShown
from polls.service import Polls

__all__ = ["PollArchived", "PollClosed", "PollClosing", "PollExtended", "PollMade", "PollOpened", "PollPassedOver", "Polls", "ResultShown"]
