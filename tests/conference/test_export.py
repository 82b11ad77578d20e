"""The programme for other programs."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from icalendar import Calendar

from conference.export import schedule_ics, schedule_json, schedule_xml
from conference.rules import called
from conference.rundown import Corrections
from conference.views import Landing, landing
from tests.conference.days import DAY, MODERATOR, PLANNED, House

BASE = "https://dag.example"


@pytest.fixture
async def page(days: House) -> Landing:
    await days.create()
    async with days.store.reading() as session:
        found = await landing(session, DAY)
    assert found is not None
    return found


def test_frabs_json_has_a_room_for_each_lane(page: Landing) -> None:
    conference = json.loads(schedule_json(page, BASE))["schedule"]["conference"]
    rooms = conference["days"][0]["rooms"]

    assert (
        [room["name"] for room in conference["rooms"]]
        == list(rooms)
        == ["Hela landet", "Region Norrvik", "Region Sundmark", "Region Västerö"]
    )
    first = rooms["Hela landet"][0]
    assert (first["title"], first["start"], first["duration"], first["date"]) == (
        "Välkommen: så fungerar dagen", "09:00", "00:05", "2026-11-22T09:00:00+01:00",
    )  # fmt: skip
    assert first["persons"][0]["public_name"] == "Samira Tallvik"
    assert sum(map(len, rooms.values())) == 36


def test_things_keep_their_ids_from_one_time_to_the_next(page: Landing) -> None:
    assert schedule_json(page, BASE) == schedule_json(page, BASE)
    guids = [event["guid"] for room in _rooms(page).values() for event in room]
    assert len(guids) == len(set(guids))


def test_frabs_xml_says_the_same(page: Landing) -> None:
    root = fromstring(schedule_xml(page, BASE))
    rooms = {room.get("name"): len(room) for room in root.findall("day/room")}

    assert rooms == {"Hela landet": 24, "Region Norrvik": 2, "Region Sundmark": 4, "Region Västerö": 6}
    event = next(root.iter("event"))
    in_json = _rooms(page)["Hela landet"][0]
    assert [event.findtext(name) for name in ("title", "start", "date")] == [in_json[name] for name in ("title", "start", "date")]
    assert event.get("guid") == in_json["guid"]


def test_the_calendar_has_the_day_and_its_items(page: Landing) -> None:
    events = Calendar.from_ical(schedule_ics(page, BASE, PLANNED)).walk("VEVENT")

    assert len(events) == 37
    assert (str(events[0]["summary"]), events[0].decoded("dtstart"), str(events[0]["url"])) == (
        "Nationella e-hälsodagen", PLANNED, f"{BASE}/days/{DAY}",
    )  # fmt: skip
    assert str(events[-1]["location"]) == "Region Västerö"


async def test_a_calendar_of_a_day_that_was_moved_changes_the_events_that_a_reader_has(days: House, page: Landing) -> None:
    """RFC 5545: the same ids, and stamps that say which of the two is the newer one."""
    before = Calendar.from_ical(schedule_ics(page, BASE, days.clock.now())).walk("VEVENT")
    await Corrections(days.store, days.clock).begin(MODERATOR, PLANNED - timedelta(days=2))
    days.clock.wind(timedelta(minutes=5))
    async with days.store.reading() as session:
        moved = await landing(session, DAY)
    assert moved
    after = Calendar.from_ical(schedule_ics(moved, BASE, days.clock.now())).walk("VEVENT")

    assert [str(event["uid"]) for event in after] == [str(event["uid"]) for event in before]
    assert {was.decoded("dtstart") - now.decoded("dtstart") for was, now in zip(before, after, strict=True)} == {timedelta(days=2)}
    assert {now.decoded("dtstamp") - was.decoded("dtstamp") for was, now in zip(before, after, strict=True)} == {timedelta(minutes=5)}
    assert (moved.day.day, called(moved.day.day, moved.day.date)) == (DAY, DAY.replace("2026-11-22", "2026-11-20"))


def _rooms(page: Landing) -> dict[str, list[dict[str, Any]]]:
    rooms: dict[str, list[dict[str, Any]]] = json.loads(schedule_json(page, BASE))["schedule"]["conference"]["days"][0]["rooms"]
    return rooms
