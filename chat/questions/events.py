"""What can happen to a question. Who asked stands by id alone, also of one that was asked anonymously: no face shows it then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class Card:
    """A question as it stands after what has happened: whoever had not seen it before sees the whole of it at once.

    Attributes:
        lane: whose panel it is for, ``national`` or a region's id.
        person: who asked; shown to nobody when ``anonymous``.
        role: the asker's role at the time, shown by us and never by the asker; ``None`` for a participant.
        region, people: where the asker belongs, and how many sit at that screen: together they may tell who it is, so they are not kept
            of an ``anonymous`` one. The copy of such a one has the region whose panel it was asked of.
        to: the contributor it is meant for; ``None`` for the whole panel.
        state: ``held``, ``open``, ``taken_up``, ``answered``, ``written`` or ``aside``.
        public: whether others than staff and the asker have been shown it.
        reason: why it was put aside.
        into: the question that it was merged with, whose ways it goes from then on.
        lifted: of a regional question: the one that stands for it before the country's panel.
        lifted_from: of that one: the regional question; ``lifted_backs`` is the support it had there.
        assigned_to: the contributor who answers it after the day, by ``due``.
        against: how many would rather have another one taken up; for staff alone.
        label: what it is about, in a word or two of a moderator; ``starred``: a moderator wants it to be found again.
        quotable: whether its asker lets it be quoted after the day, with the name that was given.
    """

    question: str
    lane: str
    person: str
    text: str
    state: str
    asked_at: datetime
    public: bool = False
    anonymous: bool = False
    role: str | None = None
    region: str | None = None
    people: int = 1
    to: str | None = None
    backs: int = 0
    taken_up_at: datetime | None = None
    answered_at: datetime | None = None
    answer: str | None = None
    reason: str | None = None
    into: str | None = None
    lifted: str | None = None
    lifted_from: str | None = None
    lifted_backs: int | None = None
    assigned_to: str | None = None
    due: date | None = None
    removed: bool = False
    against: int = 0
    label: str | None = None
    starred: bool = False
    quotable: bool = False


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(Card, Event):
    """Somebody asked a question; it is held, or open at once where nobody looks first."""

    name: ClassVar[str] = "questions.asked"


@dataclass(frozen=True, kw_only=True)
class QuestionLetThrough(Card, Event):
    """A moderator let everybody see a question and back it, or took it down from the stage again."""

    name: ClassVar[str] = "questions.let_through"


@dataclass(frozen=True, kw_only=True)
class QuestionTakenUp(Card, Event):
    """A moderator gave a question to the panel; it is shown on the big screen until the next one is taken up."""

    name: ClassVar[str] = "questions.taken_up"


@dataclass(frozen=True, kw_only=True)
class QuestionAnswered(Card, Event):
    """The panel has answered a question, at this moment of the programme."""

    name: ClassVar[str] = "questions.answered"


@dataclass(frozen=True, kw_only=True)
class QuestionPutAside(Card, Event):
    """A question is not answered; who asked is told why, and nobody else is shown its text any more."""

    name: ClassVar[str] = "questions.put_aside"


@dataclass(frozen=True, kw_only=True)
class QuestionMerged(Card, Event):
    """A question was found to ask what another one asks; its support is the other one's now."""

    name: ClassVar[str] = "questions.merged"


@dataclass(frozen=True, kw_only=True)
class QuestionFreed(Card, Event):
    """What a question was merged with was taken away: it goes its own ways again, and what was merged into it goes with it."""

    name: ClassVar[str] = "questions.freed"


@dataclass(frozen=True, kw_only=True)
class QuestionEscalated(Card, Event):
    """A regional question stands before the country's panel, too; answered there, it is answered here."""

    name: ClassVar[str] = "questions.escalated"


@dataclass(frozen=True, kw_only=True)
class QuestionLifted(Card, Event):
    """A question came to the country's panel from a region."""

    name: ClassVar[str] = "questions.lifted"


@dataclass(frozen=True, kw_only=True)
class QuestionAssigned(Card, Event):
    """Somebody has been given a question to answer after the day."""

    name: ClassVar[str] = "questions.assigned"


@dataclass(frozen=True, kw_only=True)
class QuestionWritten(Card, Event):
    """A question was answered in writing, or that answer reads otherwise."""

    name: ClassVar[str] = "questions.written"


@dataclass(frozen=True, kw_only=True)
class QuestionLabelled(Card, Event):
    """A moderator said what a question is about, or took that away."""

    name: ClassVar[str] = "questions.labelled"


@dataclass(frozen=True, kw_only=True)
class QuestionStarred(Card, Event):
    """A moderator starred a question, or took the star away."""

    name: ClassVar[str] = "questions.starred"


@dataclass(frozen=True, kw_only=True)
class QuestionConsented(Card, Event):
    """Who asked a question lets it be quoted after the day, or does not any more."""

    name: ClassVar[str] = "questions.consented"


@dataclass(frozen=True, kw_only=True)
class QuestionRemoved(Card, Event):
    """The text of a question was taken away, by a moderator or by who asked; it is shown to nobody any more."""

    name: ClassVar[str] = "questions.removed"


@dataclass(frozen=True, kw_only=True)
class QuestionErased(Card, Event):
    """Who asked a question that has come to its end is forgotten, and the words with them; how it ended and its answer stay."""

    name: ClassVar[str] = "questions.erased"


@dataclass(frozen=True, kw_only=True)
class QuestionsNamed(Event):
    """Somebody who has asked in their own name is called otherwise from now on, or by no name any more.

    Attributes:
        lanes: where others than staff see what they have asked.
    """

    name: ClassVar[str] = "questions.named"

    person: str
    lanes: list[str]


@dataclass(frozen=True, kw_only=True)
class QueueOpened(Event):
    """One may ask the panel of a lane; ``hold`` says whether a moderator looks at what is asked before others see it."""

    name: ClassVar[str] = "questions.opened"

    queue: str
    hold: bool


@dataclass(frozen=True, kw_only=True)
class QueueClosed(Event):
    """One may not ask the panel of a lane any more; what was asked stays."""

    name: ClassVar[str] = "questions.closed"

    queue: str
    hold: bool


@dataclass(frozen=True, kw_only=True)
class QueueHeld(Event):
    """From now on what is asked in a lane is held until it is let through, or (``hold`` is false) it is seen at once."""

    name: ClassVar[str] = "questions.held"

    queue: str
    open: bool
    hold: bool
