"""A region takes part without staff: the short form, by a link or filled in by an organizer, and the page that is the region's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final, TypeAlias

from sqlmodel import col, select
from starlette.responses import Response

from conference import views
from conference.core.actor import Actor
from conference.core.disclosure import K
from conference.core.errors import Refused, _
from conference.fill import FILLS_WITH
from conference.library.tables import Film
from conference.people import STAFF, Terms, token_hash
from conference.people import rules as people_rules
from conference.people.tables import Link
from conference.rundown import LightRegion
from conference.tables import Region, RegionContact
from web import erasing, links
from web.address import ALL, Address, Visit, role
from web.endpoints.build import ORGANIZERS
from web.reach import region_of, too_far
from web.signin import Guesses
from web.sought import CONTACT

JOINS: Final = "light"  # kinds of links: one lets regions join a day,
OWN: Final = "region"  # the other opens the page of one region
WORKS: Final = timedelta(days=400)  # what came of a day is read until the next one
By: TypeAlias = Callable[..., Actor]  # who asks, by what is done and what the audit chain says beside it; as `Visit.by`
FIELD_OF: Final = {"text": "name", "region": "name", "regions": "name", "contact": "contact", "film": "film"}


async def regions(visit: Visit) -> Response:
    """Who takes part without staff, the form to add one, and the link to hand out."""
    return await _organizers(visit)


async def _organizers(visit: Visit, refused: Refused | None = None, sent: Mapping[str, Any] | None = None, url: str = "") -> Response:
    async with visit.house.store.reading() as session:
        light = select(Region).where(Region.day == visit.day, Region.mode == "light").order_by(col(Region.position))
        rows = list(await session.exec(light))
        contacts = {one.region: one.contact for one in await session.exec(select(RegionContact).where(RegionContact.day == visit.day))}
        open_links = select(Link).where(Link.day == visit.day, Link.kind == JOINS, col(Link.withdrawn_at).is_(None))
        kept = [{"link": people_rules.link_id(one.token_hash), "until": one.expires_at} for one in await session.exec(open_links)]
    listed = [{"region": one.region, "name": one.name, "contact": contacts.get(one.region)} for one in rows]
    shown = {"organizers": True, "listed": listed, "kept": kept, "url": url}
    return await _form(visit, f"/days/{visit.day}/light", shown, refused, sent)


async def _form(
    visit: Visit, action: str, shown: Mapping[str, Any], refused: Refused | None = None, sent: Mapping[str, Any] | None = None
) -> Response:
    async with visit.house.store.reading() as session:
        found = await views.landing(session, visit.day)
        assert found
        wanted = select(Film).where(Film.day == visit.day, Film.kind == FILLS_WITH, col(Film.file).is_not(None))
        films = [one.model_dump() for one in await session.exec(wanted.order_by(col(Film.position)))]
    errors = []
    if refused:
        errors = [{"field": FIELD_OF.get(refused.code.partition(".")[0], ""), "text": visit.text(refused.text, **refused.values)}]
    return visit.page(
        "light.html",
        status=422 if refused else 200,
        day=found.day.model_dump(),
        goals=found.goals,
        films=films,
        action=action,
        errors=errors,
        sent=sent or {},
        **shown,
    )


async def change(visit: Visit) -> Response:
    """Add a region, make or withdraw the link, or forget how a region is reached."""
    form = await visit.form()
    fields = {name: values[-1] for name, values in form.items() if values}
    match fields.get("do"):
        case "join":
            try:
                page = await _joined(visit, form, None)
            except Refused as refused:
                return await _organizers(visit, refused, _sent(form))
            return visit.go(page)
        case "link":
            return await _organizers(visit, url=await _handed(visit))
        case "withdraw":
            link = fields.get("link", "")
            await visit.house.people.withdraw_link(visit.by("people.withdraw_link", link=link), link)
        case "forget":
            await _forget(visit, await _known(visit, fields.get("region", "")))
        case "page":
            return visit.go(await _own_page(visit, await _known(visit, fields.get("region", "")), visit.by))
        case _:
            raise Refused("wire.wrong_args", _("Det går inte att be om det."))
    return visit.go(f"/days/{visit.day}/light")


async def _forget(visit: Visit, region: str) -> None:
    """Forget how a region is reached; the list comes first, so that no backup brings it back."""
    erasing.remember(visit.house.settings.data_dir, [(visit.day, f"{CONTACT}{region}")])
    await visit.house.regions.forget_contact(visit.by("regions.forget_contact", region=region), region)


async def _handed(visit: Visit) -> str:
    """A link for regions, told this once."""
    terms = Terms(JOINS, frozenset(), expires_at=visit.house.clock.now() + links.ROLE_WORKS, reusable=True, note=JOINS)
    made = await visit.house.people.make_link(visit.by("people.invite", role=JOINS), terms)
    assert made.data
    return f"{visit.origin}/days/{visit.day}/light/{made.data['token']}"


async def by_link(visit: Visit) -> Response:
    """The form, for whoever was handed the link."""
    await _link(visit, JOINS)
    return await _form(visit, visit.request.url.path, {})


async def join(visit: Visit) -> Response:
    """A region joins by the link, and is led to its own page."""
    link, form = await _link(visit, JOINS), await visit.form()
    try:
        return visit.go(await _joined(visit, form, link))
    except Refused as refused:
        return await _form(visit, visit.request.url.path, {}, refused, _sent(form))


async def _joined(visit: Visit, form: Mapping[str, list[str]], link: Link | None) -> str:
    """The address of the new region's page.

    Args:
        link: by which somebody came who is nobody here; ``None`` for an organizer.
    """
    sent = _sent(form)
    told = LightRegion(sent["name"], sent["contact"], tuple(sent["goals"]), sent["film"] or None)
    by: By = visit.by if link is None else partial(_by_link, visit, link)
    done = await visit.house.regions.join_light(by("regions.join_light"), told)
    assert done.data
    return await _own_page(visit, str(done.data["region"]), by)


def _by_link(visit: Visit, link: Link, do: str, **note: object) -> Actor:
    """The house, for whoever has the link; the audit chain says by which it was."""
    asked = visit.deed(do, **{"link": people_rules.link_id(link.token_hash), **note})
    return Actor(visit.day, Actor.house(visit.day).person, asked=asked)


def _sent(form: Mapping[str, list[str]]) -> dict[str, Any]:
    one = {name: (form.get(name) or [""])[-1][:500] for name in ("name", "contact", "film")}
    return {**one, "goals": form.get("goal", [])[:20]}


async def _own_page(visit: Visit, region: str, by: By) -> str:
    """A new address of a region's page: whoever has it sees what came of the day there. The one before it works no more."""
    terms = Terms(OWN, frozenset(), expires_at=visit.house.clock.now() + WORKS, reusable=True, region=region, note=OWN)
    async with visit.house.store.reading() as session:
        given = select(Link).where(Link.day == visit.day, Link.kind == OWN, Link.region == region, col(Link.withdrawn_at).is_(None))
        older = [people_rules.link_id(one.token_hash) for one in await session.exec(given)]
    made = await visit.house.people.make_link(by("people.invite", role=OWN, region=region), terms)
    assert made.data
    for link in older:
        await visit.house.people.withdraw_link(by("people.withdraw_link", link=link), link)
    return f"/days/{visit.day}/region/{made.data['token']}"


