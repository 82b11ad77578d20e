"""What a reader can work out from a table with holes.

A breakdown is a flow: all answers run into the groups, and from each group into the options that its answers chose. What is shown holds
its stream fast; what is withheld may run differently, as long as nothing is lost at any junction. So "can this cell be five?" asks whether
enough can be led around through the holes, and when it cannot, the cheapest way around shows what to withhold as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import NamedTuple, TypeAlias

ALL, GROUP, OPTION = 0, 1, 2  # kinds of junctions: every answer runs out of the one ALL

Junction: TypeAlias = tuple[int, int]
Way: TypeAlias = list[tuple["Stream", int]]  # streams, and whether each is led along (1) or against (-1)


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

    def withheld(self, spot: Spot) -> bool:
        """Whether it is not shown."""
        return spot.group in self.groups or spot in self.cells

    def hide(self, spot: Spot, k: int) -> None:
        """Withhold more, until nobody can tell that *spot* is under *k*: there is a table with the same shown figures where it is not.

        Of a group without any answers there is nothing to tell, so it is not protected; it may still be where a reader must think that
        answers could have been. When the whole itself is under *k*, it tells that much.
        """
        if not self.table.n[spot.group]:
            return
        target = min(k, sum(self._column(spot)))
        while not self._can_be(spot, target):
            left = [group for group in range(len(self.table.groups)) if group not in self.groups]
            if not left:
                return
            self.groups.add(min(left, key=self.table.n.__getitem__))

    def _can_be(self, spot: Spot, target: int) -> bool:
        flow = Flow(self._streams())
        for stream in flow.raise_to(spot, target) or ():
            self.withhold([stream.spot])
        return flow.value[spot] >= target and self._plausible(flow, spot, target)

    def _plausible(self, flow: Flow, spot: Spot, target: int) -> bool:
        """Whether the withheld groups can have had the answers that the other figures leave them, when answers hold several options.

        With one option an answer this follows from the flow itself.
        """
        if self.table.most == 1 or not self.groups:
            return True
        least, possible = 0, 0
        for group in self.groups:
            cells = [flow.value[Spot(group, option)] for option in range(len(self.table.options))]
            fewest = max(*cells, -(-sum(cells) // self.table.most), target if spot == Spot(group) else 0)
            if fewest > sum(cells):
                return False
            least, possible = least + fewest, possible + sum(cells)
        return least <= sum(self.table.n[group] for group in self.groups) <= possible

    def _column(self, spot: Spot) -> list[int]:
        return list(self.table.n) if spot.option is None else [row[spot.option] for row in self.table.counts]

    def _streams(self) -> Iterator[Stream]:
        endless = sum(map(sum, self.table.counts))
        for group, (n, row) in enumerate(zip(self.table.n, self.table.counts, strict=True)):
            hidden = group in self.groups
            yield Stream(Spot(group), sum(row), (0, endless) if hidden else (n, n * self.table.most), (0, endless), n + 1)
            for option, count in enumerate(row):
                spot, widest = Spot(group, option), (0, endless if hidden else n)
                yield Stream(spot, count, widest if self.withheld(spot) else (count, count), widest, count + 1)


class Stream(NamedTuple):
    """Answers that run into a group, or from a group into an option.

    Attributes:
        value: the true strength.
        bounds: the least and the most that a reader must think possible.
        widest: the same, were it withheld.
        cost: of withholding it.
    """

    spot: Spot
    value: int
    bounds: tuple[int, int]
    widest: tuple[int, int]
    cost: int

    @property
    def ends(self) -> tuple[Junction, Junction]:
        """Where it comes from and where it goes."""
        group, option = self.spot
        return ((ALL, 0), (GROUP, group)) if option is None else ((GROUP, group), (OPTION, option))


class Flow:
    """Streams between junctions, which can be led differently within their bounds, or wider at a cost."""

    def __init__(self, streams: Iterable[Stream]) -> None:
        self.value: dict[Spot, int] = {}
        self._streams: dict[Spot, Stream] = {}
        self._at: dict[Junction, list[tuple[Junction, Stream, int]]] = {}
        for stream in streams:
            self.value[stream.spot], self._streams[stream.spot] = stream.value, stream
            tail, head = stream.ends
            self._at.setdefault(tail, []).append((head, stream, 1))
            self._at.setdefault(head, []).append((tail, stream, -1))

    def raise_to(self, spot: Spot, target: int) -> set[Stream]:
        """Lead more through the stream at *spot*, until it is at least *target* or no way is left.

        Returns:
            The streams that must be withheld for it.
        """
        widened: set[Stream] = set()
        while self.value[spot] < target and (way := self._way(self._streams[spot], widened)):
            widened.update(stream for stream, sign in way if not self._room(stream, sign, stream.bounds))
            way.append((self._streams[spot], 1))
            more = min(target - self.value[spot], *(self._room(stream, sign, self._now(stream, widened)) for stream, sign in way))
            for stream, sign in way:
                self.value[stream.spot] += sign * more
        return widened

    def _now(self, stream: Stream, widened: set[Stream]) -> tuple[int, int]:
        return stream.widest if stream in widened else stream.bounds

    def _room(self, stream: Stream, sign: int, bounds: tuple[int, int]) -> int:
        return bounds[1] - self.value[stream.spot] if sign > 0 else self.value[stream.spot] - bounds[0]

    def _way(self, stream: Stream, widened: set[Stream]) -> Way:
        """The cheapest way from the end of *stream* back to its beginning; empty when it is barred (Dijkstra)."""
        goal, start = stream.ends
        came: dict[Junction, tuple[Junction, Stream, int]] = {}
        cost, done, waiting = {start: 0}, set[Junction](), [(0, start)]
        while waiting and goal not in done:
            so_far, here = heappop(waiting)
            if here in done:
                continue
            done.add(here)
            for there, along, sign in self._at.get(here, ()):
                free = self._room(along, sign, self._now(along, widened)) > 0
                if along is stream or not (free or self._room(along, sign, along.widest) > 0):
                    continue
                price = so_far + (0 if free else along.cost)
                if price < cost.get(there, price + 1):
                    cost[there], came[there] = price, (here, along, sign)
                    heappush(waiting, (price, there))
        way: Way = []
        while goal in came:
            goal, along, sign = came[goal]
            way.append((along, sign))
        return way
