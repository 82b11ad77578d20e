"""The time as an argument: a day can be simulated, and a test winds its clock by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time. Timers and time limits use the event loop's monotonic clock instead."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class SystemClock:
    """The time of this computer."""

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(UTC)


class HandClock:
    """A clock that stands still until somebody winds it."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Where it stands."""
        return self._now

    def wind(self, by: timedelta) -> None:
        """Let time pass."""
        self._now += by
