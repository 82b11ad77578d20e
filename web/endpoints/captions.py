"""Live captions over the wire: the page where they are written, the page where they are read, and their wishes."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import UploadFile
from starlette.responses import Response

from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.faces import To, Viewer
from conference.library import views as library
from conference.people import Role
from streaming import views as lanes
from streaming.captioning import WRITERS, files, views
from streaming.captioning.rules import DELAY_MOST_MS, TEXT_MOST
from web import tidy
from web.address import FORMS, JOINED, Address, Visit, role
from web.limits import Limit
from web.looking import is_lane, look
from web.pressure import Shed
from web.shows import Picture, Shows
from web.wishes import Args, Memory, WishKind

Lane = Annotated[str, Meta(min_length=1, max_length=80)]
Text = Annotated[str, Meta(max_length=1_000)]  # what is too long for a line is refused with a sentence
FORM_MOST_BYTES: Final = files.BYTES_MOST + (64 << 10)
ROW: Final = 37  # characters of one row of subtitles


class Write(Args):
    """The line as it reads now; ``final`` ends it. With ``line`` a finished one is corrected."""

    text: Text
    final: bool = False
    lane: Lane | None = None
    line: Lane | None = None


class OfLane(Args):
    """Whose turn is meant."""

    lane: Lane | None = None


class Readiness(OfLane):
    """Whether one stands ready."""

    ready: bool = True


class Delay(OfLane, kw_only=True):
    """Seconds."""

    seconds: Annotated[float, Meta(ge=0, le=DELAY_MOST_MS / 1_000)]


async def _write(house: Any, by: Any, wish: Write) -> Any:
    if wish.line is not None:
        return await house.captioning.correct(by, wish.line, wish.text)
    return await house.captioning.caption(by, wish.text, final=wish.final, lane=wish.lane or by.lane)


def _kind(name: str, model: type[Args], call: Any) -> WishKind:
    row: dict[str, Any] = {"may": WRITERS, "limit": Limit.CAPTION, "shed": Shed.NEVER, "memory": Memory.CORE, "audit": False}
    return WishKind(name=name, model=model, call=call, **row)


WISHES = [
    _kind("streaming.caption", Write, _write),
    _kind("streaming.take_turn", OfLane, lambda house, by, wish: house.captioning.take_turn(by, wish.lane or by.lane)),
    _kind("streaming.give_turn", OfLane, lambda house, by, wish: house.captioning.give_turn(by, wish.lane or by.lane)),
    _kind("streaming.be_ready", Readiness, lambda house, by, wish: house.captioning.be_ready(by, wish.lane or by.lane, ready=wish.ready)),
    _kind("streaming.set_delay", Delay, lambda house, by, wish: house.captioning.set_delay(by, wish.seconds, wish.lane or by.lane)),
]


def shows(clock: Clock) -> Shows:
    """Lines as they are finished, and four times a second the words of those that are being written."""
    return Shows("captions", views.FACES, views.shared, pictures=partial(_unfinished, clock))


async def _unfinished(clock: Clock, session: AsyncSession, day: str) -> list[Picture]:
    found = await views.unfinished(session, day, clock.now())
    return [Picture(f"caption:{data['lane']}", "captions.written", _sides(to, data)) for to, data in found]


def _sides(to: To, data: dict[str, Any]) -> tuple[tuple[To, dict[str, Any]], ...]:
    return ((to, data),)


async def desk(visit: Visit) -> Response:
    """Where captions are written, for the lane of ``?lane=`` or one's own."""
    assert visit.visitor
    visit.visitor = await look(visit.house.store, visit.visitor, visit.request.query_params.get("lane", ""))
    state = await _state(visit)
    return visit.page("captions.html", state=state, lane=visit.visitor.seen.lane, looks_at=visit.visitor.lane, most=TEXT_MOST, row=ROW)


async def text(visit: Visit) -> Response:
    """What is said, as text alone: for a second screen, for who cannot hear, with and without scripts.

    Who may choose a lane follows it; for everybody else's ``?lane=`` the page is fetched anew.
    """
    assert visit.visitor
    visit.floor.browsers.looked_in(visit.day, visit.me.person, visit.floor.clock.now())
    wanted = visit.request.query_params.get("lane", "")
    if wanted and not await is_lane(visit.house.store, visit.day, wanted):
        wanted = ""
    visit.visitor = await look(visit.house.store, visit.visitor, wanted)
    state = await _state(visit)
    own = visit.visitor.seen.lane
    if wanted and wanted != own:
        state |= await _of_lane(visit, wanted)
    lane = wanted or own
    return visit.page("text.html", state=state, lane=lane, looks_at=visit.visitor.lane, follows=lane == own)


async def _of_lane(visit: Visit, lane: str) -> dict[str, Any]:
    """What is said in a lane, and what it shows."""
    async with visit.house.store.reading() as session:
        said, shown = await views.lines(session, visit.day, lane), await lanes.shared(session, visit.day, Viewer("", lane=lane))
    found: dict[str, Any] = msgspec.to_builtins({"captions": said, **shown})
    return found


async def _state(visit: Visit) -> dict[str, Any]:
    assert visit.visitor
    state: dict[str, Any] = msgspec.json.decode((await visit.floor.states.of(visit.visitor.seen)).body)
    return state


async def give_captions(visit: Visit) -> Response:
    """Captions for a film of the day, in place of those it has. A program gets JSON, a form the library."""
    name = str(visit.request.path_params["film"])
    async with visit.house.store.reading() as session:
        film = await library.film(session, visit.day, name)
    if film is None:
        raise Refused("film.no_such", _("Filmen finns inte."))
    if visit.content_type not in FORMS:
        raise Refused("wire.wrong_type", _("Innehållet ska vara ett formulär."))
    async with visit.request.form(max_files=1, max_fields=5) as form:
        given = form.get("file")
        if not isinstance(given, UploadFile) or not given.filename:
            raise Refused("captions.unreadable", _("Välj en fil med undertexter, .vtt eller .srt."))
        raw = await given.read(files.BYTES_MOST + 1)
    if len(raw) > files.BYTES_MOST:
        raise Refused("wire.too_large", _("Meddelandet är för stort."))
    await visit.house.library.caption_film(visit.by("library.caption_film", film=name), name, tidy.text(files.as_webvtt(raw, film.seconds)))
    if "application/json" in visit.request.headers.get("accept", ""):
        return visit.data({"film": name, "captions": f"/days/{visit.day}/library/{name}.vtt"}, status=201)
    return visit.go(f"/days/{visit.day}/library")


ROUTES = [
    Address("/days/{day}/captions", desk, who=role(*WRITERS)),
    Address("/days/{day}/text", text, who=JOINED),
    Address(
        "/days/{day}/library/films/{film}/captions",
        give_captions,
        who=role(Role.ORGANIZER.value),
        method="POST",
        most_bytes=FORM_MOST_BYTES,
    ),
]
