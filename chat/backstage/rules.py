"""What may be said backstage."""

from __future__ import annotations

from datetime import datetime

from chat.backstage.events import BackstageSaid
from chat.backstage.tables import Channel
from conference.core.actor import Actor
from conference.core.errors import Refused, _
from conference.people import STAFF


def say(by: Actor, name: str, channel: Channel | None, *, at: datetime) -> BackstageSaid:
    """Write to the others. Whether somebody's role reaches to the channel is looked at before; that it is one, here once more.

    Raises:
        Refused: ``role.missing``.
    """
    if not by.roles & STAFF:
        raise Refused("role.missing", _("Det får bara den som leder dagen göra."))
    return BackstageSaid(day=by.day, at=at, channel=name, n=(channel.n if channel else 0) + 1)
