"""How loaded this process is, and what it lets go of first: gestures, presence, chat, new joins; votes and staff never.

The measure is how late the event loop wakes: everything a participant waits for waits behind that.
"""

from __future__ import annotations

import asyncio
from enum import IntEnum
from typing import Final

from conference.core.errors import Refused, _

SAMPLE_S: Final = 0.1
CALM: Final = 0.8  # share of the old figure kept at each sample: half a second of calm forgives a spike


class Shed(IntEnum):
    """The shed class of a wish: the lower, the sooner it is refused when the process is overloaded."""

    GESTURE = 1
    PRESENCE = 2
    CHAT = 3
    JOIN = 4
    NEVER = 9


LATE_S: Final = {Shed.GESTURE: 0.2, Shed.PRESENCE: 0.3, Shed.CHAT: 0.6, Shed.JOIN: 1.2}  # votes must be answered within a second


class Pressure:
    """Watches the event loop."""

    def __init__(self) -> None:
        self.late_s = 0.0

    async def run(self) -> None:
        """Measure, for ever."""
        clock = asyncio.get_running_loop().time
        while True:
            due = clock() + SAMPLE_S
            await asyncio.sleep(SAMPLE_S)
            self.late_s = max(clock() - due, self.late_s * CALM)

    def sheds(self, shed: Shed) -> bool:
        """Whether wishes of this class are refused now."""
        return self.late_s > LATE_S.get(shed, float("inf"))

    def admit(self, shed: Shed) -> None:
        """Say no to what the process has no time for.

        Raises:
            Refused: ``limit.reached``.
        """
        if self.sheds(shed):
            raise Refused("limit.reached", _("Det är många på en gång just nu. Försök igen om en liten stund."), retry_after_ms=2_000)
