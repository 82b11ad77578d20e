"""The page of the installation: its days, a new one from the kit, and links into each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from sqlmodel import select
from starlette.responses import Response

from conference import rules, views
from conference.core.actor import Actor
from conference.core.errors import Refused, _
from conference.kit import NewDay, day_id, make_day
from conference.library import NATIONAL_KIT, Kit, read_kit
from conference.library.archive import describe_head
from conference.people import token_hash
from conference.tables import Day
from web import links
from web.address import ALL, Address, Visit
from web.links import Handed, Wanted
from web.sessions import Visitor
from web.signin import Cookies

PAGES: Final = ("build", "cockpit", "report")  # of a day, where an admin may want to go
NAMES_MOST: Final = 100  # days that were made for one date, and moved
FIELDS: Final = {
    "join": "join_code",
    "date": "date",
    "day": "date",
    "region": "vilka",
    "kit": "kit",
}  # first word of a code -> field of the form


@dataclass(frozen=True)
class _Filled:
    """The form as it was sent, when something is wrong with it."""

    refused: Refused | None = None
    values: dict[str, str] = field(default_factory=dict)
    regions: Sequence[str] = ()


async def admin(visit: Visit) -> Response:
    """The days of the installation, and the form that makes one."""
    await the_admin(visit)
    return await _page(visit)


async def create(visit: Visit) -> Response:
    """Make a day from the kit, as a draft, and go there. Whoever makes it stays an admin."""
    by = await the_admin(visit)
    fields = await visit.form()
    one = {name: values[-1].strip() for name, values in fields.items() if values}
    try:
        kit = _kit(visit, one.get("kit"))
        new = _new_day(kit, one, fields.get("region", []))
        new = await _named(visit, kit, new)
        ends_at = make_day(kit, new, "000000").day.planned_ends_at
        rules.ahead(ends_at, visit.house.clock.now(), sure=one.get("past") == "yes")
        deed = visit.deed("day.create", day=day_id(kit, new), kit=kit.head.id)
        done = await visit.house.programme.create_from_kit(by.actor(deed), kit, new)
    except Refused as refused:
        return await _page(visit, filled=_Filled(refused, one, fields.get("region", [])))
    assert done.data
    return await _enter(visit, by, str(done.data["day"]), "build")


async def enter(visit: Visit) -> Response:
    """Take an admin to a day, as its organizer and moderator."""
    by = await the_admin(visit)
    wanted = "".join((await visit.form()).get("to", [])[-1:])
    await _known(visit, visit.day)
    return await _enter(visit, by, visit.day, wanted if wanted in PAGES else "build")


async def hand_out(visit: Visit) -> Response:
    """Make a link into a day, or one for another admin; its address is shown this once."""
    by = await the_admin(visit)
    fields = {name: values[-1] for name, values in (await visit.form()).items() if values}
    wanted = Wanted(fields.get("role", ""), fields.get("name", ""), fields.get("lane", ""))
    day = links.day_of(wanted.role, fields.get("day", ""))
    if day:
        await _known(visit, day)
    deed = visit.deed("people.invite", **wanted.note)
    actor = replace(by.actor(deed), day=day)
    made = await links.make(visit.house.people, actor, wanted, visit.origin, visit.house.clock.now())
    return await _page(visit, [made])


async def leave(visit: Visit) -> Response:
    """Sign the admin out of this browser; days that it is at stay."""
    by = await the_admin(visit)
    await visit.house.people.leave(by.actor(), by.key)
    response = visit.go("/")
    _cookies(visit).take(response, admin=True)
    return response


async def the_admin(visit: Visit) -> Visitor:
    """Whoever looks after the installation, as who sent the request.

    Raises:
        Refused: ``person.signed_out``, ``role.missing``.
    """
    by = await visit.admin()
    if by is not None:
        return by
    if visit.visitor is None:
        raise Refused("person.signed_out", _("Öppna länken som visades när servern startade, eller gör en ny med samsyn invite --admin."))
    raise Refused(
        "role.missing", _("Det får bara den som sköter installationen göra. En ny länk görs på servern med samsyn invite --admin.")
    )


async def _enter(visit: Visit, by: Visitor, day: str, page: str) -> Response:
    token, had = visit.house.ids.secret(32), _cookies(visit).token(visit.request)
    actor = replace(Actor(day, by.session.person), asked=visit.deed("admin.enter"))
    await visit.house.people.enter(actor, token_hash(token), token_hash(had) if had else None)
    if visit.visitor:
        visit.floor.sessions.forget(visit.me.day, visit.me.person)
    response = visit.go(f"/days/{day}/{page}")
    _cookies(visit).give(response, token)
    return response


async def _known(visit: Visit, day: str) -> None:
    async with visit.house.store.reading() as session:
        if (await session.exec(select(Day.day).where(Day.day == day))).one_or_none() is None:
            raise Refused("day.no_such", _("Dagen finns inte."))


def _new_day(kit: Kit, one: dict[str, str], chosen: list[str]) -> NewDay:
    try:
        on = date.fromisoformat(one.get("date", ""))
    except ValueError:
        raise Refused("date.wrong", _("Välj ett datum.")) from None
    code = "".join(one.get("join_code", "").split()) or None
    names = {region["id"]: region["text"] for region in _options(kit)} | {region.id: region.name for region in kit.regions}
    regions = [(name, names[name]) for name in chosen if name in names]
    if not regions:
        raise Refused("region.none", _("Välj minst en region."))
    return NewDay(date=on, join_code=code, regions=regions)


async def _named(visit: Visit, kit: Kit, new: NewDay) -> NewDay:
    """Under a name that is free: a day that was moved keeps its id, and with it the date that it had."""
    name = day_id(kit, new)
    async with visit.house.store.reading() as session:
        for number in range(2, NAMES_MOST):
            row = await session.get(Day, name)
            if row is None or row.date == new.date:
                break
            name = f"{day_id(kit, new)}-{number}"
    return replace(new, day=name)


def _kit(visit: Visit, name: str | None) -> Kit:
    folder = visit.house.shelf.of(name) if name else visit.house.shelf.folders()[0]
    if folder is None:
        raise Refused("kit.no_such", _("Välj ett paket i listan."))
    return read_kit(folder)


def _options(kit: Kit) -> list[dict[str, str]]:
    """All regions of the country, from the kit's option list."""
    options: list[dict[str, str]] = kit.needs["option_lists"]["regions"]["options"]
    return options


