"""Putting a day right by plain forms: titles, its beginning, who takes part, which film is shown, whether questions are held."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import date, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.responses import Response

from conference import rules, views
from conference.core.errors import Refused, _
from conference.library import Film
from conference.library import views as library
from conference.people import NATIONAL
from conference.rundown import LOCKED, Plate
from conference.rundown.corrections import OPENS_QUESTIONS
from conference.rundown.tables import Cue
from conference.tables import Block, Contributor, Day, Item
from conference.times import local_time
from web.address import Address, Visit, role
from web.endpoints.build import ORGANIZERS

Fields = Mapping[str, str]


async def programme(visit: Visit) -> Response:
    """Everything that can be put right, each with its own form."""
    return await _page(visit)


async def _page(visit: Visit, refused: Refused | None = None, sent: Fields | None = None) -> Response:
    async with visit.house.store.reading() as session:
        found = await views.landing(session, visit.day)
        assert found
        rows = await session.exec(select(Contributor).where(Contributor.day == visit.day).order_by(col(Contributor.position)))
        contributors = [row.model_dump() for row in rows]
        opening = await session.exec(select(Cue).where(Cue.day == visit.day, Cue.do == OPENS_QUESTIONS, Cue.state == "coming"))
        asks = {cue.item: cue.args.get("hold") is not False for cue in opening}
        films = [film for film in await library.films(session, visit.day) if film.state == "ready"]
        locked = await _locked(session, visit.day)
    names = {NATIONAL: visit.text(_("Hela landet")), **{one.region: one.name for one in found.regions}}
    anchor = _anchor(sent) if sent else visit.request.query_params.get("saved", "")
    errors = [{"field": anchor, "text": visit.text(refused.text, **refused.values)}] if refused else []
    return visit.page(
        "programme-forms.html",
        status=422 if refused else 200,
        day=found.day.model_dump(),
        begins=found.day.planned_starts_at.astimezone(ZoneInfo(found.day.timezone)).strftime("%H:%M"),
        blocks=[
            {"block": vars(block), "items": [_item(item, names, films, locked) | {"asks": asks.get(item.item)} for item in block.items]}
            for block in found.programme
        ],
        contributors=[{**one, "scope": names.get(one["scope"], "")} for one in contributors],
        errors=errors,
        asks_past=refused is not None and refused.code == "date.past",
        sent=sent or {},
        saved="" if refused else anchor,
        wrong=anchor if refused else "",
    )


async def _locked(session: AsyncSession, day: str) -> set[str]:
    """The items that belong to the national kit, by themselves or with their block."""
    of = and_(col(Block.day) == Item.day, col(Block.block) == Item.block)
    whose = or_(col(Item.owner) == LOCKED, col(Block.owner) == LOCKED)
    return set(await session.exec(select(Item.item).join(Block, of).where(Item.day == day, whose)))


def _item(item: views.ItemOnPage, names: Mapping[str, str], films: list[Film], locked: Collection[str]) -> dict[str, Any]:
    is_locked = item.item in locked
    ours = item.film and item.state == "upcoming" and not is_locked
    choice = [{"film": film.film, "title": film.title} for film in films] if ours else []
    return {**vars(item), "lane_name": names.get(item.lane, item.lane), "films": choice, "locked": is_locked}


async def correct(visit: Visit) -> Response:
    """Put one thing right, and come back to it."""
    fields = {name: values[-1] for name, values in (await visit.form()).items() if values}
    do = CORRECTIONS.get(fields.get("do", ""))
    if do is None:
        raise Refused("wire.wrong_args", _("Det går inte att be om det."))
    try:
        await do(visit, fields)
    except Refused as refused:
        return await _page(visit, refused, fields)
    anchor = _anchor(fields)
    return visit.go(f"/days/{visit.day}/build/programme?saved={anchor}#{anchor}")


def _anchor(fields: Fields) -> str:
    """The id of the form, so that one sees what became of it."""
    name = "".join(letter if letter.isalnum() or letter == "-" else "_" for letter in fields.get("id", ""))
    return f"{fields.get('do', '')}-{name}" if name else fields.get("do", "")


async def _title(visit: Visit, fields: Fields) -> None:
    await visit.house.corrections.title(visit.by("day.correct"), fields.get("title", ""), fields.get("title_en"))


async def _begin(visit: Visit, fields: Fields) -> None:
    """Move the day; one that would be over already is asked about first."""
    async with visit.house.store.reading() as session:
        day = (await session.exec(select(Day).where(Day.day == visit.day))).one()
    try:
        at, on = time.fromisoformat(fields.get("begins", "")), date.fromisoformat(fields.get("date") or day.date.isoformat())
    except ValueError:
        raise Refused("text.wrong", _("Välj ett datum, och skriv tiden som 09:00.")) from None
    starts_at = local_time(on, at.strftime("%H.%M"), day.timezone)
    ends_at = starts_at + (day.planned_ends_at - day.planned_starts_at)
    rules.move(day, starts_at)  # one that has begun is not asked about
    rules.ahead(ends_at, visit.house.clock.now(), sure=fields.get("past") == "yes")
    await visit.house.corrections.begin(visit.by("day.move"), starts_at)


async def _name_item(visit: Visit, fields: Fields) -> None:
    item = fields.get("id", "")
    await visit.house.corrections.item(visit.by("item.correct", item=item), item, fields.get("title", ""), fields.get("title_en"))


async def _present(visit: Visit, fields: Fields) -> None:
    plate = Plate(fields.get("name"), fields.get("role", ""), fields.get("organisation", ""))
    who = fields.get("id", "")
    await visit.house.corrections.contributor(visit.by("contributor.correct", contributor=who), who, plate)


async def _choose_film(visit: Visit, fields: Fields) -> None:
    item, film = fields.get("id", ""), fields.get("film", "")
    await visit.house.corrections.film(visit.by("item.choose_film", item=item, film=film), item, film)


async def _hold_questions(visit: Visit, fields: Fields) -> None:
    item, hold = fields.get("id", ""), "hold" in fields
    await visit.house.corrections.hold_questions(visit.by("item.hold_questions", item=item, hold=hold), item, hold=hold)


CORRECTIONS: Final[Mapping[str, Callable[[Visit, Fields], Awaitable[None]]]] = {
    "title": _title,
    "begin": _begin,
    "item": _name_item,
    "contributor": _present,
    "film": _choose_film,
    "questions": _hold_questions,
}

ROUTES = [
    Address("/days/{day}/build/programme", programme, who=role(*ORGANIZERS)),
    Address("/days/{day}/build/programme", correct, who=role(*ORGANIZERS), method="POST"),
]
