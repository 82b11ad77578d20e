"""Coming in by a link: at once by one of the demo, after a question by one that was sent."""

from __future__ import annotations

from typing import Final

from sqlmodel import select
from starlette.responses import Response

from conference.core.actor import Actor
from conference.core.errors import Refused, _
from conference.people import INSTALLATION, LinkSeen, token_hash
from conference.people import rules as people_rules
from conference.people import views as people_views
from conference.rules import DayState
from conference.tables import Day
from web.address import ALL, Address, Visit
from web.house import House
from web.signin import Cookies, Guesses

HOME: Final = {  # where a role starts; the first that one has
    "organizer": "/days/{day}/build",
    "moderator": "/days/{day}/cockpit",
    "speaker": "/days/{day}/studio",
    "captioner": "/days/{day}/captions",
    "screen": "/days/{day}/screen",
}


async def by_demo_link(visit: Visit) -> Response:
    """Sign in by one GET, with a link of the demo. A HEAD, from whoever looks at links before people do, does nothing."""
    if visit.request.method == "HEAD":
        return Response()
    link = await _link(visit)
    if link.kind != "demo":
        return visit.go(f"/invite/{visit.request.path_params['token']}")
    return await _use(visit, link)


async def invitation(visit: Visit) -> Response:
    """Ask before a link is used up: programs that look at links in mail use none up."""
    link = await _link(visit)
    people_rules.must_work(link, at=visit.house.clock.now())
    async with visit.house.store.reading() as session:
        day = (await session.exec(select(Day).where(Day.day == link.day))).one_or_none()
    role = "admin" if link.kind == "admin" else next(iter(link.roles), "")
    return visit.page("invite.html", role=role, day=day and {"title": day.title, "starts_at": day.starts_at})


async def accepted(visit: Visit) -> Response:
    """Sign in by a link, once."""
    return await _use(visit, await _link(visit))


async def _link(visit: Visit) -> LinkSeen:
    guesses = Guesses(visit.floor.limits)
    await guesses.may_follow(visit.address)
    async with visit.house.store.reading() as session:
        link = await people_views.link_of(session, token_hash(str(visit.request.path_params["token"])))
    if link is None:
        await guesses.missed(visit.address)
        raise Refused("link.no_such", _("Länken gäller inte. Be om en ny."))
    return link


async def _use(visit: Visit, link: LinkSeen) -> Response:
    """Sign in by a link. An admin is signed in beside whatever day the browser is at."""
    admin = link.day == INSTALLATION
    token, had = visit.house.ids.secret(32), Cookies(visit.floor.settings.secure).token(visit.request, admin=admin)
    used = token_hash(str(visit.request.path_params["token"]))
    before = token_hash(had) if had else None
    async with visit.house.store.reading() as session:
        state = (await session.exec(select(Day.state).where(Day.day == link.day))).first()
    late = state == DayState.ENDED
    done = await visit.house.people.use_link(Actor.house(link.day), used, token_hash(token), before, late=late)
    assert done.data
    if visit.visitor and not admin:
        visit.floor.sessions.forget(visit.me.day, visit.me.person)
    response = visit.go(home(visit.house, link.day, done.data["roles"]))
    Cookies(visit.floor.settings.secure).give(response, token, admin=admin)
    return response


def home(house: House, day: str, roles: list[str]) -> str:
    """Where somebody with these roles starts."""
    if day == INSTALLATION:
        return "/admin"
    pages = (HOME[role] for role in HOME if role in roles and HOME[role] in house.addresses)
    return next(pages, "/days/{day}/live").format(day=day)


ROUTES = [
    Address("/in/{token}", by_demo_link, who=ALL),
    Address("/invite/{token}", invitation, who=ALL),
    Address("/invite/{token}", accepted, who=ALL, method="POST"),
]
