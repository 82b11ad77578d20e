"""Surveys by form and wish, over HTTP, as the product answers them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from conference import NewDay
from conference.core.actor import Actor
from conference.core.transaction import Transaction
from conference.library import NATIONAL_KIT, read_kit
from conference.people import INSTALLATION
from conference.rundown import ItemEnded
from polls.surveys.kit import drafts
from polls.surveys.tables import Survey
from tests.web.products import Product, product, with_a_day

FORM = "application/x-www-form-urlencoded"
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


async def ended(live: Product, item: str) -> None:
    """An item of the day is over, and the surveys have heard."""
    waiting = f"ev-inslag.{item}"

    async def record(tx: Transaction) -> None:
        await tx.record(ItemEnded(day=live.day, at=live.house.clock.now(), item=item, lanes=["national"]))

    await live.house.store.run(record)
    async with asyncio.timeout(20):
        while True:
            async with live.house.store.reading() as session:
                survey = await session.get(Survey, (live.day, waiting))
            if survey and survey.state == "open":
                return
            await asyncio.sleep(0.02)


async def test_an_item_that_ended_is_rated_by_one_button_on_the_live_page_without_scripts(live: Product) -> None:
    await ended(live, "i-oppning")
    async with live.http(await live.join(), Accept="text/html") as phone:
        page = (await phone.get(f"/days/{live.day}/live")).text
        tapped = await phone.post(
            f"/days/{live.day}/do/surveys.answer",
            data={"survey": "ev-inslag.i-oppning", "final": "true", "answers.gav-nagot": "4"},
            headers={"Referer": f"{live.origin}/days/{live.day}/live"},
        )
        state = (await phone.get(f"/days/{live.day}/state")).json()["surveys"]
        own_page = (await phone.get(f"/days/{live.day}/evaluation/ev-inslag.i-oppning")).text
        evaluation = (await phone.get(f"/days/{live.day}/evaluation")).text

    rating = page[page.index('data-part="rating"') : page.index('data-part="rating-more"')]
    assert re.findall(r'name="answers.gav-nagot" value="(\d)">([^<]+)<', rating) == [
        ("1", "Inget"),
        ("2", "Lite"),
        ("3", "En del"),
        ("4", "Mycket"),
    ]
    assert (tapped.status_code, tapped.headers["Location"]) == (303, f"/days/{live.day}/live")
    assert [(one["survey"], one["mine"]) for one in state] == [("ev-inslag.i-oppning", "done")]
    assert ('name="answers.gav-vad"' in own_page, 'data-survey="ev-inslag' in evaluation) == (True, False)


async def test_staff_opens_closes_and_plans_surveys_by_form_and_switches_the_ones_about_items(live: Product) -> None:
    async def do(wish: str, **fields: str) -> int:
        answer = await staff.post(f"/days/{live.day}/do/surveys.{wish}", data=fields, headers={"Referer": f"{live.origin}{page}"})
        return answer.status_code

    page = f"/days/{live.day}/surveys"
    async with live.http(await live.enter("organizer"), Accept="text/html") as staff:
        planned = await do("plan", survey="ev-deltagare", opens="date", opens_at="2027-03-01", closes_at="2027-03-08")
        told = text_of((await staff.get(page)).text)
        lacking = [await do("plan", survey="ev-deltagare", opens="date", opens_at=at) for at in ("", "i morgon")]
        by_hand = [await do("open", survey="ev-medverkande"), await do("close", survey="ev-medverkande")]
        off = await do("plan", survey="ev-inslag", opens="hand")
        last = text_of((await staff.get(page)).text)
        async with live.house.store.reading() as session:
            survey = await session.get(Survey, (live.day, "ev-deltagare"))
    async with live.http(await live.join()) as phone:
        shut_out = [
            (await phone.get(page)).status_code,
            (await phone.post(f"/days/{live.day}/do/surveys.plan", data={"survey": "x"})).status_code,
        ]

    assert (planned, lacking, by_hand, off, shut_out) == (303, [422, 422], [303, 303], 303, [403, 403])
    assert survey
    assert [at and at.isoformat() for at in (survey.opens_at, survey.closes_at)] == [
        "2027-03-01T07:00:00+00:00",
        "2027-03-08T22:59:00+00:00",
    ]
    assert ("Öppnar: ett datum, måndag 1 mars 2027." in told, "Fråga inte efter inslagen" in told) == (True, True)
    assert ("Stängd Till medverkande. 0 svar." in last, "Fråga efter varje inslag" in last) == (True, True)


async def test_a_time_beyond_the_calendar_is_no_plan(live: Product) -> None:
    args = {"survey": "ev-deltagare", "opens": "date", "opens_at": "0001-01-01T00:00:00+14:00"}
    async with live.http(await live.enter("organizer")) as staff:
        answer = await staff.post(f"/days/{live.day}/wishes", json={"id": "w1", "do": "surveys.plan", "args": args})

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "survey.wrong_plan")


async def test_needs_are_asked_for_before_the_day_from_its_own_page(tmp_path: Path) -> None:
    async with product(tmp_path) as made:
        new = NewDay(date=datetime.now(UTC).date() + timedelta(days=20), speed=0)
        done = await made.house.programme.create_from_kit(Actor.house(INSTALLATION), read_kit(NATIONAL_KIT), new)
        assert done.data
        made.day, made.code = str(done.data["day"]), str(done.data["join_code"])
        await made.house.programme.publish(Actor.house(made.day))
        async with asyncio.timeout(20), made.http(Accept="text/html") as stranger:
            while "Vad behöver ni få ut av dagen?" not in (await stranger.get(f"/days/{made.day}")).text:
                await asyncio.sleep(0.05)
            led = await stranger.get(f"/days/{made.day}/evaluation/needs-fore")
            joined = await stranger.post(
                "/join", data={"code": made.code, "day": made.day, "to": "evaluation/needs-fore"}, headers={"Content-Type": FORM}
            )
        cookie = joined.headers["Set-Cookie"].partition(";")[0]
        async with made.http(cookie, Accept="text/html") as guest:
            live_page = text_of((await guest.get(f"/days/{made.day}/live")).text)
            fields = {"survey": "needs-fore", "answers.behov-grupp": "4", "final": "true"}
            answered = await guest.post(f"/days/{made.day}/do/surveys.answer", data=fields)
            state = (await guest.get(f"/days/{made.day}/state")).json()["surveys"]

    assert led.headers["Location"] == f"/?day={made.day}&to=evaluation%2Fneeds-fore"
    assert joined.headers["Location"] == f"/days/{made.day}/evaluation/needs-fore"
    assert ("Svara på enkäten" in live_page, answered.status_code) == (True, 303)
    assert [(one["survey"], one["state"], one["mine"]) for one in state] == [("needs-fore", "open", "done")]
