"""From a day's rows to its shape, and from a new shape back to rows: hours, places and cues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias, TypeVar

from sqlmodel import SQLModel, col

from conference.core.transaction import Transaction
from conference.events import ProgrammeChanged
from conference.rules import NATIONAL, DayState
from conference.rundown.loading import Loaded, load
from conference.rundown.tables import Cue, HiddenBlock
from conference.shape import Part, Piece, Shape
from conference.tables import Block, Day, Item
from conference.views import item_shown

T = TypeVar("T", bound=SQLModel)
Rows: TypeAlias = dict[tuple[str, str], SQLModel]
END: Final = "end_day"
MEET: Final = frozenset({"call_regions", "return_notice", "return_regions"})
TABLES: Final[Mapping[str, type[SQLModel]]] = {"block": Block, "item": Item, "cue": Cue, "hidden_block": HiddenBlock}
NAMED: Final = {"hidden_block": "block"}  # whose id is not called as the table is
LOCKED: Final = "locked"


@dataclass(frozen=True)
class Desk:
    """A day's programme as somebody is about to change it."""

    loaded: Loaded
    blocks: Mapping[str, Block]
    items: Mapping[str, Item]
    cues: Mapping[str, Cue]
    hidden: Mapping[str, HiddenBlock]

    @property
    def day(self) -> Day:
        """Its day."""
        return self.loaded.day

    @property
    def rows(self) -> Rows:
        """Everything, by table and id."""
        return by_key((*self.blocks.values(), *self.items.values(), *self.cues.values(), *self.hidden.values()))

    @property
    def shape(self) -> Shape:
        """Lengths in order. What the plan leaves open at the end of a lane belongs to its last item."""
        run = self.loaded.run
        return Shape(tuple(self._piece(block) for block in self.blocks.values()), run.block + 1 if self.loaded.running else 0)

    def begun(self, rows: Rows) -> Rows:
        """Those of *rows* that belong to blocks which are on or over: they stay as they are."""
        names = set(list(self.blocks)[: self.shape.begun])
        return {key: row for key, row in rows.items() if key[0] != "hidden_block" and getattr(row, "block", None) in names}

    def _piece(self, block: Block) -> Piece:
        lanes: dict[str, list[Item]] = {}
        for item in self.items.values():
            if item.block == block.block:
                lanes.setdefault(item.lane, []).append(item)
        parts = {lane: tuple(_parts(items, block.planned_ends_at)) for lane, items in lanes.items()}
        return Piece(block.block, _minutes(block.planned_ends_at - block.planned_starts_at), parts, block.owner == LOCKED)


async def desk(tx: Transaction, day: Day) -> Desk:
    """Read a day's programme, in its order."""
    loaded = await load(tx, day)
    blocks = sorted(await tx.every(Block, col(Block.day) == day.day), key=lambda row: row.position)
    items = sorted(await tx.every(Item, col(Item.day) == day.day), key=lambda row: row.position)
    cues = sorted(await tx.every(Cue, col(Cue.day) == day.day), key=lambda row: row.position)
    hidden = {row.block: row for row in await tx.every(HiddenBlock, col(HiddenBlock.day) == day.day)}
    return Desk(loaded, {row.block: row for row in blocks}, {row.item: row for row in items}, {row.cue: row for row in cues}, hidden)


def relaid(desk: Desk, shape: Shape, rows: Rows) -> Rows:
    """All rows as the new shape has them.

    Args:
        rows: those of the desk, with those that are new or otherwise; what the shape does not name is left out.
    """
    blocks, items = shape.spans()
    origin = desk.day.planned_starts_at
    made: list[SQLModel] = []
    order: list[Item] = []
    for place, piece in enumerate(shape.pieces):
        made.append(_timed(rows["block", piece.block], _span(origin, blocks[piece.block]), place))
        for lane in piece.lanes.values():
            for part in lane:
                order.append(_timed(rows["item", part.item], _span(origin, items[part.item]), len(order)))
    cues = _cues(order, list(of(rows, Cue).values()), blocks, desk.items)
    return by_key((*made, *order, *cues, *of(rows, HiddenBlock).values()))


def by_key(rows: Iterable[SQLModel]) -> Rows:
    """Rows by table and id."""
    return {(table, str(getattr(row, NAMED.get(table, table)))): row for row in rows for table in [str(row.__tablename__)]}


def of(rows: Rows, table: type[T]) -> dict[str, T]:
    """The rows of one table by their ids."""
    return {name: row for (_, name), row in rows.items() if isinstance(row, table)}


def undoing(before: Rows, after: Rows) -> list[Any]:
    """What must be laid back to come from *after* to *before*: as `conference.rundown.tables.LastChange` keeps it."""
    steps: list[Any] = []
    for table, name in before.keys() | after.keys():
        old, new = (rows[table, name].model_dump(mode="json") if (table, name) in rows else {} for rows in (before, after))
        if old != new:
            fields = {key: value for key, value in old.items() if not new or new[key] != value}
            steps.append([table, name, fields if old else None])
    return sorted(steps, key=lambda step: (step[0], step[1]))


