"""Surveys by letter, as the product sends and answers them: from the address on a page to the answer, over a restart."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from conference.core.actor import Actor
from conference.core.audit import AuditEntry
from polls.surveys.tables import Survey, SurveyAnswers, SurveyLetter
from tests.web.mailboxes import Mailbox, a_mailbox
from tests.web.products import Product, product, with_a_day
from web import erasing, limits
from web.erasure import DID
from web.limits import Limit, Rate
from web.postman import Bags, Postman
from web.settings import Settings, load
from web.sought import LETTERS

KIM = "kim.ek@example.se"
FIRST = "ev-uppfoljning-3"
SITE = "https://dagen.example"


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with a_mailbox() as one:
        yield one


@asynccontextmanager
async def a_product(folder: Path) -> AsyncIterator[Product]:
    """A product that has no mail server of its own: these tests go the rounds."""
    async with product(folder) as made:
        yield made


def a_postman(made: Product, box: Mailbox) -> Postman:
    house = made.house
    mail: dict[str, Any] = {"mail_url": f"smtp://127.0.0.1:{box.port}?from=dagen@example.se", "base_url": SITE}
    settings = Settings(**mail)
    return Postman(house.store, Bags(house.letters, house.survey_letters, house.reminders), house.clock, settings)


async def asked(made: Product, address: str = KIM, of: Any = "waves", lang: str = "sv") -> None:
    await made.house.survey_letters.ask(Actor(made.day, "kim"), of, address, lang)


async def rows(made: Product, table: Any) -> list[Any]:
    async with made.house.store.reading() as session:
        return list(await session.exec(select(table)))


def paths(letter: Any) -> list[str]:
    """The addresses in a letter, without where the site is."""
    return [url.removeprefix(SITE) for url in re.findall(r"https://\S+", letter.get_content())]


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.replace("\N{NO-BREAK SPACE}", " "))).strip()


async def test_a_wave_is_mailed_once_answered_by_its_link_without_a_name_and_left_by_the_other(tmp_path: Path, box: Mailbox) -> None:
    async with a_product(tmp_path) as made:
        await with_a_day(made)
        await asked(made)
        early = await a_postman(made, box).round()
        await made.house.surveys.open(Actor.house(made.day), FIRST)
        day = made.day
    async with a_product(tmp_path) as made:  # after a restart
        made.day = day
        sent = [await a_postman(made, box).round() for _ in range(2)]
        [letter] = box.letters
        link, leave = paths(letter)
        async with made.http(Accept="text/html") as phone:
            page = await phone.get(link)
            answered = await phone.post(link, data={"answers.uppf-anvant": "3", "answers.uppf-steg": "yes", "answers.uppf-vad": "Mycket"})
            thanks = await phone.get(str(answered.headers["location"]))
            wrong = await phone.get(link[:-3] + "abc")
            nothing = await phone.post(link, data={"answers.uppf-anvant": "", "answers.uppf-steg": ""})
            await phone.post(link, data={"answers.uppf-anvant": "3", "answers.uppf-steg": "yes"})
            before, gone, again = await phone.get(leave), await phone.post(leave), await phone.get(leave)
            await made.house.surveys.close(Actor.house(made.day), FIRST)
            over = await phone.get(link)
        kept, left = await rows(made, SurveyAnswers), await rows(made, SurveyLetter)

    assert (early, sent, letter["To"], letter["Subject"]) == (0, [1, 0], KIM, "Vad blev det av dagen? Efter 3 månader")
    assert letter["List-Unsubscribe"].strip() == f"<{SITE}{leave}>"
    assert (page.status_code, answered.status_code, wrong.status_code, nothing.status_code) == (200, 303, 404, 422)
    assert "Hur ofta har du använt något från dagen i ditt arbete?" in page.text
    assert "Tack. Dina svar är inskickade." in thanks.text
    assert ["Set-Cookie" in one.headers for one in (page, answered, thanks)] == [False] * 3
    assert ["Vill du inte få fler brev?" in one.text for one in (before, gone, again)] == [True, False, False]
    assert (over.status_code, "Enkäten är stängd" in over.text) == (200, True)
    assert ([one.answers for one in kept], left) == (['{"uppf-anvant":3,"uppf-steg":"yes"}'], [])


async def test_an_address_is_left_on_the_page_of_the_evaluation_where_letters_are_sent(tmp_path: Path, box: Mailbox) -> None:
    mail: dict[str, Any] = {"mail_url": f"smtp://127.0.0.1:{box.port}?from=dagen@example.se"}
    async with product(tmp_path, **mail) as made:
        await with_a_day(made)
        page = f"/days/{made.day}/evaluation"
        async with made.http(await made.join(), Accept="text/html") as phone:
            without = (await phone.get(page)).text
            off = await phone.post(f"/days/{made.day}/asked", data={"of": "waves", "address": KIM})
            made.house.settings = made.house.settings.model_copy(update={"base_url": made.origin})
            early = (await phone.get(page)).text
            by_mail = await phone.post(f"/days/{made.day}/asked", data={"of": "evaluation", "address": KIM})
            await made.house.surveys.open(Actor.house(made.day), "ev-deltagare")
            offered = (await phone.get(page)).text
            wrong = await phone.post(f"/days/{made.day}/asked", data={"of": "waves", "address": "kim@@"})
            told = await phone.post(f"/days/{made.day}/asked", data={"of": "waves", "address": KIM})
            thanks = (await phone.get(str(told.headers["location"]))).text
        waiting = sorted({(one.survey, one.address) for one in await rows(made, SurveyLetter) if one.survey != "ev-deltagare"})

    assert ["Får vi fråga igen om 3, 6 och 12 månader?" in one for one in (without, early, offered)] == [False, False, True]
    assert ["Kan du inte stanna?" in one for one in (without, early, offered)] == [False, True, False]
    assert (off.status_code, by_mail.status_code, wrong.status_code, told.status_code) == (422, 303, 422, 303)
    assert ('value="kim@@"' in wrong.text, "Adressen ser inte ut som en e-postadress." in wrong.text) == (True, True)
    assert ("Tack. Då frågar vi igen." in thanks, waiting) == (True, [(f"ev-uppfoljning-{months}", KIM) for months in (12, 3, 6)])


async def test_whoever_answers_or_asks_too_often_is_told_when_to_come_back_and_takes_nothing_from_others(
    tmp_path: Path, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = {Limit.LETTER: Rate(4, 3600), Limit.ASK: Rate(4, 3600), Limit.SURVEY: Rate(1, 3600)}
    monkeypatch.setattr(limits, "PER_PERSON", {**limits.PER_PERSON, **slow})
    monkeypatch.setattr(limits, "PER_DAY", {**limits.PER_DAY, Limit.ASK: Rate(1, 3600)})
    async with product(tmp_path, mail_url=f"smtp://127.0.0.1:{box.port}?from=dagen@example.se") as made:
        await with_a_day(made)
        made.house.settings = made.house.settings.model_copy(update={"base_url": made.origin})
        await asked(made)
        await asked(made, "lo@example.se")
        await made.house.surveys.open(Actor.house(made.day), FIRST)
        links = [f"/days/{made.day}/asked/{FIRST}/{one.token}" for one in await rows(made, SurveyLetter) if one.survey == FIRST]
        made.house.floor.limits.wish(Limit.ASK, made.day, "somebody")
        asks = []
        for tries in (5, 1):
            async with made.http(await made.join(), Accept="text/html") as phone:
                data = {"of": "waves", "address": "bo@example.se"}
                asks.append([(await phone.post(f"/days/{made.day}/asked", data=data)).status_code for _ in range(tries)])
        async with made.http(Accept="text/html") as phone:
            answers = [await phone.post(link, data={"answers.uppf-steg": "yes"}) for link in (links[0], *links)]

    assert asks == [[303, 303, 303, 303, 429], [303]]
    assert [(one.status_code, "Retry-After" in one.headers) for one in answers] == [(303, False), (429, True), (303, False)]


async def test_an_english_letter_says_the_same_and_counts_are_audited(tmp_path: Path, box: Mailbox) -> None:
    async with a_product(tmp_path) as made:
        await with_a_day(made)
        await asked(made, lang="en")
        await asked(made, "lo@example.se", of="evaluation")
        for survey in (FIRST, "ev-deltagare"):
            await made.house.surveys.open(Actor.house(made.day), survey)
        await a_postman(made, box).round()
        audited = [(one.did, one.note) for one in await rows(made, AuditEntry) if one.did == "surveys.mailed"]
        mailed = {one.survey: one.mailed for one in await rows(made, Survey) if one.mailed}

    subjects = sorted(str(letter["Subject"]) for letter in box.letters)
    english = next(letter.get_content() for letter in box.letters if letter["To"] == KIM)
    assert subjects == ["Vad tyckte du om dagen?", "What came of the day? After 3 months"]
    assert "3 months ago" in english
    assert audited == [("surveys.mailed", f'{{"n":1,"survey":"{one}"}}') for one in ("ev-deltagare", FIRST)]
    assert mailed == {FIRST: 1, "ev-deltagare": 1}


async def test_an_address_is_erased_by_itself_and_by_whoever_says_no_and_stays_so_after_a_restore(tmp_path: Path) -> None:
    async with a_product(tmp_path) as made:
        await with_a_day(made)
        await asked(made)
        await asked(made, "lo@example.se")
        [leave] = {one.leave for one in await rows(made, SurveyLetter) if one.address == "lo@example.se"}
        async with made.http(Accept="text/html") as http:
            await http.post(f"/letters/{leave}")
        day = made.day
    gone = await erasing.erase(load(data_dir=tmp_path), day, None, KIM)
    async with a_product(tmp_path) as made:
        left = await rows(made, SurveyLetter)
        told = [one.note for one in await rows(made, AuditEntry) if one.did == DID]

    [one] = gone
    assert (one.startswith(LETTERS), gone[one], left) == (True, {"letters": 3}, [])
    assert told == ['{"asked":"command","removed":{"letters":3}}']
    assert erasing.erased(tmp_path) == [(day, f"{LETTERS}{leave}"), (day, one)]
