"""The day as a plan of steps: what comes after what in each lane, and how long after, at the day's speed. Pure.

A compressed day shortens all but films, which run at their own pace, open polls, and results, which stay long enough to be read. What
must not come too early after something else carries a floor, because people may give the steps between at any time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from itertools import pairwise
from typing import Literal, TypeAlias

from conference.rundown.overrun import Overrun, overrun_of
from conference.rundown.rows import BlockRow, CueRow, ItemRow, RegionRow

NATIONAL = "national"
POLL_OPEN_S = 20.0  # long enough to read a question and answer it on a telephone
RESULT_S = 4.0  # long enough to see who won
EVALUATION_S = 10.0  # before the day ends; it stays open afterwards
FILM_MARGIN_S = 1.0  # a film is on screen a moment after its cue; its last word is not cut
OPERATOR_S = 3.0  # how long the simulated operator waits before it presses GO
OPEN_S = {"close_poll": POLL_OPEN_S, "close_evaluation": EVALUATION_S, "end_day": EVALUATION_S}
FASTEST = 600.0  # six hours take 36 s without films and polls; faster, nothing could be read

Key: TypeAlias = str
Films: TypeAlias = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Sheet:
    """What a plan is made of: rows in the order of their positions.

    Attributes:
        films: planned and measured seconds of each film.
    """

    blocks: Sequence[BlockRow]
    items: Sequence[ItemRow]
    cues: Sequence[CueRow]
    regions: Sequence[RegionRow] = ()
    films: Films = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that comes after another: an item that begins, a cue, or the end of what a lane does in a block.

    Attributes:
        name: the item's or the cue's id.
        opens: a cue by hand at the very beginning of its item, which does not begin before.
        plan_s: planned seconds after the start of the block.
        gap_s: real seconds after the step before it.
        at_s: real seconds after the start of the block when nobody is late.
        give_s: how much of the gap may be given up to catch up; half of every gap in a break.
        waits: the end of a break in a day as planned: it does not come before its time.
        floors: cues, and how many seconds after each it comes at the earliest.
    """

    kind: Literal["item", "cue", "end"]
    name: str
    item: str
    plan_s: float
    by_hand: bool = False
    opens: bool = False
    gap_s: float = 0.0
    at_s: float = 0.0
    give_s: float = 0.0
    waits: bool = False
    floors: tuple[tuple[str, float], ...] = ()

    @property
    def key(self) -> Key:
        """How a track remembers it."""
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True)
class Segment:
    """What one lane does in one block; the last step is its end."""

    steps: tuple[Step, ...]

    @cached_property
    def places(self) -> dict[Key, int]:
        """Where each step stands."""
        return {step.key: place for place, step in enumerate(self.steps)}

    @property
    def length_s(self) -> float:
        """Real seconds when nobody is late."""
        return self.steps[-1].at_s

    def after(self, key: Key | None) -> tuple[Step, ...]:
        """The steps that come after one; a step that is no longer in the plan counts as the beginning."""
        return self.steps if key is None else self.steps[self.places.get(key, -1) + 1 :]

    def cues(self) -> list[Step]:
        """Its cues, in order."""
        return [step for step in self.steps if step.kind == "cue"]


@dataclass(frozen=True)
class Stretch:
    """A block in the plan.

    Attributes:
        start_s: real seconds after the day's origin when nobody is late.
        segments: by lane; a region without one follows the national lane.
        overruns: what is done with each region that takes longer.
    """

    block: str
    regional: bool
    start_s: float
    segments: Mapping[str, Segment]
    overruns: Mapping[str, Overrun] = field(default_factory=dict)

    @property
    def length_s(self) -> float:
        """As long as its longest lane."""
        return max(segment.length_s for segment in self.segments.values())

    def driver(self, lane: str) -> str:
        """Whose steps *lane* follows in this block."""
        return lane if self.regional and lane in self.segments else NATIONAL


@dataclass(frozen=True)
class Plan:
    """A whole day.

    Attributes:
        lanes: all of them, the national one first.
        cues: by id.
        speed: as in `conference.tables.Day`.
    """

    stretches: tuple[Stretch, ...]
    lanes: tuple[str, ...]
    cues: Mapping[str, CueRow]
    speed: float

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each block stands."""
        return {stretch.block: place for place, stretch in enumerate(self.stretches)}

    @property
    def total_s(self) -> float:
        """Real seconds when nobody is late."""
        return sum(stretch.length_s for stretch in self.stretches)

    def followers(self, stretch: Stretch, lane: str) -> list[str]:
        """The lanes that a step of *lane* holds for: all in a common block, itself alone in a regional one."""
        return [one for one in self.lanes if stretch.driver(one) == lane]


def plan_of(sheet: Sheet, speed: float) -> Plan:
    """The plan of a day at a speed."""
    by_item: dict[str, list[CueRow]] = {}
    for cue in sheet.cues:
        by_item.setdefault(cue.item, []).append(cue)
    by_block: dict[str, dict[str, list[ItemRow]]] = {}
    for item in sheet.items:
        by_block.setdefault(item.block, {}).setdefault(item.lane, []).append(item)
    stretches: list[Stretch] = []
    start_s = 0.0
    for block in sheet.blocks:
        lanes: dict[str, list[ItemRow]] = {NATIONAL: [], **by_block.get(block.block, {})}
        segments = {lane: _segment(block, lane, _Pieces(here, by_item, sheet.films), speed) for lane, here in lanes.items()}
        overruns = {region.region: overrun_of(block, region, speed) for region in sheet.regions}
        stretches.append(Stretch(block.block, block.kind == "regional", start_s, segments, overruns))
        start_s += stretches[-1].length_s
    return Plan(
        stretches=tuple(stretches),
        lanes=(NATIONAL, *(region.region for region in sheet.regions)),
        cues={cue.cue: cue for cue in sheet.cues},
        speed=speed,
    )


def speed_for(sheet: Sheet, total_s: float, *, operator_auto: bool) -> float:
    """The speed at which a day takes about *total_s* real seconds, films, polls and the simulated operator included."""

    def takes(speed: float) -> float:
        plan = plan_of(sheet, speed)
        waits = sum(step.by_hand for stretch in plan.stretches for step in stretch.segments[NATIONAL].steps)
        return plan.total_s + (OPERATOR_S * waits if operator_auto else 0.0)

    slow, fast = 1.0, FASTEST
    while fast - slow > 0.01 * slow:
        middle = (slow * fast) ** 0.5
        slow, fast = (middle, fast) if takes(middle) > total_s else (slow, middle)
    return round(fast, 2)


@dataclass(frozen=True)
class _Pieces:
    """What one lane does in one block, as stored."""

    items: Sequence[ItemRow]
    by_item: Mapping[str, Sequence[CueRow]]
    films: Films

    def cues(self) -> Iterator[CueRow]:
        for item in self.items:
            yield from self.by_item.get(item.item, ())


@dataclass(frozen=True)
class _Played:
    """A film in a segment: planned seconds after the block's start, planned and measured length."""

    cue: str
    at_s: float
    planned_s: float
    seconds: float


