"""Publishing by WHIP: the manners of RFC 9725, and what bad offers leave behind."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import AsyncIterator

import httpx2
import pytest
from aiortc import RTCPeerConnection

from streaming.media import encoded
from streaming.media.clocks import HostClock
from streaming.media.feed import Feed
from streaming.media.sdp import BadSdp, Gate
from streaming.media.whip import Session, Whip
from tests.streaming.media.senders import SDP, an_offer, client, publishing
from tests.streaming.media.test_sdp import GOOD, changed, sdp

TRICKLE = {"Content-Type": "application/trickle-ice-sdpfrag"}


@pytest.fixture
async def http(media_url: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(media_url) as http:
        assert (await http.put("/sources/w", json={"kind": "whip"})).status_code == 200
        yield http


@pytest.fixture
async def whip() -> AsyncIterator[Whip]:
    whip = Whip(Feed("s"), HostClock(), list, Gate())
    yield whip
    await whip.close()


async def test_an_offer_is_answered_as_the_rfc_says(http: httpx2.AsyncClient) -> None:
    async with publishing(http, "w", make=False) as publisher:
        answer = publisher.answer
        ends = await http.delete(publisher.resource)

    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/sdp")
    assert answer.headers["location"].startswith("/sources/w/whip/")
    assert answer.headers["etag"].startswith('"')
    assert "a=recvonly" in answer.text
    assert "H264/90000" in answer.text
    assert "VP8" not in answer.text
    assert ends.status_code == 200


@pytest.mark.parametrize(("headers", "status"), [
    ({}, 415),
    ({"Content-Type": "text/plain"}, 415),
    ({**SDP, "Accept": "text/html"}, 406),
    ({"Content-Type": "application/sdp; charset=ascii", "Accept": "application/sdp"}, 400),
])  # fmt: skip
async def test_only_offers_are_taken(http: httpx2.AsyncClient, headers: dict[str, str], status: int) -> None:
    answer = await http.post("/sources/w/whip", content=b"v=0", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (status, "sdp.refused")


@pytest.mark.parametrize("bad", [
    b"", b"\0\1\2\xff" * 40, changed("m=audio 9", "m=audio xx"), changed("opus/48000/2", "opus"), changed("setup:actpass", "setup:zzz"),
    sdp([*GOOD, "a=candidate:x y z"]), changed("mid:1", "mid:0"), changed("ice-ufrag", None), changed("fingerprint", None),
])  # fmt: skip
async def test_bad_offers_are_refused_with_a_code(http: httpx2.AsyncClient, bad: bytes) -> None:
    answer = await http.post("/sources/w/whip", content=bad, headers=SDP)

    assert (answer.status_code, answer.json()["code"]) == (400, "sdp.refused")
    assert (await http.get("/sources")).json()["w"]["publisher"] is None


async def test_an_offer_that_is_too_long_is_not_read_to_its_end(http: httpx2.AsyncClient) -> None:
    assert (await http.post("/sources/w/whip", content=b"x" * 200_000, headers=SDP)).status_code == 413


async def test_candidates_that_come_later_are_taken_with_the_right_etag(http: httpx2.AsyncClient) -> None:
    async with publishing(http, "w", make=False) as publisher:
        place, etag = publisher.resource, publisher.answer.headers["etag"]
        ufrag = next(line for line in publisher.connection.localDescription.sdp.splitlines() if line.startswith("a=ice-ufrag"))
        good = sdp([ufrag, "a=mid:0", "a=candidate:9 1 udp 1 192.0.2.9 5000 typ host", "a=candidate:8 1 udp 1 x.local 5000 typ host"])
        tried = [
            await http.patch(place, content=good, headers={**TRICKLE, "If-Match": etag}),
            await http.patch(place, content=good, headers=TRICKLE),
            await http.patch(place, content=good, headers={**TRICKLE, "If-Match": '"another"'}),
            await http.patch(place, content=good, headers={**TRICKLE, "If-Match": "*"}),
            await http.patch(place, content=good.replace(b"ufrag:", b"ufrag:new1"), headers={**TRICKLE, "If-Match": etag}),
            await http.patch(place, content=b"a=candidate:x", headers={**TRICKLE, "If-Match": etag}),
            await http.patch(place, content=good, headers={"Content-Type": "application/json", "If-Match": etag}),
            await http.patch(place + "x", content=good, headers={**TRICKLE, "If-Match": etag}),
        ]

    assert [answer.status_code for answer in tried] == [204, 428, 412, 422, 422, 400, 415, 404]


async def test_no_packet_goes_to_a_candidate_on_this_machine(http: httpx2.AsyncClient) -> None:
    connection, _ = await an_offer()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trap:
        trap.bind(("127.0.0.1", 0))
        trap.setblocking(False)
        inside = f"a=candidate:7 1 udp 2130706431 127.0.0.1 {trap.getsockname()[1]} typ host\r\n"
        answer = await http.post("/sources/w/whip", content=connection.localDescription.sdp + inside, headers=SDP)
        await asyncio.sleep(2)

        assert answer.status_code == 201
        with pytest.raises(BlockingIOError):
            trap.recv(2_000)
    await connection.close()


async def test_nobody_reaches_the_session_of_another_source(http: httpx2.AsyncClient) -> None:
    await http.put("/sources/w2", json={"kind": "whip"})
    async with publishing(http, "w", make=False) as publisher:
        elsewhere = publisher.resource.replace("/w/", "/w2/")

        assert (await http.delete(elsewhere)).status_code == 404
        assert (await http.patch(elsewhere, content=b"", headers=TRICKLE)).status_code == 404


async def test_sources_of_other_kinds_take_no_offers(http: httpx2.AsyncClient) -> None:
    await http.put("/sources/stage", json={"kind": "panel", "members": ["w"]})

    answers = [await http.post(f"/sources/{name}/whip", content=sdp(GOOD), headers=SDP) for name in ("stage", "nobody")]

    assert [answer.status_code for answer in answers] == [404, 404]


async def test_two_hundred_bad_offers_leave_nothing_behind(whip: Whip, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the gate they go: what aiortc makes of them must be freed whatever it raises."""
    monkeypatch.setattr(Gate, "offer", lambda _self, body: body.decode())
    connection, _ = await an_offer()
    good = connection.localDescription.sdp
    bad = [
        "", "v=0\r\n", good.replace("m=audio ", "m=audio x"), good.replace("opus/48000/2", "opus"),
        good.replace("setup:actpass", "setup:zzz"), good + "a=candidate:x\r\n", good.replace("a=ice-ufrag", "a=x"),
        good.replace("H264/90000", "VP8/90000"), good.replace("sha-256", "sha-9"), good.replace("a=mid:1", "a=mid:0"),
    ]  # fmt: skip
    await connection.close()
    await asyncio.sleep(0.1)
    before = (peers(), len(asyncio.all_tasks()), sockets())

    outcomes = set()
    for n in range(200):
        try:
            session, _ = await whip.offer(bad[n % len(bad)].encode())
            await whip.end(session.resource)
            del session
            outcomes.add("answered")
        except BadSdp as error:
            outcomes.add(str(error).partition(":")[0])
    await asyncio.sleep(0.5)

    assert len(outcomes) >= 4
    assert (peers(), len(asyncio.all_tasks()), sockets()) == before


