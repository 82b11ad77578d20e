"""The administration of an installation: an admin stays one, hands out links, and everything that is done stands in the audit chain."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from sqlmodel import col, select

from conference.core.actor import Actor
from conference.core.audit import AuditEntry, first_break
from conference.people import INSTALLATION, Terms
from tests.web.products import Product, product, with_a_day

PAGE = {"Accept": "text/html"}
REGION = "r-norrvik"


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncIterator[Product]:
    """An installation without a day."""
    async with product(tmp_path) as made:
        yield made


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    """One with a live day."""
    async with product(tmp_path) as made:
        yield await with_a_day(made)


@asynccontextmanager
async def admin(made: Product) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser that came by an admin link."""
    link = (await made.house.people.make_link(Actor.house(INSTALLATION), Terms("admin", frozenset({"organizer"})))).data or {}
    async with made.http(**PAGE) as http:
        answer = await http.post(f"/invite/{link['token']}")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/admin")
        yield http


async def made_a_day(http: httpx2.AsyncClient, on: str, **more: str) -> str:
    answer = await http.post("/admin/days", data={"date": on, "region": REGION, **more})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"]).split("/")[2]


async def chain(made: Product, day: str) -> list[tuple[str, dict[str, Any]]]:
    """What stands in a day's chain, which holds."""
    async with made.house.store.reading() as session:
        entries = (await session.exec(select(AuditEntry).where(AuditEntry.day == day).order_by(col(AuditEntry.number)))).all()
    assert first_break(entries) is None
    return [(entry.did, msgspec.json.decode(entry.note)) for entry in entries]


async def test_an_admin_makes_a_second_day(empty: Product) -> None:
    async with admin(empty) as http:
        first = await made_a_day(http, "2027-03-23")
        assert (await http.get(f"/days/{first}/build")).status_code == 200
        second = await made_a_day(http, "2027-11-22")
        page = await http.get("/admin")

    assert page.status_code == 200
    assert f"/admin/days/{first}/enter" in page.text
    assert f"/admin/days/{second}/enter" in page.text


async def test_publishing_starting_and_making_days_is_audited(empty: Product) -> None:
    async with admin(empty) as http:
        day = await made_a_day(http, "2027-03-23")
        for do in ("publish", "start"):
            assert (await http.post(f"/days/{day}/build", data={"do": do})).status_code == 303

    assert await chain(empty, INSTALLATION) == [("day.create", {"day": day, "kit": "kit-nationell-dag"})]
    assert [did for did, _note in await chain(empty, day)] == ["admin.enter", "day.publish", "day.start"]


async def test_giving_a_film_is_audited(live: Product) -> None:
    async with live.http(await live.enter("organizer")) as http:
        given = await http.post(f"/days/{live.day}/library/films", data={"title": "Vår"}, files={"file": ("v.mp4", b"x" * 100)})

    assert given.status_code == 202
    assert await chain(live, live.day) == [("library.add_film", {})]


@pytest.mark.parametrize(("who", "seen"), [("organizer", True), ("moderator", False), ("participant", False), ("stranger", False)])
async def test_the_form_that_takes_films_is_shown_to_those_who_may_give_them(live: Product, who: str, seen: bool) -> None:
    cookie = "" if who == "stranger" else await live.join() if who == "participant" else await live.enter(who)
    async with live.http(cookie, **PAGE) as http:
        page = await http.get(f"/days/{live.day}/library")

    assert ("data-upload" in page.text) is seen


async def test_staff_of_another_day_sees_no_form_for_films(live: Product) -> None:
    async with admin(live) as http:
        await made_a_day(http, "2029-03-23")
        page = await http.get(f"/days/{live.day}/library")

    assert "data-upload" not in page.text


