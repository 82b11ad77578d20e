"""The cases RTC-01, 02, 04 and 05 at the door that encoders come to, while somebody healthy is there."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.streaming.media.test_sdp import GOOD, changed, sdp
from tests.web.bystander import nothing_told
from tests.web.houses import heard, until, wish
from tests.web.products import Product, product, with_a_day
from tests.web.test_sources import address, as_encoder, media_is_there, said, token

BAD = {
    "empty": b"",
    "garbage": b"\0\1\2\xff" * 40,
    "port": changed("m=audio 9", "m=audio xx"),
    "no clock rate": changed("opus/48000/2", "opus"),
    "setup": changed("setup:actpass", "setup:zzz"),
    "candidate": sdp([*GOOD, "a=candidate:x y z"]),
    "same mid": changed("mid:1", "mid:0"),
    "no ice-ufrag": changed("ice-ufrag", None),
}


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path) as made:
        yield await with_a_day(made)


@asynccontextmanager
async def somebody_beside(live: Product) -> AsyncIterator[None]:
    """Whatever is sent meanwhile, somebody who asks for something is answered, and the source has no sender."""
    await media_is_there(live)
    async with live.socket(await live.join(name="Vid sidan av")) as line:
        await heard(line)
        yield
        await line.send(wish("people.set", "after", name="Kvar"))
        assert (await until(line, re="after"))["ok"]
    status = live.house.booth.status(live.day, "src-lank")
    assert status is not None
    assert (status.state, status.publisher) == ("waiting", None)


async def test_rtc_01_offers_that_are_none_are_refused_and_leave_nothing(live: Product) -> None:
    async with somebody_beside(live):
        for name, body in BAD.items():
            answer = await as_encoder(live, "POST", address(live, "src-lank"), token(live, "src-lank"), body)
            assert (name, *said(answer)) == (name, 422, "sdp.refused")
            nothing_told(answer.text)


async def test_rtc_02_an_offer_without_a_fingerprint_is_refused(live: Product) -> None:
    async with somebody_beside(live):
        answer = await as_encoder(live, "POST", address(live, "src-lank"), token(live, "src-lank"), changed("fingerprint", None))
        assert said(answer) == (422, "sdp.refused")


async def test_rtc_04_nothing_is_sent_to_addresses_inside(live: Product) -> None:
    async with somebody_beside(live):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as inside:
            inside.bind(("127.0.0.1", 0))
            inside.setblocking(False)
            port = inside.getsockname()[1]
            places = ("127.0.0.1", "169.254.169.254", "a1b2c3d4-0000-4000-8000-000000000000.local", "localhost")
            told = [f"a=candidate:{n} 1 udp 2113937151 {place} {port} typ host" for n, place in enumerate(places)]
            own = token(live, "src-lank")
            answer = await as_encoder(live, "POST", address(live, "src-lank"), own, sdp([*GOOD, *told, "a=end-of-candidates"]))
            assert answer.status_code == 201
            trickled = "\r\n".join(["a=ice-ufrag:abcd", "a=ice-pwd:abcdefghijklmnopqrstuv", "m=audio 9 x 0", "a=mid:0", *told, ""])
            path = answer.headers["Location"].removeprefix(live.origin)
            kind: dict[str, Any] = {"Content-Type": "application/trickle-ice-sdpfrag", "If-Match": answer.headers["ETag"]}
            assert (await as_encoder(live, "PATCH", path, own, trickled.encode(), **kind)).status_code in {204, 422}
            await asyncio.sleep(2)
            with pytest.raises(BlockingIOError):
                inside.recv(1)
            assert (await as_encoder(live, "DELETE", path, own, b"")).status_code == 200
        await live.house.booth.settle()


async def test_rtc_05_only_the_sources_own_token_opens_it_and_what_it_began(live: Product) -> None:
    async with somebody_beside(live):
        own, other = token(live, "src-lank"), token(live, "src-norrvik")
        path = address(live, "src-lank")
        assert said(await as_encoder(live, "POST", path, other, sdp(GOOD))) == (401, "source.token_wrong")
        assert (await as_encoder(live, "POST", path, "", sdp(GOOD))).status_code == 403  # nor from nowhere
        async with live.http(await live.join(), **{"Content-Type": "application/sdp"}) as participant:
            assert said(await participant.post(path, content=sdp(GOOD))) == (401, "source.token_wrong")
        begun = await as_encoder(live, "POST", path, own, sdp(GOOD))
        assert begun.status_code == 201
        place = begun.headers["Location"].removeprefix(live.origin)
        for method in ("PATCH", "DELETE"):
            assert said(await as_encoder(live, method, place, other)) == (404, "source.no_such")
        assert (await as_encoder(live, "DELETE", place, own, b"")).status_code == 200
        await live.house.booth.settle()
