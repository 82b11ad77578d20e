"""Messages go to addresses of the open internet, whatever a name says it stands for, and nothing that answers leads them elsewhere."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from tests.web.receivers import Receiver, a_receiver, certificate
from web import outbound
from web.outbound import NotSent, Outbound

HERE = [ip_network("127.0.0.0/8"), ip_network("::1/128")]


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A certificate that this computer trusts."""
    made = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made[0]))
    return made


@pytest.fixture
async def receiver(pair: tuple[Path, Path]) -> AsyncIterator[Receiver]:
    async with a_receiver(pair) as made:
        yield made


def stands_for(monkeypatch: pytest.MonkeyPatch, **names: list[str]) -> list[str]:
    """Let names stand for addresses, the next one each time they are asked for; what was asked for."""
    asked: list[str] = []

    async def answer(host: str, port: int, **_more: Any) -> list[Any]:
        asked.append(host)
        addresses = names[host.partition(".")[0]]
        now = addresses.pop(0) if len(addresses) > 1 else addresses[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in now.split()]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", answer)
    return asked


async def why(way: Outbound, url: str) -> str:
    with pytest.raises(NotSent) as none:
        await way.post(url, b"{}", {})
    return none.value.why


async def test_a_message_arrives_as_it_is_and_the_status_comes_back(receiver: Receiver) -> None:
    receiver.says = ["202 x"]

    status = await Outbound(HERE).post(f"https://localhost:{receiver.port}/in?a=b", b'{"type":"ping"}', {"webhook-id": "msg_a"})

    [got] = receiver.received
    assert (status, got.body) == (202, b'{"type":"ping"}')
    assert [got.headers[name] for name in ("host", "webhook-id", "content-type")] == [
        f"localhost:{receiver.port}",
        "msg_a",
        "application/json",
    ]
    assert "cookie" not in got.headers


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "0x7f.1"])
async def test_this_computer_is_reached_by_none_of_its_names(receiver: Receiver, host: str) -> None:
    found = await why(Outbound([]), f"https://{host}:{receiver.port}/")

    assert (found, receiver.received) == ("not_allowed", [])


async def test_a_name_that_stands_for_an_address_inside_too_is_not_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    stands_for(monkeypatch, mottagare=["93.184.216.34 10.0.0.1"])

    assert await why(Outbound(HERE), f"https://mottagare.test:{receiver.port}/") == "not_allowed"


async def test_a_name_is_asked_for_once_and_that_answer_is_where_it_goes(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS that says something else a moment later (rebinding) leads nowhere else; the certificate is still that of the name."""
    asked = stands_for(monkeypatch, mottagare=["127.0.0.1", "127.0.0.2"])

    status = await Outbound(HERE).post(f"https://mottagare.test:{receiver.port}/", b"{}", {})

    assert (status, asked, receiver.received[0].headers["host"]) == (204, ["mottagare.test"], f"mottagare.test:{receiver.port}")


async def test_a_certificate_for_another_name_is_not_trusted(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    stands_for(monkeypatch, annan=["127.0.0.1"])

    assert (await why(Outbound(HERE), f"https://annan.test:{receiver.port}/"), receiver.received) == ("no_answer", [])


async def test_a_redirect_is_an_answer_and_not_followed(receiver: Receiver) -> None:
    receiver.says = [f"302 x\r\nLocation: https://localhost:{receiver.port}/else"]

    status = await Outbound(HERE).post(f"https://localhost:{receiver.port}/", b"{}", {})

    assert (status, len(receiver.received)) == (302, 1)


async def test_http_is_for_networks_inside_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_receiver(None) as plain:
        status = await Outbound(HERE).post(f"http://127.0.0.1:{plain.port}/", b"{}", {})
        stands_for(monkeypatch, ute=["93.184.216.34"])
        refused = await why(Outbound(HERE), f"http://ute.test:{plain.port}/")

    assert (status, refused, len(plain.received)) == (204, "not_allowed", 1)


async def test_what_does_not_answer_is_told_apart(monkeypatch: pytest.MonkeyPatch, pair: tuple[Path, Path]) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    monkeypatch.setattr(outbound, "TIMEOUT_S", 0.3)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = free.getsockname()[1]
    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        slow = await why(Outbound(HERE), f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")

    assert (slow, await why(Outbound(HERE), f"https://127.0.0.1:{nobody}/")) == ("timeout", "no_answer")
    assert await why(Outbound(HERE), "https://finns-inte.invalid/") == "no_answer"
