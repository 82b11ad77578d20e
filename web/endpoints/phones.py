"""Phones at a group's screen: the code it shows, and the page where a phone pairs with it."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from sqlmodel import select
from starlette.responses import Response

from conference.core.actor import Actor, Done
from conference.core.errors import Refused, _
from conference.people import token_hash
from conference.people import views as people_views
from conference.people.pairing import CODE_LETTERS, CODE_LONGEST
from conference.tables import Day
from web.address import ALL, JOINED_DATA, Address, Visit
from web.faults import status_of
from web.house import House
from web.limits import Limit
from web.links import qr_of
from web.pressure import Shed
from web.sessions import Asker
from web.signin import Cookies, Guesses
from web.wishes import ANYONE, Memory, Nothing, WishKind


async def page(visit: Visit) -> Response:
    """The form for a screen's code, filled in for who comes by a QR code. Whether a screen shows it is told when it is sent."""
    return _page(visit, await _asked_for(visit), code=str(visit.request.path_params.get("code", ""))[:CODE_LONGEST])


async def pair(visit: Visit) -> Response:
    """Pair this phone with the screen that shows the code, and sign it in if it is new to the day."""
    visit.floor.pressure.admit(Shed.JOIN)
    fields = {name: values[-1] for name, values in (await visit.form()).items()}
    code, name = fields.get("code", "")[:CODE_LONGEST], fields.get("name", "").strip()
    day = await _asked_for(visit)
    try:
        if day:
            _must_be_on(day)
        token, at, person = await _pair(visit, day, code, name)
    except Refused as refused:
        if refused.code in {"limit.reached", "page.no_such"}:
            raise
        return _page(visit, day, refused, code=code, name=name)
    visit.floor.sessions.forget(at, person)
    response = visit.go(f"/days/{at}/live")
    Cookies(visit.floor.settings.secure).give(response, token)
    return response


async def _pair(visit: Visit, of: Day | None, code: str, name: str) -> tuple[str, str, str]:
    """The token that the browser has from now on, and at which day it is whose.

    Args:
        of: the day in the address; ``None`` at the short one, where the code says it.
    """
    guesses, who = Guesses(visit.floor.limits), f"{visit.me.day}/{visit.me.person}" if _is_in(visit, of) else ""
    await guesses.may_try(visit.address, who)
    try:
        day = of or await _showing(visit, code)
        had = Cookies(visit.floor.settings.secure).token(visit.request) if _is_in(visit, day) else None
        token = had or visit.house.ids.secret(32)
        done = await visit.house.phones.pair(Actor.house(day.day), token_hash(token), code, name=name or UNSET)
    except Refused as refused:
        if refused.code == "screen.no_such_code":
            await guesses.missed(visit.address, who)
        raise
    assert done.data
    return token, day.day, str(done.data["person"])


def _is_in(visit: Visit, day: Day | None) -> bool:
    """Whether the browser has joined this day; any, at the short address."""
    return visit.visitor is not None and (day is None or visit.me.day == day.day)


async def _showing(visit: Visit, code: str) -> Day:
    """The day at which a screen shows a code."""
    async with visit.house.store.reading() as session:
        day = await _day(visit, await people_views.day_of_code(session, code, at=visit.floor.clock.now()))
    _must_be_on(day)
    return day


def _page(visit: Visit, day: Day | None, refused: Refused | None = None, **values: Any) -> Response:
    error = visit.text(refused.text, **refused.values) if refused else ""
    of = day and day.model_dump(include={"day", "title", "title_en"})
    about = {"day": of, "error": error, "known": _is_in(visit, day), "values": values}
    return visit.page("pair.html", status=status_of(refused.code) if refused else 200, **about)


def _must_be_on(day: Day) -> None:
    if day.state == "ended":
        raise Refused("day.ended", _("Dagen är slut, så det finns inga skärmar att parkoppla med."))


async def _asked_for(visit: Visit) -> Day | None:
    """The day in the address; the short one has none."""
    return await _day(visit, visit.day) if "day" in visit.request.path_params else None


async def _day(visit: Visit, name: str) -> Day:
    async with visit.house.store.reading() as session:
        day = (await session.exec(select(Day).where(Day.day == name, Day.state != "draft"))).one_or_none()
    if day is None:
        raise Refused("page.no_such", _("Sidan finns inte."))
    return day


async def code(visit: Visit) -> Response:
    """The code that one's own screen shows; ``null`` while it shows none."""
    return visit.data({"code": await shown(visit)})


async def qr(visit: Visit) -> Response:
    """The way to pair with one's own screen, as a QR code."""
    own = await shown(visit)
    if own is None:
        raise Refused("page.no_such", _("Sidan finns inte."))
    svg = str(qr_of(address(visit, own))).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "no-store"})


async def shown(visit: Visit) -> str | None:
    """The code that the screen of whoever asks shows."""
    async with visit.house.store.reading() as session:
        return await people_views.code_of(session, visit.day, visit.me.person, at=visit.floor.clock.now())


def address(visit: Visit, own: str = "") -> str:
    """Where a phone pairs, with the code in it or without: short enough to be read aloud."""
    return f"{visit.origin}/p" + (f"/{own[: CODE_LETTERS // 2]}-{own[CODE_LETTERS // 2 :]}" if own else "")


async def _new_code(house: House, by: Asker, _args: Nothing) -> Done:
    return await house.phones.new_code(by)


async def _unpair(house: House, by: Asker, _args: Nothing) -> Done:
    done = await house.phones.unpair(by)
    house.floor.sessions.forget(by.day, by.person)
    return done


def _wish(name: str, call: Any, shed: Shed) -> WishKind:
    return WishKind(
        name=name,
        model=Nothing,
        may=ANYONE,
        limit=Limit.PROFILE,
        shed=shed,
        memory=Memory.CORE,
        audit=False,
        call=call,
    )


WISHES = [_wish("people.new_code", _new_code, Shed.JOIN), _wish("people.unpair", _unpair, Shed.NEVER)]

ROUTES = [
    Address("/p", page, who=ALL),
    Address("/p/{code}", page, who=ALL),
    Address("/p", pair, who=ALL, method="POST"),
    Address("/days/{day}/pair", page, who=ALL),
    Address("/days/{day}/pair/{code}", page, who=ALL),
    Address("/days/{day}/pair", pair, who=ALL, method="POST"),
    Address("/days/{day}/code", code, who=JOINED_DATA),
    Address("/days/{day}/code.svg", qr, who=JOINED_DATA),
]
