"""After the day: the report on a page, and files to take away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.responses import Response

from chat import report as chat_report
from chat.questions import report as questions_report
from conference.core.errors import Refused, _
from conference.core.faces import Data
from conference.followup.keeping.report import LISTED_FROM
from conference.followup.reports import views as reports
from conference.people import Role
from conference.tables import Day
from streaming.recordings import views as recordings
from web import tidy
from web.address import Address, Visit, role
from web.names import named, persons_in
from web.reach import region_of

A_PAGE: Final = 50  # hits of each kind
WORDS_MOST: Final = 100  # characters
READERS: Final = (Role.ORGANIZER.value, Role.MODERATOR.value)
TITLES: Final = {
    "attendance": _("Deltagande"),
    "polls": _("Omröstningar"),
    "evaluation": _("Utvärdering"),
    "later": _("De som sett i efterhand"),
    "chat": _("Chatt"),
    "questions": _("Frågor till panelen"),
    "programme": _("Program"),
    "needs": _("Behov"),
    "actions": _("Åtgärder"),
}


async def report(visit: Visit) -> Response:
    """What the day came to, as far as it has come; whoever leads one region is led to the page of that."""
    if region := region_of(visit.me):
        return visit.go(f"/days/{visit.day}/report/{quote(region, safe='')}")
    found: dict[str, Any] = await visit.house.report.of(visit.day)
    async with visit.house.store.reading() as session:
        day = (await session.exec(select(Day).where(Day.day == visit.day))).one()
        has_recordings = bool(await recordings.recordings(session, visit.day))
        versions = len(await reports.versions(session, visit.day))
        search = await _search(session, visit, found["questions"]["all"])
    for need in found["followup"]["needs"]:
        need["said"] = said_of(need, found["polls"])
    asked = {"questions": found["questions"], "search": search}
    await visit.house.names.learn(visit.day, set(persons_in(asked)))
    found |= named(asked, visit.house.names.of(visit.day))
    found["exports"] = [{"what": what, "title": visit.text(TITLES[what])} for what in visit.house.exports.what if not _is_gone(what, found)]
    may_change = Role.ORGANIZER.value in visit.me.roles
    found["versions"], found["may_report"] = versions, may_change and day.state in ("live", "ended")
    return visit.page("report.html", day=day.model_dump(), report=found, has_recordings=has_recordings, may_change=may_change)


def _is_gone(what: str, report: Data) -> bool:
    """Whether what a file would list has been disposed of."""
    return any(LISTED_FROM.get(what) in one["kinds"] for one in report.get("disposed", ()))


async def _search(session: AsyncSession, visit: Visit, questions: list[dict[str, Any]]) -> dict[str, Any]:
    """What of questions and chat has the words of ``?q=`` in it, a page of each; nothing when there are none."""
    words = tidy.text(visit.request.query_params.get("q", ""))[:WORDS_MOST].strip()
    asked = visit.request.query_params.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 5 else 1  # digits; no day has more
    if not words:
        return {"q": ""}
    found, said = questions_report.matching(questions, words), await chat_report.matching(session, visit.day, words)
    here = slice((page - 1) * A_PAGE, page * A_PAGE)
    messages = [message.model_dump(include={"room", "role", "text", "at"}) for message in said[here]]
    more = max(len(found), len(said)) > page * A_PAGE
    return {"q": words, "page": page, "more": more, "n": len(found), "said": len(said), "questions": found[here], "messages": messages}


def said_of(need: Data, polls: Iterable[Data]) -> list[str]:
    """The figures that say something about a need: the polls of the items that answer it, and the question that it comes from."""
    wanted = {f"{poll}{lane}" for item in need["items"] for poll in item["polls"] for lane in ("", f".{item['lane']}")}
    wanted.add(need["origin"].removeprefix("poll:"))
    from_survey = [need["origin"]] if need["origin"].startswith("survey:") else []
    return [poll["poll"] for poll in polls if poll["poll"] in wanted] + from_survey


async def export(visit: Visit) -> Response:
    """One table of the day as a file."""
    what, dot, form = str(visit.request.path_params["file"]).partition(".")
    if not dot:
        raise Refused("export.no_such", _("Det finns ingen sådan fil."))
    file = await visit.house.exports.file(visit.day, what, form, visit.text, visit.lang)
    return Response(
        file.content,
        media_type=file.media_type,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}", "Cache-Control": "no-store"},
    )


ROUTES = [
    Address("/days/{day}/report", report, who=role(*READERS)),
    Address("/days/{day}/export/{file}", export, who=role(*READERS, whole_day=True)),
]
