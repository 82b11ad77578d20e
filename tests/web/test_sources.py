"""Who may send to a source and who may look at one: tokens, roles, and what is said to everybody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection

from conference.core.actor import Actor
from streaming.studio.rules import camera_of
from tests.streaming.media.senders import ffmpeg
from tests.streaming.media.test_rtmp import USUAL
from tests.web.houses import heard, until, wish
from tests.web.products import Product, product, with_a_day
from web import ice
from web.endpoints.studio import WISHES

ANY = frozenset({"organizer", "moderator", "speaker", "captioner", "screen"})
BODY = b"v=0\r\n"
SDP = {"Content-Type": "application/sdp"}
ARGS: dict[str, dict[str, Any]] = {
    "streaming.ready": {"ready": True},
    "streaming.seat": {"person": "p-1", "source": None},
    "streaming.panel": {"members": None},
    "streaming.choose": {"source": None},
    "streaming.whisper": {"text": "Hej"},
    "streaming.type": {"text": "Hej"},
    "streaming.turn": {"page": None},
    "streaming.renew": {"source": "src-studio"},
    "streaming.key": {"source": "src-studio"},
}


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path, ice_servers=("turns:turn.example:443?transport=tcp",), turn_secret="turn-secret") as made:
        yield await with_a_day(made)


def address(live: Product, source: str = "src-studio", way: str = "whip", resource: str = "") -> str:
    return f"/days/{live.day}/sources/{source}/{way}" + (f"/{resource}" if resource else "")


def token(live: Product, source: str, generation: int = 0) -> str:
    return live.house.keys.token(live.day, source, generation)


async def as_encoder(live: Product, method: str, path: str, bearer: str = "", body: bytes = BODY, **headers: Any) -> httpx2.Response:
    """As OBS asks: no Origin, no cookie."""
    brought = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    async with httpx2.AsyncClient(base_url=live.origin, trust_env=False, timeout=20) as http:
        return await http.request(method, path, content=body, headers={**SDP, **brought, **headers})


def said(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def media_is_there(live: Product) -> None:
    async with asyncio.timeout(20):
        while live.house.booth.status(live.day, "src-studio") is None:
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("bearer", ["", "src-lank", "generation", "other day", "nonsense"])
async def test_only_the_sources_own_token_sends(live: Product, bearer: str) -> None:
    brought = {
        "": "x" * 32,
        "src-lank": token(live, "src-lank"),
        "generation": token(live, "src-studio", 1),
        "other day": live.house.keys.token("another", "src-studio", 0),
        "nonsense": "å" * 40,
    }[bearer]
    encoded = brought.encode("ascii", "replace").decode()

    assert said(await as_encoder(live, "POST", address(live), encoded)) == (401, "source.token_wrong")
    assert said(await as_encoder(live, "DELETE", address(live, resource="abc"), encoded)) == (404, "source.no_such")
    assert said(await as_encoder(live, "PATCH", address(live, resource="abc"), encoded)) == (404, "source.no_such")


async def test_without_a_token_nothing_is_sent_whatever_cookie_comes(live: Product) -> None:
    for role in ("organizer", "moderator", "speaker"):
        async with live.http(await live.enter(role), **SDP) as http:
            assert said(await http.post(address(live), content=BODY)) == (401, "source.token_wrong")
            assert said(await http.delete(address(live, resource="abc"))) == (401, "source.token_wrong")
    assert (await as_encoder(live, "POST", address(live))).status_code == 403  # nor from nowhere: no word of where it comes from
    assert said(await as_encoder(live, "POST", address(live, "src-nobody"), token(live, "src-nobody"))) == (401, "source.token_wrong")
    assert said(await as_encoder(live, "POST", address(live, "panel"), token(live, "panel"))) == (401, "source.token_wrong")


async def test_a_foreign_page_sends_nothing_with_a_token(live: Product) -> None:
    answer = await as_encoder(live, "POST", address(live), token(live, "src-studio"), Origin="https://elsewhere.example")

    assert said(answer) == (403, "request.foreign")


async def test_what_is_no_offer_is_refused_calmly(live: Product) -> None:
    await media_is_there(live)
    own = token(live, "src-lank")
    for body in (b"", b"\xff\xfe\x00", b"v=0\r\n", b"v=0\r\nm=video xx\r\n"):
        answer = await as_encoder(live, "POST", address(live, "src-lank"), own, body)
        assert said(answer) == (422, "sdp.refused")
        assert "Traceback" not in answer.text
    assert said(await as_encoder(live, "POST", address(live, "src-lank"), own, b"x" * 33_000)) == (413, "wire.too_large")
    wrong = await as_encoder(live, "POST", address(live, "src-lank"), own, **dict[str, Any]({"Content-Type": "text/plain"}))
    assert said(wrong) == (415, "wire.wrong_type")


async def test_a_studio_that_listens_for_rtmp_takes_an_encoder_by_whip_too(live: Product) -> None:
    await media_is_there(live)
    own, booth = token(live, "src-studio"), live.house.booth
    status = booth.status(live.day, "src-studio")
    assert status is not None
    assert status.rtmp_port
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    peer.addTransceiver("audio", "sendonly")
    peer.addTransceiver("video", "sendonly")
    await peer.setLocalDescription(await peer.createOffer())
    try:
        answer = await as_encoder(live, "POST", address(live), own, peer.localDescription.sdp.encode())
    finally:
        await peer.close()

    assert answer.status_code == 201, answer.text
    place = answer.headers["Location"]
    assert place.startswith(f"{live.origin}{address(live)}/")
    assert answer.headers["Content-Type"].startswith("application/sdp")
    assert 'rel="ice-server"' in answer.headers["Link"]
    path = place.removeprefix(live.origin)
    assert said(await as_encoder(live, "DELETE", path, token(live, "src-lank"))) == (404, "source.no_such")
    assert said(await as_encoder(live, "DELETE", path.replace("src-studio", "src-lank"), token(live, "src-lank")))[0] == 404
    assert (await as_encoder(live, "DELETE", path, own, b"")).status_code == 200


async def test_who_may_look(live: Product) -> None:
    await media_is_there(live)
    for role, expected in {"organizer": 404, "moderator": 404, "speaker": 404, "captioner": 404, "screen": 403}.items():
        async with live.http(await live.enter(role), **SDP) as http:
            assert (await http.post(address(live, way="whep"), content=BODY)).status_code in {
                expected,
                422 if expected == 404 else expected,
            }
    async with live.http(await live.join(), **SDP) as http:
        assert said(await http.post(address(live, way="whep"), content=BODY)) == (403, "role.missing")
    async with live.http(**SDP) as http:
        assert said(await http.post(address(live, way="whep"), content=BODY)) == (401, "person.signed_out")
    async with live.http(await live.enter("moderator")) as http:  # another's looking is nowhere to be found
        sealed = live.house.keys.sealed("abc", "somebody")
        assert said(await http.delete(address(live, way="whep", resource=sealed))) == (404, "source.no_such")


async def test_figures_and_the_cockpit_tell_how_a_source_is_doing(live: Product) -> None:
    """A wrong key first, which the operator is told of, then the right one."""
    await media_is_there(live)
    status = live.house.booth.status(live.day, "src-studio")
    assert status is not None
    where = f"rtmp://127.0.0.1:{status.rtmp_port}/live"
    async with live.http(await live.enter("moderator")) as http:

        async def told() -> tuple[dict[str, Any], set[str]]:
            state, figures = await http.get(f"/days/{live.day}/state"), await http.get("/metrics")
            [one] = [one for one in state.json()["sources"] if one["source"] == "src-studio"]
            return one, {line.replace(f'day="{live.day}",', "") for line in figures.text.splitlines()}

        with ffmpeg(f"{where}/a-wrong-key", *USUAL):
            async with asyncio.timeout(30):
                while (refused := await told())[0].get("why") != "source.key_wrong":
                    await asyncio.sleep(0.2)
        with ffmpeg(f"{where}/{live.house.keys.stream_key(live.day, 'src-studio', 0)}", *USUAL):
            async with asyncio.timeout(40):
                while (sending := await told())[0]["state"] != "live" or not sending[0].get("kbit_s"):
                    await asyncio.sleep(0.2)

    assert refused[0]["state"] == "waiting"
    assert {'samsyn_source_live{source="src-studio"} 0.0', 'samsyn_source_live{source="src-bilder"} 0.0'} <= refused[1]
    assert sending[0].get("why") is None
    assert (sending[0]["lost"], sending[0]["reencoded"], sending[0]["disk_full"]) == (0, False, False)
    assert {
        'samsyn_source_live{source="src-studio"} 1.0',
        'samsyn_source_state{kind="rtmp",source="src-studio",state="live"} 1.0',
        'samsyn_source_disk_full{source="src-studio"} 0.0',
        'samsyn_source_lost_pictures{source="src-studio"} 0.0',
        'samsyn_source_reencoded{source="src-studio"} 0.0',
    } <= sending[1]
    assert [line for line in sending[1] if line.startswith('samsyn_source_bits_per_second{source="src-studio"}')] != []


async def test_a_renewed_key_opens_and_the_old_one_does_not(live: Product) -> None:
    await media_is_there(live)
    moderator = await live.enter("moderator")
    async with live.socket(moderator) as desk:
        await heard(desk)
        await desk.send(wish("streaming.renew", "r", source="src-lank"))
        assert (await until(desk, re="r"))["ok"]
        await desk.send(wish("streaming.key", "k", source="src-lank"))
        told = (await until(desk, re="k"))["data"]

    assert told["token"] == token(live, "src-lank", 1)
    assert said(await as_encoder(live, "POST", address(live, "src-lank"), token(live, "src-lank"))) == (401, "source.token_wrong")
    assert said(await as_encoder(live, "POST", address(live, "src-lank"), told["token"])) == (422, "sdp.refused")


@pytest.mark.parametrize("kind", WISHES, ids=lambda kind: kind.name)
async def test_only_those_behind_the_scenes_ask(live: Product, kind: Any) -> None:
    args = ARGS.get(kind.name, {})
    for role in [*ANY, ""]:
        cookie = await live.enter(role) if role else await live.join()
        async with live.http(cookie) as http:
            body = {"id": f"w-{role or 'none'}", "do": kind.name, "args": args}
            answer = await http.post(f"/days/{live.day}/wishes", json=body)
        allowed = role in kind.may
        assert (answer.status_code != 403) == allowed, (role, answer.text)


async def test_nobody_of_the_public_is_told_who_is_behind_the_scenes(live: Product) -> None:
    speaker, kim = await live.enter("speaker"), await live.join()
    async with live.socket(speaker) as seat, live.http(kim) as public, live.http(speaker) as inside:
        await heard(seat)
        await seat.send(wish("streaming.sit", "s"))
        told = (await until(seat, re="s"))["data"]
        await seat.send(wish("streaming.whisper", "w", text="Hörs jag?"))
        await until(seat, re="w")
        state = (await inside.get(f"/days/{live.day}/state")).json()
        seen = (await public.get(f"/days/{live.day}/state")).json()

    assert told["source"] == camera_of(state["you"]["person"])
    assert told["token"] == token(live, told["source"])
    assert [one["text"] for one in state["whispers"]] == ["Hörs jag?"]
    assert {one["source"] for one in state["sources"]} >= {told["source"], "panel", "src-studio"}
    assert "sources" not in seen
    assert "whispers" not in seen


async def test_whoever_looks_is_told_of_the_ways_out_of_their_network(live: Product) -> None:
    for role, status in {"organizer": 200, "moderator": 200, "speaker": 200, "captioner": 200, "screen": 403}.items():
        async with live.http(await live.enter(role)) as http:
            answer = await http.get(f"/days/{live.day}/sources/ways")
            assert answer.status_code == status
            if status == 200:
                [server] = answer.json()["ice"]
                assert server["urls"] == "turns:turn.example:443?transport=tcp"
                assert server["username"].endswith(":" + (await http.get(f"/days/{live.day}/state")).json()["you"]["person"])
    async with live.http(await live.join()) as http:
        assert said(await http.get(f"/days/{live.day}/sources/ways")) == (403, "role.missing")
    async with live.http() as http:
        assert said(await http.get(f"/days/{live.day}/sources/ways")) == (401, "person.signed_out")


async def test_more_candidates_say_for_which_connection_they_are(live: Product) -> None:
    await media_is_there(live)
    own = token(live, "src-lank")
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    peer.addTransceiver("video", "sendonly")
    await peer.setLocalDescription(await peer.createOffer())
    try:
        answer = await as_encoder(live, "POST", address(live, "src-lank"), own, peer.localDescription.sdp.encode())
    finally:
        await peer.close()
    path = answer.headers["Location"].removeprefix(live.origin)
    trickled = b"a=ice-ufrag:x\r\na=ice-pwd:y\r\n"
    kind: dict[str, Any] = {"Content-Type": "application/trickle-ice-sdpfrag"}

    assert said(await as_encoder(live, "PATCH", path, own, trickled, **kind)) == (428, "sdp.unmatched")
    assert said(await as_encoder(live, "PATCH", path, own, trickled, **kind, **{"If-Match": '"another"'})) == (412, "sdp.changed")


async def test_turn_passwords_are_made_for_the_one_who_asks(live: Product) -> None:
    speaker = await live.enter("speaker")
    async with live.socket(speaker) as seat:
        await heard(seat)
        await seat.send(wish("streaming.sit", "s"))
        told = (await until(seat, re="s"))["data"]

    server = told["ice"][0]
    expires, _colon, who = server["username"].partition(":")
    assert who == told["source"]
    assert int(expires) > live.house.clock.now().timestamp() + 3600
    again = ice.servers(["turns:turn.example:443?transport=tcp"], "turn-secret", who, live.house.clock.now())
    assert abs(int(again[0]["username"].partition(":")[0]) - int(expires)) < 60
    assert 'rel="ice-server"; username="' in ice.link(told["ice"])


def test_ice_servers_as_they_are_written() -> None:
    from datetime import UTC, datetime

    at = datetime(2026, 11, 23, tzinfo=UTC)
    found = ice.servers(["stun:stun.example:3478", "turn:kim:hemligt@turn.example:3478?transport=udp"], None, "p-1", at)

    assert found == [
        {"urls": "stun:stun.example:3478"},
        {"urls": "turn:turn.example:3478?transport=udp", "username": "kim", "credential": "hemligt"},
    ]
    assert ice.servers(["turn:t.example"], "s", "p-1", at)[0]["username"] == f"{int(at.timestamp()) + 6 * 3600}:p-1"


async def test_the_media_process_knows_a_days_sources_and_again_when_it_was_started_anew(live: Product) -> None:
    await media_is_there(live)
    booth, names = live.house.booth, {"src-studio", "src-bilder", "src-lank", "src-norrvik", "src-sundmark"}
    assert all(booth.status(live.day, name) for name in names)
    by = Actor(live.day, "lo", frozenset({"speaker"}))
    await live.house.studio.sit(by)
    await live.house.studio.ready(by, ready=True)
    async with asyncio.timeout(10):
        while booth.status(live.day, "panel") is None:
            await asyncio.sleep(0.05)

    assert booth.status(live.day, camera_of("lo")) is not None
