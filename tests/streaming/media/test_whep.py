"""Watching over HTTP: who is answered, who is refused and how, and a panel's picture with the others' sound."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

import httpx2 as httpx
import numpy as np
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection
from starlette.applications import Starlette

from streaming.media.feed import Feed
from streaming.media.panels import Panel
from streaming.media.sdp import Gate
from streaming.media.watching import Viewers
from streaming.media.whep import FRAGMENT, OFFER, Whep
from tests.streaming.media.peers import a_viewer, until
from tests.streaming.media.sounds import strength
from tests.streaming.media.studios import a_studio

Answer = Callable[[str], Awaitable[str]]


@dataclass
class House:
    """The media process, as far as viewers see it."""

    feeds: dict[str, Feed] = field(default_factory=dict)
    panels: dict[str, Panel] = field(default_factory=dict)
    watching: Viewers = field(default_factory=lambda: Viewers(most=2))

    def feed(self, name: str) -> Feed | None:
        return self.feeds.get(name)

    def panel(self, name: str) -> Panel | None:
        return self.panels.get(name)

    def viewers(self) -> Viewers:
        return self.watching

    @asynccontextmanager
    async def a_panel(self, *members: str) -> AsyncIterator[Panel]:
        """A panel of feeds that are here."""
        panel = Panel(Feed("panel"), self.feed, lambda: time.monotonic() * 1_000)
        panel.seat(members)
        self.feeds["panel"], self.panels["panel"] = panel.feed, panel
        running = asyncio.create_task(panel.run())
        try:
            yield panel
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = House()
    yield made
    await made.watching.end_all()


@pytest.fixture
async def media(house: House) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=Whep(house, Gate(allow_loopback=True)).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://media") as client:
        yield client


async def post(media: httpx.AsyncClient, path: str, offer: str, kind: str = OFFER) -> httpx.Response:
    return await media.post(path, content=offer, headers={"Content-Type": kind})


def by(media: httpx.AsyncClient, path: str, told: list[httpx.Response] | None = None) -> Answer:
    async def answer(offer: str) -> str:
        answered = await post(media, path, offer)
        assert answered.status_code == 201, answered.text
        if told is not None:
            told.append(answered)
        return answered.text

    return answer


@pytest.fixture
async def offer() -> AsyncIterator[str]:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    for kind in ("video", "audio"):
        connection.addTransceiver(kind, direction="recvonly")
    await connection.setLocalDescription(await connection.createOffer())
    yield connection.localDescription.sdp
    await connection.close()


async def test_a_viewer_is_answered_sees_and_goes(house: House, media: httpx.AsyncClient) -> None:
    told: list[httpx.Response] = []
    async with a_studio() as studio:
        house.feeds["studio"] = studio.feed
        async with a_viewer(by(media, "/sources/studio/whep", told)) as peer:
            await until(lambda: len(peer.numbers) > 20 and len(peer.heard) > 20)
            assert studio.feed.viewers == 1
            gone = await media.delete(told[0].headers["location"])
            again = await media.delete(told[0].headers["location"])
            await until(lambda: peer.connection.connectionState == "closed")

    assert told[0].headers["content-type"] == OFFER
    assert told[0].headers["location"].startswith("/sources/studio/whep/")
    assert told[0].headers["etag"].startswith('"')
    assert (gone.status_code, again.status_code, studio.feed.viewers) == (200, 404, 0)


async def test_the_third_of_two_is_told_when_to_come_back(house: House, media: httpx.AsyncClient, offer: str) -> None:
    async with a_studio() as studio:
        house.feeds["studio"] = studio.feed
        answer = by(media, "/sources/studio/whep")
        async with a_viewer(answer), a_viewer(answer):
            refused = await post(media, "/sources/studio/whep", offer)

    assert (refused.status_code, refused.json()["code"], refused.headers["retry-after"]) == (503, "limit.reached", "10")


async def test_refusals_have_a_code(house: House, media: httpx.AsyncClient, offer: str) -> None:
    house.feeds["waiting"] = Feed("waiting")
    async with a_studio() as studio:
        house.feeds["studio"] = studio.feed
        refused = [
            await post(media, "/sources/nobody/whep", offer),
            await post(media, "/sources/waiting/whep", offer),
            await post(media, "/sources/studio/whep", offer, "text/plain"),
            await post(media, "/sources/studio/whep", "v=0\r\n"),
            await post(media, "/sources/studio/whep", "v=0\r\n" * 10_000),
            await post(media, "/sources/studio/whep?without=ann", offer),
        ]

    codes = ["source.no_such", "source.not_live", "sdp.refused", "sdp.refused", "wire.too_large", "source.no_such"]
    assert [(each.status_code, each.json()["code"]) for each in refused] == list(zip([404, 404, 415, 400, 413, 404], codes, strict=True))
    assert len(house.watching) == 0


async def test_candidates_may_come_later_to_the_same_session_of_ice(house: House, media: httpx.AsyncClient) -> None:
    told: list[httpx.Response] = []
    late = "a=mid:0\r\na=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host\r\n"
    async with a_studio() as studio:
        house.feeds["studio"] = studio.feed
        async with a_viewer(by(media, "/sources/studio/whep", told)) as peer:
            address, etag = told[0].headers["location"], told[0].headers["etag"]

            async def patch(body: str, **headers: str) -> int:
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                return (await media.patch(address, content=body, headers={"Content-Type": FRAGMENT, **named})).status_code

            assert await patch(late, If_Match=etag) == 204
            assert await patch(late) == 428
            assert await patch(late, If_Match='"other"') == 412
            assert await patch("a=ice-ufrag:another\r\n" + late, If_Match=etag) == 422
            assert await patch(late, If_Match="*") == 422
            assert await patch("a=candidate:rubbish\r\n", If_Match=etag) == 400
            assert await patch(late, If_Match=etag, Content_Type="application/sdp") == 415
            await until(lambda: len(peer.numbers) > 5)


async def test_a_member_sees_the_panel_and_hears_the_others(house: House, media: httpx.AsyncClient) -> None:
    async with a_studio("ann", 400) as ann, a_studio("bo", 800) as bo:
        house.feeds |= {"ann": ann.feed, "bo": bo.feed}
        async with house.a_panel("ann", "bo") as panel:
            await until(lambda: panel.feed.state == "live")
            async with (
                a_viewer(by(media, "/sources/panel/whep?without=ann")) as returned,
                a_viewer(by(media, "/sources/panel/whep")) as everybody,
            ):
                await until(lambda: min(len(each.numbers) for each in (returned, everybody)) > 10)
                await until(lambda: min(len(each.heard) for each in (returned, everybody)) > 150)

    others, both = np.concatenate(returned.heard)[48_000:], np.concatenate(everybody.heard)[48_000:]
    assert strength(others, 400) < 0.01
    assert min(strength(others, 800), strength(both, 400), strength(both, 800)) > 0.1  # 5 ms are whole periods: splices do not show


def _shows(panel: Panel, member: str) -> bool:
    return panel.on_air == member


async def test_the_producer_chooses_the_picture_of_a_panel(house: House, media: httpx.AsyncClient) -> None:
    async with a_studio("ann") as ann, a_studio("bo") as bo:
        house.feeds |= {"ann": ann.feed, "bo": bo.feed}
        async with house.a_panel("ann", "bo") as panel:
            await until(lambda: panel.on_air is not None)
            for member in ("ann", "bo"):
                chosen = await media.post("/sources/panel/choose", json={"member": member})
                assert chosen.status_code == 202
                await until(partial(_shows, panel, member))
            free = await media.post("/sources/panel/choose", json={"member": None})
            refused = [
                await media.post("/sources/panel/choose", json={"member": "nobody"}),
                await media.post("/sources/ann/choose", json={"member": "ann"}),
                await media.post("/sources/panel/choose", json={"people": "ann"}),
            ]

    assert (free.status_code, panel.chosen) == (202, None)
    assert [each.status_code for each in refused] == [404, 404, 400]


async def test_the_viewers_of_a_source_that_is_dropped_are_let_go(house: House, media: httpx.AsyncClient) -> None:
    async with a_studio() as studio:
        house.feeds["studio"] = studio.feed
        async with a_viewer(by(media, "/sources/studio/whep")) as peer:
            await until(lambda: len(peer.numbers) > 5)
            studio.feed.close()
            await until(lambda: peer.connection.connectionState == "closed")

    assert (len(house.watching), studio.feed.viewers) == (0, 0)
