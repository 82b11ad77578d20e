"""What may be said backstage."""

from __future__ import annotations

from datetime import datetime

from chat.backstage.events import BackstageSaid
from chat.backstage.tables import Channel
from conference.core.actor import Actor
from conference.core.errors import Refused, _
from conference.people import STAFF

TEXT_MOST = 500  # characters


def say(by: Actor, name: str, channel: Channel | None, *, at: datetime) -> BackstageSaid:
    """Write to the others. Whether somebody's role reaches to the channel is looked at before; that it is one, here once more.

    Raises:
        Refused: ``role.missing``.
    """
    if not by.roles & STAFF:
        raise Refused("role.missing", _("Det får bara den som leder dagen göra."))
    return BackstageSaid(day=by.day, at=at, channel=name, n=(channel.n if channel else 0) + 1)


def checked(text: str) -> str:
    """The text without the space around it.

    Raises:
        Refused: ``text.empty`` or ``text.too_long``.
    """
    text = text.strip()
    if not text:
        raise Refused("text.empty", _("Skriv något först."))
    if len(text) > TEXT_MOST:
        raise Refused("text.too_long", _("Högst %(most)d tecken."), most=TEXT_MOST)
    return text
