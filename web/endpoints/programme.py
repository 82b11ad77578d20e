"""The day's own page, its schedule as files, its films, and what is shown of the programme."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from starlette.responses import FileResponse, Response

from chat.questions import report as questions
from conference import views
from conference.core.actor import Actor
from conference.core.errors import Refused, _
from conference.export import schedule_ics, schedule_json, schedule_xml
from conference.library import Film, folder_of
from conference.library import views as library
from conference.people import NATIONAL, STAFF, Role
from conference.tables import Day
from polls.surveys import views as surveys
from streaming.recordings import views as recordings
from web import kit_texts, recorded
from web.address import ALL, Address, Visit
from web.names import named, persons_in
from web.ribbon import ribbon
from web.shows import Shows

KINDS: Final = {"mp4": "video/mp4", "vtt": "text/vtt; charset=utf-8", "jpg": "image/jpeg"}
SCHEDULES: Final[dict[str, tuple[Callable[[views.Landing, str, datetime], bytes], str]]] = {
    "json": (lambda found, base_url, _now: schedule_json(found, base_url), "application/json"),
    "xml": (lambda found, base_url, _now: schedule_xml(found, base_url), "application/xml"),
    "ics": (schedule_ics, "text/calendar; charset=utf-8"),
}

SHOWS = Shows("day", views.FACES, views.shared)


async def landing(visit: Visit) -> Response:
    """What the day is, the programme as the standing line, and the way in."""
    found = await public(visit)
    region = visit.request.query_params.get("region", "")
    region = region if any(one.region == region for one in found.regions) else ""
    lane = region or NATIONAL
    line = [
        {"starts_at": item.starts_at, "ends_at": item.ends_at, "kind": item.kind, "lane": "national" if block.kind == "common" else "r"}
        for block in found.programme
        for item in block.of_lane(lane)
    ]
    async with visit.house.store.reading() as session:
        films = await library.films(session, visit.day)
        asked = await surveys.before_the_day(session, visit.day) if found.day.state == "published" else []
        has_recordings = found.day.state == "ended" and bool(await recordings.recordings(session, visit.day))
        questions_asked = await questions.on_the_days_page(session, visit.day) if found.day.state == "ended" else []
    await visit.house.names.learn(visit.day, set(persons_in(questions_asked)))
    return visit.page(
        "day.html",
        day=found.day.model_dump(),
        programme=[_block(block) for block in found.programme],
        goals=found.goals,
        regions=[{"region": one.region, "name": one.name} for one in found.regions],
        region=region,
        share_url=f"{visit.origin}/days/{visit.day}/share/{lane}.png",
        join=found.day.state in ("published", "live"),
        line=ribbon(line),
        films=[_film(visit.day, found.goals, film) for film in films if film.file],
        code=visit.request.query_params.get("code", ""),
        has_recordings=has_recordings,
        questions=named(questions_asked, visit.house.names.of(visit.day)),
        asked=asked,
    )


def _block(block: views.BlockOnPage) -> dict[str, Any]:
    items = [{**vars(item), "goals": list(item.goals)} for item in block.items]
    return {**vars(block), "starts": block.starts_at, "ends": block.ends_at, "items": items}


def _film(day: str, goals: tuple[dict[str, Any], ...], film: Film) -> dict[str, Any]:
    goal = next((one["title"] for one in goals if one["id"] in film.goals), None)
    at = f"/days/{day}/library/{film.film}"
    shown = {"title": film.title, "seconds": film.seconds or film.planned_s, "goal": goal, "url": f"{at}.mp4"}
    poster = f"{at}.jpg" if film.origin == "kit" else None
    return {**shown, "captions": f"{at}.vtt" if film.captions or film.webvtt else None, "film": film.film, "poster": poster}


async def schedule(visit: Visit) -> Response:
    """The programme for other programs."""
    form = str(visit.request.path_params["form"])
    if form not in SCHEDULES:
        raise _no_such()
    write, media_type = SCHEDULES[form]
    return Response(write(await public(visit), visit.origin, visit.house.clock.now()), media_type=media_type)


async def films(visit: Visit) -> Response:
    """Films and material, and for organizers the form to add one."""
    found = await public(visit)
    async with visit.house.store.reading() as session:
        rows = await library.films(session, visit.day)
    return visit.page(
        "library.html",
        day=found.day.model_dump(),
        films=[_film(visit.day, found.goals, film) for film in rows if may_be_seen(film)],
        recordings=await recorded.cards(visit),
        material=await _material(visit, found.day),
        regions={one.region: one.name for one in found.regions},
        staff=_is_staff(visit),
        can_upload=visit.visitor is not None and visit.me.day == visit.day and Role.ORGANIZER.value in visit.me.roles,
    )


async def _material(visit: Visit, day: Day) -> list[dict[str, str]]:
    listed = kit_texts.titles(await kit_texts.kit_of(day, visit.house.settings.data_dir), day, visit.lang)
    return [{**one, "url": f"/days/{day.day}/material/{one['name']}"} for one in listed]


async def film_file(visit: Visit) -> Response:
    """A film, its captions or its first picture, as it was given."""
    name, _dot, kind = str(visit.request.path_params["file"]).rpartition(".")
    found = await public(visit)
    async with visit.house.store.reading() as session:
        film = await library.film(session, visit.day, name)
    if film is None or not film.file or not may_be_seen(film):
        raise _no_such()
    if kind == "vtt" and film.webvtt:
        count(visit, f"{name}.vtt")
        return Response(film.webvtt, media_type=KINDS["vtt"], headers={"Cache-Control": "no-cache"})
    given = {"mp4": film.file, "vtt": film.captions, "jpg": film.file[:-4] + ".jpg"}.get(kind)
    folder = _folder(visit, found.day, film)
    if not given or not (folder / given).is_file():
        raise _no_such()
    count(visit, f"{name}.{kind}")
    return FileResponse(folder / given, media_type=KINDS[kind], headers={"Cache-Control": "public, max-age=3600"})


def count(visit: Visit, what: str) -> None:
    """Count that something is taken home: links that say ``?keep=yes`` lead to it, and not the pages that play or show it."""
    if visit.request.method == "GET" and visit.request.query_params.get("keep") == "yes" and "range" not in visit.request.headers:
        visit.floor.errands.run(visit.house.library.taken_home(Actor.house(visit.day), what), "counting a download")


def may_be_seen(film: Film) -> bool:
    """What somebody gave to the day is shown to nobody before it has turned out to be a film."""
    return bool(film.file) and (film.origin == "kit" or film.state == "ready")


def _folder(visit: Visit, day: Day, film: Film) -> Path:
    data_dir: Path = visit.house.settings.data_dir
    return folder_of(day.kit_folder, data_dir) if film.origin == "kit" else data_dir


async def public(visit: Visit) -> views.Landing:
    """The day, when the reader may see it: a draft is for its staff."""
    async with visit.house.store.reading() as session:
        found = await views.landing(session, visit.day)
    if found is None or (found.day.state == "draft" and not _is_staff(visit)):
        raise Refused("day.no_such", _("Dagen finns inte."))
    return found


def _is_staff(visit: Visit) -> bool:
    return visit.visitor is not None and visit.me.day == visit.day and bool(visit.me.roles & STAFF)


def _no_such() -> Refused:
    return Refused("page.no_such", _("Sidan finns inte."))


ROUTES = [
    Address("/days/{day}", landing, who=ALL),
    Address("/days/{day}/schedule.{form}", schedule, who=ALL),
    Address("/days/{day}/library", films, who=ALL),
    Address("/days/{day}/library/{file}", film_file, who=ALL),
]
