"""The whole house on a port: every address, and a day from code to result over the wire."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Match

from tests.servers import empty_tables
from tests.web.bystander import nothing_told
from tests.web.houses import heard, until, wish
from tests.web.products import Product, product, with_a_day
from web import bootstrap
from web.address import Address
from web.bootstrap import routes
from web.guard import SAFE

ROLES = ("organizer", "moderator", "speaker", "captioner", "screen")
ADDRESSES = [route for route in routes() if isinstance(route, Address)]


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path) as made:
        yield await with_a_day(made)


async def first_poll(cookie: str, live: Product) -> dict[str, Any]:
    async with live.http(cookie) as http:
        polls = (await http.get(f"/days/{live.day}/state")).json()["polls"]
    return next(poll for poll in polls if poll["kind"] == "choice" and poll["scope"] == "country" and poll["most"] == 1)


async def test_a_vote_from_code_to_result(live: Product) -> None:
    moderator, kim, lo = await live.enter("moderator"), await live.join(name="Kim"), await live.join(people=6)
    poll = await first_poll(moderator, live)
    async with live.socket(moderator) as desk, live.socket(kim) as phone:
        assert (await heard(phone))["welcome"]["state"]["polls"] == []
        await heard(desk)
        await desk.send(wish("polls.open", "o", poll=poll["poll"]))
        opened = await until(desk, re="o")
        assert (await until(phone, seq=opened["seq"]))["type"] == "polls.opened"
        await phone.send(wish("polls.vote", "v", poll=poll["poll"], answer=[poll["options"][0]["option"]]))
        receipt = (await until(phone, re="v"))["data"]["receipt"]
        async with live.http(lo) as http:
            vote = {"id": "v2", "do": "polls.vote", "args": {"poll": poll["poll"], "answer": [poll["options"][1]["option"]]}}
            answers = [(await http.post(f"/days/{live.day}/wishes", json=vote)).json() for _ in range(3)]
            assert answers[0]["ok"]
            assert answers == [answers[0]] * 3
        async with live.http(kim) as http:
            mine = (await http.get(f"/days/{live.day}/state")).json()["polls"][0]
            assert (mine["mine"], mine["receipt"], "tally" in mine) == ([poll["options"][0]["option"]], receipt, False)
        await desk.send(wish("polls.show", "s", poll=poll["poll"], to="everyone"))
        await desk.send(wish("polls.close", "c", poll=poll["poll"]))
        closed = await until(phone, seq=(await until(desk, re="c"))["seq"])
        assert (closed["type"], closed["data"]["tally"]["n"]) == ("polls.closed", 2)


async def test_tallies_are_pictures_for_those_who_may_see_them(live: Product) -> None:
    moderator, kim = await live.enter("moderator"), await live.join()
    poll = await first_poll(moderator, live)
    async with live.socket(moderator) as desk, live.http(kim) as http:
        await heard(desk)
        await desk.send(wish("polls.open", "o", poll=poll["poll"]))
        await until(desk, re="o")
        crowd = [await live.join() for _ in range(6)]
        for n, cookie in enumerate(crowd):
            vote = {"id": f"v{n}", "do": "polls.vote", "args": {"poll": poll["poll"], "answer": [poll["options"][0]["option"]]}}
            assert (await http.post(f"/days/{live.day}/wishes", json=vote, headers={"Cookie": cookie})).status_code == 200
        pictures: list[dict[str, Any]] = []
        while not pictures or pictures[-1]["data"]["tally"]["n"] < 5:
            pictures += [item for item in (await heard(desk)).get("news", []) if item["type"] == "polls.tally"]
        assert {(item["key"], "seq" in item) for item in pictures} == {(f"tally:{poll['poll']}", False)}
        assert {item["data"]["tally"]["n"] for item in pictures} <= {0, 5}  # in steps of five while there are few


async def test_chat_reaches_everybody_with_its_writers_name(live: Product) -> None:
    moderator, kim, lo = await live.enter("moderator"), await live.join(name="Kim"), await live.join()
    async with live.socket(moderator) as desk:
        await heard(desk)
        for n in range(60):
            await desk.send(wish("rundown.go", f"g{n}"))
            await until(desk, re=f"g{n}")
            async with live.http(kim) as http:
                state = (await http.get(f"/days/{live.day}/state")).json()
            if any(room["open"] for room in state["rooms"]):
                break
    async with live.socket(kim) as phone, live.socket(lo) as other:
        await heard(phone), await heard(other)
        await phone.send('{"id":"c","do":"chat.say","args":{"text":"Hej p\\u00e5 er"}}')
        answer = await until(phone, re="c")
        said = await until(other, seq=answer["seq"])
        assert (said["data"]["text"], said["data"]["by"]["name"]) == ("Hej på er", "Kim")
    async with live.http(lo) as http:
        assert (await http.get(f"/days/{live.day}/state")).json()["chat"][-1]["by"]["name"] == "Kim"


@pytest.mark.parametrize("role", ["", "participant", *ROLES])
async def test_no_page_is_a_5xx_for_anybody(live: Product, role: str) -> None:
    cookie = "" if not role else await live.join() if role == "participant" else await live.enter(role)
    values = {"day": live.day, "code": live.code, "token": "x" * 32, "lane": "national", "form": "json", "file": "polls.csv"}
    values |= {"do": "x", "page": "1"}
    async with live.http(cookie, Accept="text/html") as http:
        for route in ADDRESSES:
            path = re.sub(r"{(\w+)(?::\w+)?}", lambda found: values.get(found[1], "x"), route.path)
            if route.path.endswith("/news"):
                continue
            answer = await http.request("GET", path)
            assert answer.status_code < 500 or (answer.status_code == 503 and "Retry-After" in answer.headers), (path, answer.text)
            if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
                assert " style=" not in answer.text, path
                assert "<script>" not in answer.text, path
                assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//(?!127\.0\.0\.1)""", answer.text), path
            if not role and route.who.joined and "GET" in (route.methods or ()):
                assert answer.status_code == (403 if route.who.roles else 401 if route.who.data else 303), path