def _segment(block: BlockRow, lane: str, pieces: _Pieces, speed: float) -> Segment:
    """One lane in one block, its gaps shortened and its floors laid."""
    start = block.planned_starts_at
    steps = [step for item in pieces.items for step in _steps(block, item, pieces.by_item.get(item.item, ()))]
    steps.append(Step("end", f"{block.block}/{lane}", "", _s(block.planned_ends_at - start)))
    films = [cue for cue in pieces.cues() if cue.do == "play_film"]
    played = [_Played(cue.cue, _s(cue.planned_at - start), *pieces.films.get(str(cue.args["film"]), (0.0, 0.0))) for cue in films]
    rests = [item for item in pieces.items if item.kind == "break"]
    breaks = [(_s(item.planned_starts_at - start), _s(item.planned_ends_at - start)) for item in rests]
    return Segment(tuple(_timed(_floored(steps, list(pieces.cues()), played), played, breaks, speed)))


def _steps(block: BlockRow, item: ItemRow, cues: Sequence[CueRow]) -> Iterator[Step]:
    """An item's beginning and its cues."""
    start = item.planned_starts_at - block.planned_starts_at
    opens = bool(cues) and cues[0].by == "hand" and cues[0].at_s == 0
    if not opens:
        yield Step("item", item.item, item.item, _s(start))
    for place, cue in enumerate(cues):
        by_hand, first = cue.by == "hand", opens and place == 0
        yield Step("cue", cue.cue, item.item, _s(start) + cue.at_s, by_hand=by_hand, opens=first)


def _floored(steps: Sequence[Step], cues: Sequence[CueRow], played: Sequence[_Played]) -> list[Step]:
    """The steps with what they must not come too early after."""
    floors: dict[str, list[tuple[str, float]]] = {}
    opened: dict[str, str] = {}
    following = {step.name: later.name for step, later in pairwise(steps)}
    for cue in cues:
        thing = str(cue.args.get("poll", "evaluation"))
        if cue.do in {"open_poll", "open_evaluation"}:
            opened[thing] = cue.cue
        elif cue.do in OPEN_S and thing in opened:
            floors.setdefault(cue.cue, []).append((opened[thing], OPEN_S[cue.do]))
        elif cue.do == "show_result":
            floors.setdefault(following[cue.cue], []).append((cue.cue, RESULT_S))
    for film in played:
        over = next((step for step in steps if step.name != film.cue and step.plan_s >= film.at_s + film.planned_s), steps[-1])
        floors.setdefault(over.name, []).append((film.cue, film.seconds + FILM_MARGIN_S))
    return [replace(step, floors=tuple(floors[step.name])) if step.name in floors else step for step in steps]


def _timed(steps: Sequence[Step], played: Sequence[_Played], breaks: Sequence[tuple[float, float]], speed: float) -> Iterator[Step]:
    """The steps with their gaps, and the time of each when nobody is late."""
    before_s = at_s = 0.0
    times: dict[str, float] = {}
    shrinks = max(speed, 1.0)
    for step in steps:
        film_s = sum(_overlap(before_s, step.plan_s, film.at_s, film.at_s + film.planned_s) for film in played)
        free_s = (step.plan_s - before_s - film_s) / shrinks
        rests = any(start < step.plan_s <= end and before_s >= start for start, end in breaks)
        waits = speed == 1 and any(end == step.plan_s for _, end in breaks) and step.kind != "cue"
        at_s = max([at_s + free_s + film_s, *(times[cue] + least_s for cue, least_s in step.floors)])
        give_s = free_s / 2 if rests else 0.0
        yield replace(step, gap_s=free_s + film_s, at_s=at_s, give_s=give_s, waits=waits)
        before_s = step.plan_s
        times[step.name] = at_s


def _overlap(a: float, b: float, start: float, end: float) -> float:
    return max(0.0, min(b, end) - max(a, start))


def _s(length: timedelta) -> float:
    return length.total_seconds()
