"""What can happen to the data of a day that is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class DateSet(Event):
    """A kind of data of this day is held until another date than the rule says.

    Attributes:
        kind: which kind of data, as its columns name it.
        until: the first day on which it may be deleted.
    """

    name: ClassVar[str] = "keeping.date_set"

    kind: str
    until: date


@dataclass(frozen=True, kw_only=True)
class DisposalSigned(Event):
    """An organizer has signed that kinds of data are deleted; from now on the house deletes them.

    Attributes:
        disposal: number of the protocol within the day, from 1.
    """

    name: ClassVar[str] = "keeping.signed"

    disposal: int
    kinds: list[str]


@dataclass(frozen=True, kw_only=True)
class DataDisposed(Event):
    """All that a signed protocol names is gone from the tables."""

    name: ClassVar[str] = "keeping.disposed"

    disposal: int
    kinds: list[str]
