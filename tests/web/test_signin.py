from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import pytest

from conference.core.actor import Actor
from conference.people import Terms
from tests.web.floor import DAY
from tests.web.houses import CODE, Served, admitted, closing, heard, serving
from web.wire import Close

LOCAL = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/a\r\nSet-Cookie: x=1",
    "",
]


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Served]:
    async with serving(tmp_path) as served:
        yield served


def cookie_of(answer: object) -> str:
    return str(answer.headers["Set-Cookie"]).partition(";")[0]  # type: ignore[attr-defined]  # an answer of any client


async def link(day: Served, kind: str = "mail", *roles: str, reusable: bool = False) -> str:
    terms = Terms(kind, frozenset(roles or ("moderator",)), reusable=reusable)
    return str(((await day.house.people.make_link(Actor.house(DAY), terms)).data or {})["token"])


async def test_joining_by_json(day: Served) -> None:
    async with day.http() as http:
        answer = await http.post("/join", json={"code": "482 177", "name": "Kim", "region": "norrvik", "people": 6})
        state = (await http.get(f"/days/{DAY}/state")).json()

    assert answer.json() == {"day": DAY, "live": f"{day.origin}/days/{DAY}/live", "person": state["you"]["person"]}
    assert (state["you"]["name"], state["you"]["region"], state["you"]["people"]) == ("Kim", "norrvik", 6)
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(answer.headers["Set-Cookie"].split("; "))


async def test_joining_by_form_leads_to_the_day(day: Served) -> None:
    async with day.http() as http:
        answer = await http.post("/join", data={"code": "482\N{NO-BREAK SPACE}177", "name": "", "region": "", "people": "2"})

        assert (answer.status_code, answer.headers["Location"]) == (303, f"/days/{DAY}/live")
        assert (await http.get(answer.headers["Location"])).status_code == 200


async def test_joining_again_changes_the_same_person(day: Served) -> None:
    async with day.http() as http:
        first = await http.post("/join", json={"code": CODE, "name": "Kim"})
        again = await http.post("/join", json={"code": CODE, "people": 9})
        you = (await http.get(f"/days/{DAY}/state")).json()["you"]

    assert first.json()["person"] == again.json()["person"]
    assert cookie_of(first) == cookie_of(again)
    assert (you["name"], you["people"]) == ("Kim", 9)


@pytest.mark.parametrize("code", ["000000", "48217", "4821777", "abcdef", "٤٨٢١٧٧", "482177; drop"])
async def test_a_wrong_code_is_404(day: Served, code: str) -> None:
    async with day.http() as http:
        answer = await http.post("/join", json={"code": code})
        page = await http.post("/join", data={"code": code}, headers={"Accept": "text/html"})

    assert (answer.status_code, answer.json()["code"]) == (404, "join.no_such_code")
    assert page.status_code == 404
    assert "Ingen dag har den koden" in page.text


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"people": 0}, "screen.count_out_of_range"),
        ({"people": 301}, "screen.count_out_of_range"),
        ({"people": "6"}, "wire.wrong_args"),
        ({"region": "nowhere"}, "region.no_such"),
        ({"name": "x" * 61}, "text.too_long"),
        ({"name": " "}, "text.empty"),
        ({"person": "kim"}, "wire.wrong_args"),
    ],
)
async def test_what_does_not_fit_is_422(day: Served, more: dict[str, object], code: str) -> None:
    async with day.http() as http:
        answer = await http.post("/join", json={"code": CODE, **more})

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("more", [{"people": None, "region": None, "name": None}, {"region": ""}, {"code": int(CODE)}])
async def test_what_is_left_empty_is_as_what_is_left_out(day: Served, more: dict[str, object]) -> None:
    async with day.http() as http:
        answer = await http.post("/join", json={"code": CODE, **more})

    assert answer.status_code == 200


async def test_guessing_codes_is_slowed_after_twenty_misses_and_right_ones_too(day: Served) -> None:
    """AUTH-07. Whoever has a link, or is in already, is not shut out by others who guess at the same address: a hospital is one."""
    token, kim = await link(day), await day.sign_in()
    async with day.http() as http:
        codes = [(await http.post("/join", json={"code": f"{n:06}"})).status_code for n in range(40)]
        right = await http.post("/join", json={"code": CODE})
        by_link = await http.get("/j/000001")

        with_a_link = await http.post(f"/invite/{token}")
    async with day.http(kim) as http:
        again = await http.post("/join", json={"code": CODE, "people": 3})
        guessing = [(await http.post("/join", json={"code": f"{n:06}"})).status_code for n in range(40)]

    assert 429 in guessing  # who is in has own tries, and no more of them
    assert (with_a_link.status_code, again.status_code) == (303, 200)
    assert codes.index(429) <= 20
    assert (right.status_code, by_link.status_code) == (429, 429)
    assert right.json()["retry_after_ms"] > 0
    assert int(right.headers["Retry-After"]) >= 1


