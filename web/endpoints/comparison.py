"""The same question side by side: the days of a series, the times it was put, and each region beside the country."""

from __future__ import annotations

from sqlmodel import select
from starlette.responses import Response

from conference.followup.comparison import TOP, compared, together
from conference.tables import Day
from web.address import Address, Visit, role
from web.endpoints.followup import READERS


async def compare(visit: Visit) -> Response:
    """One question, chosen by ``?question=``, and the share of one of its answers, by ``?answer=``; the first of each where it is none."""
    async with visit.house.store.reading() as session:
        day = (await session.exec(select(Day).where(Day.day == visit.day))).one()
    found = await visit.house.comparison.asked(visit.day)
    wanted = visit.request.query_params
    question = next((one for one in found if one.question == wanted.get("question")), found[0] if found else None)
    answers = question.answers if question else []
    answer = next((one["id"] for one in answers if one["id"] == wanted.get("answer")), answers[0]["id"] if answers else "")
    lines = compared(question, answer) if question else []
    return visit.page(
        "compare.html",
        day=day.model_dump(),
        questions=[{"id": one.question, **one.names} for one in found],
        question=question,
        answers=answers,
        answer=answer,
        top=TOP,
        lines=lines,
        together=together(lines) if lines else None,
    )


ROUTES = [Address("/days/{day}/compare", compare, who=role(*READERS, whole_day=True))]
