"""Who takes part in a day: booked or not, when they are called, how they are reached, and a link of their own for each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlmodel import col, select
from starlette.responses import Response

from conference import views
from conference.core.errors import Refused, _
from conference.people import NATIONAL, Role
from conference.rundown import LOCKED, Booked, Plate
from conference.rundown.booking import called_at, counts
from conference.tables import Block, Booking, Contributor, Item
from web import links
from web.address import Address, Visit, role
from web.endpoints.build import ORGANIZERS
from web.links import Handed, Wanted

STATUSES: Final = {"asked": _("Tillfrågad"), "booked": _("Bokad"), "declined": _("Har avböjt")}
LEFT: Final = _("Inte tillfrågad")
NAME_MOST: Final = 60  # characters of a name in a link
SHOWN_AGAIN: Final = ("name", "role", "organisation", "item", "status", "call", "contact", "tech_check")

Fields = Mapping[str, str]


async def contributors(visit: Visit) -> Response:
    """Everybody who takes part, each with a form, and one for somebody more."""
    return await _page(visit)


async def _page(visit: Visit, refused: Refused | None = None, sent: Fields | None = None, handed: Sequence[Handed] = ()) -> Response:
    async with visit.house.store.reading() as session:
        found = await views.landing(session, visit.day)
        assert found
        people = list(await session.exec(select(Contributor).where(Contributor.day == visit.day).order_by(col(Contributor.position))))
        items = list(await session.exec(select(Item).where(Item.day == visit.day).order_by(col(Item.planned_starts_at))))
        bookings = {one.contributor: one for one in await session.exec(select(Booking).where(Booking.day == visit.day))}
        locked = {one.block for one in await session.exec(select(Block).where(Block.day == visit.day, Block.owner == LOCKED))}
    names = {NATIONAL: visit.text(_("Hela landet")), **{one.region: one.name for one in found.regions}}
    wrong = _anchor(sent or {}) if refused else ""
    return visit.page(
        "contributors.html",
        status=422 if refused else 200,
        day=found.day.model_dump(),
        people=[_shown(one, items, bookings.get(one.contributor), names, locked) for one in people],
        items=[{"item": one.item, "title": one.title, "lane": names[one.lane]} for one in items if not _is_locked(one, locked)],
        counts=counts([one.contributor for one in people if any(one.contributor in item.contributors for item in items)], bookings),
        statuses=STATUSES,
        left=LEFT,
        handed=handed,
        here_only=links.is_here_only(visit.origin) and visit.origin,
        errors=[{"field": wrong, "text": visit.text(refused.text, **refused.values)}] if refused else [],
        wrong=wrong,
        sent={name: (sent or {}).get(name, "")[:300] for name in SHOWN_AGAIN} if refused else {},
        saved="" if refused else visit.request.query_params.get("saved", "")[:80],
    )


def _shown(one: Contributor, items: list[Item], booking: Booking | None, names: Mapping[str, str], locked: set[str]) -> dict[str, Any]:
    mine, called = [item for item in items if one.contributor in item.contributors], called_at(one, items)
    return {
        **one.model_dump(),
        "lane": one.scope,
        "lane_name": names.get(one.scope, ""),
        "status": booking.status if booking else "",
        "contact": booking.contact if booking else "",
        "called_at": called and called[0],
        "in": [
            {"item": item.item, "title": item.title, "at": item.planned_starts_at, "open": not _is_locked(item, locked)} for item in mine
        ],
    }


def _is_locked(item: Item, locked: set[str]) -> bool:
    return item.owner == LOCKED or item.block in locked


async def change(visit: Visit) -> Response:
    """Do one thing about somebody, and come back to it."""
    fields = {name: values[-1] for name, values in (await visit.form()).items() if values}
    do = fields.get("do", "")
    if do not in CHANGES and do != "link":
        raise Refused("wire.wrong_args", _("Det går inte att be om det."))
    try:
        if do == "link":
            return await _page(visit, handed=[await _link(visit, fields)])
        anchor = await CHANGES[do](visit, fields)
    except Refused as refused:
        return await _page(visit, refused, fields)
    return visit.go(f"/days/{visit.day}/build/contributors?saved={anchor}#{anchor}")


def _anchor(fields: Fields) -> str:
    name = "".join(letter if letter.isalnum() or letter == "-" else "_" for letter in fields.get("id", ""))[:80]
    return name or "ny"


def _booked(fields: Fields) -> Booked:
    """What a form says of a booking.

    Raises:
        Refused: ``minutes.out_of_range``.
    """
    text = fields.get("call", "").strip()
    minutes = int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None
    return Booked(
        fields.get("status", ""), -1 if text and minutes is None else minutes, fields.get("contact", ""), fields.get("tech_check")
    )


async def _book(visit: Visit, fields: Fields) -> str:
    who = fields.get("id", "")
    await visit.house.bookings.book(
        visit.by("contributor.book", contributor=who, status=fields.get("status", "")[:20]), who, _booked(fields)
    )
    return _anchor(fields)


async def _take_in(visit: Visit, fields: Fields) -> str:
    item, plate = fields.get("item", ""), Plate(fields.get("name"), fields.get("role", ""), fields.get("organisation", ""))
    done = await visit.house.bookings.take_in(visit.by("contributor.take_in", item=item), item, plate, _booked(fields))
    return str((done.data or {})["contributor"])


async def _take_out(visit: Visit, fields: Fields) -> str:
    item, who = fields.get("item", ""), fields.get("id", "")
    await visit.house.bookings.take_out(visit.by("contributor.take_out", item=item, contributor=who), item, who)
    return _anchor(fields)


async def _link(visit: Visit, fields: Fields) -> Handed:
    """A link by which somebody takes part as who they are in the programme, and sees when they are called.

    Raises:
        Refused: ``contributor.no_such``.
    """
    async with visit.house.store.reading() as session:
        one = await session.get(Contributor, (visit.day, fields.get("id", "")))
    if one is None:
        raise Refused("contributor.no_such", _("Den medverkande finns inte den här dagen."))
    name = one.screen_name or one.role
    wanted = Wanted(Role.SPEAKER.value, name if len(name) <= NAME_MOST else "", one.scope, one.contributor)
    by = visit.by("people.invite", **wanted.note, contributor=one.contributor)
    made = await links.make(visit.house.people, by, wanted, visit.origin, visit.house.clock.now())
    return replace(made, name=name)


CHANGES: Final[Mapping[str, Callable[[Visit, Fields], Awaitable[str]]]] = {"book": _book, "take_in": _take_in, "take_out": _take_out}

ROUTES = [
    Address("/days/{day}/build/contributors", contributors, who=role(*ORGANIZERS)),
    Address("/days/{day}/build/contributors", change, who=role(*ORGANIZERS), method="POST"),
]
