"""Sorting what people wrote by plain forms: what the page shows, who may, and what the others then see."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from conference.core.actor import Actor
from polls.kinds import Option, Question
from tests.web.products import Product, product, with_a_day

CHOICE = Question(
    "q", "choice", "Fungerar samvrekan bra?", title_en="Does it work?",
    options=(Option("ja", "Ja, för det mesta", "Yes"), Option("nej", "Nej", "No")),
)  # fmt: skip
IDEAS = Question("q", "ideas", "Vad kan vi börja med?", ideas_each=3)


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path) as made:
        yield await with_a_day(made)


async def a_poll(live: Product, staff: Any, answers: list[Any], **fields: str) -> str:
    """A closed poll that as many have answered as there are *answers*, shown to everyone."""
    await staff.post(f"/days/{live.day}/do/polls.make", data={"title": "Ett ord?", "open": "1", **fields})
    polls = (await staff.get(f"/days/{live.day}/state")).json()["polls"]
    poll = str(next(one["poll"] for one in polls if one["voting"] == "open"))
    for number, answer in enumerate(answers):
        await live.house.polls.vote(Actor(live.day, f"p{number}"), poll, [answer])
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
        await staff.post(f"{do}/chat.words", data={"words": "journal\n\n  Mod "})
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
    assert "<p>journal, mod</p>" in listed
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


async def test_texts_come_under_themes_and_ideas_are_backed_all_by_form(live: Product) -> None:
    do = f"/days/{live.day}/do"
    async with (
        live.http(await live.enter("moderator"), Accept="text/html") as staff,
        live.http(await live.join(), Accept="text/html") as kim,
    ):
        ideas = await live.house.polls.make(Actor.house(live.day), IDEAS, at_once=True)
        poll = str((ideas.data or {})["poll"])
        form = (await kim.get(f"/days/{live.day}/live")).text
        await kim.post(f"{do}/polls.vote", data={"poll": poll, "answer": ["Ring", "Skriv", ""]})
        for text in ("Ring varandra", "Mejla", "Fråga", "Träffas"):
            await live.house.polls.vote(Actor(live.day, text), poll, text)
        await staff.post(f"{do}/polls.close", data={"poll": poll})
        page = f"/days/{live.day}/polls/{poll}/sort"
        found = dict(re.findall(r'name="words" value="([\w.]+)"> <span>([^<]+)</span>', (await staff.get(page)).text))
        same = [name for name, text in found.items() if text.startswith("Ring")]
        await staff.post(f"{do}/polls.merge", data={"poll": poll, "words": same, "word": "Ring varandra"})
        after = (await staff.get(page)).text
        backing = await staff.post(f"{do}/polls.let_back", data={"poll": poll})
        to_back = (await kim.get(f"/days/{live.day}/live")).text

    assert form.count("<textarea") - form.count('name="text"') >= 3
    assert sorted(found.values()) == ["Fråga", "Mejla", "Ring", "Ring varandra", "Skriv", "Träffas"]
    assert after.count("i temat Ring varandra") == 2
    assert backing.status_code == 303
    assert re.findall(r'type="checkbox" name="answer" value="i1"> <span data-part="text">([^<]+)<', to_back) == ["Ring varandra"]


async def test_a_misspelling_is_mended_by_form_and_the_report_says_so_and_english_files_have_english_words(live: Product) -> None:
    poll = str(((await live.house.polls.make(Actor.house(live.day), CHOICE, at_once=True)).data or {})["poll"])
    async with (
        live.http(await live.enter("moderator"), Accept="text/html") as staff,
        live.http(await live.join(), Accept="text/html") as kim,
    ):
        page, do = f"/days/{live.day}/polls/{poll}/correct", f"/days/{live.day}/do/polls.correct"
        form = (await staff.get(page)).text
        mended = await staff.post(do, data={"poll": poll, "part": "title", "text": "Fungerar samverkan bra?", "reason": "Två bokstäver."})
        refused = await staff.post(do, data={"poll": poll, "part": "title", "text": "Gillar du kaffe?", "reason": "x"})
        after, seen = (await staff.get(page)).text, (await kim.get(f"/days/{live.day}/live")).text
        forbidden = await kim.get(page)
    async with live.http(await live.enter("organizer"), **{"Accept": "text/html", "Accept-Language": "en"}) as organizer:
        file = (await organizer.get(f"/days/{live.day}/export/polls.csv")).text
        report = (await organizer.get(f"/days/{live.day}/report", headers={"Accept-Language": "sv"})).text

    assert ("Fungerar samvrekan bra?</textarea>" in form, mended.status_code, refused.status_code, forbidden.status_code) == (
        True,
        303,
        422,
        403,
    )
    assert "blev ”Fungerar samverkan bra?”. Två bokstäver." in after
    assert "blev ”Fungerar samverkan bra?”. Två bokstäver." in report
    assert ("Fungerar samverkan bra?" in seen, "Fungerar samvrekan" in seen) == (True, False)
    assert ('"Does it work?"' in file, '"Yes"' in file, '"Ja, för det mesta"' in file) == (True, True, False)
