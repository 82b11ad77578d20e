"""What is shown of a day and its programme, to whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import EVERYBODY, Faces, To, Viewer, everyone, nobody
from conference.events import (
    DayCorrected,
    DayCreated,
    DayEnded,
    DayPublished,
    DayStarted,
    DayTimed,
    ItemCorrected,
    ProgrammeChanged,
    RegionJoined,
)
from conference.rules import NATIONAL, DayState
from conference.tables import Block, Contributor, Day, Item, Region
from conference.times import stamp


def _published(event: DayPublished) -> dict[str, Any]:
    return {"day": event.day, "state": DayState.PUBLISHED.value}


def _started(event: DayStarted) -> dict[str, Any]:
    return {**_timed(event), "state": DayState.LIVE.value}


def _timed(event: DayStarted | DayTimed) -> dict[str, Any]:
    return {"day": event.day, "starts_at": stamp(event.starts_at), "ends_at": stamp(event.ends_at)}


def _ended(event: DayEnded) -> dict[str, Any]:
    return {"day": event.day, "state": DayState.ENDED.value, "ends_at": stamp(event.ends_at)}


def _corrected(event: DayCorrected) -> Iterator[tuple[To, dict[str, Any]]]:
    told = {"title": event.title, "title_en": event.title_en, "starts_at": stamp(event.starts_at), "ends_at": stamp(event.ends_at)}
    if not event.items:
        yield EVERYBODY, told
        return
    for lane in event.lanes:
        mine = [item for item in event.items if item["lanes"] is None or lane in item["lanes"]]
        yield To(lane=lane), {**told, "items": [{key: value for key, value in item.items() if key != "lanes"} for item in mine]}


def _item_corrected(event: ItemCorrected) -> Iterator[tuple[To, dict[str, Any]]]:
    told = {"items": [{"item": event.item, "title": event.title, "title_en": event.title_en}]}
    for to in [EVERYBODY] if event.lanes is None else [To(lane=lane) for lane in event.lanes]:
        yield to, told


def _changed(event: ProgrammeChanged) -> Iterator[tuple[To, dict[str, Any]]]:
    """A lane hears of what it gets, and of what it had and has no longer."""
    for lane in event.lanes:
        items = [
            one["shown"] if _on(one["lanes"], lane) else {"item": one["item"], "gone": True} for one in event.items if _hears(one, lane)
        ]
        yield To(lane=lane), {"starts_at": stamp(event.starts_at), "ends_at": stamp(event.ends_at), "items": items}


def _on(lanes: list[str] | None, lane: str) -> bool:
    return lanes is None or lane in lanes


def _hears(one: dict[str, Any], lane: str) -> bool:
    return _on(one["lanes"], lane) or _on(one["had"], lane)


def _joined(event: RegionJoined) -> dict[str, Any]:
    return {"region": event.region, "name": event.title}


FACES: Faces = {
    DayCreated: nobody,  # nobody has joined a day that is not there
    DayPublished: everyone(_published),
    DayStarted: everyone(_started),
    DayTimed: everyone(_timed),
    DayCorrected: _corrected,
    ItemCorrected: _item_corrected,
    ProgrammeChanged: _changed,
    RegionJoined: everyone(_joined),
    DayEnded: everyone(_ended),
}


async def shared(session: AsyncSession, day: str, viewer: Viewer) -> dict[str, Any]:
    """``day``, ``regions`` and ``programme``: the items that the viewer's lane follows, with the times at which they really happen."""
    row = await session.get(Day, day)
    if row is None:
        return {}
    blocks = {block.block: block for block in await _blocks(session, day)}
    items = await _items(session, day)
    own = {item.block for item in items if item.lane == viewer.lane}
    mine = [item for item in items if item.lane == _followed(viewer.lane, blocks[item.block], own)]
    return {
        "day": _day(row),
        "regions": [{"region": region.region, "name": region.name} for region in await regions(session, day)],
        "programme": [item_shown(item, blocks[item.block]) for item in mine],
    }


async def regions(session: AsyncSession, day: str) -> list[Region]:
    """The regions of a day, in its order."""
    return list(await session.exec(select(Region).where(Region.day == day).order_by(col(Region.position))))


async def day_by_code(session: AsyncSession, code: str) -> Day | None:
    """The day that one joins with a code; only days that have been published and have not ended."""
    wanted = select(Day).where(Day.join_code == code, col(Day.state).in_([DayState.PUBLISHED, DayState.LIVE]))
    return (await session.exec(wanted)).one_or_none()


async def days(session: AsyncSession) -> list[Day]:
    """Every day, the next ones first; whoever shows them leaves drafts out."""
    return list(await session.exec(select(Day).order_by(col(Day.planned_starts_at))))


