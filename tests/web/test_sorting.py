"""Sorting what people wrote by plain forms: what the page shows, who may, and what the others then see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.products import Product, product, with_a_day

PEOPLE = 6


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path) as made:
        yield await with_a_day(made)


async def a_poll(live: Product, staff: Any, answers: list[Any], **fields: str) -> str:
    """A closed poll that as many have answered as there are *answers*, shown to everyone."""
    await staff.post(f"/days/{live.day}/do/polls.make", data={"title": "Ett ord?", "open": "1", **fields})
    polls = (await staff.get(f"/days/{live.day}/state")).json()["polls"]
    poll = str(next(one["poll"] for one in polls if one["voting"] == "open"))
    for answer in answers:
        async with live.http(await live.join()) as guest:
            await guest.post(f"/days/{live.day}/do/polls.vote", data={"poll": poll, "answer": answer})
    await staff.post(f"/days/{live.day}/do/polls.close", data={"poll": poll})
    await staff.post(f"/days/{live.day}/do/polls.show", data={"poll": poll, "to": "everyone"})
    return poll


async def test_a_moderator_merges_and_holds_words_by_form_and_guests_see_it(live: Product) -> None:
    do = f"/days/{live.day}/do"
    async with live.http(await live.enter("moderator"), Accept="text/html") as staff, live.http(await live.join()) as guest:
        poll = await a_poll(live, staff, ["journal", "jounal", "journal", "Journaler", "journal", "mod"], kind="words")
        page = f"/days/{live.day}/polls/{poll}/sort"
        before = (await staff.get(page)).text
        merged = await staff.post(f"{do}/polls.merge", data={"poll": poll, "words": ["jounal", "journaler"], "word": "journal"})
        after = (await staff.get(page)).text
        counts = await seen(live, guest, poll)
        await staff.post(f"{do}/polls.hold_words", data={"words": "journal\n\n  Mod "})
        held, listed = await seen(live, guest, poll), (await staff.get(page)).text
        await staff.post(f"{do}/polls.judge", data={"poll": poll, "words": ["journal"], "to": "through"})
        through = await seen(live, guest, poll)
        await staff.post(f"{do}/polls.judge", data={"poll": poll, "words": ["journal"], "to": "undone"})
        undone = await seen(live, guest, poll)
        refused = [(await guest.get(page)).status_code, (await guest.post(f"{do}/polls.judge", data={"poll": poll})).status_code]
        empty = await staff.post(f"{do}/polls.merge", data={"poll": poll, "words": ["mod"], "word": ""})

    assert ('value="jounal"' in before, "räknas som" in before) == (True, False)
    assert (merged.status_code, "räknas som journal" in after, "med jounal, journaler" in after) == (303, True, True)
    assert (counts, held, through, undone) == ({"journal": 5}, {}, {"journal": 5}, {})
    assert ">journal\nmod</textarea>" in listed
    assert refused == [403, 403]
    assert (empty.status_code, "Skriv vad orden ska räknas som." in empty.text) == (422, True)


async def seen(live: Product, guest: Any, poll: str) -> dict[str, int]:
    """The words as everybody sees them."""
    polls = (await guest.get(f"/days/{live.day}/state")).json()["polls"]
    counts: dict[str, int] = next(one for one in polls if one["poll"] == poll)["tally"]["counts"]
    return counts


async def test_what_has_no_words_has_no_page_to_sort_them(live: Product) -> None:
    async with live.http(await live.enter("moderator")) as staff:
        poll = await a_poll(live, staff, [], kind="yesno")
        answers = [await staff.get(f"/days/{live.day}/polls/{one}/sort") for one in (poll, "nowhere")]

    assert [(one.status_code, one.json()["code"]) for one in answers] == [(409, "poll.not_sorted"), (404, "poll.no_such")]
