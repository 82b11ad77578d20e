"""What the day's kit brings for people: letters, pages, guides and check-lists, to read here and to take away."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from typing import IO, Any, Final

from starlette.responses import Response, StreamingResponse

from conference.core.errors import Refused, _
from conference.library import Film, folder_of
from conference.library import views as library
from conference.people import Role
from conference.tables import Day
from web import kit_texts
from web.address import ALL, Address, Visit, role
from web.endpoints.programme import may_be_seen, public

CHUNK: Final = 1 << 18
FILM: Final = {"film", "title", "title_en", "seconds", "licence", "language"}
OWNERS: Final = {"national": _("nationellt"), "region": _("region")}


async def material(visit: Visit) -> Response:
    """One text or check-list as a page, or with ``.md`` as the file that it is."""
    name, dot, _kind = str(visit.request.path_params["name"]).partition(".md")
    day = (await public(visit)).day
    kit = await kit_texts.kit_of(day, visit.house.settings.data_dir)
    text = kit.texts.get((name, kit_texts.language_in(kit, visit.lang)))
    checklist = next((one for one in kit.checklists["checklists"] if one["id"] == name), None)
    if text is None and (checklist is None or dot):
        raise Refused("material.no_such", _("Det finns inget sådant material."))
    if text and dot:
        headers = {"Content-Disposition": f'attachment; filename="{text.id}.{text.language}.md"'}
        return Response(f"# {text.title}\n\n{text.body.strip()}\n", media_type="text/markdown; charset=utf-8", headers=headers)
    places = kit_texts.known(day, visit.origin, is_in=visit.visitor is not None and visit.me.day == day.day)
    shown: dict[str, Any] = (
        {"title": kit_texts.filled(text.title, places), "text": kit_texts.html(text, places)}
        if text
        else {"title": (checklist or {})["title"]}
    )
    items = [{**item, "owner": OWNERS.get(item["owner"], item["owner"])} for item in checklist["items"]] if checklist else []
    return visit.page("material.html", day=day.model_dump(), name=name, items=items, licence=kit.head.licence, **shown)


async def organizers(visit: Visit) -> Response:
    """For whoever makes a day of their own: everything that there is to take away, whose it is, and in which version."""
    day = (await public(visit)).day
    kit = await kit_texts.kit_of(day, visit.house.settings.data_dir)
    async with visit.house.store.reading() as session:
        films = [film for film in await library.films(session, visit.day) if may_be_seen(film)]
    at = f"/days/{visit.day}"
    listed = [{**one, "url": f"{at}/material/{one['name']}"} for one in kit_texts.titles(kit, day, visit.lang)]
    checklist = {one["id"] for one in kit.checklists["checklists"]}
    is_organizer = visit.visitor is not None and visit.me.day == visit.day and Role.ORGANIZER.value in visit.me.roles
    return visit.page(
        "organizers.html",
        day=day.model_dump(),
        kit={"kit": kit.head.id, "version": kit.head.version, "title": kit.head.title, "licence": kit.head.licence},
        kit_url=f"{at}/kit.zip" if is_organizer else "",
        texts=[one for one in listed if one["name"] not in checklist],
        checklists=[one for one in listed if one["name"] in checklist],
        films=[{**film.model_dump(include=FILM), "url": f"{at}/library/{film.film}", "has_text": _has_text(film)} for film in films],
        counts={"polls": len(kit.polls["polls"]), "blocks": len(kit.blocks), "items": len(kit.items)},
    )


def _has_text(film: Film) -> bool:
    return bool(film.captions or film.webvtt)


async def kit(visit: Visit) -> Response:
    """The kit that the day was made from, as one signed file to pass on."""
    async with visit.house.store.reading() as session:
        day = await session.get(Day, visit.day)
    assert day is not None
    made = tempfile.TemporaryFile(dir=visit.house.settings.data_dir)  # noqa: SIM115  # read, and gone, when it is sent
    sealed = await asyncio.to_thread(visit.house.shelf.export, folder_of(day.kit_folder, visit.house.settings.data_dir), made)
    size = made.tell()
    made.seek(0)
    name = f"{sealed.told.kit.id}-{sealed.told.kit.version}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(size), "Cache-Control": "no-store"}
    return StreamingResponse(_pieces(made), media_type="application/zip", headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(CHUNK):
            yield piece


ROUTES = [
    Address("/days/{day}/kit.zip", kit, who=role(Role.ORGANIZER.value)),
    Address("/days/{day}/organizers", organizers, who=ALL),
    Address("/days/{day}/material/{name}", material, who=ALL),
]