async def _known(visit: Visit, region: str) -> str:
    async with visit.house.store.reading() as session:
        if await session.get(Region, (visit.day, region)) is None:
            raise Refused("region.no_such", _("Regionen är inte med den här dagen. Välj en annan."))
    return region


async def _link(visit: Visit, kind: str) -> Link:
    """The link in the address.

    Raises:
        Refused: ``link.no_such``, ``link.withdrawn``, ``link.expired``, ``limit.reached``.
    """
    guesses = Guesses(visit.floor.limits)
    await guesses.may_follow(visit.address)
    async with visit.house.store.reading() as session:
        link = await session.get(Link, token_hash(str(visit.request.path_params["token"])))
    if link is None or link.kind != kind or link.day != visit.day:
        await guesses.missed(visit.address)
        raise people_rules.no_such_link()
    people_rules.must_work(link, at=visit.house.clock.now())
    return link


async def own_page(visit: Visit) -> Response:
    """A region's page, for whoever has its address: what it gets, how people join, and afterwards what came of it."""
    return await _region(visit, str((await _link(visit, OWN)).region), visit.request.url.path)


async def for_staff(visit: Visit) -> Response:
    """The same page for staff, who need no link; whoever leads one region sees that of no other."""
    region = str(visit.request.path_params["region"])
    if not visit.me.roles_on(region) & STAFF:
        assert visit.visitor
        raise too_far(visit.visitor)
    return await _region(visit, await _known(visit, region), "")


