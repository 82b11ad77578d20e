"""Letters with links: one for each that was asked for, sent once, tied to nobody, answered once, forgotten."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from conference.core.actor import Actor
from conference.core.audit import AuditEntry
from conference.core.errors import Refused
from conference.core.transaction import Transaction
from polls.ballots import About
from polls.surveys import letters, views
from polls.surveys.letters import AGAIN, KEPT, TRIES_MOST, Ready, form_key, link_hash
from polls.surveys.rules import box_of
from polls.surveys.tables import Survey, SurveyAnswers, SurveyLetter, SurveyLink
from polls.surveys.waves import beside
from tests.polls.houses import DAY, someone
from tests.polls.surveys.houses import EVALUATION, House, organizer

KIM, LO = "kim@example.se", "lo@example.se"
WAVES = ["ev-uppfoljning-12", "ev-uppfoljning-3", "ev-uppfoljning-6"]
FIRST = "ev-uppfoljning-3"


async def waiting(house: House) -> list[tuple[str, str]]:
    async with house.store.reading() as session:
        return sorted((one.survey, one.address) for one in await session.exec(select(SurveyLetter)))


async def rows(house: House, table: Any) -> list[Any]:
    async with house.store.reading() as session:
        return list(await session.exec(select(table)))


async def taken(house: House) -> Ready:
    """The one letter that is due."""
    [(day, name)] = await house.letters.due(9)
    ready = await house.letters.claim(day, name)
    assert ready
    return ready


async def refusal(asking: Any) -> str:
    with pytest.raises(Refused) as no:
        await asking
    return no.value.code


async def by_link(house: House, ready: Ready, answers: dict[str, Any]) -> str | None:
    """The receipt of what a link has answered."""
    link = await house.letters.link(DAY, ready.survey, ready.token)
    assert link
    done = await house.surveys.answer_by_link(link, answers, final=True)
    return str(done.data["receipt"]) if done.data else None


async def test_an_address_is_written_once_for_each_wave_however_often_it_is_told(house: House) -> None:
    for _ in range(2):
        await house.letters.ask(someone("kim"), "waves", f" {KIM} ", "sv")

    assert await waiting(house) == [(wave, KIM) for wave in WAVES]
    assert [(link.survey in WAVES, link.key, link.region) for link in await rows(house, SurveyLink)] == [(True, None, None)] * 3
    assert await house.letters.due(9) == []


async def test_nothing_that_is_stored_leads_from_the_person_to_the_address(house: House) -> None:
    await house.letters.ask(someone("kim"), "waves", KIM, "sv")
    async with house.store.reading() as session:
        found = [str((await session.exec(select(table))).all()) for table in (SurveyLetter, SurveyLink)]

    assert [("'kim'" in one, "@" in one) for one in found] == [(False, True), (False, False)]
    assert {(one.due_at.hour, one.due_at.minute) for one in await rows(house, SurveyLetter)} == {(0, 0)}
    assert await house.events() == []


async def test_a_letter_is_due_when_its_wave_opens_and_goes_once(house: House) -> None:
    await house.letters.ask(someone("kim"), "waves", KIM, "en")
    await house.surveys.open(organizer(), FIRST)
    ready = await taken(house)
    between = (await house.letters.due(9), await house.letters.claim(DAY, ready.name))
    await house.letters.done(DAY, ready.name, sent=True)
    house.clock.wind(timedelta(days=1))

    assert (ready.survey, ready.address, ready.lang, ready.months) == (FIRST, KIM, "en", 3)
    assert (between, await house.letters.due(9)) == (([], None), [])
    assert await waiting(house) == [(WAVES[0], KIM), (WAVES[2], KIM)]
    assert [one.mailed for one in await rows(house, Survey) if one.survey == FIRST] == [1]


async def test_one_letter_is_sent_by_one_process(house: House) -> None:
    await house.letters.ask(someone("kim"), "waves", KIM, "sv")
    await house.surveys.open(organizer(), FIRST)
    [(day, name)] = await house.letters.due(9)

    found = await asyncio.gather(*(house.letters.claim(day, name) for _ in range(5)))

    assert sorted(one is not None for one in found) == [False, False, False, False, True]


async def test_what_is_not_taken_is_tried_again_with_the_same_link_and_given_up_after_a_while(house: House) -> None:
    await house.letters.ask(someone("kim"), "waves", KIM, "sv")
    await house.surveys.open(organizer(), FIRST)
    tokens = set()
    for tried in range(TRIES_MOST):
        tokens.add((await taken(house)).token)
        house.clock.wind(AGAIN * 2**tried)
    [(day, name)] = await house.letters.due(9)

    assert (len(tokens), await house.letters.claim(day, name)) == (1, None)
    assert [one for one in await waiting(house) if one[0] == FIRST] == []


async def test_a_link_answers_once_and_comes_back_to_its_own_answers(house: House) -> None:
    await house.letters.ask(someone("kim"), "waves", KIM, "sv")
    await house.surveys.open(organizer(), FIRST)
    ready = await taken(house)

    first = await by_link(house, ready, {"uppf-anvant": 3, "uppf-steg": "yes"})
    again = await by_link(house, ready, {"uppf-anvant": 4})
    link = await house.letters.link(DAY, FIRST, ready.token)
    async with house.store.reading() as session:
        form = await views.form_by_link(session, house.surveys.box, link) if link else None

    assert form
    assert (first == again, form["answers"], form["mine"]) == (True, {"uppf-anvant": 4, "uppf-steg": "yes"}, "done")
    assert len(await rows(house, SurveyAnswers)) == 1
    assert await house.letters.link(DAY, WAVES[0], ready.token) is None
    assert await house.letters.link(DAY, FIRST, "guessed") is None


async def test_nobody_of_the_day_answers_a_wave_without_a_link(house: House) -> None:
    await house.surveys.open(organizer(), FIRST)

    assert await refusal(house.surveys.answer(someone("kim"), FIRST, {"uppf-steg": "yes"})) == "survey.no_such"
    assert await refusal(house.surveys.answer(organizer(), FIRST, {"uppf-steg": "yes"})) == "survey.no_such"


async def test_with_the_last_wave_closed_neither_address_nor_link_is_left(house: House) -> None:
    await house.letters.ask(someone("kim"), "waves", KIM, "sv")
    for wave in WAVES:
        await house.surveys.open(organizer(), wave)
    ready = {one.survey: one for one in [await house.letters.claim(*place) for place in await house.letters.due(9)] if one}
    await by_link(house, ready[FIRST], {"uppf-steg": "yes"})
    await house.letters.done(DAY, ready[FIRST].name, sent=True)
    for wave in WAVES:
        await house.surveys.close(organizer(), wave)

    assert (await rows(house, SurveyLetter), await rows(house, SurveyLink)) == ([], [])
    assert [form.receipt != "" for form in await rows(house, SurveyAnswers)] == [True]


async def test_an_address_that_waits_too_long_is_forgotten(house: House) -> None:
    await house.letters.ask(someone("kim"), "waves", KIM, "sv")
    house.clock.wind(KEPT + timedelta(days=1))
    await house.letters.due(0)

    assert (await waiting(house), await rows(house, SurveyLink)) == ([], [])


async def test_whoever_asks_long_before_the_day_has_the_letter_a_year_after_it_and_is_forgotten_then(house: House) -> None:
    house.clock.wind(timedelta(days=-200))
    await house.letters.ask(someone("kim"), "waves", KIM, "sv")
    house.clock.wind(timedelta(days=200) + KEPT)
    await house.surveys.open(organizer(), "ev-uppfoljning-12")
    after_a_year = [day for day, _letter in await house.letters.due(9)]
    house.clock.wind(timedelta(days=1))

    assert (after_a_year, await house.letters.due(9), await waiting(house)) == ([DAY], [], [])


async def test_whoever_says_so_gets_no_more_and_their_links_lead_nowhere(house: House) -> None:
    for person, address in (("kim", KIM), ("lo", LO)):
        await house.letters.ask(someone(person), "waves", address, "sv")
    [leave] = {one.leave for one in await rows(house, SurveyLetter) if one.address == KIM}
    async with house.store.reading() as session:
        found = await letters.of_address(session, DAY, KIM.upper()), await letters.of_address(session, "other", KIM)

    assert found == ([leave], [])
    assert (await house.letters.leaving(leave), await house.letters.forget(leave), await house.letters.forget(leave)) == (DAY, 3, 0)
    assert await waiting(house) == [(wave, LO) for wave in WAVES]
    assert (len(await rows(house, SurveyLink)), await house.letters.leaving(leave)) == (3, None)


async def test_the_evaluation_by_letter_is_the_same_form_as_that_of_whoever_stayed_after_all(house: House) -> None:
    kim = Actor(DAY, "kim", region="r-norrvik", affiliation="region")
    await house.letters.ask(kim, "evaluation", KIM, "sv")
    before = await house.letters.due(9)
    await house.surveys.open(organizer(), EVALUATION)
    ready = await taken(house)
    linked = await by_link(house, ready, {"helheten": 4})
    stayed = await house.surveys.answer(kim, EVALUATION, {"aterkommande": "yes"})

    assert (before, ready.survey, ready.months) == ([], EVALUATION, None)
    assert (linked, (await house.form("kim"))["answers"]) == ((stayed.data or {})["receipt"], {"helheten": 4, "aterkommande": "yes"})
    [form] = await rows(house, SurveyAnswers)
    assert house.surveys.box.about(form.box, form.key, form.about) == About("r-norrvik", "region", 1)


async def test_the_tables_alone_join_no_address_that_waits_to_a_form(house: House) -> None:
    kim = someone("kim")
    await house.letters.ask(kim, "evaluation", KIM, "sv")
    await house.surveys.open(organizer(), EVALUATION)
    await house.surveys.answer(kim, EVALUATION, {"helheten": 2})
    [letter], [form] = await rows(house, SurveyLetter), await rows(house, SurveyAnswers)
    async with house.store.reading() as session:
        link = await session.get(SurveyLink, (DAY, link_hash(letter.token)))
    assert link

    assert form.key not in {value for value in link.model_dump().values() if isinstance(value, bytes)}
    assert form_key(house.surveys.box, link) == form.key
    house.surveys.box.destroy(box_of(DAY, EVALUATION))
    assert form_key(house.surveys.box, link) != form.key


async def test_a_link_is_not_asked_for_where_there_is_nothing_to_send_or_no_room(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "WAITING_MOST", 5)

    async def fill(tx: Transaction) -> None:
        now = house.clock.now()
        about: dict[str, Any] = {
            "day": DAY,
            "survey": FIRST,
            "address": LO,
            "lang": "sv",
            "token": "t",
            "leave": "l",
            "due_at": now,
            "until": now,
        }
        for number in range(3):
            tx.put(SurveyLetter(letter=f"l{number}", **about))

    await house.surveys.open(organizer(), EVALUATION)
    await house.surveys.close(organizer(), EVALUATION)
    nothing = await refusal(house.letters.ask(someone("kim"), "evaluation", KIM, "sv"))
    wrong = await refusal(house.letters.ask(someone("kim"), "waves", "kim", "sv"))
    await house.store.run(fill)

    assert (nothing, wrong) == ("mail.nothing", "address.wrong")
    assert await refusal(house.letters.ask(someone("kim"), "waves", KIM, "sv")) == "mail.full"


async def test_what_was_sent_stands_in_the_audit_chain_as_counts(house: House) -> None:
    await house.letters.entered({(DAY, FIRST): 3})
    await house.letters.entered({})

    assert [(one.did, one.note) for one in await rows(house, AuditEntry)] == [("surveys.mailed", '{"n":3,"survey":"ev-uppfoljning-3"}')]


async def test_the_report_shows_the_waves_with_letters_and_answers(house: House) -> None:
    for number in range(6):
        await house.letters.ask(someone(f"p{number}"), "waves", f"p{number}@example.se", "sv")
    await house.surveys.open(organizer(), FIRST)
    for place in await house.letters.due(9):
        ready = await house.letters.claim(*place)
        assert ready
        await by_link(house, ready, {"uppf-anvant": 4, "uppf-steg": "no"})
        await house.letters.done(*place, sent=True)
    await house.surveys.close(organizer(), FIRST)

    survey = await house.result()
    told = {
        one["question"]: [(wave["months"], wave["mailed"], wave["share"]["percent"], wave["share"]["n"]) for wave in one["waves"]]
        for one in beside([survey])
    }

    assert (survey["n"], survey["mailed"]) == (6, 6)
    assert told == {"uppf-anvant": [(3, 6, 100, 6)], "uppf-steg": [(3, 6, 0, 6)]}
