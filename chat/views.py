"""What is shown of the chat, and to whom."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chat.events import ChatEdited, ChatNamed, ChatRemoved, ChatSaid, PersonSilenced, RoomClosed, RoomOpened
from chat.tables import Message, Room
from conference.core.faces import Data, Faces, Shown, To, Viewer, nobody
from conference.people import STAFF

SHOWN = 50  # messages in the state, and on a page of history


def _in_room(room: str, data: Data) -> Shown:
    """For those who see the room: everybody the country's, a region's its own, staff all of them."""
    if room == "national":
        return [(To(), data)]
    return [(To(roles=STAFF), data), (To(without=STAFF, lane=room), data)]


def _said(event: ChatSaid) -> Shown:
    data: Data = {"message": event.message, "room": event.room, "by": {"person": event.person, "role": event.role}, "text": event.text}
    data |= {"reply_to": event.reply_to} if event.reply_to else {}
    return _in_room(event.room, {**data, "at": event.at})


def _removed(event: ChatRemoved) -> Shown:
    return _in_room(event.room, {"message": event.message, "text": "", "removed": True})


def _named(event: ChatNamed) -> Shown:
    """Once for everybody who sees a room that they have written in; the name is laid in where names are looked up."""
    data: Data = {"by": {"person": event.person}}
    if "national" in event.rooms:
        return [(To(), data)]
    return [(To(roles=STAFF), data), *((To(without=STAFF, lane=room), data) for room in event.rooms)]


FACES: Faces = {
    ChatSaid: _said,
    ChatEdited: lambda e: _in_room(e.room, {"message": e.message, "text": e.text, "edited": True}),
    ChatRemoved: _removed,
    ChatNamed: _named,
    PersonSilenced: nobody,  # the next thing one tries to say is refused with the reason
    RoomOpened: lambda e: _in_room(e.room, {"room": e.room, "open": True}),
    RoomClosed: lambda e: _in_room(e.room, {"room": e.room, "open": False}),
}


async def shared(session: AsyncSession, day: str, viewer: Viewer) -> Data:
    """``chat``, the last messages, and ``rooms`` of the state."""
    rooms = (await session.exec(select(Room).where(Room.day == day).order_by(Room.room))).all()
    seen = [room for room in rooms if _sees(viewer, room.room)]
    return {
        "chat": await page(session, day, viewer),
        "rooms": [{"room": room.room, "open": room.open} for room in seen],
    }


async def page(session: AsyncSession, day: str, viewer: Viewer, before: str | None = None) -> list[Data]:
    """The last messages, or the last ones before a message, oldest first."""
    wanted = select(Message).where(Message.day == day)
    if not viewer.roles & STAFF:
        wanted = wanted.where(col(Message.room).in_({"national", viewer.lane}))
    if before is not None:
        place = select(Message.seq).where(Message.day == day, Message.message == before).scalar_subquery()
        wanted = wanted.where(Message.seq < place)
    found = (await session.exec(wanted.order_by(col(Message.seq).desc()).limit(SHOWN))).all()
    return [_shown(message) for message in reversed(found)]


async def all_messages(session: AsyncSession, day: str) -> Sequence[Message]:
    """Everything that was said and not taken away, for report and export."""
    wanted = select(Message).where(Message.day == day, col(Message.removed_by).is_(None))
    return (await session.exec(wanted.order_by(col(Message.seq)))).all()


def _sees(viewer: Viewer, room: str) -> bool:
    return room in {"national", viewer.lane} or bool(viewer.roles & STAFF)


def _shown(message: Message) -> Data:
    shown: Data = {"message": message.message, "room": message.room, "by": {"person": message.person, "role": message.role}}
    shown |= {"text": message.text, "at": message.at}
    shown |= {"reply_to": message.reply_to} if message.reply_to else {}
    shown |= {"edited": True} if message.edited_at and not message.removed_by else {}
    return shown | ({"removed": True} if message.removed_by else {})