def peers() -> int:
    gc.collect()
    return sum(isinstance(each, RTCPeerConnection | Session) for each in gc.get_objects())


def sockets() -> int:
    return sum(isinstance(each, socket.socket) and each.fileno() >= 0 for each in gc.get_objects())


async def test_publishers_that_never_connect_are_let_go(whip: Whip, monkeypatch: pytest.MonkeyPatch) -> None:
    connection, _ = await an_offer()
    session, _ = await whip.offer(connection.localDescription.sdp.encode())
    monkeypatch.setattr("streaming.media.whip.CONNECT_S", 0.0)

    whip.look()
    await whip.close()

    assert (session.is_closed, whip.publisher) == (True, None)
    await connection.close()


async def test_a_second_offer_lets_go_of_one_that_has_not_come_yet(whip: Whip) -> None:
    connection, _ = await an_offer()
    offer = connection.localDescription.sdp.encode()
    first, _ = await whip.offer(offer)
    second, _ = await whip.offer(offer)

    assert (whip.find(first.resource), whip.find(second.resource), whip.publisher) == (None, second, second.resource)
    await connection.close()


async def test_no_server_is_asked_for_our_address_unless_told(whip: Whip) -> None:
    encoded.check()
    session = Session(Feed("s"), HostClock(), [], lambda _: None)

    assert session._connection._RTCPeerConnection__configuration.iceServers == []  # type: ignore[attr-defined]  # a private attribute
    await session.close()
