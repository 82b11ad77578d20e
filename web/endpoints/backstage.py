"""The talk backstage over the wire: its wishes, and what is shown of it."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from chat.backstage import views
from conference.core.actor import Actor, Done
from conference.people import STAFF
from web.address import Visit
from web.limits import Limit
from web.names import named, persons_in
from web.pressure import Shed
from web.shows import Shows
from web.wishes import Args, House, Memory, WishKind


class Say(Args):
    """What to say, and in whose channel; in one's own lane's when none is named."""

    text: str
    lane: str | None = None


class Page(Args):
    """Whose channel, and before which of its words."""

    lane: str | None = None
    before: Annotated[int, Meta(ge=1)] | None = None


async def words_of(house: House, day: str, channel: str, before: int | None = None) -> list[dict[str, Any]]:
    """A page of a channel, with names. Who may read it is asked before."""
    async with house.store.reading() as session:
        words = await views.page(session, day, channel, before)
    await house.names.learn(day, set(persons_in(words)))
    found: list[dict[str, Any]] = named(words, house.names.of(day))
    return found


async def words_for(visit: Visit, lane: str) -> list[dict[str, Any]] | None:
    """Those of a lane's channel for who opens the cockpit there; ``None`` for whose role does not reach to it."""
    return await words_of(visit.house, visit.day, lane) if visit.me.roles_on(lane) & STAFF else None


async def _page(house: House, by: Actor, wish: Page) -> Done:
    return Done(data={"words": await words_of(house, by.day, wish.lane or by.lane, wish.before)})


WISHES = [
    WishKind(
        name="backstage.say",
        model=Say,
        may=STAFF,
        limit=Limit.STAFF,
        shed=Shed.NEVER,
        memory=Memory.CORE,
        audit=True,
        call=lambda house, by, wish: house.backstage.say(by, wish.text, channel=wish.lane or by.lane),
    ),
    WishKind(name="backstage.page", model=Page, may=STAFF, limit=Limit.PAGE, shed=Shed.NEVER, memory=Memory.NONE, audit=False, call=_page),
]

SHOWS = Shows("backstage", views.FACES, views.shared)
