"""What can happen to the box of those who answer a poll in hindsight. That somebody answers is no event, as no ballot is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class LaterClosed(Event):
    """Nobody who watches the recording may answer a poll any more, and nobody's answer can be told from the ballots."""

    name: ClassVar[str] = "later.closed"

    poll: str
