"""Times as kits write them (local, ``09.00``) and as the wire writes them (UTC, ``2026-11-22T08:00:00.000Z``): pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from conference.core.errors import Refused, _


def local_time(day: date, clock: str, timezone: str) -> datetime:
    """The moment that a kit writes as ``09.00``, in UTC.

    Raises:
        Refused: ``kit.tampered`` when it is no time or no time zone.
    """
    try:
        hours, minutes = clock.split(".")
        return datetime.combine(day, time(int(hours), int(minutes)), ZoneInfo(timezone)).astimezone(UTC)
    except (ValueError, ZoneInfoNotFoundError, OSError) as error:
        raise Refused("kit.tampered", _("Paketet går inte att använda: %(what)s."), what=f"{clock} {timezone}") from error


def stamp(at: datetime) -> str:
    """The moment as state and news write it, to the millisecond: always the same text for the same moment."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