async def store(tx: Transaction, desk: Desk, after: Rows, at: datetime) -> int | None:
    """Write what is otherwise, and tell; the event's place in the log, ``None`` when nothing is otherwise."""
    before = desk.rows
    items = told(before, after, desk.loaded.run.plan.lanes)
    changed = [row for key, row in after.items() if row != before.get(key)]
    gone = [row for key, row in before.items() if key not in after]
    if not changed and not gone:
        return None
    for row in gone:
        tx.drop(row)
    for row in changed:
        tx.put(row)
    ends_at = max(block.planned_ends_at for block in of(after, Block).values())
    day = desk.day
    if day.state != DayState.LIVE:  # of a day that is on the run-of-show knows better when it ends, and says so at its next tick
        day = day.model_copy(update={"ends_at": day.ends_at + (ends_at - day.planned_ends_at)})
    day = day.model_copy(update={"planned_ends_at": ends_at})
    tx.put(day)
    running = desk.loaded.running
    if running is not None:
        tx.put(running.model_copy(update={"moves": running.moves + 1}))
    lanes = list(desk.loaded.run.plan.lanes)
    event = ProgrammeChanged(day=day.day, at=at, starts_at=day.starts_at, ends_at=day.ends_at, lanes=lanes, items=items)
    return (await tx.record(event)).seq


def told(before: Rows, after: Rows, lanes: Sequence[str]) -> list[dict[str, Any]]:
    """How each item that is otherwise is told to whom, as `conference.events.ProgrammeChanged` says it."""
    had, have = _seen_on(before, lanes), _seen_on(after, lanes)
    olds, news = _shown(before), _shown(after)
    changes: list[dict[str, Any]] = []
    for name in had.keys() | have.keys():
        old, new = olds.get(name, {}), news.get(name, {})
        if old != new or had.get(name, []) != have.get(name, []):
            shown = {**dict.fromkeys(old.keys() - new.keys()), **new} if new else {}
            changes.append({"item": name, "lanes": have.get(name, []), "had": had.get(name, []), "shown": shown})
    return sorted(changes, key=lambda one: str(one["item"]))


def _parts(items: Sequence[Item], ends_at: datetime) -> Iterator[Part]:
    for place, item in enumerate(items):
        until = items[place + 1].planned_starts_at if place + 1 < len(items) else ends_at
        yield Part(item.item, _minutes(until - item.planned_starts_at), item.owner == LOCKED)


def _minutes(length: timedelta) -> int:
    return max(1, round(length.total_seconds() / 60))


def _span(origin: datetime, span: tuple[int, int]) -> tuple[datetime, datetime]:
    return origin + timedelta(minutes=span[0]), origin + timedelta(minutes=span[1])


def _timed(row: Any, span: tuple[datetime, datetime], place: int) -> Any:
    """A block or an item at its hour; when it really happens moves as much as what was planned."""
    starts_at, ends_at = span
    times = {"planned_starts_at": starts_at, "planned_ends_at": ends_at}
    if isinstance(row, Item):
        times["starts_at"] = row.starts_at + (starts_at - row.planned_starts_at)
        times["ends_at"] = row.ends_at + (ends_at - row.planned_ends_at)
    return row.model_copy(update={**times, "position": place})


def _cues(order: Sequence[Item], cues: Sequence[Any], blocks: Mapping[str, Any], had: Mapping[str, Item]) -> Iterator[Cue]:
    """The cues of the items that are left, in order. The day ends with its last item, whichever that is."""
    last = next((item for item in reversed(order) if item.lane == NATIONAL), None)
    by_item: dict[str, list[Cue]] = {}
    for cue in sorted(cues, key=lambda one: one.position):
        ends = cue.do == END and last is not None and cue.item != last.item
        if cue.do not in MEET or cue.args.get("block", cue.block) in blocks:
            by_item.setdefault(last.item if ends and last else cue.item, []).append(cue)
    place = 0
    for item in order:
        length = int((item.planned_ends_at - item.planned_starts_at).total_seconds())
        for cue in by_item.get(item.item, ()):
            at_s = _at_s(cue, item, length, had.get(cue.item))
            times = {"at_s": at_s, "planned_at": item.planned_starts_at + timedelta(seconds=at_s), "position": place}
            yield cue.model_copy(update={"item": item.item, "block": item.block, "lane": item.lane, **times})
            place += 1


def _at_s(cue: Cue, item: Item, length: int, had: Item | None) -> int:
    """A cue at the end of its item stays at its end; no cue comes after it."""
    was = int((had.planned_ends_at - had.planned_starts_at).total_seconds()) if had else length
    return length if cue.item != item.item or cue.at_s >= was else min(cue.at_s, length)


def _seen_on(rows: Rows, lanes: Sequence[str]) -> dict[str, list[str] | None]:
    """Which lanes' viewers have each item in their programme; ``None`` for all."""
    blocks, items = of(rows, Block), of(rows, Item)
    own: dict[str, set[str]] = {}
    for item in items.values():
        own.setdefault(item.block, set()).add(item.lane)
    seen: dict[str, list[str] | None] = {}
    for name, item in items.items():
        others = [lane for lane in lanes if lane not in own[item.block]] if item.lane == NATIONAL else []
        seen[name] = [item.lane, *others] if blocks[item.block].kind == "regional" else None
    return seen


def _shown(rows: Rows) -> dict[str, dict[str, Any]]:
    blocks = of(rows, Block)
    return {name: item_shown(item, blocks[item.block]) for name, item in of(rows, Item).items()}
