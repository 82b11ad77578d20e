"""What a participant or stranger tries at every address and with every wish: AUTH-01, AUTH-06, INJ-03, HTTP-06, HTTP-07, WS-13, XSS-04."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final
from urllib.parse import quote, urlsplit

import httpx2
import msgspec
import pytest

from tests.faults.conftest import a_poll
from tests.running import Samsyn
from tests.staff import Person
from tests.web.bystander import nothing_told
from web.address import Address
from web.bootstrap import routes, wish_table
from web.crowd import Client, Door
from web.guard import SAFE
from web.wishes import ANYONE, WishKind

pytestmark = pytest.mark.faults

STAFFS: Final = [kind for kind in wish_table().kinds.values() if kind.may is not ANYONE]
PINGS_S: Final = 60.0
PAGES: Final = sorted(
    {route.path for route in routes() if isinstance(route, Address) and (route.methods or set()) & SAFE} - {"/days/{day}/news"}
)
NAME: Final = re.compile(r"{(\w+)}")
ODD: Final = ["' OR 1=1--", "\x00", "name;drop table person", "\u2019", "{{7*7}}", "%s%n", "x" * 3_000]


@pytest.fixture(scope="module")
def kim(day: Samsyn) -> Iterator[Person]:
    """A participant, who came before somebody here guessed codes, which has the next one wait."""
    with Person(day).joined(name="Kim") as person:
        yield person


@pytest.fixture(scope="module", autouse=True)
def mute(day: Samsyn, kim: Person) -> Iterator[Future[tuple[bytes, float]]]:
    """A browser that went to sleep: it opened a socket and answers nothing any more, no ping either.

    What it was sent until it was hung up on, and after how many seconds; who listens is a thread, as the tests of this file take longer.
    """
    parts = urlsplit(day.day)
    with socket.create_connection((parts.hostname, parts.port), timeout=PINGS_S) as asleep:
        cookie = "; ".join(f"{name}={value}" for name, value in kim.http.cookies.items())
        lines = [
            f"GET {parts.path}/socket HTTP/1.1",
            f"Host: {parts.netloc}",
            f"Origin: {day.url}",
            f"Cookie: {cookie}",
            "Upgrade: websocket",
        ]
        lines += ["Connection: Upgrade", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version: 13", "", ""]
        asleep.sendall("\r\n".join(lines).encode())
        with ThreadPoolExecutor(1) as ears:
            yield ears.submit(_hung_up, asleep, time.monotonic())


def _hung_up(asleep: socket.socket, since: float) -> tuple[bytes, float]:
    heard = b""
    while more := asleep.recv(65_536):
        heard += more
    return heard, time.monotonic() - since


def at(path: str, places: dict[str, Any]) -> str:
    """An address with its places filled in."""
    return NAME.sub(lambda found: quote(str(places[found[1]]), safe=""), path)


def sample(kind: WishKind, poll: str) -> dict[str, Any]:
    """Arguments that fit a wish."""
    fitting = {
        "poll": poll,
        "title": "T",
        "kind": "yesno",
        "to": "everyone",
        "seconds": 60,
        "person": "x",
        "survey": "u-deltagare",
        "source": "slate",
    }
    return {field.name: fitting.get(field.name, "x") for field in msgspec.structs.fields(kind.model) if field.required}


def changeable(olga: Person) -> list[Any]:
    """What wishes of staff would change. Not the place in the log: films are packed meanwhile."""
    state = olga.state()
    return [state[key] for key in ("day", "polls", "now", "lane", "rooms", "surveys")]


def posted(who: Person, address: str, fields: dict[str, Any]) -> httpx2.Response:
    """The answer to a form, asked for again as long as the table has more wishes than a person may try in a while."""
    for _again in range(60):
        answer = who.http.post(address, data=fields)
        if answer.status_code != 429:
            return answer
        time.sleep(0.5)
    raise AssertionError("the limit did not pass")


def test_a_participant_is_refused_every_wish_of_staff_by_http(olga: Person, kim: Person) -> None:
    """AUTH-01, over the whole table."""
    poll, before = a_poll(olga), changeable(olga)
    answers = {kind.name: kim.answer(kind.name, sample(kind, poll)) for kind in STAFFS}
    assert {name: answer["error"]["code"] for name, answer in answers.items()} == {kind.name: "role.missing" for kind in STAFFS}
    assert changeable(olga) == before


def test_a_participant_is_refused_every_wish_of_staff_by_form(day: Samsyn, olga: Person, kim: Person) -> None:
    """AUTH-01: the way without scripts."""
    poll, before = a_poll(olga), changeable(olga)
    answers = {kind.name: posted(kim, f"{day.day}/do/{kind.name}", {"wish": f"f-{kind.name}", **sample(kind, poll)}) for kind in STAFFS}
    assert {name: (answer.status_code, answer.json()["code"]) for name, answer in answers.items()} == {
        kind.name: (403, "role.missing") for kind in STAFFS
    }
    assert changeable(olga) == before


async def test_a_participant_is_refused_every_wish_of_staff_by_socket(day: Samsyn, olga: Person) -> None:
    """AUTH-01: the other way in."""
    poll, before = a_poll(olga), changeable(olga)
    async with Door(day.url) as door, asyncio.TaskGroup() as life:
        client = Client(door)
        await client.join(str(day.told["join_code"]))
        life.create_task(client.stay())
        answers = {kind.name: await client.ask(kind.name, sample(kind, poll), tries=1) for kind in STAFFS}
        client.leave()
    assert {name: answer.code for name, answer in answers.items()} == {kind.name: "role.missing" for kind in STAFFS}
    assert changeable(olga) == before


def test_nobody_touches_what_another_has_said_or_speaks_in_anothers_name(olga: Person, kim: Person) -> None:
    """AUTH-06."""
    message = olga.ask("chat.say", {"text": "Välkomna"})["data"]["message"]
    codes = [
        kim.answer("chat.edit", {"message": message, "text": "Gå hem"})["error"]["code"],
        kim.answer("chat.remove", {"message": message})["error"]["code"],
        kim.answer("chat.say", {"text": "Hej", "by": olga.state()["you"]["person"]})["error"]["code"],
        kim.answer("streaming.caption", {"lane": "national", "text": "Hej", "final": True})["error"]["code"],
    ]
    assert codes == ["role.missing", "role.missing", "wire.wrong_args", "role.missing"]
    assert next(one for one in kim.state()["chat"] if one["message"] == message)["text"] == "Välkomna"


@pytest.mark.parametrize("path", PAGES)
def test_odd_words_in_every_address_are_nothing_special(day: Samsyn, olga: Person, kim: Person, path: str) -> None:
    """INJ-03, G1, G4: in the path and in the query, as somebody who has joined and as staff."""
    known = {"day": day.told["day"], "code": day.told["join_code"], "lane": "national"}
    for word in ODD:
        for places in (known, {}):
            filled = at(path, {name: places.get(name, word) for name in NAME.findall(path)})
            for person in (kim, olga):
                params = {"lane": word, "epoch": word, "since": word, "before": word, "sort": word, "filter[]": word, "links": ""}
                answer = person.http.get(filled, params=params, follow_redirects=False)
                assert answer.status_code < 500, (filled, answer.text)
                if answer.status_code >= 400:
                    nothing_told(answer.text.replace("/static/", ""))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_what_a_browser_may_do_with_it(day: Samsyn, olga: Person, path: str) -> None:
    """XSS-04."""
    filled = at(path, {name: day.told["day"] if name == "day" else "x" for name in NAME.findall(path)})
    answer = olga.http.get(filled, headers={"Accept": "text/html"})
    policy = dict(part.partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split("; "))
    framed_by = "'self'" if path.endswith("/embed") else "'none'"  # that page alone is made for frames, of those sites that a setting names
    assert (policy["default-src"], policy["object-src"], policy["base-uri"]) == ("'none'",) * 3
    assert policy["frame-ancestors"] == framed_by
    assert (policy["script-src"], policy["style-src"]) == ("'self'", "'self'")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("ranges", [",".join(f"{n}-{n}" for n in range(0, 10_000, 2)), "-0", "9-1", "18446744073709551616-", "0-", "x"])
def test_a_range_of_any_kind_is_answered(day: Samsyn, kim: Person, ranges: str) -> None:
    """HTTP-06."""
    listed = f"{day.day}/lanes/national/live.m3u8"
    newest = [line for line in kim.http.get(listed).text.splitlines() if line and not line.startswith("#")][-1]
    for address in (listed, str(kim.http.build_request("GET", listed).url.join(newest))):
        answer = kim.http.get(address, headers={"Range": f"bytes={ranges}"})
        assert answer.status_code in {200, 206, 416, 431}


@pytest.mark.parametrize(
    "place",
    [
        "lanes/national/../../../../etc/passwd",
        "lanes/%2e%2e/%2e%2e/secrets/media",
        "lanes/national/..%2f..%2fsamsyn.db",
        "lanes/national/..%5c..%5cx",
        "lanes/national/%00",
        "lanes/national//etc/passwd",
        "media/..%2f..%2fsecrets/media",
        "media/films/..%2f..%2f..%2fsamsyn.db",
        "media/../init.mp4",
        "library/..%2f..%2f..%2fsecrets%2fmedia",
        "library/%2e%2e",
        "lanes/national~x/index.m3u8",
        "lanes/other/index.m3u8",
    ],
)
async def test_nothing_but_what_is_listed_is_served(day: Samsyn, place: str) -> None:
    """HTTP-07, as it is written, which clients tidy up before they send it."""
    parts = urlsplit(day.day)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(f"GET {parts.path}/{place} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.split(b" ")[1] in {b"403", b"404"}
    nothing_told(answer.split(b"\r\n\r\n", 1)[1].decode())


def test_who_answers_no_ping_is_hung_up_on(mute: Future[tuple[bytes, float]]) -> None:
    """WS-13: within a minute, most of which the other tests of this file have taken."""
    heard, after_s = mute.result()
    assert heard.startswith(b"HTTP/1.1 101 ")
    assert b"\x89" in heard
    assert after_s < PINGS_S
