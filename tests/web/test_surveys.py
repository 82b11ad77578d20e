"""Surveys by form and wish, over HTTP, as the product answers them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from conference.core.actor import Actor
from conference.core.transaction import Transaction
from polls.surveys.kit import drafts
from tests.web.products import Product, product, with_a_day

SECTIONS: list[dict[str, Any]] = [
    {
        "id": "igen",
        "kind": "yesno",
        "title": "Kommer ni igen?",
        "title_en": "Will you come again?",
        "options": [{"id": "ja", "text": "Ja", "text_en": "Yes"}, {"id": "nej", "text": "Nej", "text_en": "No"}],
        "section": {"title": "Om dagen", "title_en": "About the day"},
    },
    {"id": "hinder", "kind": "text", "title": "Vad hindrar er?", "longest": 200, "after": {"question": "igen", "answers": ["no"]}},
    {
        "id": "betyg",
        "kind": "scale",
        "title": "Tekniken?",
        "steps": 5,
        "section": {"title": "Om tekniken", "help": "Tänk på ljud och bild."},
    },
]


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path) as made:
        yield await with_a_day(made)


async def ask(live: Product, questions: list[dict[str, Any]], **about: Any) -> None:
    """An open survey of the day, before all others."""
    raw = {"id": "ev", "title": "Enkät", "for": "participants", "anonymous": True, "questions": questions, **about}
    [survey] = drafts(live.day, {"surveys": [raw]}, {})

    async def put(tx: Transaction) -> None:
        tx.put(survey.model_copy(update={"place": 0}))

    await live.house.store.run(put)
    await live.house.surveys.open(Actor.house(live.day), "ev")


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.replace("\N{NO-BREAK SPACE}", " ")))


async def test_sections_and_follow_ups_stand_on_the_page_without_scripts_and_are_answered_by_form(live: Product) -> None:
    await ask(live, SECTIONS, intro="Kort.", intro_en="Short.")
    sent = {"survey": "ev", "answers.igen": "no", "answers.hinder": "Tid", "answers.betyg": "4", "final": "true"}
    async with live.http(await live.join(), Accept="text/html") as phone:
        swedish = (await phone.get(f"/days/{live.day}/evaluation")).text
        english = text_of((await phone.get(f"/days/{live.day}/evaluation", headers={"Accept-Language": "en"})).text)
        saved = await phone.post(f"/days/{live.day}/do/surveys.answer", data=sent)
        again = (await phone.get(f"/days/{live.day}/evaluation")).text
        await phone.post(f"/days/{live.day}/do/surveys.answer", data={**sent, "answers.igen": "yes"})
        changed = (await phone.get(f"/days/{live.day}/evaluation")).text

    assert re.findall(r"<h[23]>(.*?)</h[23]>", swedish)[:5] == [
        "Om dagen",
        "Kommer ni igen?",
        "Vad hindrar er?",
        "Om tekniken",
        "Tekniken?",
    ]
    assert ("Följdfråga till dig som svarade: Nej." in text_of(swedish), "Tänk på ljud och bild." in swedish) == (True, True)
    assert [word in english for word in ("Short.", "About the day", "Will you come again?", "Follow-up for those who answered: No.")] == [
        True
    ] * 4
    assert saved.status_code == 303
    assert [(">Tid</textarea>" in page, " data-asked>" in page) for page in (swedish, again, changed)] == [
        (False, False),
        (True, True),
        (False, False),
    ]


async def test_only_the_organizer_reads_what_may_not_be_quoted_and_only_after_the_close(live: Product) -> None:
    await ask(live, [{"id": "ord", "kind": "text", "title": "Vad?", "longest": 200}])
    for number in range(5):
        text = f"Citat {number}" if number < 2 else f"Tyst {number}"
        await live.house.surveys.answer(Actor(live.day, f"p{number}"), "ev", {"ord": text, "ord-citat": number < 2})
    staff = {role: await live.enter(role) for role in ("organizer", "moderator")}

    async def read(role: str, page: str) -> Any:
        async with live.http(staff[role], Accept="text/html") as http:
            answer = await http.get(f"/days/{live.day}/{page}")
        return sorted(set(re.findall(r"(?:Citat|Tyst) \d", answer.text))) if answer.status_code == 200 else answer.status_code

    before = await read("organizer", "surveys/ev/texts")
    await live.house.surveys.close(Actor.house(live.day), "ev")
    pages = ("report", "export/evaluation.json", "surveys/ev/texts", "surveys/none/texts")

    assert before == 404
    assert [await read("organizer", page) for page in pages] == [
        ["Citat 0", "Citat 1"],
        ["Citat 0", "Citat 1"],
        ["Citat 0", "Citat 1", "Tyst 2", "Tyst 3", "Tyst 4"],
        404,
    ]
    assert await read("moderator", "surveys/ev/texts") == 403


async def test_a_group_says_in_the_form_how_many_it_is_and_the_report_tells_groups_apart(live: Product) -> None:
    await ask(live, [{"id": "betyg", "kind": "scale", "title": "Hur?", "steps": 5}], group_answer=True)
    fields = {"survey": "ev", "answers.betyg": "5", "final": "true"}
    async with live.http(await live.join(people=4), Accept="text/html") as phone:
        before = (await phone.get(f"/days/{live.day}/evaluation")).text
        await phone.post(f"/days/{live.day}/do/surveys.answer", data={**fields, "people": "6"})
        after = (await phone.get(f"/days/{live.day}/evaluation")).text
        wrong = await phone.post(f"/days/{live.day}/do/surveys.answer", data={**fields, "people": "0"})
    for number in range(9):
        await live.house.surveys.answer(Actor(live.day, f"p{number}"), "ev", {"betyg": 4}, people=3 if number < 4 else 1)
    await live.house.surveys.close(Actor.house(live.day), "ev")
    async with live.http(await live.enter("organizer")) as organizer:
        report = text_of((await organizer.get(f"/days/{live.day}/report")).text)

    assert [re.findall(r'id="together"[^>]* value="(\d+)"', page) for page in (before, after)] == [["4"], ["6"]]
    assert wrong.status_code == 422
    assert "5 av 10 svar är från grupper, 18 personer tillsammans. En grupp är ett svar." in report
