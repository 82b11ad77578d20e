"""What each lane gets in a block, and how a region with nothing of its own is given something: pure.

In a common block there is one list of items, for all. In a regional block a lane has its own items, or else one copy of each item that the
kit gives to lane ``region``. Those who named no region watch the national lane; it is filled the same way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from msgspec.structs import replace

from conference.library.shapes import BlockOfKit, CueOfKit, FilmOfKit, ItemOfKit, RegionOfKit
from conference.rules import NATIONAL, REGION

FILLS_WITH = "learning-example"  # the kind of film that stands on its own; how the day works is no fill


class Suitable(Protocol):
    """A film that may be chosen."""

    @property
    def film(self) -> str:
        """Its id."""

    @property
    def goals(self) -> Sequence[str]:
        """What it is about."""


@dataclass(frozen=True)
class _Choice:
    film: str
    goals: Sequence[str]


def items_of_lane(block: BlockOfKit, lane: str, items: Iterable[ItemOfKit]) -> list[ItemOfKit]:
    """What *lane* gets in *block*: its own items, else those for every region."""
    here = [item for item in items if item.block == block.id]
    own = [item for item in here if item.lane == lane]
    return own if own or block.kind == "common" else [item for item in here if item.lane == REGION]


def filled(item: ItemOfKit, goals: Sequence[str], films: Mapping[str, FilmOfKit], shown: Collection[str]) -> ItemOfKit:
    """The item with the film that its fill rule chooses; its title and text are then the film's.

    Args:
        goals: what the lane cares for; without any, those of the item count.
        shown: films that this lane has been shown, or will be, in other items of the day.
    """
    if item.fill is None:
        return item
    film = _choose(item, goals or item.goals, films.values(), shown)
    if film == item.film:
        return item
    cues = tuple(_with_film(cue, item.film, film) for cue in item.cues)
    chosen = films[film]
    title_en = f"Learning example: {chosen.title_en}" if chosen.title_en else None
    return replace(item, film=film, title=f"Lärande exempel: {chosen.title}", title_en=title_en, description=chosen.summary, cues=cues)


def films_in(items: Iterable[ItemOfKit]) -> set[str]:
    """The films that are played in them."""
    return {cue.args["film"] for item in items for cue in item.cues if cue.do == "play_film"}


def instance(item: ItemOfKit, lane: str) -> ItemOfKit:
    """The item as *lane* has it: a copy of an item for every region carries the lane in its id and its cues'."""
    if item.lane == lane:
        return item
    cues = tuple(replace(cue, id=f"{cue.id}@{lane}") for cue in item.cues)
    return replace(item, id=f"{item.id}@{lane}", lane=lane, cues=cues)


def chosen_regions(kit_regions: Sequence[RegionOfKit], chosen: Sequence[tuple[str, str]] | None) -> list[RegionOfKit]:
    """The day's regions: those of the kit, or those that were chosen; one that the kit does not know is light."""
    if chosen is None:
        return list(kit_regions)
    known = {region.id: region for region in kit_regions}
    return [replace(known.get(region, RegionOfKit(id=region, name=name)), name=name) for region, name in chosen]


def lanes_of(regions: Iterable[RegionOfKit]) -> list[str]:
    """The lanes of a day: the national one first."""
    return [NATIONAL, *(region.id for region in regions)]


def closest(films: Iterable[Suitable], goals: Sequence[str], shown: Collection[str], first: str | None) -> str | None:
    """The film that shares most goals, of those that have not been shown; *first* of equals. ``None`` when none shares any."""
    free = [film for film in films if film.film not in shown]
    best = min(free, key=lambda film: (-_fits(film, goals), film.film != first), default=None)
    return best.film if best and _fits(best, goals) else None


def _choose(item: ItemOfKit, goals: Sequence[str], films: Iterable[FilmOfKit], shown: Collection[str]) -> str:
    fill = item.fill
    assert fill is not None
    free = [_Choice(film.id, film.goals) for film in films if film.kind == FILLS_WITH]
    return closest(free, goals, shown if fill.not_shown_today else (), item.film) or fill.fallback


def _fits(film: Suitable, goals: Sequence[str]) -> int:
    return len(set(film.goals) & set(goals))


def _with_film(cue: CueOfKit, old: str | None, film: str) -> CueOfKit:
    args: dict[str, Any] = {**cue.args, "film": film}
    return replace(cue, args=args) if cue.do == "play_film" and cue.args["film"] == old else cue
