"""A mail server for tests, on a port of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


class Mailbox:
    """A mail server: what it was given, and what it says to an address. It does not take leave as it should, as some do not."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.says = "250 ok"
        self.port = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().strip().upper():
            if line == "DATA":
                writer.write(b"354 go on\r\n")
                self.letters.append(message_from_bytes(await reader.readuntil(b"\r\n.\r\n"), policy=default))
                writer.write(b"250 taken\r\n")
            else:
                writer.write(f"{self.says if line.startswith('RCPT') else '250 ok'}\r\n".encode())
            if line == "QUIT":
                break
        writer.close()


@asynccontextmanager
async def a_mailbox() -> AsyncIterator[Mailbox]:
    box = Mailbox()
    server = await asyncio.start_server(box.talk, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    async with server:
        yield box
