"""The numbers that may be given, and the bins in which they are shown. Bins follow from the question alone, never from the answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import count
from typing import Any

from polls.kinds.kind import tidy
from polls.kinds.question import Question

BINS_MOST = 12  # more are not read on a phone
NICE = (1, 2, 5, 10, 20, 25, 50)  # numbers in a bin, and these times a hundred and so on
DECIMALS = 2  # of a median between two numbers


@dataclass(frozen=True)
class Bins:
    """Numbers from ``low`` to ``high`` in steps of ``step``, called by their place: 0, 1, 2 …

    Attributes:
        width: how many numbers a bin holds.
    """

    low: int | float
    high: int | float
    step: int | float
    width: int

    def place(self, value: float) -> int:
        """The place of the number that is nearest to *value*."""
        return round((_exact(value) - _exact(self.low)) / _exact(self.step))

    def value(self, place: int) -> int | float:
        """The number at a place."""
        return tidy(float(_exact(self.low) + place * _exact(self.step)), 6)

    @property
    def _starts(self) -> range:
        return range(0, self.place(self.high) + 1, self.width)

    @property
    def names(self) -> tuple[str, ...]:
        """The cells of all bins: the place of their first number, marked as such."""
        return tuple(f"from:{start}" for start in self._starts)

    def shown(self) -> list[dict[str, Any]]:
        """Each bin's cell, first and last number."""
        last = self.place(self.high)
        ends = [min(start + self.width - 1, last) for start in self._starts]
        numbers = zip(self.names, self._starts, ends, strict=True)
        return [{"cell": name, "low": self.value(start), "high": self.value(end)} for name, start, end in numbers]

    def filled(self, counts: Mapping[str, int]) -> dict[str, int]:
        """How many numbers lie in each bin, of counts by place."""
        bins = dict.fromkeys(self.names, 0)
        for place, many in counts.items():
            bins[f"from:{int(place) // self.width * self.width}"] += many
        return bins

    def quantile(self, counts: Mapping[str, int], quarter: int) -> int | float:
        """The median (2) or a quartile (1, 3) of counts by place; between two numbers, in proportion."""
        below, above, part = _around(sorted((int(place), many) for place, many in counts.items()), quarter)
        return tidy(float(_exact(self.low) + (below + (above - below) * part) * _exact(self.step)), DECIMALS)

    def within(self, counts: Mapping[str, int], quarter: int) -> dict[str, int | float]:
        """The first and the last number of the bin that the median or a quartile lies in; of the two bins, when it lies between numbers of
        two. It follows from how many lie in each bin.
        """
        filled = zip(self.shown(), self.filled(counts).values(), strict=True)
        first, last, _part = _around([(place, many) for place, (_bin, many) in enumerate(filled)], quarter)
        return {"low": self.shown()[first]["low"], "high": self.shown()[last]["high"]}


@lru_cache(maxsize=64)  # asked once a vote
def bins_of(question: Question) -> Bins:
    """Those of a question that `polls.kinds.measured.Number` can ask."""
    low, high = question.low or 0, question.high or 0
    width = next(width for width in _widths() if width * BINS_MOST >= how_many(low, high, question.step))
    return Bins(low, high, question.step, width)


def how_many(low: float, high: float, step: float) -> int:
    """The numbers from *low* to *high*."""
    return int((_exact(high) - _exact(low)) / _exact(step)) + 1


def _around(places: list[tuple[int, int]], quarter: int) -> tuple[int, int, Fraction]:
    """The places below and above a quarter of what is put in order, and how far it is from the one towards the other."""
    at = Fraction((sum(many for _place, many in places) - 1) * quarter, 4)
    return _nth(places, at.numerator // at.denominator), _nth(places, -(-at.numerator // at.denominator)), at % 1


def _nth(places: list[tuple[int, int]], nth: int) -> int:
    """The place of the *nth* number, counted from 0, when they are put in order."""
    for place, many in places:
        if nth < many:
            return place
        nth -= many
    raise IndexError(nth)


def _widths() -> Iterator[int]:
    return (width * 100**power for power in count() for width in NICE)


def _exact(value: float) -> Fraction:
    """As it is written, 0.1 as a tenth."""
    return Fraction(str(value))
