"""The page of a day before it runs: what is there and what is left, publish and start, and the links to hand out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlmodel import func, select
from starlette.responses import Response

from conference import rules, views
from conference.core.errors import Refused, _
from conference.people import Role, Terms
from conference.people import views as people
from conference.people.views import LinkKept
from conference.tables import Item
from web import checks, links
from web.address import Address, Visit, role
from web.links import Handed, Wanted

ORGANIZERS: Final = (Role.ORGANIZER.value,)


async def build(visit: Visit) -> Response:
    """One day before it runs."""
    return await _page(visit)


async def _page(visit: Visit, handed: Sequence[Handed] = (), refused: Refused | None = None) -> Response:
    async with visit.house.store.reading() as session:
        found = await views.landing(session, visit.day)
        assert found
        own = select(Item.lane, func.count()).where(Item.day == visit.day, Item.owner == "regional").group_by(Item.lane)
        items = {lane: count for lane, count in await session.exec(own)}  # noqa: C416  # rows are no pairs to dict()
        kept = await people.links(session, visit.day, visit.me.person)
        lines = await checks.of_day(session, _asked(visit, found))
    names = {one.region: one.name for one in found.regions}
    return visit.page(
        "build.html",
        status=422 if refused else 200,
        day=found.day.model_dump(),
        regions=[{"region": one.region, "name": one.name, "items": items.get(one.region, 0)} for one in found.regions],
        checks=lines,
        handed=handed,
        errors=[{"field": "", "text": visit.text(refused.text, **refused.values)}] if refused else [],
        always=[links.for_participants(visit.origin, found.day.join_code)],
        kept=[_kept(visit, link, names) for link in kept],
        roles=links.TITLES,
        embed_url=f"{visit.origin}/days/{visit.day}/embed",
        here_only=links.is_here_only(visit.origin) and visit.origin,
        is_admin=await visit.admin() is not None,
    )


def _asked(visit: Visit, found: views.Landing) -> checks.Asked:
    return checks.Asked(found, visit.origin, visit.text, visit.house.clock.now(), visit.house.rehearsals.last(visit.day))


def _kept(visit: Visit, link: LinkKept, names: dict[str, str]) -> dict[str, Any]:
    """A link that was handed out: whose it is and how it stands, without its address, which nobody knows any more."""
    title = visit.text(links.TITLES.get("".join(link.roles[:1]), _("Deltagare")))
    who = [part for part in (title, link.name, names.get(link.region or "")) if part]
    state = "used" if link.used_at else "open" if link.works(visit.house.clock.now()) else "expired"
    return {
        "link": link.link,
        "title": ", ".join(who),
        "state": state,
        "until": link.expires_at,
        "used_at": link.used_at,
        "mine": link.by_me,
    }


async def starting(visit: Visit) -> Response:
    """Say what will happen before the day is started."""
    async with visit.house.store.reading() as session:
        found = await views.landing(session, visit.day)
        assert found
        lines = await checks.of_day(session, _asked(visit, found))
    if found.day.state not in ("draft", "published"):
        return visit.go(f"/days/{visit.day}/build")
    now = visit.house.clock.now()
    begins_at = rules.begins_at(found.day, now)
    at_once = begins_at <= now
    return visit.page("begin.html", day=found.day.model_dump(), begins_at=begins_at, at_once=at_once, left=checks.left(lines))


async def step(visit: Visit) -> Response:
    """Publish, start or end the day; make, renew or withdraw links. A link's address is shown this once."""
    fields = {name: values[-1] for name, values in (await visit.form()).items() if values}
    match fields.get("do"):
        case "publish":
            return await _publish(visit)
        case "start":
            await visit.house.programme.start(visit.by("day.start"))
            return visit.go(f"/days/{visit.day}/cockpit")
        case "end":
            await visit.ask("day.end", {})
        case "links":
            return await _page(visit, [await _make(visit, Wanted(name)) for name in links.TITLES])
        case "link":
            return await _one(visit, Wanted(fields.get("role", ""), fields.get("name", ""), fields.get("lane", "")))
        case "renew":
            return await _page(visit, [await _renew(visit, fields.get("link", ""))])
        case "withdraw":
            await visit.house.people.withdraw_link(visit.by("people.withdraw_link", link=fields.get("link", "")), fields.get("link", ""))
        case _:
            raise Refused("wire.wrong_args", _("Det går inte att be om det."))
    return visit.go(f"/days/{visit.day}/build")


async def _publish(visit: Visit) -> Response:
    """Publish the day, if nothing stands in the way; what is only left is left."""
    async with visit.house.store.reading() as session:
        found = await views.landing(session, visit.day)
        assert found
        lines = await checks.of_day(session, _asked(visit, found))
    try:
        checks.must_be_ready(lines)
    except Refused as refused:
        return await _page(visit, refused=refused)
    await visit.house.programme.publish(visit.by("day.publish"))
    return visit.go(f"/days/{visit.day}/build")


async def _one(visit: Visit, wanted: Wanted) -> Response:
    try:
        return await _page(visit, [await _make(visit, wanted)])
    except Refused as refused:
        return await _page(visit, refused=refused)


async def _make(visit: Visit, wanted: Wanted) -> Handed:
    by = visit.by("people.invite", **wanted.note)
    return await links.make(visit.house.people, by, wanted, visit.origin, visit.house.clock.now())


async def _renew(visit: Visit, link: str) -> Handed:
    async with visit.house.store.reading() as session:
        kept = await people.links(session, visit.day, visit.me.person)
    old = next((one for one in kept if one.link == link), None)
    until = visit.house.clock.now() + links.ROLE_WORKS
    done = await visit.house.people.renew_link(visit.by("people.renew_link", link=link), link, until)
    assert done.data
    assert old
    terms = Terms("mail", frozenset(old.roles), expires_at=until, name=old.name, region=old.region)
    return links.one_use("".join(old.roles[:1]), str(done.data["token"]), visit.origin, terms)


ROUTES = [
    Address("/days/{day}/build", build, who=role(*ORGANIZERS)),
    Address("/days/{day}/build", step, who=role(*ORGANIZERS), method="POST"),
    Address("/days/{day}/build/start", starting, who=role(*ORGANIZERS)),
]
