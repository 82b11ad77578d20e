"""After the day: the search of the report, the answers on the day's page, and the way to the moment of an answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chat.questions.tables import Question
from chat.tables import Message
from conference.core.actor import Actor
from conference.core.transaction import Transaction
from conference.tables import Day, Item
from tests.web.products import Product, product, with_a_day
from tests.web.test_questions import wish
from tests.web.test_recordings import film_was_shown


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Product]:
    """A live day whose panel takes questions."""
    async with product(tmp_path) as one:
        await with_a_day(one)
        await one.house.questions.open(Actor.house(one.day), "national")
        yield one


async def ended(made: Product) -> None:
    async def end(tx: Transaction) -> None:
        tx.put((await tx.get(Day, made.day)).model_copy(update={"state": "ended"}))

    await made.house.store.run(end)


async def test_the_days_page_has_the_answers_and_names_where_they_may_be_told(made: Product) -> None:
    async with (
        made.http(await made.join(name="Hemtjänsten Norr", people=8)) as kim, made.http(await made.join(name="Lo Alm")) as lo,
        made.http(await made.enter("moderator")) as olga, made.http() as anybody,
    ):  # fmt: skip
        told = (await wish(kim, made.day, "questions.ask", text="Vem äger <b>frågan</b>?", quotable=True))[1]["data"]["question"]
        kept = (await wish(lo, made.day, "questions.ask", text="Min hemliga fråga?"))[1]["data"]["question"]
        for question in (told, kept):
            await wish(olga, made.day, "questions.write", question=question, text="Så här är det.")
        await wish(olga, made.day, "questions.label", question=kept, label="Journal")
        before = (await anybody.get(f"/days/{made.day}")).text
        await ended(made)
        page = (await anybody.get(f"/days/{made.day}")).text
        await wish(kim, made.day, "questions.consent", question=told, quotable=False)
        after = (await anybody.get(f"/days/{made.day}")).text

    assert "Frågor till panelen, och svaren" not in before
    assert "Vem äger &lt;b&gt;frågan&lt;/b&gt;?" in page
    assert "Hemtjänsten Norr, 8 personer" in page
    assert "En fråga om: Journal" in page
    assert page.count("Så här är det.") == 2
    assert [word for word in ("Min hemliga fråga", "Lo Alm", "<b>frågan") if word in page] == []
    assert [word for word in ("Vem äger", "Hemtjänsten Norr") if word in after] == []


async def test_the_report_finds_words_in_questions_and_chat(made: Product) -> None:
    async with made.http(await made.join(name="Kim Ek")) as kim, made.http(await made.enter("moderator")) as olga:
        await wish(kim, made.day, "questions.ask", text="Vem äger journalen?")
        await wish(kim, made.day, "questions.ask", text="Vad kostar det?")

        async def say(tx: Transaction) -> None:
            about: dict[str, Any] = {"day": made.day, "room": "national", "person": "x", "at": made.house.clock.now()}
            for number in range(51):
                tx.put(Message(message=f"m{number}", seq=number, text=f"Journalen <i>{number}</i> finns", **about))

        await made.house.store.run(say)
        first = (await olga.get(f"/days/{made.day}/report?q=JOURNALEN")).text
        second = (await olga.get(f"/days/{made.day}/report?q=JOURNALEN&page=2")).text
        odd = [
            (await olga.get(f"/days/{made.day}/report?q={q}")).status_code
            for q in ("%00%e2%80%ae", "x" * 900, "a&page=-1", "a&page=²", "a&page=99999")
        ]

    assert "1 frågor och 51 inlägg med ”JOURNALEN”" in first
    assert (first.count("</i&gt; finns") + first.count("&lt;/i&gt; finns"), second.count("&lt;/i&gt; finns")) == (50, 1)
    assert "page=2#sok" in first
    assert odd == [200] * 5


async def test_an_answer_leads_to_its_moment_once_that_is_published(made: Product) -> None:
    async with made.http(await made.join()) as kim, made.http(await made.enter("organizer")) as olga, made.http() as anybody:
        asked = (await wish(kim, made.day, "questions.ask", text="Varför?"))[1]["data"]["question"]
        held = (await wish(kim, made.day, "questions.ask", text="Och?"))[1]["data"]["question"]
        await wish(olga, made.day, "questions.take_up", question=asked)
        await wish(olga, made.day, "questions.answered", question=asked)
        await film_was_shown(made)

        async def meanwhile(tx: Transaction) -> None:
            begins_at = (await tx.get(Item, made.day, "i-hemma")).starts_at
            when = {"taken_up_at": begins_at + timedelta(seconds=3), "answered_at": begins_at + timedelta(seconds=5)}
            tx.put((await tx.get(Question, made.day, asked)).model_copy(update=when))

        await made.house.store.run(meanwhile)
        base = f"/days/{made.day}/questions"
        before = await anybody.get(f"{base}/{asked}/moment")
        await wish(olga, made.day, "recordings.publish", recording="i-hemma", exception="Texten kommer.")
        there = await anybody.get(f"{base}/{asked}/moment", follow_redirects=False)
        kept = await moment_of(made)
        await wish(kim, made.day, "questions.consent", question=asked, quotable=True)
        told = await moment_of(made)
        others = [(await anybody.get(f"{base}/{name}/moment")).status_code for name in (held, "none")]

    place, _, at = there.headers["Location"].partition("?t=")
    assert (before.status_code, there.status_code, place, others) == (409, 303, f"/days/{made.day}/recordings/i-hemma", [404, 404])
    assert 2.5 < float(at) < 3.5  # a lane changes on a grid of 0.4 s
    assert [(round(one["at"], 1), one["text"]) for one in (kept, told)] == [(float(at), None), (float(at), "Varför?")]


async def moment_of(made: Product) -> dict[str, Any]:
    """The one question that stands beside the picture."""
    async with made.http() as http:
        moments = (await http.get(f"/days/{made.day}/recordings/i-hemma/moments.json")).json()["moments"]
    [found] = [one for one in moments if one["kind"] == "question"]
    return dict(found)
