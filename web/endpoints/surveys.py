"""Surveys over the wire: their wishes, and the page of the evaluation."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

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
from polls.surveys import plans, results, rules, views
from polls.surveys.parts import Part
from web.address import JOINED, Address, Visit, role
from web.answers import given_in
from web.limits import Limit
from web.pressure import Shed
from web.sessions import Asker
from web.shows import Shows
from web.wishes import ANYONE, Args, House, Memory, WishKind

Count = Annotated[int, Meta(ge=-1_000_000, le=1_000_000)]  # which of them there can be is for the rules to say, in a sentence
OPENS_AT, CLOSES_AT = time(8), time(23, 59)  # of a date: people find it in the morning, and have all of the last day
FIELD = "answers."  # what a question's field in the form is called before its id


class OneSurvey(Args):
    """A survey by its id."""

    survey: str


class Planning(OneSurvey):
    """When it opens and closes by itself."""

    opens: Literal["hand", "cue", "date", "day_closed", "after_item"]
    opens_at: datetime | None = None
    closes_at: datetime | None = None


class Answers(OneSurvey):
    """Answers to some of its questions; ``final`` sends the form in, ``people`` are those who answer together."""

    answers: dict[str, Any]
    final: bool = False
    people: Count | None = None


async def _answer(house: House, by: Asker, wish: Answers) -> Done:
    """What is asked about an item is asked of those who looked on, wherever they belong."""
    done: Done = await house.surveys.answer(replace(by, lane=by.seen), wish.survey, wish.answers, final=wish.final, people=wish.people)
    return done


async def _by_form(house: House, by: Actor, form: FormData) -> dict[str, Any]:
    """All answers of a form without scripts, each in the shape that its question takes; an empty field takes an answer back."""
    survey = str(form.get("survey", ""))
    async with house.store.reading() as session:
        parts = await views.parts(session, by.day, survey)
    together = str(form.get("people", "")).strip()
    answers = answers_in(parts, form)
    # A refusal would save nothing, and a form without scripts is all that there is: it is kept, and the page says what is left to answer.
    final = "final" in form and not rules.leaves_out(parts, answers)
    return {"survey": survey, "answers": answers, "final": final, **({"people": together} if together else {})}


def answers_in(parts: Iterable[Part], form: FormData) -> dict[str, Any]:
    """The answer to every question of a form, as it was filled in."""
    answers: dict[str, Any] = {}
    for part in parts:
        question = part.question
        answers[question.id] = kind_of(question).read(given_in(form, FIELD + question.id))
        if part.consent:
            answers[part.consent.id] = bool(form.get(FIELD + part.consent.id))
    return answers


async def _plan(house: House, by: Actor, wish: Planning) -> Done:
    times = {"opens_at": _in_utc(wish.opens_at), "closes_at": _in_utc(wish.closes_at)}
    done: Done = await house.surveys.plan(by, wish.survey, wish.opens, **times)
    return done


def _in_utc(at: datetime | None) -> datetime | None:
    """A time of the wire; one without an offset is in UTC.

    Raises:
        Refused: ``survey.wrong_plan`` where it has no time in UTC, at either end of the calendar.
    """
    try:
        return at and (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise plans.wrong_date() from None


async def _plan_by_form(house: House, by: Actor, form: FormData) -> dict[str, Any]:
    """The fields of the page, whose dates are without an hour and mean the day's own morning and night."""
    async with house.store.reading() as session:
        day = await session.get(Day, by.day)
    zone = ZoneInfo(day.timezone if day else "UTC")
    plan: dict[str, Any] = {name: str(form.get(name, "")) for name in ("survey", "opens")}
    for name, hour in (("opens_at", OPENS_AT), ("closes_at", CLOSES_AT)):
        with suppress(ValueError):  # an empty field is no date; any other that is none is refused for what it lacks
            plan[name] = datetime.combine(date.fromisoformat(str(form.get(name, ""))), hour, zone)
    if plan["opens"] != "date":
        plan.pop("opens_at", None)
    return plan


def _staff(name: str, call: Any, model: type[OneSurvey] = OneSurvey, form: Any = None) -> WishKind:
    return WishKind(
        name=name, model=model, form=form, may=STAFF, limit=Limit.STAFF, shed=Shed.NEVER, memory=Memory.CORE, audit=True, call=call
    )


WISHES = [
    _staff("surveys.open", lambda house, by, wish: house.surveys.open(by, wish.survey)),
    _staff("surveys.plan", _plan, Planning, _plan_by_form),
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
    """A survey: the one in the address, or else the one that waits for an answer. The evaluation is open after the day's end too."""
    return await evaluation_page(visit)


async def evaluation_page(visit: Visit, wrong: dict[str, str] | None = None) -> Response:
    """The page of `evaluation`.

    Args:
        wrong: an address that was refused: ``{"of", "text", "address"}``.
    """
    state = msgspec.json.decode((await visit.floor.states.of(visit.me)).body)
    asked = [one for one in state["surveys"] if one["state"] != "draft" and one.get("asks", True) and "title" in one and "item" not in one]
    wanted = visit.request.path_params.get("survey") or next((one["survey"] for one in sorted(asked, key=_waits)), None)
    found = None
    if wanted:
        async with visit.house.store.reading() as session:
            found = await views.form(session, visit.house.box, visit.day, str(wanted), visit.viewer)
    if found is None and "survey" in visit.request.path_params:
        raise rules.no_such()
    others = [one for one in asked if one["state"] == "open" and one["survey"] != wanted]
    about = {"survey": found, "answers": found["answers"] if found else {}, "others": others, "mails": await _mails(visit), "wrong": wrong}
    return visit.page("evaluation.html", status=422 if wrong else 200, state=state, **about)


async def _mails(visit: Visit) -> dict[str, Any] | None:
    """What may be had by letter, and what of it was asked for just now; ``None`` where no letters are sent from."""
    settings = visit.house.settings
    if not (settings.mail_url and settings.base_url):
        return None
    async with visit.house.store.reading() as session:
        return {**await views.by_letter(session, visit.day), "asked": visit.request.query_params.get("asked")}


def _waits(survey: dict[str, Any]) -> tuple[bool, bool]:
    """The order in which surveys are offered: those that are open first, and of them those that are not answered."""
    return survey["state"] != "open", survey["mine"] == "done"


async def surveys(visit: Visit) -> Response:
    """The surveys of the day, to open, close and plan."""
    state = msgspec.json.decode((await visit.floor.states.of(visit.me)).body)
    async with visit.house.store.reading() as session:
        found = await views.for_staff(session, visit.day)
        gone = await views.taken_away(session, visit.day)
        copies = await views.to_copy(session, visit.day)
    may_write = Role.ORGANIZER.value in visit.me.roles
    return visit.page("surveys.html", state=state, surveys=found, gone=gone, copies=copies, may_write=may_write)


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
    Address("/days/{day}/evaluation/{survey}", evaluation, who=JOINED),
    Address("/days/{day}/surveys", surveys, who=role(*STAFF, whole_day=True)),
    Address("/days/{day}/surveys/{survey}/texts", texts, who=role(Role.ORGANIZER.value)),
]


def shows(box: Box) -> Shows:
    """What is shown of surveys."""

    async def personal(session: AsyncSession, day: str, persons: list[str]) -> dict[str, Any]:
        return await views.personal(session, box, day, persons)

    return Shows("surveys", views.FACES, views.shared, personal)
