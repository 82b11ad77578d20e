"""A phone pairs with a group's screen by form, without scripts: the code, what is refused, and where it is told."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from conference.core.actor import Actor
from tests.web.houses import admitted
from tests.web.products import Product, product, with_a_day
from web.limits import MISSES

SHOWN = re.compile(r"code\.svg\?([A-Z]{6})")


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path) as made:
        yield await with_a_day(made)


async def a_code(live: Product, cookie: str) -> str:
    """What a group's screen shows after its button was pressed."""
    async with live.http(cookie, Accept="text/html") as unit:
        assert (await unit.post(f"/days/{live.day}/do/people.new_code", data={"wish": ""})).status_code == 303
        found = SHOWN.search((await unit.get(f"/days/{live.day}/live")).text)
    assert found
    return found[1]


async def heard(client: Any, live: Product, phones: int) -> dict[str, Any]:
    """``you`` of the screen, once it has heard how many phones there are."""
    async with asyncio.timeout(60):
        while (you := (await client.get(f"/days/{live.day}/state")).json()["you"])["phones"] != phones:  # what is waited for is news
            await asyncio.sleep(0.02)
    return dict(you)


async def test_a_phone_pairs_by_form_votes_as_itself_and_leaves(live: Product) -> None:
    day = f"/days/{live.day}"
    unit_cookie, desk = await live.join(people=12), await live.enter("moderator")
    code = await a_code(live, unit_cookie)
    async with live.http(Accept="text/html") as new:
        page = (await new.get(f"{day}/pair/{code}")).text
        came = await admitted(lambda: new.post(f"{day}/pair", data={"code": code.lower(), "name": "Kim"}))
    assert f'value="{code}"' in page
    assert (came.status_code, came.headers["location"]) == (303, f"{day}/live")
    cookie = str(came.headers["Set-Cookie"]).partition(";")[0]
    assert cookie != unit_cookie

    async with (
        live.http(desk) as staff,
        live.http(unit_cookie, Accept="text/html") as unit,
        live.http(cookie, Accept="text/html") as phone,
    ):
        await staff.post(f"{day}/do/polls.make", data={"kind": "yesno", "title": "Har ni provat?", "open": "1"})
        poll = next(one["poll"] for one in (await staff.get(f"{day}/state")).json()["polls"] if one["voting"] == "open")
        await heard(unit, live, 1)
        assert "12 personer, 1 med egen telefon" in (await unit.get(f"{day}/live")).text
        hands = [await unit.post(f"{day}/do/polls.hands", data={"poll": poll, "hands.yes": many}) for many in ("12", "11")]
        voted = await phone.post(f"{day}/do/polls.vote", data={"poll": poll, "answer": "yes"})
        you = [(await one.get(f"{day}/state")).json()["you"] for one in (unit, phone)]
        at_screen = (await phone.get(f"{day}/live")).text
        left = await phone.post(f"{day}/do/people.unpair", data={"wish": ""})
        after = [await heard(unit, live, 0), (await phone.get(f"{day}/state")).json()["you"]]
        await staff.post(f"{day}/do/polls.close", data={"poll": poll})
        tally = next(one for one in (await staff.get(f"{day}/state")).json()["polls"] if one["poll"] == poll)["tally"]
    assert ([one.status_code for one in hands], voted.status_code, left.status_code) == ([422, 303], 303, 303)
    assert [(one["people"], one["phones"], one["paired"]) for one in you] == [(12, 1, False), (1, 0, True)]
    assert "Lämna skärmen" in at_screen
    assert [(one["people"], one["phones"], one["paired"]) for one in after] == [(11, 0, False), (1, 0, False)]
    assert (tally["n"], tally["behind"], tally["hands"]["n"]) == (1, 1, 11)


async def test_a_phone_pairs_at_the_short_address_that_names_no_day(live: Product) -> None:
    unit_cookie = await live.join(people=4)
    code = await a_code(live, unit_cookie)
    spoken = f"{code[:3].lower()}-{code[3:].lower()}"
    async with live.http(unit_cookie, Accept="text/html") as unit, live.http(Accept="text/html") as phone:
        told = (await unit.get(f"/days/{live.day}/live")).text
        pages = [await phone.get(path) for path in ("/p", f"/p/{spoken}")]
        wrong = await admitted(lambda: phone.post("/p", data={"code": "BBBBBB", "name": "Kim"}))
        came = await admitted(lambda: phone.post("/p", data={"code": spoken, "name": "Kim"}))
    host = live.origin.partition("://")[2]
    assert (f">{host}/p<" in told, f">{code[:3]}-{code[3:]}<" in told) == (True, True)
    assert [page.status_code for page in pages] == [200, 200]
    assert ['action="/p"' in page.text for page in pages] == [True, True]
    assert f'value="{spoken}"' in pages[1].text
    assert (wrong.status_code, 'value="Kim"' in wrong.text, "Ingen skärm visar den koden nu." in wrong.text) == (404, True, True)
    assert (came.status_code, came.headers["location"]) == (303, f"/days/{live.day}/live")
    async with live.http(str(came.headers["Set-Cookie"]).partition(";")[0]) as paired:
        you = (await paired.get(f"/days/{live.day}/state")).json()["you"]
    assert (you["name"], you["paired"], you["people"]) == ("Kim", True, 1)


