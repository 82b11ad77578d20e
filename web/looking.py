"""Which lane is looked at: a hall's screen, an overlay, staff and who writes captions choose one by the address, as far as their role
reaches; everybody else by `People.follow`, or sees their own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from conference.core.errors import Refused, _
from conference.core.store import Store
from conference.people import NATIONAL, STAFF, Role
from conference.tables import Region
from web.sessions import Visitor

WATCHERS: Final = frozenset({*STAFF, Role.SCREEN.value})
CHOOSERS: Final = WATCHERS | {Role.CAPTIONER.value}
NAME_MOST: Final = 80  # characters of a lane's id; more is none of ours


async def look(store: Store, visitor: Visitor, lane: str) -> Visitor:
    """*visitor*, looking at *lane*; with no lane named, or no right to choose one, as they are.

    Raises:
        Refused: ``lane.no_such``.
    """
    if not lane or not CHOOSERS & visitor.session.roles_on(lane):
        return visitor
    if not await is_lane(store, visitor.session.day, lane):
        raise Refused("lane.no_such", _("Dagen har ingen sådan kanal. Kontrollera slutet av adressen."))
    return replace(visitor, lane=lane)


async def is_lane(store: Store, day: str, lane: str) -> bool:
    """Whether the day has such a lane."""
    if lane == NATIONAL:
        return True
    if len(lane) > NAME_MOST or not lane.isprintable():
        return False
    async with store.reading() as session:
        return await session.get(Region, (day, lane)) is not None
