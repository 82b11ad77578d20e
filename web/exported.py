"""What one can take away of a day: each feature's tables, for the report page and for the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from chat import export as chat
from chat.questions import export as questions
from conference import export as programme
from conference import views as programme_views
from conference.followup import Tables, registers
from conference.people import export as people
from polls import export as polls
from polls.surveys import export as surveys


async def region_names(session: AsyncSession, day: str) -> Mapping[str, str]:
    """What the day's regions are called."""
    return {region.region: region.name for region in await programme_views.regions(session, day)}


TABLES: Final[Mapping[str, Tables]] = {
    "attendance": people.sheets(region_names),
    "polls": polls.sheets,
    "evaluation": surveys.sheets,
    "chat": chat.sheets,
    "questions": questions.sheets,
    "programme": programme.sheets,
    "needs": registers.needs,
    "actions": registers.actions,
}
"""What the day's tables are called, in addresses and commands, and what reads them."""
