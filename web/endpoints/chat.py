"""The chat over the wire: its wishes, and what is shown of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from chat import views
from chat.announcing import USUAL_S
from chat.rules import EVERYWHERE
from chat.views import EVERYONE
from conference.core.actor import Actor, Done
from conference.core.faces import Viewer
from conference.people import STAFF
from web.limits import Limit
from web.names import named, persons_in
from web.pressure import Shed
from web.sessions import Asker
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


class OnePerson(Args):
    """Somebody of the day."""

    person: str


class Silence(OnePerson):
    """Who, and for how long."""

    seconds: int


class OneMessage(Args):
    """A message by its id."""

    message: str


class Slow(Args):
    """How many seconds there are between two messages of one person in a lane's room; 0: none."""

    seconds: int
    lane: str | None = None


class Hold(Args):
    """What waits in a lane's room until somebody has looked at it."""

    of: Literal["all", "links", "words"]
    hold: bool
    lane: str | None = None


class Words(Args):
    """The words that messages are held for, one on each line."""

    words: Annotated[str, Meta(max_length=6_000)]


class Undo(Args):
    """A step of one's own, the last one when none is named; ``lane`` as whose moderator."""

    step: str | None = None
    lane: str | None = None


class Announce(Args):
    """What to tell, to those on which lane (else everybody), with which role (else all of them), and for how many seconds."""

    text: str
    lane: str | None = None
    role: Literal["organizer", "moderator", "speaker", "captioner"] | None = None
    seconds: int = USUAL_S


class Unannounce(Args):
    """An announcement to take back."""

    announcement: str


def _announce(house: House, by: Asker, wish: Announce) -> Any:
    """A region's moderator tells its region."""
    return house.announcements.announce(by, wish.text, to=wish.lane or by.within or EVERYONE, role=wish.role, seconds=wish.seconds)


def _where(by: Asker) -> str:
    """A region's moderator stops somebody in the region's room, all others everywhere."""
    return by.within or EVERYWHERE


async def _page(house: House, by: Actor, wish: Page) -> Done:
    viewer = Viewer(by.person, by.roles, by.lane)
    async with house.store.reading() as session:
        messages = await views.page(session, by.day, viewer, wish.before)
    await house.names.learn(by.day, set(persons_in(messages)))
    return Done(data={"chat": named(messages, house.names.of(by.day))})


def _kind(name: str, model: type[Args], call: Any, **more: Any) -> WishKind:
    row: dict[str, Any] = {"may": ANYONE, "limit": Limit.SPEECH, "shed": Shed.CHAT, "memory": Memory.CORE, "audit": False}
    return WishKind(name=name, model=model, call=call, **{**row, **more})


def _staff(name: str, model: type[Args], call: Any) -> WishKind:
    return _kind(name, model, call, may=STAFF, limit=Limit.STAFF, shed=Shed.NEVER, audit=True)


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
    _staff("chat.silence", Silence, lambda house, by, wish: house.moderation.silence(by, wish.person, wish.seconds, where=_where(by))),
    _staff("chat.ban", OnePerson, lambda house, by, wish: house.moderation.ban(by, wish.person, where=_where(by))),
    _staff("chat.unban", OnePerson, lambda house, by, wish: house.moderation.unban(by, wish.person, where=_where(by))),
    _staff("chat.slow", Slow, lambda house, by, wish: house.moderation.slow(by, wish.lane or by.lane, wish.seconds)),
    _staff("chat.hold", Hold, lambda house, by, wish: house.moderation.hold(by, wish.lane or by.lane, wish.of, on=wish.hold)),
    _staff("chat.words", Words, lambda house, by, wish: house.moderation.words(by, wish.words.splitlines())),
    _staff("chat.let_through", OneMessage, lambda house, by, wish: house.moderation.let_through(by, wish.message)),
    _staff("chat.refuse", OneMessage, lambda house, by, wish: house.moderation.refuse(by, wish.message)),
    _staff("chat.announce", Announce, _announce),
    _staff("chat.unannounce", Unannounce, lambda house, by, wish: house.announcements.unannounce(by, wish.announcement)),
    _staff("chat.undo", Undo, lambda house, by, wish: house.moderation.undo(by, wish.step)),
]

SHOWS = Shows("chat", views.FACES, views.shared, views.personal)
