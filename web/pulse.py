"""Whether what is asked for can be stored: every commit says so, and while nobody writes it is tried.

A database whose disk is full, or that only reads, answers every question and keeps nothing. So nothing less than a write tells.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Final

from conference.core.reactor import Position
from conference.core.store import Store, StoreUnavailable
from conference.core.transaction import Transaction

RECENT_S: Final = 5.0  # a commit within that time answers for now
AGAIN_S: Final = 1.0  # between two tries while nothing can be stored
ANSWER_S: Final = 2.0  # a write that takes longer is none that a person waits for
NAME: Final = "pulse"  # stands among the places of reactions, on no day

log = logging.getLogger(__name__)


class Pulse:
    """Feels the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looking = asyncio.Lock()
        self._kept_s = time.monotonic()
        self._failed_s = self._tried_s = float("-inf")

    def stored(self) -> None:
        """Something was committed."""
        self._kept_s = time.monotonic()

    @property
    def kept(self) -> bool:
        """Whether what was written last was kept."""
        return self._kept_s > max(self._failed_s, self._store.outage.last_s)

    async def look(self) -> bool:
        """Whether something can be stored now; however often it is asked, it is tried once a second at most."""
        async with self._looking:
            now = time.monotonic()
            if not (self.kept and now - self._kept_s < RECENT_S) and now - self._tried_s >= AGAIN_S:
                self._tried_s = now
                await self._try()
            return self.kept

    async def run(self) -> None:
        """Look, for ever."""
        while True:
            await self.look()
            await asyncio.sleep(AGAIN_S)

    async def _try(self) -> None:
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._store.run(_beat)
        except (StoreUnavailable, TimeoutError):
            self._failed_s = time.monotonic()
        except Exception:  # it is no outage, and yet nothing was stored
            log.exception("a pulse could not be stored")
            self._failed_s = time.monotonic()
        else:
            self.stored()


async def _beat(tx: Transaction) -> None:
    last = await tx.find(Position, NAME, "")
    tx.put(Position(reaction=NAME, day="", seq=(last.seq if last else 0) + 1))
