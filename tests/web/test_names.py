"""What people are called: in the chat that others have open, as on a fresh page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from conference.core.actor import Actor
from conference.core.log import since
from tests.fold import State, fold
from tests.web.houses import heard, until, wish
from tests.web.products import Product, product, with_a_day


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path, media_url="http://127.0.0.1:9") as made:
        yield await with_a_day(made)


async def opened_chat(live: Product, *rooms: str) -> None:
    chat = live.house.chat
    await live.house.store.run(lambda tx: chat.opened(tx, live.day, rooms))


async def ask(live: Product, cookie: str, do: str, wish_id: str = "", **args: Any) -> dict[str, Any]:
    async with live.http(cookie) as http:
        body = {"id": wish_id or live.house.ids.new(), "do": do, "args": args}
        while True:
            answer = (await http.post(f"/days/{live.day}/wishes", json=body)).json()
            if answer["ok"] or answer["error"]["code"] != "limit.reached":
                break
            await asyncio.sleep(answer["error"]["retry_after_ms"] / 1_000)  # a busy machine sheds what is no vote
    assert answer["ok"], answer
    return dict(answer)


async def state(live: Product, cookie: str) -> State:
    async with live.http(cookie) as http:
        return dict((await http.get(f"/days/{live.day}/state")).json())


async def test_another_name_is_seen_in_chats_that_are_open(live: Product) -> None:
    await opened_chat(live, "national")
    kim, lo = await live.join(name="Kim"), await live.join(name="Lo")
    await ask(live, kim, "chat.say", text="hej")
    await ask(live, lo, "chat.say", text="hå")
    async with live.socket(lo) as phone:
        seen = (await heard(phone))["welcome"]["state"]
        assert [one["by"]["name"] for one in seen["chat"]] == ["Kim", "Lo"]

        await ask(live, kim, "people.set", people=7)  # no other name: nobody is told
        await ask(live, kim, "people.set", "again", name="Kim Ek")
        await ask(live, kim, "people.set", "again", name="Kim Ek")
        seen = fold(seen, *await named(phone))
        assert [one["by"]["name"] for one in seen["chat"]] == ["Kim Ek", "Lo"]
        assert seen["chat"] == (await state(live, lo))["chat"]

        person = seen["chat"][0]["by"]["person"]
        await live.house.people.erase(Actor.house(live.day), person)
        seen = fold(seen, *await named(phone))
        assert [one["by"]["name"] for one in seen["chat"]] == [None, "Lo"]
        assert seen["chat"] == (await state(live, lo))["chat"]

        await phone.send(wish("chat.say", "last", text="klart"))
        said = await until(phone, re="last")
    async with live.house.store.reading() as session:
        told = [entry.event.name for entry in await since(session, live.day, 0)]
    assert told.count("chat.named") == 2
    assert said["ok"]


async def test_of_who_wrote_in_another_room_or_nothing_nobody_hears(live: Product) -> None:
    regions = [one["region"] for one in (await state(live, await live.join()))["regions"]]
    await opened_chat(live, "national", regions[0])
    kim, silent = await live.join(name="Kim", region=regions[0]), await live.join(name="Mo")
    here, there = await live.join(name="Lo", region=regions[0]), await live.join(name="Bo", region=regions[1])
    await ask(live, kim, "chat.say", text="hos oss")
    async with live.socket(here) as near, live.socket(there) as far:
        seen = (await heard(near))["welcome"]["state"]
        assert (await heard(far))["welcome"]["state"]["chat"] == []
        await ask(live, silent, "people.set", name="Mo Ek")
        await ask(live, kim, "people.set", name="Kim Ek")
        assert fold(seen, *await named(near))["chat"] == (await state(live, here))["chat"]
        await ask(live, there, "chat.say", text="hej", room="national")
        assert (await chatter(far))["type"] == "chat.said"


async def named(ws: Any) -> tuple[str, dict[str, Any]]:
    """The next thing that the chat tells: somebody is called otherwise. What else happens as the day begins is passed over."""
    item = await chatter(ws)
    assert item["type"] == "chat.named"
    return item["type"], item["data"]


async def chatter(ws: Any) -> dict[str, Any]:
    while True:
        for item in (await heard(ws)).get("news", []):
            if item["type"].startswith("chat.") and item["type"] not in {"chat.opened", "chat.closed"}:
                return dict(item)
