"""The surveys' part of the follow-up report: what people thought. Preliminary until a survey has closed."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import Data
from polls.surveys.results import after_items, asked
from polls.surveys.waves import beside


async def section(session: AsyncSession, day: str) -> Data:
    """``surveys``: see `polls.surveys.results.asked`; ``waves``: see `polls.surveys.waves.beside`; ``after_items``: see
    `polls.surveys.results.after_items`.
    """
    surveys = await asked(session, day)
    return {"surveys": surveys, "waves": beside(surveys), "after_items": await after_items(session, day)}
