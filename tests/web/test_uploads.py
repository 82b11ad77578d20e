"""Films that are given to a day: safe on disk before anybody is told so, and nothing left behind when it goes wrong."""

from __future__ import annotations

import asyncio
import os
import resource
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlmodel import col, select

from conference.core.actor import Actor
from conference.core.store import Store
from conference.core.transaction import Transaction
from conference.library import Film, NewFilm
from tests.web.products import Product, product, with_a_day
from web import uploads

AWAY = "http://127.0.0.1:9"  # no media process: films wait
ROOM_BYTES = 3 << 20
PATIENCE_S = 60.0


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path / "data", media_url=AWAY) as made:
        yield await with_a_day(made)


def films(live: Product) -> list[Path]:
    folder = live.house.settings.data_dir / "films"
    return sorted(folder.iterdir()) if folder.is_dir() else []


async def give(live: Product, content: bytes, title: str = "Film") -> Any:
    organizer = await live.enter("organizer")
    async with live.http(organizer) as http:
        return await http.post(f"/days/{live.day}/library/films", files={"file": ("a.mp4", content)}, data={"title": title})


@contextmanager
def a_small_disk(most_bytes: int) -> Iterator[None]:
    """No file of this process may grow beyond that, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_film_is_safe_on_disk_before_it_is_answered(live: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    synced, real = list[Path](), os.fsync

    def fsync(handle: int) -> None:
        real(handle)
        synced.append(Path(f"/proc/self/fd/{handle}").readlink())

    monkeypatch.setattr(os, "fsync", fsync)
    answer = await give(live, b"x" * 70_000)

    assert answer.status_code == 202
    [film] = films(live)
    assert film.read_bytes() == b"x" * 70_000
    places = [path for path in synced if path.name in {f"{film.name}.part", "films"}]
    assert places == [film.with_name(f"{film.name}.part"), film.parent]  # what is in it, and then that it is there


async def test_an_upload_that_breaks_off_leaves_nothing(live: Product, caplog: pytest.LogCaptureFixture) -> None:
    cookie, port = await live.enter("organizer"), urlsplit(live.origin).port
    _reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /days/{live.day}/library/films HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {live.origin}\r\nCookie: {cookie}\r\n"
    head += "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000000\r\n\r\n"
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'
    writer.write(head.encode() + part + b"x" * 4_000_000)
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    async with asyncio.timeout(PATIENCE_S):
        while not any(status in {400, 499} for (method, status) in live.house.floor.traffic if method == "POST"):  # nobody tells us
            await asyncio.sleep(0.02)

    assert films(live) == []
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize("large", [ROOM_BYTES * 2, 2 << 20])
async def test_a_full_disk_is_told_and_leaves_nothing(live: Product, large: int, caplog: pytest.LogCaptureFixture) -> None:
    with a_small_disk(ROOM_BYTES if large > ROOM_BYTES else 1 << 20):
        full = await give(live, b"x" * large)

    assert (full.status_code, full.json()["code"]) == (507, "film.no_room")
    assert films(live) == []
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []
    assert (await give(live, b"x" * large)).status_code == 202


async def test_what_cannot_be_written_for_another_reason_may_be_tried_again(live: Product) -> None:
    folder = live.house.settings.data_dir / "films"
    folder.write_text("a file in the way")

    answer = await give(live, b"x")

    assert (answer.status_code, answer.json()["code"]) == (503, "store.unavailable")
    assert "a file" not in answer.text
    assert str(folder) not in answer.text


async def test_a_film_that_is_refused_is_not_kept(live: Product) -> None:
    answer = await give(live, b"x", title="x" * 300)

    assert (answer.status_code, answer.json()["code"]) == (422, "text.too_long")
    assert films(live) == []


async def test_what_a_crash_left_is_swept_away_at_start(tmp_path: Path) -> None:
    async with product(tmp_path, media_url=AWAY) as made:
        await with_a_day(made)
        assert (await give(made, b"kept")).status_code == 202
        [kept] = films(made)
    ours = made.house.ids.secret(16)
    for name in (ours, f"{made.house.ids.secret(16)}.part", "a film of somebody.mp4", "list.txt"):
        (tmp_path / "films" / name).write_bytes(b"x")

    async with product(tmp_path, media_url=AWAY) as again:
        assert [path.name for path in films(again)] == sorted([kept.name, "a film of somebody.mp4", "list.txt"])


async def test_where_others_write_too_only_what_is_old_is_swept_away(tmp_path: Path) -> None:
    async with product(tmp_path, media_url=AWAY) as made:
        (tmp_path / "films").mkdir()
        fresh, old = (tmp_path / "films" / f"{made.house.ids.secret(16)}{end}" for end in (".part", ""))
        for path in (fresh, old):
            path.write_bytes(b"x")
        an_hour_ago = time.time() - 2 * 3600
        os.utime(old, (an_hour_ago, an_hour_ago))

        await uploads.sweep(made.house.store, tmp_path, alone=False)

        assert films(made) == [fresh]


async def test_a_film_that_waited_when_its_day_ended_is_looked_at_after_all(tmp_path: Path) -> None:
    async with product(tmp_path, media_url=AWAY) as made:
        await with_a_day(made)
        by = Actor.house(made.day)
        await without_films(made.house.store, made.day)
        (tmp_path / "films").mkdir()
        (tmp_path / "films" / "given").write_bytes(b"no film")
        first = (await made.house.library.add_film(by, NewFilm(title="Sen", file="films/given"))).data or {}
        lost = (await made.house.library.add_film(by, NewFilm(title="Borta", file="films/lost"))).data or {}
        await made.house.programme.end(by)

    async with product(tmp_path) as again, asyncio.timeout(PATIENCE_S):
        again.day = made.day
        while await states(again) != {first["film"]: "refused", lost["film"]: "refused"}:
            await asyncio.sleep(0.2)
        later = (await again.house.library.add_film(by, NewFilm(title="Senare", file="films/given"))).data or {}
        while (await states(again))[later["film"]] != "refused":
            await asyncio.sleep(0.2)


async def without_films(store: Store, day: str) -> None:
    """The kit's films are not what this is about, and take half a minute to pack."""

    async def put_away(tx: Transaction) -> None:
        for film in await tx.every(Film, col(Film.day) == day):
            tx.put(film.model_copy(update={"file": None, "state": "ready"}))

    await store.run(put_away)


async def states(live: Product) -> dict[str, str]:
    async with live.house.store.reading() as session:
        rows = await session.exec(select(Film).where(Film.day == live.day, Film.origin == "upload"))
        return {row.film: row.state for row in rows}
