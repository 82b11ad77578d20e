"""Bad input by HTTP: HTTP-*, AUTH-*, XSS-04, with somebody healthy beside it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.bystander import bystander, nothing_told
from tests.web.floor import DAY
from tests.web.houses import CODE, ROUTES, Served, admitted, serving
from web.address import Address
from web.connection import HEAD_S
from web.guard import SAFE


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Served]:
    async with serving(tmp_path) as served:
        yield served


CHANGES = [
    (method, route.path) for route in ROUTES if isinstance(route, Address) for method in sorted(route.methods or ()) if method not in SAFE
]
FILLED = {"day": DAY, "do": "board.say", "token": "x" * 32, "code": CODE}


def filled(path: str) -> str:
    return re.sub(r"{(\w+)}", lambda found: FILLED[found[1]], path)


def test_there_are_changes_to_guard() -> None:
    assert len(CHANGES) >= 6


@pytest.mark.parametrize(("method", "path"), CHANGES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "OWN", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example", "Content-Type": "text/plain"},
        {"Authorization": "Bearer x", "Origin": "https://evil.example"},
    ],
)
async def test_no_foreign_page_changes_anything(day: Served, method: str, path: str, headers: dict[str, str]) -> None:
    """AUTH-12, over the whole route table."""
    async with day.http(await day.sign_in()) as http:
        del http.headers["Origin"]
        told = {name: day.origin if value == "OWN" else value for name, value in headers.items()}
        answer = await http.request(method, filled(path), headers=told, content=b"{}")

    assert (answer.status_code, answer.json()["code"]) == (403, "request.foreign")


@pytest.mark.parametrize(("method", "path"), [change for change in CHANGES if change[1] != "/join"])
async def test_a_change_must_say_where_it_comes_from(day: Served, method: str, path: str) -> None:
    async with day.http(await day.sign_in()) as http:
        del http.headers["Origin"]
        answer = await http.request(method, filled(path), content=b"{}")

    assert answer.status_code == 403


async def test_joining_alone_may_come_without_a_word(day: Served) -> None:
    async with day.http() as http:
        del http.headers["Origin"]
        assert (await http.post("/join", json={"code": CODE})).status_code == 200


async def test_a_form_of_ours_is_let_through(day: Served) -> None:
    async with day.http(await day.sign_in()) as http:
        del http.headers["Origin"]
        answer = await http.post(f"/days/{DAY}/do/board.say", data={"text": "hej"}, headers={"Sec-Fetch-Site": "same-origin"})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/days/{DAY}/live")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", "", "127.0.0.1.evil.example:80"])
async def test_a_host_that_is_not_ours_is_refused(day: Served, host: str) -> None:
    async with day.http(Host=host) as http:
        assert (await http.get("/")).status_code == 403
        assert (await http.get("/healthz")).status_code == 200


async def test_with_a_base_url_only_its_host_is_ours(tmp_path: Path) -> None:
    async with serving(tmp_path, base_url="https://dagen.example") as day, day.http() as http:
        assert (await http.get("/")).status_code == 403
        ours = {"Host": "dagen.example", "Origin": "https://dagen.example"}
        answer = await http.post("/join", json={"code": CODE}, headers=ours)

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-samsyn_session=")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "max-age=" in answer.headers["Strict-Transport-Security"]
    assert answer.json()["live"] == f"https://dagen.example/days/{DAY}/live"


@pytest.mark.parametrize(
    "path", ["/", "/nowhere", f"/days/{DAY}/state", "/healthz", f"/j/{CODE}", "/j/000000", "/static/x/nothing.js", "/broken"]
)
async def test_every_answer_carries_the_headers(day: Served, path: str) -> None:
    """XSS-04."""
    async with day.http(Accept="text/html") as http:
        answer = await http.get(path)

    csp = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert (csp["default-src"], csp["object-src"], csp["base-uri"], csp["frame-ancestors"]) == ("'none'",) * 4
    assert (csp["script-src"], csp["style-src"], csp["form-action"]) == ("'self'",) * 3
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "server" not in answer.headers


BAD_JSON = [
    b"",
    b"x",
    b"\xff\xfe{\x00}\x00",
    b"\xef\xbb\xbf{}",
    b"[" * 60_000,
    b"9" * 5_000,
    b'{"a":NaN}',
    b'{"a":1,"a":2}',
    b"[]",
    b"7",
    b"\xff",
]


@pytest.mark.parametrize("body", BAD_JSON)
@pytest.mark.parametrize("path", ["/join", f"/days/{DAY}/wishes", "/echo"])
async def test_bad_json_is_400_or_422(day: Served, caplog: pytest.LogCaptureFixture, path: str, body: bytes) -> None:
    """HTTP-02."""
    async with bystander(day, caplog), day.http(await day.sign_in()) as http:
        answer = await admitted(lambda: http.post(path, content=body, headers={"Content-Type": "application/json"}))
        assert answer.status_code in {400, 413, 422}
        told = answer.json()
        if path.endswith("/wishes") and "error" in told:  # answered as on the socket
            assert (answer.headers["Content-Type"], told["ok"]) == ("application/json", False)
            told = told["error"]
        else:
            assert answer.headers["Content-Type"] == "application/problem+json"
        assert told["code"] in {"wire.unreadable", "wire.wrong_args", "wire.too_large"}
        nothing_told(answer.text)


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "", "application/json;charset=utf-8"])
async def test_a_wrong_content_type_is_415(day: Served, kind: str) -> None:
    async with day.http(await day.sign_in()) as http:
        answer = await http.post("/echo", content=b'{"a":1}', headers={"Content-Type": kind})

    assert answer.status_code == (200 if kind.startswith("application/json") else 415)


@pytest.mark.parametrize("path", ["/join", f"/days/{DAY}/wishes", "/echo", f"/days/{DAY}/do/board.say"])
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_large_body_is_413(day: Served, caplog: pytest.LogCaptureFixture, path: str, chunked: bool) -> None:
    """HTTP-01."""

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(320):
            yield b"[" * 65_536

    body: Any = pieces() if chunked else b"[" * (20 << 20)
    async with bystander(day, caplog, files=False), day.http(await day.sign_in()) as http:
        kind = "application/x-www-form-urlencoded" if "/do/" in path else "application/json"
        answer = await http.post(path, content=body, headers={"Content-Type": kind}, timeout=20)
    assert (answer.status_code, answer.json()["code"]) == (413, "wire.too_large")


async def test_two_sizes_are_refused(day: Served) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", day.port)
    host = f"Host: 127.0.0.1:{day.port}\r\nOrigin: {day.origin}\r\nContent-Type: application/json\r\n"
    writer.write(f"POST /echo HTTP/1.1\r\n{host}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".encode())
    assert b" 400 " in await reader.readline()
    writer.close()


async def test_half_a_request_is_not_waited_for(day: Served, caplog: pytest.LogCaptureFixture) -> None:
    """HTTP-03: many that send one byte a second are hung up on, and others notice nothing."""

    async def drip() -> float:
        reader, writer = await asyncio.open_connection("127.0.0.1", day.port)
        start = asyncio.get_running_loop().time()
        for byte in b"GET / HTTP/1.1\r\nX-A: " + b"a" * 100:
            writer.write(bytes([byte]))
            try:
                async with asyncio.timeout(1):
                    if b"408" in await reader.readline():
                        break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        writer.close()
        return asyncio.get_running_loop().time() - start

    async with bystander(day, caplog):
        times = await asyncio.gather(*(drip() for _ in range(50)))
    assert max(times) < HEAD_S + 3


async def test_an_endless_head_is_cut(day: Served) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", day.port)
    writer.write(b"GET / HTTP/1.1\r\n" + b"X-A: " + b"a" * 200_000)
    assert b" 431 " in await reader.readline()
    writer.close()


@pytest.mark.parametrize("query", ["' OR 1=1--", "%00", "name;drop table", "\u2019"])
@pytest.mark.parametrize("path", ["/", f"/days/{DAY}/state", f"/days/{DAY}/live", f"/j/{CODE}"])
async def test_odd_queries_are_nothing_special(day: Served, path: str, query: str) -> None:
    """INJ-03."""
    async with day.http(await day.sign_in()) as http:
        answer = await http.get(path, params={"sort": query, "filter[]": query, "epoch": query, "since": query})

    assert answer.status_code in {200, 400}


OUTSIDE = [
    "/../etc/passwd", "/static/x/%2e%2e/%2e%2e/settings.py", "/static/..%2f..%2fapp.py", "/static/x/..%5capp.py", "/static/%00",
    "//etc/passwd", "/static/x/",
]  # fmt: skip


@pytest.mark.parametrize("path", OUTSIDE)
async def test_nothing_outside_is_served(day: Served, path: str) -> None:
    """HTTP-07."""
    reader, writer = await asyncio.open_connection("127.0.0.1", day.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{day.port}\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    assert answer.split(b" ")[1] in {b"404", b"403", b"400"}
    nothing_told(answer.split(b"\r\n\r\n", 1)[1].decode())


async def test_a_mistake_of_ours_is_a_calm_page_and_is_logged_whole(day: Served, caplog: pytest.LogCaptureFixture) -> None:
    async with day.http(Accept="text/html") as http:
        page = await http.get("/broken")
        problem = await http.get("/broken", headers={"Accept": "application/json"})

    assert (page.status_code, problem.status_code, problem.json()["code"]) == (500, 500, "server.failed")
    assert "Något gick fel hos oss" in page.text
    for answer in (page, problem):
        nothing_told(answer.text.replace("/static/", ""))
    assert "secret of the house" in caplog.text


async def test_a_wrong_method_is_405(day: Served) -> None:
    async with day.http() as http:
        assert (await http.get("/join")).status_code == 405
        assert (await http.post("/healthz")).status_code == 405
