"""What can happen backstage. The words stand in their rows alone: no log has to forget them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class BackstageSaid(Event):
    """Somebody who runs the day wrote to the others.

    Attributes:
        channel: ``national``, which is the day's, or a region's id.
        n: how many words the channel has by now.
    """

    name: ClassVar[str] = "backstage.said"

    channel: str
    n: int
