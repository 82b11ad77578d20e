"""Hundreds of questions, an afternoon of talk: the welcome fits a frame, and what it does not hold is reached, without scripts too."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection

from chat.questions import Asked
from chat.questions.paging import AT_ONCE
from conference.core.actor import Actor
from conference.people import Role
from tests.web.products import Product, product, with_a_day
from tests.web.test_questions import wish
from tests.web.test_reach import by_link
from web.wire import SERVER_MOST_BYTES

MANY = 300
LONG = "Hur ska vi i hemtjänsten få läsa det som sjukhuset skriver samma dag som någon kommer hem, och vem är det som bestämmer det?"
STAFF = frozenset({Role.MODERATOR.value})
NEXT = re.compile(r'rel="next" href="([^"]+)"')


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Product]:
    """A live day whose panel takes questions."""
    async with product(tmp_path) as one:
        await with_a_day(one)
        await one.house.questions.open(Actor.house(one.day), "national")
        yield one


async def asked(made: Product, n: int) -> list[str]:
    """So many questions from as many people, in the order in which they came."""
    done = [await made.house.questions.ask(Actor(made.day, f"p{number}"), Asked(f"{number}. {LONG}")) for number in range(n)]
    return [str((one.data or {})["question"]) for one in done]


async def seen_by_all(made: Product, n: int) -> list[str]:
    """So many questions that all see."""
    questions, olga = await asked(made, n), Actor(made.day, "olga", STAFF)
    await asyncio.gather(*(made.house.questions.let_through(olga, question) for question in questions))
    return questions


async def first_frame(line: ClientConnection) -> bytes:
    """What is welcomed with, as bytes."""
    told = await line.recv()
    return told if isinstance(told, bytes) else told.encode()


async def walked(http: httpx2.AsyncClient, at: str) -> list[str]:
    """All questions on the pages that follow each other by their links, without a script."""
    found: list[str] = []
    while at:
        page = (await http.get(at, headers={"Accept": "text/html"})).raise_for_status().text
        found += re.findall(r'<li class="question[^"]*" data-question="([^"]+)">', page)
        links = NEXT.findall(page)
        at = links[0].replace("&amp;", "&") if links else ""
    return found


async def test_the_welcome_fits_a_frame_however_many_questions_there_are(made: Product) -> None:
    await seen_by_all(made, MANY)
    await asked(made, MANY // 4)

    sizes = {}
    for who, cookie in (("kim", await made.join(name="Kim", region="r-norrvik")), ("olga", await made.enter("moderator"))):
        async with made.socket(cookie) as line:
            frame = await first_frame(line)
        state = msgspec.json.decode(frame)["welcome"]["state"]
        sizes[who] = len(frame)
        piles = {pile["pile"]: pile for pile in state["piles"]}
        assert piles["national"]["n"] == {"standing": MANY}
        assert {one["question"] for one in state["questions"]} >= set(piles["national"]["page"])

    assert {who: size for who, size in sizes.items() if size > SERVER_MOST_BYTES} == {}


async def test_every_question_is_reached_without_a_script(made: Product) -> None:
    questions, held = await seen_by_all(made, 45), await asked(made, 25)
    async with made.http(await made.join()) as kim, made.http(await made.enter("moderator")) as olga:
        live = (await kim.get(f"/days/{made.day}/live", headers={"Accept": "text/html"})).text
        mine = await walked(kim, f"/days/{made.day}/questions?order=new")
        waiting = await walked(olga, f"/days/{made.day}/questions?of=held")
        nos = [(await kim.get(f"/days/{made.day}/questions?{query}")).status_code for query in ("of=held", "of=x", "order=x", "after=x")]

    assert f'<a href="/days/{made.day}/questions">Alla frågor</a>' in live
    assert len(re.findall(r'<li class="question[^"]*" data-question="[^"]+">', live)) == AT_ONCE
    assert mine == questions[::-1]
    assert waiting == held
    assert nos == [403, 404, 404, 404]


async def test_a_form_on_a_page_further_on_comes_back_to_it(made: Product) -> None:
    questions = await seen_by_all(made, 45)
    at = f"/days/{made.day}/questions?of=standing&order=new&after={questions[20]}"
    async with made.http(await made.join()) as kim:
        form, came = {"question": questions[3]}, {"Referer": f"{made.origin}{at}"}
        answer = await kim.post(f"/days/{made.day}/do/questions.back", data=form, headers=came, follow_redirects=False)
        page = (await kim.get(answer.headers["Location"], headers={"Accept": "text/html"})).text

    assert (answer.status_code, answer.headers["Location"]) == (303, at)
    assert re.findall(r'data-question="([^"]+)"', page)[:1] == [questions[19]]


async def test_pages_come_over_the_wire_with_what_is_ones_own(made: Product) -> None:
    questions = await seen_by_all(made, 45)
    async with made.http(await made.join(name="Kim")) as kim:
        await wish(kim, made.day, "questions.back", question=questions[2])
        status, page = await wish(kim, made.day, "questions.page", order="new", after=questions[20])
        _status, some = await wish(kim, made.day, "questions.some", questions=[questions[2], "nowhere", questions[1], questions[2]])
        state = (await kim.get(f"/days/{made.day}/state")).json()
        nos = [
            (await wish(kim, made.day, "questions.some", questions=[]))[0],
            (await wish(kim, made.day, "questions.some", questions=["x"] * 101))[0],
            (await wish(kim, made.day, "questions.page", of="held"))[1]["error"]["code"],
        ]

    assert (status, [one["question"] for one in page["data"]["questions"]], page["data"]["left"]) == (200, questions[19::-1], 0)
    assert [(one["question"], one.get("backed"), one["backs"]) for one in some["data"]["questions"]] == [
        (questions[2], True, 1),
        (questions[1], None, 0),
    ]
    assert state["stances"] == {"backed": [questions[2]], "opposed": []}
    assert all("text" in one for one in state["questions"])
    assert nos == [422, 422, "role.missing"]


async def test_a_regions_moderator_pages_its_own_queue_and_no_other(made: Product) -> None:
    region = "r-norrvik"
    await made.house.questions.open(Actor.house(made.day), region)
    own = str(((await made.house.questions.ask(Actor(made.day, "p", lane=region, region=region), Asked("Varför?"))).data or {})["question"])
    [other] = await asked(made, 1)
    async with made.http(await by_link(made, "moderator", region)) as mo:
        _ok, page = await wish(mo, made.day, "questions.page", of="held", lane=region)
        no = await wish(mo, made.day, "questions.page", of="held", lane="national")
        _ok, some = await wish(mo, made.day, "questions.some", questions=[own, other], lane=region)

    assert [one["question"] for one in page["data"]["questions"]] == [own]
    assert (no[0], no[1]["error"]["code"]) == (403, "role.missing")
    assert [one["question"] for one in some["data"]["questions"]] == [own]


async def test_earlier_messages_are_read_without_a_script(made: Product) -> None:
    await made.house.store.run(lambda tx: made.house.chat.opened(tx, made.day, ["national"]))
    for number in range(70):
        await made.house.chat.say(Actor(made.day, f"p{number}"), f"Inlägg {number}")
    async with made.http(await made.join()) as kim:
        live = (await kim.get(f"/days/{made.day}/live", headers={"Accept": "text/html"})).text
        [at] = re.findall(r'href="([^"]+before=[^"]+)#chatt"', live)
        before = (await kim.get(at, headers={"Accept": "text/html"})).text

    assert re.findall(r">Inlägg (\d+)<", live) == [str(number) for number in range(20, 70)]
    assert re.findall(r">Inlägg (\d+)<", before) == [str(number) for number in range(20)]
    assert '#chatt">Tidigare inlägg' not in before


async def test_a_region_reads_its_own_room_while_that_is_open_and_the_countrys_when_it_is_back(made: Product) -> None:
    region, at = "r-norrvik", f"/days/{made.day}/live"
    opened = made.house.store.run
    await opened(lambda tx: made.house.chat.opened(tx, made.day, ["national", region]))
    await made.house.chat.say(Actor(made.day, "g"), "Till hela landet")
    await made.house.chat.say(Actor(made.day, "p", lane=region, region=region), "Hos oss")

    async def read(cookie: str) -> list[str]:
        async with made.http(cookie, Accept="text/html") as http:
            return re.findall(r">(Till hela landet|Hos oss)<", (await http.get(at)).text)

    kim, guest, olga = await made.join(region=region), await made.join(), await made.enter("moderator")
    apart = [await read(cookie) for cookie in (kim, guest, olga)]
    await opened(lambda tx: made.house.chat.closed(tx, made.day, [region]))
    back = [await read(cookie) for cookie in (kim, guest, olga)]

    both = ["Till hela landet", "Hos oss"]
    assert apart == [["Hos oss"], ["Till hela landet"], both]
    assert back == [both, ["Till hela landet"], both]
