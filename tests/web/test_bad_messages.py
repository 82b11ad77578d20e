"""Bad input by socket: WS-*, with somebody healthy beside it."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from conference.core.actor import Actor
from tests.web import rawsocket
from tests.web.bystander import SOON_S, bystander, nothing_told
from tests.web.floor import DAY
from tests.web.houses import Served, closing, heard, serving, until, wish
from web import fanout, server
from web.wire import SERVER_MOST_BYTES


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Served]:
    async with serving(tmp_path) as served:
        yield served


@pytest.mark.parametrize(
    ("raw", "code", "closes"),
    [
        ("not json", "wire.unreadable", False),  # WS-17
        ("7", "wire.unreadable", False),
        ('"text"', "wire.unreadable", False),
        ("[]", "wire.unreadable", False),
        ("", "wire.unreadable", False),
        ("{}", "wire.unreadable", False),
        ('{"do":"board.say","args":{}}', "wire.unreadable", False),
        ('{"id":"x","do":"polls.destroy","args":{}}', "wire.unknown_wish", False),
        ('{"id":"x","do":"board.say","args":{"text":1}}', "wire.wrong_args", False),
        ('{"id":"x","do":"board.say","args":{}}', "wire.wrong_args", False),
        ('{"id":"x","do":"board.say","args":{"text":"a","voter_id":"kim"}}', "wire.wrong_args", False),  # VOTE-03
        ('{"id":"x","do":"board.say","args":{"text":"a"},"person":"kim"}', "wire.unreadable", False),
        ('{"id":"x","do":"board.rule","args":{"text":"a"}}', "role.missing", False),  # AUTH-01
        ('{"id":"x","do":"board.say","do":"board.rule","args":{"text":"a"}}', "wire.unreadable", False),  # WS-19
        ('{"id":"x","do":"board.say","args":{"text":"\\ud800"}}', "wire.unreadable", False),  # WS-21
        ("[" * 8000, "wire.unreadable", False),  # WS-18
        ('{"id":"x","do":"board.say","args":{"text":"%s"}}' % ("a" * 9000), "wire.too_large", False),
    ],
)  # fmt: skip
async def test_a_bad_wish_is_refused_and_the_socket_stays(
    day: Served, caplog: pytest.LogCaptureFixture, raw: str, code: str, closes: bool
) -> None:
    async with bystander(day, caplog), day.socket(await day.sign_in()) as ws:
        await heard(ws)
        await ws.send(raw)
        answer = await heard(ws)
        assert (answer["ok"], answer["error"]["code"]) == (False, code)
        assert answer["re"] == (
            "x" if '"x"' in raw and code != "wire.too_large" and raw.count('"do"') == 1 and "ud800" not in raw else answer["re"]
        )
        nothing_told(answer["error"]["text"])
        await ws.send('{"id":"y","do":"board.say","args":{"text":"no"}}')
        assert (await until(ws, re="y"))["error"] == {"code": "text.empty", "text": "Nej."}


async def test_nul_is_cleaned_away(day: Served) -> None:
    async with day.socket(await day.sign_in()) as ws:
        await heard(ws)
        await ws.send('{"id":"x","do":"board.say","args":{"text":"a\\u0000b\\u202e"}}')
        assert (await until(ws, re="x"))["data"] == {"said": "ab"}


async def test_a_mistake_of_ours_is_one_calm_sentence_and_is_logged_whole(day: Served, caplog: pytest.LogCaptureFixture) -> None:
    async with day.socket(await day.sign_in()) as ws:
        await heard(ws)
        await ws.send('{"id":"x","do":"board.break","args":{"text":"inside"}}')
        error = (await until(ws, re="x"))["error"]

    assert error["code"] == "server.failed"
    nothing_told(error["text"])
    assert "RuntimeError: inside" in caplog.text


async def test_three_messages_that_are_none_break_the_protocol(day: Served, caplog: pytest.LogCaptureFixture) -> None:
    async with bystander(day, caplog), day.socket(await day.sign_in()) as ws:
        for _ in range(3):
            await ws.send("not json")
        assert await closing(ws) == 4502


@pytest.mark.parametrize(
    ("frame", "codes"),
    [
        (rawsocket.frame(1, b"hi", mask=False), {1002}),  # WS-08
        (rawsocket.frame(1, b"hi", rsv=4), {1002}),
        (rawsocket.frame(3), {1002}),
        (rawsocket.frame(9, b"x" * 126), {1002}),
        (rawsocket.frame(9, b"x", fin=0), {1002}),
        (rawsocket.frame(1, b"\xff\xfe"), {1007}),
        (rawsocket.frame(0, b"x"), {1002}),
        (rawsocket.frame(8, struct.pack("!H", 1005)), {1002}),
        (rawsocket.frame(8, b"x"), {1002}),
        (rawsocket.frame(1, declare=1 << 62), {1009}),  # WS-10
        (rawsocket.frame(1, b"a" * 65_537), {1009}),  # WS-04
        (rawsocket.frame(1, rawsocket.bomb(20), rsv=4), {1002}),  # WS-05: no compression was agreed on
        (rawsocket.frame(2, b"{}"), {1003}),  # WS-07
        (rawsocket.frame(1, b"", fin=0) + rawsocket.frame(0, b"", fin=0) * 100, {1009}),
    ],
)
async def test_a_broken_frame_closes_with_its_code(day: Served, caplog: pytest.LogCaptureFixture, frame: bytes, codes: set[int]) -> None:
    caplog.set_level(logging.INFO)
    cookie = await day.sign_in()
    async with bystander(day, caplog), rawsocket.opened(day.port, f"/days/{DAY}/socket", cookie, day.origin) as (reader, writer):
        writer.write(frame)
        assert await rawsocket.close_code(reader) in codes


async def test_a_flood_is_told_to_wait_and_then_closed(day: Served, caplog: pytest.LogCaptureFixture) -> None:
    """WS-15."""
    async with bystander(day, caplog), day.socket(await day.sign_in()) as ws:
        await heard(ws)
        told: list[int] = []

        async def listen() -> None:
            with suppress(ConnectionClosed):
                while True:
                    error = (await heard(ws)).get("error", {})
                    if error.get("code") == "limit.reached":
                        told.append(error["retry_after_ms"])

        listening = asyncio.create_task(listen())
        for n in range(2000):
            if listening.done():
                break
            await ws.send(wish("board.rule", f"x{n}", text="a"))
            await asyncio.sleep(0.001)
        await listening
        assert ws.close_code == 4502
    assert len(told) > 100
    assert min(told) > 0


async def test_a_ninth_wish_at_once_is_told_to_wait(day: Served) -> None:
    async with day.socket(await day.sign_in()) as ws:
        await heard(ws)
        for n in range(12):
            await ws.send(wish("board.say", f"x{n}", text="a"))
        answers = [await until(ws, re=f"x{n}") for n in (8, 9, 10, 11)]
    assert {answer["error"]["code"] for answer in answers if not answer["ok"]} <= {"limit.reached"}


async def test_a_screen_that_does_not_read_delays_nobody_and_can_come_back(day: Served, caplog: pytest.LogCaptureFixture) -> None:
    """WS-24."""
    cookie = await day.sign_in()
    by = (await day.house.floor.sessions.of(cookie.partition("=")[2])).actor()  # type: ignore[union-attr]  # there is one
    async with day.socket(await day.sign_in("Lo")) as healthy, day.socket(cookie) as stalled:
        await heard(healthy)
        assert stalled.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096) is None
        await heard(stalled)
        stalled.transport.pause_reading()
        got = 0
        for n in range(60):
            async with asyncio.TaskGroup() as many:
                for m in range(10):
                    many.create_task(day.house.board.say(by, f"{n}-{m} " + "x" * 1500))
            async with asyncio.timeout(SOON_S):
                while got < (n + 1) * 10:
                    got = (await heard(healthy)).get("upto", got)
        blocked = [browser for browser in day.house.floor.browsers if browser.line.blocked]
        assert len(blocked) == 1
        transport = blocked[0].line.transport  # type: ignore[attr-defined]  # there is one
        assert transport.get_write_buffer_size() <= SERVER_MOST_BYTES * 2

        stalled.transport.resume_reading()
        upto = 0
        while upto < 600:  # it was too far behind: a fresh state, and then the news again
            frame = await heard(stalled)
            upto = frame["upto"] if "upto" in frame else frame["welcome"]["seq"]
    assert "Traceback" not in caplog.text


async def test_a_screen_that_never_reads_is_let_go(day: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanout, "BLOCKED_MOST_S", 0.3)
    async with rawsocket.opened(day.port, f"/days/{DAY}/socket", await day.sign_in(), day.origin) as (_reader, writer):
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # there is one
        async with asyncio.timeout(20):
            n = 0
            while len(day.house.floor.browsers):
                await day.house.board.say(Actor.house(DAY), f"{n} " + "x" * 6_000)
                n += 1
    assert n > 10


async def test_a_screen_that_answers_no_ping_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """WS-13."""
    monkeypatch.setattr(server, "PING_S", 0.3)
    monkeypatch.setattr(server, "PONG_S", 0.3)
    path = f"/days/{DAY}/socket"
    async with serving(tmp_path) as day, rawsocket.opened(day.port, path, await day.sign_in(), day.origin) as (reader, _writer):
        assert await rawsocket.close_code(reader) == 4002
        assert len(day.house.floor.browsers) == 0
