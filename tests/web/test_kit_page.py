"""Kits by the page: what comes as a file is shown before anything is taken, and a foreign hand's files are refused as by the command."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from sqlmodel import select

from conference.library import NATIONAL_KIT, read_kit
from conference.library.signing import fingerprint_in
from conference.tables import Day
from tests.conference.library.test_kits import FOREIGN, NORRVIK, a_kit, item, signed
from tests.web.products import Product, product
from tests.web.test_admin import admin, chain, made_a_day
from tests.web.test_uploads import a_small_disk
from web.arrivals import WAITS_S

AWAY = "http://127.0.0.1:9"
PATIENCE_S = 60.0
KIT = "kit-nationell-dag"
KEY = fingerprint_in(NORRVIK.public) or ""
PROGRAM = {"Accept": "application/json"}


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Product]:
    """An installation without a day."""
    async with product(tmp_path / "data", media_url=AWAY) as made:
        yield made


async def uploaded(http: httpx2.AsyncClient, file: Path, **headers: str) -> httpx2.Response:
    body = await asyncio.to_thread(file.read_bytes)
    return await http.post("/admin/kits", files={"file": (file.name, body)}, headers=headers)


async def waiting(http: httpx2.AsyncClient, file: Path) -> str:
    """The page of a file that was uploaded."""
    answer = await uploaded(http, file)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


async def taken(http: httpx2.AsyncClient, file: Path, *parts: str) -> httpx2.Response:
    return await http.post(await waiting(http, file), data={"do": "take", "take": list(parts)})


def trusting(made: Product) -> Product:
    made.house.shelf.trust(KEY)
    return made


def on_disk(made: Product) -> list[Path]:
    """All that is there of kits."""
    folder = made.house.settings.data_dir
    return sorted(path for name in ("kits", "kits-waiting") for path in (folder / name).rglob("*") if path.is_file())


async def test_what_comes_from_a_foreign_hand_is_refused_with_the_codes_of_the_command(here: Product, tmp_path: Path) -> None:
    trusting(here)
    before, told = on_disk(here), {}
    async with admin(here) as http:
        for name, change, _code in FOREIGN:
            file = signed(NATIONAL_KIT, tmp_path / "kit.zip")
            change(file)
            answer = await uploaded(http, file, **PROGRAM)
            if answer.status_code == 201:  # whole, and only its key is unknown
                where = answer.headers["Location"]
                answer = await http.post(where, data={"do": "take"}, headers=PROGRAM)
                assert (await http.post(where, data={"do": "drop"})).status_code == 303
            told[name] = (answer.status_code, answer.json()["code"])

    assert told == {name: (422, code) for name, _change, code in FOREIGN}
    assert on_disk(here) == before


async def test_a_refused_file_is_told_on_the_page_with_its_code(here: Product, tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"hej")
    async with admin(here) as http:
        answer = await uploaded(http, tmp_path / "broken.zip")
        nothing = await http.post("/admin/kits", files={"file": ("", b"")})

    assert (answer.status_code, "Inget har ändrats." in answer.text, "kit.tampered" in answer.text) == (422, True, True)
    assert (nothing.status_code, "kit.missing" in nothing.text) == (422, True)


async def test_a_file_larger_than_any_kit_is_refused_before_it_is_sent(here: Product) -> None:
    port = urlsplit(here.origin).port
    head = f"POST /admin/kits HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {here.origin}\r\nContent-Length: {3 << 30}\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{head}Content-Type: multipart/form-data; boundary=b\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()

    assert (answer.split(b" ")[1], json.loads(answer.split(b"\r\n\r\n", 1)[1])["code"]) == (b"413", "kit.too_large")


async def test_a_kit_comes_in_when_its_key_was_compared_and_goes_out_as_it_came(here: Product, tmp_path: Path) -> None:
    file = signed(a_kit(tmp_path / "own", lambda day: day["kit"].update(id="kit-egen", title="Vårt eget paket")), tmp_path / "own.zip")
    async with admin(here) as http:
        where = await waiting(http, file)
        shown = (await http.get(where)).text
        early = await http.post(where, data={"do": "take"})
        other = await http.post(where, data={"do": "trust", "key": "3f" * 32})
        assert (await http.post(where, data={"do": "trust", "key": KEY})).headers["Location"] == where
        known = (await http.get(where)).text
        done = await http.post(where, data={"do": "take"})
        page = (await http.get(done.headers["Location"])).text
        gone = await http.get(where)
        out = await http.get("/admin/kits/kit-egen.zip")
        day = await made_a_day(http, "2027-03-23", kit="kit-egen")
        none = await http.get("/admin/kits/kit-ingen.zip")

    assert ("Okänd nyckel" in shown, "Lägg in paketet" in shown, KEY[:4] in shown) == (True, False, True)
    assert [(one.status_code, code in one.text) for one, code in ((early, "kit.key_unknown"), (other, "kit.other_key"))] == [
        (422, True)
    ] * 2
    assert ("Okänd nyckel" in known, "Lägg in paketet" in known) == (False, True)
    assert ("Vårt eget paket, version 1" in page, "Paketet är intaget" in page, gone.status_code, none.status_code) == (
        True,
        True,
        404,
        404,
    )
    assert (out.status_code, out.content) == (200, file.read_bytes())
    async with here.house.store.reading() as session:
        assert (await session.exec(select(Day.kit).where(Day.day == day))).one() == "kit-egen"
    assert (await chain(here, ""))[:2] == [
        ("kit.trust", {"key": KEY}),
        ("kit.take", {"kit": "kit-egen", "version": 1, "parts": 0, "key": KEY}),
    ]


async def test_a_newer_one_is_taken_part_by_part_and_what_was_changed_here_stays(here: Product, tmp_path: Path) -> None:
    trusting(here)
    ours = here.house.shelf.bring(signed(NATIONAL_KIT, tmp_path / "1.zip")).folder
    assert ours
    own = json.loads((ours / "day.json").read_text())
    item(own, "i-r1-samtal")["title"] = "Vårt samtal"
    item(own, "i-r2-kraft")["title"] = "Vår kraft"
    (ours / "day.json").write_text(json.dumps(own, ensure_ascii=False, indent=2))
    second = signed(a_kit(tmp_path / "2", newer, version=2), tmp_path / "2.zip")

    async with admin(here) as http:
        where = await waiting(http, second)
        shown = (await http.get(where)).text
        unknown = await http.post(where, data={"do": "take", "take": ["day.json#kit", "day.json#items/i-none"]})
        still = read_kit(here.house.shelf.folders()[0]).head.version
        done = await http.post(where, data={"do": "take", "take": ["day.json#kit", "day.json#items/i-hemma"]})
        page = (await http.get(done.headers["Location"])).text

    boxes = {part: f'value="{part}" checked' in shown for part in PARTS if f'value="{part}"' in shown}
    assert boxes == {part: part != "day.json#items/i-r1-samtal" for part in PARTS}
    assert ("Titel: Vårt samtal -&gt; Ett annat samtal" in shown, "ändrat här också" in shown) == (True, True)
    assert (unknown.status_code, "kit.no_such_part" in unknown.text, still) == (422, True, 1)
    kit = read_kit(here.house.shelf.folders()[0])
    titles = {one.id: one.title for one in kit.items}
    assert (kit.head.version, titles["i-hemma"], titles["i-r1-samtal"], titles["i-r2-kraft"]) == (
        2,
        "Hemma, på nytt",
        "Vårt samtal",
        "Vår kraft",
    )
    before = {one.id: one.description for one in read_kit(NATIONAL_KIT).items}
    assert {one.id: one.description for one in kit.items}["i-oppning"] == before["i-oppning"]
    assert "Delar som är ändrade här: 3." in page  # two that were, and one that was not taken


PARTS = ("day.json#kit", "day.json#items/i-hemma", "day.json#items/i-oppning", "day.json#items/i-r1-samtal")


def newer(day: dict[str, Any]) -> None:
    item(day, "i-hemma")["title"] = "Hemma, på nytt"
    item(day, "i-oppning")["description"] = "Kortare."
    item(day, "i-r1-samtal")["title"] = "Ett annat samtal"


async def test_it_is_taken_back_and_days_that_were_made_of_it_stay(here: Product, tmp_path: Path) -> None:
    trusting(here)
    async with admin(here) as http:
        await taken(http, signed(NATIONAL_KIT, tmp_path / "1.zip"))
        await taken(http, signed(a_kit(tmp_path / "2", newer, version=2), tmp_path / "2.zip"), *PARTS)
        day = await made_a_day(http, "2027-03-23")
        back = await http.post(f"/admin/kits/{KIT}/withdraw", data={"version": "2"})
        again = await http.post(f"/admin/kits/{KIT}/withdraw", data={"version": "2"})
        page = (await http.get(back.headers["Location"])).text
        kept = await http.get(f"/days/{day}/kit.zip")
        first = await http.post(f"/admin/kits/{KIT}/withdraw", data={"version": "1"})
        shipped = await http.post(f"/admin/kits/{KIT}/withdraw", data={"version": "1"})

    assert (back.status_code, again.status_code, first.status_code, shipped.status_code) == (303, 404, 303, 404)
    assert ("version 1" in page, "version 2" in page, "tillbakadragen" in page) == (True, False, True)
    assert kept.headers["Content-Disposition"] == f'attachment; filename="{KIT}-2.zip"'
    assert here.house.shelf.folders() == [NATIONAL_KIT]
    assert [did for did, _note in await chain(here, "")].count("kit.withdraw") == 2


async def test_the_same_file_again_and_an_older_one_change_nothing(here: Product, tmp_path: Path) -> None:
    trusting(here)
    first = signed(NATIONAL_KIT, tmp_path / "1.zip")
    second = signed(a_kit(tmp_path / "2", newer, version=2), tmp_path / "2.zip")
    async with admin(here) as http:
        await taken(http, second, *PARTS)
        before = on_disk(here)
        where = await waiting(http, second)
        shown = (await http.get(where)).text
        same = await http.post(where, data={"do": "take"})
        old = await waiting(http, first)
        told = (await http.get(old)).text
        older = await http.post(old, data={"do": "take"})
        listed = (await http.get("/admin/kits")).text
        assert (await http.post(old, data={"do": "drop"})).headers["Location"] == "/admin/kits?done=dropped"

    assert ("Det finns inget att ta in" in shown, 'value="take"' in shown) == (True, False)
    assert same.headers["Location"] == "/admin/kits?done=same"
    assert ("nyare version" in told, 'value="take"' in told, older.status_code, "kit.older" in older.text) == (True, False, 422, True)
    assert (old in listed, on_disk(here)) == (True, before)


async def test_only_an_admin_sees_or_takes_kits(here: Product, tmp_path: Path) -> None:
    file = signed(NATIONAL_KIT, tmp_path / "1.zip")
    async with admin(here) as http:
        day = await made_a_day(http, "2027-03-23")
        where = await waiting(http, file)
    here.day = day
    told = {}
    for who, cookie in (("stranger", ""), ("organizer", await here.enter("organizer")), ("moderator", await here.enter("moderator"))):
        async with here.http(cookie, **PROGRAM) as http:
            seen = [(await http.get(path)).status_code for path in ("/admin/kits", where, f"/admin/kits/{KIT}.zip")]
            done = [
                (await http.post(path, data=data)).status_code
                for path, data in ((where, {"do": "drop"}), (f"/admin/kits/{KIT}/withdraw", {"version": "1"}))
            ]
            told[who] = {*seen, *done, (await uploaded(http, file)).status_code}

    assert told == {"stranger": {401}, "organizer": {403}, "moderator": {403}}
    assert [path.parent.name for path in on_disk(here)] == ["kits-waiting"]


async def test_an_upload_that_breaks_off_or_finds_no_room_leaves_nothing(here: Product, tmp_path: Path) -> None:
    file = signed(NATIONAL_KIT, tmp_path / "1.zip")
    async with admin(here) as http:
        with a_small_disk(2 << 20):
            full = await uploaded(http, file, **PROGRAM)
        cookie = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
    port = urlsplit(here.origin).port
    _reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /admin/kits HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {here.origin}\r\nCookie: {cookie}\r\n"
    head += "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000000\r\n\r\n"
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\n'
    writer.write(head.encode() + part + b"x" * 4_000_000)
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    async with asyncio.timeout(PATIENCE_S):
        while not any(status in {400, 499} for (method, status) in here.house.floor.traffic if method == "POST"):  # nobody tells us
            await asyncio.sleep(0.02)

    assert (full.status_code, full.json()["code"]) == (507, "kit.no_room")
    assert on_disk(here) == []


async def test_what_has_waited_for_a_day_is_thrown_away_at_start(tmp_path: Path) -> None:
    file, folder = signed(NATIONAL_KIT, tmp_path / "1.zip"), tmp_path / "data"
    async with product(folder, media_url=AWAY) as made, admin(made) as http:
        old, new = [(await waiting(http, file)).rpartition("/")[2] for _ in range(2)]
    draft = folder / "kits" / "tmpx.draft"
    draft.mkdir(parents=True)
    for path in (folder / "kits-waiting" / old, draft):
        os.utime(path, (time.time() - 2 * WAITS_S,) * 2)

    async with product(folder, media_url=AWAY) as again:
        assert [name for name, _sealed in again.house.arrivals.waiting()] == [new]
    assert not draft.exists()
