"""Surveys over the wire: their wishes, and the page of the evaluation."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.responses import Response

from conference.core.actor import Actor, Done
from conference.people import STAFF, Role
from conference.tables import Day
from polls.ballots import Box
from polls.kinds import kind_of
from polls.surveys import results, rules, views
from web.address import JOINED, Address, Visit, role
from web.answers import given_in
from web.limits import Limit
from web.pressure import Shed
from web.shows import Shows
from web.wishes import ANYONE, Args, House, Memory, WishKind

Count = Annotated[int, Meta(ge=-1_000_000, le=1_000_000)]  # which of them there can be is for the rules to say, in a sentence
FIELD = "answers."  # what a question's field in the form is called before its id


class OneSurvey(Args):
    """A survey by its id."""

    survey: str


class Answers(OneSurvey):
    """Answers to some of its questions; ``final`` sends the form in, ``people`` are those who answer together."""

    answers: dict[str, Any]
    final: bool = False
    people: Count | None = None


async def _answer(house: House, by: Actor, wish: Answers) -> Done:
    done: Done = await house.surveys.answer(by, wish.survey, wish.answers, final=wish.final, people=wish.people)
    return done


async def _by_form(house: House, by: Actor, form: FormData) -> dict[str, Any]:
    """All answers of a form without scripts, each in the shape that its question takes; an empty field takes an answer back."""
    survey = str(form.get("survey", ""))
    async with house.store.reading() as session:
        parts = await views.parts(session, by.day, survey)
    answers: dict[str, Any] = {}
    for part in parts:
        question = part.question
        answers[question.id] = kind_of(question).read(given_in(form, FIELD + question.id))
        if part.consent:
            answers[part.consent.id] = bool(form.get(FIELD + part.consent.id))
    together = str(form.get("people", "")).strip()
    return {"survey": survey, "answers": answers, "final": "final" in form, **({"people": together} if together else {})}


def _staff(name: str, call: Any) -> WishKind:
    return WishKind(name=name, model=OneSurvey, may=STAFF, limit=Limit.STAFF, shed=Shed.NEVER, memory=Memory.CORE, audit=True, call=call)


WISHES = [
    _staff("surveys.open", lambda house, by, wish: house.surveys.open(by, wish.survey)),
    _staff("surveys.close", lambda house, by, wish: house.surveys.close(by, wish.survey)),
    WishKind(
        name="surveys.answer",
        model=Answers,
        may=ANYONE,
        limit=Limit.SURVEY,
        shed=Shed.NEVER,
        memory=Memory.BLIND,
        audit=False,
        call=_answer,
        form=_by_form,
    ),
]


async def evaluation(visit: Visit) -> Response:
    """The evaluation of the day: open from its cue on, after the day's end too."""
    state = msgspec.json.decode((await visit.floor.states.of(visit.me)).body)
    wanted = next((one["survey"] for one in state["surveys"] if one["state"] != "draft"), None)
    found = None
    if wanted:
        async with visit.house.store.reading() as session:
            found = await views.form(session, visit.house.box, visit.day, wanted, visit.me.person)
    return visit.page("evaluation.html", state=state, survey=found, answers=found["answers"] if found else {})


async def texts(visit: Visit) -> Response:
    """All that was written in a closed survey, whether it may be quoted or not."""
    async with visit.house.store.reading() as session:
        day = await session.get(Day, visit.day)
        survey = await results.written(session, visit.day, str(visit.request.path_params["survey"]))
    if day is None or survey is None:
        raise rules.no_such()
    return visit.page("survey-texts.html", day=day.model_dump(include={"day", "title", "title_en"}), survey=survey)


ROUTES = [
    Address("/days/{day}/evaluation", evaluation, who=JOINED),
    Address("/days/{day}/surveys/{survey}/texts", texts, who=role(Role.ORGANIZER.value)),
]


def shows(box: Box) -> Shows:
    """What is shown of surveys."""

    async def personal(session: AsyncSession, day: str, persons: list[str]) -> dict[str, Any]:
        return await views.personal(session, box, day, persons)

    return Shows("surveys", views.FACES, views.shared, personal)
