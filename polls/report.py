"""The polls' part of the follow-up report: what was asked, and what came of it, round by round."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import Data
from polls.results import asked


async def section(session: AsyncSession, day: str) -> Data:
    """``polls``: see `polls.results.asked`."""
    return {"polls": await asked(session, day)}
