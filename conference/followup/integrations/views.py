"""What is shown of those who read the day by programs: to organizers, who made what for whom; never a token."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import Faces, nobody
from conference.followup.integrations.events import KeyMade, KeyRevoked
from conference.followup.integrations.tables import ApiKey

FACES: Faces = {KeyMade: nobody, KeyRevoked: nobody}


async def keys(session: AsyncSession, day: str) -> Sequence[ApiKey]:
    """The keys of a day that nobody has taken back, the newest first."""
    wanted = select(ApiKey).where(ApiKey.day == day, col(ApiKey.revoked_at).is_(None))
    return (await session.exec(wanted.order_by(col(ApiKey.made_at).desc(), col(ApiKey.key)))).all()


async def key_of(session: AsyncSession, token_hash: str) -> ApiKey | None:
    """The key of a token."""
    return await session.get(ApiKey, token_hash)
