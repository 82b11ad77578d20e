"""How many sources may be encoded for nothing but a sooner cut.

A source that goes on air between two of its key frames is encoded from then on, at a quarter of a core, so that its lane need not wait.
When twenty regions go over to their own studios in one moment, that would be several times the machine, and no lane would get a picture
at all: those for whom nothing is left wait for their own key frame, as a rule two seconds.
"""

from __future__ import annotations

import os
import threading
from typing import Final

EACH_CORE: Final = 2  # half of the machine; players, and what must be encoded because it breaks the rules of a lane, need the rest


class Spare:
    """What is left of the machine for it; shared by all sources.

    Args:
        most: how many at once.
    """

    def __init__(self, most: int | None = None) -> None:
        self._left = threading.Semaphore(EACH_CORE * (os.cpu_count() or 1) if most is None else most)

    def take(self) -> bool:
        """Take a share, if there is one."""
        return self._left.acquire(blocking=False)

    def give_back(self) -> None:
        """Have no more use for it."""
        self._left.release()
