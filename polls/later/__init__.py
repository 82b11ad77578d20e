"""Answers in hindsight: who watches the recording of a day that is over may answer its polls, beside those who were there.

Verbs: Later.answer, close_due.   Facts: LaterClosed.
Stands on: conference, and the questions, ballots and tallies of `polls`.   Known by: web.
"""

from polls.later.events import LaterClosed
from polls.later.service import Later

__all__ = ["Later", "LaterClosed"]
