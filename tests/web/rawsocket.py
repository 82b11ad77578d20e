"""A hand-made RFC 6455 client for frames that libraries refuse to send."""

from __future__ import annotations

import asyncio
import base64
import os
import struct
import zlib
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


@asynccontextmanager
async def opened(port: int, path: str, cookie: str, origin: str) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
    """A connection after the answer 101."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [
        f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}", "Sec-WebSocket-Version: 13",
        f"Cookie: {cookie}", f"Origin: {origin}", "Sec-WebSocket-Extensions: permessage-deflate", "", "",
    ]  # fmt: skip
    writer.write("\r\n".join(lines).encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 101 " in head.split(b"\r\n")[0], head
    assert b"deflate" not in head
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def frame(op: int, payload: bytes = b"", *, fin: int = 1, rsv: int = 0, mask: bool = True, declare: int | None = None) -> bytes:
    """One frame, right or wrong."""
    n = len(payload) if declare is None else declare
    masked = 0x80 if mask else 0
    head = bytes([fin << 7 | rsv << 4 | op])
    if n < 126:
        head += bytes([masked | n])
    elif n < 65536:
        head += bytes([masked | 126]) + struct.pack("!H", n)
    else:
        head += bytes([masked | 127]) + struct.pack("!Q", n)
    if not mask:
        return head + payload
    key = b"\x01\x02\x03\x04"
    return head + key + bytes(byte ^ key[n % 4] for n, byte in enumerate(payload))


def bomb(megabytes: int) -> bytes:
    """So much, compressed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (packer.compress(b"a" * (megabytes << 20)) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]


async def close_code(reader: StreamReader, *, wait_s: float = 5) -> int:
    """The code of the close frame that ends the connection; 0 when there is none."""
    async with asyncio.timeout(wait_s):
        while True:
            try:
                head = await reader.readexactly(2)
                n = head[1] & 127
                if n >= 126:
                    n = int.from_bytes(await reader.readexactly(2 if n == 126 else 8), "big")
                payload = await reader.readexactly(n)
            except (asyncio.IncompleteReadError, ConnectionError):
                return 0
            if head[0] & 15 == 8:
                return int.from_bytes(payload[:2], "big")
