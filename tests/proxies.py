"""Networks that do not like sockets: proxies as some hospitals have them, in a thread of their own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Proxy:
    """Passes everything on, but for sockets.

    Args:
        swallows: lets the handshake pass and nothing after it; else it answers a handshake with 403.
    """

    def __init__(self, port: int, target: int, *, swallows: bool) -> None:
        self.port, self.target, self.swallows = port, target, swallows
        self.handshakes = 0

    async def serve(self, ready: threading.Event, over: asyncio.Event) -> None:
        """Until it is over."""
        async with await asyncio.start_server(self._client, "127.0.0.1", self.port):
            ready.set()
            await over.wait()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await self._pass_on(reader, writer)
        writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind_reader, behind = await asyncio.open_connection("127.0.0.1", self.target)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            if b"upgrade: websocket" in head.lower():
                self.handshakes += 1
                if not self.swallows:
                    writer.write(REFUSED)
                    await writer.drain()
                    return
                behind.write(head)
                writer.write(await behind_reader.readuntil(b"\r\n\r\n"))
                while await reader.read(65536):
                    pass
                return
            behind.write(head)
            await asyncio.gather(_pump(reader, behind), _pump(behind_reader, writer))
        finally:
            behind.close()


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    with suppress(OSError):
        target.write_eof()


@contextmanager
def a_proxy(port: int, target: int, *, swallows: bool) -> Iterator[Proxy]:
    """A proxy on *port* before the server on *target*."""
    proxy, ready = Proxy(port, target, swallows=swallows), threading.Event()
    loop = asyncio.new_event_loop()
    over = asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(_until(proxy, ready, over)))
    thread.start()
    ready.wait(10)
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
        loop.close()


async def _until(proxy: Proxy, ready: threading.Event, over: asyncio.Event) -> None:
    await proxy.serve(ready, over)
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