@pytest.mark.parametrize("route", [route for route in ADDRESSES if not (route.methods or set()) & SAFE], ids=lambda route: route.path)
async def test_no_foreign_page_changes_anything_in_the_whole_route_table(live: Product, route: Address) -> None:
    """AUTH-12."""
    path = re.sub(r"{(\w+)(?::\w+)?}", lambda found: {"day": live.day}.get(found[1], "x"), route.path)
    method = next(iter(route.methods or ()))
    async with live.http(await live.enter("organizer")) as http:
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
            answer = await http.request(method, path, headers=headers, content=b"{}")
            assert answer.status_code == 403
            nothing_told(answer.text)


@pytest.mark.faults
async def test_two_processes_with_postgresql_and_redis_are_one(tmp_path: Path, pg: str, redis: str) -> None:
    await empty_tables(pg)
    shared: dict[str, Any] = {"database_url": pg, "redis_url": redis, "media_url": "http://127.0.0.1:1"}
    async with product(tmp_path, **shared) as one, product(tmp_path, **shared) as two:
        await with_a_day(one)
        two.day, two.code = one.day, one.code
        kim = await two.join(name="Kim")
        moderator = await one.enter("moderator")
        poll = await first_poll(moderator, one)
        async with one.socket(moderator) as desk, two.socket(kim) as phone:
            await heard(desk), await heard(phone)
            await desk.send(wish("polls.open", "o", poll=poll["poll"]))
            opened = await until(desk, re="o")
            assert (await until(phone, seq=opened["seq"]))["type"] == "polls.opened"
            await phone.send(wish("people.set", "p", region=await _region(one)))
            await until(phone, re="p")
        region = await _region(one)
        async with one.http(kim) as http, asyncio.timeout(60):  # changed by the other process: this one hears of it
            while (await http.get(f"/days/{one.day}/state")).json()["you"]["region"] != region:
                await asyncio.sleep(0.1)
        async with two.http(kim) as http:
            await http.post(f"/days/{one.day}/wishes", json={"id": "l", "do": "people.leave"})
        async with one.http(kim) as http, asyncio.timeout(60):
            while (await http.get(f"/days/{one.day}/state")).status_code != 401:  # it hears of it in a moment
                await asyncio.sleep(0.1)


async def _region(made: Product) -> str:
    async with made.http(await made.enter("moderator")) as http:
        return str((await http.get(f"/days/{made.day}/state")).json()["regions"][0]["region"])


def test_no_address_stands_in_the_way_of_another_one() -> None:
    """Addresses are tried in their order: one with a place for anything must not come before one that names it."""
    found = [route for route in bootstrap.routes() if isinstance(route, Address)]
    taken: list[tuple[str, str]] = []
    for place, route in enumerate(found):
        scope = {"type": "http", "method": next(iter(route.methods or {"GET"})), "path": re.sub(r"{\w+}", "x", route.path)}
        taken += [(earlier.path, route.path) for earlier in found[:place] if earlier.matches(scope)[0] is Match.FULL]
    assert taken == []


def test_every_endpoint_file_is_listed() -> None:
    folder = Path(bootstrap.__file__).parent / "endpoints"
    assert {Path(str(one.__file__)).name for one in bootstrap.ENDPOINTS} == {path.name for path in folder.glob("*.py")} - {"__init__.py"}
