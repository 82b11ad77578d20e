from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from websockets.exceptions import InvalidStatus

from conference.core.actor import Actor
from tests.web.floor import DAY
from tests.web.houses import Served, closing, heard, serving, until, wish


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Served]:
    async with serving(tmp_path) as served:
        yield served


async def test_who_comes_is_welcomed_with_the_state_and_its_place(day: Served) -> None:
    async with day.socket(await day.sign_in(region="norrvik")) as ws:
        frame = await heard(ws)

    welcome = frame["welcome"]
    assert (welcome["epoch"], welcome["seq"]) == ("e1", 0)
    you = welcome["state"].pop("you")
    assert (you["name"], you["roles"], you["region"], you["lane"], you["people"]) == ("Kim", [], "norrvik", "norrvik", 1)
    assert welcome["state"] == {"day": {"day": DAY}, "board": [], "lane": {"lane": "norrvik", "source": None, "since": None}}


async def test_a_wish_is_answered_and_everybody_hears_the_news(day: Served) -> None:
    async with day.socket(await day.sign_in()) as ws, day.socket(await day.sign_in("Lo")) as other:
        await heard(ws), await heard(other)

        await ws.send(wish("board.say", text="Hej"))

        assert await until(ws, re="w1") == {"re": "w1", "ok": True, "seq": 1, "data": {"said": "Hej"}}
        news = await until(other, seq=1)
        assert (news["type"], news["data"]["text"], news["data"]["by"]["name"]) == ("board.said", "Hej", "Kim")


async def test_the_same_id_gets_the_same_answer_and_is_done_once(day: Served) -> None:
    cookie = await day.sign_in()
    async with day.socket(cookie) as ws:
        await heard(ws)
        await ws.send(wish("board.say", text="Hej"))
        first = await until(ws, re="w1")
        await ws.send(wish("board.say", text="Hej"))
        assert await until(ws, re="w1") == first
        await ws.send(wish("board.say", text="Annat"))
        assert (await until(ws, re="w1"))["error"]["code"] == "wish.id_reused"
    async with day.http(cookie) as http:
        over_http = await http.post(f"/days/{DAY}/wishes", json={"id": "w1", "do": "board.say", "args": {"text": "Hej"}})
        state = (await http.get(f"/days/{DAY}/state")).json()

    assert over_http.json() == first
    assert state["board"] == ["Hej"]


@pytest.mark.parametrize("wait_s", [0, 0.1])
async def test_who_comes_back_hears_what_it_missed_and_nothing_twice(day: Served, wait_s: float) -> None:
    cookie = await day.sign_in()
    async with day.socket(cookie) as ws:
        await heard(ws)
        for n in range(1, 4):
            await ws.send(wish("board.say", f"w{n}", text=str(n)))
            await until(ws, re=f"w{n}")
    await asyncio.sleep(wait_s)

    async with day.socket(cookie, "?epoch=e1&since=1") as ws:
        assert await heard(ws) == {"welcome": {"epoch": "e1", "seq": 1, "recovered": True}}
        frame = await heard(ws)
        assert (frame["upto"], [item["seq"] for item in frame["news"]]) == (3, [2, 3])


@pytest.mark.parametrize(
    "query",
    ["?epoch=e1&since=1000", "?epoch=e1&since=-1", "?epoch=e1&since=1.5", "?epoch=e1&since=9223372036854775808", "?epoch=e1&since=abc",
     "?epoch=old&since=0", "?since=0", "?epoch=e1", "?epoch=e1&since=", "?epoch=e1&since=%E0%A5%A7", "?" + "a=1&" * 300],
)  # fmt: skip
async def test_a_place_that_is_none_gets_a_fresh_state(day: Served, query: str) -> None:
    async with day.socket(await day.sign_in(), query) as ws:
        assert "state" in (await heard(ws))["welcome"]


