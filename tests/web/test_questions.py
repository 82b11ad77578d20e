"""Questions over the wire: harmless texts, codes and statuses, limits, forms, names, pictures."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from conference.core.actor import Actor
from tests.web.products import Product, product, with_a_day

SHED_MS = 2_000  # what a process under pressure says, whoever asks


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Product]:
    """A live day whose panel takes questions."""
    async with product(tmp_path) as one:
        await with_a_day(one)
        await one.house.questions.open(Actor.house(one.day), "national")
        yield one


async def wish(http: httpx2.AsyncClient, day: str, do: str, **args: Any) -> tuple[int, dict[str, Any]]:
    """Ask by HTTP, and again while a busy machine asks for patience; status and answer."""
    while True:
        answer = await http.post(f"/days/{day}/wishes", json={"id": str(uuid4()), "do": do, "args": args})
        if answer.status_code != 429 or answer.json()["error"]["retry_after_ms"] != SHED_MS:
            return answer.status_code, answer.json()
        await asyncio.sleep(0.5)


async def state(http: httpx2.AsyncClient, day: str) -> list[dict[str, Any]]:
    """The questions that somebody sees."""
    found: list[dict[str, Any]] = (await http.get(f"/days/{day}/state")).json()["questions"]
    return found


async def test_what_turns_or_hides_text_is_taken_out_and_markup_is_text(made: Product) -> None:
    async with made.http(await made.join(name="Kim")) as kim, made.http(await made.enter("moderator")) as olga:
        await wish(kim, made.day, "questions.ask", text="Vem \u202eregäl\u200b<script>alert(1)</script>?")
        [asked] = await state(olga, made.day)
        await wish(olga, made.day, "questions.let_through", question=asked["question"], seen="held")
        page = (await kim.get(f"/days/{made.day}/live", headers={"Accept": "text/html"})).text

    assert asked["text"] == "Vem regäl<script>alert(1)</script>?"
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


async def test_every_no_has_its_status(made: Product) -> None:
    async with made.http(await made.join()) as kim, made.http(await made.join()) as lo, made.http(await made.enter("moderator")) as olga:
        asked = (await wish(kim, made.day, "questions.ask", text="Varför?"))[1]["data"]["question"]
        told = [
            await wish(lo, made.day, "questions.back", question=asked),
            await wish(lo, made.day, "questions.let_through", question=asked),
            await wish(kim, made.day, "questions.ask", text=" "),
            await wish(kim, made.day, "questions.ask", text="Varför?", to="c-ingen"),
            await wish(olga, made.day, "questions.let_through", question=asked, seen="open"),
            await wish(olga, made.day, "questions.let_through", question=asked, seen="nonsense"),
            await wish(olga, made.day, "questions.let_through", question=asked),
            await wish(kim, made.day, "questions.back", question=asked),
            await wish(olga, made.day, "questions.close"),
            await wish(lo, made.day, "questions.ask", text="Varför?"),
        ]

    assert [(status, answer.get("error", {}).get("code")) for status, answer in told] == [
        (404, "question.no_such"),
        (403, "role.missing"),
        (422, "text.empty"),
        (404, "contributor.no_such"),
        (409, "question.already_done"),
        (422, "wire.wrong_args"),
        (200, None),
        (403, "question.own"),
        (200, None),
        (409, "questions.closed"),
    ]


async def test_nobody_asks_without_end(made: Product) -> None:
    async with made.http(await made.join()) as kim:
        told = [await wish(kim, made.day, "questions.ask", text=f"Varför {n}?") for n in range(5)]

    assert [status for status, _ in told] == [200] * 4 + [429]
    assert told[-1][1]["error"]["retry_after_ms"] > 0


async def test_a_name_is_taken_away_where_it_stands_and_one_asked_anonymously_never_has_one(made: Product) -> None:
    async with made.http(await made.join(name="Kim Ek")) as kim, made.http(await made.enter("moderator")) as olga:
        for anonymous in (False, True):
            asked = (await wish(kim, made.day, "questions.ask", text="Varför?", anonymous=anonymous))[1]["data"]["question"]
            await wish(olga, made.day, "questions.let_through", question=asked)
        before = [one.get("by", {}).get("name") for one in await state(olga, made.day)]
        await wish(kim, made.day, "people.set", name=None)
        async with asyncio.timeout(10):
            while [one.get("by", {}).get("name") for one in await state(olga, made.day)] != [None, None]:
                await asyncio.sleep(0.05)

    assert before == ["Kim Ek", None]


async def test_support_comes_as_a_picture_to_those_who_look_on(made: Product) -> None:
    await made.house.questions.hold(Actor.house(made.day), "national", hold=False)
    async with made.http(await made.join()) as kim, made.http(await made.join()) as lo, made.socket(await made.join()) as looking:
        asked = (await wish(kim, made.day, "questions.ask", text="Varför?"))[1]["data"]["question"]
        answer = (await wish(lo, made.day, "questions.back", question=asked))[1]
        async with asyncio.timeout(10):
            pictures: list[Any] = []
            while not pictures or pictures[-1]["data"]["backs"] != 1:
                frame = json.loads(await looking.recv())
                pictures += [one for one in frame.get("news", []) if one.get("key") == f"backs:{asked}"]

    assert answer["data"] == {"question": asked, "backs": 1, "backed": True, "opposed": False}
    assert pictures[-1] == {"key": f"backs:{asked}", "type": "questions.backs", "data": {"question": asked, "backs": 1}}


async def test_the_panels_page_is_for_the_panel_and_staff(made: Product) -> None:
    statuses = []
    for cookie in (await made.join(), await made.enter("speaker"), await made.enter("moderator"), await made.enter("captioner")):
        async with made.http(cookie) as http:
            statuses.append((await http.get(f"/days/{made.day}/panel")).status_code)

    assert statuses == [403, 200, 200, 403]


async def test_without_scripts_a_form_asks_and_comes_back_to_its_place(made: Product) -> None:
    async with made.http(await made.join()) as kim, made.http(await made.enter("moderator")) as olga:
        form = {"text": "Varför?", "anonymous": "true", "to": ""}
        answer = await kim.post(f"/days/{made.day}/do/questions.ask", data=form, follow_redirects=False)
        hold = await olga.post(f"/days/{made.day}/do/questions.hold", data={"lane": "national", "hold": "false"}, follow_redirects=False)
        [asked] = await state(olga, made.day)

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/days/{made.day}/live#fragor")
    assert hold.status_code == 303
    assert (asked["text"], "by" in asked) == ("Varför?", False)


async def test_whatever_has_become_of_a_question_the_cockpit_takes_its_text_away(made: Product) -> None:
    async with made.http(await made.join()) as kim, made.http(await made.enter("moderator")) as olga:
        asked = {}
        for name in ("held", "answered", "written", "aside"):
            asked[name] = (await wish(kim, made.day, "questions.ask", text=f"Varför {name}?"))[1]["data"]["question"]
        await wish(olga, made.day, "questions.take_up", question=asked["answered"])
        await wish(olga, made.day, "questions.answered", question=asked["answered"])
        await wish(olga, made.day, "questions.write", question=asked["written"], text="Så.")
        await wish(olga, made.day, "questions.put_aside", question=asked["aside"], reason="Hinns inte")
        before = await removals(olga, made.day)
        form = {"question": asked["answered"]}
        answer = await olga.post(f"/days/{made.day}/do/questions.remove", data=form, follow_redirects=False)
        after = await removals(olga, made.day)

    assert before == dict.fromkeys(asked.values(), True)
    assert answer.status_code == 303
    assert after == before | {asked["answered"]: False}


async def removals(http: httpx2.AsyncClient, day: str) -> dict[str, bool]:
    """Which questions of the cockpit's queue offer to take the text away, folded in with nothing else that can be done."""
    page = (await http.get(f"/days/{day}/cockpit", headers={"Accept": "text/html"})).text
    rows = re.findall(r'<li class="question[^"]*" data-question="([^"]+)">(.*?)</li>', page, re.DOTALL)
    offers = {
        question: re.search(r'(<details [^>]*data-part="remove"[^>]*>)(?:(?!</details>).)*questions\.remove', row, re.DOTALL)
        for question, row in rows
    }
    return {question: offer is not None and " hidden" not in offer[1] for question, offer in offers.items()}
