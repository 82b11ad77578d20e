"""Who watches a recording when the day is over answers its polls and the survey for watchers: once, and in no live figure."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlmodel import select

from conference.core.actor import Actor
from conference.people.tables import Person
from polls.later.tables import LaterCount
from polls.surveys.tables import Survey
from tests.web.products import Product, product, with_a_day
from tests.web.schemas import wrong
from tests.web.test_recordings import asked, film_was_shown
from web.api import openapi
from web.api.reads import UNDER

POLL, SURVEY, LATER = "p-steg-fore", "ev-deltagare", "ev-efterhand"
LIVE = ("attendance", "polls", "surveys", "waves", "after_items", "questions", "messages", "writers", "followup")


@pytest.fixture
async def over(tmp_path: Path) -> AsyncIterator[Product]:
    """A day that is over, with the recording of an item in which twelve people answered a poll; its evaluation is open."""
    async with product(tmp_path / "data") as made:
        await with_a_day(made)
        voting = asyncio.create_task(voted(made))
        await film_was_shown(made)
        await voting
        by = Actor(made.day, "anna", frozenset({"organizer"}))
        await made.house.surveys.open(by, SURVEY)
        await made.house.programme.end(by)
        await asked(made, await made.enter("organizer"), "recordings.publish", recording="i-hemma")
        yield made


async def voted(made: Product) -> None:
    """While the film is shown."""
    moderator = await made.enter("moderator")
    phones = [await made.join(region="r-norrvik" if number < 6 else "r-sundmark") for number in range(12)]
    async with asyncio.timeout(90), made.http(moderator) as http:
        while (await http.get(f"/days/{made.day}/state")).json()["lane"].get("source") != "film-hemma":
            await asyncio.sleep(0.1)
    assert (await asked(made, moderator, "polls.open", poll=POLL))[0] == 200
    for number, phone in enumerate(phones):
        assert (await asked(made, phone, "polls.vote", poll=POLL, answer=["vet" if number < 7 else "ide"]))[0] == 200
    for do, more in (("polls.close", {}), ("polls.show", {"to": "everyone"})):
        assert (await asked(made, moderator, do, poll=POLL, **more))[0] == 200


def page_of(made: Product) -> str:
    return f"/days/{made.day}/recordings/i-hemma"


async def answers(made: Product, http: httpx2.AsyncClient, option: str) -> httpx2.Response:
    return await http.post(f"{page_of(made)}/answer", data={"poll": POLL, "answer": option})


async def live_figures(made: Product) -> Any:
    """What everybody is told of the day itself: report, files, read API, state."""
    report = await made.house.report.of(made.day)
    token = str(((await made.house.integrations.make_key(Actor(made.day, "anna"), "Datalager", 30)).data or {})["token"])
    files, api = {}, {}
    async with made.http(await made.enter("organizer")) as http:
        for what in ("attendance", "polls", "evaluation"):
            files[what] = (await http.get(f"/days/{made.day}/export/{what}.json")).json()["tables"]
    async with httpx2.AsyncClient(base_url=f"{made.origin}/api/v1/days/{made.day}", headers={"Authorization": f"Bearer {token}"}) as http:
        for name in ("attendance", "polls", "surveys", "ratings", "goals"):
            api[name] = (await http.get(f"/{name}")).json()
    async with made.http(await made.enter("moderator")) as http:
        state = (await http.get(f"/days/{made.day}/state")).json()
    return {name: report[name] for name in LIVE}, files, api, state["polls"]


async def test_later_answers_are_told_beside_the_live_result_and_change_no_live_figure(over: Product) -> None:
    before = await live_figures(over)

    for number in range(12):
        async with over.http(await over.join(region="r-norrvik", people=9, affiliation="kommun")) as http:
            sent = await answers(over, http, "ide" if number < 5 else "vet")
            assert (sent.status_code, "svar-p-steg-fore" in sent.headers["Location"]) == (303, True)

    assert await live_figures(over) == before
    token = str(((await over.house.integrations.make_key(Actor(over.day, "anna"), "Datalager", 30)).data or {})["token"])
    async with httpx2.AsyncClient(base_url=over.origin, headers={"Authorization": f"Bearer {token}"}) as http:
        api = (await http.get(f"/api/v1/days/{over.day}/later")).json()
    async with over.http() as http:
        page = (await http.get(page_of(over))).text
    async with over.http(await over.enter("organizer")) as http:
        report = (await http.get(f"/days/{over.day}/report")).text
        rows = (await http.get(f"/days/{over.day}/export/later.json")).json()["tables"][0]["rows"]
    schema = openapi.document()["paths"][f"{UNDER}/later"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert (wrong(api, schema, openapi.document()), [(one["n"], one["live"]["n"]) for one in api["items"]]) == ([], [(10, 12)])
    assert ("De som sett i efterhand, 10 svar" in page, "Resultat, 12 svar" in page) == (True, True)
    assert ("I efterhand, n = 10" in report, "Under dagen, n = 12" in report) == (True, True)
    told = [(row["Antal, under dagen"], row["Antal, i efterhand"], row["n, i efterhand"]) for row in rows]
    assert [one for one in told if one[0] or one[1]] == [(7, None, 10), (5, 5, 10)]  # that nobody chose a third one is told of nobody


async def test_one_answers_once_by_a_plain_form_and_may_change_it(over: Product) -> None:
    async with over.http(await over.join()) as http:
        form = (await http.get(page_of(over))).text
        empty = await http.post(f"{page_of(over)}/answer", data={"poll": POLL})
        first = await answers(over, http, "vet")
        saved = (await http.get(first.headers["Location"])).text
        second = await answers(over, http, "ide")
        changed = (await http.get(second.headers["Location"])).text
    async with over.house.store.reading() as session:
        [count] = (await session.exec(select(LaterCount))).all()
        persons = (await session.exec(select(Person).where(Person.day == over.day))).all()
        late = [one.late for one in persons if one.late and not one.roles]

    assert ("Ändra svaret" in form, empty.status_code, "Välj eller skriv ett svar" in empty.text) == (False, 422, True)
    assert ("Svaret är sparat" in saved, "Ändra svaret" in saved) == (True, True)
    assert re.findall(r"Kvitto: (\S+)\.", saved) == re.findall(r"Kvitto: (\S+)\.", changed)
    assert (len(re.findall(r"Kvitto: ", saved)), late) == (1, [True])
    assert '"n":1' in count.now


async def by_code(made: Product, http: httpx2.AsyncClient, to: str) -> httpx2.Response:
    """The form of the start page, sent again while a busy machine asks for patience."""
    while (answer := await http.post("/join", data={"code": made.code, "day": made.day, "to": to})).status_code == 429:
        await asyncio.sleep(0.5)
    return answer


async def test_who_was_there_may_answer_and_who_has_not_joined_is_led_to_the_code(over: Product) -> None:
    async with over.http() as http:
        page = (await http.get(page_of(over))).text
        sent = await answers(over, http, "vet")
        code = await http.get("/", params={"day": over.day, "to": "recordings/i-hemma"})
        joined = await by_code(over, http, "recordings/i-hemma")
    async with over.http() as http:
        elsewhere = await by_code(over, http, "recordings/../cockpit")

    assert ("Gå med med dagens kod" in page, "to=recordings/i-hemma" in page, sent.status_code) == (True, True, 401)
    assert ('value="recordings/i-hemma"' in code.text, joined.headers["Location"]) == (True, page_of(over))
    assert elsewhere.headers["Location"] == f"/days/{over.day}/live"


async def test_a_poll_that_was_not_in_the_recording_is_not_there(over: Product) -> None:
    async with over.http(await over.join()) as http:
        other = await http.post(f"{page_of(over)}/answer", data={"poll": "p-annan", "answer": "vet"})
        nowhere = await http.post(f"/days/{over.day}/recordings/i-nulage/answer", data={"poll": POLL, "answer": "vet"})

    assert (other.status_code, nowhere.status_code) == (404, 404)


async def test_the_evaluation_is_open_to_who_sat_at_somebody_elses_screen_and_asked_on_no_recording(over: Product) -> None:
    late = await over.join()
    async with over.http(late) as http:
        page = (await http.get(page_of(over))).text
        beside = await http.get(f"{page_of(over)}/evaluation/{SURVEY}")
    status, _answer = await asked(over, late, "surveys.answer", survey=SURVEY, answers={"helheten": 4}, final=True)

    assert (status, f"/evaluation/{SURVEY}" in page, beside.status_code) == (200, False, 404)


async def test_a_survey_for_those_who_watch_is_answered_from_the_recording_and_told_apart(over: Product) -> None:
    by = Actor(over.day, "anna", frozenset({"organizer"}))
    await for_watchers(over)
    await over.house.surveys.open(by, LATER)
    before = await over.house.report.of(over.day)

    where = f"{page_of(over)}/evaluation/{LATER}"
    for number in range(6):
        async with over.http(await over.join()) as http:
            assert f"{page_of(over)}/evaluation/{LATER}" in (await http.get(page_of(over))).text
            form = await http.get(where)
            assert (form.status_code, 'name="answers.helheten"' in form.text) == (200, True)
            sent = await http.post(where, data={"answers.helheten": "5" if number else "3"})
            assert sent.headers["Location"] == f"{where}?sent=1"
            assert "Dina svar är inskickade" in (await http.get(sent.headers["Location"])).text
            again = await http.post(where, data={"answers.helheten": "5"})
            assert again.status_code == 303
    async with over.http() as http:
        stranger = await http.get(where)
    status, _answer = await asked(over, await over.join(), "surveys.answer", survey=LATER, answers={"helheten": 4})
    await over.house.surveys.close(by, LATER)
    after = await over.house.report.of(over.day)

    told = {one["survey"]: one for one in after["surveys"]}
    assert [one for one in after["surveys"] if not one["later"]] == [one for one in before["surveys"] if not one["later"]]
    assert (told[LATER]["later"], told[LATER]["n"], told[SURVEY]["later"], told[SURVEY]["n"]) == (True, 6, False, 0)
    assert (stranger.status_code, status) == (303, 404)
    assert stranger.headers["Location"].startswith("/?")
    async with over.http(await over.enter("organizer")) as http:
        report = (await http.get(f"/days/{over.day}/report")).text
    assert report.index("De som sett i efterhand") < report.index("Utvärdering i efterhand")


async def for_watchers(made: Product) -> None:
    """The evaluation once more, for those who watch a recording."""

    async def copy(tx: Any) -> None:
        survey = await tx.get(Survey, made.day, SURVEY)
        fresh = {"state": "draft", "opens": "hand", "opened_at": None, "closes_at": None, "key_print": None}
        about = {"survey": LATER, "title": "Utvärdering i efterhand", "for_whom": "watchers", "place": 99}
        tx.put(survey.model_copy(update={**about, **fresh}))

    await made.house.store.run(copy)