async def test_a_script_that_takes_hundreds_of_sessions_is_slowed(day: Served) -> None:
    """VOTE-06."""
    async with day.http() as http:
        answers = await asyncio.gather(*(admitted(lambda: http.post("/join", json={"code": CODE}, timeout=90)) for _ in range(700)))
    codes = [answer.status_code for answer in answers]

    assert codes.count(200) >= 300
    assert 429 in codes


async def test_a_session_set_by_somebody_else_is_not_taken_over(day: Served) -> None:
    """AUTH-10."""
    planted = "samsyn_session=" + "p" * 43
    async with day.http(planted) as http:
        answer = await http.post("/join", json={"code": CODE})

    assert cookie_of(answer) != planted


async def test_a_role_gets_a_new_session_and_the_old_one_is_dead(day: Served) -> None:
    token, before = await link(day), await day.sign_in()
    async with day.http(before) as http:
        person = (await http.get(f"/days/{DAY}/state")).json()["you"]["person"]
        answer = await http.post(f"/invite/{token}")
        assert answer.status_code == 303
        assert (await http.get(f"/days/{DAY}/state")).status_code == 401
    async with day.http(cookie_of(answer)) as http:
        you = (await http.get(f"/days/{DAY}/state")).json()["you"]

    assert (you["person"], you["roles"]) == (person, ["moderator"])


async def test_a_mailed_link_asks_first_and_works_once(day: Served) -> None:
    """AUTH-08."""
    token = await link(day)
    async with day.http(Accept="text/html") as http:
        for _ in range(3):
            asked = await http.get(f"/invite/{token}")
            assert (asked.status_code, "Set-Cookie" in asked.headers) == (200, False)
            assert (await http.head(f"/invite/{token}")).status_code == 200
        led = await http.get(f"/in/{token}")
        used, again = await http.post(f"/invite/{token}"), await http.post(f"/invite/{token}")

    assert (led.status_code, led.headers["Location"]) == (303, f"/invite/{token}")
    assert (used.status_code, "Set-Cookie" in used.headers) == (303, True)
    assert (again.status_code, "Set-Cookie" in again.headers) == (409, False)
    async with day.http() as http:
        looked = await http.get(f"/invite/{token}")
    assert (looked.status_code, looked.json()["code"]) == (409, "link.used")


async def test_a_demo_link_signs_in_on_get_and_never_on_head(day: Served) -> None:
    token = await link(day, "demo", reusable=True)
    async with day.http() as http:
        head = await http.head(f"/in/{token}")
        first, second = await http.get(f"/in/{token}"), await http.get(f"/in/{token}")

    assert (head.status_code, "Set-Cookie" in head.headers) == (200, False)
    assert (first.status_code, first.headers["Location"], second.status_code) == (303, f"/days/{DAY}/live", 303)
    assert cookie_of(first) != cookie_of(second)


async def test_a_link_that_is_none_is_404(day: Served) -> None:
    async with day.http() as http:
        for method, path in (("GET", "/in/"), ("GET", "/invite/"), ("POST", "/invite/")):
            answer = await http.request(method, path + "x" * 32)
            assert (answer.status_code, answer.json()["code"]) == (404, "link.no_such")


@pytest.mark.parametrize("target", LOCAL)
async def test_only_our_own_pages_are_followed(day: Served, target: str) -> None:
    """AUTH-14."""
    async with day.http() as http:
        answer = await http.post("/language", data={"lang": "en", "next": target})
        back = await http.post(
            f"/days/{DAY}/do/people.set",
            data={"people": "2"},
            headers={"Referer": target.split("\r", maxsplit=1)[0] or "x", "Cookie": await day.sign_in()},
        )

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert back.headers["Location"].startswith("/")
    assert not back.headers["Location"].startswith(("//", "/\\"))


