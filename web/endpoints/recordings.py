"""Recordings over the wire: the page of one, its playlists, texts and files; and where staff publish them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final
from urllib.parse import quote

from msgspec import Meta
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.responses import FileResponse, Response

from conference.core.errors import Refused, _
from conference.people import STAFF, Role
from polls.later import views as later
from polls.surveys import views as surveys_views
from streaming import MediaAway
from streaming.playlists import PICTURES, SOUND
from streaming.recordings import NotYet, Recorded, texts, views
from streaming.recordings.archive import FIRST, LISTS, SIGN
from streaming.recordings.ending import NAME
from streaming.recordings.rules import not_yet
from streaming.recordings.tables import Recording
from streaming.recordings.workshop import KINDS
from web import tidy
from web.address import ALL, Address, Visit, role
from web.endpoints.programme import public
from web.lane_door import KINDS as MEDIA
from web.lane_door import PLAYLIST
from web.limits import Limit
from web.moments import moments
from web.pressure import Shed
from web.recorded import card, cards, time_of
from web.shows import Shows
from web.wishes import Args, Memory, WishKind

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Words = Annotated[str, Meta(max_length=2_000)]  # what is too long is refused with a sentence
ORGANIZERS: Final = frozenset({Role.ORGANIZER.value})
FRESH: Final = {"Cache-Control": "no-cache"}  # it may be withdrawn
VTT: Final = "text/vtt; charset=utf-8"
_NAMES: Final = {
    None: _("Deltagare"),
    "moderator": _("Moderator"),
    "organizer": _("Arrangör"),
    "speaker": _("Talare"),
    "captioner": _("Deltagare"),
}
TEXTS: Final[Mapping[str, tuple[str, Callable[[Recorded], bytes]]]] = {
    "captions.vtt": (VTT, lambda recorded: texts.webvtt(recorded.captions)),
    "chapters.vtt": (VTT, lambda recorded: texts.chapters_vtt(recorded.chapters)),
    "chapters.json": ("application/json+chapters", lambda recorded: texts.chapters_json(recorded.row.title, recorded.chapters)),
}
ENDS: Final = {f"{NAME}.{kind}": kind for kind in (PICTURES, SOUND)}
TYPES: Final = {"film.mp4": "video/mp4", "sound.m4a": "audio/mp4", "poster.jpg": "image/jpeg"}


class Publish(Args):
    """Which one; without captions, why all the same."""

    recording: Name
    exception: Words = ""


class Withdraw(Args):
    """Which one, and why."""

    recording: Name
    reason: Words


async def _withdraw(house: Any, by: Any, wish: Withdraw) -> Any:
    done = await house.recordings.withdraw(by, wish.recording, wish.reason)
    for name in (wish.recording, *(done.data or {}).get("with", ())):
        house.workshop.drop(by.day, name)
    return done


def _kind(name: str, model: type[Args], call: Any) -> WishKind:
    row: dict[str, Any] = {"may": ORGANIZERS, "limit": Limit.STAFF, "shed": Shed.NEVER, "memory": Memory.CORE, "audit": True}
    return WishKind(name=name, model=model, call=call, **row)


WISHES = [
    _kind("recordings.publish", Publish, lambda house, by, wish: house.recordings.publish(by, wish.recording, wish.exception)),
    _kind("recordings.withdraw", Withdraw, _withdraw),
]


async def _nothing(*_asked: object) -> dict[str, Any]:
    return {}


SHOWS = Shows("recordings", views.FACES, _nothing)


# Who may see what -----------------------------------------------------------------------------------------------------------------------


def _is_staff(visit: Visit, lane: str) -> bool:
    """Whether the reader leads that lane: what is not published there is theirs to see."""
    return visit.visitor is not None and visit.me.day == visit.day and bool(visit.me.roles_on(lane) & STAFF)


async def recorded_at(visit: Visit) -> Recorded:
    """The recording of the address, if the reader may see it."""
    name = str(visit.request.path_params["recording"])
    async with visit.house.store.reading() as session:
        row = await views.recording(session, visit.day, name)
        if row is None or (row.state != "published" and not _is_staff(visit, row.lane)):
            raise _no_such()
        return await _read(visit, session, row)


async def _read(visit: Visit, session: Any, row: Recording) -> Recorded:
    try:
        return await visit.house.archive.read_row(session, row)
    except LookupError:
        raise _no_such() from None
    except NotYet:
        raise not_yet() from None


# The page -------------------------------------------------------------------------------------------------------------------------------


async def page(visit: Visit, wrong: Mapping[str, Any] | None = None) -> Response:
    """A recording to watch: player, chapters, text to search in, and what happened beside the picture.

    Args:
        wrong: a late answer that was refused: ``{"poll", "text"}``.
    """
    found = await public(visit)
    recorded = await recorded_at(visit)
    query = visit.request.query_params
    wanted = tidy.text(query.get("q", ""))[:100].strip()
    async with visit.house.store.reading() as session:
        beside = await moments(session, recorded)
        asked = await answerable(session, visit, beside)
        hindsight = {one["poll"]: one for one in await later.told(session, visit.day)}
        surveys = await surveys_views.to_watchers(session, visit.day)
    lines = [
        {"text": words, **_when(one.begins_ms)} for one in recorded.captions if wanted.lower() in (words := texts.plain(one.words)).lower()
    ]
    return visit.page(
        "recording.html",
        status=422 if wrong else 200,
        day=found.day.model_dump(),
        recording=card(recorded.row, recorded, visit.house.clock.now()),
        chapters=[{"title": one.title, "title_en": one.title_en, **_when(one.begins_ms)} for one in recorded.chapters],
        captions=lines,
        q=wanted,
        hits=len(lines),
        start=_start(query.get("t", "")),
        sign=recorded.sign is not None,
        moments=[{**one, "time": time_of(one["at"]), "who": visit.text(_NAMES.get(one.get("role"), _NAMES[None]))} for one in beside],
        staff=_is_staff(visit, recorded.row.lane),
        files={name: visit.house.workshop.file(recorded, name) is not None for name in KINDS},
        joined=visit.visitor is not None and visit.me.day == visit.day,
        asked=asked,
        hindsight=hindsight,
        surveys=surveys,
        saved=query.get("saved", ""),
        wrong=wrong or {},
    )


def _when(ms: int) -> dict[str, Any]:
    return {"at": ms / 1_000, "time": time_of(ms / 1_000)}


def _start(asked: str) -> float:
    """Where to begin, from ``?t=``; 0 for what is no time."""
    plain = asked.replace(".", "", 1)
    return float(asked) if plain.isascii() and plain.isdecimal() and len(asked) < 12 else 0.0


async def answerable(session: AsyncSession, visit: Visit, beside: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The polls of a recording that can be answered in hindsight: see `polls.later.views.forms`."""
    polls = [str(one["poll"]) for one in beside if one["kind"] == "poll"]
    person = visit.me.person if visit.visitor is not None and visit.me.day == visit.day else None
    return await later.forms(session, visit.house.box, visit.day, polls, person, at=visit.house.clock.now())