async def test_who_is_in_already_pairs_as_who_they_are_at_the_short_address(live: Product) -> None:
    code, cookie = await a_code(live, await live.join(people=4)), await live.join(name="Robin")
    async with live.http(cookie, Accept="text/html") as phone:
        page = await phone.get(f"/p/{code}")
        came = await admitted(lambda: phone.post("/p", data={"code": code}))
        you = (await phone.get(f"/days/{live.day}/state")).json()["you"]
    assert ('name="name"' in page.text, came.status_code) == (False, 303)
    assert (you["name"], you["paired"]) == ("Robin", True)


async def test_the_code_is_told_to_its_own_screen_alone(live: Product) -> None:
    unit, other = await live.join(people=3), await live.join(people=4)
    code = await a_code(live, unit)
    day = f"/days/{live.day}"
    async with live.http(unit) as mine, live.http(other) as theirs, live.http() as nobody:
        told = [(await one.get(f"{day}/code")) for one in (mine, theirs, nobody)]
        drawn = [(await one.get(f"{day}/code.svg")) for one in (mine, theirs, nobody)]
        states = [(await one.get(f"{day}/state")).text for one in (mine, theirs)]
    assert [one.status_code for one in told] == [200, 200, 401]
    assert [one.json()["code"] for one in told[:2]] == [code, None]
    assert [one.status_code for one in drawn] == [200, 404, 401]
    assert (drawn[0].headers["content-type"], drawn[0].headers["cache-control"]) == ("image/svg+xml", "no-store")
    assert [text for text in states if code in text] == []


async def test_what_is_refused_says_why_in_the_form(live: Product) -> None:
    unit = await live.join(people=2)
    code, day = await a_code(live, unit), f"/days/{live.day}"
    async with live.http(unit, Accept="text/html") as own, live.http(Accept="text/html") as phone:
        wrong = await admitted(lambda: phone.post(f"{day}/pair", data={"code": "BBBBBB", "name": "Kim"}))
        no_field = await admitted(lambda: phone.post(f"{day}/pair", data={"name": ""}))
        mine = await admitted(lambda: own.post(f"{day}/pair", data={"code": code}))
        hostile = await phone.get(f"{day}/pair/%3Cscript%3E")
        no_day = await admitted(lambda: phone.post("/days/nowhere/pair", data={"code": code}))
        await live.house.programme.end(Actor.house(live.day))
        late = await admitted(lambda: phone.post(f"{day}/pair", data={"code": code}))
        late_too = await admitted(lambda: phone.post("/p", data={"code": code}))
    assert [one.status_code for one in (wrong, no_field, mine, hostile, no_day, late, late_too)] == [404, 404, 422, 200, 404, 409, 409]
    assert "Ingen skärm visar den koden nu." in wrong.text
    assert 'value="Kim"' in wrong.text
    assert "Det är den här skärmens egen kod." in mine.text
    assert "<script>" not in hostile.text.replace('<script type="module"', "")
    assert "Dagen är slut" in late.text


@pytest.mark.parametrize("address", ["/days/{day}/pair", "/p"])
async def test_wrong_codes_are_counted_per_address_and_the_right_ones_are_not(live: Product, address: str) -> None:
    code = await a_code(live, await live.join(people=300))
    async with live.http(Accept="text/html") as phone:

        async def tried(word: str) -> int:
            return (await admitted(lambda: phone.post(address.format(day=live.day), data={"code": word}))).status_code

        right = [await tried(code) for _ in range(MISSES.amount + 5)]
        wrong, began = list[int](), time.monotonic()
        while not wrong or (wrong[-1] != 429 and len(wrong) < 10 * MISSES.amount):
            wrong.append(await tried("BBBBBB"))
        came_back = int((time.monotonic() - began) * MISSES.amount / MISSES.per_s)  # on a busy machine some are given back meanwhile
    assert set(right) == {303}
    assert wrong == [404] * (len(wrong) - 1) + [429]
    assert MISSES.amount <= len(wrong) - 1 <= MISSES.amount + came_back
