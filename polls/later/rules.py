"""What may be answered in hindsight, until when, and what is told of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from conference.core.columns import Kept
from conference.core.disclosure import STEP
from conference.core.errors import Refused, _
from conference.followup.keeping import rules as keeping
from conference.rules import DayState
from conference.tables import Day
from polls.kinds import Answer, checked, kind_of
from polls.rules import no_such, question_of
from polls.tables import Poll
from polls.tally import Tally


@dataclass(frozen=True)
class Standing:
    """What a late answer is held against.

    Attributes:
        chosen: until when personal data is held, where an organizer has said so.
        closed: whether the poll's box of late answers has been closed.
    """

    day: Day | None
    poll: Poll | None
    chosen: date | None = None
    closed: bool = False


def box_of(day: str, poll: str) -> str:
    """The name of the box of those who answer in hindsight."""
    return f"{day}/{poll}/later"


def until(day: Day, chosen: date | None) -> date | None:
    """The first day on which nobody may answer any more: when it is not known any more who has. ``None`` while the day is not over."""
    return keeping.until(keeping.RULES[Kept.PERSON], day, chosen) if day.state == DayState.ENDED else None


def is_open(day: Day, chosen: date | None, *, at: datetime) -> bool:
    """Whether late answers are taken at all."""
    last = until(day, chosen)
    return last is not None and keeping.local(day, at) < last


def is_asked(poll: Poll) -> bool:
    """Whether a poll can be answered in hindsight: it has closed, and nobody's words would have to be read before they are shown."""
    if not poll.known or poll.voting != "closed":
        return False
    question = question_of(poll)
    kind = kind_of(question)
    return not kind.written and not kind.counts_words and bool(kind.columns(question))


def takes(standing: Standing, *, at: datetime) -> bool:
    """Whether an answer would be taken now."""
    day, poll = standing.day, standing.poll
    return bool(day and poll and is_asked(poll) and not standing.closed and is_open(day, standing.chosen, at=at))


def answer_later(standing: Standing, answer: Any, *, at: datetime) -> Answer:
    """The answer in its one right form, when it may be given now.

    Raises:
        Refused: ``poll.no_such``, ``poll.not_open`` or what `polls.kinds.checked` says.
    """
    if standing.poll is None or not is_asked(standing.poll):
        raise no_such()
    if not takes(standing, at=at):
        raise Refused("poll.not_open", _("Det går inte att svara i efterhand längre, eller inte än."))
    return checked(question_of(standing.poll), answer)


def next_shown(shown: Tally, now: Tally) -> Tally:
    """What is told after *shown* was told, when it has come to *now*: every fifth answer, and the last ones not at the close either.

    Late answers come one at a time, for weeks: two pictures that are fewer than five answers apart would tell what somebody answered who
    was seen to watch in between.
    """
    return now if now.n % STEP == 0 and now.n != shown.n else shown
