"""Forgetting a person: what each feature does about it, in the one transaction in which all of them do.

A feature has a part: it loads what the person has left there, and gives back what writes. All load before the first one writes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from conference.core.transaction import Transaction


@dataclass(frozen=True)
class Whom:
    """Who is forgotten, by id, and when."""

    day: str
    person: str
    at: datetime


Writing: TypeAlias = Callable[[Transaction], Awaitable[Mapping[str, int]]]
"""Writes, and says how many rows of which table were emptied or removed."""

Part: TypeAlias = Callable[[Transaction, Whom], Awaitable[Writing]]