async def _page(visit: Visit, handed: Sequence[Handed] = (), filled: _Filled | None = None) -> Response:
    filled, heads = filled or _Filled(), [describe_head(folder) for folder in visit.house.shelf.folders()]
    kit = read_kit(NATIONAL_KIT)
    known = {region.id for region in kit.regions}
    regions = [{"region": one["id"], "name": one["text"]} for one in _options(kit) if one["id"] not in known]
    examples = [{"region": one.id, "name": visit.text(_("%(name)s (påhittad)"), name=one.name)} for one in kit.regions]
    async with visit.house.store.reading() as session:
        days = [day.model_dump() for day in await views.days(session)]
    return visit.page(
        "admin.html",
        status=422 if filled.refused else 200,
        days=days,
        kits=[{"kit": head.id, "title": head.title, "version": head.version} for head in heads],
        regions=[{**one, "chosen": one["region"] in filled.regions} for one in (*regions, *examples)],
        values=filled.values,
        errors=_errors(visit, filled.refused),
        handed=handed,
        roles=links.TITLES,
        here_only=links.is_here_only(visit.origin) and visit.origin,
        asks_past=filled.refused is not None and filled.refused.code == "date.past",
    )


def _errors(visit: Visit, refused: Refused | None) -> list[dict[str, str]]:
    if refused is None:
        return []
    return [{"field": FIELDS.get(refused.code.partition(".")[0], ""), "text": visit.text(refused.text, **refused.values)}]


def _cookies(visit: Visit) -> Cookies:
    return Cookies(visit.floor.settings.secure)


ROUTES = [
    Address("/admin", admin, who=ALL),
    Address("/admin/days", create, who=ALL, method="POST"),
    Address("/admin/days/{day}/enter", enter, who=ALL, method="POST"),
    Address("/admin/links", hand_out, who=ALL, method="POST"),
    Address("/admin/leave", leave, who=ALL, method="POST"),
]
