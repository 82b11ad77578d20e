"""What is noted of a screen while it is on: the minutes of the programme, signs of people in them, and how many it told they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DAY_MINUTES = 24 * 60  # no programme is longer


@dataclass(frozen=True)
class Beat:
    """One person's screen was on from one minute of the programme to another, both included.

    Attributes:
        alive: whether somebody touched, typed or fetched something at it meanwhile; ``None``: its client tells no such signs, and nothing
            follows from their absence.
    """

    day: str
    person: str
    first: int
    last: int
    alive: bool | None = None

    @property
    def bits(self) -> int:
        """A bit for each minute; what lies outside a day is left out."""
        return bits_of(self.first, self.last)


def bits_of(first: int, last: int) -> int:
    """A bit for each minute from the first to the last, both included; what lies outside a day is left out."""
    first, last = max(first, 0), min(last, DAY_MINUTES - 1)
    return (1 << last + 1) - (1 << first) if first <= last else 0


def added(minutes: bytes, bits: int) -> bytes:
    """The stored minutes with more of them."""
    together = int.from_bytes(minutes, "little") | bits
    return together.to_bytes((together.bit_length() + 7) // 8, "little")


def noted(row: Mapping[str, Any] | None, beat: Beat, people: int | None) -> dict[str, Any]:
    """What is stored of a screen, ``minutes``, ``alive`` and ``sizes``, with one beat more.

    Args:
        row: as stored before; its ``alive`` is ``None`` until a client has told whether somebody is there.
        people: how many sit there, as told last.
    """
    had = row or {"minutes": b"", "alive": None, "sizes": []}
    alive = had["alive"] if beat.alive is None else added(had["alive"] or b"", beat.bits if beat.alive else 0)
    return {"minutes": added(had["minutes"], beat.bits), "alive": alive, "sizes": retold(had["sizes"], beat, people)}


def retold(sizes: Sequence[Sequence[int | None]], beat: Beat, people: int | None) -> list[list[int | None]]:
    """The stored sizes with what a screen tells now: from the end of the beat on, or from its beginning when it is the first one."""
    kept = [list(one) for one in sizes]
    if not kept:
        return [[max(beat.first, 0), people]]
    return kept if kept[-1][1] == people else [*kept, [beat.last, people]]
