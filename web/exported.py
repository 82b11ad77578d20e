"""What one can take away of a day: each feature's tables, for the report page and for the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chat import export as chat
from chat.questions import export as questions
from conference import export as programme
from conference import views as programme_views
from conference.followup import Tables, registers
from conference.people import Span
from conference.people import export as people
from conference.tables import Block, Day
from polls import export as polls
from polls.later import export as later
from polls.surveys import export as surveys


async def region_names(session: AsyncSession, day: str) -> Mapping[str, str]:
    """What the day's regions are called."""
    return {region.region: region.name for region in await programme_views.regions(session, day)}


async def block_spans(session: AsyncSession, day: str) -> Sequence[Span]:
    """The day's blocks, in minutes of its programme as planned."""
    begins = (await session.exec(select(Day.planned_starts_at).where(Day.day == day))).one()
    rows = await session.exec(select(Block).where(Block.day == day).order_by(col(Block.position)))

    def minute(at: datetime) -> int:
        return int((at - begins) / timedelta(minutes=1))

    return [
        Span(one.block, one.kind, one.title, one.title_en, minute(one.planned_starts_at), minute(one.planned_ends_at) - 1) for one in rows
    ]


TABLES: Final[Mapping[str, Tables]] = {
    "attendance": people.sheets(region_names, block_spans),
    "polls": polls.sheets,
    "evaluation": surveys.sheets,
    "later": later.sheets,
    "chat": chat.sheets,
    "questions": questions.sheets,
    "programme": programme.sheets,
    "needs": registers.needs,
    "actions": registers.actions,
}
"""What the day's tables are called, in addresses and commands, and what reads them."""
