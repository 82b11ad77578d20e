"""A show of hands by form, without scripts: who is offered it, what is refused, and where it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.products import Product, product, with_a_day

OFFER = "Räkna händer i rummet"


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path) as made:
        yield await with_a_day(made)


async def a_poll(live: Product, staff: Any, **fields: str) -> str:
    """An open poll, made in the cockpit."""
    await staff.post(f"/days/{live.day}/do/polls.make", data={"kind": "yesno", "title": "Har ni provat?", "open": "1", **fields})
    polls = (await staff.get(f"/days/{live.day}/state")).json()["polls"]
    return str(next(one["poll"] for one in polls if one["voting"] == "open"))


async def test_a_unit_counts_hands_by_form_and_the_page_report_and_file_tell_them_apart(live: Product) -> None:
    desk, norr, kim = await live.enter("moderator"), await live.join(people=12), await live.join()
    day, form = f"/days/{live.day}", f"/days/{live.day}/do/polls.hands"
    async with live.http(desk) as staff, live.http(norr, Accept="text/html") as unit, live.http(kim, Accept="text/html") as phone:
        poll = await a_poll(live, staff)
        assert 'name="hands.yes"' in (await unit.get(f"{day}/live")).text
        many = await unit.post(form, data={"poll": poll, "hands.yes": "9", "hands.no": "4"})
        told = [await unit.post(form, data={"poll": poll, "hands.yes": yes, "hands.no": "3"}) for yes in ("8", "9")]
        alone = await phone.post(form, data={"poll": poll, "hands.yes": "1"})
        await phone.post(f"{day}/do/polls.vote", data={"poll": poll, "answer": "no"})
        mine = next(one for one in (await unit.get(f"{day}/state")).json()["polls"] if one["poll"] == poll)
        written = (await unit.get(f"{day}/live")).text
        await staff.post(f"{day}/do/polls.close", data={"poll": poll})
        await staff.post(f"{day}/do/polls.show", data={"poll": poll, "to": "everyone"})
        seen = (await phone.get(f"{day}/live")).text
        tally = next(one for one in (await phone.get(f"{day}/state")).json()["polls"] if one["poll"] == poll)["tally"]

    async with live.http(await live.enter("organizer")) as organizer:
        report = (await organizer.get(f"{day}/report", headers={"Accept": "text/html"})).text
        file = (await organizer.get(f"{day}/export/polls.csv")).text
    assert (many.status_code, [one.status_code for one in told], alone.status_code) == (422, [303, 303], 409)
    assert "inte bli fler än 12 händer" in many.text
    assert (mine["hands"], mine.get("mine")) == ({"yes": 9, "no": 3}, None)
    assert "Era händer är registrerade." in written
    assert 'value="9"' in written
    assert (tally["n"], tally["counts"]["no"], tally["hands"]["n"]) == (1, 1, 12)
    assert "12 händer bakom 1 skärm<" in seen
    assert "12 händer bakom 1 skärm<" in report
    assert '"hands";"Har ni provat?"' in file


async def test_hands_are_offered_to_those_who_are_more_than_one_and_where_they_can_be_counted(live: Product) -> None:
    desk, norr, kim = await live.enter("moderator"), await live.join(people=12), await live.join()
    async with live.http(desk) as staff, live.http(norr, Accept="text/html") as unit, live.http(kim, Accept="text/html") as phone:
        await a_poll(live, staff)
        pages = [(await one.get(f"/days/{live.day}/live")).text for one in (unit, phone)]
        words = await staff.post("/days/" + live.day + "/do/polls.make", data={"kind": "words", "title": "Ett ord?", "open": "1"})
        assert words.status_code == 303
    boxes = [page.split('data-part="hands"')[1].split(">")[0] for page in pages]
    assert [OFFER in page for page in pages] == [True, True]
    assert ["hidden" in box for box in boxes] == [False, True]
