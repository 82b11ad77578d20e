"""Lanes over the wire: playlists and pictures for players, what is on air, and films that are given to a day."""

from __future__ import annotations

from collections.abc import Awaitable
from pathlib import Path
from typing import Any, Final

from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from conference.core.actor import Done
from conference.core.errors import Refused, _
from conference.library import Film, NewFilm
from conference.library import views as library
from conference.people import STAFF, Role
from streaming import MediaAway, views
from streaming.media_client import FILM_TEXTS
from streaming.origin import DAY, FIRST, LISTS, LIVE, TooFar, Wish
from streaming.playlists import INITS, WORDS
from web import tidy, uploads
from web.address import ALL, FORMS, Address, Visit, role
from web.endpoints.programme import public
from web.lane_door import AWAITED, FOR_GOOD, FRESH, KINDS, PLAYLIST, wish_of
from web.limits import Limit
from web.pressure import Shed
from web.shows import Shows
from web.wishes import Args, Memory, WishKind

FILM_MOST_BYTES: Final = 4 << 30
A_WHILE: Final = {"Cache-Control": "public, max-age=10"}  # words are corrected


class Take(Args):
    """What to take on air: a film, a source or ``slate``."""

    source: str
    lane: str | None = None


async def _take(house: Any, by: Any, wish: Take) -> Done:
    done: Done = await house.lanes.take(by, wish.source, wish.lane or by.lane)
    return done


class Sign(Args):
    """Who interprets into sign language: a source or a film for the second picture, or nothing to end it."""

    source: str | None
    lane: str | None = None


async def _sign(house: Any, by: Any, wish: Sign) -> Done:
    done: Done = await house.lanes.sign(by, wish.source, wish.lane or by.lane)
    return done


async def _sign_by_form(_house: Any, _by: Any, form: FormData) -> dict[str, Any]:
    """An empty source ends it."""
    return {"source": str(form.get("source") or "") or None, **({"lane": str(form["lane"])} if form.get("lane") else {})}


WISHES = [
    WishKind(
        name="streaming.sign",
        model=Sign,
        may=STAFF,
        limit=Limit.STAFF,
        shed=Shed.NEVER,
        memory=Memory.CORE,
        audit=True,
        call=_sign,
        form=_sign_by_form,
    ),
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
    """A lane's playlists: ``index.m3u8`` with all of them, and each by itself; ``_HLS_msn`` and ``_HLS_part`` say what to wait for."""
    name, wanted = str(visit.request.path_params["name"]), str(visit.request.path_params["lane"])
    origin, cache = visit.house.origin, FRESH
    if name in FIRST:
        reading = origin.multivariant(visit.day, wanted, name)
    elif name in LISTS:
        wish = _wish(visit)
        reading = origin.playlist(visit.day, wanted, name, wish=wish)
        cache = FRESH if wish is None else AWAITED
    else:
        raise _no_such()
    return Response(await _there(visit, reading), media_type=PLAYLIST, headers={"Cache-Control": cache})


def _wish(visit: Visit) -> Wish | None:
    try:
        return wish_of(visit.request.url.query.encode())
    except ValueError:
        raise Refused("wire.unreadable", _("Meddelandet gick inte att läsa.")) from None


async def words(visit: Visit) -> Response:
    """What is said in a segment of a lane: live, or in the recording."""
    params = visit.request.path_params
    name, _dot, ending = str(params["name"]).partition(".")
    if ending != WORDS or params["folder"] not in {LIVE, DAY}:
        raise _no_such()
    reading = visit.house.origin.words(visit.day, str(params["lane"]), str(params["strip"]), name, whole=params["folder"] == DAY)
    return Response(await _there(visit, reading), media_type=KINDS[WORDS], headers=A_WHILE)


async def media(visit: Visit) -> Response:
    """Pictures and sound of what is on air; the same for all lanes, and never changed."""
    strip = str(visit.request.path_params["strip"])
    name, _dot, ending = str(visit.request.path_params["name"]).partition(".")
    origin = visit.house.origin
    if ending in INITS:
        reading = origin.segment(visit.day, strip, name, ending)
    elif ending == "mp4" and f"{name}.mp4" in INITS.values():
        kind = next(kind for kind, init in INITS.items() if init == f"{name}.mp4")
        reading = origin.init(visit.day, strip, kind)
    else:
        raise _no_such()
    return Response(await _there(visit, reading), media_type=KINDS[ending], headers={"Cache-Control": FOR_GOOD})


async def _there(visit: Visit, reading: Awaitable[bytes]) -> bytes:
    try:
        return await reading
    except LookupError:
        await public(visit)  # if there is no such day for the reader, that is the answer
        raise _no_such() from None
    except TooFar:
        raise Refused("wire.unreadable", _("Meddelandet gick inte att läsa.")) from None
    except MediaAway:
        raise Refused("media.away", _("Bilden är borta en stund och kommer tillbaka av sig själv."), retry_after_ms=1_000) from None


async def give_film(visit: Visit) -> Response:
    """Take a film in; it is looked at and packaged afterwards, and its status says how that goes."""
    if visit.content_type not in FORMS:
        raise Refused("wire.wrong_type", _("Innehållet ska vara ett formulär."))
    folder = visit.house.settings.data_dir
    with uploads.told():
        async with visit.request.form(max_files=1, max_fields=10) as form:
            given, title = (
                next((one for one in form.values() if isinstance(one, UploadFile)), None),
                tidy.text(str(form.get("title") or "")).strip(),
            )
            if given is None or not given.filename:
                raise Refused("film.unreadable", _("Välj en film att skicka."))
            file = await uploads.keep(given.file, folder, visit.house.ids.secret(16))
            title = title or tidy.text(Path(given.filename).stem).strip()[:100] or visit.text(_("Film"))
    try:
        done = await visit.house.library.add_film(visit.by("library.add_film"), NewFilm(title=title, file=file))
    except Refused:
        uploads.drop(folder, file)
        raise
    assert done.data
    where = f"/days/{visit.day}/library/films/{done.data['film']}"
    response = visit.data({"film": done.data["film"], "status": where}, status=202)
    response.headers["Location"] = where
    return response


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
    Address("/days/{day}/lanes/{lane}/{folder}/{strip}/{name}", words, who=ALL),
    Address("/days/{day}/media/{strip}/{name}", media, who=ALL),
    Address("/days/{day}/library/films", give_film, who=role(Role.ORGANIZER.value), method="POST", most_bytes=FILM_MOST_BYTES),
    Address("/days/{day}/library/films/{film}", film_status, who=role(*STAFF)),
]
