"""What a reader can work out from a table with holes.

A breakdown is a flow: all answers run into the groups, and from each group into the options that its answers chose. What is shown holds
its stream fast; what is withheld may run differently, as long as nothing is lost at any junction. So "can this cell be five?" asks whether
enough can be led around the holes, and when it cannot, the streams that stand in the way are the ones to withhold next.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

ALL = 0  # the junction that every answer runs out of; then one for each group, then one for each option

Stream: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Breakdown:
    """True counts of answers, by group and option. Every answer stands in exactly one group.

    Attributes:
        n: answers of each group.
        counts: a row for each group, a cell for each option.
        most: how many options one answer may hold; each holds at least one.
    """

    groups: tuple[str, ...]
    options: tuple[str, ...]
    n: tuple[int, ...]
    counts: tuple[tuple[int, ...], ...]
    most: int = 1

    def __post_init__(self) -> None:
        for n, row in zip(self.n, self.counts, strict=True):
            if not n <= sum(row) <= n * self.most or max(row, default=0) > n or min(row, default=0) < 0:
                raise ValueError(f"{n} answers with at most {self.most} options each cannot be {row}")

    @classmethod
    def of(
        cls, counts: Mapping[str, Mapping[str, int]], options: Iterable[str], *, n: Mapping[str, int] | None = None, most: int = 1
    ) -> Breakdown:
        """From ``{group: {option: count}}``; what is not counted is zero.

        Args:
            options: all of them, in their order.
            n: answers of each group; may be left out where each answer holds one option.
        """
        options = tuple(options)
        rows = tuple(tuple(row.get(option, 0) for option in options) for row in counts.values())
        return cls(tuple(counts), options, tuple(n[group] for group in counts) if n else tuple(map(sum, rows)), rows, most)


class Spot(NamedTuple):
    """A place in the table: a cell, or the number of answers of a whole group."""

    group: int
    option: int | None = None


@dataclass
class Holes:
    """A breakdown and what is withheld of it. The sums of its columns and of all its answers are known to everybody."""

    table: Breakdown
    cells: set[Spot] = field(default_factory=set)
    groups: set[int] = field(default_factory=set)

    def withhold(self, spots: Iterable[Spot]) -> None:
        """Cut more holes; a group is withheld with all its cells."""
        for spot in spots:
            if spot.option is None:
                self.groups.add(spot.group)
            else:
                self.cells.add(spot)

    def withheld(self, group: int, option: int) -> bool:
        """Whether a cell is not shown."""
        return group in self.groups or Spot(group, option) in self.cells

    def lacking(self, spot: Spot, k: int) -> Spot | None:
        """What to withhold next so that nobody can tell that *spot* is under *k*; ``None`` when nobody can, or nothing is left.

        Of a group without any answers there is nothing to tell, so it is not protected; it may still be where a reader must think that
        answers could have been.
        """
        if not self.table.n[spot.group]:
            return None
        flow = Flow(self._streams())
        whole = self.table.n if spot.option is None else [row[spot.option] for row in self.table.counts]
        target = min(k, sum(whole))  # what the whole itself tells, it tells
        reached = flow.raise_to(self._stream(spot), target)
        if reached is None and self._plausible(flow, spot, target):
            return None
        return self._next(spot, reached or set())

    def _next(self, spot: Spot, reached: set[int]) -> Spot | None:
        if spot.option is not None:
            shown = [Spot(group, option) for group, option in self._cells() if not self.withheld(group, option)]
            if barring := [cell for cell in shown if len(reached.intersection(self._stream(cell))) == 1]:
                return min(barring, key=self._count)
        groups = [group for group in range(len(self.table.groups)) if group not in self.groups]
        # A group on the far side first: withholding it opens a way, withholding another one may not.
        groups.sort(key=lambda group: ((self._group(group) in reached) == (ALL in reached), self.table.n[group]))
        return Spot(groups[0]) if groups else None

    def _plausible(self, flow: Flow, spot: Spot, target: int) -> bool:
        """Whether the withheld groups can have had the answers that the other figures leave them, when answers hold several options.

        With one option an answer this follows from the flow itself.
        """
        if self.table.most == 1 or not self.groups:
            return True
        least, possible = 0, 0
        for group in self.groups:
            cells = [flow.value[self._group(group), self._option(option)] for option in range(len(self.table.options))]
            fewest = max(*cells, -(-sum(cells) // self.table.most), target if spot == Spot(group) else 0)
            if fewest > sum(cells):
                return False
            least, possible = least + fewest, possible + sum(cells)
        return least <= sum(self.table.n[group] for group in self.groups) <= possible

    def _streams(self) -> Iterator[tuple[Stream, int, int, int]]:
        """What may run differently: the stream, its true strength, the least and the most it could be."""
        endless = sum(map(sum, self.table.counts))
        for group, n in enumerate(self.table.n):
            strength = sum(self.table.counts[group])
            low, high = (0, endless) if group in self.groups else (n, n * self.table.most)
            if low < high:
                yield (ALL, self._group(group)), strength, low, high
        for group, option in self._cells():
            if self.withheld(group, option):
                high = endless if group in self.groups else self.table.n[group]
                yield (self._group(group), self._option(option)), self.table.counts[group][option], 0, high

    def _count(self, spot: Spot) -> int:
        return self.table.n[spot.group] if spot.option is None else self.table.counts[spot.group][spot.option]

    def _stream(self, spot: Spot) -> Stream:
        return (ALL, self._group(spot.group)) if spot.option is None else (self._group(spot.group), self._option(spot.option))

    def _cells(self) -> Iterator[tuple[int, int]]:
        return ((group, option) for group in range(len(self.table.groups)) for option in range(len(self.table.options)))

    def _group(self, group: int) -> int:
        return 1 + group

    def _option(self, option: int) -> int:
        return 1 + len(self.table.groups) + option


class Flow:
    """Streams between junctions, which can be led differently within their bounds."""

    def __init__(self, streams: Iterable[tuple[Stream, int, int, int]]) -> None:
        self.value: dict[Stream, int] = {}
        self._bounds: dict[Stream, tuple[int, int]] = {}
        self._at: dict[int, list[tuple[int, Stream, int]]] = {}  # junction -> (the next one, the stream, +1 along it or -1 against it)
        for (tail, head), value, low, high in streams:
            self.value[tail, head], self._bounds[tail, head] = value, (low, high)
            self._at.setdefault(tail, []).append((head, (tail, head), 1))
            self._at.setdefault(head, []).append((tail, (tail, head), -1))

    def raise_to(self, stream: Stream, target: int) -> set[int] | None:
        """Lead more through *stream*, until it is at least *target*.

        Returns:
            ``None`` when it is; else the junctions that more could be led to: what separates them from the others stands in the way.
        """
        while self.value[stream] < target:
            way, reached = self._way(stream)
            if not way:
                return reached
            more = min(target - self.value[stream], *(self._room(along, sign) for along, sign in way))
            for along, sign in [*way, (stream, 1)]:
                self.value[along] += sign * more
        return None

    def _room(self, stream: Stream, sign: int) -> int:
        low, high = self._bounds[stream]
        return high - self.value[stream] if sign > 0 else self.value[stream] - low

    def _way(self, stream: Stream) -> tuple[list[tuple[Stream, int]], set[int]]:
        """The shortest way from the end of *stream* back to its beginning, and the junctions seen; no way when it is barred."""
        goal, start = stream
        came: dict[int, tuple[int, Stream, int]] = {}
        seen, waiting = {start}, deque([start])
        while waiting and goal not in seen:
            here = waiting.popleft()
            for there, along, sign in self._at.get(here, ()):
                if there not in seen and along != stream and self._room(along, sign) > 0:
                    seen.add(there)
                    came[there] = (here, along, sign)
                    waiting.append(there)
        way = []
        while goal in came:
            goal, along, sign = came[goal]
            way.append((along, sign))
        return way, seen
