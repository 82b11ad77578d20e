"""What can happen to gestures. That somebody made one is no event: nothing is kept of who did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class GesturesAllowed(Event):
    """From now on one may make gestures to what a lane shows, or may not any more.

    Attributes:
        lane: which one it was said of.
        off: all lanes where one may not.
    """

    name: ClassVar[str] = "gestures.allowed"

    lane: str
    off: list[str]
