"""An outage in the log of the program: told whole when it begins, a line now and then while it lasts, and a line when it is over.

Everything that works by itself tries again every second or so, and all of it fails at once. A line for each try would fill the disk that
is perhaps the reason.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

LINE_S = 30.0  # between two lines of one outage, and before one that comes right after another is told whole
CALM_S = 1.0  # without a failure before it is over: as long as those wait that try again

log = logging.getLogger(__name__)


class Outage:
    """The outages of one thing that we cannot do without.

    Args:
        what: its name in the log, ``the database``.
        whole: whether the first error is told with its traceback.

    Attributes:
        last_s: when something failed last, by the monotonic clock.
    """

    def __init__(self, what: str, *, whole: bool = True, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._what, self._whole, self._now = what, whole, monotonic
        self._began_s: float | None = None
        self.last_s = float("-inf")
        self._line_s = float("-inf")
        self._count = 0
        self._told = False

    @property
    def lasts(self) -> bool:
        """Whether there is one now, as far as anybody has noticed."""
        return self._began_s is not None

    def note(self, error: BaseException) -> None:
        """Something failed because of it."""
        now = self._now()
        if self._began_s is None:
            self._began_s, self._count = now, 0
            if now - self._line_s >= LINE_S:
                self._line(now)
                log.error("%s is away: %s", self._what, brief(error), exc_info=error if self._whole else None)
        elif now - self._line_s >= LINE_S:
            self._line(now)
            log.warning("%s is still away after %d s and %d tries: %s", self._what, now - self._began_s, self._count, brief(error))
        self._count, self.last_s = self._count + 1, now

    def over(self) -> None:
        """Something succeeded. Cheap: it is said at every commit."""
        if self._began_s is None or (now := self._now()) - self.last_s < CALM_S:
            return
        if self._told:
            log.warning("%s is back after %d s", self._what, now - self._began_s)
        self._began_s, self._told = None, False

    def _line(self, now: float) -> None:
        self._line_s, self._told = now, True


def brief(error: BaseException) -> str:
    """An error in one line."""
    return str(error).partition("\n")[0] or type(error).__name__
