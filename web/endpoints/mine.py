"""What is held of oneself: to read, to take away, and to have erased."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from starlette.responses import Response

from conference.core.errors import Refused, _
from conference.people import views as people
from conference.tables import Day
from web.address import JOINED, Address, Visit
from web.own_data import OwnData, as_zip, counted, in_words, own_data
from web.signin import Cookies
from web.sought import BOOKED

ZIP: Final = "application/zip"


async def mine(visit: Visit) -> Response:
    """Kind by kind, what is held of whoever looks, why and until when."""
    return await _page(visit)


async def _page(visit: Visit, refused: Refused | None = None) -> Response:
    errors = [{"field": "sure", "text": visit.text(refused.text)}] if refused else []
    data = await of(visit, visit.me.person)
    told = {"held": in_words(data), "events": data.events, "errors": errors}
    return visit.page("mine.html", status=422 if refused else 200, day=await _day(visit), **told)


async def step(visit: Visit) -> Response:
    """Take the file away, or erase."""
    match await visit.form():
        case {"do": ["file"]}:
            return await as_file(visit, visit.me.person, "page", "mina-uppgifter.zip")
        case {"do": ["erase"], "sure": ["yes"]}:
            return await _erase(visit)
        case {"do": ["erase"]}:
            return await _page(visit, Refused("text.empty", _("Kryssa i att du vet att det inte går att ångra.")))
    raise Refused("wire.wrong_args", _("Det går inte att be om det."))


async def _erase(visit: Visit) -> Response:
    """Whoever came in by a link of somebody who takes part goes as that, too. Letters to an address are tied to nobody, and stay."""
    me = visit.me.person
    async with visit.house.store.reading() as session:
        contributor = await people.came_as(session, visit.day, me)
    gone = [*([f"{BOOKED}{contributor}"] if contributor else []), me]
    removed = await visit.house.eraser.erase(replace(visit.by("people.erase"), asked=None), gone, "page")
    visit.floor.sessions.forget(visit.day, me)
    rows = sum(sum(counts.values()) for counts in removed.values())
    response = visit.page("mine-erased.html", day=await _day(visit), rows=rows, viewer=None)
    Cookies(visit.floor.settings.secure).take(response)
    return response


async def of(visit: Visit, person: str) -> OwnData:
    """What is held of a person of the day."""
    async with visit.house.store.reading() as session:
        day = await session.get(Day, visit.day)
        assert day
        return await own_data(session, day, person)


async def as_file(visit: Visit, person: str, asked: str, name: str) -> Response:
    """The same as a file; how much was handed out stands in the audit chain."""
    data, now = await of(visit, person), visit.floor.clock.now()
    await visit.house.eraser.handed_out(visit.by("people.export"), person, asked, counted(data))
    return Response(
        as_zip(data, now), media_type=ZIP, headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    )


async def _day(visit: Visit) -> dict[str, object]:
    async with visit.house.store.reading() as session:
        day = await session.get(Day, visit.day)
    assert day
    return day.model_dump()


ROUTES = [
    Address("/days/{day}/mine", mine, who=JOINED),
    Address("/days/{day}/mine", step, who=JOINED, method="POST"),
]
