"""Schedules from other programs, frab's ``schedule.xml`` and ``schedule.json`` as pretalx and others write them, and how they differ. Pure.

What is read is a proposal: nothing is changed before somebody has chosen what to take.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from conference.core.errors import Refused, _
from conference.export import COUNTRY
from conference.rules import NATIONAL
from conference.rundown import schedule_xml
from conference.rundown.drafts import KINDS, ItemDraft
from conference.tables import Block, Day, Item, Region

FILE_MOST: Final = 1_000_000  # characters; a day of 400 items with long texts is 400,000
EVENTS_MOST: Final = 500
USED: Final = ("date", "start", "duration", "room", "title", "track", "type", "abstract")
ALIKE: Final = {"talk": "lecture", "workshop": "discussion", "roundtable": "discussion"}  # what pretalx calls kinds by default
OURS: Final = {"guid", "id", "code", "slug", "url", "language"}  # fields that are made anew, whatever they say


@dataclass(frozen=True)
class Planned:
    """An item as a schedule has it; ``kind`` is ours, or a lecture when the schedule's is unknown."""

    code: str
    title: str
    kind: str
    minutes: int
    room: str
    starts_at: datetime | None
    goals: tuple[str, ...]
    description: str

    @property
    def draft(self) -> ItemDraft:
        """As somebody would write it in the builder."""
        return ItemDraft(self.title, self.kind, self.minutes, self.goals)


@dataclass(frozen=True)
class Schedule:
    """A schedule that was read.

    Attributes:
        unknown: fields with something in them that a programme of ours has no place for, and kinds that it does not know.
    """

    items: tuple[Planned, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """One item that a schedule would change.

    Attributes:
        was: as the programme has it; nothing for a new one.
        now: as the schedule has it; nothing for one that it lacks, which stays.
        fields: what is taken when it is chosen.
        block: where a new one goes.
        why_not: why it cannot be taken, or nothing.
    """

    code: str
    was: Item | None
    now: Planned | None
    fields: tuple[str, ...] = ()
    block: str = ""
    lane: str = ""
    after: str | None = None
    why_not: str = ""


@dataclass(frozen=True)
class Stands:
    """The programme as it stands, by the names of its blocks and items."""

    day: Day
    regions: Sequence[Region]
    blocks: Mapping[str, Block]
    items: Mapping[str, Item]


def read(text: str) -> Schedule:
    """The items of a schedule.

    Raises:
        Refused: ``schedule.too_large``, ``schedule.unreadable``, ``schedule.unsafe`` for XML with a document type of its own,
            ``schedule.empty``, ``schedule.too_many``.
    """
    if len(text) > FILE_MOST:
        raise Refused("schedule.too_large", _("Filen är för stor: högst %(most)s tecken."), most=FILE_MOST)
    events = schedule_xml.events(text) if text.lstrip().startswith("<") else _of_json(text)
    if not events:
        raise Refused("schedule.empty", _("Det finns inga inslag i filen."))
    if len(events) > EVENTS_MOST:
        raise Refused("schedule.too_many", _("Filen har fler inslag än de %(most)s som en dag kan ha."), most=EVENTS_MOST)
    unknown = {name for event in events for name, value in event.items() if value and name not in OURS and name not in USED}
    kinds = {str(event.get("type")) for event in events if event.get("type") and _kind(event) is None}
    return Schedule(tuple(_planned(event) for event in events), (*sorted(unknown), *(f"type: {one}" for one in sorted(kinds))))


def _of_json(text: str) -> list[Mapping[str, Any]]:
    try:
        found = json.loads(text)
        rooms = [room for day in found["schedule"]["conference"]["days"] for room in day["rooms"].items()]
        events: list[Mapping[str, Any]] = [{"room": name, **event} for name, in_room in rooms for event in in_room]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as fault:
        raise schedule_xml.unreadable() from fault
    return events


def _kind(event: Mapping[str, Any]) -> str | None:
    said = str(event.get("type") or "").strip().lower()
    return said if said in KINDS else ALIKE.get(said)


def _planned(event: Mapping[str, Any]) -> Planned:
    """One event.

    Raises:
        Refused: ``schedule.unreadable``: it has no name, or takes no time that can be read.
    """
    hours, _colon, minutes = str(event.get("duration") or "").partition(":")
    title = " ".join(str(event.get("title") or "").split())
    if not title or not all(part.isascii() and part.isdigit() and len(part) < 4 for part in (hours, minutes)):
        raise schedule_xml.unreadable()
    try:
        starts_at = datetime.fromisoformat(str(event["date"])) if event.get("date") else None
    except ValueError as fault:
        raise schedule_xml.unreadable() from fault
    goals = tuple(one.strip() for one in str(event.get("track") or "").split(",") if one.strip())
    code = str(event.get("code") or event.get("id") or event.get("guid") or title)[:200]
    room, text = str(event.get("room") or ""), str(event.get("abstract") or "")
    return Planned(code, title, _kind(event) or "lecture", int(hours) * 60 + int(minutes), room, starts_at, goals, text)


def differences(stands: Stands, schedule: Schedule) -> list[Difference]:
    """What a schedule would change in a day, in the order of the schedule; what it lacks comes last. Nothing when they say the same."""
    told = [one for planned in schedule.items for one in _of_one(stands, planned)]
    named = {planned.code for planned in schedule.items}
    return [*told, *(Difference(name, item, None) for name, item in stands.items.items() if name not in named)]


def _of_one(stands: Stands, now: Planned) -> Iterator[Difference]:
    was = stands.items.get(now.code)
    if was is None:
        yield _new(stands, now)
        return
    known = {str(goal["id"]) for goal in stands.day.goals}
    pairs = {
        "title": (was.title, now.title),
        "kind": (was.kind, now.kind),
        "minutes": (minutes_of(was), now.minutes),
        "goals": (set(was.goals), set(now.goals) & known),
        "description": (was.description.strip(), now.description),
    }
    if fields := tuple(name for name, (before, after) in pairs.items() if before != after):
        locked = "locked" in {was.owner, stands.blocks[was.block].owner}
        yield Difference(now.code, was, now, fields, why_not="locked" if locked else "")


def _new(stands: Stands, now: Planned) -> Difference:
    """Where an item would go that the day does not have: by its room and its time."""
    lanes = {COUNTRY: NATIONAL, **{region.name: region.region for region in stands.regions}}
    lane, at = lanes.get(now.room), now.starts_at
    if lane is None:
        return Difference(now.code, None, now, why_not="room")
    if at is not None and at.tzinfo is None:
        at = at.replace(tzinfo=ZoneInfo(stands.day.timezone))
    block = next((one for one in stands.blocks.values() if at and one.planned_starts_at <= at < one.planned_ends_at), None)
    if block is None or at is None:
        return Difference(now.code, None, now, why_not="time")
    if block.owner == "locked":
        return Difference(now.code, None, now, why_not="locked")
    if lane != NATIONAL and block.kind != "regional":
        return Difference(now.code, None, now, why_not="room")
    there = [item for item in stands.items.values() if item.block == block.block and item.lane == lane and item.planned_starts_at < at]
    last = max(there, key=lambda item: item.planned_starts_at, default=None)
    return Difference(now.code, None, now, block=block.block, lane=lane, after=last.item if last else None)


def minutes_of(item: Item) -> int:
    """How long an item is planned to take."""
    return round((item.planned_ends_at - item.planned_starts_at).total_seconds() / 60)
