"""The part of gestures in the follow-up report: how many were made to each item."""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chat.gestures.views import all_counts
from conference import views as programme
from conference.core.faces import Data
from conference.tables import Item


async def section(session: AsyncSession, day: str) -> Data:
    """``gestures``: of each item that got some, in the order of the programme, its ``title``, ``region`` and ``counts``.

    They count presses, not people: the same person may make many.
    """
    counts = await all_counts(session, day)
    regions = {region.region: region.name for region in await programme.regions(session, day)}
    wanted = select(Item).where(Item.day == day, col(Item.item).in_(counts)).order_by(col(Item.planned_starts_at), col(Item.position))
    return {
        "gestures": [
            {
                "item": item.item,
                "title": item.title,
                "title_en": item.title_en,
                "region": regions.get(item.lane),
                "counts": counts[item.item],
            }
            for item in await session.exec(wanted)
        ]
    }
