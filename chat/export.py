"""The chat as a table: what was said, where and when; by whom only as far as a role was shown."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from chat.views import all_messages
from conference import views as programme
from conference.core.errors import _
from conference.core.sheets import Sheet
from conference.people import NATIONAL

COLUMNS = (_("Tid"), _("Rum"), _("Roll"), _("Text"))


async def sheets(session: AsyncSession, day: str) -> list[Sheet]:
    """One row for each message that was not taken away. Names stay out: a file lives longer than a consent."""
    messages = await all_messages(session, day)
    regions = {region.region: region.name for region in await programme.regions(session, day)}
    rooms = {NATIONAL: _("Hela landet"), **regions}
    return [Sheet(_("Chatt"), COLUMNS, tuple((m.at, rooms.get(m.room, m.room), m.role or "", m.text) for m in messages))]
