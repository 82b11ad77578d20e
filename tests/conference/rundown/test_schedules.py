"""Programmes from other programs: what is written is read again as the same, what differs is told, and what is dangerous is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlmodel import col, select

from conference import views
from conference.core.errors import Refused
from conference.core.ids import SeededIds
from conference.export import schedule_json, schedule_xml
from conference.rundown import Builder
from conference.rundown.schedules import EVENTS_MOST, FILE_MOST, Stands, differences, minutes_of, read
from conference.tables import Block, Item
from tests.conference.days import DAY, MODERATOR, House
from tests.conference.rundown.test_building import no_gap, rows

BASE = "https://dag.example"
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><schedule><day><room>&b;</room></day></schedule>'
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE s SYSTEM "file:///etc/passwd"><schedule/>'
EVENT: dict[str, Any] = {"code": "x1", "title": "Eget", "duration": "00:10", "room": "Hela landet", "type": "Talk"}


async def stands(days: House) -> Stands:
    async with days.store.reading() as session:
        found = await views.landing(session, DAY)
        assert found
        blocks = list(await session.exec(select(Block).order_by(col(Block.position))))
        items = list(await session.exec(select(Item).order_by(col(Item.position))))
    return Stands(found.day, found.regions, {one.block: one for one in blocks}, {one.item: one for one in items})


async def written(days: House) -> tuple[str, str]:
    async with days.store.reading() as session:
        found = await views.landing(session, DAY)
    assert found
    return schedule_json(found, BASE).decode(), schedule_xml(found, BASE).decode()


def of(*events: dict[str, Any]) -> str:
    return json.dumps({"schedule": {"conference": {"days": [{"rooms": {"Hela landet": events}}]}}})


async def test_what_is_written_is_read_again_as_the_same_programme_in_both_forms(days: House) -> None:
    await days.create()
    in_json, in_xml = await written(days)

    assert differences(await stands(days), read(in_json)) == differences(await stands(days), read(in_xml)) == []
    assert read(in_json).items == read(in_xml).items
    assert len(read(in_json).items) == 36
    assert read(in_json).unknown == read(in_xml).unknown == ("persons",)


async def test_what_differs_is_told_field_by_field_and_what_is_chosen_is_taken_and_undone_at_once(days: House) -> None:
    await days.create()
    events = json.loads((await written(days))[0])
    rooms = events["schedule"]["conference"]["days"][0]["rooms"]
    stood = await stands(days)
    open_ = [one for one in stood.items.values() if "locked" not in {one.owner, stood.blocks[one.block].owner} and one.lane == "r-sundmark"]
    longer, last = open_[0], open_[-1]
    sent = {event["code"]: event for room in rooms.values() for event in room}
    minutes = minutes_of(longer) + 7
    sent[longer.item] |= {"title": "Nytt namn", "duration": f"00:{minutes}", "abstract": "Ny text", "subtitle": "Under"}
    own = {"duration": "00:05", "type": "Workshop", "date": sent[last.item]["date"]}
    at = sent[last.item]["date"]
    rooms["Region Sundmark"] += [{**own, "code": f"n{n}", "title": f"Eget {n}", "date": at.replace(":00+", f":{n}0+")} for n in (1, 2)]
    rooms["Region Norrvik"] = []
    found = differences(stood, read(json.dumps(events)))
    before, build = await rows(days), Builder(days.store, days.clock, SeededIds(7))

    assert [(one.code, one.fields) for one in found if one.was and one.now] == [(longer.item, ("title", "minutes", "description"))]
    assert [(one.code, one.block, one.after) for one in found if one.was is None] == [(f"n{n}", last.block, last.item) for n in (1, 2)]
    assert {one.code for one in found if one.now is None} == {one.item for one in stood.items.values() if one.lane == "r-norrvik"}
    assert "subtitle" in read(json.dumps(events)).unknown
    await build.take_in(MODERATOR, found)
    await no_gap(days)
    after = await stands(days)
    changed = after.items[longer.item]
    assert (changed.title, changed.description, minutes_of(changed)) == ("Nytt namn", "Ny text", minutes)
    lane = [one.title for one in after.items.values() if one.lane == "r-sundmark" and one.block == last.block]
    assert lane[lane.index(last.title if last is not longer else "Nytt namn") + 1 :] == ["Eget 1", "Eget 2"]
    await build.undo(MODERATOR)
    assert await rows(days) == before


async def test_what_is_locked_has_no_room_or_no_time_is_told_and_never_taken(days: House) -> None:
    await days.create()
    stood = await stands(days)
    locked = next(one for one in stood.items.values() if "locked" in {one.owner, stood.blocks[one.block].owner})
    day = stood.day.planned_starts_at.isoformat()
    found = differences(
        stood,
        read(
            of(
                {**EVENT, "code": locked.item},
                {**EVENT, "code": "a", "room": "Sal 4", "date": day},
                {**EVENT, "code": "b", "date": "2031-01-01T10:00:00+01:00"},
                {**EVENT, "code": "c", "date": "2031-01-01T10:00:00"},
            )
        ),
    )

    assert [(one.code, one.why_not) for one in found if one.now] == [(locked.item, "locked"), ("a", "room"), ("b", "time"), ("c", "time")]
    with pytest.raises(Refused, match=r"schedule\.nothing"):
        await Builder(days.store, days.clock, SeededIds(7)).take_in(MODERATOR, found)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (BOMB, "schedule.unsafe"),
        (OUTSIDE, "schedule.unsafe"),
        ("<schedule>" + "<a>" * 50 + "</a>" * 50 + "</schedule>", "schedule.unreadable"),
        ("<schedule><day>", "schedule.unreadable"),
        ("<rss/>", "schedule.unreadable"),
        ("<schedule/>", "schedule.empty"),
        ("", "schedule.unreadable"),
        ("[" * 100_000, "schedule.unreadable"),
        ("[]", "schedule.unreadable"),
        ('{"schedule": {"conference": {"days": [{"rooms": {"a": [1]}}]}}}', "schedule.unreadable"),
        (of(), "schedule.empty"),
        (of({**EVENT, "duration": "en timme"}), "schedule.unreadable"),
        (of({**EVENT, "duration": "²:10"}), "schedule.unreadable"),
        (of({**EVENT, "date": "i morgon"}), "schedule.unreadable"),
        (of({**EVENT, "title": " "}), "schedule.unreadable"),
        (of(*[EVENT] * (EVENTS_MOST + 1)), "schedule.too_many"),
        (" " * (FILE_MOST + 1), "schedule.too_large"),
    ],
    ids=lambda one: str(one)[:40],
)
def test_what_is_no_schedule_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as no:
        read(text)

    assert no.value.code == code


def test_a_kind_of_another_program_becomes_ours_or_is_told() -> None:
    told = read(of(EVENT, {**EVENT, "type": "Keynote"}))

    assert ([one.kind for one in told.items], told.unknown) == (["lecture", "lecture"], ("type: Keynote",))
