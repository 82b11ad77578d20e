"""What may happen to a day, and when: pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from conference.core.errors import Refused, _
from conference.events import DayCreated, DayEnded, DayPublished, DayStarted, DayTimed
from conference.tables import Day

NATIONAL = "national"  # the lane of the country, and of everybody who names no region
REGION = "region"  # in a kit: the lane of every region that has nothing of its own
CODE = re.compile(r"[0-9]{6}")
CODES = 1_000_000
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")  # ids of days and regions stand in addresses
ID_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # in the id of a day: the one that it was made for
WAITS_MOST = timedelta(minutes=60)  # a day started before its time waits for it, at most so long
TITLE_MOST = 200  # characters; more does not fit in a programme
LATE_MOST = timedelta(minutes=30)  # a day started after its time is late; later still it is a day at another hour


class DayState(StrEnum):
    """Where a day is in its life."""

    DRAFT = "draft"
    PUBLISHED = "published"
    LIVE = "live"
    ENDED = "ended"


class ItemState(StrEnum):
    """Where an item is."""

    UPCOMING = "upcoming"
    NOW = "now"
    DONE = "done"


def create_day(day: Day, by: str, at: datetime) -> DayCreated:
    """The day as its kit makes it."""
    return DayCreated(day=day.day, at=at, title=day.title, kit=day.kit, by=by)


def publish_day(day: Day, at: datetime) -> DayPublished:
    """Open the day's page to everybody.

    Raises:
        Refused: ``day.published_already``, ``day.ended``.
    """
    if day.state == DayState.ENDED:
        raise _ended()
    if day.state != DayState.DRAFT:
        raise Refused("day.published_already", _("Dagen är redan publicerad."))
    return DayPublished(day=day.day, at=at)


def start_day(day: Day, at: datetime) -> DayStarted:
    """Go live; a draft is published by it.

    Raises:
        Refused: ``day.live_already``, ``day.ended``.
    """
    if day.state == DayState.ENDED:
        raise _ended()
    if day.state == DayState.LIVE:
        raise Refused("day.live_already", _("Dagen sänds redan."))
    starts_at = begins_at(day, at)
    length = day.planned_ends_at - day.planned_starts_at
    return DayStarted(day=day.day, at=at, starts_at=starts_at, ends_at=starts_at + length / (day.speed or 1.0))


def time_day(day: Day, starts_at: datetime, ends_at: datetime, at: datetime) -> DayTimed:
    """What the run-of-show knows about its beginning and end."""
    return DayTimed(day=day.day, at=at, starts_at=starts_at, ends_at=ends_at)


def end_day(day: Day, at: datetime) -> DayEnded:
    """End the broadcast.

    Raises:
        Refused: ``day.ended``, ``day.not_live``.
    """
    return DayEnded(day=live(day).day, at=at, ends_at=at)


def titles(title: str, title_en: str | None) -> dict[str, Any]:
    """The title of a day or an item as it shall be. One who leaves the English one empty has none.

    Raises:
        Refused: ``text.empty``, ``text.too_long``.
    """
    told = {"title": " ".join(title.split()), "title_en": " ".join((title_en or "").split()) or None}
    if not told["title"]:
        raise Refused("text.empty", _("Skriv en titel."))
    if any(len(text or "") > TITLE_MOST for text in told.values()):
        raise Refused("text.too_long", _("Titeln får ha högst %(most)s tecken."), most=TITLE_MOST)
    return told


def move(day: Day, starts_at: datetime) -> timedelta:
    """How much later everything is when the day is planned to begin then.

    Raises:
        Refused: ``day.live_already``, ``day.ended``: what has begun is moved by the run-of-show.
    """
    if day.state == DayState.ENDED:
        raise _ended()
    if day.state == DayState.LIVE:
        raise Refused("day.live_already", _("Dagen sänds redan."))
    return starts_at - day.planned_starts_at


def ahead(ends_at: datetime, at: datetime, *, sure: bool) -> None:
    """Ask once more about a day that would be over before it has begun.

    Args:
        sure: whether whoever asks has said so.

    Raises:
        Refused: ``date.past``.
    """
    if ends_at <= at and not sure:
        raise Refused("date.past", _("Dagen ligger i det förflutna – skapa ändå?"))  # noqa: RUF001  # a Swedish dash


def begun(day: Day) -> Day:
    """The day, if it is on or has been.

    Raises:
        Refused: ``day.not_live``.
    """
    if day.state not in {DayState.LIVE, DayState.ENDED}:
        raise Refused("day.not_live", _("Dagen har inte börjat än."))
    return day


def live(day: Day) -> Day:
    """The day, if it is on.

    Raises:
        Refused: ``day.ended``, ``day.not_live``.
    """
    if day.state == DayState.ENDED:
        raise _ended()
    if day.state != DayState.LIVE:
        raise Refused("day.not_live", _("Dagen har inte börjat än."))
    return day


def begins_at(day: Day, at: datetime) -> datetime:
    """When the programme begins if the day is started *at*.

    A day at its own speed keeps its plan: it waits for the planned time, or is late. A compressed day, and one that is played at quite
    another hour, begins at once.
    """
    early, late = day.planned_starts_at - WAITS_MOST, day.planned_starts_at + LATE_MOST
    return day.planned_starts_at if day.speed == 1 and early <= at <= late else at


def join_code(wished: str | None, taken: Collection[str], drawn: int) -> str:
    """Six digits that no other day uses now.

    Args:
        wished: as somebody chose it, spaces allowed; without it the first free one from *drawn* on.

    Raises:
        Refused: ``join.code_wrong``, ``join.code_taken``.
    """
    if wished is not None:
        code = "".join(wished.split())
        if not CODE.fullmatch(code):
            raise Refused("join.code_wrong", _("Koden ska ha sex siffror."))
        if code in taken:
            raise Refused("join.code_taken", _("Koden används redan av en annan dag."))
        return code
    return next(code for step in range(CODES) if (code := f"{(drawn + step) % CODES:06}") not in taken)


def named(name: str) -> str:
    """An id that may stand in an address.

    Raises:
        Refused: ``name.wrong``.
    """
    if not NAME.fullmatch(name) or name in {NATIONAL, REGION}:
        raise Refused("name.wrong", _("%(name)s går inte att använda i en adress: små bokstäver a-z, siffror och bindestreck."), name=name)
    return name


def called(day: str, on: date | str) -> str:
    """What files of a day are called: as its id, but with the date *on*, which it has now.

    The id keeps the date that the day was made for: addresses and calendars that know it find the day when it was moved, too.
    """
    return ID_DATE.sub(str(on), day)


def _ended() -> Refused:
    return Refused("day.ended", _("Dagen är slut."))
