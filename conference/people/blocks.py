"""How many followed each block of the programme: what is known of the truth, from below, from above, and nearest to it.

The truth is how many people were there for at least half of a block. Screens are noted to the minute, so both bounds leave `SLACK_MINUTES`
for what was noted too early or too late.

- **low**: groups that were on for half of the block and a little more, as many as they were at the fewest; and one person for each lone
  screen at which there was a sign of somebody *in this block*, less one in `attendance.SECOND_EACH`, which may be a second screen.
- **about**: groups, as many as sat there for half of the block; and one for each lone screen at which there was a sign of somebody at any
  time of the day, less half of that.
- **high**: every screen that was on for nearly half of it, silent or not; groups as many as they were at the most; and those that never
  told as many as the average group of the day.

Phones that are paired with a screen are counted there when it was on for half of the block.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.people.attendance import SECOND_EACH, Figures, Screen, figures
from conference.people.beats import bits_of

SLACK_MINUTES: Final = 2  # a screen is noted each minute; what is told reaches the note in the next one


@dataclass(frozen=True)
class Span:
    """A block, from one minute of the programme to another, both included."""

    block: str
    kind: str
    title: str
    title_en: str | None
    first: int
    last: int

    @property
    def bits(self) -> int:
        """A bit for each of its minutes."""
        return bits_of(self.first, self.last)

    @property
    def half(self) -> int:
        """Minutes that are at least half of it."""
        return -(-(self.last - self.first + 1) // 2)


Spans: TypeAlias = Callable[[AsyncSession, str], Awaitable[Sequence[Span]]]
"""Reads the blocks of a day, in their order. It belongs to the floor above."""


@dataclass(frozen=True)
class InBlock:
    """What is known of how many followed a block; the rules stand at the top.

    Attributes:
        devices: screens that were on for at least half of it.
    """

    block: str
    kind: str
    title: str
    title_en: str | None
    devices: int
    low: int
    about: int
    high: int


def followed(screens: Sequence[Screen], spans: Iterable[Span]) -> list[InBlock]:
    """Each block that somebody followed."""
    whole = figures(screens)
    found = (_followed(screens, span, whole) for span in spans)
    return [one for one in found if one.devices]


def _followed(screens: Sequence[Screen], span: Span, whole: Figures) -> InBlock:
    there = list(_on(screens, span, span.half))
    about = span.title, span.title_en, len(there)
    return InBlock(span.block, span.kind, *about, _low(screens, span), _about(there, span), _high(screens, span, whole))


def _on(screens: Sequence[Screen], span: Span, least: int) -> Iterator[Screen]:
    """Those that were on for so many of a block's minutes, without phones whose screen was."""
    shown = {screen.person for screen in screens if (screen.bits & span.bits).bit_count() >= span.half}
    return (one for one in screens if (one.bits & span.bits).bit_count() >= least and one.at not in shown)


def _low(screens: Sequence[Screen], span: Span) -> int:
    groups = lone = 0
    for screen in _on(screens, span, min(span.half + SLACK_MINUTES, span.last - span.first + 1)):
        fewest = screen.stayed(span.bits, (screen.bits & span.bits).bit_count()) or 1
        if fewest > 1:
            groups += fewest
        elif not screen.is_silent(span.bits):
            lone += 1
    return groups + lone - lone // SECOND_EACH


def _about(there: Sequence[Screen], span: Span) -> int:
    crowds = [screen.stayed(span.bits, span.half) or 1 for screen in there]
    lone = sum(crowd == 1 and not screen.is_silent() for crowd, screen in zip(crowds, there, strict=True))
    return sum(crowd for crowd in crowds if crowd > 1) + lone - lone // (2 * SECOND_EACH)


def _high(screens: Sequence[Screen], span: Span, whole: Figures) -> int:
    told = [screen.stayed(span.bits, 1) for screen in _on(screens, span, max(span.half - SLACK_MINUTES, 1))]
    untold = told.count(None)
    return sum(people or 1 for people in told) + whole.besides(untold)
