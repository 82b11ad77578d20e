"""Gestures over the wire: their wishes, and how many there are, as pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from chat.gestures import Gesture, views
from conference.people import STAFF
from web.limits import Limit
from web.pressure import Shed
from web.shows import Picture, Shows
from web.wishes import ANYONE, Args, Memory, WishKind

EVERY_S: Final = 1.0  # between two pictures, however many make gestures: it is a mood that is shown, and no race


class Send(Args):
    """Which one."""

    gesture: Gesture


class Allow(Args):
    """Whether gestures are made to what a lane shows; one's own when none is named."""

    on: bool
    lane: str | None = None


WISHES = [
    WishKind(
        name="gestures.send",
        model=Send,
        may=ANYONE,
        limit=Limit.GESTURE,
        shed=Shed.GESTURE,
        memory=Memory.NONE,  # an answer that is remembered would tell who made it
        audit=False,
        call=lambda house, by, wish: house.gestures.send(replace(by, lane=by.seen), wish.gesture),
    ),
    WishKind(
        name="gestures.allow",
        model=Allow,
        may=STAFF,
        limit=Limit.STAFF,
        shed=Shed.NEVER,
        memory=Memory.CORE,
        audit=True,
        call=lambda house, by, wish: house.gestures.allow(by, wish.lane or by.lane, on=wish.on),
    ),
]


async def _pictures(session: AsyncSession, day: str) -> list[Picture]:
    found: list[tuple[str, Any, Any]] = await views.pictures(session, day)
    return [Picture(f"gestures:{item}", "gestures.made", tuple((to, data) for to in tos)) for item, tos, data in found]


SHOWS = Shows("gestures", views.FACES, views.shared, pictures=_pictures, stirred_by=frozenset({"day", "rundown"}), every_s=EVERY_S)
