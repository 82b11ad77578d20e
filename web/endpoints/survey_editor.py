"""Writing surveys by plain forms: one page for a survey, one for a question, and one that shows it as whoever answers sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.responses import Response

from conference.core.actor import Done
from conference.core.errors import Refused, _
from conference.rundown.corrections import OF_EVALUATION
from conference.rundown.tables import Cue
from conference.tables import Day
from polls import bank
from polls.kinds import Question
from polls.surveys import correcting, drafting, plans, rules, views
from polls.surveys.parts import Part
from polls.surveys.tables import Survey, SurveyUndo
from polls.surveys.translating import untranslated
from web.address import Address, Visit, role
from web.endpoints.bank import KINDS, ORGANIZERS
from web.endpoints.surveys import CLOSES_AT
from web.survey_forms import Fields, about_in

FOUND_MOST: Final = 20  # questions of the bank on the page; a search finds the others
SHOWN_AGAIN: Final = ("title", "title_en", "intro", "intro_en", "audience", "months", "group_answer", "part", "text", "reason")


@dataclass(frozen=True)
class Wrong:
    """A form that was refused, to be shown again as it was filled in."""

    refused: Refused
    fields: Fields


async def new(visit: Visit) -> Response:
    """Make a survey, copy one, bring one back, or let an open one close at another time; from the list of them."""
    fields = Fields(await visit.form())
    do, survey = fields.one("do"), fields.one("survey")
    editor, here = visit.house.survey_editor, f"/days/{visit.day}/surveys"
    if do == "extend":
        by = visit.by("surveys.extend", survey=survey)
        await visit.house.surveys.extend(by, survey, await _closes_at(visit, fields.one("closes_at")))
        return visit.go(here)
    if do == "make":
        done = await editor.make(visit.by("surveys.make"), about_in(fields))
    elif do == "copy":
        day, _slash, name = fields.one("from").partition("/")
        done = await editor.copy(visit.by("surveys.copy", survey=name, day=day), name, day)
    elif do == "undo":
        done = await editor.undo(visit.by("surveys.undo", survey=survey), survey)
    else:
        raise Refused("wire.wrong_args", _("Det går inte att be om det."))
    return visit.go(f"{here}/{(done.data or {}).get('survey', '')}/edit")


async def _closes_at(visit: Visit, text: str) -> datetime | None:
    """The end of a date, where the day is; ``None`` of an empty field."""
    if not text:
        return None
    async with visit.house.store.reading() as session:
        day = await session.get(Day, visit.day)
    try:
        return datetime.combine(date.fromisoformat(text), CLOSES_AT, ZoneInfo(day.timezone if day else "UTC"))
    except (ValueError, OverflowError):
        raise plans.wrong_date() from None


async def edit(visit: Visit) -> Response:
    """A survey with its questions, and all that may be done to it."""
    return await _page(visit)


async def _page(visit: Visit, wrong: Wrong | None = None) -> Response:
    name, words = str(visit.request.path_params["survey"]), visit.request.query_params.get("q", "")[:100]
    async with visit.house.store.reading() as session:
        day, survey = await both(session, visit.day, name)
        undo = await session.get(SurveyUndo, (visit.day, name))
        asked = (await session.exec(select(Survey.survey).where(Survey.day == visit.day, Survey.of == name))).first()
        found = await bank.questions(session, words) if words else []
        in_rundown = await _in_rundown(session, visit.day)
    parts = rules.parts_of(survey)
    there = {part.question.id for part in parts}
    draft = survey.state == "draft" and asked is None
    sent = {field: wrong.fields.one(field) for field in SHOWN_AGAIN} if wrong else {}
    return visit.page(
        "survey-edit.html",
        status=422 if wrong else 200,
        day=day.model_dump(),
        survey={**survey.model_dump(exclude={"questions"}), "audience": drafting.audience_of(survey)},
        draft=draft,
        questions=[_listed(part, parts) for part in parts],
        lacks=untranslated(survey),
        kinds=KINDS,
        bank=[_found(one) for one in found if one["question"].id not in there][:FOUND_MOST],
        q=words,
        by_cue=name in in_rundown,
        can_be_by_cue=draft and survey.known and survey.item is None and bool(in_rundown - {name}),
        can_undo=undo is not None and draft,
        wordings={} if draft else correcting.wordings(survey),
        errors=[{"field": "", "text": visit.text(wrong.refused.text, **wrong.refused.values)}] if wrong else [],
        sent=sent,
        saved="" if wrong else visit.request.query_params.get("saved", "")[:80],
    )


async def both(session: AsyncSession, day: str, name: str) -> tuple[Day, Survey]:
    """A day and its survey. Refused: ``survey.no_such``."""
    found, survey = await session.get(Day, day), await session.get(Survey, (day, name))
    if found is None or survey is None or survey.of:
        raise rules.no_such()
    return found, survey


def _listed(part: Part, parts: tuple[Part, ...]) -> dict[str, Any]:
    question = part.question
    said = views.said_after(part, parts)
    own = {"id": question.id, "title": question.title, "title_en": question.title_en, "kind": question.kind, "version": question.version}
    section = msgspec.to_builtins(part.section) if part.section else None
    return {**own, "locked": part.locked, "required": part.required, "section": section, "after": said}


def _found(one: Mapping[str, Any]) -> dict[str, Any]:
    question: Question = one["question"]
    told = {"id": question.id, "title": question.title, "title_en": question.title_en, "kind": question.kind, "version": question.version}
    return {**told, "locked": one["locked"]}


async def change(visit: Visit) -> Response:
    """Do one thing to a survey, and come back to where it was done."""
    fields = Fields(await visit.form())
    do = CHANGES.get(fields.one("do"))
    if do is None:
        raise Refused("wire.wrong_args", _("Det går inte att be om det."))
    try:
        await do(visit, fields, str(visit.request.path_params["survey"]))
    except Refused as refused:
        if refused.code == "survey.no_such":
            raise
        return await _page(visit, Wrong(refused, fields))
    here = f"/days/{visit.day}/surveys"
    if fields.one("do") == "remove":
        return visit.go(here)
    anchor = "".join(letter for letter in fields.one("question") if letter.isalnum() or letter == "-")[:80]
    return visit.go(f"{here}/{visit.request.path_params['survey']}/edit" + (f"?saved={anchor}#f-{anchor}" if anchor else "?saved=1"))


async def _tell(visit: Visit, fields: Fields, survey: str) -> Done:
    return await visit.house.survey_editor.tell(visit.by("surveys.tell", survey=survey), survey, about_in(fields))


async def _use(visit: Visit, fields: Fields, survey: str) -> Done:
    question, version = fields.one("question"), fields.whole("version", 1)
    return await visit.house.survey_editor.use(visit.by("surveys.use", survey=survey, question=question), survey, question, version)


async def _move(visit: Visit, fields: Fields, survey: str) -> Done:
    question, heading = fields.one("question"), bool(fields.one("heading"))
    by = visit.by("surveys.move", survey=survey, question=question)
    return await visit.house.survey_editor.move(by, survey, question, fields.one("way"), heading=heading)


async def _take_out(visit: Visit, fields: Fields, survey: str) -> Done:
    question = fields.one("question")
    return await visit.house.survey_editor.take_out(visit.by("surveys.take_out", survey=survey, question=question), survey, question)


async def _remove(visit: Visit, fields: Fields, survey: str) -> Done:  # noqa: ARG001  (nothing is asked with it)
    return await visit.house.survey_editor.remove(visit.by("surveys.remove", survey=survey), survey)


async def _undo(visit: Visit, fields: Fields, survey: str) -> Done:  # noqa: ARG001  (nothing is asked with it)
    return await visit.house.survey_editor.undo(visit.by("surveys.undo", survey=survey), survey)


async def _correct(visit: Visit, fields: Fields, survey: str) -> Done:
    wording = fields.one("part"), fields.one("text")
    return await visit.house.survey_editor.correct(visit.by("surveys.correct", survey=survey), survey, wording, fields.one("reason"))


async def _by_cue(visit: Visit, fields: Fields, survey: str) -> Done:  # noqa: ARG001  (nothing is asked with it)
    """The run-of-show opens this survey; the one that it was to open waits for a hand."""
    surveys, by = visit.house.surveys, visit.by("surveys.by_cue", survey=survey)
    async with visit.house.store.reading() as session:
        _day, row = await both(session, visit.day, survey)
        others = [one for one in await _in_rundown(session, visit.day) if one != survey]
    plans.plan_survey(row, "cue", None, None, at=visit.floor.clock.now())
    done = await visit.house.corrections.evaluation(by, survey, row.title)
    await surveys.plan(visit.by("surveys.plan", survey=survey), survey, "cue")
    for other in others:
        with suppress(Refused):  # one that has opened meanwhile has no plan any more
            await surveys.plan(visit.by("surveys.plan", survey=other), other, "hand")
    return done


async def _in_rundown(session: AsyncSession, day: str) -> set[str]:
    """The surveys that cues which are to come are about."""
    cues = await session.exec(select(Cue).where(Cue.day == day, col(Cue.do).in_(OF_EVALUATION), Cue.state == "coming"))
    return {str(cue.args.get("survey")) for cue in cues}


CHANGES: Final[Mapping[str, Callable[[Visit, Fields, str], Awaitable[Done]]]] = {
    "tell": _tell, "use": _use, "move": _move, "take_out": _take_out, "remove": _remove, "undo": _undo, "correct": _correct,
    "by_cue": _by_cue,
}  # fmt: skip


async def preview(visit: Visit) -> Response:
    """The survey as whoever answers sees it, at the width of a phone; nothing is sent."""
    async with visit.house.store.reading() as session:
        day, survey = await both(session, visit.day, str(visit.request.path_params["survey"]))
    return visit.page("survey-preview.html", day=day.model_dump(), survey=views.as_seen(survey), answers={})


HERE: Final = "/days/{day}/surveys"
ROUTES = [
    Address(HERE, new, who=role(*ORGANIZERS), method="POST"),
    Address(f"{HERE}/{{survey}}/edit", edit, who=role(*ORGANIZERS)),
    Address(f"{HERE}/{{survey}}/edit", change, who=role(*ORGANIZERS), method="POST"),
    Address(f"{HERE}/{{survey}}/preview", preview, who=role(*ORGANIZERS)),
]
