"""The pages on which surveys are written, without scripts: from nothing to answered, with what is refused and who is let in."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from conference.core.audit import AuditEntry
from conference.rundown.tables import Cue
from polls.surveys import rules
from polls.surveys.parts import After, Part
from polls.surveys.tables import Survey
from tests.web.products import Product, product, with_a_day
from web.survey_forms import Fields, written_in

NEW = {"do": "make", "title": "Vår enkät", "title_en": "Our survey", "audience": "participants"}


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Product]:
    async with product(tmp_path) as made:
        yield await with_a_day(made)


async def parts_of(live: Product, survey: str) -> tuple[Part, ...]:
    async with live.house.store.reading() as session:
        return rules.parts_of(await session.get_one(Survey, (live.day, survey)))


async def make(boss: Any, live: Product) -> str:
    made = await boss.post(f"/days/{live.day}/surveys", data=NEW)
    return str(made.headers["Location"])


async def ask(boss: Any, at: str, kind: str, **fields: Any) -> str:
    """Write a question; its id."""
    made = await boss.post(f"{at}/question?kind={kind}", data=fields)
    assert made.status_code == 303, made.text
    return str(made.headers["Location"].partition("#f-")[2])


async def test_a_survey_is_written_opened_and_answered_without_scripts(live: Product) -> None:
    async with live.http(await live.enter("organizer"), Accept="text/html") as boss:
        at = await make(boss, live)
        name = at.split("/")[-2]
        lead = await ask(boss, at, "yesno", title="Kommer ni igen?", required="yes")
        why = await ask(boss, at, "text", title="Vad hindrar er?", required="yes", after=f"{lead}/no", section="Mer")
        page = (await boss.get(at)).text
        shown = (await boss.get(f"/days/{live.day}/surveys/{name}/preview")).text
        await boss.post(f"/days/{live.day}/do/surveys.open", data={"survey": name})
        frozen = (await boss.get(at)).text
    evaluation = f"/days/{live.day}/evaluation/{name}"
    async with live.http(await live.join(), Accept="text/html") as phone:
        sent = {"survey": name, f"answers.{lead}": "no", "final": "true"}
        first = await phone.post(f"/days/{live.day}/do/surveys.answer", data=sent)
        half = (await phone.get(evaluation)).text
        await phone.post(f"/days/{live.day}/do/surveys.answer", data={**sent, f"answers.{why}": "Tid"})
        done = (await phone.get(evaluation)).text

    assert [(part.required, part.after) for part in await parts_of(live, name)] == [(True, None), (True, After(lead, ("no",)))]
    assert ("Följdfråga, till den som svarar: Nej" in page, "3 texter saknar engelska" in page) == (True, True)
    assert ("Följdfråga till dig som svarade: Nej." in shown, "Obligatorisk fråga." in shown) == (True, True)
    assert 'name="final"' not in shown
    assert ("Rätta ett stavfel" in frozen, "Skriv en ny fråga" in frozen) == (True, False)
    assert (first.status_code, f'<a href="#f-{why}">' in half) == (303, True)
    assert re.search(r'data-part="done"(?! hidden)', done)


async def test_questions_are_moved_taken_out_and_brought_back_and_each_change_is_audited(live: Product) -> None:
    async with live.http(await live.enter("organizer"), Accept="text/html") as boss:
        at = await make(boss, live)
        name = at.split("/")[-2]
        first, second = [await ask(boss, at, "text", title=title) for title in ("Ett?", "Två?")]
        await boss.post(at, data={"do": "move", "question": second, "way": "up"})
        moved = [part.question.id for part in await parts_of(live, name)]
        await boss.post(at, data={"do": "take_out", "question": first})
        without = [part.question.id for part in await parts_of(live, name)]
        await boss.post(at, data={"do": "undo"})
        back = [part.question.id for part in await parts_of(live, name)]
        await boss.post(at, data={"do": "remove"})
        listed = (await boss.get(f"/days/{live.day}/surveys")).text
        await boss.post(f"/days/{live.day}/surveys", data={"do": "undo", "survey": name})
    async with live.house.store.reading() as session:
        entries = [one.did for one in await session.exec(select(AuditEntry).order_by(col(AuditEntry.number)))]

    assert (moved, without, back) == ([second, first], [second], [second, first])
    assert "Borttagen: Vår enkät" in listed
    assert [one for one in entries if one.startswith("surveys.")] == [
        "surveys.make", "surveys.write", "surveys.write", "surveys.move", "surveys.take_out", "surveys.undo", "surveys.remove",
        "surveys.undo",
    ]  # fmt: skip
    assert len(await parts_of(live, name)) == 2


async def test_a_question_comes_from_the_bank_and_a_locked_one_is_shown_as_locked(live: Product) -> None:
    async with live.http(await live.enter("organizer"), Accept="text/html") as boss:
        at = await make(boss, live)
        found = (await boss.get(at, params={"q": "nästa steg"})).text
        used = await boss.post(at, data={"do": "use", "question": "q-steg", "version": "1"})
        twice = await boss.post(at, data={"do": "use", "question": "q-steg", "version": "1"})
        kits = (await boss.get(f"/days/{live.day}/surveys/ev-deltagare/edit")).text
        locked = (await boss.get(f"/days/{live.day}/surveys/ev-deltagare/edit/question/helheten")).text

    assert ('value="q-steg"' in found, used.status_code, twice.status_code) == (True, 303, 422)
    assert "Frågan finns redan i enkäten." in twice.text
    assert kits.count("nationell, låst") == 2
    assert ('data-part="locked"' in locked, 'name="title"' in locked) == (True, False)


async def test_what_is_wrong_is_said_and_what_was_written_stands_there_again(live: Product) -> None:
    async with live.http(await live.enter("organizer"), Accept="text/html") as boss:
        at = await make(boss, live)
        one = await boss.post(f"{at}/question?kind=choice", data={"title": "Vad?", "options": "Bara ett"})
        number = await boss.post(f"{at}/question?kind=scale", data={"title": "Hur?", "steps": "fem"})
        kind = await boss.get(f"{at}/question?kind=backing")
        told = await boss.post(at, data={"do": "tell", "title": "Ny", "audience": "followers", "months": "40"})
        strange = await boss.post(at, data={"do": "explode"})
        nowhere = await boss.get(f"/days/{live.day}/surveys/nowhere/edit")
        empty = await boss.post(f"/days/{live.day}/surveys", data={**NEW, "title": " "})

    assert [reply.status_code for reply in (one, number, kind, told, strange, nowhere, empty)] == [422, 422, 422, 422, 422, 404, 422]
    assert ("Bara ett" in one.text, "Skriv talet med siffror." in number.text) == (True, True)
    assert ("från 1 till 12" in told.text, 'value="Ny"' in told.text) == (True, True)


async def test_a_survey_is_copied_and_an_open_one_closes_another_day(live: Product) -> None:
    async with live.http(await live.enter("organizer"), Accept="text/html") as boss:
        copied = await boss.post(f"/days/{live.day}/surveys", data={"do": "copy", "from": f"{live.day}/ev-deltagare"})
        name = copied.headers["Location"].split("/")[-2]
        await boss.post(f"/days/{live.day}/do/surveys.open", data={"survey": name})
        extend = {"do": "extend", "survey": name}
        later, never, past = [
            await boss.post(f"/days/{live.day}/surveys", data={**extend, "closes_at": text}) for text in ("2027-01-31", "", "1999-01-01")
        ]
    async with live.house.store.reading() as session:
        survey = await session.get_one(Survey, (live.day, name))

    assert [reply.status_code for reply in (later, never, past)] == [303, 303, 422]
    assert (survey.state, survey.closes_at, len(rules.parts_of(survey))) == ("open", None, 8)


async def test_a_misspelling_is_mended_when_the_survey_has_opened(live: Product) -> None:
    async with live.http(await live.enter("organizer"), Accept="text/html") as boss:
        at = await make(boss, live)
        name = at.split("/")[-2]
        asked = await ask(boss, at, "text", title="Vad hindrrar er mest av allt?")
        await boss.post(f"/days/{live.day}/do/surveys.open", data={"survey": name})
        fix = {"do": "correct", "part": f"{asked}:title", "text": "Vad hindrar er mest av allt?", "reason": "Stavfel"}
        mended = await boss.post(at, data=fix)
        other = await boss.post(at, data={**fix, "text": "Vad gläder er?"})

    assert (mended.status_code, other.status_code) == (303, 422)
    assert [part.question.title for part in await parts_of(live, name)] == ["Vad hindrar er mest av allt?"]


async def test_the_run_of_show_opens_another_survey_than_the_kits(live: Product) -> None:
    async with live.http(await live.enter("organizer"), Accept="text/html") as boss:
        at = await make(boss, live)
        name = at.split("/")[-2]
        empty = await boss.post(at, data={"do": "by_cue"})
        await ask(boss, at, "text", title="Vad tar du med dig?")
        offered = (await boss.get(at)).text
        turned = await boss.post(at, data={"do": "by_cue"})
        mine, kits = (await boss.get(at)).text, (await boss.get(f"/days/{live.day}/surveys/ev-deltagare/edit")).text
        kept = await boss.post(at, data={"do": "remove"})
    async with live.house.store.reading() as session:
        opens = [(await session.get_one(Survey, (live.day, one))).opens for one in (name, "ev-deltagare")]
        cues = await session.exec(select(Cue).where(Cue.day == live.day, col(Cue.do).in_(["open_evaluation", "close_evaluation"])))
        aimed = {cue.args["survey"] for cue in cues}

    assert [reply.status_code for reply in (empty, turned, kept)] == [422, 303, 422]
    assert ["Låt körschemat öppna den här" in page for page in (offered, mine, kits)] == [True, False, True]
    assert (opens, aimed) == (["cue", "hand"], {name})


async def test_only_an_organizer_writes_surveys(live: Product) -> None:
    async with live.http(await live.enter("moderator"), Accept="text/html") as staff:
        replies = [
            await staff.post(f"/days/{live.day}/surveys", data=NEW),
            await staff.get(f"/days/{live.day}/surveys/ev-deltagare/edit"),
            await staff.post(f"/days/{live.day}/surveys/ev-deltagare/edit", data={"do": "remove"}),
            await staff.get(f"/days/{live.day}/surveys/ev-deltagare/edit/question/helheten"),
            await staff.post(f"/days/{live.day}/surveys/ev-deltagare/edit/question?kind=text", data={"title": "Vad?"}),
            await staff.get(f"/days/{live.day}/surveys/ev-deltagare/preview"),
        ]
        listed = (await staff.get(f"/days/{live.day}/surveys")).text

    assert [reply.status_code for reply in replies] == [403] * 6
    assert "Ny enkät" not in listed


@pytest.mark.parametrize(
    ("kind", "sent", "asked"),
    [
        ("choice", {"options": "A\n\nB", "most": "2"}, {"most": 2}),
        ("quiz", {"options": "A\nB", "right": "b"}, {"right": ("s2",), "most": 1}),
        ("yesno", {"abstain": "yes"}, {"kind": "yesno"}),
        ("scale", {"steps": "4", "labels": "Nej\nJa", "dont_know": "Vet ej"}, {"steps": 4, "labels": ("Nej", "Ja"), "dont_know": "Vet ej"}),
        ("ranking", {"options": "A\nB", "rank_at_least": "2"}, {"rank_at_least": 2}),
        ("points", {"options": "A\nB"}, {"kind": "points"}),
        ("words", {"most": "9"}, {"most": 5, "longest": 30}),
        ("text", {"longest": "200"}, {"longest": 200}),
        ("ideas", {"ideas_each": "2"}, {"ideas_each": 2}),
        (
            "number",
            {"low": "\N{MINUS SIGN}1,5", "high": "10", "step": "0,5", "unit": "h"},
            {"low": -1.5, "high": 10, "step": 0.5, "unit": "h"},
        ),
        ("matrix", {"steps": "5", "x": "Insats", "y": "Nytta", "statements": "A\nB"}, {"steps": 5}),
    ],
)
def test_every_kind_is_read_from_a_form(kind: str, sent: dict[str, str], asked: dict[str, Any]) -> None:
    written = written_in(Fields({name: [text] for name, text in {"title": "Vad?", **sent}.items()}), kind, None)

    assert {name: getattr(written.question, name) for name in asked} == asked
    assert (written.question.title, written.section, written.after, written.required) == ("Vad?", None, None, False)


def test_answers_that_are_still_there_keep_their_ids() -> None:
    first = written_in(Fields({"title": ["Vad?"], "options": ["A\nB\nC"]}), "choice", None).question
    fewer = written_in(Fields({"title": ["Vad?"], "options": ["C\nA\nD"], "options_en": ["See\nA"]}), "choice", first).question
    longer = written_in(Fields({"title": ["Vad?"], "options": ["A\nB\nC\nD"]}), "choice", first).question

    assert [(one.id, one.text, one.text_en) for one in fewer.options] == [("s3", "C", "See"), ("s1", "A", "A"), ("s2", "D", None)]
    assert [one.id for one in longer.options] == ["s1", "s2", "s3", "s4"]
