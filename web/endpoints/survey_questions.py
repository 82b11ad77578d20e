"""The questions of a survey by plain forms: one page for each, with the fields that its kind has."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from starlette.responses import Response

from conference.core.errors import Refused, _
from polls.kinds import Question
from polls.naming import cell_names
from polls.surveys import drafting, rules
from polls.surveys.parts import Part, followed_by
from web.address import Address, Visit, role
from web.endpoints.bank import KINDS, ORGANIZERS
from web.endpoints.survey_editor import Wrong, both
from web.survey_forms import Fields, written_in


async def question(visit: Visit) -> Response:
    """The form of a question: a new one of a kind, or one that stands there."""
    return await _question_page(visit)


async def _question_page(visit: Visit, wrong: Wrong | None = None) -> Response:
    name = str(visit.request.path_params.get("question", ""))
    async with visit.house.store.reading() as session:
        day, survey = await both(session, visit.day, str(visit.request.path_params["survey"]))
    parts = rules.parts_of(survey)
    part = parts[drafting.place_of(parts, name)] if name else None
    kind = part.question.kind if part else visit.request.query_params.get("kind", "")
    if kind not in KINDS:
        raise Refused("question.wrong_kind", _("Den sortens fråga kan inte ställas i en enkät."))
    if wrong:
        part = _as_sent(wrong.fields, kind, part)
    shown = part or Part(Question("", kind, ""))
    earlier = parts[: drafting.place_of(parts, name)] if name else parts
    return visit.page(
        "survey-question.html",
        status=422 if wrong else 200,
        day=day.model_dump(),
        survey={"survey": survey.survey, "title": survey.title, "title_en": survey.title_en},
        part=msgspec.to_builtins(shown),
        kind=kind,
        kinds=KINDS,
        name=name,
        can_follow=[_answers_of(one.question) for one in earlier if followed_by(one.question)],
        errors=[{"field": "", "text": visit.text(wrong.refused.text, **wrong.refused.values)}] if wrong else [],
    )


def _as_sent(fields: Fields, kind: str, part: Part | None) -> Part | None:
    """What was written, to be shown again; where a number was none, as it was before."""
    try:
        written = written_in(fields, kind, part.question if part else None)
    except Refused:
        title = fields.one("title")
        return part or Part(Question("", kind, title))
    locked = bool(part and part.locked)
    return Part(written.question, section=written.section, after=written.after, required=written.required, locked=locked)


def _answers_of(lead: Question) -> dict[str, Any]:
    names = cell_names(lead)
    answers = [{"answer": one, "text": names[one][0], "text_en": names[one][1]} for one in followed_by(lead)]
    return {"question": lead.id, "title": lead.title, "title_en": lead.title_en, "answers": answers}


async def write(visit: Visit) -> Response:
    """Put a question into the survey, or change one."""
    fields = Fields(await visit.form())
    survey, name = str(visit.request.path_params["survey"]), str(visit.request.path_params.get("question", ""))
    async with visit.house.store.reading() as session:
        _day, found = await both(session, visit.day, survey)
    parts = rules.parts_of(found)
    before = parts[drafting.place_of(parts, name)].question if name else None
    kind = before.kind if before else visit.request.query_params.get("kind", "")
    try:
        written = written_in(fields, kind, before)
        by = visit.by("surveys.write", survey=survey, question=name or None)
        done = await visit.house.survey_editor.write(by, survey, name or None, written)
    except Refused as refused:
        return await _question_page(visit, Wrong(refused, fields))
    made = (done.data or {})["question"]
    return visit.go(f"/days/{visit.day}/surveys/{survey}/edit?saved={made}#f-{made}")


HERE: Final = "/days/{day}/surveys/{survey}/edit/question"
ROUTES = [
    Address(HERE, question, who=role(*ORGANIZERS)),
    Address(HERE, write, who=role(*ORGANIZERS), method="POST"),
    Address(f"{HERE}/{{question}}", question, who=role(*ORGANIZERS)),
    Address(f"{HERE}/{{question}}", write, who=role(*ORGANIZERS), method="POST"),
]
