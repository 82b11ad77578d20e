"""Surveys by letter: an address is left, the link of a letter is answered, and no more letters are sent."""

from __future__ import annotations

import asyncio
from typing import Final, Literal

from sqlmodel import select
from starlette.datastructures import FormData
from starlette.responses import Response

from conference.core.actor import Actor, Done
from conference.core.errors import Refused, _
from conference.core.faces import Data
from conference.tables import Day
from polls.surveys import rules, views
from polls.surveys.letters import person_of
from polls.surveys.tables import SurveyLink
from web import erasing
from web.address import ALL, JOINED, Address, Visit
from web.endpoints.surveys import answers_in, evaluation_page
from web.limits import Limit
from web.pressure import Shed
from web.signin import Guesses
from web.sought import LETTERS
from web.wishes import ANYONE, Args, House, Memory, WishKind

# What is wrong with what was written is said beside the form; any other refusal has a page of its own, which says when to come back.
OF_ADDRESSES: Final = frozenset({"address", "mail"})
OF_ANSWERS: Final = frozenset({"answer", "text"})


class ByLetter(Args):
    """A link by letter: to each follow-up wave, or to the evaluation."""

    of: Literal["waves", "evaluation"]
    address: str
    lang: Literal["sv", "en"] = "sv"


async def _mail(house: House, by: Actor, wish: ByLetter) -> Done:
    if not (house.settings.mail_url and house.settings.base_url):
        raise Refused("mail.off", _("Härifrån skickas inga brev."))
    done: Done = await house.survey_letters.ask(by, wish.of, wish.address, wish.lang)
    return done


WISHES = [
    WishKind(
        name="surveys.mail",
        model=ByLetter,
        may=ANYONE,
        limit=Limit.LETTER,
        shed=Shed.NEVER,
        memory=Memory.BLIND,  # an address is written once however often it is told, and nothing leads from the person to it
        audit=False,
        call=_mail,
    )
]


async def leave_address(visit: Visit) -> Response:
    """The form of the evaluation's page."""
    form = await visit.form()
    of, address = (form.get(name, [""])[0] for name in ("of", "address"))
    try:
        await visit.ask("surveys.mail", {"of": of, "address": address, "lang": visit.lang})
    except Refused as refused:
        if _noun(refused) not in OF_ADDRESSES:
            raise
        wrong = {"of": of, "text": visit.text(refused.text, **refused.values), "address": address}
        return await evaluation_page(visit, wrong=wrong)
    return visit.go(f"/days/{visit.day}/evaluation?asked={of}#brev")


async def asked(visit: Visit) -> Response:
    """The survey of a link."""
    return await _asked(visit, await _link(visit))


async def _asked(visit: Visit, link: SurveyLink | None, refused: Refused | None = None, written: Data | None = None) -> Response:
    async with visit.house.store.reading() as session:
        day = (await session.exec(select(Day).where(Day.day == visit.day))).first()
        survey = await views.form_by_link(session, visit.house.box, link) if link else None
    if day is None:
        raise rules.no_such()
    errors = [{"field": "", "text": visit.text(refused.text, **refused.values)}] if refused else []
    answers: Data = {**(survey["answers"] if survey else {}), **(written or {})}
    told = not refused and "sent" in visit.request.query_params
    return visit.page(
        "survey-link.html", status=422 if refused else 200, day=_of(day), survey=survey, answers=answers, errors=errors, sent=told
    )


async def answer(visit: Visit) -> Response:
    """All answers of a link's form."""
    link = await _link(visit)
    if link is None:
        return await _asked(visit, None)
    form = FormData([(name, value) for name, values in (await visit.form()).items() for value in values])
    async with visit.house.store.reading() as session:
        parts = await views.parts(session, link.day, link.survey)
    answers = answers_in(parts, form)
    try:
        visit.floor.limits.wish(Limit.SURVEY, link.day, person_of(link))
        await visit.house.surveys.answer_by_link(link, answers, final=True)
    except Refused as refused:
        if _noun(refused) not in OF_ANSWERS:
            raise
        return await _asked(visit, link, refused, answers)
    return visit.go(f"{visit.request.url.path}?sent=1")


def _noun(refused: Refused) -> str:
    return refused.code.partition(".")[0]


async def _link(visit: Visit) -> SurveyLink | None:
    """The link of the address; ``None`` when its survey has closed.

    Raises:
        Refused: ``survey.no_such``, ``limit.reached``.
    """
    guesses, name = Guesses(visit.floor.limits), str(visit.request.path_params["survey"])
    await guesses.may_follow(visit.address)
    async with visit.house.store.reading() as session:
        state = await views.state_of(session, visit.day, name)
    if state == "closed":
        return None
    link = await visit.house.survey_letters.link(visit.day, name, str(visit.request.path_params["token"]))
    if link is None:
        await guesses.missed(visit.address)
        raise rules.no_such()
    return link


async def leave(visit: Visit) -> Response:
    """Whether one wants no more letters."""
    return await _leave(visit, gone=False)


async def left(visit: Visit) -> Response:
    """No more letters, please."""
    await Guesses(visit.floor.limits).may_follow(visit.address)
    leave = str(visit.request.path_params["leave"])
    day, _of_what = await _leaving(visit)
    if day:  # remembered first: a backup that is put back must not bring the address back
        await asyncio.to_thread(erasing.remember, visit.house.settings.data_dir, [(day, f"{LETTERS}{leave}")])
        await visit.house.survey_letters.forget(leave)
        await visit.house.reminders.forget(leave)
    return await _leave(visit, gone=True)


async def _leave(visit: Visit, *, gone: bool) -> Response:
    found, of = await _leaving(visit)
    async with visit.house.store.reading() as session:
        day = (await session.exec(select(Day).where(Day.day == found))).first() if found else None
    return visit.page("letters.html", day=_of(day) if day else None, of=of, gone=gone)


async def _leaving(visit: Visit) -> tuple[str | None, str]:
    """The day of the letters of this link, and what they are about: surveys, or an action."""
    leave = str(visit.request.path_params["leave"])
    if day := await visit.house.survey_letters.leaving(leave):
        return day, "surveys"
    return await visit.house.reminders.leaving(leave), "action"


def _of(day: Day) -> Data:
    return day.model_dump(include={"day", "title", "title_en", "timezone"})


ROUTES = [
    Address("/days/{day}/asked", leave_address, who=JOINED, method="POST"),
    Address("/days/{day}/asked/{survey}/{token}", asked, who=ALL),
    Address("/days/{day}/asked/{survey}/{token}", answer, who=ALL, method="POST"),
    Address("/letters/{leave}", leave, who=ALL),
    Address("/letters/{leave}", left, who=ALL, method="POST"),
]