async def test_too_far_behind_gets_a_fresh_state(day: Served) -> None:
    cookie = await day.sign_in()
    async with asyncio.TaskGroup() as many:
        by = (await day.house.floor.sessions.of(cookie.partition("=")[2])).actor()  # type: ignore[union-attr]  # there is one
        for n in range(302):
            many.create_task(day.house.board.say(by, str(n)))
    await asyncio.sleep(0.1)

    async with day.socket(cookie, "?epoch=e1&since=1") as ws:
        assert (await heard(ws))["welcome"]["seq"] == 302
    async with day.socket(cookie, "?epoch=e1&since=2") as ws:
        assert (await heard(ws))["welcome"] == {"epoch": "e1", "seq": 2, "recovered": True}


async def test_a_restarted_server_catches_up_from_the_log(tmp_path: Path) -> None:
    async with serving(tmp_path) as day:
        cookie = await day.sign_in()
        async with day.socket(cookie) as ws:
            await heard(ws)
            for n in (1, 2):
                await ws.send(wish("board.say", f"w{n}", text=str(n)))
                first = await until(ws, re=f"w{n}")
    async with serving(tmp_path, fresh=False) as day, day.socket(cookie, "?epoch=e1&since=1") as ws:
        assert "recovered" in (await heard(ws))["welcome"]
        assert [item["seq"] for item in (await heard(ws))["news"]] == [2]
        await ws.send(wish("board.say", "w2", text="2"))
        assert await until(ws, re="w2") == first


async def test_without_a_session_the_handshake_is_401(day: Served) -> None:
    for cookie in ("", "samsyn_session=" + "x" * 40, "samsyn_session=å"):
        with pytest.raises(InvalidStatus) as refused:
            async with day.socket(cookie):
                pass
        assert refused.value.response.status_code == 401
        assert msgspec.json.decode(refused.value.response.body or b"")["code"] == "person.signed_out"


async def test_a_session_of_another_day_is_401(day: Served) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with day.socket(await day.sign_in(), path="/days/other/socket"):
            pass
    assert refused.value.response.status_code == 401


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}])
async def test_a_foreign_origin_is_403_before_the_upgrade(day: Served, headers: dict[str, str]) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with day.socket(await day.sign_in(), headers=headers):
            pass
    assert refused.value.response.status_code == 403


async def test_a_full_server_says_when_to_come_back(tmp_path: Path) -> None:
    async with serving(tmp_path, connections_most=1) as day, day.socket(await day.sign_in()) as ws:
        await heard(ws)
        with pytest.raises(InvalidStatus) as refused:
            async with day.socket(await day.sign_in()):
                pass
    assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (503, "5")


async def test_signing_out_closes_this_browsers_sockets_and_no_others(day: Served) -> None:
    cookie = await day.sign_in()
    async with day.socket(cookie) as ws, day.socket(cookie) as other_tab, day.socket(await day.sign_in("Lo")) as bystander:
        for one in (ws, other_tab, bystander):
            await heard(one)
        await ws.send(wish("people.leave"))
        assert (await closing(ws), await closing(other_tab)) == (4500, 4500)
        await bystander.send(wish("board.say", text="kvar"))
        assert (await until(bystander, re="w1"))["ok"]


async def test_an_erased_person_is_removed(day: Served) -> None:
    async with day.socket(await day.sign_in()) as ws:
        person = (await heard(ws))["welcome"]["state"]["you"]["person"]
        await day.house.people.erase(Actor.house(DAY), person)
        assert await closing(ws) == 4501


async def test_who_changes_region_gets_that_lane_on_the_same_socket(day: Served) -> None:
    async with day.socket(await day.sign_in()) as ws:
        assert (await heard(ws))["welcome"]["state"]["lane"] == {"lane": "national", "source": None, "since": None}
        await ws.send(wish("people.set", region="norrvik", people=6))
        while "welcome" not in (frame := await heard(ws)):
            pass
    assert frame["welcome"]["state"]["lane"] == {"lane": "norrvik", "source": None, "since": None}
    assert frame["welcome"]["state"]["you"]["people"] == 6
