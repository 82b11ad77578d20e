"""The reserve ways: server-sent events, and the socket through ASGI."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from tests.web import houses
from tests.web.floor import DAY
from tests.web.houses import CODE, ROUTES, Served, serving
from web import streams
from web.app import Frontage, make_app
from web.origins import Origins
from web.settings import Settings
from web.streams import BUFFER_MOST_BYTES, HIGH_WATER_BYTES, QueueLine
from web.wire import Close, Frame


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Served]:
    async with serving(tmp_path) as served:
        yield served


@asynccontextmanager
async def events(day: Served, cookie: str, query: str = "", **headers: str) -> AsyncIterator[Any]:
    """An iterator over (id, data) of the stream."""
    async with day.http(cookie, **headers) as http, http.stream("GET", f"/days/{DAY}/news{query}", timeout=10) as answer:
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/event-stream; charset=utf-8")

        async def read() -> AsyncIterator[tuple[str, Any]]:
            one: dict[str, str] = {}
            async for line in answer.aiter_lines():
                name, _colon, value = line.partition(": ")
                if line == "" and "data" in one:
                    yield one.get("event") or one.get("id", ""), msgspec.json.decode(one["data"])
                one = {} if line == "" else {**one, name: value}

        yield read()


async def test_a_stream_carries_the_frames_of_the_socket(day: Served) -> None:
    cookie = await day.sign_in()
    async with events(day, cookie) as heard, day.http(cookie) as http:
        place, frame = await anext(heard)
        assert place == "e1:0"
        assert "state" in frame["welcome"]
        answer = await http.post(f"/days/{DAY}/wishes", json={"id": "a", "do": "board.say", "args": {"text": "hej"}})
        assert answer.json() == {"re": "a", "ok": True, "seq": 1, "data": {"said": "hej"}}
        place, frame = await anext(heard)
        assert (place, frame["upto"], frame["news"][0]["data"]["text"]) == ("e1:1", 1, "hej")


@pytest.mark.parametrize("how", ["header", "query"])
async def test_a_stream_goes_on_from_where_it_was(day: Served, how: str) -> None:
    cookie = await day.sign_in()
    async with day.http(cookie) as http:
        for n in range(3):
            await http.post(f"/days/{DAY}/wishes", json={"id": f"a{n}", "do": "board.say", "args": {"text": str(n)}})
    headers = {"Last-Event-ID": "e1:1"} if how == "header" else {}
    async with events(day, cookie, "" if how == "header" else "?epoch=e1&since=1", **headers) as heard:
        assert await anext(heard) == ("e1:1", {"welcome": {"epoch": "e1", "seq": 1, "recovered": True}})
        place, frame = await anext(heard)
        assert (place, [item["seq"] for item in frame["news"]]) == ("e1:3", [2, 3])


async def test_a_stream_says_when_it_is_over_for_good(day: Served) -> None:
    cookie = await day.sign_in()
    async with events(day, cookie) as heard, day.http(cookie) as http:
        await anext(heard)
        await http.post(f"/days/{DAY}/wishes", json={"id": "a", "do": "people.leave"})
        assert [one async for one in heard][-1] == ("closed", 4500)


async def test_a_stream_that_is_cut_is_forgotten(day: Served) -> None:
    async with events(day, await day.sign_in()) as heard:
        await anext(heard)
        assert len(day.house.floor.browsers) == 1
    await asyncio.sleep(0.2)
    assert len(day.house.floor.browsers) == 0


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"id": "a", "do": "board.say", "args": {"text": "no"}}, 422, "text.empty"),
        ({"id": "a", "do": "board.say", "args": {}}, 422, "wire.wrong_args"),
        ({"id": "a", "do": "board.rule", "args": {"text": "x"}}, 403, "role.missing"),
        ({"id": "a", "do": "no.such", "args": {}}, 404, "wire.unknown_wish"),
    ],
)
async def test_a_refused_wish_has_its_status(day: Served, body: dict[str, object], status: int, code: str) -> None:
    async with day.http(await day.sign_in()) as http:
        answer = await http.post(f"/days/{DAY}/wishes", json=body)

    assert (answer.status_code, answer.json()["error"]["code"], answer.json()["re"]) == (status, code, "a")


async def test_wishes_are_limited_with_a_time_to_come_back(day: Served) -> None:
    async with day.http(await day.sign_in()) as http:
        path, args = f"/days/{DAY}/wishes", {"do": "board.say", "args": {"text": "no"}}
        answers = await asyncio.gather(*(http.post(path, json={"id": f"a{n}", **args}, timeout=30) for n in range(250)))
        answer = next(answer for answer in answers if answer.status_code == 429)

    assert answer.json()["error"]["code"] == "limit.reached"
    assert answer.json()["error"]["retry_after_ms"] > 0
    assert int(answer.headers["Retry-After"]) >= 1


def client(folder: Path) -> TestClient:
    settings = Settings(data_dir=folder, database_url=f"sqlite+aiosqlite:///{folder / 'day.db'}")  # type: ignore[call-arg]
    asyncio.run(houses.seed(settings.database))
    front = Frontage(Origins(None))
    return TestClient(make_app(front, ROUTES, lambda: houses.open_small(settings, front)), headers={"Origin": "http://testserver"})


def test_the_socket_through_asgi_does_the_same(tmp_path: Path) -> None:
    with client(tmp_path) as http:
        http.post("/join", json={"code": CODE})
        with http.websocket_connect(f"/days/{DAY}/socket") as ws:
            assert "state" in ws.receive_json()["welcome"]
            ws.send_text('{"id":"a","do":"board.say","args":{"text":"hej"}}')
            got = [ws.receive_json(), ws.receive_json()]
            assert {"re": "a", "ok": True, "seq": 1, "data": {"said": "hej"}} in got
            ws.send_bytes(b"{}")
            with pytest.raises(WebSocketDisconnect) as closed:
                ws.receive_json()
        assert closed.value.code == 1003
        with http.websocket_connect(f"/days/{DAY}/socket?epoch=e1&since=0") as ws:
            assert ws.receive_json() == {"welcome": {"epoch": "e1", "seq": 0, "recovered": True}}
            assert ws.receive_json()["upto"] == 1


def test_the_socket_through_asgi_is_refused_alike(tmp_path: Path) -> None:
    with client(tmp_path) as http:
        for headers, status in (({}, 401), ({"Origin": "https://evil.example"}, 403)):
            with pytest.raises(WebSocketDenialResponse) as refused, http.websocket_connect(f"/days/{DAY}/socket", headers=headers):
                pass
            assert refused.value.status_code == status


async def test_a_full_queue_is_passed_over_and_then_cut() -> None:
    line, frame = QueueLine(), Frame.of(b"x" * 10_000)
    drained: list[bool] = []
    line.on_drained = lambda: drained.append(True)
    for _ in range(HIGH_WATER_BYTES // 10_000 + 1):
        line.push(frame)
    assert line.blocked

    reading = line.payloads(0.05)
    while await anext(reading) is not None:
        pass
    assert (line.blocked, drained) == (False, [True])

    for _ in range(BUFFER_MOST_BYTES // 10_000 + 1):
        line.push(frame)
    assert line.closed is Close.SLOW
    assert [one async for one in reading] == []


async def test_to_ask_whether_there_is_a_stream_opens_none(day: Served) -> None:
    cookie = await day.sign_in()
    async with asyncio.timeout(5), day.http(cookie) as http:
        answer = await http.head(f"/days/{DAY}/news")
        assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (200, "text/event-stream")
        assert len(day.house.floor.browsers) == 0
        assert (await http.head(f"/days/{DAY}/state")).status_code == 200
    async with day.http() as http:
        assert (await http.head(f"/days/{DAY}/news")).status_code == 401


async def test_a_socket_that_takes_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "BLOCKED_MOST_S", 0.05)
    gone = asyncio.Event()

    async def receive() -> Any:
        await gone.wait()

    async def send(message: Any) -> None:
        if message["type"] == "websocket.send":
            await asyncio.Event().wait()  # as when the other side does not read

    socket = WebSocket({"type": "websocket"}, receive, send)
    socket.client_state = socket.application_state = WebSocketState.CONNECTED
    line, browser = QueueLine(), Nobody()
    line.push(Frame.of(b"{}"))

    async with asyncio.timeout(5):
        await streams.by_socket(socket, line, browser)  # type: ignore[arg-type]  # nobody asks for anything

    assert browser.was_lost


class Nobody:
    was_lost = False

    def lost(self) -> None:
        self.was_lost = True


async def test_browsers_are_counted_without_being_counted_through(day: Served) -> None:
    first, second = await day.sign_in(), await day.sign_in()
    browsers = day.house.floor.browsers
    async with day.socket(first) as one, day.socket(first) as two, day.socket(second) as three:
        for ws in (one, two, three):
            await ws.recv()
        assert (len(browsers), len(list(browsers))) == (3, 3)
        some = next(iter(browsers))
        browsers.discard(some)
        browsers.discard(some)
        browsers.add(some)
        browsers.add(some)
        assert (len(browsers), len(list(browsers))) == (3, 3)
    async with asyncio.timeout(5):
        while len(browsers):
            await asyncio.sleep(0.02)
    assert list(browsers) == []
