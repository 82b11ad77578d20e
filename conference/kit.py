"""A kit's programme as the rows of a day: pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

import msgspec
from sqlmodel import SQLModel

from conference.fill import chosen_regions, filled, films_in, instance, items_of_lane, lanes_of
from conference.library.kit import Kit
from conference.library.shapes import BlockOfKit, ItemOfKit, RegionOfKit
from conference.rules import DayState, ItemState, named
from conference.tables import Block, Contributor, Day, Item, Region, Series, Source
from conference.times import local_time


@dataclass(frozen=True, kw_only=True)
class NewDay:
    """What somebody decides when a day is made from a kit.

    Attributes:
        day: its id; without one, the kit's id and the date.
        join_code: six digits; without them free ones are drawn.
        regions: ids and names; those that the kit does not know are light. ``None`` takes the kit's own.
        speed: 1 as planned, more for a compressed day, 0 when nothing happens by clock.
        operator_auto: a simulated operator presses GO until a real one has acted.
        template: one of the kit's shorter days in place of the whole one.
    """

    date: date
    day: str | None = None
    join_code: str | None = None
    regions: Sequence[tuple[str, str]] | None = None
    speed: float = 1.0
    operator_auto: bool = False
    template: str | None = None


@dataclass(frozen=True)
class Made:
    """A day and its programme, before it is stored.

    Attributes:
        written: what the kit says about each item, by the item's id in the day.
    """

    day: Day
    series: Series
    regions: list[Region]
    blocks: list[Block]
    items: list[Item]
    contributors: list[Contributor]
    sources: list[Source]
    written: Mapping[str, ItemOfKit]

    @property
    def lanes(self) -> list[str]:
        """The day's lanes, the national one first."""
        return ["national", *(region.region for region in self.regions)]

    def rows(self) -> list[SQLModel]:
        """Everything to store."""
        return [self.series, self.day, *self.regions, *self.blocks, *self.items, *self.contributors, *self.sources]


Section: TypeAlias = Callable[[Kit, Made], Iterable[SQLModel]]
"""What a feature above makes of its part of the kit: rows that are stored together with the day."""


@dataclass(frozen=True)
class _Plan:
    """The parts of a kit that this day is made of."""

    title: str
    title_en: str | None
    starts: str
    minutes: int
    blocks: tuple[BlockOfKit, ...]
    items: tuple[ItemOfKit, ...]


def day_id(kit: Kit, new: NewDay) -> str:
    """The id that the day will have.

    Raises:
        Refused: ``name.wrong``.
    """
    return named(new.day or f"{kit.day.id}-{new.date}")


def make_day(kit: Kit, new: NewDay, join_code: str) -> Made:
    """A day as the kit plans it on its date.

    Raises:
        Refused: ``name.wrong``, ``kit.no_such_template``, ``kit.tampered``.
    """
    plan = _plan(kit, new)
    regions = chosen_regions(kit.regions, new.regions)
    day = _day(kit, new, plan, join_code)
    blocks = [_block(day, block, position) for position, block in enumerate(plan.blocks)]
    mine = _items(kit, plan, regions)
    items = [_item(day, item, kit_item, position) for position, (item, kit_item) in enumerate(mine)]
    return Made(
        day=day,
        series=Series(**_same(kit.series, Series), series=kit.series.id),
        regions=[_region(day, region, position) for position, region in enumerate(regions)],
        blocks=blocks,
        items=items,
        contributors=_contributors(kit, day, lanes_of(regions)),
        sources=_sources(kit, day, lanes_of(regions)),
        written={item.id: item for item, _ in mine},
    )


def _plan(kit: Kit, new: NewDay) -> _Plan:
    if new.template is not None:
        short = kit.template(new.template)
        return _Plan(short.title, short.title_en, short.starts, short.minutes, short.blocks, short.items)
    minutes = sum(block.minutes for block in kit.blocks)
    return _Plan(kit.day.title, kit.day.title_en, kit.day.starts, minutes, kit.blocks, kit.items)


