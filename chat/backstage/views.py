"""What is shown of the talk backstage: to those who run the day that there is something new; its words when they ask, and may."""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chat.backstage.events import BackstageSaid
from chat.backstage.tables import Channel, Word
from conference.core.faces import Data, Faces, Shown, To, Viewer
from conference.people import STAFF

A_PAGE = 50  # words


def _said(event: BackstageSaid) -> Shown:
    return [(To(roles=STAFF, about=event.channel), _new(event))]


def _new(told: BackstageSaid | Channel) -> Data:
    return {"channel": told.channel, "n": told.n, "at": told.at}


FACES: Faces = {BackstageSaid: _said}


async def shared(session: AsyncSession, day: str, viewer: Viewer) -> Data:
    """``channels`` for those who run the day: how far each has come. For all others there are none."""
    if not viewer.roles & STAFF:
        return {}
    rows = await session.exec(select(Channel).where(Channel.day == day).order_by(Channel.channel))
    return {"channels": [_new(row) for row in rows if viewer.is_one_of(STAFF, row.channel)]}


async def page(session: AsyncSession, day: str, channel: str, before: int | None = None) -> list[Data]:
    """The last words of a channel, or the last ones before a number, oldest first. Who may read them is asked before."""
    wanted = select(Word).where(Word.day == day, Word.channel == channel)
    if before is not None:
        wanted = wanted.where(Word.n < before)
    found = (await session.exec(wanted.order_by(col(Word.n).desc()).limit(A_PAGE))).all()
    return [{"n": word.n, "by": {"person": word.person, "role": word.role}, "text": word.text, "at": word.at} for word in reversed(found)]
