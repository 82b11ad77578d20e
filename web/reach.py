"""How far a wish reaches: a role that a region's link gave counts for what happens in that region, and for nothing else.

It is read from what the wish names, whichever feature it is of: a poll, a question, a message, a person or a lane. A wish that names none
of them is for the day as a whole.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from sqlmodel import SQLModel

from chat.questions.tables import Question
from chat.tables import Announcement, Message
from conference.core.errors import Refused, _
from conference.core.store import Store
from conference.people import STAFF, SignedIn
from conference.people.rules import lane_of
from conference.people.tables import Person
from polls.tables import Poll
from web.sessions import Asker, Visitor

NAMED: Final[tuple[tuple[str, type[SQLModel], str], ...]] = (
    ("poll", Poll, "scope"),
    ("question", Question, "lane"),
    ("into", Question, "lane"),
    ("message", Message, "room"),
    ("announcement", Announcement, "to"),
    ("person", Person, "region"),
)
"""An argument, the table of what it names, and the column that says where that belongs."""


async def within(store: Store, visitor: Visitor, asker: Asker, args: Any) -> Asker:
    """The asker with the roles that count for what *args* name."""
    bounds = visitor.session.bounds
    if not bounds:
        return asker
    lanes = await _lanes(store, asker, args)
    lane = lanes.pop() if len(lanes) == 1 else None
    return replace(asker, roles=visitor.session.roles_on(lane), within=lane if lane in bounds.values() else None)


def region_of(me: SignedIn) -> str | None:
    """The region that is all that somebody leads; ``None`` for those who lead the day, or nothing."""
    if me.roles_on(None) & STAFF:
        return None
    return next((lane for role, lane in me.bounds.items() if role in STAFF & me.roles), None)


def too_far(visitor: Visitor) -> Refused:
    """What somebody is told whose role does not reach there."""
    if visitor.session.bounds:
        return Refused("role.missing", _("Din länk gäller bara din egen region. Det här hör till en annan del av dagen."))
    return Refused("role.missing", _("Det får bara den som leder dagen göra."))


async def _lanes(store: Store, asker: Asker, args: Any) -> set[str | None]:
    given = [(getattr(args, name), table, column) for name, table, column in NAMED if getattr(args, name, None)]
    lane = getattr(args, "lane", None)
    lanes: set[str | None] = {lane} if lane else {asker.lane} if hasattr(args, "lane") and not given else set()
    async with store.reading() as session:
        for name, table, column in given:
            row = await session.get(table, (asker.day, name))
            lanes.add(lane_of(getattr(row, column)) if row is not None else None)
    return lanes