async def _region(visit: Visit, region: str, address: str) -> Response:
    async with visit.house.store.reading() as session:
        found = await views.landing(session, visit.day)
        row = await session.get(Region, (visit.day, region))
        assert found
        assert row
    slots = [item for block in found.programme if block.kind == "regional" for item in block.of_lane(region)]
    report = await visit.house.regional.of(visit.day) if found.day.state in ("live", "ended") else {}
    # Until the day is over what is asked, and what is hidden, is for staff: whoever has the address may pass it on.
    # Whoever leads the region alone is shown its own until then, and of the country's no more than anybody.
    tells_all, leads = found.day.state == "ended", not address
    leads_all = leads and not region_of(visit.me)
    return visit.page(
        "region.html",
        day=found.day.model_dump(),
        region={"region": region, "name": row.name, "goals": [goal for goal in found.goals if goal["id"] in row.goals]},
        slots=[vars(item) for item in slots],
        joins=f"{visit.origin}/j/{found.day.join_code}",
        qr=links.qr_of(f"{visit.origin}/j/{found.day.join_code}"),
        address=f"{visit.origin}{address}" if address else "",
        attended=next((one for one in report.get("attendance", {}).get("regions", ()) if one["region"] == region), None),
        polls=[
            _of_region(poll, region)
            for poll in report.get("polls", ())
            if _concerns(poll, region) and (tells_all or leads_all or (leads and poll["scope"] == region))
        ],
        k=report.get("attendance", {}).get("k"),
    )


def _concerns(poll: Mapping[str, Any], region: str) -> bool:
    return poll["scope"] == region or any(one["region"] == region for one in poll["rounds"][-1]["regions"])


def _of_region(poll: Mapping[str, Any], region: str) -> dict[str, Any]:
    """A poll as the region answered it: its own whole, or its part of the country's as it may be shown."""
    last = poll["rounds"][-1]
    mine = last if poll["scope"] == region else next(one for one in last["regions"] if one["region"] == region)
    same = {name: poll[name] for name in ("poll", "kind", "title", "title_en")}
    n, rows = (None, []) if (mine["n"] or 0) < K else (mine["n"], mine["rows"])  # a region may be a handful of people
    return {**same, "own": poll["scope"] == region, "open": last["open"], "n": n, "rows": rows, "whole": last["rows"]}


ROUTES = [
    Address("/days/{day}/light", regions, who=role(*ORGANIZERS)),
    Address("/days/{day}/light", change, who=role(*ORGANIZERS), method="POST"),
    Address("/days/{day}/light/{token}", by_link, who=ALL),
    Address("/days/{day}/light/{token}", join, who=ALL, method="POST"),
    Address("/days/{day}/region/{token}", own_page, who=ALL),
    Address("/days/{day}/report/{region}", for_staff, who=role(*STAFF)),
]
