"""What the day's kit brings for people: letters, pages, guides and check-lists, to read here and to take away."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

from babel.dates import format_date
from starlette.responses import Response, StreamingResponse

from conference.core.errors import Refused, _
from conference.library import Film, folder_of
from conference.library import views as library
from conference.people import NATIONAL, Role
from conference.tables import Day
from web import kit_texts
from web.address import ALL, Address, Visit, role
from web.endpoints.programme import count, may_be_seen, public
from web.share_pictures import Words, png_of

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
        count(visit, f"{text.id}.{text.language}.md")
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
    found = await public(visit)
    day = found.day
    kit = await kit_texts.kit_of(day, visit.house.settings.data_dir)
    async with visit.house.store.reading() as session:
        films = [film for film in await library.films(session, visit.day) if may_be_seen(film)]
        taken = await library.downloads(session, visit.day)
    at = f"/days/{visit.day}"
    lang = kit_texts.language_in(kit, visit.lang)
    listed = [
        {**one, "url": f"{at}/material/{one['name']}", "taken": taken.get(f"{one['name']}.{lang}.md", 0)}
        for one in kit_texts.titles(kit, day, visit.lang)
    ]
    checklist = {one["id"] for one in kit.checklists["checklists"]}
    is_organizer = visit.visitor is not None and visit.me.day == visit.day and Role.ORGANIZER.value in visit.me.roles
    return visit.page(
        "organizers.html",
        day=day.model_dump(),
        kit={"kit": kit.head.id, "version": kit.head.version, "title": kit.head.title, "licence": kit.head.licence},
        kit_url=f"{at}/kit.zip" if is_organizer else "",
        kit_taken=taken.get("kit", 0),
        texts=[one for one in listed if one["name"] not in checklist],
        checklists=[one for one in listed if one["name"] in checklist],
        films=[_told(film, at, taken) for film in films],
        shares=[
            {"name": name, "file": f"{lane}.png", "url": f"{at}/share/{lane}.png", "taken": taken.get(f"share-{lane}.png", 0)}
            for lane, name in [(NATIONAL, visit.text(_("Hela landet"))), *((one.region, one.name) for one in found.regions)]
        ],
        counts={"polls": len(kit.polls["polls"]), "blocks": len(kit.blocks), "items": len(kit.items)},
    )


def _told(film: Film, at: str, taken: Mapping[str, int]) -> dict[str, Any]:
    has_text = bool(film.captions or film.webvtt)
    about = {**film.model_dump(include=FILM), "url": f"{at}/library/{film.film}", "has_text": has_text}
    return {**about, "taken": taken.get(f"{film.film}.mp4", 0)}


async def share(visit: Visit) -> Response:
    """A picture to share of the day, for the country or for one of its regions."""
    found, lane = await public(visit), str(visit.request.path_params["lane"])
    whose = {NATIONAL: visit.text(_("Hela landet"))} | {one.region: one.name for one in found.regions}
    if lane not in whose:
        raise Refused("lane.no_such", _("Dagen har inget sådant spår."))
    day, at = found.day, f"{visit.origin.partition('://')[2]}/days/{visit.day}"
    words = Words(
        title=(day.title_en if visit.lang == "en" else None) or day.title,
        date=format_date(day.date, "full", locale=visit.lang),
        whose=whose[lane],
        link=at if lane == NATIONAL else f"{at}?region={lane}",
    )
    count(visit, f"share-{lane}.png")
    picture = await asyncio.to_thread(png_of, words)
    return Response(picture, media_type="image/png", headers={"Cache-Control": "private, max-age=300"})


async def kit(visit: Visit) -> Response:
    """The kit that the day was made from, as one signed file to pass on."""
    async with visit.house.store.reading() as session:
        day = await session.get(Day, visit.day)
    assert day is not None
    count(visit, "kit")
    return await sent(visit, folder_of(day.kit_folder, visit.house.settings.data_dir))


async def sent(visit: Visit, folder: Path) -> Response:
    """The kit that lies in *folder*, as its file.

    Raises:
        Refused: ``kit.locked``, ``kit.tampered``.
    """
    made = tempfile.TemporaryFile(dir=visit.house.settings.data_dir)  # noqa: SIM115  # read, and gone, when it is sent
    sealed = await asyncio.to_thread(visit.house.shelf.export, folder, made)
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
    Address("/days/{day}/share/{lane}.png", share, who=ALL),
    Address("/days/{day}/material/{name}", material, who=ALL),
]
