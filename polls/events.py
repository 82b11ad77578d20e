"""What can happen to a poll. No answer is ever here: a vote leaves its trace as a total."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class PollMade(Event):
    """A poll was prepared; only staff sees it.

    Attributes:
        scope: ``country``, or the id of the region that alone is asked.
        question: as `polls.kinds.Question`, in plain JSON.
    """

    name: ClassVar[str] = "polls.made"

    poll: str
    scope: str
    question: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class PollOpened(Event):
    """People may answer, for the first time or in a new round.

    Attributes:
        closes_at: when it closes by itself; ``None`` when a cue or a hand closes it.
    """

    name: ClassVar[str] = "polls.opened"

    poll: str
    scope: str
    question: dict[str, Any]
    round: int
    result: str
    closes_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PollExtended(Event):
    """People have longer to answer."""

    name: ClassVar[str] = "polls.extended"

    poll: str
    scope: str
    closes_at: datetime


@dataclass(frozen=True, kw_only=True)
class PollClosing(Event):
    """The run-of-show closes the poll: each viewer when their own picture comes to ``closes_at``, and for good a little later."""

    name: ClassVar[str] = "polls.closing"

    poll: str
    scope: str
    closes_at: datetime


@dataclass(frozen=True, kw_only=True)
class PollClosed(Event):
    """Nobody may answer any more. The tally is final, and nobody's answer can be told from the ballots."""

    name: ClassVar[str] = "polls.closed"

    poll: str
    scope: str
    round: int
    result: str
    tally: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ResultShown(Event):
    """Who may see the result was changed, ``to`` hidden, stage or everyone; ``tally`` is what they see from now."""

    name: ClassVar[str] = "polls.shown"

    poll: str
    scope: str
    to: str
    tally: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class PollSorted(Event):
    """A moderator sorted what people wrote: spellings count as one, words wait, come through or are taken away.

    What was sorted is not here, as an event is kept for long and people's words are not.

    Attributes:
        sorts: how often the poll has been sorted.
        tallies: round -> its result as it may be seen from now on.
    """

    name: ClassVar[str] = "polls.sorted"

    poll: str
    scope: str
    round: int
    result: str
    sorts: int
    tallies: dict[str, dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class WordsHeld(Event):
    """The words that a day holds are others from now on; how many they are. Told by days of before there was one list."""

    name: ClassVar[str] = "polls.words_held"

    words: int


@dataclass(frozen=True, kw_only=True)
class PollCorrected(Event):
    """A misspelling was mended after people had answered; what stood and what stands is told in the report.

    Attributes:
        part: which wording, as `polls.correcting.wordings` names it.
        reason: why, in a moderator's words.
        question: as it is from now on.
    """

    name: ClassVar[str] = "polls.corrected"

    poll: str
    scope: str
    part: str
    before: str
    after: str
    reason: str
    question: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class PollArchived(Event):
    """The poll is put away; its result stays in the report.

    Attributes:
        round: how often it was opened; one that never was has been seen by staff alone.
    """

    name: ClassVar[str] = "polls.archived"

    poll: str
    scope: str
    round: int


@dataclass(frozen=True, kw_only=True)
class PollPassedOver(Event):
    """A cue asked for something that the poll could not do; the run-of-show went on.

    Attributes:
        why: a code: ``poll.later``, ``poll.open``, ``poll.draft``.
        scope: whom the poll asks.
    """

    name: ClassVar[str] = "polls.passed_over"

    poll: str
    cue: str
    why: str
    kind: str = field(default="")
    scope: str = field(default="country")
