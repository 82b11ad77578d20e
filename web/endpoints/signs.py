"""A sign that somebody is at a screen: what tells a lone listener from a tab that was forgotten."""

from __future__ import annotations

from conference.core.actor import Done
from web.house import House
from web.limits import Limit
from web.pressure import Shed
from web.sessions import Asker
from web.wishes import ANYONE, Args, Memory, WishKind


class Here(Args):
    """Whether the screen was touched since the last time; ``False`` says that it would be told."""

    touched: bool = True


async def _here(house: House, by: Asker, args: Here) -> Done:
    house.presence.here(by.day, by.person, touched=args.touched)
    return Done()


WISHES = [
    WishKind(
        name="people.here",
        model=Here,
        may=ANYONE,
        limit=Limit.PROFILE,
        shed=Shed.PRESENCE,
        memory=Memory.NONE,
        audit=False,
        call=_here,
    )
]
