"""The server: uvicorn, set up for thousands of sockets, that starts with one line and stops without losing anybody."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp

from web import wire
from web.connection import PatientHttp
from web.fanout import LiveProtocol
from web.floor import Floor
from web.settings import Settings
from web.wire import Close, Frame

BACKLOG: Final = 4096  # 10,000 who come back at once
PING_S: Final = 20.0  # routers drop a silent link after a minute
PONG_S: Final = 20.0
KEEP_ALIVE_S: Final = 15
GRACE_S: Final = 10  # for requests under way when the server stops; then they are cut
ANSWERS_S: Final = 5.0  # for wishes under way
DRAIN_MS: Final = 10_000  # over which browsers spread their coming back
COLLECT: Final = (50_000, 50, 1000)  # with 9,000 connections a full collection stops the loop for 150 ms, by default at every few seconds


class CannotListen(Exception):
    """The address is taken, or not ours; the text says which."""


def listen(host: str, port: int) -> socket.socket:
    """Take the address now, so that a taken one is found out before anything is started.

    Raises:
        CannotListen: with the reason in one line.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        raise CannotListen(f"cannot listen on {host} port {port}: {getattr(error, 'strerror', None) or error}") from None
    # What it accepts inherits this. asyncio sets it by itself only on sockets that it has made: each answer would wait 40 ms.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def config_of(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """Uvicorn's settings."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="asyncio",
        http=PatientHttp,
        ws=LiveProtocol,
        lifespan="on",
        ws_max_size=wire.SERVER_MOST_BYTES,
        ws_ping_interval=PING_S,
        ws_ping_timeout=PONG_S,
        ws_per_message_deflate=False,
        log_config=None,
        access_log=False,
        proxy_headers=False,  # `web.origins` reads them, for sockets too
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
    )


class Server(uvicorn.Server):
    """Says when it answers, and drains before it stops.

    Args:
        started: called once requests are answered.
    """

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tidy up after it for good."""
        await super().startup(sockets)
        if self.started:
            gc.collect()
            gc.freeze()
            gc.set_threshold(*COLLECT)
            self._started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let go of the browsers first, then stop."""
        floor: Floor | None = self.lifespan.state.get("floor")
        if floor is not None:
            await drain(floor)
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """To be told to stop is no accident: the process ends with 0, not by the signal."""
        with super().capture_signals():
            yield
            self._captured_signals.clear()


async def drain(floor: Floor) -> None:
    """Take nobody new, answer what was asked, and send the browsers away so that they do not all come back at once."""
    floor.draining = True
    for let_go in floor.farewells:
        let_go()
    farewell = Frame.of(wire.drain(DRAIN_MS))
    for browser in floor.browsers:
        browser.line.push(farewell)
    with suppress(TimeoutError):
        async with asyncio.timeout(ANSWERS_S):
            while floor.errands.named("wish"):  # noqa: ASYNC110  # for a moment, at the very end
                await asyncio.sleep(0.02)
    for browser in floor.browsers:
        browser.line.close(Close.DRAIN, "drain")


def serve(app: ASGIApp, settings: Settings, listening: socket.socket, started: Callable[[], None]) -> None:
    """Serve until told to stop.

    Raises:
        SystemExit: the house could not be opened; it is in the log.
    """
    server = Server(config_of(app, settings), started)
    runner: Any = asyncio.Runner()
    with runner:
        runner.run(server.serve(sockets=[listening]))
