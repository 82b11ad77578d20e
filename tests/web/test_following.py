"""Who looks at another lane than their own: it is remembered wherever they look, and they are counted and heard where they belong."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from conference.core.actor import Actor
from polls.kinds import Question
from polls.rules import yes_no_options
from tests.web.houses import admitted, heard
from tests.web.products import Product, product, with_a_day
from tests.web.test_reach import ask as asked_once
from tests.web.test_reach import by_link, said, state_of

NORRVIK, SUNDMARK = "r-norrvik", "r-sundmark"


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path, media_url="http://127.0.0.1:9") as made:
        yield await with_a_day(made)


async def ask(live: Product, cookie: str, do: str, **args: Any) -> tuple[int, str | None]:
    """Ask, and again while a busy machine asks for patience."""
    while (answer := await asked_once(live, cookie, do, **args)) == (429, "limit.reached"):
        await asyncio.sleep(0.5)
    return answer


async def call_the_regions(live: Product) -> None:
    """Every lane is on its own from here on."""
    by = Actor(live.day, "olga", frozenset({"moderator"}))
    looker = await live.join(region=NORRVIK)
    async with asyncio.timeout(60):
        while (await state_of(live, looker))["now"].get("block") != "b2":
            await live.house.rundown.go(by)


async def welcomed(ws: ClientConnection, lane: str) -> dict[str, Any]:
    """The state of somebody who looks at *lane*; what comes before is passed over."""
    while True:
        frame = await heard(ws)
        state = (frame.get("welcome") or {}).get("state")
        if state and state["you"]["lane"] == lane:
            return dict(frame["welcome"])


def place_of(state: dict[str, Any]) -> tuple[Any, ...]:
    """Where somebody belongs, what they look at, and whose run and picture that is."""
    return state["you"]["region"], state["you"]["lane"], state["now"]["lane"], state["lane"]["lane"]


async def page_lane(live: Product, cookie: str) -> list[str]:
    """The lane whose picture a fresh page shows, without scripts too."""
    async with live.http(cookie, Accept="text/html") as http:
        page = (await http.get(f"/days/{live.day}/live")).text
    return re.findall(r'data-lane="([\w-]+)"', page)


async def test_the_choice_reaches_every_screen_at_once_is_there_on_a_fresh_page_and_is_undone(live: Product) -> None:
    await call_the_regions(live)
    kim = await live.join(region=NORRVIK)
    told = []
    async with live.socket(kim) as tab, live.socket(kim) as other:
        for lane, args in ((NORRVIK, None), (SUNDMARK, {"lane": SUNDMARK}), ("national", {"lane": "national"}), (NORRVIK, {"lane": None})):
            if args is not None:
                assert await ask(live, kim, "people.follow", **args) == (200, None)
            states = [(await welcomed(ws, lane))["state"] for ws in (tab, other)]
            told.append([place_of(state) for state in (*states, await state_of(live, kim))] + await page_lane(live, kim))

    assert told == [[(NORRVIK, lane, lane, lane)] * 3 + [lane] for lane in (NORRVIK, SUNDMARK, "national", NORRVIK)]


async def test_without_scripts_a_form_follows_and_comes_back(live: Product) -> None:
    kim = await live.join(region=NORRVIK)
    async with live.http(kim, Accept="text/html") as http:

        async def follow(lane: str) -> None:
            await admitted(lambda: http.post(f"/days/{live.day}/do/people.follow", data={"lane": lane}))

        await follow(SUNDMARK)
        there = (await http.get(f"/days/{live.day}/live")).text
        await follow("")
        back = (await http.get(f"/days/{live.day}/live")).text

    bar = re.compile(r'data-part="followed"( hidden)?>.*?followed-what">([^<]*)<.*?followed-back">([^<]*)<', re.DOTALL)
    bars = [bar.search(page) for page in (there, back)]
    assert [found and found.groups() for found in bars] == [
        (None, "Du följer Region Sundmark.", "Tillbaka till Region Norrvik"),
        (" hidden", "Du följer Region Norrvik.", "Tillbaka till Region Norrvik"),
    ]


async def test_one_talks_asks_and_votes_where_one_belongs(live: Product) -> None:
    house, by = live.house, Actor.house(live.day)
    await house.store.run(lambda tx: house.chat.opened(tx, live.day, ["national", NORRVIK, SUNDMARK]))
    for lane in (NORRVIK, SUNDMARK):
        await house.questions.open(by, lane)
    asked = {}
    for lane in (NORRVIK, SUNDMARK):
        made = (await house.polls.make(by, Question("", "yesno", "Ja?", options=yes_no_options()), lane, at_once=True)).data or {}
        asked[lane] = made["poll"]
        await house.announcements.announce(by, f"Till {lane}", to=lane)
    kim, lo = await live.join(region=NORRVIK), await live.join(region=SUNDMARK)
    theirs = await said(live, lo, "hos dem")
    await ask(live, kim, "people.follow", lane=SUNDMARK)
    mine = await said(live, kim, "hos oss")
    votes = [await ask(live, kim, "polls.vote", poll=asked[lane], answer="yes") for lane in (NORRVIK, SUNDMARK)]
    there = await ask(live, kim, "chat.say", text="hos dem", room=SUNDMARK)
    question = await ask(live, kim, "questions.ask", text="När?")
    state = await state_of(live, kim)
    staff = await state_of(live, await live.enter("moderator"))

    assert (votes, there, question) == ([(200, None), (404, "poll.no_such")], (404, "chat.no_such_room"), (200, None))
    assert {poll["poll"] for poll in state["polls"] if poll["scope"] != "country"} == {asked[NORRVIK]}
    assert {one["message"]: one["room"] for one in state["chat"]} == {mine: NORRVIK}
    assert theirs in {one["message"] for one in staff["chat"]}
    assert [one["lane"] for one in state["questions"]] == [NORRVIK]
    assert [one["text"] for one in state["announcements"]] == [f"Till {NORRVIK}"]
    assert [poll["tally"]["counts"] for poll in staff["polls"] if poll["poll"] == asked[SUNDMARK]] == [{"yes": 0, "no": 0, "abstain": 0}]


async def test_a_gesture_is_made_to_what_one_sees(live: Product) -> None:
    await call_the_regions(live)
    kim = await live.join(region=NORRVIK)
    await ask(live, kim, "people.follow", lane=SUNDMARK)
    await ask(live, kim, "gestures.send", gesture="clap")
    await ask(live, kim, "people.follow", lane=None)
    at_home, lo = await state_of(live, kim), await state_of(live, await live.join(region=SUNDMARK))

    assert (at_home["gestures"]["counts"], lo["gestures"]["counts"]) == ({}, {"clap": 1})


async def test_who_says_anew_where_they_belong_sees_that(live: Product) -> None:
    kim = await live.join(region=NORRVIK)
    await ask(live, kim, "people.follow", lane="national")
    await ask(live, kim, "people.set", name="Kim", region=NORRVIK)
    stayed = (await state_of(live, kim))["you"]
    await ask(live, kim, "people.set", region=SUNDMARK)
    moved = (await state_of(live, kim))["you"]

    assert [(you["region"], you["lane"]) for you in (stayed, moved)] == [(NORRVIK, "national"), (SUNDMARK, SUNDMARK)]


async def test_no_other_lane_is_followed_and_none_by_who_has_a_role(live: Product) -> None:
    kim, olga = await live.join(region=NORRVIK), await by_link(live, "moderator", NORRVIK)
    told = [await ask(live, who, "people.follow", lane=lane) for who, lane in ((kim, "r-ingen"), (kim, "R-Norrvik"), (olga, SUNDMARK))]

    assert told == [(404, "lane.no_such"), (404, "lane.no_such"), (409, "lane.by_role")]
    assert [(await state_of(live, who))["you"]["lane"] for who in (kim, olga)] == [NORRVIK, NORRVIK]


async def test_a_link_with_a_role_shows_what_the_role_is_for(live: Product) -> None:
    kim = await live.join(region=NORRVIK)
    await ask(live, kim, "people.follow", lane=SUNDMARK)
    now_moderator = await by_link(live, "moderator", cookie=kim)

    you = (await state_of(live, now_moderator))["you"]
    assert (you["region"], you["lane"], you["roles"]) == (NORRVIK, NORRVIK, ["moderator"])


async def test_late_joiners_and_those_who_come_back_are_on_the_right_lane_also_after_a_restart(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"media_url": "http://127.0.0.1:9"}
    async with product(tmp_path, **settings) as first:
        live = await with_a_day(first)
        kim, lo = await live.join(region=NORRVIK), await live.join()
        async with live.socket(kim) as ws:
            left = await welcomed(ws, NORRVIK)
        await ask(live, kim, "people.follow", lane=SUNDMARK)  # in another tab, while this one was away
        async with back(live, kim, left) as ws:
            came = await welcomed(ws, SUNDMARK)
        await call_the_regions(live)
        early = [place_of(came["state"]), await places(live, kim, lo)]
        day, code = live.day, live.code
    async with product(tmp_path, **settings) as second:
        live = Product(second.origin, second.house, day, code)
        async with back(live, kim, came) as ws:
            again = (await heard(ws))["welcome"]
        late = await places(live, kim, lo, await live.join(region=NORRVIK), await live.join())

    kims, los = (NORRVIK, SUNDMARK, SUNDMARK, SUNDMARK), (None, "national", "national", "national")
    assert early == [(NORRVIK, SUNDMARK, "national", SUNDMARK), [kims, los]]
    assert again == {"epoch": came["epoch"], "seq": came["seq"], "recovered": True}
    assert late == [kims, los, (NORRVIK, NORRVIK, NORRVIK, NORRVIK), los]


async def places(live: Product, *cookies: str) -> list[tuple[Any, ...]]:
    return [place_of(await state_of(live, cookie)) for cookie in cookies]


def back(live: Product, cookie: str, left: dict[str, Any]) -> connect:
    """The socket of a browser that says where it was."""
    address = f"ws{live.origin.removeprefix('http')}/days/{live.day}/socket?epoch={left['epoch']}&since={left['seq']}"
    return connect(address, additional_headers={"Cookie": cookie, "Origin": live.origin}, compression=None)
