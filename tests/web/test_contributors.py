"""Those who take part, as an organizer books them and as they see it themselves."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from conference import NewDay
from conference.core.actor import Actor
from conference.library import NATIONAL_KIT, read_kit
from conference.people import INSTALLATION
from conference.tables import Booking, Contributor, Item
from tests.fold import by_id, fold
from tests.web.houses import heard
from tests.web.products import Product, product, with_a_day
from tests.web.test_admin import PAGE, chain, new_links
from tests.web.test_build import told
from web.erasing import erase

ITEM = "i-norrvik-1"


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    """One with a live day, where no film is packaged."""
    async with product(tmp_path, media_url="http://127.0.0.1:9") as one:
        yield await with_a_day(one)


async def test_somebody_is_taken_in_booked_called_and_sees_the_time_on_their_own_page(live: Product) -> None:
    path = f"/days/{live.day}/build/contributors"
    kim = {"do": "take_in", "item": ITEM, "role": "Vårdbiträde", "name": "Kim Ek", "status": "asked", "call": "30"}
    async with live.http(await live.enter("organizer"), **PAGE) as http:
        taken = await http.post(path, data=kim)
        who = taken.headers["Location"].partition("#")[2]
        booked = await http.post(path, data={"do": "book", "id": who, "status": "booked", "call": "45", "contact": "kim@example.se"})
        page = (await http.get(path)).text
        (link,) = new_links((await http.post(path, data={"do": "link", "id": who})).text)
    async with live.http(**PAGE) as speaker:
        entered = await speaker.post(link)
        studio = (await speaker.get(f"/days/{live.day}/studio")).text
        public = (await speaker.get(f"/days/{live.day}/schedule.json")).text
    async with live.house.store.reading() as session:
        item = (await session.exec(select(Item).where(Item.item == ITEM))).one()
        one = (await session.exec(select(Contributor).where(Contributor.contributor == who))).one()

    assert (taken.status_code, booked.status_code, entered.status_code) == (303, 303, 303)
    assert (item.contributors[-1], one.scope, one.call_time_min_before) == (who, "r-norrvik", 45)
    assert "kim@example.se" in page
    assert f"”{item.title}” börjar" in studio
    assert "Kim Ek" in public
    assert "kim@example.se" not in public + studio
    did = await chain(live, live.day)
    assert [name for name, _note in did] == ["contributor.take_in", "contributor.book", "people.invite"]
    assert not any("Kim" in str(note) or "kim@" in str(note) for _name, note in did)


async def test_a_tech_check_is_written_where_the_list_of_what_is_left_leads(live: Product) -> None:
    path = f"/days/{live.day}/build/contributors"
    book = {"do": "book", "id": "c-gd", "status": "booked"}
    async with live.http(await live.enter("organizer"), **PAGE) as http:
        written = await http.post(path, data={**book, "tech_check": "  20 november 14.30 "})
        kept = await http.post(path, data=book)
        wrong = await http.post(path, data={**book, "tech_check": "x" * 121})
        page = (await http.get(path)).text
        emptied = await http.post(path, data={**book, "tech_check": ""})
    async with live.house.store.reading() as session:
        one = (await session.exec(select(Contributor).where(Contributor.contributor == "c-gd"))).one()

    assert [answer.status_code for answer in (written, kept, wrong, emptied)] == [303, 303, 422, 303]
    assert page.count('name="tech_check" maxlength="120" autocomplete="off" value="20 november 14.30"') == 1
    assert one.tech_check == ""


async def test_whoever_is_taken_out_of_the_last_item_is_forgotten(live: Product) -> None:
    path = f"/days/{live.day}/build/contributors"
    async with live.http(await live.enter("organizer"), **PAGE) as http:
        taken = await http.post(
            path, data={"do": "take_in", "item": ITEM, "role": "Vårdbiträde", "status": "asked", "contact": "08-123 45"}
        )
        who = taken.headers["Location"].partition("#")[2]
        out = await http.post(path, data={"do": "take_out", "item": ITEM, "id": who})
    async with live.house.store.reading() as session:
        left = [*(await session.exec(select(Booking.contributor))), *(await session.exec(select(Contributor.contributor)))]

    assert out.status_code == 303
    assert [one for one in left if one == who] == []


async def test_what_is_wrong_is_said_at_its_form_and_nothing_is_changed(live: Product) -> None:
    path = f"/days/{live.day}/build/contributors"
    new = {"do": "take_in", "item": ITEM, "role": "Vårdbiträde", "status": "asked"}
    async with live.http(await live.enter("organizer"), **PAGE) as http:
        wrong = [
            await http.post(path, data={**new, "item": "i-oppning"}),
            await http.post(path, data={**new, "role": " "}),
            await http.post(path, data={**new, "call": "tjugo"}),
            await http.post(path, data={**new, "contact": "ring mig"}),
            await http.post(path, data={"do": "book", "id": "c-gd", "status": "perhaps"}),
            await http.post(path, data={"do": "book", "id": "c-x", "status": "asked"}),
            await http.post(path, data={"do": "take_out", "item": "i-oppning", "id": "c-gd"}),
            await http.post(path, data={"do": "x"}),
        ]
    async with live.house.store.reading() as session:
        rows = list(await session.exec(select(Booking)))

    assert [answer.status_code for answer in wrong] == [422] * 8
    assert '<a href="#ny">Skriv minuterna före inslaget med siffror, högst 600.</a>' in wrong[2].text
    assert 'value="ring mig"' in wrong[3].text
    assert rows == []
    assert await chain(live, live.day) == []


async def test_a_contact_is_forgotten_with_the_name(live: Product, tmp_path: Path) -> None:
    path = f"/days/{live.day}/build/contributors"
    async with live.http(await live.enter("organizer"), **PAGE) as http:
        await http.post(path, data={"do": "book", "id": "c-gd", "status": "booked", "contact": "tor@example.se"})
        await http.post(path, data={"do": "book", "id": "c-host", "status": "booked", "contact": "samira@example.se"})

    gone = await erase(live.house.settings, live.day, None, "Tor Eklövsberg")

    async with live.house.store.reading() as session:
        left = {one.contributor: one.contact for one in await session.exec(select(Booking))}
    assert [*gone] == ["booking:c-gd"]
    assert left == {"c-gd": "", "c-host": "samira@example.se"}
    assert (tmp_path / "erased").read_text() == f"{live.day}\tbooking:c-gd\n"


@pytest.mark.parametrize("role", ["", "participant", "moderator", "speaker"])
async def test_only_an_organizer_books(live: Product, role: str) -> None:
    path = f"/days/{live.day}/build/contributors"
    cookie = "" if not role else await live.join() if role == "participant" else await live.enter(role)
    async with live.http(cookie, **PAGE) as http:
        assert (await http.get(path)).status_code == 403
        assert (await http.post(path, data={"do": "book", "id": "c-gd", "status": "booked"})).status_code == 403


async def test_an_open_page_hears_who_takes_part(live: Product) -> None:
    build = f"/days/{live.day}/build"
    kim = {"do": "take_in", "item": ITEM, "role": "Tolk", "name": "Kim Ek", "status": "asked"}
    async with live.http(await live.enter("organizer"), **PAGE) as http, live.socket(await live.join()) as phone:
        state = (await heard(phone))["welcome"]["state"]
        seen: list[object] = []
        who = (await http.post(f"{build}/contributors", data=kim)).headers["Location"].partition("#")[2]
        plate = {"do": "contributor", "id": who, "name": "Kim Ek", "role": "Jurist"}
        for path, sent in (("", None), ("programme", plate), ("contributors", {"do": "take_out", "item": ITEM, "id": who})):
            if sent:
                assert (await http.post(f"{build}/{path}", data=sent)).status_code == 303
            (data,) = await told(phone, "contributors.changed")
            state = fold(state, "contributors.changed", data)
            fresh = (await http.get(f"/days/{live.day}/state")).json()
            assert by_id(state)["panellists"] == by_id(fresh)["panellists"]
            seen += [(one["title"], "beside" in one) for one in fresh["panellists"] if one["panellist"] == who] or ["gone"]

    assert seen == [("Kim Ek, Tolk", True), ("Kim Ek, Jurist", False), "gone"]


async def test_both_pages_count_those_who_are_in_the_programme(tmp_path: Path) -> None:
    async with product(tmp_path, media_url="http://127.0.0.1:9") as one:
        new = NewDay(date=datetime.now(UTC).date() + timedelta(days=1), day="d1", regions=[("r-gotland", "Region Gotland")])
        await one.house.programme.create_from_kit(Actor.house(INSTALLATION), read_kit(NATIONAL_KIT), new)
        one.day = "d1"
        async with one.http(await one.enter("organizer"), **PAGE) as http:
            pages = [(await http.get(f"/days/d1/build{path}")).text for path in ("", "/contributors")]

    assert [re.findall(r"(?:Medverkande bokade|Bokade): 0 av (\d+)", page) for page in pages] == [["12"], ["12"]]
