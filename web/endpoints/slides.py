"""A speaker's slides over the wire: a PDF in, its pages as pictures, and which of them stands on the screen."""

from __future__ import annotations

from typing import Annotated, Any, Final

import httpx2
from msgspec import Meta
from starlette.datastructures import UploadFile
from starlette.responses import Response

from conference.core.actor import Actor, Done
from conference.core.errors import Refused, _
from streaming import MediaAway
from streaming.following import source_name
from streaming.studio import rules, views
from streaming.tables import Slide
from web import tidy
from web.address import FORMS, Address, Visit, role
from web.house import House
from web.limits import Rate
from web.wishes import Args

BYTES_MOST: Final = 50 << 20
FORM_MOST_BYTES: Final = BYTES_MOST + 64 * 1024
GIVEN: Final = Rate(20, 600)  # per address: drawing a PDF takes seconds
DRAWING_S: Final = 120.0  # longer than the media process allows itself: 20 s to wait for another one's, 90 s to draw
BUSY_MS: Final = 30_000
TEXTS: Final = {
    "slides.no_such": _("Bilderna finns inte. Ladda upp dem igen."),
    "slides.too_large": _("Filen är för stor. Den får vara högst 50 MB."),
    "slides.unreadable": _("Filen gick inte att läsa som PDF. Spara den på nytt och försök igen."),
    "slides.encrypted": _("Filen är låst med lösenord. Spara den utan lösenord och försök igen."),
    "slides.too_many_pages": _("Filen har för många sidor. Den får ha högst 200."),
    "slides.too_heavy": _("Filen tog för lång tid att rita. Spara den med enklare bilder och försök igen."),
    "slides.busy": _("Någon annans bilder ritas just nu. Försök igen om en halv minut."),
    "store.unavailable": _("Bilderna får inte plats på servern. Be den som sköter den om mer utrymme."),
}


class Turning(Args):
    """Which page of one's slides stands on one's screen; none: it shows no slides."""

    page: Annotated[int, Meta(ge=1, le=1_000)] | None


async def turn(house: House, by: Actor, args: Turning) -> Done:
    """Show a page of one's slides, as one's shared screen is shown, and tell what is written on it; the answer has ``source`` and ``page``.

    Raises:
        Refused: ``seat.no_such``, ``slides.no_such``, ``media.away``.
    """
    done = await house.studio.share(by)
    assert done.data
    source = str(done.data["source"])
    mine = rules.camera_of(by.person)
    wanted = {"of": source_name(by.day, mine), "page": args.page}
    path = f"/sources/{source_name(by.day, source)}/page"
    try:
        answer = await house.media.pass_on("POST", path, json=wanted)
        if _code(answer) == "source.no_such":  # the source is new, or the media process is
            await house.booth.settle()
            answer = await house.media.pass_on("POST", path, json=wanted)
        _must(answer)
        slide = await _written(house, Slide(day=by.day, source=source, of=mine, page=args.page))
    except MediaAway:
        raise _away() from None
    told = await house.lanes.show_slide(by, slide)
    return Done(told.seq or done.seq, {"source": source, "page": args.page})


async def _written(house: House, slide: Slide) -> Slide:
    """With what is written on it; a page whose words cannot be had has none."""
    if slide.page is None:
        return slide
    where = f"/sources/{source_name(slide.day, slide.of)}/slides"
    deck, text = await house.media.pass_on("GET", where), await house.media.pass_on("GET", f"{where}/{slide.page}.txt")
    more = {"pages": deck.json()["pages"] if deck.is_success else slide.page, "text": tidy.text(text.text) if text.is_success else ""}
    return slide.model_copy(update=more)


async def give(visit: Visit) -> Response:
    """Take a PDF in place of the slides that one has; answered when its pages are drawn."""
    if visit.content_type not in FORMS:
        raise Refused("wire.wrong_type", _("Innehållet ska vara ett formulär."))
    await visit.floor.limits.address("slides", GIVEN, visit.address)
    async with visit.request.form(max_files=1, max_fields=5) as form:
        given = form.get("file")
        if not isinstance(given, UploadFile) or not given.filename:
            raise Refused("slides.unreadable", _("Välj en PDF med dina bilder."))
        body = await given.read(BYTES_MOST + 1)
    if len(body) > BYTES_MOST:
        raise Refused("slides.too_large", TEXTS["slides.too_large"])
    answer = await _ask(visit, "PUT", "", content=body, headers={"Content-Type": "application/pdf"}, timeout=DRAWING_S)
    _must(answer)
    return visit.data(answer.json(), status=201)


async def told(visit: Visit) -> Response:
    """How many pages one has, and by which name they are kept; none: no pages."""
    answer = await _ask(visit, "GET", "")
    return visit.data({"pages": 0} if answer.status_code == httpx2.codes.NOT_FOUND else answer.json())


async def drop(visit: Visit) -> Response:
    """They are shown no more, and gone."""
    answer = await _ask(visit, "DELETE", "")
    if answer.status_code != httpx2.codes.NOT_FOUND:
        _must(answer)
    return Response(status_code=204)


async def page(visit: Visit) -> Response:
    """A page of one's own slides, as a picture."""
    answer = await _ask(visit, "GET", f"/{visit.request.path_params['page']}.jpg")
    _must(answer)
    return Response(answer.content, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})


async def _ask(visit: Visit, method: str, path: str, **more: Any) -> httpx2.Response:
    """Of the media process, for the one who asks; it knows a speaker's camera from when they came to the studio."""
    where = f"/sources/{source_name(visit.day, rules.camera_of(visit.me.person))}/slides{path}"
    try:
        answer = await visit.house.media.pass_on(method, where, **more)
        if _code(answer) == "source.no_such":
            await visit.house.booth.settle()
            answer = await visit.house.media.pass_on(method, where, **more)
    except MediaAway:
        raise _away() from None
    return answer


def _code(answer: httpx2.Response) -> str:
    is_problem = answer.headers.get("content-type", "").startswith("application/problem")
    return str(answer.json().get("code", "")) if is_problem else ""


def _must(answer: httpx2.Response) -> None:
    if answer.is_success:
        return
    code = _code(answer)
    if code == "source.no_such":
        raise rules.no_seat()
    if code not in TEXTS:
        raise _away()
    wire_code = "slides.no_room" if code == "store.unavailable" else code
    raise Refused(wire_code, TEXTS[code], retry_after_ms=BUSY_MS if code == "slides.busy" else None)


def _away() -> Refused:
    return Refused("media.away", _("Bilden är borta en stund och kommer tillbaka av sig själv."), retry_after_ms=1_000)


PLACE: Final = "/days/{day}/studio/slides"
ROUTES = [
    Address(PLACE, told, who=role(*views.BEHIND)),
    Address(PLACE, give, who=role(*views.BEHIND), method="POST", most_bytes=FORM_MOST_BYTES),
    Address(PLACE, drop, who=role(*views.BEHIND), method="DELETE"),
    Address(PLACE + "/{page:int}.jpg", page, who=role(*views.BEHIND)),
]
