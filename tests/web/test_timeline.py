"""The programme builder as an organizer meets it: plain forms, on one timeline."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from conference.tables import Block, Item
from polls.tables import Poll
from tests.web.houses import heard
from tests.web.products import Product, product, with_a_day
from tests.web.test_admin import PAGE, admin, chain, made_a_day
from tests.web.test_build import told

TALK = {"title": "Ett samtal", "kind": "discussion", "minutes": "10"}


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Product]:
    """An installation without a day, where no film is packaged."""
    async with product(tmp_path, media_url="http://127.0.0.1:9") as one:
        yield one


async def titles(one: Product) -> list[str]:
    async with one.house.store.reading() as session:
        return [item.title for item in await session.exec(select(Item).where(Item.day == one.day).order_by(col(Item.position)))]


async def test_a_draft_is_built_by_forms_alone_and_the_chain_knows_it(made: Product) -> None:
    async with admin(made) as http:
        made.day = await made_a_day(http, "2027-03-23")
        path = f"/days/{made.day}/build/timeline"
        stood, before = await titles(made), (await http.get(path)).text
        put = await http.post(path, data={**TALK, "do": "add", "block": "b2", "lane": "national", "goal": ["nonsense"], "time": "shift"})
        new = re.sub(r".*#", "", put.headers["Location"])
        edited = await http.post(path, data={**TALK, "do": "edit", "id": new, "title": "Två", "minutes": "12", "time": "keep"})
        down = await http.post(path, data={"do": "move", "id": new, "way": "down"})
        block = await http.post(path, data={**TALK, "do": "add_block", "block_kind": "regional", "after": "b3", "title": "Eget"})
        moved = await http.post(path, data={"do": "move_block", "id": re.sub(r".*#", "", block.headers["Location"]), "way": "down"})
        hidden = await http.post(path, data={"do": "hide", "id": "b5", "reason": "Vi har en egen återblick"})
        after = (await http.get(path)).text
        shown = await http.post(path, data={"do": "show", "id": "b5"})
        undone = await http.post(path, data={"do": "undo"})
        build = (await http.get(f"/days/{made.day}/build")).text

    assert [one.status_code for one in (put, edited, down, block, moved, hidden, shown, undone)] == [303] * 8
    assert (stood.count("Två"), (await titles(made)).count("Två"), (await titles(made)).count("Eget")) == (0, 1, 1)
    assert "Vi har en egen återblick" not in before
    assert "Vi har en egen återblick" in after
    assert path in build
    assert [did for did, _note in await chain(made, made.day)][-8:] == [
        "programme.add", "programme.edit", "programme.move", "programme.add_block", "programme.move_block", "programme.hide",
        "programme.show", "programme.undo",
    ]  # fmt: skip
    assert not any("samtal" in str(note) for _did, note in await chain(made, made.day))


async def test_what_cannot_be_is_said_at_its_place_and_nothing_is_changed(made: Product) -> None:
    async with admin(made) as http:
        made.day = await made_a_day(http, "2027-03-23")
        path = f"/days/{made.day}/build/timeline"
        stood = await titles(made)
        wrong = [
            await http.post(path, data={**TALK, "do": "edit", "id": "i-oppning", "at": "i-oppning"}),
            await http.post(path, data={**TALK, "do": "add", "block": "b2", "minutes": "tio"}),
            await http.post(path, data={**TALK, "do": "add", "block": "b2", "minutes": "99999999999"}),
            await http.post(path, data={**TALK, "do": "add", "block": "b2", "lane": "r-x"}),
            await http.post(path, data={"do": "remove", "id": "i-x"}),
            await http.post(path, data={"do": "move", "id": "i-oppning", "way": "sideways"}),
            await http.post(path, data={"do": "hide", "id": "b5", "reason": " "}),
            await http.post(path, data={"do": "undo"}),
            await http.post(path, data={"do": "x"}),
        ]

    assert [answer.status_code for answer in wrong] == [422] * 9
    assert '<a href="#i-oppning">Passet är låst i det nationella paketet.' in wrong[0].text
    assert await titles(made) == stood


async def test_what_was_written_stands_there_when_it_was_wrong(made: Product) -> None:
    async with admin(made) as http:
        made.day = await made_a_day(http, "2027-03-23")
        path = f"/days/{made.day}/build/timeline"
        sent = {**TALK, "title": "Ett <samtal>", "minutes": "tio", "time": "shift"}
        pages = [
            (await http.post(path, data={**sent, "do": "edit", "id": "i-r2-kraft@national"})).text,
            (await http.post(path, data={**sent, "do": "add", "block": "b6", "lane": "national"})).text,
            (await http.post(path, data={**sent, "do": "add_block", "block_kind": "regional", "after": "b2"})).text,
            (await http.post(path, data={"do": "hide", "id": "b5", "reason": "x" * 301})).text,
        ]

    assert [page.count('value="Ett &lt;samtal&gt;"') for page in pages] == [1, 1, 1, 0]
    assert [page.count('value="tio"') for page in pages] == [1, 1, 1, 0]
    assert [page.count('value="shift" checked') for page in pages] == [1, 1, 0, 0]
    assert '<option value="regional" selected>' in pages[2]
    assert "x" * 301 in pages[3]


async def test_an_open_page_hears_of_it_at_once(made: Product) -> None:
    await with_a_day(made)
    path = f"/days/{made.day}/build/timeline"
    async with made.http(await made.enter("organizer"), **PAGE) as http, made.socket(await made.join()) as phone:
        await heard(phone)
        assert (await http.post(path, data={**TALK, "do": "add_block", "block_kind": "common", "after": "b6"})).status_code == 303
        (news,) = await told(phone, "day.programme_changed")
        page = (await http.get(f"/days/{made.day}")).text
        async with made.house.store.reading() as session:
            blocks = [block.title for block in await session.exec(select(Block).order_by(col(Block.position)))]

    assert [one["title"] for one in news["items"] if one.get("title") == "Ett samtal"] == ["Ett samtal"]
    assert "Ett samtal" in page
    assert blocks.index("Ett samtal") == 6


@pytest.mark.parametrize("role", ["", "participant", "moderator", "speaker"])
async def test_only_an_organizer_builds(made: Product, role: str) -> None:
    await with_a_day(made)
    path = f"/days/{made.day}/build/timeline"
    cookie = "" if not role else await made.join() if role == "participant" else await made.enter(role)
    async with made.http(cookie, **PAGE) as http:
        assert (await http.get(path)).status_code == 403
        assert (await http.post(path, data={**TALK, "do": "add", "block": "b2"})).status_code == 403


async def test_what_is_done_with_a_late_region_is_a_form_of_the_builder(made: Product) -> None:
    async with admin(made) as http:
        made.day = await made_a_day(http, "2027-03-23")
        path = f"/days/{made.day}/build/timeline"
        all_of_them = await http.post(path, data={"do": "overrun", "id": "", "at": "overdrag", "rule": "hold", "limit": "5"})
        one = await http.post(path, data={"do": "overrun", "id": "b6", "at": "b6", "rule": "finish", "limit": "3"})
        wrong = await http.post(path, data={"do": "overrun", "id": "b6", "at": "b6", "rule": "hold", "limit": "31"})
        page = (await http.get(path)).text

    assert [answer.status_code for answer in (all_of_them, one, wrong)] == [303, 303, 422]
    async with made.house.store.reading() as session:
        blocks = await session.exec(select(Block).where(Block.day == made.day, Block.kind == "regional"))
        assert {row.block: (row.overrun, row.overrun_limit_s) for row in blocks} == {"b2": ("hold", 300), "b6": ("finish", 180)}
    assert page.count('<option value="finish" selected>') == 1
    assert [did for did, _note in await chain(made, made.day)][-2:] == ["programme.overrun", "programme.overrun"]


async def test_an_item_goes_nowhere_where_its_poll_is_not_asked_and_to_its_own_place_though_it_is_last(made: Product) -> None:
    async with admin(made) as http:
        made.day = await made_a_day(http, "2027-03-23")
        path = f"/days/{made.day}/build/timeline"
        await http.post(f"/days/{made.day}/do/bank.use", data={"item": "q-steg", "version": "1", "lane": "r-norrvik"})
        async with made.house.store.reading() as session:
            poll = (await session.exec(select(Poll.poll).where(Poll.scope == "r-norrvik").order_by(col(Poll.place).desc()))).first()
        new = {**TALK, "do": "add", "block": "b2", "lane": "r-norrvik", "after": "i-norrvik-1", "shows": f"poll:{poll}", "time": "shift"}
        item = re.sub(r".*#", "", (await http.post(path, data=new)).headers["Location"])
        away = await http.post(path, data={"do": "carry", "id": item, "to": "b2/r-vastero", "time": "shift"})
        stood = await lane_of(made, item)
        answers = [
            await http.post(path, data={"do": "carry", "id": item, "to": to, "time": "shift"}) for to in ("b2/r-norrvik", "b6/r-norrvik")
        ]

    assert (away.status_code, stood) == (422, ("b2", "r-norrvik"))
    assert "Inslaget har en omröstning för en annan sändning och kan inte flyttas dit." in away.text
    assert [answer.status_code for answer in answers] == [303, 303]
    assert await lane_of(made, item) == ("b6", "r-norrvik")


def uploads(text: str) -> tuple[bytes, bytes]:
    """As a file, and as one that was saved in an older way of writing letters."""
    return text.encode(), text.replace("<title>", "<title>å").encode("latin-1", "replace")


async def lane_of(one: Product, item: str) -> tuple[str, str]:
    async with one.house.store.reading() as session:
        row = await session.get(Item, (one.day, item))
    assert row is not None
    return row.block, row.lane


async def test_a_programme_from_another_tool_is_shown_as_differences_and_what_is_ticked_is_taken(made: Product) -> None:
    async with admin(made) as http:
        made.day = await made_a_day(http, "2027-03-23")
        path = f"/days/{made.day}/build/schedule"
        own = (await http.get(f"/days/{made.day}/schedule.xml")).text
        same = await http.post(path, data={"do": "look", "file": own})
        async with made.house.store.reading() as session:
            item = next(one for one in await session.exec(select(Item).where(Item.day == made.day)) if one.owner == "regional")
        other = own.replace(f"<title>{item.title}</title>", "<title>Ett annat namn</title>")
        looked = await http.post(path, data={"do": "look", "file": other})
        stood = await titles(made)
        nothing = await http.post(path, data={"do": "take", "file": other})
        unsafe = await http.post(path, data={"do": "look", "file": '<!DOCTYPE s [<!ENTITY a "a">]><schedule/>'})
        files = [await http.post(path, data={"do": "look", "file": ""}, files={"upload": ("s.xml", one)}) for one in uploads(other)]
        taken = await http.post(path, data={"do": "take", "file": other, "take": [item.item]})
        asked = (await http.get(path), await http.get(f"/days/{made.day}/build/timeline"))

    assert [one.status_code for one in (same, looked, nothing, unsafe, taken, *asked)] == [200, 200, 422, 422, 303, 200, 200]
    assert "Filen säger samma sak som programmet." in same.text
    assert (f"<del>{item.title}</del>" in looked.text, "<ins>Ett annat namn</ins>" in looked.text) == (True, True)
    assert "dokumenttyp" in unsafe.text
    assert [(one.status_code, "<ins>Ett annat namn</ins>" in one.text, "UTF-8" in one.text) for one in files] == [
        (200, True, False),
        (422, False, True),
    ]
    assert (stood.count("Ett annat namn"), (await titles(made)).count("Ett annat namn")) == (0, 1)
    assert path in asked[1].text
    assert (await chain(made, made.day))[-1][0] == "programme.take_in"
