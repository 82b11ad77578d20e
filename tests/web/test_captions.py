"""Live captions over a real socket, and captions for films over HTTP: the product itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.core.ids import RandomIds
from tests.web.houses import heard, until, wish
from tests.web.products import Product, product, with_a_day

VTT = "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nHej & <i>hå</i>\n"
SRT = "1\r\n00:00:01,000 --> 00:00:03,500\r\n<font color=red>Hej</font> -> du\r\n\r\n2\r\n0:00:10,0 --> 0:00:12,25\r\nTvå\r\nrader\r\n"


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path) as made:
        yield await with_a_day(made)


async def lines_until(ws: Any, text: str) -> list[dict[str, Any]]:
    """News of captions up to the one with this text."""
    found: list[dict[str, Any]] = []
    while not any(item["data"].get("text") == text for item in found):
        found += [item for item in (await heard(ws)).get("news", []) if item["type"].startswith("captions.")]
    return found


async def test_words_come_as_pictures_and_lines_in_order(live: Product) -> None:
    anna, kim = await live.enter("captioner"), await live.join()
    async with live.socket(anna) as desk, live.socket(kim) as phone:
        assert (await heard(phone))["welcome"]["state"]["captions"] == []
        await heard(desk)
        await desk.send(wish("streaming.caption", "d1", text="Vi bör", final=False))
        await until(desk, re="d1")
        told = await lines_until(phone, "Vi bör")
        assert [(item["type"], item.get("key")) for item in told] == [("captions.begun", None), ("captions.written", "caption:national")]
        assert "seq" not in told[-1]
        for number in range(5):
            await desk.send(wish("streaming.caption", f"f{number}", text=f"Rad {number}.", final=True))
            assert (await until(desk, re=f"f{number}"))["ok"]
        told = await lines_until(phone, "Rad 4.")
        assert [item["data"]["text"] for item in told if item["type"] == "captions.finished"] == [f"Rad {number}." for number in range(5)]
    async with live.http(kim) as http:
        state = (await http.get(f"/days/{live.day}/state")).json()
        assert [line["text"] for line in state["captions"]] == [f"Rad {number}." for number in range(5)]
        assert "turns" not in state
        refused = (await http.post(f"/days/{live.day}/wishes", json={"id": "x", "do": "streaming.caption", "args": {"text": "Hej"}})).json()
        assert refused["error"]["code"] == "role.missing"
    async with live.http(await live.enter("moderator")) as http:
        assert (await http.get(f"/days/{live.day}/state")).json()["turns"][0]["turn"] == "national"


async def test_a_reader_who_was_away_misses_no_line(live: Product) -> None:
    anna, kim = await live.enter("captioner"), await live.join()
    async with live.http(anna) as http:

        async def write(name: str, text: str, **more: object) -> None:
            body = {"id": name, "do": "streaming.caption", "args": {"text": text, "final": True, **more}}
            answers = [(await http.post(f"/days/{live.day}/wishes", json=body)).json() for _ in range(2)]
            assert answers[0]["ok"]
            assert answers[0] == answers[1]  # asked again, and written once

        async with live.socket(kim) as phone:
            welcome = (await heard(phone))["welcome"]
        for number in range(3):
            await write(f"w{number}", f"Rad {number}.")
        place = f"?epoch={welcome['epoch']}&since={welcome['seq']}"
        headers = {"Cookie": kim, "Origin": live.origin}
        from websockets.asyncio.client import connect

        async with connect(f"ws{live.origin[4:]}/days/{live.day}/socket{place}", additional_headers=headers, compression=None) as phone:
            assert (await heard(phone))["welcome"]["recovered"] is True
            told = await lines_until(phone, "Rad 2.")
        assert [item["data"]["text"] for item in told] == ["Rad 0.", "Rad 1.", "Rad 2."]


async def test_a_captioner_chooses_the_lane_and_sees_who_writes_there(live: Product) -> None:
    anna, kim = await live.enter("captioner"), await live.join()
    async with live.http(anna) as http:
        page = await http.get(f"/days/{live.day}/captions?lane=r-norrvik")
        assert page.status_code == 200
        assert 'data-lane="r-norrvik"' in page.text
        assert (await http.get(f"/days/{live.day}/captions?lane=r-ingen")).status_code == 404
        state = (await http.get(f"/days/{live.day}/state?lane=r-norrvik")).json()
        assert state["lane"]["lane"] == "r-norrvik"
    async with live.http(kim) as http:
        assert (await http.get(f"/days/{live.day}/captions")).status_code == 403
        assert (await http.get(f"/days/{live.day}/text?lane=r-norrvik")).status_code == 200
    async with live.http() as http:
        assert (await http.get(f"/days/{live.day}/text")).status_code == 303


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("a.vtt", VTT, "Hej &amp; hå"), ("a.srt", SRT, "Hej -&gt; du"), ("a.vtt", f"\ufeff{VTT}", "00:00:01.000 --> 00:00:03.000")],
)
async def test_captions_for_a_film_are_given_replaced_and_fetched(live: Product, name: str, content: str, said: str) -> None:
    organizer, film = await live.enter("organizer"), "film-hemma"
    where = f"/days/{live.day}/library/films/{film}/captions"
    async with live.http(organizer, Accept="application/json") as http:
        before = (await http.get(f"/days/{live.day}/library/{film}.vtt")).text
        answer = await http.post(where, files={"file": (name, content.encode())})
        assert (answer.status_code, answer.json()["captions"]) == (201, f"/days/{live.day}/library/{film}.vtt")
        now = await http.get(f"/days/{live.day}/library/{film}.vtt")
        assert now.headers["Content-Type"].startswith("text/vtt")
        assert now.text.startswith("WEBVTT\n")
        assert said in now.text
        assert now.text != before
    async with live.http(organizer, Accept="text/html") as http:
        assert (await http.post(where, files={"file": (name, content.encode())})).status_code == 303
        assert "Hämta undertexten" in (await http.get(f"/days/{live.day}/library")).text


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "ingen undertext"),
        (b"hej", "ingen undertext"),
        (b"WEBVTT\n\n", "ingen undertext"),
        (b"\xff\xfe\x00W", "UTF-8"),
        (b"WEBVTT\n\n00:01 --> 00:02\nHej", "Tiden på rad 3"),
        (b"WEBVTT\n\n00:05.000 --> 00:02.000\nHej", "rad 3 slutar innan"),
        (b"1\n09:00:00,000 --> 09:00:02,000\nHej", "längre än filmen"),
        (b"\x00\x00\x00 ftypisom", "ingen textfil"),
    ],
)
async def test_what_is_no_captions_is_refused_with_the_reason(live: Product, content: bytes, why: str) -> None:
    where = f"/days/{live.day}/library/films/film-hemma/captions"
    async with live.http(await live.enter("organizer"), Accept="application/json") as http:
        answer = await http.post(where, files={"file": ("a.vtt", content)})
        assert (answer.status_code, answer.json()["code"]) == (422, "captions.unreadable")
        assert why in answer.json()["detail"]
        assert (await http.post(where.replace("film-hemma", "ingen"), files={"file": ("a.vtt", b"x")})).status_code == 404
        assert (await http.post(where, json={})).status_code == 415
    async with live.http(await live.enter("moderator"), Accept="application/json") as http:
        assert (await http.post(where, files={"file": ("a.vtt", VTT.encode())})).status_code == 403


async def test_the_report_says_how_much_could_be_read(live: Product) -> None:
    by = Actor(live.day, RandomIds().new(), frozenset({"captioner"}))
    async with asyncio.timeout(10):
        while not (await live.house.report.of(live.day))["captions"]["n"]:
            with suppress(Refused):  # the lanes open a moment after the day
                await live.house.captioning.caption(by, "Hej.", final=True)
            await asyncio.sleep(0.1)
    found = (await live.house.report.of(live.day))["captions"]

    assert (found["n"], found["assumed_s"], found["delay_s"]) == (1, [2.0], 2.0)
    async with live.http(await live.enter("organizer")) as http:
        assert "Tillgänglighet" in (await http.get(f"/days/{live.day}/report")).text
