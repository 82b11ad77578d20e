"""Frames that are written straight to descriptors: whole, in order, once, and never to somebody else."""

from __future__ import annotations

import asyncio
import os
import select
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import pytest

from conference.core.faces import Viewer
from tests.web.floor import Phone, Wire, said, shown
from web.cohort import SLICE
from web.hub import TICK_S, Hub
from web.ring import Ring
from web.wire import Frame

KIM = Viewer("kim")


class Plug(asyncio.Protocol):
    """A line that is a real socket, with somebody at its other end."""

    blocked = False
    behind: int | None = None
    upto = 0
    viewer = KIM

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.line = self
        self.descriptor: int | None = None
        self.afresh = 0
        self.other, self.mine = socket.socketpair()
        self.other.setblocking(False)
        self.mine.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)

    async def plug_in(self) -> Plug:
        transport, _ = await asyncio.get_running_loop().connect_accepted_socket(lambda: self, self.mine)
        self.transport = transport
        self.transport.set_write_buffer_limits(high=0)
        self.descriptor = self.mine.fileno()
        return self

    def push(self, frame: Frame) -> None:
        self.transport.write(frame.wire)

    def pause_writing(self) -> None:
        self.blocked = True
        self._hub.blocked(self)

    def resume_writing(self) -> None:
        self.blocked = False
        self._hub.drained(self)

    def connection_lost(self, _error: Exception | None) -> None:
        self._hub.leave(self)

    def start_afresh(self) -> None:
        self.afresh += 1

    def read(self) -> bytes:
        got = b""
        with suppress(BlockingIOError):
            while more := self.other.recv(65_536):
                got += more
        return got


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    hub = Hub(Ring("e1", 0))
    task = asyncio.create_task(hub.run())
    yield hub
    task.cancel()
    await asyncio.wait([task])


@pytest.fixture
async def plug(hub: Hub) -> AsyncIterator[Callable[[], Plug]]:
    plugs: list[Plug] = []

    def make() -> Plug:
        plugs.append(Plug(hub))
        return plugs[-1]

    yield make
    for one in plugs:
        one.transport.abort()
        one.other.close()
    await asyncio.sleep(0)


async def ticks(n: float = 2) -> None:
    await asyncio.sleep(n * TICK_S)


def frame(n: int, text: str | None = None) -> bytes:
    text = text or f"#{n}"
    payload = f'{{"upto":{n},"news":[{{"seq":{n},"type":"board.said","at":"2026-11-23T08:00:00Z","data":{{"text":"{text}"}}}}]}}'
    return Frame.of(payload.encode()).wire


async def test_who_is_in_step_gets_each_frame_whole_and_once(hub: Hub, plug: Callable[[], Plug]) -> None:
    many = [await plug().plug_in() for _ in range(2 * SLICE + 3)]
    for one in many:
        hub.enter(one, 0)

    for n in range(1, 4):
        hub.take(await shown(said(n)))
        await ticks()

    assert {one.read() for one in many} == {frame(1) + frame(2) + frame(3)}


async def test_a_line_that_fills_in_the_middle_of_a_frame_loses_and_doubles_nothing(hub: Hub, plug: Callable[[], Plug]) -> None:
    slow, quick = await plug().plug_in(), await plug().plug_in()
    for one in (slow, quick):
        hub.enter(one, 0)
    texts = [str(n) * 6_000 for n in range(1, 10)]

    got = b""
    for n, text in enumerate(texts, 1):
        hub.take(await shown(said(n, text)))
        await ticks()
        got += quick.read()
    assert slow.blocked
    assert slow.behind is not None
    heard = b""
    while slow.blocked or slow.behind is not None:
        heard += slow.read()
        await asyncio.sleep(0.001)
    heard += slow.read()

    assert got == b"".join(frame(n, text) for n, text in enumerate(texts, 1))
    assert [heard.count(f'"seq":{n},'.encode()) for n in range(1, 10)] == [1] * 9
    assert all(heard.count(text.encode()) == 1 for text in texts)
    assert slow.afresh == 0

    hub.take(await shown(said(10)))
    await ticks()
    assert slow.read() == quick.read() == frame(10)


async def test_what_waits_in_a_line_is_never_overtaken(hub: Hub, plug: Callable[[], Plug]) -> None:
    one = await plug().plug_in()
    hub.enter(one, 0)
    hub.take(await shown(said(1)))
    await ticks()
    answer = Frame.of(b"a" * 60_000)

    one.push(answer)
    hub.take(await shown(said(2)))
    await ticks()
    heard = b""
    while one.blocked or one.behind is not None:
        heard += one.read()
        await asyncio.sleep(0.001)
    heard += one.read()

    assert heard == frame(1) + answer.wire + frame(2)


async def test_a_descriptor_that_becomes_another_s_while_a_frame_goes_out_is_not_written_to(hub: Hub, plug: Callable[[], Plug]) -> None:
    many = [await plug().plug_in() for _ in range(4 * SLICE + 1)]
    for one in many:
        hub.enter(one, 0)
    hub.take(await shown(said(1)))
    await ticks()
    last = many[-1]
    assert last.descriptor

    hub.take(await shown(said(2)))
    while not _readable(many[0], frame(1) + frame(2)):
        await asyncio.sleep(0)
    last.transport.abort()
    while hub.screens[-1:] == [last] or len(hub) > 4 * SLICE:
        await asyncio.sleep(0)
    stranger, other = socket.socketpair()
    if stranger.fileno() != last.descriptor:
        os.dup2(stranger.fileno(), last.descriptor)
        stranger.close()
        stranger = socket.socket(fileno=last.descriptor)
    await ticks()

    other.setblocking(False)
    with pytest.raises(BlockingIOError):
        other.recv(1)
    stranger.close()
    other.close()


def _readable(one: Plug, whole: bytes) -> bool:
    return one.other.recv(len(whole) + 1, socket.MSG_PEEK) == whole


async def test_who_falls_out_of_step_before_its_turn_is_asked_afterwards(hub: Hub) -> None:
    """One that is moved while a frame goes out to the others hears it, once."""
    reader, writer = os.pipe()
    descriptors = [os.dup(writer) for _ in range(SLICE + 1)]
    many = [Phone(KIM, Wire(descriptor=descriptor)) for descriptor in descriptors]
    for one in many:
        hub.enter(one, 0)
    hub.take(await shown(said(1)))
    await ticks()
    os.read(reader, 65_536)

    hub.take(await shown(said(2)))
    while not _has(reader):
        await asyncio.sleep(0)
    hub.blocked(many[-1])
    await ticks()

    assert os.read(reader, 65_536) == frame(2) * SLICE
    assert [sent.wire for sent in many[-1].line.sent] == [frame(2)]
    for descriptor in (reader, writer, *descriptors):
        os.close(descriptor)


def _has(reader: int) -> bool:
    return bool(select.select([reader], [], [], 0)[0])


async def test_a_screen_that_is_ahead_of_the_news_is_not_told_them_again(hub: Hub, plug: Callable[[], Plug]) -> None:
    ahead = await plug().plug_in()
    hub.enter(ahead, 2)

    hub.take(await shown(said(1), said(2)))
    await ticks()
    hub.take(await shown(said(3)))
    await ticks()

    assert ahead.read() == frame(3)
