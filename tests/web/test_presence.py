"""Minutes of the programme, whatever the clock on the wall does to it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from sqlmodel import col, select
from websockets.asyncio.client import ClientConnection

from conference.core.actor import Actor
from conference.core.clock import HandClock
from conference.people import Beat
from conference.people.tables import Attendance
from conference.tables import Day, Item
from polls.tables import Poll
from tests.conftest import NINE
from tests.web.products import Product, product, with_a_day
from web.floor import GLANCE, Browsers, Floor
from web.presence import Presence, Running


def an_item(planned: tuple[int, int], really_s: tuple[int, int]) -> Item:
    """Planned minutes and real seconds after nine."""
    times: dict[str, Any] = dict(zip(("planned_starts_at", "planned_ends_at"), (NINE + timedelta(minutes=m) for m in planned), strict=True))
    times |= dict(zip(("starts_at", "ends_at"), (NINE + timedelta(seconds=s) for s in really_s), strict=True))
    about: dict[str, Any] = {"day": "d", "item": "i", "kit_item": "i", "block": "b", "lane": "national", "owner": "locked", "kind": "film"}
    return Item(**about, title="t", state="now", **times)


def test_a_compressed_day_counts_the_minutes_of_its_programme() -> None:
    day = Day.model_construct(planned_starts_at=NINE)
    running = Running(day, [an_item((0, 5), (0, 100)), an_item((5, 60), (100, 110)), an_item((75, 80), (110, 120))])

    assert [running.minute(NINE + timedelta(seconds=s)) for s in (-1, 0, 50, 99, 100, 105, 109, 110, 120, 500)] == [
        None, 0, 2, 4, 5, 32, 54, 75, 80, 80,
    ]  # fmt: skip


def test_who_fetches_pages_is_there_from_the_first_to_the_last_and_no_longer() -> None:
    clock, browsers = HandClock(NINE), Browsers()
    floor = cast("Floor", SimpleNamespace(browsers=browsers))
    presence = Presence(cast("Any", None), clock, cast("Any", None), floor)
    live = {"d": Running(Day.model_construct(planned_starts_at=NINE), [an_item((0, 60), (0, 3600))])}

    heard = []
    for minute in range(30):
        clock.wind(timedelta(minutes=1))
        if minute in (2, 4, 20):
            browsers.looked_in("d", "kim", clock.now())
        heard += presence.beats(live)

    assert heard == [Beat("d", "kim", 3, 3, alive=True), Beat("d", "kim", 3, 5, alive=True), Beat("d", "kim", 21, 21, alive=True)]
    assert timedelta(minutes=2) <= GLANCE < timedelta(minutes=16)
    assert browsers.glances == {}


def test_somebody_whose_line_another_process_has_is_noted_as_there_in_that_minute() -> None:
    clock = HandClock(NINE + timedelta(minutes=7))
    presence = Presence(cast("Any", None), clock, cast("Any", None), cast("Floor", SimpleNamespace(browsers=Browsers())))
    live = {"d": Running(Day.model_construct(planned_starts_at=NINE), [an_item((0, 60), (0, 3600))])}

    presence.here("d", "kim", touched=True)
    presence.here("d", "kim", touched=False)
    presence.here("d", "ali", touched=False)
    presence.here("ended", "lo", touched=True)

    assert presence.beats(live) == [Beat("d", "ali", 7, 7, alive=False), Beat("d", "kim", 7, 7, alive=True)]
    assert presence.beats(live) == []


async def test_a_sign_of_somebody_is_noted_of_the_screen_that_gave_it_and_a_vote_is_none(tmp_path: Path) -> None:
    async with product(tmp_path) as made:
        await with_a_day(made)
        by = Actor.house(made.day)
        await made.house.polls.open(by, (await first_poll(made))["poll"])
        watching, voting, left = [await made.join() for _ in range(3)]
        async with made.socket(watching) as one, made.socket(voting) as other, made.socket(left) as third:
            you = [json.loads(await socket.recv())["welcome"]["state"]["you"]["person"] for socket in (one, other, third)]
            poll = await first_poll(made)
            await one.send(json.dumps({"id": "a", "do": "people.here", "args": {}}))
            await other.send(json.dumps({"id": "a", "do": "polls.vote", "args": {"poll": poll["poll"], "answer": poll["answer"]}}))
            await third.send(json.dumps({"id": "a", "do": "people.here", "args": {"touched": False}}))
            answers = [await answered(socket) for socket in (one, other, third)]
            await made.house.presence.note()
        async with made.house.store.reading() as session:
            rows = {row.person: row for row in await session.exec(select(Attendance).where(Attendance.day == made.day))}

    assert [answer["ok"] for answer in answers] == [True, True, True]
    assert [rows[person].alive for person in you] == [rows[you[0]].minutes, None, b""]
    assert [row.sizes[0][1] for row in rows.values()] == [None, None, None]


async def first_poll(made: Product) -> dict[str, Any]:
    """A poll of the day for all, with one answer to it."""
    async with made.house.store.reading() as session:
        polls = (await session.exec(select(Poll).where(Poll.day == made.day).order_by(col(Poll.poll)))).all()
    asked = {one.poll: json.loads(one.question) for one in polls if one.scope == "country"}
    poll = next(name for name, question in asked.items() if question["kind"] == "choice")
    return {"poll": poll, "answer": [asked[poll]["options"][0]["id"]]}


async def answered(socket: ClientConnection) -> dict[str, Any]:
    """The next answer to a wish."""
    while "re" not in (told := json.loads(await socket.recv())):
        pass
    return dict(told)
