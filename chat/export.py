"""The chat as a table: what was said, where, when, and while what was on; by whom only as far as a role was shown."""

from __future__ import annotations

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from chat.views import all_messages
from conference import views as programme
from conference.core.errors import _
from conference.core.sheets import Sheet
from conference.people import NATIONAL
from conference.tables import Item

COLUMNS = (_("Tid"), _("Rum"), _("Inslag"), _("Roll"), _("Text"))


async def sheets(session: AsyncSession, day: str) -> list[Sheet]:
    """One row for each message that was not taken away. Names stay out: a file lives longer than a consent."""
    messages = await all_messages(session, day)
    regions = {region.region: region.name for region in await programme.regions(session, day)}
    titles = {item.item: item.title for item in await session.exec(select(Item).where(Item.day == day))}
    rooms = {NATIONAL: _("Hela landet"), **regions}
    rows = tuple((m.at, rooms.get(m.room, m.room), titles.get(m.item or "", ""), m.role or "", m.text) for m in messages)
    return [Sheet(_("Chatt"), COLUMNS, rows)]
