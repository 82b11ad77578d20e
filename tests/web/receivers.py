"""A receiver of webhooks for tests: a server with a certificate of its own, that keeps what it was sent and answers as it is told."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from conference.followup.webhooks.signing import signed

NAMES = ("localhost", "mottagare.test")


@dataclass
class Received:
    """One message."""

    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, object]:
        told: dict[str, object] = msgspec.json.decode(self.body)
        return told

    def is_signed(self, secret: str) -> bool:
        at = datetime.fromtimestamp(int(self.headers["webhook-timestamp"]), UTC)
        ours = signed(secret, self.headers["webhook-id"], self.body, at)
        return {name: self.headers[name] for name in ours} == ours


@dataclass
class Receiver:
    """Where it listens, and what it was sent.

    Attributes:
        says: statuses of the next answers; then 204.
        until: what it waits for before it answers, when it does.
    """

    port: int = 0
    received: list[Received] = field(default_factory=list)
    says: list[str] = field(default_factory=list)
    until: asyncio.Event | None = None

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in head[1:] if line)}
            body = await reader.readexactly(int(headers["content-length"]))
            self.received.append(Received(headers, body))
            if self.until:
                await self.until.wait()
            writer.write(
                f"HTTP/1.1 {self.says.pop(0) if self.says else '204 x'}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
            )
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def has(self, number: int) -> list[Received]:
        """Wait until so many messages have come."""
        async with asyncio.timeout(90):
            while len(self.received) < number:
                await asyncio.sleep(0.05)
        return self.received


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for `NAMES` and this computer, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]), datetime.now(UTC)
    names: list[x509.GeneralName] = [x509.DNSName(one) for one in NAMES]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([*names, x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "receiver.pem", folder / "receiver.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return public, private


@asynccontextmanager
async def a_receiver(pair: tuple[Path, Path] | None) -> AsyncIterator[Receiver]:
    """A receiver that listens.

    Args:
        pair: its certificate and key; ``None``: without TLS.
    """
    receiver, context = Receiver(), None
    if pair:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*pair)
    server = await asyncio.start_server(receiver.talk, "127.0.0.1", 0, ssl=context)
    receiver.port = server.sockets[0].getsockname()[1]
    async with server:
        yield receiver
