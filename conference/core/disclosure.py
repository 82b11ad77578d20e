"""What may be shown of counts of people: one function for page, screen, API, export and live news alike.

A cell of a breakdown under `K` is withheld, zero included: where nobody chose anything else, a group has told what all of it chose. A group
with fewer than `K` answers is withheld whole, with its number of answers. Then more cells are withheld, as few and small as will do, until
nobody can work out from the rest that a withheld cell is under `K`: for every one of them there is another table with the same shown
figures in which it is at least `K` (`conference.core.inference` finds it). The counts of the whole, per option and in all, are public and
taken as known to everybody; where one of them is itself under `K`, a cell under it is as wide open as that count lets it be.

A withheld cell looks the same whether it is small or only protects one that is: otherwise the mark would tell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import Any

from conference.core.inference import Breakdown, Holes, Spot

__all__ = [
    "EXACT_FROM",
    "STEP",
    "Breakdown",
    "Disclosed",
    "K",
    "Share",
    "apart",
    "disclose",
    "disclose_together",
    "frequent",
    "percent",
    "stepped",
]

K = 5  # answers; the smallest cell of a breakdown, and the rarest word, that is shown
STEP = 5  # answers; an open poll is shown at every fifth, so that no step tells what one person answered
EXACT_FROM = 20  # answers; from here on the steps no longer matter
Z = 1.96  # standard deviations: 95 % of what chance does lies within


@dataclass(frozen=True)
class Disclosed:
    """A breakdown as it may be shown; ``None`` is a figure that is withheld.

    Attributes:
        n: answers of each group; withheld for a whole group at once.
        counts: a row for each group, a cell for each option.
    """

    groups: tuple[str, ...]
    options: tuple[str, ...]
    n: tuple[int | None, ...]
    counts: tuple[tuple[int | None, ...], ...]

    def rows(self) -> Iterator[tuple[str, int | None, dict[str, int | None]]]:
        """Each group with its number of answers and its cells."""
        for group, n, counts in zip(self.groups, self.n, self.counts, strict=True):
            yield group, n, dict(zip(self.options, counts, strict=True))

    def by_group(self) -> dict[str, dict[str, Any]]:
        """As on the wire: ``{group: {"n", "counts"}}``."""
        return {group: {"n": n, "counts": counts} for group, n, counts in self.rows()}


@lru_cache(maxsize=512)  # a closed poll is looked at by many and changes no more
def disclose(table: Breakdown, k: int = K) -> Disclosed:
    """Withhold what must not be shown of a breakdown.

    Deterministic: the same table is always shown the same way, so that two views of it cannot be laid over each other.
    """
    holes = Holes(table)
    small = _small(table, k)
    holes.withhold(small)
    for spot in small:
        holes.hide(spot, k)

    def cell(group: int, option: int) -> int | None:
        return None if holes.withheld(Spot(group, option)) else table.counts[group][option]

    counts = tuple(tuple(cell(group, option) for option in range(len(table.options))) for group in range(len(table.groups)))
    n = tuple(None if group in holes.groups else table.n[group] for group in range(len(table.groups)))
    return Disclosed(table.groups, table.options, n, counts)


def disclose_together(tables: Sequence[Breakdown], k: int = K) -> tuple[Disclosed, ...]:
    """Withhold what must not be shown of several breakdowns of the same answers into the same groups, such as one for each statement.

    A group that one of them withholds whole is withheld in all. Otherwise the number of its answers, which is the same in all of them,
    could be taken from another; and as long as it is withheld everywhere, the groups that are can share their answers out in any way in
    one table without being held to it by the others.
    """
    each = [disclose(table, k) for table in tables]
    withheld = {group for one in each for group, n in zip(one.groups, one.n, strict=True) if n is None}
    return tuple(_without(one, withheld) for one in each)


def _without(shown: Disclosed, groups: Collection[str]) -> Disclosed:
    n = tuple(None if group in groups else n for group, n in zip(shown.groups, shown.n, strict=True))
    nothing = (None,) * len(shown.options)
    counts = tuple(nothing if group in groups else row for group, row in zip(shown.groups, shown.counts, strict=True))
    return Disclosed(shown.groups, shown.options, n, counts)


def _small(table: Breakdown, k: int) -> list[Spot]:
    """What is under *k*: whole groups first, since they decide most."""
    groups = [Spot(group) for group, n in enumerate(table.n) if n < k]
    cells = [Spot(group, option) for group, row in enumerate(table.counts) for option, count in enumerate(row) if count < k]
    return groups + cells


def frequent(words: Mapping[str, int], k: int = K) -> dict[str, int]:
    """The words that at least *k* answers hold; rarer ones could point at somebody."""
    return {word: count for word, count in words.items() if count >= k}


def stepped(n: int) -> int:
    """How many of *n* answers an open poll may show."""
    return n if n >= EXACT_FROM else n - n % STEP


def percent(count: int, n: int) -> int:
    """Whole percent, halves upwards; *n* is not zero."""
    return (200 * count + n) // (2 * n)


def apart(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two intervals of shares have nothing in common: only then do the answers carry a difference between them."""
    return one[1] < other[0] or other[1] < one[0]


@dataclass(frozen=True)
class Share:
    """A part of a whole: its percentage never stands without them.

    Attributes:
        count: how many; ``None`` when it is withheld.
        n: of how many.
        base: what those are, in words: "svar", "skärmar".
    """

    count: int | None
    n: int
    base: str

    @property
    def percent(self) -> int | None:
        """Whole percent; ``None`` when withheld or there is nothing to divide."""
        return None if self.count is None or not self.n else percent(self.count, self.n)

    @property
    def between(self) -> tuple[int, int] | None:
        """Where chance alone could have put it, in whole percent, 19 times of 20 (Wilson's interval)."""
        if self.count is None or not self.n:
            return None
        part, spread = self.count / self.n, Z * Z / self.n
        middle = part + spread / 2
        reach = Z * sqrt(part * (1 - part) / self.n + spread / (4 * self.n))
        return round(100 * (middle - reach) / (1 + spread)), round(100 * (middle + reach) / (1 + spread))

    def shown(self) -> dict[str, Any]:
        """As views and the report hold it."""
        return {"percent": self.percent, "count": self.count, "n": self.n, "base": self.base, "between": self.between}
