"""Answering in hindsight: the polls of a recording, and the surveys that ask those who watch it.

Plain forms alone: a day that is over has no news. Who is asked is whoever has joined the day, while it was on or since.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote, urlencode

from sqlmodel import select
from starlette.datastructures import FormData
from starlette.responses import Response

from conference.core.errors import Refused
from conference.core.faces import Data, Viewer
from conference.tables import Day
from polls.kinds import kind_of
from polls.later.views import FACES
from polls.rules import no_such, question_of
from polls.surveys import rules, views
from polls.surveys.tables import Survey
from polls.tables import Poll
from web.address import JOINED, Address, Visit
from web.answers import given_in
from web.endpoints.recordings import page, recorded_at
from web.endpoints.surveys import answers_in
from web.limits import Limit
from web.moments import moments
from web.shows import Shows

OF_ANSWERS: Final = frozenset({"answer", "text"})  # what is wrong with an answer is said beside it


async def _nothing(*_asked: object) -> dict[str, Any]:
    return {}


SHOWS = Shows("later", FACES, _nothing)


async def answer(visit: Visit) -> Response:
    """An answer to a poll that was open in the recording, by somebody who watches it."""
    recorded = await recorded_at(visit)
    form = await _form(visit)
    name = str(form.get("poll", ""))
    async with visit.house.store.reading() as session:
        opened = {one["poll"]: one["at"] for one in await moments(session, recorded) if one["kind"] == "poll"}
        poll = await session.get(Poll, (visit.day, name)) if name in opened else None
    if poll is None:
        raise no_such()
    visit.floor.limits.wish(Limit.VOTE, visit.day, visit.me.person)
    try:
        given = kind_of(question_of(poll)).read(given_in(form, "answer"))
        await visit.house.later.answer(visit.me.actor, name, given)
    except Refused as refused:
        if _noun(refused) not in OF_ANSWERS:
            raise
        return await page(visit, {"poll": name, "text": visit.text(refused.text, **refused.values)})
    back = f"/days/{visit.day}/recordings/{quote(recorded.row.recording, safe='@')}"
    return visit.go(f"{back}?{urlencode({'t': round(opened[name], 1), 'saved': name})}#svar-{quote(name)}")


async def survey(visit: Visit) -> Response:
    """A survey that asks those who watch the recording."""
    await _must_ask_watchers(visit)
    return await _survey(visit)


async def _must_ask_watchers(visit: Visit) -> None:
    """There is such a recording, and the survey is for those who watch. Refused: ``page.no_such``, ``survey.no_such``."""
    await recorded_at(visit)
    async with visit.house.store.reading() as session:
        row = await session.get(Survey, (visit.day, _name(visit)))
    if row is None or row.for_whom != "watchers":
        raise rules.no_such()


async def _survey(visit: Visit, refused: Refused | None = None, written: Data | None = None) -> Response:
    async with visit.house.store.reading() as session:
        day = (await session.exec(select(Day).where(Day.day == visit.day))).one()
        found = await views.form(session, visit.house.box, visit.day, _name(visit), _watching(visit.viewer))
    if found is None:
        raise rules.no_such()
    errors = [{"field": "", "text": visit.text(refused.text, **refused.values)}] if refused else []
    return visit.page(
        "survey-link.html",
        status=422 if refused else 200,
        day=day.model_dump(include={"day", "title", "title_en", "timezone"}),
        survey=found if found["state"] == "open" else None,
        answers={**found["answers"], **(written or {})},
        errors=errors,
        sent=not refused and "sent" in visit.request.query_params,
    )


async def answer_survey(visit: Visit) -> Response:
    """All answers of the form of `survey`."""
    await _must_ask_watchers(visit)
    form, by = await _form(visit), visit.me.actor
    async with visit.house.store.reading() as session:
        answers = answers_in(await views.parts(session, visit.day, _name(visit)), form)
    visit.floor.limits.wish(Limit.SURVEY, visit.day, by.person)
    try:
        await visit.house.surveys.answer(replace(by, roles=by.roles | {rules.WATCHING}), _name(visit), answers, final=True)
    except Refused as refused:
        if _noun(refused) not in OF_ANSWERS:
            raise
        return await _survey(visit, refused, answers)
    return visit.go(f"{visit.request.url.path}?sent=1")


def _watching(viewer: Viewer) -> Viewer:
    return replace(viewer, roles=viewer.roles | {rules.WATCHING})


def _name(visit: Visit) -> str:
    return str(visit.request.path_params["survey"])


async def _form(visit: Visit) -> FormData:
    return FormData([(name, value) for name, values in (await visit.form()).items() for value in values])


def _noun(refused: Refused) -> str:
    return refused.code.partition(".")[0]


ROUTES = [
    Address("/days/{day}/recordings/{recording}/answer", answer, who=JOINED, method="POST"),
    Address("/days/{day}/recordings/{recording}/evaluation/{survey}", survey, who=JOINED),
    Address("/days/{day}/recordings/{recording}/evaluation/{survey}", answer_survey, who=JOINED, method="POST"),
]
