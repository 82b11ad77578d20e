"""The media process as others meet it: over HTTP, as a real process."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from streaming.media.films import Films
from streaming.media.manifest import Manifest, read_manifest
from streaming.media.reading import NoFilm
from tests.streaming.clips import KIT_FILMS
from tests.streaming.houses import ROOT, TOKEN, media_process

FILM = KIT_FILMS[0]


@pytest.fixture
async def http(media_url: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=media_url, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False, timeout=20) as client:
        yield client


async def until_packed(http: httpx2.AsyncClient, place: str) -> dict[str, object]:
    """Its status once it is settled."""
    for _ in range(400):
        status: dict[str, object] = (await http.get(place)).json()
        if status["state"] in {"ready", "refused"}:
            return status
        await asyncio.sleep(0.05)
    raise AssertionError(status)


async def test_a_film_that_is_sent_becomes_an_asset(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/films", content=FILM.read_bytes())

    status = await until_packed(http, answer.headers["location"])
    asset = f"/assets/{status['film']}"
    manifest = (await http.get(f"{asset}/manifest.json")).json()
    part = manifest["segments"][3]["parts"][1]
    body = await http.get(f"{asset}/media.m4s", headers={"Range": f"bytes={part['offset']}-{part['offset'] + part['length'] - 1}"})
    assert (answer.status_code, status["state"], status["duration_ms"]) == (202, "ready", 74_400)
    assert (body.status_code, len(body.content), body.content[4:8]) == (206, part["length"], b"moof")
    assert (await http.get(f"{asset}/init.mp4")).content[4:8] == b"ftyp"


async def test_the_same_film_is_packed_once_wherever_it_comes_from(http: httpx2.AsyncClient) -> None:
    sent = (await http.post("/films", content=FILM.read_bytes())).headers["location"]
    await until_packed(http, sent)

    again = await http.post("/films", json={"path": str(FILM)})

    assert again.headers["location"] == sent
    assert again.json()["state"] == "ready"


async def test_a_file_that_is_no_film_is_refused_by_its_status(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/films", content=b"\0" * 5_000)

    status = await until_packed(http, answer.headers["location"])

    assert (status["state"], status["code"]) == ("refused", "film.unreadable")
    assert (await http.post("/films", content=b"\0" * 5_000)).json()["state"] == "refused"


@pytest.mark.parametrize(("more", "status", "code"), [
    ({"content": b""}, 422, "film.unreadable"),
    ({"json": {"path": "/no/such/film.mp4"}}, 422, "film.unreadable"),
    ({"json": {"path": "/"}}, 422, "film.unreadable"),
    ({"json": {"way": "/"}}, 400, "wire.unreadable"),
    ({"json": [1]}, 400, "wire.unreadable"),
    ({"content": b"{", "headers": {"content-type": "application/json"}}, 400, "wire.unreadable"),
])  # fmt: skip
async def test_a_bad_request_is_answered_with_a_code(http: httpx2.AsyncClient, more: dict[str, object], status: int, code: str) -> None:
    answer = await http.post("/films", **more)  # type: ignore[arg-type]  # a file or JSON

    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    "place", ["/films/nothing", "/films/..", "/films/%2e%2e", "/assets/x/manifest.json", "/assets/..%2f../token", "/assets/../../token"]
)
async def test_what_is_not_there_is_not_found(http: httpx2.AsyncClient, place: str) -> None:
    assert (await http.get(place)).status_code == 404


async def test_nobody_comes_in_without_the_token(media_url: str) -> None:
    async with httpx2.AsyncClient(base_url=media_url, trust_env=False) as stranger:
        places = [await stranger.get("/films/x"), await stranger.post("/films", content=b"x"), await stranger.get("/healthz")]

    assert [answer.status_code for answer in places] == [401, 401, 200]


async def test_a_film_that_is_too_large_is_refused_before_it_is_all_here(tmp_path: Path) -> None:
    films, taken = Films(tmp_path, limit_bytes=10_000), 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1_000
            yield bytes(1_000)

    with pytest.raises(NoFilm) as refused:
        await films.receive(body())

    assert (refused.value.code, taken) == ("film.too_large", 11_000)
    assert list((tmp_path / "waiting").iterdir()) == []


async def test_a_film_that_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b"x"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await Films(tmp_path).receive(body())

    assert list((tmp_path / "waiting").iterdir()) == []


def test_it_ends_at_once_and_without_a_fault_when_it_is_told_to(tmp_path: Path) -> None:
    with media_process(tmp_path / "m") as (_, process):
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)

        assert process.wait(5) == 0
        assert time.monotonic() - begun < 3


def test_it_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    with media_process(tmp_path / "m", "--with-parent") as (_, process):
        assert process.stdin is not None
        process.stdin.close()

        assert process.wait(5) == 0


async def test_a_film_that_was_waiting_is_packed_after_a_crash(tmp_path: Path) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with media_process(tmp_path / "m") as (url, process):
        async with httpx2.AsyncClient(base_url=url, headers=headers, trust_env=False) as http:
            place = (await http.post("/films", content=FILM.read_bytes())).headers["location"]
        process.kill()
        process.wait()

    with media_process(tmp_path / "m") as (url, _):
        async with httpx2.AsyncClient(base_url=url, headers=headers, trust_env=False) as http:
            assert (await until_packed(http, place))["state"] == "ready"


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    written = Manifest("a", "c", 16, 16, 25, 1, 400, [])
    (tmp_path / "manifest.json").write_text(json.dumps({name: getattr(written, name) for name in written.__struct_fields__}))

    assert read_manifest(tmp_path) == written


def test_the_media_process_starts_without_the_rest_of_the_house() -> None:
    told = "import sys, streaming.media.app, streaming.media.worker; print('conference' in sys.modules, 'sqlmodel' in sys.modules)"

    seen = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, cwd=ROOT)

    assert seen.stdout.split() == ["False", "False"]
