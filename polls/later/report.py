"""The part of those who answered in hindsight in the follow-up report: beside the live results, and in none of them."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import Data
from polls.later.views import told


async def section(session: AsyncSession, day: str) -> Data:
    """``later``: see `polls.later.views.told`."""
    return {"later": await told(session, day)}
