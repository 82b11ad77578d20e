"""When a client comes back after it lost its line, and when it does not."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from web.crowd.line import End

FIRST_WAIT_S: Final = 2.0  # before the first try, 0 to this at random; then it doubles
LONGEST_WAIT_S: Final = 20.0
DOUBLINGS_MOST: Final = 10  # more would change nothing
SENT_AWAY: Final = frozenset({4500, 4501, 4502})  # signed out, removed, protocol broken
NO_ENTRY: Final = frozenset({401, 403, 404})

Waits: TypeAlias = Callable[[int], float]
"""How many tries have failed since the last welcome -> seconds to wait before the next."""


def full_jitter(tries: int) -> float:
    """0-2 seconds at first, then the range doubles to 20."""
    return random.uniform(0, min(FIRST_WAIT_S * 2.0 ** min(tries, DOUBLINGS_MOST), LONGEST_WAIT_S))  # noqa: S311  # to spread, not to hide


@dataclass(slots=True)
class Counts:
    """What a client has seen of its lines.

    Attributes:
        lines: that were opened.
        recovered: welcomes that went on from where it was; ``afresh`` those with a new state.
        unreadable: frames that are none of the protocol.
        ends: how often each close code ended a line; of one that was refused, the HTTP status.
    """

    lines: int = 0
    recovered: int = 0
    afresh: int = 0
    unreadable: int = 0
    ends: Counter[int] = field(default_factory=Counter)


class Returning:
    """Decides after each line.

    Args:
        waits: how long before each try.
    """

    __slots__ = ("_drain_s", "_tries", "_waits")

    def __init__(self, waits: Waits = full_jitter) -> None:
        self._waits, self._tries = waits, 0
        self._drain_s: float | None = None

    def welcomed(self) -> None:
        """The line is a good one: the next loss is a first one again."""
        self._tries = 0

    def drain(self, within_s: float) -> None:
        """The server is about to stop, and wants everybody back at a random moment within this time."""
        self._drain_s = within_s

    def wait_s(self) -> float:
        """How long to wait now."""
        if self._drain_s is not None:
            wait_s, self._drain_s = random.uniform(0, self._drain_s), None  # noqa: S311  # to spread, not to hide
            return wait_s
        self._tries += 1
        return self._waits(self._tries - 1)


def is_final(end: End) -> bool:
    """Whether the server does not want to see this client again."""
    return end.code in SENT_AWAY or end.status in NO_ENTRY