def _items(kit: Kit, plan: _Plan, regions: Sequence[RegionOfKit]) -> list[tuple[ItemOfKit, str]]:
    """Every lane's items in every block, with the id that each has in the kit."""
    found: list[tuple[ItemOfKit, str]] = []
    everybody = films_in(item for block in plan.blocks if block.kind == "common" for item in items_of_lane(block, "national", plan.items))
    goals = {region.id: region.goals for region in regions}
    for block in plan.blocks:
        for lane in lanes_of(regions) if block.kind == "regional" else ["national"]:
            for item in items_of_lane(block, lane, plan.items):
                others = films_in(had for had, _ in found if had.lane == lane)
                mine = filled(instance(item, lane), goals.get(lane, ()), kit.films, everybody | others)
                found.append((mine, item.id))
    return found


def _day(kit: Kit, new: NewDay, plan: _Plan, join_code: str) -> Day:
    starts_at = local_time(new.date, plan.starts, kit.day.timezone)
    ends_at = starts_at + timedelta(minutes=plan.minutes)
    return Day(
        **{**_same(kit.day, Day), "title": plan.title, "title_en": plan.title_en, "date": new.date},
        day=day_id(kit, new),
        series=kit.series.id,
        kit=kit.head.id,
        kit_version=kit.head.version,
        kit_folder=str(kit.folder),
        planned_starts_at=starts_at,
        planned_ends_at=ends_at,
        starts_at=starts_at,
        ends_at=ends_at,
        join_code=join_code,
        state=DayState.DRAFT,
        speed=new.speed,
        operator_auto=new.operator_auto,
        goals=msgspec.to_builtins(list(kit.goals)),
        cornerstones=msgspec.to_builtins(list(kit.cornerstones)),
    )


def _block(day: Day, block: BlockOfKit, position: int) -> Block:
    starts_at, ends_at = _span(day, block.starts, block.minutes)
    same = {**_same(block, Block), "goals": list(block.goals)}
    return Block(**same, day=day.day, block=block.id, planned_starts_at=starts_at, planned_ends_at=ends_at, position=position)


def _item(day: Day, item: ItemOfKit, kit_item: str, position: int) -> Item:
    starts_at, ends_at = _span(day, item.starts, item.minutes)
    return Item(
        **{**_same(item, Item), **{name: _plain(getattr(item, name)) for name in _LISTS}},
        day=day.day,
        item=item.id,
        kit_item=kit_item,
        planned_starts_at=starts_at,
        planned_ends_at=ends_at,
        starts_at=starts_at,
        ends_at=ends_at,
        state=ItemState.UPCOMING,
        position=position,
    )


_LISTS = ("goals", "contributors", "contributor_roles", "polls", "card", "fallback", "materials")


def _region(day: Day, region: RegionOfKit, position: int) -> Region:
    same = {**_same(region, Region), "goals": list(region.goals)}
    return Region(**same, day=day.day, region=named(region.id), position=position)


def _contributors(kit: Kit, day: Day, lanes: Sequence[str]) -> list[Contributor]:
    mine = [contributor for contributor in kit.contributors if contributor.scope in lanes]
    return [Contributor(**_same(one, Contributor), day=day.day, contributor=one.id, position=place) for place, one in enumerate(mine)]


def _sources(kit: Kit, day: Day, lanes: Sequence[str]) -> list[Source]:
    mine = [source for source in kit.sources if set(source.lanes) & set(lanes)]
    return [
        Source(**{**_same(one, Source), "lanes": list(one.lanes)}, day=day.day, source=one.id, position=place)
        for place, one in enumerate(mine)
    ]


def _span(day: Day, starts: str, minutes: int) -> tuple[datetime, datetime]:
    starts_at = local_time(day.date, starts, day.timezone)
    return starts_at, starts_at + timedelta(minutes=minutes)


def _plain(value: Any) -> Any:
    """As JSON has it."""
    return list(value) if isinstance(value, tuple) else msgspec.to_builtins(value)


def _same(part: msgspec.Struct, table: type[SQLModel]) -> dict[str, Any]:
    """The columns that are called the same in the kit."""
    return {name: getattr(part, name) for name in part.__struct_fields__ if name in table.model_fields and name != "day"}
