"""What can happen to a person of a day.

Nobody is told of others here: the public hears of people in counts alone. And no event holds a name: names live in `tables.Person`, whoever
shows a person looks there, and erasing the row leaves none behind in the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Event):
    """Somebody has another name, region, number of people, role or pairing than before. For that person alone, on all screens signed in.

    Attributes:
        renamed: whether the name is another one; which one, no event says.
        phones: how many at the screen take part by phones of their own.
        paired: whether this is such a phone; at which screen, no event says, and none holds a code.
        told_at: when somebody told last how many they are; told again, the same number is news too.
    """

    name: ClassVar[str] = "people.changed"

    person: str
    roles: list[str]
    region: str | None
    lane: str
    people: int
    renamed: bool = False
    phones: int = 0
    paired: bool = False
    told_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PersonLeft(Event):
    """One of a person's sessions ended; whoever keeps sessions in memory looks again which there are."""

    name: ClassVar[str] = "people.left"

    person: str


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """A person's name is gone and its sessions ended; whoever keeps copies of them in memory forgets them."""

    name: ClassVar[str] = "people.erased"

    person: str
