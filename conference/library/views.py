"""What is shown of the library."""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import Faces, nobody
from conference.library.events import FilmAdded, FilmCaptioned, FilmReady, FilmRefused
from conference.library.tables import Download, Film

FACES: Faces = {FilmAdded: nobody, FilmCaptioned: nobody, FilmReady: nobody, FilmRefused: nobody}


async def films(session: AsyncSession, day: str) -> list[Film]:
    """The films of a day, those of its kit first."""
    wanted = select(Film).where(Film.day == day).order_by(col(Film.position), col(Film.added_at))
    return list(await session.exec(wanted))


async def film(session: AsyncSession, day: str, name: str) -> Film | None:
    """One film and how far it has come."""
    return await session.get(Film, (day, name))


async def downloads(session: AsyncSession, day: str) -> dict[str, int]:
    """How often each thing of a day was taken home; what never was, is not in it."""
    return {row.what: row.n for row in await session.exec(select(Download).where(Download.day == day))}
