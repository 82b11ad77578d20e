"""The programme as files for other programs: frab's schedule in JSON and XML, and a calendar. Planned times; lanes are rooms."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.errors import _
from conference.core.sheets import Sheet
from conference.rules import NATIONAL
from conference.views import ItemOnPage, Landing, landing

FRAB = "https://c3voc.de/schedule/schema.json"
COUNTRY = "Hela landet"


def schedule_json(landing: Landing, base_url: str) -> bytes:
    """Frab's schedule in JSON, UTF-8."""
    day = landing.day
    rooms = {room: [_event(landing, item, room, base_url) for item in items] for room, items in _rooms(landing).items()}
    conference = {
        "acronym": day.day,
        "title": day.title,
        "start": day.date.isoformat(),
        "end": day.date.isoformat(),
        "daysCount": 1,
        "time_zone_name": day.timezone,
        "url": f"{base_url}/days/{day.day}",
        "rooms": [{"name": room, "guid": _guid(landing, room)} for room in rooms],
        "days": [
            {
                "index": 1,
                "date": day.date.isoformat(),
                "day_start": _local(landing, day.planned_starts_at),
                "day_end": _local(landing, day.planned_ends_at),
                "rooms": rooms,
            }
        ],
    }
    schedule = {"version": f"{day.kit}-{day.kit_version}", "base_url": f"{base_url}/days/{day.day}", "conference": conference}
    return json.dumps({"$schema": FRAB, "schedule": schedule}, ensure_ascii=False, indent=1).encode()


def schedule_xml(landing: Landing, base_url: str) -> bytes:
    """Frab's schedule in XML, UTF-8."""
    day = landing.day
    root = Element("schedule")
    SubElement(root, "version").text = f"{day.kit}-{day.kit_version}"
    conference = SubElement(root, "conference")
    facts = {"acronym": day.day, "title": day.title, "start": day.date.isoformat(), "end": day.date.isoformat(), "days": "1"}
    for name, text in {**facts, "time_zone_name": day.timezone, "base_url": f"{base_url}/days/{day.day}"}.items():
        SubElement(conference, name).text = text
    starts, ends = _local(landing, day.planned_starts_at), _local(landing, day.planned_ends_at)
    one_day = SubElement(root, "day", index="1", date=day.date.isoformat(), start=starts, end=ends)
    for room, items in _rooms(landing).items():
        in_room = SubElement(one_day, "room", name=room, guid=_guid(landing, room))
        for item in items:
            _xml_event(in_room, _event(landing, item, room, base_url))
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def schedule_ics(landing: Landing, base_url: str, now: datetime) -> bytes:
    """A calendar with the day as one event and its items after it; what a region sees stands with the region's name.

    Args:
        now: which of two calendars is the newer one, to a reader who has both: a day that was moved keeps the ids of its events.
    """
    day = landing.day
    calendar = Calendar()
    calendar.add("prodid", "-//Samsyn//programme//SV")
    calendar.add("version", "2.0")
    whole = {"summary": day.title, "description": day.description, "url": f"{base_url}/days/{day.day}"}
    calendar.add_component(_ical(landing, day.day, whole, day.planned_starts_at, day.planned_ends_at))
    for room, items in _rooms(landing).items():
        for item in items:
            facts = {"summary": item.title, "description": item.description, "location": room}
            calendar.add_component(_ical(landing, item.item, facts, item.starts_at, item.ends_at))
    for event in calendar.subcomponents:
        event.add("dtstamp", now)
    return bytes(calendar.to_ical())


async def sheets(session: AsyncSession, day: str) -> list[Sheet]:
    """The programme as a table: planned times, and when it really happened."""
    found = await landing(session, day)
    rows = [(room, item) for room, items in _rooms(found).items() for item in items] if found else []
    goals = {goal["id"]: goal["title"] for goal in found.goals} if found else {}
    return [
        Sheet(
            _("Program"),
            (_("Kanal"), _("Planerad start"), _("Planerat slut"), _("Började"), _("Sort"), _("Titel"), _("Mål")),
            tuple(
                (room, item.starts_at, item.ends_at, item.really_at, item.kind, item.title, ", ".join(goals.get(g, g) for g in item.goals))
                for room, item in rows
            ),
        )
    ]


def _rooms(landing: Landing) -> dict[str, list[ItemOnPage]]:
    """Every lane's items by the lane's name."""
    names = {NATIONAL: COUNTRY, **{region.region: region.name for region in landing.regions}}
    rooms: dict[str, list[ItemOnPage]] = {name: [] for name in names.values()}
    for block in landing.programme:
        for item in block.items:
            rooms[names[item.lane]].append(item)
    return rooms


def _event(landing: Landing, item: ItemOnPage, room: str, base_url: str) -> dict[str, Any]:
    return {
        "guid": _guid(landing, item.item),
        "code": item.item,
        "date": _local(landing, item.starts_at),
        "start": item.starts_at.astimezone(ZoneInfo(landing.day.timezone)).strftime("%H:%M"),
        "duration": f"{item.minutes // 60:02}:{item.minutes % 60:02}",
        "room": room,
        "slug": f"{landing.day.day}-{item.item}",
        "url": f"{base_url}/days/{landing.day.day}",
        "title": item.title,
        "subtitle": "",
        "track": ", ".join(item.goals),
        "type": item.kind,
        "language": "sv",
        "abstract": item.description,
        "description": "",
        "persons": [
            {"public_name": person.name or person.role, "guid": _guid(landing, person.name or person.role)} for person in item.people
        ],
        "links": [],
        "attachments": [],
    }


def _xml_event(room: Element, event: dict[str, Any]) -> None:
    element = SubElement(room, "event", guid=event["guid"], id=event["code"])
    for name, value in event.items():
        if isinstance(value, str) and name not in {"guid", "code"}:
            SubElement(element, name).text = value
    persons = SubElement(element, "persons")
    for person in event["persons"]:
        SubElement(persons, "person", guid=person["guid"]).text = person["public_name"]


def _ical(landing: Landing, name: str, facts: dict[str, str], starts_at: Any, ends_at: Any) -> Event:
    event = Event()
    event.add("uid", _guid(landing, name))
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    for key, value in facts.items():
        event.add(key, value)
    return event


def _guid(landing: Landing, name: str) -> str:
    """The same for the same thing of the same day, wherever the house stands."""
    return str(uuid5(NAMESPACE_URL, f"samsyn:{landing.day.day}/{name}"))


def _local(landing: Landing, at: Any) -> str:
    return str(at.astimezone(ZoneInfo(landing.day.timezone)).isoformat())
