"""Every kind of question without scripts: its form in a poll and in the evaluation, and its result on the pages."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from conference.core.actor import Actor
from conference.core.transaction import Transaction
from conference.library import NATIONAL_KIT
from polls.kinds import Question
from polls.rules import yes_no_options
from polls.surveys.kit import drafts
from tests.polls.kinds.asked import IDEAS
from tests.web.products import Product, product, with_a_day

JUDGED = {f"answer.{one}": step for one, step in {"tid": "1", "ansvar": "5", "lasa": "dont_know"}.items()}
FORMS: dict[str, tuple[dict[str, str], Any, str]] = {
    "p-behov": ({"answer.lag": "1", "answer.tid": "2"}, ["lag", "tid"], "6 p"),
    "p-glapp.r-norrvik": (JUDGED, {"tid": 1, "ansvar": 5, "lasa": None}, "Talen är snitt på en skala till 5"),
    "p-quiz": ({"answer": "villkor"}, ["villkor"], "1 av 1 svarade rätt"),
    "p-minuter": ({"answer": "30"}, 30, "25\N{EN DASH}49"),
    "p-matris": ({"answer.las.y": "4", "answer.las.x": "2"}, {"las": [4, 2]}, "4 / 2"),
    "p-kraft.r-norrvik": ({"answer.hemma": "70", "answer.barn": "30"}, {"hemma": 70, "barn": 30}, "70 p"),
    "p-ideer.r-norrvik": ({"answer": "Ring varandra"}, "Ring varandra", "Svaren samlas av moderatorn"),
}
WRONG = {"p-behov": {"answer.lag": "1", "answer.tid": "1"}, "p-kraft.r-norrvik": {"answer.hemma": "170"}, "p-minuter": {"answer": "många"}}
MADE: dict[str, dict[str, str]] = {
    "ranking": {"options": "Tid\nTeknik\n\n"},
    "points": {"options": "Tid\nTeknik"},
    "number": {"low": "0", "high": "60", "unit": "minuter"},
}


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path) as made:
        yield await with_a_day(made)


async def test_polls_of_every_kind_are_answered_by_form_and_their_results_stand_on_the_pages(live: Product) -> None:
    desk, kim = await live.enter("moderator"), await live.join(region="r-norrvik")
    async with live.http(desk) as staff, live.http(kim, Accept="text/html") as phone:
        for poll, (fields, answer, shown) in FORMS.items():
            await staff.post(f"/days/{live.day}/do/polls.open", data={"poll": poll})
            for field in fields:
                assert f'name="{field}"' in (await phone.get(f"/days/{live.day}/live")).text
            if poll in WRONG:
                assert (await phone.post(f"/days/{live.day}/do/polls.vote", data={"poll": poll, **WRONG[poll]})).status_code == 422
            voted = await phone.post(f"/days/{live.day}/do/polls.vote", data={"poll": poll, **fields})
            mine = {one["poll"]: one.get("mine") for one in (await phone.get(f"/days/{live.day}/state")).json()["polls"]}
            assert (voted.status_code, mine[poll]) == (303, answer)
            await staff.post(f"/days/{live.day}/do/polls.close", data={"poll": poll})
            await staff.post(f"/days/{live.day}/do/polls.show", data={"poll": poll, "to": "everyone"})
            assert shown in (await phone.get(f"/days/{live.day}/live")).text

        cockpit = (await staff.get(f"/days/{live.day}/cockpit")).text
        exported = (await staff.get(f"/days/{live.day}/export/polls.json")).text
    async with live.http(await live.enter("organizer")) as organizer:
        report = (await organizer.get(f"/days/{live.day}/report")).text
    assert [shown for _fields, _answer, shown in FORMS.values() if shown not in cockpit] == []
    assert [shown for poll, (_f, _a, shown) in FORMS.items() if "ideer" not in poll and shown not in report] == []
    assert ("Besked om vad lagen tillåter: poäng" in exported, "Ring varandra" in exported) == (True, False)


async def test_of_few_numbers_page_report_and_file_say_only_in_which_bins_the_middle_lies(live: Product) -> None:
    desk, kim, boss = await live.enter("moderator"), await live.join(), await live.enter("organizer")
    async with live.http(desk) as staff:
        await staff.post(f"/days/{live.day}/do/polls.open", data={"poll": "p-minuter"})
        for number in range(19):
            await live.house.polls.vote(Actor(live.day, f"p{number}"), "p-minuter", 37 if number < 15 else 101)
        await staff.post(f"/days/{live.day}/do/polls.close", data={"poll": "p-minuter"})
        await staff.post(f"/days/{live.day}/do/polls.show", data={"poll": "p-minuter", "to": "everyone"})
        told = [(await staff.get(f"/days/{live.day}/export/polls.{form}")).text for form in ("csv", "json")]
    for cookie, page in ((kim, "live"), (boss, "report")):
        async with live.http(cookie, Accept="text/html") as reader:
            told.append((await reader.get(f"/days/{live.day}/{page}")).text)

    assert ["25\N{EN DASH}49" in text for text in told] == [True] * 4
    assert [re.findall(r"\b(?:37|101)\b", text) for text in told[:2]] == [[], []]
    assert ["Mittersta svaret: 25\N{EN DASH}49 minuter" in text for text in told[2:]] == [True, True]
    assert ["Minst hälften svarade mellan 25 och 49." in text for text in told[2:]] == [True, True]


async def test_ideas_are_listed_after_the_close_for_those_who_lead_the_day_and_for_the_hall(live: Product) -> None:
    staff, hall, kim = await live.enter("moderator"), await live.enter("screen"), await live.join()
    made = await live.house.polls.make(Actor.house(live.day), IDEAS, at_once=True)
    assert made.data
    poll = str(made.data["poll"])
    for number in range(5):
        await live.house.polls.vote(Actor(live.day, f"p{number}"), poll, f"Idé {number}")

    async def read(cookie: str) -> Any:
        async with live.http(cookie) as http:
            answer = await http.get(f"/days/{live.day}/polls/{poll}/ideas")
        return sorted(answer.json()["ideas"]) if answer.status_code == 200 else answer.status_code

    seen = [await read(staff)]
    await live.house.polls.close(Actor.house(live.day), poll)
    seen += [await read(staff), await read(hall)]
    await live.house.polls.show(Actor.house(live.day), poll, "stage")
    seen += [await read(hall), await read(kim)]

    ideas = [f"Idé {number}" for number in range(5)]
    assert seen == [[], ideas, [], ideas, 403]


async def test_kinds_that_need_no_more_are_made_on_the_spot(live: Product) -> None:
    async with live.http(await live.enter("moderator")) as staff:
        for kind, fields in MADE.items():
            asked = {"kind": kind, "title": f"Ny {kind}", "open": "true", **fields}
            assert (await staff.post(f"/days/{live.day}/do/polls.make", data=asked)).status_code == 303
        lacking = await staff.post(f"/days/{live.day}/do/polls.make", data={"kind": "ranking", "title": "Ett", "options": "Tid"})
        polls = (await staff.get(f"/days/{live.day}/state")).json()["polls"]

    made = {one["kind"]: (one["voting"], [o["text"] for o in one["options"]]) for one in polls if one["title"].startswith("Ny ")}
    assert made == {"ranking": ("open", ["Tid", "Teknik"]), "points": ("open", ["Tid", "Teknik"]), "number": ("open", [])}
    assert (lacking.status_code, [one["poll"] for one in polls if one.get("coming")]) == (422, [])


async def test_a_survey_asks_every_kind_by_form(live: Product) -> None:
    bank = msgspec.json.decode((NATIONAL_KIT / "polls.json").read_bytes())["questions"]
    section = {"surveys": [{"id": "ev-alla", "title": "Alla sorter", "for": "participants", "anonymous": True, "questions": bank}]}
    [survey] = drafts(live.day, section, {})

    async def put(tx: Transaction) -> None:
        tx.put(survey)

    await live.house.store.run(put)
    await live.house.surveys.open(Actor.house(live.day), survey.survey)
    ids = {poll.partition(".")[0]: poll for poll in FORMS}
    asked = {raw["question"]: ids[raw["id"]] for raw in _polls() if raw["id"] in ids}
    given = {question: FORMS[poll] for question, poll in asked.items()}
    fields = {
        f"answers.{question}{name.removeprefix('answer')}": value for question, (form, *_) in given.items() for name, value in form.items()
    }
    async with live.http(await live.join(), Accept="text/html") as phone:
        page = (await phone.get(f"/days/{live.day}/evaluation")).text
        sent = await phone.post(f"/days/{live.day}/do/surveys.answer", data={"survey": survey.survey, "final": "true", **fields})
        again = (await phone.get(f"/days/{live.day}/evaluation")).text
    await live.house.surveys.close(Actor.house(live.day), survey.survey)
    async with live.http(await live.enter("organizer")) as organizer:
        report = (await organizer.get(f"/days/{live.day}/report")).text

    assert (survey.known, sent.status_code) == (True, 303)
    assert [name for name in fields if f'name="{name}"' not in page] == []
    assert 'value="70"' in again
    assert [shown for _f, _a, shown in given.values() if "Svaren" not in shown and shown not in report] == []


def _polls() -> list[dict[str, Any]]:
    polls: list[dict[str, Any]] = msgspec.json.decode((NATIONAL_KIT / "polls.json").read_bytes())["polls"]
    return polls


async def test_the_report_says_the_shift_between_two_rounds_in_words_and_the_file_holds_it(live: Product) -> None:
    by = Actor.house(live.day)
    made = await live.house.polls.make(by, Question("", "yesno", "Hör ni oss?", options=yes_no_options()), at_once=True)
    assert made.data
    poll = made.data["poll"]
    for yes, no in ((3, 1), (1, 3)):
        for number in range(yes + no):
            voter = Actor(live.day, f"{number}", frozenset(), lane="national")
            await live.house.polls.vote(voter, poll, "yes" if number < yes else "no")
        await live.house.polls.close(by, poll)
        if yes == 3:
            await live.house.polls.again(by, poll)

    async with live.http(await live.enter("organizer")) as organizer:
        report = (await organizer.get(f"/days/{live.day}/report")).text
        english = (await organizer.get(f"/days/{live.day}/report", headers={"Accept-Language": "en"})).text
        file = (await organizer.get(f"/days/{live.day}/export/polls.json")).text
    assert "Ja: från 75 % (n = 4) till 25 % (n = 4)" in report.replace("\N{NO-BREAK SPACE}", " ")
    assert "Yes: from 75 % (n = 4) to 25 % (n = 4)" in english.replace("\N{NO-BREAK SPACE}", " ")
    assert ("Skillnaden kan bero på slumpen." in report.replace("\N{NO-BREAK SPACE}", " "), "Förändring mellan omgångar" in file) == (
        True,
        True,
    )
