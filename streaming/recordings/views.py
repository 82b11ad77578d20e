"""What is shown of recordings. Screens get no news of them: pages are asked for."""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import Faces, nobody
from conference.tables import Item
from streaming.recordings.events import RecordingCaptioned, RecordingKept, RecordingPublished, RecordingWithdrawn
from streaming.recordings.tables import Recording

FACES: Faces = {RecordingKept: nobody, RecordingPublished: nobody, RecordingCaptioned: nobody, RecordingWithdrawn: nobody}

_KINDS = {"day": 0, "block": 1, "item": 2}


async def recording(session: AsyncSession, day: str, name: str) -> Recording | None:
    """One of them, whether it is published or not."""
    return await session.get(Recording, (day, name))


async def recordings(session: AsyncSession, day: str, *, published: bool = True) -> list[Recording]:
    """Those of a day: the whole day first, then in the order in which they happened.

    Args:
        published: only those that everybody may see.
    """
    wanted = select(Recording).where(Recording.day == day)
    if published:
        wanted = wanted.where(Recording.state == "published")
    found = await session.exec(wanted.order_by(col(Recording.begins_at), col(Recording.position)))
    return sorted(found, key=lambda row: (row.kind != "day", row.lane != "national", row.begins_at, _KINDS[row.kind]))


async def items(session: AsyncSession, row: Recording) -> list[Item]:
    """The items in a recording, in its order."""
    found = await session.exec(select(Item).where(Item.day == row.day, col(Item.item).in_(row.items)))
    named = {item.item: item for item in found}
    return [named[name] for name in row.items if name in named]