async def manage(visit: Visit) -> Response:
    """All recordings of the day, for those who publish them; for whoever leads one region, those of it."""
    found = await public(visit)
    return visit.page(
        "recordings.html",
        day=found.day.model_dump(),
        recordings=[one for one in await cards(visit, published=False) if visit.me.roles_on(one["lane"]) & STAFF],
        regions={one.region: one.name for one in found.regions},
        may_publish=bool(visit.me.roles & ORGANIZERS),
    )


# What players and programs read ---------------------------------------------------------------------------------------------------------


async def file(visit: Visit) -> Response:
    """A playlist, a text, or a file to take home."""
    name = str(visit.request.path_params["file"])
    recorded = await recorded_at(visit)
    if name in FIRST or name in LISTS or (name == SIGN and recorded.sign):
        return Response(recorded.playlist(name), media_type=PLAYLIST, headers=FRESH)
    if name in TEXTS:
        media_type, write = TEXTS[name]
        return Response(write(recorded), media_type=media_type, headers=FRESH)
    if name == "moments.json":
        async with visit.house.store.reading() as session:
            return visit.data({"moments": await moments(session, recorded)})
    if name in ENDS:
        return await _end(visit, recorded, ENDS[name])
    if name == "poster.jpg":
        return await _poster(visit, recorded)
    if name in KINDS:
        return await _made(visit, recorded, name)
    raise _no_such()


async def _end(visit: Visit, recorded: Recorded, kind: str) -> Response:
    try:
        body = await visit.house.archive.end(recorded, kind)
    except LookupError:
        raise _no_such() from None
    except MediaAway:
        raise _away() from None
    return Response(body, media_type=MEDIA[kind], headers=FRESH)


def _away() -> Refused:
    return Refused("media.away", _("Bilden är borta en stund och kommer tillbaka av sig själv."), retry_after_ms=3_000)


async def _poster(visit: Visit, recorded: Recorded) -> Response:
    try:
        path = await visit.house.workshop.poster(recorded)
    except (LookupError, OSError, MediaAway):
        raise _away() from None
    return FileResponse(path, media_type=TYPES["poster.jpg"], headers={"Cache-Control": "no-cache"})


async def _made(visit: Visit, recorded: Recorded, name: str) -> Response:
    """The file, or 202 and how far it has come: it is made when somebody first asks for it."""
    path = visit.house.workshop.file(recorded, name)
    if path is not None:
        title = f"{recorded.row.title}{path.name[path.name.rindex('.') :]}"
        where = f"attachment; filename*=UTF-8''{quote(title, safe='')}"
        return FileResponse(path, media_type=TYPES[name], headers={**FRESH, "Content-Disposition": where})
    progress = visit.house.workshop.want(recorded, name)
    told = {"state": progress.state, "progress": round(progress.share, 3), "text": visit.text(_("Filen görs …"))}
    if _wants_page(visit.request.headers):
        again = f"/days/{visit.day}/recordings/{quote(recorded.row.recording, safe='@')}"
        response = visit.page("recording-waits.html", status=202, file=visit.request.url.path, back=again, progress=told)
    else:
        response = visit.data(told, status=202)
    response.headers["Retry-After"] = "2"
    return response


def _wants_page(headers: Mapping[str, str]) -> bool:
    return "text/html" in headers.get("accept", "")


def _no_such() -> Refused:
    return Refused("page.no_such", _("Sidan finns inte."))


ROUTES = [
    Address("/days/{day}/recordings", manage, who=role(*STAFF)),
    Address("/days/{day}/recordings/{recording}", page, who=ALL),
    Address("/days/{day}/recordings/{recording}/{file}", file, who=ALL),
]
