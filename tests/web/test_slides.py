"""A speaker's slides at the web door: who may give them, what is refused, and what is shown of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from conference.core.actor import Actor
from conference.core.errors import Refused
from streaming.media import slides as drawing
from tests.streaming.media.decks import locked, pdf
from tests.web.houses import heard, until, wish
from tests.web.products import Product, product, with_a_day
from tests.web.test_sources import media_is_there, said
from web.endpoints import slides
from web.faults import Fault


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path) as made:
        yield await with_a_day(made)


def given(content: bytes) -> dict[str, Any]:
    return {"file": ("bilder.pdf", content, "application/pdf")}


async def test_slides_are_given_seen_by_their_speaker_alone_and_turned(live: Product) -> None:
    await media_is_there(live)
    where, speaker = f"/days/{live.day}/studio/slides", await live.enter("speaker")
    async with live.socket(speaker) as seat, live.http(speaker) as http, live.http(await live.enter("speaker")) as other:
        await heard(seat)
        assert said(await http.post(where, files=given(pdf(1)))) == (404, "seat.no_such")
        await seat.send(wish("streaming.sit", "s"))
        await until(seat, re="s")
        assert (await http.get(where)).json() == {"pages": 0}
        answer = await http.post(where, files=given(pdf(3, words=["Vad vi vet", "Vad vi <tror>"])), timeout=60)
        assert (answer.status_code, answer.json()["pages"]) == (201, 3)
        page = await http.get(f"{where}/3.jpg")
        assert (page.status_code, page.headers["Content-Type"], page.content[:2]) == (200, "image/jpeg", b"\xff\xd8")
        assert said(await http.get(f"{where}/4.jpg")) == (404, "slides.no_such")
        assert (await other.get(f"{where}/3.jpg")).status_code == 404

        await seat.send(wish("streaming.turn", "t", page=2))
        assert (await until(seat, re="t"))["data"] == {"source": "src-bilder", "page": 2}
        shown = live.house.booth.status(live.day, "src-bilder")
        assert shown is not None
        assert "slide" not in (await http.get(f"/days/{live.day}/state")).json()["lane"]
        await live.house.lanes.take(Actor.house(live.day), "src-bilder")
        assert (await http.get(f"/days/{live.day}/state")).json()["lane"]["slide"] == {"page": 2, "pages": 3, "text": "Vad vi <tror>"}
        for name in ("live", "text", "text?lane=r-norrvik"):
            text = (await http.get(f"/days/{live.day}/{name}")).text
            assert ("Bild 2 av 3" in text, text.count("Vad vi &lt;tror&gt;")) == (True, 1), name
        await seat.send(wish("streaming.turn", "u", page=4))
        assert (await until(seat, re="u"))["error"]["code"] == "slides.no_such"
        assert (await http.delete(where)).status_code == 204
        assert (await http.get(where)).json() == {"pages": 0}


async def test_what_is_no_slides_is_refused_calmly(live: Product) -> None:
    await media_is_there(live)
    where, speaker = f"/days/{live.day}/studio/slides", await live.enter("speaker")
    async with live.socket(speaker) as seat, live.http(speaker) as http:
        await heard(seat)
        await seat.send(wish("streaming.sit", "s"))
        await until(seat, re="s")
        refused = [await http.post(where, files=given(body), timeout=60) for body in (b"", b"no pdf", locked(), pdf(201))]
        missing = await http.post(where, data={"file": "x"}, files={"other": b"x"})
        large = await http.post(where, files=given(b"x" * ((50 << 20) + 1)), timeout=60)
        assert said(await http.post(where, content=b"{}", headers={"Content-Type": "application/json"})) == (415, "wire.wrong_type")

    codes = ["slides.unreadable", "slides.unreadable", "slides.encrypted", "slides.too_many_pages"]
    assert [said(answer) for answer in refused] == [(422, code) for code in codes]
    assert said(missing) == (422, "slides.unreadable")
    assert said(large)[0] == 413
    assert refused[2].json()["detail"] == "Filen är låst med lösenord. Spara den utan lösenord och försök igen."


async def test_who_may_give_slides(live: Product) -> None:
    for role, status in {"captioner": 403, "screen": 403}.items():
        async with live.http(await live.enter(role)) as http:
            assert (await http.post(f"/days/{live.day}/studio/slides", files=given(pdf(1)))).status_code == status
    async with live.http(await live.join()) as http:
        assert (await http.post(f"/days/{live.day}/studio/slides", files=given(pdf(1)))).status_code == 403


def test_whoever_waits_for_other_slides_is_told_when_to_come_back() -> None:
    busy = httpx2.Response(503, json={"code": "slides.busy"}, headers={"Content-Type": "application/problem+json"})

    with pytest.raises(Refused) as refused:
        slides._must(busy)

    fault = Fault.of(refused.value, "en")
    assert (fault.code, fault.status, fault.retry_after_ms) == ("slides.busy", 503, 30_000)
    assert fault.text == "Somebody else's slides are being drawn just now. Try again in half a minute."


def test_nobody_is_given_up_at_the_door_whose_slides_may_still_be_drawn() -> None:
    assert drawing.WAITING_S + drawing.DRAWING_S < slides.DRAWING_S
