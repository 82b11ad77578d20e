"""A region joins without staff: the form by its link, what it gets of the features above, its page, and what is refused."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from conference import NewDay
from conference.core.actor import Actor
from conference.library import NATIONAL_KIT, read_kit
from conference.people import INSTALLATION
from conference.tables import RegionContact
from polls.rules import question_of
from polls.tables import Poll
from tests.web.products import Product, product
from tests.web.test_admin import PAGE, chain
from web import backups, erasing
from web.restoring import restore

DAY = "d-med"
STAFF = Actor(DAY, "olga", frozenset({"organizer"}))
FORM = {"do": "join", "name": "Region Fjällstrand", "contact": "eva@fjallstrand.example", "goal": ["information", "together"], "film": ""}


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Product]:
    """An installation with a published day."""
    async with product(tmp_path, media_url="http://127.0.0.1:9") as one:
        new = NewDay(date=date(2027, 3, 23), day=DAY)
        await one.house.programme.create_from_kit(Actor.house(INSTALLATION), read_kit(NATIONAL_KIT), new)
        await one.house.programme.publish(Actor.house(DAY))
        one.day = DAY
        yield one


async def handed(made: Product) -> str:
    """A link for regions."""
    async with made.http(await made.enter("organizer"), **PAGE) as http:
        page = await http.post(f"/days/{DAY}/light", data={"do": "link"})
    return str(re.findall(r'value="([^"]+/light/[^"]+)"', page.text)[0])


async def test_by_the_link_it_gets_polls_of_its_own_and_is_led_to_its_page(made: Product) -> None:
    link = await handed(made)
    async with made.http(**PAGE) as http:
        assert (await http.get(link)).status_code == 200
        joined = await http.post(link, data=FORM)
        own = await http.get(joined.headers["Location"])

    assert (joined.status_code, own.status_code) == (303, 200)
    assert ("Region Fjällstrand" in own.text, "eva@" in own.text) == (True, False)
    async with made.house.store.reading() as session:
        polls = (await session.exec(select(Poll).where(Poll.day == DAY))).all()
    theirs = {
        scope: sorted(poll.poll.partition(".")[0] for poll in polls if poll.scope == scope) for scope in ("r-vastero", "r-fjallstrand")
    }
    assert theirs["r-fjallstrand"] == theirs["r-vastero"] != []
    assert [did for did, _ in await chain(made, DAY)][-2:] == ["regions.join_light", "people.invite"]


async def test_whoever_has_its_address_sees_what_was_answered_when_the_day_is_over_and_staff_before(made: Product) -> None:
    link, house = await handed(made), made.house
    async with made.http(**PAGE) as http:
        address = (await http.post(link, data=FORM)).headers["Location"]
    await house.programme.start(STAFF)
    async with house.store.reading() as session:
        drafts = (await session.exec(select(Poll).where(Poll.day == DAY, Poll.scope == "r-fjallstrand"))).all()
    poll, asked = next((one.poll, question_of(one)) for one in drafts if question_of(one).kind == "points")
    await house.polls.open(STAFF, poll)
    for number in range(2):
        await house.polls.vote(Actor(DAY, f"kim{number}", lane="r-fjallstrand", region="r-fjallstrand"), poll, {asked.options[0].id: 100})
    await house.polls.close(STAFF, poll)

    async def seen(cookie: str, path: str) -> tuple[int, int]:
        async with made.http(cookie, **PAGE) as http:
            page = await http.get(path)
        return page.status_code, page.text.count('<div class="report-poll">')

    assert await seen("", address) == (200, 0)
    assert await seen(await made.enter("moderator"), f"/days/{DAY}/report/r-fjallstrand") == (200, 1)
    await house.programme.end(STAFF)
    async with made.http(**PAGE) as http:
        page = (await http.get(address)).text
    assert (page.count('<div class="report-poll">'), "svaren visas inte" in page, "<table" in page) == (1, True, False)


async def test_what_is_wrong_is_said_at_its_field_and_kept(made: Product) -> None:
    link = await handed(made)
    async with made.http(**PAGE) as http:
        answer = await http.post(link, data={**FORM, "contact": "ring mig"})

    assert answer.status_code == 422
    assert ('<a href="#contact">' in answer.text, 'value="Region Fjällstrand"' in answer.text) == (True, True)


async def test_its_links_sign_nobody_in_and_a_withdrawn_one_is_shut(made: Product) -> None:
    link = await handed(made)
    token = link.rpartition("/")[2]
    async with made.http(**PAGE) as http:
        assert (await http.post(f"/invite/{token}")).status_code == 404
        assert (await http.get(f"/days/{DAY}/region/{token}")).status_code == 404
        assert (await http.get(f"/days/{DAY}/light/nonsense")).status_code == 404
        assert (await http.get(f"/days/{DAY}/light")).status_code == 403
        async with made.http(await made.enter("organizer"), **PAGE) as organizer:
            page = await organizer.get(f"/days/{DAY}/light")
            (kept,) = re.findall(r'name="link" value="(\w+)"', page.text)
            await organizer.post(f"/days/{DAY}/light", data={"do": "withdraw", "link": kept})
        assert (await http.get(link)).status_code == 409
        assert (await http.post(link, data=FORM)).status_code == 409


async def test_an_organizer_adds_one_sees_how_to_reach_it_and_has_that_forgotten(made: Product) -> None:
    async with made.http(await made.enter("organizer"), **PAGE) as http:
        await http.post(f"/days/{DAY}/light", data=FORM)
        before = await http.get(f"/days/{DAY}/light")
        await http.post(f"/days/{DAY}/light", data={"do": "forget", "region": "r-fjallstrand"})
        after = await http.get(f"/days/{DAY}/light")
        staff = await http.get(f"/days/{DAY}/report/r-fjallstrand")
        nobody = await http.get(f"/days/{DAY}/report/r-ingen")

    assert ("eva@fjallstrand.example" in before.text, "eva@fjallstrand.example" in after.text) == (True, False)
    assert (staff.status_code, nobody.status_code) == (200, 422)


async def test_a_regions_page_has_one_address_at_a_time_and_the_chain_says_who_made_it(made: Product) -> None:
    async with made.http(await made.enter("organizer"), **PAGE) as http:
        first = (await http.post(f"/days/{DAY}/light", data=FORM)).headers["Location"]
        other = (await http.post(f"/days/{DAY}/light", data={**FORM, "name": "Region Lillvik"})).headers["Location"]
        again = (await http.post(f"/days/{DAY}/light", data={"do": "page", "region": "r-fjallstrand"})).headers["Location"]
    async with made.http(**PAGE) as http:
        opened = [(await http.get(one)).status_code for one in (first, other, again)]

    assert opened == [409, 200, 200]
    assert [did for did, _ in await chain(made, DAY)][-2:] == ["people.invite", "people.withdraw_link"]


async def test_a_regions_page_reckons_no_more_of_the_report_than_it_shows(made: Product) -> None:
    assert set(await made.house.regional.of(DAY)) == {"attendance", "polls"}


async def test_a_contact_is_erased_by_a_name_in_it_or_its_button_and_no_backup_brings_it_back(made: Product, tmp_path: Path) -> None:
    settings, clock, backup = made.house.settings, made.house.clock, tmp_path / "before.tar"
    async with made.http(await made.enter("organizer"), **PAGE) as http:
        for name, contact in (
            ("Fjällstrand", "Kim Ek 070-123 45 67"),
            ("Lillvik", "eva@lillvik.example"),
            ("Östvik", "bo@ostvik.example"),
        ):
            await http.post(f"/days/{DAY}/light", data={**FORM, "name": f"Region {name}", "contact": contact})
        await backups.save(settings, clock, backup)
        await http.post(f"/days/{DAY}/light", data={"do": "forget", "region": "r-lillvik"})
    gone = await erasing.erase(settings, DAY, None, "kim ek")
    async with made.house.store.reading() as session:
        left = list(await session.exec(select(RegionContact.region)))

    place = tmp_path / "again"
    place.mkdir()
    (place / erasing.LIST).write_text((settings.data_dir / erasing.LIST).read_text())
    done = await restore(settings.model_copy(update={"data_dir": place}), backup, clock, made.house.ids, instead=True)
    with sqlite3.connect(place / "samsyn.db") as file:
        back = file.execute("select region from region_contact").fetchall()

    assert ([*gone], left) == (["contact:r-fjallstrand"], ["r-ostvik"])
    assert (done.erased, back) == (2, [("r-ostvik",)])
