from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from tests.web.crowd.company import until
from web.crowd import line as line_room
from web.crowd.line import End, Line


@dataclass
class Ear:
    """Whoever listens."""

    texts: list[str] = field(default_factory=list)
    opened_times: int = 0
    ended_times: int = 0

    def opened(self) -> None:
        self.opened_times += 1

    def heard(self, payload: bytes) -> None:
        self.texts.append(payload.decode())

    def ended(self) -> None:
        self.ended_times += 1


class Server(asyncio.Protocol):
    """Takes a line, says something, and then does nothing that it need not do.

    Args:
        speak: what it says on the new line.
        deaf: answers no ping and no goodbye.
    """

    def __init__(self, speak: Callable[[ServerProtocol], None], *, deaf: bool, heard: list[bytes]) -> None:
        self.ws, self.speak, self.deaf, self.heard = ServerProtocol(), speak, deaf, heard
        self.taken = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if self.taken and self.deaf:
            return
        self.ws.receive_data(data)
        for event in self.ws.events_received():
            if isinstance(event, Request):
                self.taken = True
                self.ws.send_response(self.ws.accept(event))
                self.speak(self.ws)
            elif isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                self.heard.append(bytes(event.data))
        for out in self.ws.data_to_send():
            if out:
                self.transport.write(out)
            else:
                self.transport.close()


def nothing(_ws: ServerProtocol) -> None:
    """Say nothing."""


@asynccontextmanager
async def a_line(speak: Callable[[ServerProtocol], None] = nothing, *, deaf: bool = False) -> AsyncIterator[tuple[Line, Ear, list[bytes]]]:
    loop, ear, heard = asyncio.get_running_loop(), Ear(), list[bytes]()
    server = await loop.create_server(lambda: Server(speak, deaf=deaf, heard=heard), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    line = Line(f"ws://127.0.0.1:{port}/socket", {"Origin": f"http://127.0.0.1:{port}"}, ear)
    await loop.create_connection(lambda: line, "127.0.0.1", port)
    try:
        yield line, ear, heard
    finally:
        line.drop()
        server.close()
        await server.wait_closed()


async def test_a_text_in_pieces_is_heard_as_one() -> None:
    def speak(ws: ServerProtocol) -> None:
        ws.send_text(b"He", fin=False)
        ws.send_continuation(b"j p\xc3", fin=False)
        ws.send_continuation(b"\xa5 er", fin=True)
        ws.send_close(4000, "slow")

    async with a_line(speak) as (line, ear, _):
        assert await asyncio.wait_for(line.end(), 5) == End(4000, "slow")
        assert (ear.texts, ear.opened_times, ear.ended_times) == (["Hej på er"], 1, 1)


async def test_what_is_sent_arrives_and_after_the_end_goes_nowhere() -> None:
    async with a_line() as (line, ear, heard):
        await until(lambda: ear.opened_times)
        line.send(b"Hej")
        line.close()
        line.send(b"too late")

        assert (await asyncio.wait_for(line.end(), 5)).code == 1000
        assert heard == [b"Hej"]


async def test_bytes_are_not_of_the_protocol() -> None:
    async with a_line(lambda ws: ws.send_binary(b"\x00")) as (line, ear, _):
        assert await asyncio.wait_for(line.end(), 5) == End(1006, "1003 by us: ")
        assert ear.texts == []


async def test_a_frame_that_is_too_large_ends_the_line() -> None:
    async with a_line(lambda ws: ws.send_text(b"x" * (64 * 1024 + 1))) as (line, ear, _):
        end = await asyncio.wait_for(line.end(), 5)
        assert (end.code, end.reason[:10]) == (1006, "1009 by us")
        assert ear.texts == []


async def test_a_server_that_answers_nothing_any_more_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_room, "SILENCE_S", 0.05)
    async with a_line(deaf=True) as (line, ear, _):
        assert (await asyncio.wait_for(line.end(), 5)).code == 1006
        assert (ear.opened_times, ear.ended_times) == (1, 1)


async def test_a_server_that_answers_pings_is_not_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_room, "SILENCE_S", 0.05)
    async with a_line() as (line, ear, _):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(line.end(), 0.5)
        assert ear.ended_times == 0


async def test_a_server_that_does_not_hang_up_after_a_goodbye_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_room, "HANG_UP_S", 0.05)
    async with a_line(deaf=True) as (line, ear, _):
        await until(lambda: ear.opened_times)
        line.close()

        assert (await asyncio.wait_for(line.end(), 5)).code == 1006


async def test_of_a_line_that_was_dropped_nothing_more_is_heard() -> None:
    async with a_line() as (line, ear, _):
        line.drop()
        line.drop()
        await asyncio.sleep(0.05)

        assert ear.ended_times == 0
