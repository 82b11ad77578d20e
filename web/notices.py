"""What whoever runs a day must know of the house, before somebody calls: that nothing can be saved, that joining is being slowed down."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import To, Viewer
from conference.people import STAFF
from web.hubs import Hubs
from web.limits import Limits
from web.pulse import Pulse
from web.shows import Picture, Shows, painted

LOOK_S: Final = 1.0
SLOWED_S: Final = 600.0  # a refused try to join is told for so long

FEATURE: Final = "house"
KEY: Final = "house"
NEWS: Final = "house.told"


class Notices:
    """Told to staff: in the state, and as a picture when it changes. No word of the log: that is perhaps what cannot be written."""

    def __init__(self, pulse: Pulse, limits: Limits) -> None:
        self._pulse, self._limits = pulse, limits
        self._painted: set[str] = set()  # days that were told something

    @property
    def shows(self) -> Shows:
        """Its part of the state."""
        return Shows(FEATURE, shared=self._shared)

    def now(self) -> dict[str, Any]:
        """``unsaved`` while nothing can be stored, ``slowed``: how many tries to join were refused of late, by this process."""
        slowed = self._limits.slowed(SLOWED_S)
        return {"unsaved": None if self._pulse.kept else True, "slowed": slowed or None}

    async def run(self, hubs: Hubs) -> None:
        """Tell what changes, for ever."""
        while True:
            await asyncio.sleep(LOOK_S)
            told = self.now()
            for day, hub in hubs.all.items():
                if day in self._painted or any(told.values()):
                    self._painted.add(day)
                    hub.paint({KEY: painted(Picture(KEY, NEWS, ((To(having=STAFF), told),)), hub.ring.upto)})

    async def _shared(self, _session: AsyncSession, _day: str, viewer: Viewer) -> dict[str, Any]:
        return {FEATURE: {name: value for name, value in self.now().items() if value}} if viewer.roles & STAFF else {}
