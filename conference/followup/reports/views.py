"""What is shown of reports: to those who lead the day, when they ask for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import Data, Faces, nobody
from conference.followup.reports.events import ReportMade
from conference.followup.reports.rules import Words, no_such
from conference.followup.reports.tables import ReportFigures, ReportVersion
from conference.people import NATIONAL
from conference.tables import Block, Day, Item, Region

FACES: Faces = {ReportMade: nobody}


@dataclass(frozen=True)
class Kept:
    """One version, with everything that documents are made of.

    Attributes:
        taken_at: when its figures were taken.
        fingerprint: of the figures.
        figures: as `frozen.frozen` made them.
    """

    day: str
    version: int
    made_at: datetime
    taken_at: datetime
    fingerprint: str
    figures: Data
    words: Words


async def versions(session: AsyncSession, day: str) -> Sequence[ReportVersion]:
    """All versions of a day, the newest first."""
    wanted = select(ReportVersion).where(ReportVersion.day == day).order_by(col(ReportVersion.version).desc())
    return (await session.exec(wanted)).all()


async def version(session: AsyncSession, day: str, number: int) -> Kept:
    """One version.

    Raises:
        Refused: ``report.no_such``.
    """
    row = await session.get(ReportVersion, (day, number))
    of = await session.get(ReportFigures, (day, row.figures)) if row else None
    if row is None or of is None:
        raise no_such()
    words = msgspec.json.decode(row.words, type=Words)
    return Kept(day, number, row.made_at, of.taken_at, of.fingerprint, msgspec.json.decode(of.body), words)


async def section(session: AsyncSession, day: str) -> Data:
    """``day``: what it was and for whom, and ``programme``: what was on, as it really happened, with the lanes that showed it."""
    of = (await session.exec(select(Day).where(Day.day == day))).one()
    regions = await session.exec(select(Region).where(Region.day == day).order_by(col(Region.position)))
    names = {region.region: region.name for region in regions}
    blocks = {block.block: block.kind for block in await session.exec(select(Block).where(Block.day == day))}
    items = await session.exec(select(Item).where(Item.day == day).order_by(col(Item.starts_at), col(Item.position), col(Item.item)))
    shown: dict[tuple[datetime, str], Data] = {}
    for item in items:
        row = {
            "kind": item.kind,
            "title": item.title,
            "starts_at": item.starts_at,
            "ends_at": item.ends_at,
            "state": item.state,
            "lanes": [],
        }
        shown.setdefault((item.starts_at, item.kit_item), row)["lanes"].append(_lane(item, blocks, names))
    about = of.model_dump(include={"title", "subtitle", "audience", "description", "date", "timezone", "state", "starts_at", "ends_at"})
    goals = [goal["title"] for goal in of.goals if isinstance(goal, dict) and goal.get("title")]
    return {
        "day": {**about, "goals": goals, "regions": [names[region] for region in names]},
        "programme": list(shown.values()),
    }


def _lane(item: Item, blocks: Mapping[str, str], names: Mapping[str, str]) -> str:
    """Who saw it: where regions part, the country's lane is for those who named none."""
    if item.lane != NATIONAL:
        return names.get(item.lane, item.lane)
    return "Ingen region" if blocks.get(item.block) == "regional" else "Hela landet"
