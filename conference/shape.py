"""The shape of a day: blocks one after another, and in each of them the items of each lane. Pure.

Nothing here knows the hour: a shape is lengths in order, so there is no gap and no overlap that could be written down, and every lane of
a block is as long as the block. What one item gains or loses is either paid by its neighbour, and the day keeps its length, or moves all
that follows. A locked part keeps its length and its place; only its hour may move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from conference.core.errors import Refused, _
from conference.rules import NATIONAL

LONGEST: Final = 600  # minutes of one item
DAY_MOST: Final = 1_200  # minutes of a day: twenty hours, so that it stays one day
PARTS_MOST: Final = 600  # items of all lanes; twenty-one regions with twenty items each, and half as many again
BLOCKS_MOST: Final = 60

Lane: TypeAlias = "tuple[Part, ...]"
Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Part:
    """An item by its length in minutes."""

    item: str
    minutes: int
    locked: bool = False


@dataclass(frozen=True)
class Piece:
    """A block: every lane in it that has items of its own is as long as the block."""

    block: str
    minutes: int
    lanes: Mapping[str, Lane]
    locked: bool = False


@dataclass(frozen=True)
class Shape:
    """A day. Blocks before the place ``begun`` are on or over and stay as they are."""

    pieces: tuple[Piece, ...]
    begun: int = 0

    @property
    def minutes(self) -> int:
        """From its first minute to its last."""
        return sum(piece.minutes for piece in self.pieces)

    def spans(self) -> tuple[dict[str, Span], dict[str, Span]]:
        """When each block, and each item, begins and ends, in minutes after the beginning of the day."""
        blocks: dict[str, Span] = {}
        items: dict[str, Span] = {}
        start = 0
        for piece in self.pieces:
            blocks[piece.block] = start, start + piece.minutes
            for lane in piece.lanes.values():
                at = start
                for part in lane:
                    items[part.item] = at, at + part.minutes
                    at += part.minutes
            start += piece.minutes
        return blocks, items


@dataclass(frozen=True)
class Where:
    """Where something new comes: in a lane of a block, after an item, or first."""

    block: str
    lane: str = NATIONAL
    after: str | None = None


def resize(shape: Shape, item: str, minutes: int, *, keep: bool) -> Shape:
    """Let an item take so many minutes.

    Args:
        keep: its neighbour gains or loses as much, and nothing else moves; otherwise all that follows comes later or earlier.

    Raises:
        Refused: ``minutes.out_of_range``, ``item.no_such``, ``item.locked``, ``block.begun``, ``timeline.no_room``, ``timeline.too_long``.
    """
    piece, lane, place = _find(shape, item)
    parts = piece.lanes[lane]
    more = _length(minutes) - parts[place].minutes
    if more and parts[place].locked:
        raise _locked()
    if keep:
        grown = _given(parts, place, more)
        return _with(shape, replace(piece, lanes={**piece.lanes, lane: _given(grown, _neighbour(grown, place), -more)}))
    return _with(shape, _grown(piece, lane, _given(parts, place, more), more))


def insert(shape: Shape, where: Where, part: Part, *, keep: bool) -> Shape:
    """Put an item in. The first one of a lane that had none is as long as the block.

    Raises:
        Refused: ``minutes.out_of_range``, ``block.no_such``, ``block.locked``, ``block.begun``, ``item.no_such``, ``timeline.no_room``,
            ``timeline.too_long``, ``programme.full``.
    """
    piece = _open(shape, where.block)
    _length(part.minutes)
    if sum(len(lane) for one in shape.pieces for lane in one.lanes.values()) >= PARTS_MOST:
        raise _full()
    parts = piece.lanes.get(where.lane, ())
    if not parts:
        return _with(shape, replace(piece, lanes={**piece.lanes, where.lane: (replace(part, minutes=piece.minutes),)}))
    place = _place(parts, where.after) + 1 if where.after else 0
    wider = (*parts[:place], part, *parts[place:])
    if not keep:
        return _with(shape, _grown(piece, where.lane, wider, part.minutes))
    return _with(shape, replace(piece, lanes={**piece.lanes, where.lane: _given(wider, _neighbour(wider, place), -part.minutes)}))


def remove(shape: Shape, item: str, *, keep: bool) -> Shape:
    """Take an item out. A region whose last item goes follows the country; the country's last one goes with its block.

    Raises:
        Refused: ``item.no_such``, ``item.locked``, ``item.last``, ``block.begun``, ``timeline.no_room``.
    """
    piece, lane, place = _find(shape, item)
    parts = piece.lanes[lane]
    if parts[place].locked:
        raise _locked()
    if len(parts) == 1 and lane == NATIONAL:
        raise Refused("item.last", _("Det är passets sista inslag. Ta bort hela passet i stället."))
    if len(parts) == 1:
        return _with(shape, replace(piece, lanes={name: one for name, one in piece.lanes.items() if name != lane}))
    less = parts[place].minutes
    left = (*parts[:place], *parts[place + 1 :])
    if not keep:
        return _with(shape, _grown(piece, lane, left, -less))
    heir = _neighbour((*parts[:place], parts[place], *parts[place + 1 :]), place)
    return _with(shape, replace(piece, lanes={**piece.lanes, lane: _given(left, heir - (heir > place), less)}))


def move(shape: Shape, item: str, *, steps: int) -> Shape:
    """Let an item change places with those after it (or, with *steps* below nothing, before it) in its lane and block.

    Raises:
        Refused: ``item.no_such``, ``item.locked``, ``item.at_the_edge``, ``block.begun``.
    """
    piece, lane, place = _find(shape, item)
    parts = list(piece.lanes[lane])
    to = place + steps
    if not 0 <= to < len(parts):
        raise Refused("item.at_the_edge", _("Inslaget kan inte flyttas längre inom passet."))
    if any(part.locked for part in parts[min(place, to) : max(place, to) + 1]):
        raise _locked()
    parts.insert(to, parts.pop(place))
    return _with(shape, replace(piece, lanes={**piece.lanes, lane: tuple(parts)}))


def insert_block(shape: Shape, piece: Piece, after: str | None) -> Shape:
    """Put a block in, after another or first; all that follows comes later.

    Raises:
        Refused: ``minutes.out_of_range``, ``block.no_such``, ``block.begun``, ``timeline.too_long``, ``programme.full``.
    """
    _length(piece.minutes)
    place = _block(shape, after) + 1 if after else 0
    if place < shape.begun:
        raise _begun()
    if len(shape.pieces) >= BLOCKS_MOST:
        raise _full()
    return _bounded(replace(shape, pieces=(*shape.pieces[:place], piece, *shape.pieces[place:])))


def remove_block(shape: Shape, block: str, *, hide: bool = False) -> Shape:
    """Take a block out; all that follows comes earlier. A locked one can only be hidden.

    Raises:
        Refused: ``block.no_such``, ``block.locked``, ``block.begun``, ``block.last``.
    """
    piece = _open(shape, block, locked=hide)
    if len(shape.pieces) == 1:
        raise Refused("block.last", _("Dagen måste ha minst ett pass."))
    if not hide and any(part.locked for lane in piece.lanes.values() for part in lane):
        raise _locked()
    return replace(shape, pieces=tuple(one for one in shape.pieces if one.block != block))


def move_block(shape: Shape, block: str, *, steps: int) -> Shape:
    """Let a block change places with those after or before it; the day keeps its length.

    Raises:
        Refused: ``block.no_such``, ``block.locked``, ``block.begun``, ``block.at_the_edge``.
    """
    piece, place = _open(shape, block), _block(shape, block)
    to = place + steps
    if not shape.begun <= to < len(shape.pieces):
        raise Refused("block.at_the_edge", _("Passet kan inte flyttas längre."))
    pieces = [one for one in shape.pieces if one != piece]
    return replace(shape, pieces=(*pieces[:to], piece, *pieces[to:]))


def _with(shape: Shape, piece: Piece) -> Shape:
    return _bounded(replace(shape, pieces=tuple(piece if one.block == piece.block else one for one in shape.pieces)))


def _bounded(shape: Shape) -> Shape:
    if shape.minutes > DAY_MOST:
        raise Refused("timeline.too_long", _("Dagen blir för lång."))
    return shape


def _grown(piece: Piece, lane: str, parts: Lane, more: int) -> Piece:
    """The block with *parts* in *lane*: the other lanes are given as much at their ends."""
    others = {name: _given(one, _last(one), more) for name, one in piece.lanes.items() if name != lane}
    return replace(piece, minutes=piece.minutes + more, lanes={name: parts if name == lane else others[name] for name in piece.lanes})


def _given(parts: Lane, place: int, more: int) -> Lane:
    """The lane with one part longer or shorter."""
    if more == 0:
        return parts
    part = parts[place]
    if part.locked:
        raise _locked()
    if part.minutes + more < 1:
        raise Refused("timeline.no_room", _("Det finns inte plats: något annat inslag skulle bli kortare än en minut."))
    return (*parts[:place], replace(part, minutes=part.minutes + more), *parts[place + 1 :])


def _neighbour(parts: Lane, place: int) -> int:
    """Who pays or inherits: the next part that is not locked, else the nearest before."""
    others: list[int] = [*range(place + 1, len(parts)), *range(place - 1, -1, -1)]
    for one in others:
        if not parts[one].locked:
            return one
    raise Refused("timeline.no_room", _("Det finns inget annat inslag i passet att ta tiden från."))


def _last(parts: Lane) -> int:
    free = [place for place, part in enumerate(parts) if not part.locked]
    return free[-1] if free else len(parts) - 1


def _find(shape: Shape, item: str) -> tuple[Piece, str, int]:
    for piece in shape.pieces:
        for lane, parts in piece.lanes.items():
            if any(part.item == item for part in parts):
                return _open(shape, piece.block, locked=False), lane, _place(parts, item)
    raise Refused("item.no_such", _("Inslaget finns inte i programmet."))


def _place(parts: Lane, item: str) -> int:
    for place, part in enumerate(parts):
        if part.item == item:
            return place
    raise Refused("item.no_such", _("Inslaget finns inte i programmet."))


def _open(shape: Shape, block: str, *, locked: bool = False) -> Piece:
    """A block that may be changed; with *locked*, also one that is locked."""
    place = _block(shape, block)
    if place < shape.begun:
        raise _begun()
    if shape.pieces[place].locked and not locked:
        raise Refused("block.locked", _("Passet är låst i det nationella paketet. Det går bara att dölja, med ett skäl."))
    return shape.pieces[place]


def _block(shape: Shape, block: str) -> int:
    place = next((place for place, one in enumerate(shape.pieces) if one.block == block), None)
    if place is None:
        raise Refused("block.no_such", _("Passet finns inte i programmet."))
    return place


def _length(minutes: int) -> int:
    if not 1 <= minutes <= LONGEST:
        raise Refused("minutes.out_of_range", _("Ett inslag tar mellan 1 och %(most)s minuter."), most=LONGEST)
    return minutes


def _begun() -> Refused:
    return Refused("block.begun", _("Passet har börjat. Bara det som ligger framför kan ändras."))


def _locked() -> Refused:
    return Refused("item.locked", _("Inslaget är låst i det nationella paketet."))


def _full() -> Refused:
    return Refused("programme.full", _("Programmet rymmer inte fler inslag."))
