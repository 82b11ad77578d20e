"""Speakers whose network lets no UDP out: everything goes through a real coturn, over TCP and over TLS."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aioice import stun, turn
from aiortc import RTCConfiguration, RTCIceServer, RTCIceTransportPolicy

from streaming.media import ice
from tests import servers
from tests.streaming.houses import media_process
from tests.streaming.media.senders import client, listening, publishing, until

SECRET = "turn-secret-of-this-test"


@pytest.fixture(scope="module")
def coturn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """Its folder, and how it is reached."""
    folder = tmp_path_factory.mktemp("turn")
    with servers.turn_server(folder, SECRET) as (plain, tls):
        yield folder, {"tcp": f"turn:localhost:{plain}?transport=tcp", "tls": f"turns:localhost:{tls}?transport=tcp"}


def relayed(word: str, secret: str = SECRET) -> RTCConfiguration:
    """A browser that may send to nobody but the TURN server."""
    [told] = ice.servers([word], secret, "src-lank", datetime.now(UTC))
    return RTCConfiguration([RTCIceServer(told["urls"], told["username"], told["credential"])], RTCIceTransportPolicy.RELAY)


@pytest.mark.parametrize("way", ["tcp", "tls"])
async def test_a_speaker_without_udp_sends_through_the_turn_server(
    coturn: tuple[Path, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    folder, words = coturn
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "cert.pem"))

    with media_process(tmp_path / "data") as (url, _):
        async with client(url) as http, listening(http) as told, publishing(http, "s", by=relayed(words[way])) as publisher:
            assert candidates(publisher.connection.localDescription.sdp) == {"relay"}
            await until(lambda: told.statuses["s"].state == "live" and told.statuses["s"].path == "relay", 20)
            await until(lambda: len(told.runs["s"][1].segments) >= 2, 20)


@pytest.mark.parametrize(("is_relayed", "kinds"), [(True, {"host", "relay"}), (False, {"host"})])
async def test_the_media_process_takes_an_address_of_the_turn_server_when_it_has_none(
    coturn: tuple[Path, dict[str, str]], tmp_path: Path, is_relayed: bool, kinds: set[str]
) -> None:
    """Its password stands in a file and on no command line."""
    _, words = coturn
    file = tmp_path / "ice"
    file.write_text(json.dumps({"servers": [words["tcp"]], "secret": SECRET, "relayed": is_relayed}), encoding="utf-8")

    with media_process(tmp_path / "data", "--ice-file", str(file)) as (url, process):
        assert isinstance(process.args, list)
        assert SECRET not in " ".join(process.args)
        async with client(url) as http, listening(http) as told, publishing(http, "s") as publisher:
            assert candidates(publisher.answer.text) == kinds
            await until(lambda: told.statuses["s"].state == "live", 20)


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "192.168.1.1", "192.0.2.77"])
async def test_the_turn_server_leads_nowhere_else_inside(coturn: tuple[Path, dict[str, str]], address: str) -> None:
    with pytest.raises(stun.TransactionFailed, match="403"):
        await bound(coturn[1]["tcp"], SECRET, address)


async def test_the_turn_server_leads_to_the_media_host_for_who_has_a_password(coturn: tuple[Path, dict[str, str]]) -> None:
    await bound(coturn[1]["tcp"], SECRET, servers.machine_address())
    with pytest.raises(stun.TransactionFailed, match="401"):
        await bound(coturn[1]["tcp"], "another secret", servers.machine_address())


def candidates(sdp: str) -> set[str]:
    """Of which kinds they are."""
    return {line.split(" typ ")[1].split()[0] for line in sdp.splitlines() if line.startswith("a=candidate:")}


async def bound(word: str, secret: str, address: str) -> None:
    """Ask the TURN server for a channel to an address."""
    [told] = ice.servers([word], secret, "src-lank", datetime.now(UTC))
    port = int(word.split(":")[2].partition("?")[0])
    inner = turn.TurnClientTcpProtocol(("localhost", port), told["username"], told["credential"], 600, 500)
    await asyncio.get_running_loop().create_connection(lambda: inner, "localhost", port)
    try:
        await inner.connect()
        await inner.channel_bind(0x4000, (address, 40_000))
    finally:
        inner.transport.close()


def test_which_words_are_servers() -> None:
    good = ["stun:s.example", "turn:t.example:3478?transport=udp", "turns:t.example:443?transport=tcp", "turn:kim:hemligt@t.example:80"]
    bad = [
        "t.example",
        "stuns:s.example",
        "turn:t.example?transport=sctp",
        "turn:kim@t.example",
        "https://t.example",
        "turn:",
        "turn:a:b:c",
    ]

    assert [word for word in good + bad if ice.is_server(word)] == good
