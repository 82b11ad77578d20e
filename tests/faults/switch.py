"""What stands before several servers: a balancer on one port, which can also break the way back."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress


class Switch:
    """Hands connections to servers in turn, and passes by those that take none.

    Attributes:
        mute: whatever a server says goes nowhere, as when half of a line is dead.
    """

    def __init__(self, ports: Sequence[int]) -> None:
        self._turn = itertools.count()
        self._ports = list(ports)
        self._open: set[asyncio.StreamWriter] = set()
        self.mute = False

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, to its end."""
        writers = [writer]
        self._open.add(writer)
        try:
            if there := await self._server():
                writers.append(there[1])
                await asyncio.gather(self._pump(reader, there[1]), self._pump(there[0], writer, back=True))
        finally:
            self._open.discard(writer)
            for one in writers:
                one.transport.abort()
                with suppress(OSError):
                    await one.wait_closed()

    async def _server(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        first = next(self._turn)
        for n in range(len(self._ports)):
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", self._ports[(first + n) % len(self._ports)])
        return None

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, back: bool = False) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                if not (back and self.mute):
                    target.write(data)
                    await target.drain()
        target.close()  # the other way ends with it

    def cut(self) -> None:
        """Tear all that is open."""
        for writer in self._open:
            writer.transport.abort()


@asynccontextmanager
async def switch(port: int, servers: Sequence[int]) -> AsyncIterator[Switch]:
    """A switch that listens on *port* until the end of the block."""
    one = Switch(servers)
    tasks: set[asyncio.Task[None]] = set()

    def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(one.take(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(taken, "127.0.0.1", port, backlog=1024)
    try:
        yield one
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
