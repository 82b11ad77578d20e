"""What is shown of the chat, and to whom."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chat.events import (
    ChatAnnounced,
    ChatEdited,
    ChatHeld,
    ChatLetThrough,
    ChatNamed,
    ChatRefused,
    ChatRemoved,
    ChatRestored,
    ChatSaid,
    ChatUnannounced,
    ChatWithdrawn,
    PersonBanned,
    PersonSilenced,
    PersonUnbanned,
    RoomClosed,
    RoomOpened,
    RoomSet,
    WordsSet,
)
from chat.forgetting import ERASED
from chat.tables import Announcement, Message, Restraint, Room
from conference.core.faces import Data, Faces, Shown, To, Viewer, only
from conference.held_words import words_of
from conference.people import STAFF
from conference.tables import HeldWords

SHOWN = 50  # messages in the state, and on a page of history
PERSONS_PER_QUERY = 1_000  # SQLite takes 32,766 parameters, and a day has 10,000 people
EVERYONE = "everyone"
LIST = "day"  # what the list of words is called; a day has one


def _in_room(room: str, data: Data) -> Shown:
    """For those who see the room: everybody the country's, a region's its own, staff all that it reaches to."""
    if room == "national":
        return [(To(), data)]
    return [(To(roles=STAFF, about=room), data), (To(without=STAFF, about=room, home=room), data)]


def _said(event: ChatSaid | ChatLetThrough) -> Shown:
    data: Data = {"message": event.message, "room": event.room, "by": {"person": event.person, "role": event.role}, "text": event.text}
    data |= {"reply_to": event.reply_to} if event.reply_to else {}
    return _in_room(event.room, {**data, "at": event.at})


GONE: Data = {"text": "", "removed": True, "edited": None}


def _removed(event: ChatRemoved) -> Shown:
    return _in_room(event.room, {"message": event.message, **GONE})


def _restored(event: ChatRestored) -> Shown:
    data: Data = {"message": event.message, "text": event.text, "removed": None, "edited": event.edited or None}
    return [*_in_room(event.room, data), *(_waits_no_more(event) if event.waited else [])]


def _let_through(event: ChatLetThrough) -> Shown:
    return [*_said(event), *_waits_no_more(event)]


def _waits_no_more(event: ChatRestored | ChatLetThrough | ChatWithdrawn) -> Shown:
    """Out of the list of those that wait: staff's, and the writer's own."""
    return _to_writer(event, {"held": event.message, "gone": True})


def _to_writer(event: ChatHeld | ChatRestored | ChatLetThrough | ChatWithdrawn, data: Data) -> list[tuple[To, Data]]:
    """For the staff of its room, and for who wrote it."""
    return [(To(roles=STAFF, about=event.room), data), (To(without=STAFF, about=event.room, person=event.person), data)]


def _held(event: ChatHeld) -> Shown:
    data: Data = {"held": event.message, "room": event.room, "by": {"person": event.person}, "text": event.text, "at": event.at}
    data |= {"why": event.why, "refused": None} | ({"reply_to": event.reply_to} if event.reply_to else {})
    return [*_to_writer(event, data), *(_in_room(event.room, {"message": event.message, **GONE}) if event.placed else [])]


def _refused(event: ChatRefused) -> Shown:
    """Staff are done with it; the writer is told."""
    told: Data = {"held": event.message, "text": None, "why": None, "refused": True}
    done: Data = {"held": event.message, "gone": True}
    return [(To(roles=STAFF, about=event.room), done), (To(without=STAFF, about=event.room, person=event.person), told)]


def _restraint(stopped: PersonSilenced | PersonBanned | PersonUnbanned | Restraint) -> Data:
    return {"restraint": f"{stopped.person}:{stopped.where}", "by": {"person": stopped.person}, "where": stopped.where}


def _silenced(event: PersonSilenced) -> Shown:
    return [(To(roles=STAFF, about=event.where), {**_restraint(event), "until": event.until})]


def _banned(event: PersonBanned | PersonUnbanned) -> Shown:
    return [(To(roles=STAFF, about=event.where), {**_restraint(event), "banned": isinstance(event, PersonBanned) or None})]


def _words(event: WordsSet) -> Data:
    return {"wordlist": LIST, "words": event.words}


def _to(event: ChatAnnounced | ChatUnannounced, data: Data) -> Shown:
    """For those it is meant for, and for staff, who see all that is told where they reach to."""
    about = None if event.to == EVERYONE else event.to
    having = frozenset({event.role}) if event.role else None
    return [(To(roles=STAFF, about=about), data), (To(without=STAFF, about=about, home=about, having=having), data)]


def _announced(told: ChatAnnounced | Announcement) -> Data:
    data: Data = {"announcement": told.announcement, "text": told.text, "at": told.at}
    data |= {"ends_at": told.ends_at} if told.ends_at else {}
    return data | ({"to": told.to} if told.to != EVERYONE else {}) | ({"role": told.role} if told.role else {})


def _set(event: RoomSet) -> Shown:
    """That one writes seldom, and that all is looked at first, is for everybody to know; what else is looked for is not."""
    seen: Data = {"room": event.room, "slow_s": event.slow_s or None, "hold": event.hold or None}
    staffs = {**seen, "hold_links": event.hold_links or None, "hold_words": event.hold_words or None}
    home = None if event.room == "national" else event.room
    return [(To(roles=STAFF, about=event.room), staffs), (To(without=STAFF, about=event.room, home=home), seen)]


def _named(event: ChatNamed) -> Shown:
    """For everybody who sees a room that they have written in; the name is laid in where names are looked up."""
    data: Data = {"by": {"person": event.person}}
    if "national" in event.rooms:
        return [(To(), data)]
    return [side for room in event.rooms for side in _in_room(room, data)]


FACES: Faces = {
    ChatSaid: _said,
    ChatEdited: lambda e: _in_room(e.room, {"message": e.message, "text": e.text, "edited": True}),
    ChatRemoved: _removed,
    ChatRestored: _restored,
    ChatHeld: _held,
    ChatLetThrough: _let_through,
    ChatRefused: _refused,
    ChatWithdrawn: _waits_no_more,
    ChatNamed: _named,
    # Who is stopped is told when they try to write: the refusal has the reason.
    PersonSilenced: _silenced,
    PersonBanned: _banned,
    PersonUnbanned: _banned,
    RoomSet: _set,
    WordsSet: only(STAFF, _words),
    ChatAnnounced: lambda e: _to(e, _announced(e)),
    ChatUnannounced: lambda e: _to(e, {"announcement": e.announcement, "gone": True}),
    RoomOpened: lambda e: _in_room(e.room, {"room": e.room, "open": True}),
    RoomClosed: lambda e: _in_room(e.room, {"room": e.room, "open": False}),
}


async def shared(session: AsyncSession, day: str, viewer: Viewer) -> Data:
    """``chat``, the last messages, ``rooms``, ``held`` and ``announcements``; for staff ``restraints`` and ``wordlists`` besides."""
    rooms = (await session.exec(select(Room).where(Room.day == day).order_by(Room.room))).all()
    staff = bool(viewer.roles & STAFF)
    held = [one for one in await _waiting(session, day) if viewer.is_one_of(STAFF, one["room"])] if staff else []
    found: Data = {"chat": await page(session, day, viewer), "held": held}
    found["rooms"] = [_room(room, staff=viewer.is_one_of(STAFF, room.room)) for room in rooms if _sees(viewer, room.room)]
    found["announcements"] = await _announcements(session, day, viewer)
    return {**found, **(await _for_staff(session, day, viewer) if staff else {})}


async def _announcements(session: AsyncSession, day: str, viewer: Viewer) -> list[Data]:
    """All that was told to the viewer and not taken back, oldest first."""
    wanted = select(Announcement).where(Announcement.day == day, col(Announcement.withdrawn).is_(False)).order_by(col(Announcement.seq))
    return [
        _announced(row)
        for row in await session.exec(wanted)
        if viewer.is_one_of(STAFF, row.to) or (row.to in {EVERYONE, viewer.home} and (row.role is None or row.role in viewer.roles))
    ]


def _room(room: Room, *, staff: bool) -> Data:
    shown: Data = {"room": room.room, "open": room.open, **({"slow_s": room.slow_s} if room.slow_s else {})}
    switches = ("hold", "hold_links", "hold_words") if staff else ("hold",)
    return {**shown, **{name: True for name in switches if getattr(room, name)}}


async def _for_staff(session: AsyncSession, day: str, viewer: Viewer) -> Data:
    stopped = (await session.exec(select(Restraint).where(Restraint.day == day).order_by(Restraint.person, Restraint.where))).all()
    words = words_of(await session.get(HeldWords, (day,)))
    restraints = [
        _restraint(row) | ({"until": row.until} if row.until else {}) | ({"banned": True} if row.banned else {})
        for row in stopped
        if viewer.is_one_of(STAFF, row.where)
    ]
    lists = [{"wordlist": LIST, "words": words}] if viewer.is_one_of(STAFF) else []
    return {"restraints": restraints, "wordlists": lists}


async def _waiting(session: AsyncSession, day: str) -> list[Data]:
    wanted = select(Message).where(Message.day == day, Message.held == "waiting").order_by(col(Message.since))
    return [{"held": row.message, **_held_shown(row)} for row in await session.exec(wanted)]


def _held_shown(row: Message) -> Data:
    shown: Data = {"room": row.room, "by": {"person": row.person}, "at": row.at}
    shown |= {"refused": True} if row.held == "refused" else {"text": row.text, "why": row.why}
    return shown | ({"reply_to": row.reply_to} if row.reply_to else {})


async def personal(session: AsyncSession, day: str, persons: Sequence[str]) -> dict[str, dict[str, dict[str, Data]]]:
    """What single persons see besides: their own words that wait, or were refused."""
    found: dict[str, dict[str, dict[str, Data]]] = {}
    for start in range(0, len(persons), PERSONS_PER_QUERY):
        some = col(Message.person).in_(persons[start : start + PERSONS_PER_QUERY])
        wanted = select(Message).where(Message.day == day, col(Message.held).in_(("waiting", "refused")), some).order_by(col(Message.since))
        for row in await session.exec(wanted):
            found.setdefault(row.person, {"held": {}})["held"][row.message] = _held_shown(row)
    return found


async def page(session: AsyncSession, day: str, viewer: Viewer, before: str | None = None) -> list[Data]:
    """The last messages, or the last ones before a message, oldest first."""
    wanted = select(Message).where(Message.day == day, col(Message.placed))
    if not viewer.is_one_of(STAFF):
        wanted = wanted.where(col(Message.room).in_({"national", viewer.home, *_reached(viewer)}))
    if before is not None:
        place = select(Message.seq).where(Message.day == day, Message.message == before).scalar_subquery()
        wanted = wanted.where(Message.seq < place)
    found = (await session.exec(wanted.order_by(col(Message.seq).desc()).limit(SHOWN))).all()
    return [_shown(message) for message in reversed(found)]


async def all_messages(session: AsyncSession, day: str) -> Sequence[Message]:
    """Everything that was said, let through and not taken away, for report and export."""
    wanted = select(Message).where(Message.day == day, col(Message.removed_by).is_(None), col(Message.held).is_(None))
    return (await session.exec(wanted.order_by(col(Message.seq)))).all()


async def all_counted(session: AsyncSession, day: str) -> Sequence[Message]:
    """As `all_messages`, and those besides whose words have gone with their writers: how much was said does not change by that."""
    was_there = or_(col(Message.removed_by).is_(None), col(Message.why) == ERASED)
    wanted = select(Message).where(Message.day == day, was_there, col(Message.held).is_(None))
    return (await session.exec(wanted.order_by(col(Message.seq)))).all()


def _sees(viewer: Viewer, room: str) -> bool:
    return room in {"national", viewer.home} or viewer.is_one_of(STAFF, room)


def _reached(viewer: Viewer) -> set[str]:
    """The lanes of somebody who is staff of some lanes only."""
    return {lane for role, lane in viewer.bounds if role in STAFF & viewer.roles}


def _shown(message: Message) -> Data:
    gone = bool(message.removed_by or message.held)
    shown: Data = {"message": message.message, "room": message.room, "by": {"person": message.person, "role": message.role}}
    shown |= {"text": "" if gone else message.text, "at": message.at}
    shown |= {"reply_to": message.reply_to} if message.reply_to else {}
    shown |= {"edited": True} if message.edited_at and not gone else {}
    return shown | ({"removed": True} if gone else {})