async def test_a_day_is_made_on_the_date_that_another_was_moved_from(empty: Product) -> None:
    """A moved day keeps its id, and so its addresses; the next one on that date is called otherwise, and files by the date there is."""
    async with admin(empty) as http:
        first = await made_a_day(http, "2027-03-23")
        empty.day = first
        moved = await http.post(f"/days/{first}/build/programme", data={"do": "begin", "date": "2027-04-20", "begins": "09:00"})
        second = await made_a_day(http, "2027-03-23")
        again = await http.post("/admin/days", data={"date": "2027-03-23", "region": REGION})
        await http.post(f"/admin/days/{first}/enter", data={"to": "build"})
        page, file = await http.get(f"/days/{first}"), await http.get(f"/days/{first}/export/programme.csv")

    assert (moved.status_code, second, again.status_code) == (303, f"{first}-2", 422)
    assert (page.status_code, "2027-04-20" in file.headers["Content-Disposition"]) == (200, True)


def new_links(page: str) -> list[str]:
    """The addresses that a page tells once."""
    return re.findall(r'value="(http://[^"]+/invite/[^"]+)"', page)


async def test_only_an_admin_sees_the_page_of_the_installation(live: Product) -> None:
    for cookie, status in (("", 401), (await live.enter("organizer"), 403), (await live.join(), 403)):
        async with live.http(cookie, **PAGE) as http:
            for path in ("/admin/days", f"/admin/days/{live.day}/enter", "/admin/links", "/admin/leave"):
                assert (await http.post(path, data={"role": "admin"})).status_code == status
            page = await http.get("/admin")
            assert page.status_code == status
    async with live.http(**PAGE) as http:
        assert "samsyn invite --admin" in (await http.get("/admin")).text


async def test_an_admin_comes_into_every_day_under_one_id_and_keeps_it(empty: Product) -> None:
    async with admin(empty) as http:
        days = [await made_a_day(http, on) for on in ("2027-03-23", "2027-11-22")]
        who = set()
        for day in days * 2:
            answer = await http.post(f"/admin/days/{day}/enter", data={"to": "cockpit"})
            assert answer.headers["Location"] == f"/days/{day}/cockpit"
            you = (await http.get(f"/days/{day}/state")).json()["you"]
            who.add((you["person"], *you["roles"]))
        assert len(who) == 1
        assert (await http.get("/admin")).status_code == 200
        missing = await http.post("/admin/days/d-x/enter", data={"to": "cockpit"})

    assert {role for _, *roles in who for role in roles} == {"moderator", "organizer"}
    assert missing.status_code == 404


async def test_an_admin_replaces_a_lost_link_of_an_organizer(live: Product) -> None:
    async with admin(live) as http:
        page = await http.post("/admin/links", data={"day": live.day, "role": "organizer"})
        wrong = await http.post("/admin/links", data={"day": "d-x", "role": "organizer"})
        unknown = await http.post("/admin/links", data={"day": live.day, "role": "king"})
    (link,) = new_links(page.text)
    async with live.http(**PAGE) as http:
        entered = await http.post(link)
        assert entered.headers["Location"] == f"/days/{live.day}/build"
        assert (await http.get(f"/days/{live.day}/build")).status_code == 200
        again = await http.post(link)

    assert (wrong.status_code, unknown.status_code, again.status_code) == (404, 422, 409)
    assert await chain(live, live.day) == [("people.invite", {"role": "organizer"})]


async def test_an_admin_invites_another_and_leaves(live: Product) -> None:
    async with admin(live) as http:
        (link,) = new_links((await http.post("/admin/links", data={"role": "admin"})).text)
        await http.post("/admin/leave")
        assert (await http.get("/admin")).status_code == 401
    async with live.http(**PAGE) as http:
        await http.post(link)
        assert (await http.get("/admin")).status_code == 200


async def test_an_admin_who_joins_a_day_stays_an_admin(live: Product) -> None:
    async with admin(live) as http:
        await http.post("/join", json={"code": live.code})
        assert (await http.get("/admin")).status_code == 200
        assert (await http.get(f"/days/{live.day}/live")).status_code == 200
        assert (await http.get(f"/days/{live.day}/build")).status_code == 403
