"""Lanes over the wire: playlists and pictures for players, what is on air, and films that are given to a day."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.responses import Response

from conference.core.actor import Done
from conference.core.errors import Refused, _
from conference.library import Film, NewFilm
from conference.library import views as library
from conference.people import STAFF, Role
from streaming import MediaAway, views
from streaming.media_client import FILM_TEXTS
from web import tidy
from web.address import ALL, FORMS, Address, Visit, role
from web.endpoints.programme import public
from web.limits import Limit
from web.pressure import Shed
from web.shows import Shows
from web.wishes import Args, Memory, WishKind

FILM_MOST_BYTES: Final = 4 << 30
PLAYLIST: Final = "application/vnd.apple.mpegurl"
KINDS: Final = {"mp4": "video/mp4", "m4s": "video/iso.segment", "vtt": "text/vtt; charset=utf-8"}
NO_STORE: Final = {"Cache-Control": "no-cache"}
FOR_GOOD: Final = {"Cache-Control": "public, max-age=3600, immutable"}
NAMES: Final = {  # of a lane's media playlists -> whole day, captions
    "live.m3u8": (False, False),
    "live-sv.m3u8": (False, True),
    "day.m3u8": (True, False),
    "day-sv.m3u8": (True, True),
}


class Take(Args):
    """What to take on air: a film, a source or ``slate``."""

    source: str
    lane: str | None = None


async def _take(house: Any, by: Any, wish: Take) -> Done:
    done: Done = await house.lanes.take(by, wish.source, wish.lane or by.lane)
    return done


WISHES = [
    WishKind(
        name="streaming.take",
        model=Take,
        may=STAFF,
        limit=Limit.STAFF,
        shed=Shed.NEVER,
        memory=Memory.CORE,
        audit=True,
        call=_take,
    ),
]

SHOWS = Shows("streaming", views.FACES, views.shared)


async def lane(visit: Visit) -> Response:
    """A lane's playlists: ``index.m3u8`` with all of them, and each by itself."""
    await public(visit)
    name, wanted = str(visit.request.path_params["name"]), str(visit.request.path_params["lane"])
    origin = visit.house.origin
    if name in ("index.m3u8", "replay.m3u8"):
        body = await _there(origin.multivariant(visit.day, wanted, whole=name == "replay.m3u8"))
    elif name in NAMES:
        whole, words = NAMES[name]
        body = await _there(origin.playlist(visit.day, wanted, whole=whole, words=words))
    else:
        raise _no_such()
    return Response(body, media_type=PLAYLIST, headers=NO_STORE)


async def media(visit: Visit) -> Response:
    """Pictures, sound and captions of what is on air; the same for all lanes, and never changed."""
    await public(visit)
    strip = str(visit.request.path_params["strip"])
    name, _dot, kind = str(visit.request.path_params["name"]).partition(".")
    origin = visit.house.origin
    if kind == "mp4" and name == "init":
        body = await _there(origin.init(visit.day, strip))
    elif kind == "m4s":
        body = await _there(origin.segment(visit.day, strip, name))
    elif kind == "vtt":
        body = await _there(origin.words(visit.day, strip, name))
    else:
        raise _no_such()
    return Response(body, media_type=KINDS[kind], headers=FOR_GOOD)


async def _there(reading: Awaitable[bytes]) -> bytes:
    try:
        return await reading
    except LookupError:
        raise _no_such() from None
    except MediaAway:
        raise Refused("media.away", _("Bilden är borta en stund och kommer tillbaka av sig själv."), retry_after_ms=1_000) from None


async def give_film(visit: Visit) -> Response:
    """Take a film in; it is looked at and packaged afterwards, and its status says how that goes."""
    if visit.content_type not in FORMS:
        raise Refused("wire.wrong_type", _("Innehållet ska vara ett formulär."))
    async with visit.request.form(max_files=1, max_fields=10) as form:
        given, title = form.get("file"), tidy.text(str(form.get("title") or "")).strip()
        if not isinstance(given, UploadFile) or not given.filename:
            raise Refused("film.unreadable", _("Välj en film att skicka."))
        name = f"films/{visit.house.ids.secret(16)}"
        await _keep(given, visit.house.settings.data_dir / name)
        title = title or tidy.text(Path(given.filename).stem).strip()[:100] or visit.text(_("Film"))
    assert visit.visitor
    done = await visit.house.library.add_film(visit.visitor.actor(), NewFilm(title=title, file=name))
    assert done.data
    where = f"/days/{visit.day}/library/films/{done.data['film']}"
    response = visit.data({"film": done.data["film"], "status": where}, status=202)
    response.headers["Location"] = where
    return response


async def _keep(given: UploadFile, path: Path) -> None:
    """Put it where the packaging finds it, under a name of ours; a gigabyte takes seconds, which the loop does not wait for."""
    path.parent.mkdir(parents=True, exist_ok=True)

    def copy() -> None:
        with path.open("wb") as kept:
            while chunk := given.file.read(1 << 20):
                kept.write(chunk)

    await asyncio.to_thread(copy)


async def film_status(visit: Visit) -> Response:
    """How far a film has come, and what to do when it was refused."""
    name = str(visit.request.path_params["film"])
    async with visit.house.store.reading() as session:
        film = await library.film(session, visit.day, name)
    if film is None:
        raise _no_such()
    return visit.data({"film": film.film, "title": film.title, "state": film.state, **_progress(visit, film)})


def _progress(visit: Visit, film: Film) -> dict[str, Any]:
    if film.state == "refused":
        code = film.why or "film.unreadable"
        return {"progress": 0, "code": code, "text": visit.text(FILM_TEXTS.get(code, FILM_TEXTS["film.unreadable"]))}
    done = 1.0 if film.state == "ready" else visit.house.packing.share(film.day, film.film)
    return {"progress": done, "text": visit.text(_("Klar")) if film.state == "ready" else visit.text(_("Packas …"))}


def _no_such() -> Refused:
    return Refused("page.no_such", _("Sidan finns inte."))


ROUTES = [
    Address("/days/{day}/lanes/{lane}/{name}", lane, who=ALL),
    Address("/days/{day}/media/{strip}/{name}", media, who=ALL),
    Address("/days/{day}/library/films", give_film, who=role(Role.ORGANIZER.value), method="POST", most_bytes=FILM_MOST_BYTES),
    Address("/days/{day}/library/films/{film}", film_status, who=role(*STAFF)),
]
