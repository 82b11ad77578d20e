"""The chat's part of the follow-up report: how much was said, not by whom."""

from __future__ import annotations

from collections import Counter

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chat.tables import Announcement, Message
from chat.views import all_counted, all_messages
from conference import views as programme
from conference.core.faces import Data


async def section(session: AsyncSession, day: str) -> Data:
    """``messages`` in all, ``writers`` (persons who wrote at least once), messages per room, and ``announcements`` in order."""
    messages = await all_counted(session, day)
    rooms = Counter(message.room for message in messages)
    return {
        "messages": len(messages),
        "writers": len({message.person for message in messages}),
        "announcements": await _announcements(session, day),
        "rooms": [{"room": room, "messages": count} for room, count in sorted(rooms.items())],
    }


async def _announcements(session: AsyncSession, day: str) -> list[Data]:
    """What was told, to whom and when, but for what was taken back."""
    wanted = select(Announcement).where(Announcement.day == day, col(Announcement.withdrawn).is_(False)).order_by(col(Announcement.seq))
    regions = {region.region: region.name for region in await programme.regions(session, day)}
    return [{"at": one.at, "text": one.text, "to": regions.get(one.to), "role": one.role} for one in await session.exec(wanted)]


async def matching(session: AsyncSession, day: str, words: str) -> list[Message]:
    """What was said with all of *words* in it and not taken away, in its order. Who said it is nobody's business here."""
    wanted = words.casefold().split()
    return [message for message in await all_messages(session, day) if all(word in message.text.casefold() for word in wanted)]
