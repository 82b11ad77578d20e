"""Slides: a PDF in, pictures out, one of them on a screen with the panel's sound."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import av
import httpx2
import pytest
from starlette.applications import Starlette

from streaming.media import rasterising, slides
from streaming.media.slides import Slides
from streaming.media.source import Wanted
from streaming.media.sources import Sources
from streaming.media.standing import still
from tests.streaming.houses import media_process
from tests.streaming.media.decks import bomb, locked, pdf
from tests.streaming.media.senders import client, clip, listening, publishing, until, whole
from tests.streaming.media.sounds import strength
from tests.streaming.media.test_screens import listened, long_run
from tests.streaming.media.test_stage import told

pytestmark = pytest.mark.faults  # they keep time


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with media_process(tmp_path / "data", "--allow-loopback") as (url, _):
        yield url


@pytest.fixture
async def http(url: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(url, 90) as http:
        for name, wanted in (("ann", {"kind": "whip"}), ("panel", {"kind": "panel", "members": ["ann"]})):
            assert (await http.put(f"/sources/{name}", json=wanted)).status_code == 200
        assert (await http.put("/sources/screen", json={"kind": "screen", "sound": "panel"})).status_code == 200
        yield http


def said(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def red(frame: av.VideoFrame) -> int:
    """Which page it is, by its colour."""
    rgb = frame.to_ndarray(format="rgb24")
    return round(int(rgb[rgb.shape[0] // 2, rgb.shape[1] // 2, 0]) / 40) + 1


async def test_a_page_stands_on_the_screen_with_the_sound_of_the_panel_and_is_turned(http: httpx2.AsyncClient) -> None:
    given = await http.put("/sources/ann/slides", content=pdf(3))
    assert (given.status_code, given.json()["pages"]) == (201, 3)
    assert (await http.get("/sources/ann/slides")).json() == given.json()
    pages = [still((await http.get(f"/sources/ann/slides/{n}.jpg")).content, "mjpeg") for n in (1, 2, 3)]
    assert [(red(page), page.width, page.height) for page in pages] == [(n, 1_920, 1_080) for n in (1, 2, 3)]

    async with listening(http) as heard, publishing(http, "ann", clip(tone=400), make=False):
        assert (await http.post("/sources/screen/page", json={"of": "ann", "page": 2})).status_code == 204
        await until(lambda: heard.statuses["screen"].publisher == "slides", 20)
        await until(lambda: long_run(heard, 2_000), 80)
        assert (await http.post("/sources/screen/page", json={"of": "ann", "page": 3})).status_code == 204
        await until(lambda: long_run(heard, 4_000), 80)
        body = await whole(http, "screen", long_run(heard, 4_000))
        assert (await http.post("/sources/screen/page", json={"of": "bo", "page": None})).status_code == 204  # not theirs
        assert heard.statuses["screen"].state == "live"
        assert (await http.post("/sources/screen/page", json={"of": "ann", "page": None})).status_code == 204
        await until(lambda: heard.statuses["screen"].state == "gone", 5)

    with av.open(io.BytesIO(body), mode="r") as container:
        seen = [red(frame) for frame in container.decode(video=0)]
    assert (seen[0], seen[-1], set(seen), seen == sorted(seen)) == (2, 3, {2, 3}, True)
    assert strength(listened(body)[48_000:], 400) > 0.1


async def test_what_is_written_on_a_page_can_be_had_for_those_who_cannot_see_it(http: httpx2.AsyncClient) -> None:
    assert (await http.put("/sources/ann/slides", content=pdf(2, words=["Vad vi vet\nSåväl nu som då"]))).status_code == 201

    answers = [await http.get(f"/sources/ann/slides/{n}.txt") for n in (1, 2, 3)]

    assert (answers[0].text, answers[0].headers["Content-Type"]) == ("Vad vi vet\nSåväl nu som då", "text/plain; charset=utf-8")
    assert (answers[1].status_code, answers[1].text) == (200, "")
    assert said(answers[2]) == (404, "slides.no_such")


def test_what_nobody_sees_of_a_page_and_what_is_too_much_is_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasterising, "TEXT_MOST", 20)
    (tmp_path / "pdf").write_bytes(pdf(2, words=["Vad vi vet\noch vad vi tror", "Rad 1" + "\n" * 40 + "Utanför"]))

    assert rasterising.rasterise(tmp_path / "pdf", tmp_path) == 2
    assert [(tmp_path / f"{n}.txt").read_text("utf-8") for n in (1, 2)] == ["Vad vi vet\noch vad v", "Rad 1"]


async def test_what_cannot_be_shown_is_refused_and_leaves_what_was_there(http: httpx2.AsyncClient) -> None:
    deck = (await http.put("/sources/ann/slides", content=pdf(1))).json()
    for body, code in (
        (b"%PDF-1.4 nothing", "unreadable"),
        (b"", "unreadable"),
        (pdf()[:400], "unreadable"),
        (pdf(0), "unreadable"),
        (pdf(1, size=(1e6, 1)), "unreadable"),
        (locked(), "encrypted"),
        (pdf(rasterising.PAGES_MOST + 1), "too_many_pages"),
    ):
        assert said(await http.put("/sources/ann/slides", content=body)) == (422, f"slides.{code}")
    assert said(await http.put("/sources/ann/slides", content=b"x" * (slides.BYTES_MOST + 1))) == (413, "slides.too_large")
    assert said(await http.put("/sources/nobody/slides", content=pdf(1))) == (404, "source.no_such")

    assert (await http.get("/sources/ann/slides")).json() == deck


async def test_a_page_of_any_size_is_drawn_as_large_as_a_lane_shows_it(http: httpx2.AsyncClient) -> None:
    for size, drawn in (((1e6, 1e6), (1_080, 1_080)), ((10, 5), (1_920, 960))):
        assert (await http.put("/sources/ann/slides", content=pdf(1, size=size))).status_code == 201
        page = still((await http.get("/sources/ann/slides/1.jpg")).content, "mjpeg")
        assert (page.width, page.height) == drawn


async def test_a_file_that_draws_for_ever_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "pdf").write_bytes(bomb(40))

    assert await slides._drawn(tmp_path, 4.0) == {"refused": "slides.too_heavy"}


async def test_whoever_waits_too_long_for_another_ones_slides_is_asked_to_come_back_and_keeps_what_was_there(tmp_path: Path) -> None:
    sources = Sources(tmp_path)
    for name in ("ann", "bo"):
        await sources.want(name, Wanted("whip"))
    app = Starlette(routes=Slides(sources, drawing_s=3.0, waiting_s=0.2).routes())
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://media") as http:
        deck = (await http.put("/sources/bo/slides", content=pdf(1))).json()
        heavy = asyncio.create_task(http.put("/sources/ann/slides", content=bomb(40)))
        await asyncio.sleep(0.5)
        refused = said(await http.put("/sources/bo/slides", content=pdf(2)))
        kept = (await http.get("/sources/bo/slides")).json()
        given_up = said(await heavy)
        again = await http.put("/sources/bo/slides", content=pdf(2))
    for name in ("ann", "bo"):
        await sources.drop(name)

    assert (refused, kept, given_up) == ((503, "slides.busy"), deck, (422, "slides.too_heavy"))
    assert (again.status_code, again.json()["pages"]) == (201, 2)


def test_the_worker_says_nothing_when_its_time_is_over(tmp_path: Path) -> None:
    (tmp_path / "pdf").write_bytes(bomb(40))
    script = "from streaming.media import rasterising as r; r.CPU_MOST_S = 2; r.main()"
    ended = subprocess.run([sys.executable, "-c", script, tmp_path / "pdf", tmp_path], capture_output=True, check=False)

    assert (ended.returncode < 0, ended.stdout) == (True, b"")


async def test_slides_go_with_their_source_and_when_they_are_taken_away(http: httpx2.AsyncClient) -> None:
    await http.put("/sources/ann/slides", content=pdf(2))
    await http.post("/sources/screen/page", json={"of": "ann", "page": 1})
    await told(http, "screen", "state", "live")
    assert (await http.delete("/sources/ann/slides")).status_code == 204
    await told(http, "screen", "state", "gone")
    assert said(await http.get("/sources/ann/slides")) == (404, "slides.no_such")
    assert said(await http.delete("/sources/ann/slides")) == (404, "slides.no_such")
    assert said(await http.post("/sources/screen/page", json={"of": "ann", "page": 1})) == (404, "slides.no_such")
    assert said(await http.post("/sources/ann/page", json={"of": "ann", "page": 1})) == (404, "source.no_such")
    assert said(await http.post("/sources/screen/page", json={"page": 1})) == (400, "wire.unreadable")

    await http.put("/sources/ann/slides", content=pdf(2))
    await http.delete("/sources/ann")
    await http.put("/sources/ann", json={"kind": "whip"})
    assert said(await http.get("/sources/ann/slides")) == (404, "slides.no_such")


async def test_nothing_is_left_of_slides_that_were_refused(tmp_path: Path) -> None:
    with media_process(tmp_path / "data") as (url, _):
        async with client(url, 60) as http:
            await http.put("/sources/ann", json={"kind": "whip"})
            await http.put("/sources/ann/slides", content=b"no")

    assert [path.name for path in (tmp_path / "data" / "live" / "ann").iterdir() if path.is_dir() and "slides" in path.name] == []


def test_slides_have_no_place_without_a_source(tmp_path: Path) -> None:
    assert Sources(tmp_path).slides("nobody") is None
