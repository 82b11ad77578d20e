"""Looking at another lane than one's own: one belongs where one did, and is counted and heard there."""

from __future__ import annotations

from conference.core.actor import Done
from web.endpoints.people import Id
from web.house import House
from web.limits import Limit
from web.pressure import Shed
from web.sessions import Asker
from web.wishes import ANYONE, Args, Memory, WishKind


class Following(Args):
    """Which lane to look at; none: one's own."""

    lane: Id | None = None


async def _follow(house: House, by: Asker, args: Following) -> Done:
    done = await house.people.follow(by, args.lane)
    house.floor.sessions.forget(by.day, by.person)  # here at once; elsewhere when the event is heard
    return done


WISHES = [
    WishKind(
        name="people.follow",
        model=Following,
        may=ANYONE,
        limit=Limit.PROFILE,
        shed=Shed.JOIN,
        memory=Memory.CORE,
        audit=False,
        call=_follow,
    )
]