def _followed(lane: str, block: Block, own: set[str]) -> str:
    return lane if block.kind == "regional" and block.block in own else NATIONAL


def _day(day: Day) -> dict[str, Any]:
    shown = {
        "day": day.day,
        "title": day.title,
        "title_en": day.title_en,
        "subtitle": day.subtitle,
        "state": day.state,
        "starts_at": stamp(day.starts_at),
        "ends_at": stamp(day.ends_at),
        "join_code": day.join_code,
        "timezone": day.timezone,
    }
    return {key: value for key, value in shown.items() if value is not None}


def item_shown(item: Item, block: Block) -> dict[str, Any]:
    """An item in the state; ``planned_at`` is what the printed programme says."""
    shown = {
        "item": item.item,
        "block": item.block,
        "kind": item.kind,
        "lane": item.lane,
        "title": item.title,
        "title_en": item.title_en,
        "starts_at": stamp(item.starts_at),
        "ends_at": stamp(item.ends_at),
        "planned_at": stamp(item.planned_starts_at),
        "state": item.state,
        "regional": True if block.kind == "regional" else None,
    }
    return {key: value for key, value in shown.items() if value is not None}


@dataclass(frozen=True)
class Person:
    """Somebody who takes part in an item."""

    role: str
    name: str | None
    organisation: str


@dataclass(frozen=True)
class ItemOnPage:
    """An item on the day's page: planned times, and when it really happens."""

    item: str
    kind: str
    lane: str
    title: str
    title_en: str | None
    description: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    really_at: datetime
    state: str
    goals: tuple[str, ...]
    people: tuple[Person, ...]
    film: str | None
    card: dict[str, Any] | None


@dataclass(frozen=True)
class BlockOnPage:
    """A block on the day's page, with all lanes' items; `of_lane` gives one lane's."""

    block: str
    kind: str
    title: str
    title_en: str | None
    starts_at: datetime
    ends_at: datetime
    cornerstone: str | None
    items: tuple[ItemOnPage, ...]

    def of_lane(self, lane: str) -> tuple[ItemOnPage, ...]:
        """What viewers on a lane get."""
        own = tuple(item for item in self.items if item.lane == lane)
        return own if self.kind == "regional" and own else tuple(item for item in self.items if item.lane == NATIONAL)


@dataclass(frozen=True)
class Landing:
    """The day's page, for everybody; nothing in it is secret. The day itself with its texts, planned times in ``programme``."""

    day: Day
    regions: tuple[Region, ...]
    goals: tuple[dict[str, Any], ...]
    cornerstones: tuple[dict[str, Any], ...]
    programme: tuple[BlockOnPage, ...]


async def landing(session: AsyncSession, day: str) -> Landing | None:
    """What the day's page shows; ``None`` when there is no such day. Whether a draft may be seen is decided by who asks."""
    row = await session.get(Day, day)
    if row is None:
        return None
    people = {one.contributor: one for one in await session.exec(select(Contributor).where(Contributor.day == day))}
    items = await _items(session, day)
    blocks = [_block_on_page(block, items, people) for block in await _blocks(session, day)]
    return Landing(row, tuple(await regions(session, day)), tuple(row.goals), tuple(row.cornerstones), tuple(blocks))


def _block_on_page(block: Block, items: list[Item], people: dict[str, Contributor]) -> BlockOnPage:
    return BlockOnPage(
        block=block.block,
        kind=block.kind,
        title=block.title,
        title_en=block.title_en,
        starts_at=block.planned_starts_at,
        ends_at=block.planned_ends_at,
        cornerstone=block.cornerstone,
        items=tuple(_item_on_page(item, people) for item in items if item.block == block.block),
    )


def _item_on_page(item: Item, people: dict[str, Contributor]) -> ItemOnPage:
    named = [people[one] for one in item.contributors if one in people]
    return ItemOnPage(
        item=item.item,
        kind=item.kind,
        lane=item.lane,
        title=item.title,
        title_en=item.title_en,
        description=item.description,
        starts_at=item.planned_starts_at,
        ends_at=item.planned_ends_at,
        minutes=round((item.planned_ends_at - item.planned_starts_at).total_seconds() / 60),
        really_at=item.starts_at,
        state=item.state,
        goals=tuple(item.goals),
        people=(
            *(Person(one.role, one.screen_name, one.organisation) for one in named),
            *(Person(role, None, "") for role in item.contributor_roles),
        ),
        film=item.film,
        card=item.card,
    )


async def _blocks(session: AsyncSession, day: str) -> list[Block]:
    return list(await session.exec(select(Block).where(Block.day == day).order_by(col(Block.position))))


async def _items(session: AsyncSession, day: str) -> list[Item]:
    return list(await session.exec(select(Item).where(Item.day == day).order_by(col(Item.position))))
