"""Which gestures there are, and when one may make them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from chat.gestures.events import GesturesAllowed
from conference.core.actor import Actor
from conference.core.errors import Refused, _
from conference.rundown.tables import Track


class Gesture(StrEnum):
    """A few, that can be misread by nobody: there is none against anything."""

    CLAP = "clap"
    HEART = "heart"
    AGREE = "agree"
    WONDER = "wonder"


def item_for(track: Track | None, still: Collection[str]) -> str:
    """The item that a gesture from a lane is made to: what the lane shows now, its own or the country's.

    Args:
        track: of the lane.
        still: the lanes to whose items one may make none.

    Raises:
        Refused: ``gesture.no_item`` or ``gesture.off``.
    """
    item = track.shown.get("item") if track else None
    if track is None or item is None:
        raise Refused("gesture.no_item", _("Inget inslag pågår just nu."))
    if track.shown.get("lane", track.lane) in still:
        raise Refused("gesture.off", _("Reaktioner är avstängda just nu."))
    return str(item)


def allow(by: Actor, lane: str, still: Collection[str], *, on: bool, at: datetime) -> GesturesAllowed | None:
    """Let gestures be made to what a lane shows, or not; ``None`` when it stands so already."""
    if on == (lane not in still):
        return None
    return GesturesAllowed(day=by.day, at=at, lane=lane, off=sorted(set(still) - {lane} if on else {*still, lane}))
