"""After the day: the report on a page, and files to take away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote

from sqlmodel import select
from starlette.responses import Response

from conference.core.errors import Refused, _
from conference.core.faces import Data
from conference.people import Role
from conference.tables import Day
from web.address import Address, Visit, role

READERS: Final = (Role.ORGANIZER.value, Role.MODERATOR.value)
TITLES: Final = {
    "attendance": _("Deltagande"),
    "polls": _("Omröstningar"),
    "evaluation": _("Utvärdering"),
    "chat": _("Chatt"),
    "questions": _("Frågor till panelen"),
    "programme": _("Program"),
    "needs": _("Behov"),
    "actions": _("Åtgärder"),
}


async def report(visit: Visit) -> Response:
    """What the day came to, as far as it has come."""
    async with visit.house.store.reading() as session:
        day = (await session.exec(select(Day).where(Day.day == visit.day))).one()
    found: dict[str, Any] = await visit.house.report.of(visit.day)
    for need in found["followup"]["needs"]:
        need["said"] = said_of(need, found["polls"])
    found["exports"] = [{"what": what, "title": visit.text(TITLES[what])} for what in visit.house.exports.what]
    may_change = Role.ORGANIZER.value in visit.me.roles
    return visit.page("report.html", day=day.model_dump(), report=found, may_change=may_change)


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
    file = await visit.house.exports.file(visit.day, what, form, visit.text)
    return Response(
        file.content,
        media_type=file.media_type,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}", "Cache-Control": "no-store"},
    )


ROUTES = [
    Address("/days/{day}/report", report, who=role(*READERS)),
    Address("/days/{day}/export/{file}", export, who=role(*READERS)),
]
