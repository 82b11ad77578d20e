"""The surveys' part of the follow-up report: what people thought. Preliminary until a survey has closed."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import Data
from polls.surveys.results import after_items, asked


async def section(session: AsyncSession, day: str) -> Data:
    """``surveys``: see `polls.surveys.results.asked`; ``after_items``: see `polls.surveys.results.after_items`."""
    return {"surveys": await asked(session, day), "after_items": await after_items(session, day)}
