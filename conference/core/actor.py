"""Who asks for something, and what a verb answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Asked:
    """A wish as it came in.

    Attributes:
        wish: the id that the client gave it; asking again under it gives the same answer.
        do: its name, ``polls.open``.
        body: hash of what was asked, so that another wish under the same id is found out.
        at: when it came in.
        audited: whether it is entered in the audit chain.
        note: what the audit chain says beside the name: ids only, never texts or names.
        remembered: whether its answer is stored for asking again.
    """

    wish: str
    do: str
    body: str
    at: datetime
    audited: bool = False
    note: dict[str, Any] = field(default_factory=dict)
    remembered: bool = True


@dataclass(frozen=True)
class Actor:
    """A person of a day, or the house itself, who asks for something.

    All of it comes from the session and never from the client.

    Attributes:
        people: before the screen, as told there.
        phones: how many of them take part by phones of their own.
    """

    day: str
    person: str
    roles: frozenset[str] = frozenset()
    lane: str = "national"
    region: str | None = None
    affiliation: str | None = None
    people: int = 1
    asked: Asked | None = None
    phones: int = 0

    @property
    def behind(self) -> int:
        """For how many its answer stands: those without a phone of their own."""
        return max(self.people - self.phones, 1)

    @classmethod
    def house(cls, day: str) -> Actor:
        """The system: the clock of the run-of-show, reactions, start-up."""
        return cls(day, "house")


@dataclass(frozen=True)
class Done:
    """What came of a wish.

    Attributes:
        seq: the place in the log of the day where it shows; ``None`` for what leaves no event.
        data: what the asker alone is told.
    """

    seq: int | None = None
    data: dict[str, Any] | None = None
