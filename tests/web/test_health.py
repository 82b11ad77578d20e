"""Whether people may be sent here, and who sees the figures."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from conference.core.reactor import Position
from tests.web.floor import DAY
from tests.web.houses import CODE, Served, heard, serving, until, wish
from web import limits

TOKEN = "a-token-for-figures"


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Served]:
    async with serving(tmp_path, metrics_token=TOKEN) as served:
        yield served


@contextmanager
def a_full_disk() -> Iterator[None]:
    """Not a byte can be written to any file of this process."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def ready(day: Served) -> tuple[int, str | None]:
    async with day.http() as http:
        answer = await http.get("/readyz")
    return answer.status_code, answer.json()["why"]


async def becomes(day: Served, wanted: tuple[int, str | None]) -> None:
    async with asyncio.timeout(15):
        while await ready(day) != wanted:  # nobody tells us
            await asyncio.sleep(0.1)


async def test_nobody_is_sent_where_nothing_can_be_stored_until_it_can_again(day: Served) -> None:
    assert await ready(day) == (200, None)
    with a_full_disk():
        await becomes(day, (503, "writing"))  # found out though nobody asks for anything
        async with day.http() as http:
            assert (await http.get("/healthz")).status_code == 200
    await becomes(day, (200, None))


async def test_after_the_first_thing_that_was_not_stored_it_is_known_at_once(day: Served) -> None:
    cookie = await day.sign_in()
    with a_full_disk():
        async with day.http(cookie) as http:
            body = {"id": "full", "do": "board.say", "args": {"text": "hej"}}
            assert (await http.post(f"/days/{DAY}/wishes", json=body)).status_code == 503
        assert await ready(day) == (503, "writing")


async def test_however_often_it_is_asked_it_is_tried_once_a_second(day: Served) -> None:
    await ready(day)
    before = await beats(day)
    async with day.http() as http:
        for _ in range(40):
            assert (await http.get("/readyz")).status_code == 200
    assert await beats(day) - before <= 1


async def beats(day: Served) -> int:
    async with day.house.store.reading() as session:
        found = await session.get(Position, ("pulse", ""))
    return found.seq if found else 0


async def test_staff_is_told_that_nothing_is_saved_and_that_it_is_again(day: Served) -> None:
    olga, kim = await day.sign_in("Olga", roles=["moderator"]), await day.sign_in()
    async with day.socket(olga) as desk, day.socket(kim) as phone:
        assert (await heard(desk))["welcome"]["state"]["house"] == {}
        assert "house" not in (await heard(phone))["welcome"]["state"]
        with a_full_disk():
            assert await told(desk) == {"unsaved": True, "slowed": None}
            async with day.http(olga) as http:
                assert (await http.get(f"/days/{DAY}/state")).json()["house"] == {"unsaved": True}
        assert await told(desk) == {"unsaved": None, "slowed": None}
        await phone.send(wish("board.say", text="hej"))
        news = await until(phone, seq=(await until(phone, re="w1"))["seq"])
        assert news["type"] == "board.said"  # and nothing of the house before it


async def test_staff_is_told_how_many_were_slowed_at_the_door(day: Served) -> None:
    olga = await day.sign_in("Olga", roles=["moderator"])
    async with day.socket(olga) as desk:
        await heard(desk)
        for _ in range(limits.JOINS.amount):  # a whole hospital has come already
            day.house.floor.limits.local.take_now("joins:127.0.0.1", limits.JOINS)
        async with day.http() as http:
            refused = 0
            while refused < 3:
                refused += (await http.post("/join", json={"code": CODE})).status_code == 429
        found = await told(desk)
        while found["slowed"] != 3:
            found = await told(desk)
    async with day.socket(olga) as late:
        assert (await heard(late))["welcome"]["state"]["house"] == {"slowed": 3}


async def told(ws: Any) -> Any:
    """The next thing that the house tells."""
    while True:
        for item in (await heard(ws, wait_s=15)).get("news", []):
            if item["type"] == "house.told":
                return item["data"]


@pytest.mark.parametrize(
    ("trusted", "headers", "status"),
    [
        ((), {}, 200),
        ((), {"X-Forwarded-For": "203.0.113.5"}, 403),
        ((), {"X-Forwarded-For": "127.0.0.1"}, 403),  # by a proxy that nobody named
        ((), {"Forwarded": "for=203.0.113.5"}, 403),
        ((), {"X-Real-IP": "127.0.0.1"}, 403),
        (("127.0.0.1",), {}, 200),
        (("127.0.0.1",), {"X-Forwarded-For": "127.0.0.1"}, 200),
        (("127.0.0.1",), {"X-Forwarded-For": "203.0.113.5"}, 403),
        (("127.0.0.1",), {"X-Forwarded-For": "127.0.0.1, 203.0.113.5"}, 403),
        (("127.0.0.1",), {"X-Forwarded-For": "203.0.113.5, 127.0.0.1"}, 403),
        (("127.0.0.1", "203.0.113.0/24"), {"X-Forwarded-For": "127.0.0.1, 203.0.113.5"}, 403),
        (("127.0.0.1",), {"X-Forwarded-For": "nonsense"}, 403),
        ((), {"X-Forwarded-For": "203.0.113.5", "Authorization": f"Bearer {TOKEN}"}, 200),
        ((), {"X-Forwarded-For": "203.0.113.5", "Authorization": f"Bearer {TOKEN}x"}, 403),
        ((), {"X-Forwarded-For": "203.0.113.5", "Authorization": "Bearer x"}, 403),
        ((), {"X-Forwarded-For": "203.0.113.5", "Authorization": "Bearer åäö"}, 403),
    ],
)
async def test_figures_are_for_this_computer_and_for_who_has_the_token(
    tmp_path: Path, trusted: tuple[str, ...], headers: dict[str, str], status: int
) -> None:
    async with serving(tmp_path, metrics_token=TOKEN, trusted_proxies=trusted) as day, day.http() as http:
        sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        assert (await http.get("/metrics", headers=sent)).status_code == status
