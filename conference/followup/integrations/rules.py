"""Who may read what, and for how long. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from conference.core.errors import Refused, _
from conference.followup.integrations.events import KeyMade, KeyRevoked
from conference.followup.integrations.tables import ApiKey

LABEL_MOST: Final = 60  # characters
DAYS: Final = (30, 90, 365)  # that a key may work: a year leads to the next day, and then somebody looks again
KEYS_MOST: Final = 20  # a day, that work at once; each is a system that somebody looks after
PREFIX: Final = "samsyn_"  # of a token, so that programs that look for secrets in the wrong place know one


def token_hash(token: str) -> str:
    """What is stored of a token, which has too much chance in it to be guessed from this."""
    return hashlib.sha256(token.encode()).hexdigest()


def label(text: str) -> str:
    """What a key is for.

    Raises:
        Refused: ``text.empty`` or ``text.too_long``.
    """
    text = " ".join(text.split())
    if not text:
        raise Refused("text.empty", _("Skriv vilket system det är till för."))
    if len(text) > LABEL_MOST:
        raise Refused("text.too_long", _("Texten är för lång: högst %(most)s tecken."), most=LABEL_MOST)
    return text


def works(key: ApiKey, at: datetime) -> bool:
    """Whether it opens anything."""
    return key.revoked_at is None and at < key.expires_at


def make_key(day: str, key: str, days: int, keys: Iterable[ApiKey], *, at: datetime) -> tuple[KeyMade, datetime]:
    """A new key, and until when it works.

    Args:
        days: how long.
        keys: those that the day has.

    Raises:
        Refused: ``key.out_of_range`` or ``key.too_many``.
    """
    if days not in DAYS:
        raise Refused("key.out_of_range", _("Välj hur länge nyckeln ska gälla."))
    if sum(works(one, at) for one in keys) >= KEYS_MOST:
        raise Refused("key.too_many", _("Dagen har redan %(most)s nycklar. Återkalla en som inte används."), most=KEYS_MOST)
    return KeyMade(day=day, at=at, key=key), at + timedelta(days=days)


def revoke_key(key: ApiKey | None, *, at: datetime) -> KeyRevoked:
    """Take a key back.

    Raises:
        Refused: ``key.no_such``, also when it was taken back before.
    """
    if key is None or key.revoked_at is not None:
        raise Refused("key.no_such", _("Det finns ingen sådan nyckel."))
    return KeyRevoked(day=key.day, at=at, key=key.key)


def opened(key: ApiKey | None, day: str, *, at: datetime) -> ApiKey:
    """The key that a program brought, when it opens *day*.

    Raises:
        Refused: ``key.unknown`` also for one that was taken back, ``key.expired``, ``key.other_day``.
    """
    if key is None or key.revoked_at is not None:
        raise unknown()
    if not works(key, at):
        raise Refused("key.expired", _("Nyckeln gäller inte längre. Be arrangören om en ny."))
    if key.day != day:
        raise Refused("key.other_day", _("Nyckeln gäller för en annan dag."))
    return key


def unknown() -> Refused:
    """What a wrong key gets, whatever is wrong with it."""
    return Refused("key.unknown", _("Nyckeln finns inte, eller så är den återkallad."))
