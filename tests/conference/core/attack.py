"""A reader who wants to know more than is shown: goes through every table that the shown figures allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import product
from typing import NamedTuple

from conference.core.disclosure import Breakdown, Disclosed

Row = tuple[int, ...]  # answers of a group, then its cells


class Worked(NamedTuple):
    """What the reader worked out of one withheld figure: its true value, and the most that it could have been."""

    group: int
    column: int  # 0 is the number of answers
    truth: int
    most: int


def worked_out(table: Breakdown, shown: Disclosed) -> Iterator[Worked]:
    """Every withheld figure, with its greatest value over all tables with the same shown figures, column sums and number of answers."""
    totals = (sum(table.n), *(sum(column) for column in zip(*table.counts, strict=True)))
    rows = [list(_possible(n, cells, totals, table.most)) for n, cells in zip(shown.n, shown.counts, strict=True)]
    # With one option an answer the number of answers is the sum of the cells, and tells no more.
    counted = slice(1, None) if table.most == 1 else slice(None)
    sums = _Sums(totals[counted])
    for group, (n, cells) in enumerate(zip(shown.n, shown.counts, strict=True)):
        others = sums.of([row[counted] for row in of_group] for other, of_group in enumerate(rows) if other != group)
        left = [tuple(total - mine for total, mine in zip(totals, row, strict=True)) for row in rows[group]]
        consistent = [row for row, rest in zip(rows[group], left, strict=True) if sums.holds(others, rest[counted])]
        truth = (table.n[group], *table.counts[group])
        assert truth in consistent
        for column, figure in enumerate((n, *cells)):
            if figure is None:
                yield Worked(group, column, truth[column], max(row[column] for row in consistent))


def consistent(table: Breakdown, shown: Disclosed) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every table of one option an answer with the same shown figures, column sums and number of answers."""
    totals = tuple(sum(column) for column in zip(*table.counts, strict=True))
    of_groups = [
        [row[1:] for row in _possible(n, cells, (sum(table.n), *totals), 1)] for n, cells in zip(shown.n, shown.counts, strict=True)
    ]
    yield from (rows for rows in product(*of_groups) if tuple(map(sum, zip(*rows, strict=True))) == totals)


def _possible(n: int | None, cells: Iterable[int | None], totals: Row, most: int) -> Iterator[Row]:
    """All rows that one group can have had, by what is shown of it."""
    ranges = [range(total + 1) if cell is None else (cell,) for cell, total in zip(cells, totals[1:], strict=True)]
    for row in product(*ranges):
        for answers in range(max(*row, -(-sum(row) // most)), min(sum(row), totals[0]) + 1):
            if n in {None, answers}:
                yield (answers, *row)


class _Sums:
    """Sets of rows as the bits of one whole number, so that adding two sets is a few shifts."""

    def __init__(self, totals: Row) -> None:
        self._totals = totals
        self._within = sum(1 << self._place(row) for row in product(*(range(total + 1) for total in totals)))

    def _place(self, row: Row) -> int:
        # Twice the room that a column needs, so that a sum which is too large does not run into the next column.
        return reduce(lambda place, column: place * (2 * column[1] + 1) + column[0], zip(row, self._totals, strict=True), 0)

    def of(self, many: Iterable[list[Row]]) -> int:
        """All sums of one row from each list."""
        reached = 1
        for rows in many:
            reached = reduce(lambda all_, row: all_ | (reached << self._place(row)), rows, 0) & self._within
        return reached

    def holds(self, reached: int, row: Row) -> bool:
        """Whether it is one of the sums."""
        return min(row) >= 0 and bool(reached >> self._place(row) & 1)


class Leading:
    """The same reader before a table too large to go through: leads answers from cell to cell, one by one, as the shown figures allow.

    For one option an answer. From the truth every other table that fits can be reached so, by cycles through what is withheld.
    """

    def __init__(self, table: Breakdown, shown: Disclosed) -> None:
        self.values = {(group, option): count for group, row in enumerate(table.counts) for option, count in enumerate(row)}
        self._held = {spot for spot in self.values if shown.counts[spot[0]][spot[1]] is None}
        self._free = {group for group, n in enumerate(shown.n) if n is None}

    def withheld(self) -> list[tuple[int, int]]:
        """Every cell that is not shown."""
        return sorted(self._held)

    def most(self, spot: tuple[int, int], enough: int) -> int:
        """How large a withheld cell can be, up to *enough*."""
        values = dict(self.values)
        while values[spot] < enough and (way := self._way(spot, values)):
            values[spot] += 1
            for taken, given in way:
                values[taken] -= 1
                if given:
                    values[given] += 1
        return values[spot]

    def _way(self, spot: tuple[int, int], values: dict[tuple[int, int], int]) -> list[tuple[tuple[int, int], tuple[int, int] | None]]:
        """What to take one from, and where to give it in the same row (or in another free one), until all sums are as they were."""
        came: dict[int, tuple[int, tuple[int, int], tuple[int, int]] | None] = {spot[1]: None}
        waiting = [spot[1]]
        for option in waiting:
            for taken in sorted(one for one in self._held if one[1] == option and one != spot and values[one]):
                if taken[0] == spot[0] or {taken[0], spot[0]} <= self._free:
                    return [*_back(came, option), (taken, None)]
                rows = self._free if taken[0] in self._free else {taken[0]}
                for given in sorted(one for one in self._held if one[0] in rows and one[1] not in came):
                    came.setdefault(given[1], (option, taken, given))
                    waiting += [given[1]] if given[1] not in waiting else []
        return []


def _back(
    came: dict[int, tuple[int, tuple[int, int], tuple[int, int]] | None], option: int
) -> list[tuple[tuple[int, int], tuple[int, int] | None]]:
    steps: list[tuple[tuple[int, int], tuple[int, int] | None]] = []
    while (step := came[option]) is not None:
        option, taken, given = step
        steps.append((taken, given))
    return steps