async def test_the_language_is_what_one_chose_else_what_the_browser_asks_for(day: Served) -> None:
    async with day.http(Accept="text/html") as http:
        assert 'lang="sv"' in (await http.get("/")).text
        assert 'lang="en"' in (await http.get("/", headers={"Accept-Language": "en-GB,en;q=0.8,sv;q=0.5"})).text
        await http.post("/language", data={"lang": "en", "next": "/"})
        assert 'lang="en"' in (await http.get("/")).text
        assert (await http.post("/language", data={"lang": "xx"})).status_code == 404


async def test_without_a_session_a_page_leads_home_and_data_is_401(day: Served) -> None:
    async with day.http() as http:
        page, data = await http.get(f"/days/{DAY}/live"), await http.get(f"/days/{DAY}/state")
        other = await http.get("/days/other/state", headers={"Cookie": await day.sign_in()})

    assert (page.status_code, page.headers["Location"]) == (303, f"/?day={DAY}&to=live")
    assert (data.status_code, data.json()["code"], other.status_code) == (401, "person.signed_out", 401)


async def test_the_start_page_lists_days_and_a_code_link_fills_in_the_code(day: Served) -> None:
    async with day.http(Accept="text/html") as http:
        first, by_code = await http.get("/"), await http.get(f"/j/{CODE}")

    assert "E-hälsodagen" in first.text
    assert "Region Norrvik" in by_code.text
    assert "482\N{NO-BREAK SPACE}177" in by_code.text


async def test_a_form_without_scripts_asks_the_same_wishes(day: Served) -> None:
    async with day.http(await day.sign_in(region="norrvik"), Accept="text/html") as http:
        path = f"/days/{DAY}/do/people.set"
        answer = await http.post(path, data={"people": "7", "region": ""}, headers={"Referer": f"{day.origin}/days/{DAY}/live?x=1"})
        you = (await http.get(f"/days/{DAY}/state")).json()["you"]
        wrong = await http.post(path, data={"people": "0"})
        unknown = await http.post(f"/days/{DAY}/do/no.such", data={})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/days/{DAY}/live#du")
    assert (you["name"], you["people"], you["region"]) == ("Kim", 7, None)
    assert (wrong.status_code, unknown.status_code) == (422, 404)
    assert "Ange hur många ni är" in wrong.text


async def test_what_a_refused_form_said_is_handed_back(day: Served) -> None:
    asked = "Hur gör ni <b>när</b> nätet\nligger nere?"
    async with day.http(await day.sign_in(), Accept="text/html") as http:
        page = (await http.post(f"/days/{DAY}/do/board.say", data={"text": asked, "colour": "rött och blått", "wish": "f1"})).text
        short = (await http.post(f"/days/{DAY}/do/people.set", data={"people": "0"})).text

    written = [unescape(one) for one in re.findall(r"<textarea[^>]* readonly[^>]*>(.*?)</textarea>", page, re.DOTALL)]
    assert written == [asked, "rött och blått"]
    assert "<b>när</b>" not in page
    assert "<textarea" not in short


async def test_the_same_form_sent_twice_is_done_once(day: Served) -> None:
    async with day.http(await day.sign_in()) as http:
        for _ in range(2):
            await http.post(f"/days/{DAY}/do/board.say", data={"text": "hej", "wish": "f1"})
        assert (await http.get(f"/days/{DAY}/state")).json()["board"] == ["hej"]


@pytest.mark.parametrize("how", ["wish", "form"])
async def test_who_leaves_keeps_no_cookie(day: Served, how: str) -> None:
    cookie, other = await day.sign_in(), await day.sign_in()
    async with day.socket(cookie) as ws, day.http(cookie) as http:
        await heard(ws)
        if how == "wish":
            answer = await http.post(f"/days/{DAY}/wishes", json={"id": "l", "do": "people.leave", "args": {}})
        else:
            answer = await http.post(f"/days/{DAY}/do/people.leave", data={"wish": "l"})
        assert answer.status_code == (200 if how == "wish" else 303)
        name, _is, value = answer.headers["Set-Cookie"].partition("=")
        assert (name, value.split("; ")[0].strip('"'), "Max-Age=0" in value) == ("samsyn_session", "", True)
        assert await closing(ws) == Close.SIGNED_OUT
    async with day.http(other) as http:
        refused = await http.post(f"/days/{DAY}/wishes", json={"id": "l", "do": "people.leave", "args": {"who": "me"}})
        assert (refused.status_code, "Set-Cookie" in refused.headers) == (422, False)
