"""Two processes on one PostgreSQL, one Redis and one data folder: what happens in the one is noticed in the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest

from conference.core.actor import Actor
from conference.core.ids import RandomIds
from conference.people import About, token_hash
from polls.ballots import Box, box_of
from polls.kinds import Question
from polls.rules import yes_no_options
from polls.surveys.rules import box_of as survey_box_of
from tests.servers import empty_tables
from tests.web.products import Product, with_a_day
from web.app import Frontage
from web.bootstrap import open_house
from web.house import House
from web.origins import Origins
from web.sessions import Visitor
from web.settings import Settings
from web.wire import Wish

PATIENCE_S = 10.0


@dataclass
class Two:
    """The houses, and a participant who is at home in both."""

    a: House
    b: House
    day: str
    kim: str = "token-of-kim-0000000000"
    asked: int = field(default=0)

    async def visitor(self, house: House) -> Visitor:
        found = await house.floor.sessions.of(self.kim)
        assert found
        return found

    async def ask(self, house: House, do: str, **args: Any) -> dict[str, Any]:
        self.asked += 1
        return (await house.floor.desk.grant(await self.visitor(house), Wish(f"w{self.asked}", do, args))).data or {}


@pytest.fixture
async def two(tmp_path: Path, pg: str, redis: str) -> AsyncIterator[Two]:
    await empty_tables(pg)
    about: dict[str, Any] = {"data_dir": tmp_path, "database_url": pg, "redis_url": redis, "media_url": "http://127.0.0.1:9"}
    settings = Settings(**about)
    async with open_house(settings, Frontage(Origins(None))) as a, open_house(settings, Frontage(Origins(None))) as b:
        made = await with_a_day(Product("", a))
        both = Two(a, b, made.day)
        await a.people.join(Actor.house(made.day), token_hash(both.kim), About(name="Kim"))
        yield both


@asynccontextmanager
async def soon() -> AsyncIterator[Callable[[Callable[[], bool]], Any]]:
    async def until(it_is_so: Callable[[], bool]) -> None:
        while not it_is_so():  # nobody tells us
            await asyncio.sleep(0.02)

    async with asyncio.timeout(PATIENCE_S):
        yield until


async def test_the_key_of_a_poll_is_forgotten_in_every_process(two: Two) -> None:
    by, poll = Actor.house(two.day), await a_poll(two)
    for house in (two.a, two.b):
        assert await two.ask(house, "polls.vote", poll=poll, answer="yes")
    box = box_of(two.day, poll, 1)
    assert [box in house.box._keys for house in (two.a, two.b)] == [True, True]

    await two.a.polls.close(by, poll)

    assert box not in two.a.box._keys
    async with soon() as until:
        await until(lambda: box not in two.b.box._keys)
    assert list((two.a.settings.data_dir / "keys").glob("*.key")) == []


async def test_the_key_of_the_evaluation_is_forgotten_in_every_process(two: Two) -> None:
    by = Actor.house(two.day)
    await two.a.surveys.open(by, "ev-deltagare")
    answers = {"aterkommande": "yes"}
    for house in (two.a, two.b):
        await two.ask(house, "surveys.answer", survey="ev-deltagare", answers=answers)
    box = survey_box_of(two.day, "ev-deltagare")
    assert [box in house.box._keys for house in (two.a, two.b)] == [True, True]

    await two.b.surveys.close(by, "ev-deltagare")

    async with soon() as until:
        await until(lambda: box not in two.a.box._keys)
    assert box not in two.b.box._keys


async def test_a_lane_that_is_followed_by_one_process_is_seen_by_the_other_also_by_who_joins_late(two: Two) -> None:
    await two.ask(two.a, "people.set", region="r-norrvik")
    by = Actor(two.day, "olga", frozenset({"moderator"}))
    seen = {}
    for lane in ("r-sundmark", "national", None):
        await two.ask(two.a, "people.follow", lane=lane)
        async with asyncio.timeout(PATIENCE_S):
            while (await two.visitor(two.b)).viewer.lane != (lane or "r-norrvik"):
                await asyncio.sleep(0.02)
        seen[lane] = [await lanes_seen(house, await two.visitor(house)) for house in (two.a, two.b)]
    async with asyncio.timeout(60):
        while (await lanes_seen(two.b, await two.visitor(two.b)))[3] != "b2":
            await two.b.rundown.go(by)
    late = token_hash("token-of-lo-00000000000")
    await two.a.people.join(Actor.house(two.day), late, About(region="r-sundmark"))
    lo = await two.b.floor.sessions.of("token-of-lo-00000000000")
    assert lo

    assert seen == {lane: [("r-norrvik", lane or "r-norrvik", lane or "r-norrvik", None)] * 2 for lane in ("r-sundmark", "national", None)}
    assert await lanes_seen(two.b, lo) == ("r-sundmark", "r-sundmark", "r-sundmark", "b2")


async def lanes_seen(house: House, visitor: Visitor) -> tuple[Any, ...]:
    """Where somebody belongs, and what a process shows them: their lane, its picture, its block."""
    state = msgspec.json.decode((await house.floor.states.of(visitor.seen)).body)
    return state["you"]["region"], state["you"]["lane"], state["lane"]["lane"], state["now"].get("block")


async def a_poll(two: Two) -> str:
    """A yes or no question, open."""
    by = Actor.house(two.day)
    made = (await two.a.polls.make(by, Question("", "yesno", "Ja?", options=yes_no_options()))).data or {}
    await two.a.polls.open(by, made["poll"])
    return str(made["poll"])


def test_two_processes_that_destroy_one_key_at_once_both_do(tmp_path: Path) -> None:
    boxes = [Box(tmp_path, RandomIds()) for _ in range(2)]
    for n in range(200):
        for box in boxes:
            box.pseudonym(f"b{n}", "kim")
        with ThreadPoolExecutor(2) as both:
            for done in [both.submit(box.destroy, f"b{n}") for box in boxes]:
                assert done.result() is None
    assert list(tmp_path.iterdir()) == []
