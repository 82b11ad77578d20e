"""A day rehearsed from a page: started, followed, and what is missing listed with the way to mend it."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from conference import views
from conference.core.errors import Refused, _
from conference.rules import NATIONAL
from polls.rules import question_of
from web import gaps
from web.address import Address, Visit, role
from web.endpoints.build import ORGANIZERS
from web.gaps import Gap, Prepared
from web.rehearsal import starting
from web.rehearsal.progress import Wanted

STANDING: Final = frozenset({"rehearsal.under_way", "rehearsal.not_playing"})  # refused for what goes on, not for what was sent
SAYS: Final = {
    "film": _("Filmen saknas, och en skylt visas i stället: %(about)s"),
    "captions": _("Filmen saknar undertexter: %(about)s"),
    "poll": _("Omröstningen har ingen fråga som går att ställa: %(about)s"),
    "tech_check": _("Ingen teknikkontroll är bestämd för: %(about)s"),
    "moderator": _("Regionen har ingen moderator: %(about)s"),
    "overrun": _("Tiden räcker inte: %(about)s"),
    "refused": _("Ett moment i körschemat gick inte att utföra: %(about)s"),
    "passed_over": _("Ett moment i körschemat kom aldrig: %(about)s"),
    "unanswered": _("Ingen hann svara, eller så frågas ingen: %(about)s"),
    "stuck": _("Dagen kom aldrig till sitt slut"),
}
MENDS: Final = {
    "film": _("Till filmerna"),
    "captions": _("Till filmerna"),
    "tech_check": _("Till medverkande"),
    "moderator": _("Ge regionen en moderator"),
}


async def rehearsal(visit: Visit) -> Response:
    """What the last rehearsal found, how far the present one has come, and the form that starts one."""
    return await _page(visit)


async def _page(visit: Visit, refused: Refused | None = None, sent: dict[str, str] | None = None) -> Response:
    async with visit.house.store.reading() as session:
        found = await views.landing(session, visit.day)
        assert found
        prepared = await gaps.read(session, visit.day)
    last = visit.house.rehearsals.last(visit.day)
    return visit.page(
        "rehearsal.html",
        status=(409 if refused.code in STANDING else 422) if refused else 200,
        day=found.day.model_dump(),
        last=last and {**last.told(), "percent": last.percent, "written_at": last.written_at, "at": last.at},
        gaps=[_line(visit, prepared, gap) for gap in last.gaps] if last else [],
        speeds=starting.SPEEDS,
        most=starting.PEOPLE_MOST,
        sent=sent or {},
        errors=[{"field": "", "text": visit.text(refused.text, **refused.values)}] if refused else [],
    )


def _line(visit: Visit, day: Prepared, gap: Gap) -> dict[str, Any]:
    """A gap in words, where it is, and where one does something about it."""
    item = day.items.get(gap.item)
    return {
        "text": visit.text(SAYS[gap.kind], about=_name(visit, day, gap)),
        "where": item.title if item else "",
        "starts_at": item.planned_starts_at if item else None,
        "link": f"/days/{visit.day}/{_mended_at(gap)}",
        "mend": visit.text(MENDS.get(gap.kind, _("Till programmet"))),
    }


def _mended_at(gap: Gap) -> str:
    match gap.kind:
        case "film" | "captions":
            return "library"
        case "tech_check":
            return f"build/contributors#{gap.about.replace('@', '_').replace('.', '_')}"
        case "moderator":
            return "build#lankar"
    anchor = gap.item.replace("@", "_").replace(".", "_")
    return f"build/timeline?saved={anchor}#{anchor}" if anchor else "build/timeline"


def _name(visit: Visit, day: Prepared, gap: Gap) -> str:
    """What the gap is about, as people call it."""
    names = {one.region: one.name for one in day.regions} | {NATIONAL: visit.text(_("Hela landet"))}
    names |= {name: film.title for name, film in day.films.items()}
    names |= {name: question_of(poll).title for name, poll in day.polls.items()}
    names |= {name: one.screen_name or one.role for name, one in day.people.items()}
    if gap.kind == "overrun" and gap.item in day.items:
        return f"{day.items[gap.item].title} ({names.get(gap.about, gap.about)})"
    cue = next((cue for cue in day.cues if cue.cue == gap.where), None)
    return names.get(gap.about) or (cue.what if cue and cue.what else "") or gap.about or gap.where


async def start(visit: Visit) -> Response:
    """Have the day played."""
    fields = {name: values[-1] for name, values in (await visit.form()).items() if values}
    try:
        wanted = Wanted(visit.day, _whole(fields.get("speed", "")), _whole(fields.get("people", "")))
        await visit.house.rehearsals.start(visit.by("rehearsal.start", people=wanted.people), wanted)
    except Refused as refused:
        return await _page(visit, refused, {name: value[:10] for name, value in fields.items()})
    return visit.go(f"/days/{visit.day}/rehearsal")


async def cancel(visit: Visit) -> Response:
    """Have the one that is played stopped."""
    try:
        await visit.house.rehearsals.cancel(visit.by("rehearsal.cancel"))
    except Refused as refused:
        return await _page(visit, refused)
    return visit.go(f"/days/{visit.day}/rehearsal")


def _whole(text: str) -> int:
    """A whole number, or one that is refused."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else -1


async def progress(visit: Visit) -> Response:
    """How far it has come, for the page to read again."""
    last = visit.house.rehearsals.last(visit.day)
    if last is None:
        raise Refused("rehearsal.no_such", _("Dagen har inte repeterats."))
    return visit.data({**last.told(), "percent": last.percent})


ROUTES = [
    Address("/days/{day}/rehearsal", rehearsal, who=role(*ORGANIZERS)),
    Address("/days/{day}/rehearsal", start, who=role(*ORGANIZERS), method="POST"),
    Address("/days/{day}/rehearsal/cancel", cancel, who=role(*ORGANIZERS), method="POST"),
    Address("/days/{day}/rehearsal/progress", progress, who=role(*ORGANIZERS)),
]
