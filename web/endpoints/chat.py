"""The chat over the wire: its wishes, and what is shown of it."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from chat import views
from conference.core.actor import Actor, Done
from conference.core.faces import Viewer
from conference.people import STAFF
from web.limits import Limit
from web.names import named, persons_in
from web.pressure import Shed
from web.shows import Shows
from web.wishes import ANYONE, Args, House, Memory, WishKind


class Say(Args):
    """What to say, and where."""

    text: str
    room: str | None = None
    reply_to: str | None = None


class Edit(Args):
    """A message anew."""

    message: str
    text: str


class Remove(Args):
    """A message to take away."""

    message: str
    reason: Annotated[str, Meta(max_length=200)] | None = None


class Page(Args):
    """History before a message."""

    before: str


class Silence(Args):
    """Who, and for how long."""

    person: str
    seconds: int


async def _page(house: House, by: Actor, wish: Page) -> Done:
    viewer = Viewer(by.person, by.roles, by.lane)
    async with house.store.reading() as session:
        messages = await views.page(session, by.day, viewer, wish.before)
    await house.names.learn(by.day, set(persons_in(messages)))
    return Done(data={"chat": named(messages, house.names.of(by.day))})


def _kind(name: str, model: type[Args], call: Any, **more: Any) -> WishKind:
    row: dict[str, Any] = {"may": ANYONE, "limit": Limit.SPEECH, "shed": Shed.CHAT, "memory": Memory.CORE, "audit": False}
    return WishKind(name=name, model=model, call=call, **{**row, **more})


WISHES = [
    _kind("chat.say", Say, lambda house, by, wish: house.chat.say(by, wish.text, room=wish.room, reply_to=wish.reply_to)),
    _kind("chat.edit", Edit, lambda house, by, wish: house.chat.edit(by, wish.message, wish.text)),
    _kind(
        "chat.remove",
        Remove,
        lambda house, by, wish: house.chat.remove(by, wish.message, wish.reason),
        limit=Limit.STAFF,
        shed=Shed.NEVER,
        audit=True,
    ),
    _kind("chat.page", Page, _page, limit=Limit.PAGE, memory=Memory.NONE),
    _kind(
        "chat.silence",
        Silence,
        lambda house, by, wish: house.chat.silence(by, wish.person, wish.seconds),
        may=STAFF,
        limit=Limit.STAFF,
        shed=Shed.NEVER,
        audit=True,
    ),
]

SHOWS = Shows("chat", views.FACES, views.shared)
