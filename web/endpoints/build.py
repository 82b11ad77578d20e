"""Making a day: the page of the installation, and the page of a day before it runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sqlmodel import func, select
from starlette.responses import Response

from conference import views
from conference.core.actor import Actor
from conference.core.errors import Refused, _
from conference.kit import NewDay
from conference.library import NATIONAL_KIT, Kit, read_kit
from conference.people import INSTALLATION, Role, Terms, token_hash
from conference.tables import Day, Item
from polls.tables import Poll
from web.address import ALL, Address, Visit, role
from web.signin import Cookies

LINK_DAYS: Final = timedelta(days=90)
ORGANIZERS: Final = (Role.ORGANIZER.value,)
LINKS: Final = (
    ("organizer", _("Arrangör")),
    ("moderator", _("Moderator")),
    ("speaker", _("Medverkande")),
    ("captioner", _("Skrivtolk")),
    ("screen", _("Storbild")),
)


async def admin(visit: Visit) -> Response:
    """The days of the installation, and the form that makes one."""
    return await _admin(visit)


async def create(visit: Visit) -> Response:
    """Make a day from the kit, as a draft; whoever makes it is its organizer."""
    _must_be_admin(visit)
    fields = await visit.form()
    one = {name: values[-1].strip() for name, values in fields.items() if values}
    try:
        new = _new_day(one, fields.get("region", []))
        done = await visit.house.programme.create_from_kit(Actor.house(INSTALLATION), read_kit(NATIONAL_KIT), new)
    except Refused as refused:
        return await _admin(visit, refused, one, fields.get("region", []))
    assert done.data
    return await _sign_in(visit, str(done.data["day"]))


async def _sign_in(visit: Visit, day: str) -> Response:
    """Take the admin to the day as its organizer."""
    house, token = visit.house, visit.house.ids.secret(32)
    link = house.ids.secret()
    roles = frozenset({Role.ORGANIZER.value, Role.MODERATOR.value})
    await house.people.make_link(Actor.house(day), Terms(kind="mail", roles=roles, note="maker"), link)
    await house.people.use_link(Actor.house(day), token_hash(link), token_hash(token))
    response = visit.go(f"/days/{day}/build")
    Cookies(visit.floor.settings.secure).give(response, token)
    return response


def _new_day(one: dict[str, str], chosen: list[str]) -> NewDay:
    try:
        on = date.fromisoformat(one.get("date", ""))
    except ValueError:
        raise Refused("date.wrong", _("Välj ett datum.")) from None
    code = "".join(one.get("join_code", "").split()) or None
    kit = read_kit(NATIONAL_KIT)
    names = {region["id"]: region["text"] for region in _options(kit)} | {region.id: region.name for region in kit.regions}
    regions = [(name, names[name]) for name in chosen if name in names]
    if not regions:
        raise Refused("region.none", _("Välj minst en region."))
    return NewDay(date=on, join_code=code, regions=regions)


def _options(kit: Kit) -> list[dict[str, str]]:
    """All regions of the country, from the kit's option list."""
    options: list[dict[str, str]] = kit.needs["option_lists"]["regions"]["options"]
    return options


async def _admin(
    visit: Visit, refused: Refused | None = None, values: dict[str, str] | None = None, chosen: Sequence[str] = ()
) -> Response:
    _must_be_admin(visit)
    kit = read_kit(NATIONAL_KIT)
    known = {region.id for region in kit.regions}
    regions = [{"region": one["id"], "name": one["text"], "chosen": False} for one in _options(kit) if one["id"] not in known]
    examples = [{"region": one.id, "name": visit.text(_("%(name)s (påhittad)"), name=one.name), "chosen": False} for one in kit.regions]
    regions = [{**one, "chosen": one["region"] in chosen} for one in (*regions, *examples)]
    async with visit.house.store.reading() as session:
        days = [day.model_dump() for day in await views.days(session)]
    noun = refused.code.partition(".")[0] if refused else ""
    field = {"join": "join_code", "date": "date", "day": "date", "region": "vilka"}.get(noun, "")
    errors = [{"field": field, "text": visit.text(refused.text, **refused.values)}] if refused else []
    return visit.page("admin.html", status=422 if refused else 200, days=days, regions=regions, values=values or {}, errors=errors)


def _must_be_admin(visit: Visit) -> None:
    if visit.visitor is None:
        raise Refused("person.signed_out", _("Öppna länken som visades när servern startade."))
    if visit.me.day != INSTALLATION:
        raise Refused("role.missing", _("Det får bara den som sköter installationen göra."))


async def build(visit: Visit) -> Response:
    """One day before it runs: what is there, what is missing, publish, start."""
    return await _build(visit, [])


async def _build(visit: Visit, links: list[dict[str, str]]) -> Response:
    async with visit.house.store.reading() as session:
        found = await views.landing(session, visit.day)
        assert found
        own = dict(
            (
                await session.exec(
                    select(Item.lane, func.count()).where(Item.day == visit.day, Item.owner == "regional").group_by(Item.lane)
                )
            ).all()
        )
        polls = (await session.exec(select(func.count()).select_from(Poll).where(Poll.day == visit.day))).one()
    day = found.day
    regions = [{"region": one.region, "name": one.name, "items": own.get(one.region, 0)} for one in found.regions]
    checks = [
        {"ok": True, "text": visit.text(_("Program ur paketet"))},
        {"ok": polls > 0, "text": visit.text(_("Omröstningar förberedda"))},
        {"ok": bool(regions), "text": visit.text(_("Regioner valda"))},
        {"ok": day.state != "draft", "text": visit.text(_("Dagen publicerad"))},
        {"ok": day.state in ("live", "ended"), "text": visit.text(_("Dagen startad"))},
    ]
    return visit.page("build.html", day=day.model_dump(), regions=regions, checks=checks, links=links)


async def _links(visit: Visit) -> list[dict[str, str]]:
    """New links for each role, told this once and good for ninety days."""
    async with visit.house.store.reading() as session:
        day = (await session.exec(select(Day).where(Day.day == visit.day))).one()
    until = visit.house.clock.now() + LINK_DAYS
    links = [{"role": "participant", "title": visit.text(_("Deltagare")), "url": f"{visit.origin}/j/{day.join_code}"}]
    for name, title in LINKS:
        done = await visit.house.people.make_link(
            Actor.house(day.day), Terms(kind="mail", roles=frozenset({name}), expires_at=until, note=name)
        )
        assert done.data
        links.append({"role": name, "title": visit.text(title), "url": f"{visit.origin}/invite/{done.data['token']}"})
    return links


async def step(visit: Visit) -> Response:
    """Publish, start or end the day; or make links to hand out."""
    do = "".join((await visit.form()).get("do", [])[-1:])
    by = visit.visitor and visit.visitor.actor()
    assert by
    if do == "publish":
        await visit.house.programme.publish(by)
    elif do == "start":
        await visit.house.programme.start(by)
        return visit.go(f"/days/{visit.day}/cockpit")
    elif do == "end":
        await visit.ask("day.end", {})
    elif do == "links":
        return await _build(visit, await _links(visit))
    else:
        raise Refused("wire.wrong_args", _("Det går inte att be om det."))
    return visit.go(f"/days/{visit.day}/build")


ROUTES = [
    Address("/admin", admin, who=ALL),
    Address("/admin/days", create, who=ALL, method="POST"),
    Address("/days/{day}/build", build, who=role(*ORGANIZERS)),
    Address("/days/{day}/build", step, who=role(*ORGANIZERS), method="POST"),
]
