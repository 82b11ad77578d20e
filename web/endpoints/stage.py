"""The pages that follow a day by themselves: the live page, the big screen, the overlay."""

from __future__ import annotations

from typing import Any

import msgspec
import segno
from markupsafe import Markup
from sqlmodel import select
from starlette.responses import Response

from conference.people import STAFF, Role
from conference.tables import Day
from web.address import JOINED, Address, Visit, role

WATCHERS = (*STAFF, Role.SCREEN.value)


async def live(visit: Visit) -> Response:
    """The page one stays on all day."""
    return visit.page("live.html", state=await _state(visit))


async def screen(visit: Visit) -> Response:
    """The big screen of a hall."""
    async with visit.house.store.reading() as session:
        day = (await session.exec(select(Day).where(Day.day == visit.day))).one()
    address = f"{visit.origin}/j/{day.join_code}"
    host = visit.origin.partition("://")[2]
    code = f"{day.join_code[:3]} {day.join_code[3:]}"
    return visit.page("screen.html", state=await _state(visit), join_code=code, join_address=host, qr=qr_of(address))


async def overlay(visit: Visit) -> Response:
    """Graphics to lay over a picture."""
    return visit.page("overlay.html", state=await _state(visit))


def qr_of(address: str) -> Markup:
    """A QR code as inline SVG, without style attributes."""
    svg = segno.make(address, error="m").svg_inline(border=2, svgclass="qr", lineclass=None, omitsize=True)
    return Markup(svg)  # noqa: S704  # drawn by segno from an address of ours: squares


async def _state(visit: Visit) -> dict[str, Any]:
    state: dict[str, Any] = msgspec.json.decode((await visit.floor.states.of(visit.me)).body)
    return state


ROUTES = [
    Address("/days/{day}/live", live, who=JOINED),
    Address("/days/{day}/screen", screen, who=role(*WATCHERS)),
    Address("/days/{day}/overlay", overlay, who=role(*WATCHERS)),
]
