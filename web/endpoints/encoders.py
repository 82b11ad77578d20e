"""The addresses that encoders and browsers send pictures to, and fetch them from without delay (WHIP, WHEP)."""

from __future__ import annotations

from typing import Final

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.responses import Response

from conference.core.actor import Actor
from conference.core.errors import Refused, _
from conference.people import Role
from conference.tables import Day, Source
from streaming.following import source_name
from streaming.studio import rules, views
from streaming.studio.booth import OPEN
from streaming.studio.tables import SourceKey
from web import ice, senders
from web.address import ALL, JOINED_DATA, Address, Visit
from web.reach import too_far
from web.senders import Way

WATCHERS: Final = views.BEHIND | {Role.CAPTIONER.value}  # who look at a source without delay: who writes captions hears it sooner


async def send(visit: Visit) -> Response:
    """An encoder, or a speaker's browser, begins to send (WHIP)."""
    source = str(visit.request.path_params["source"])
    if not await _brings_token(visit, source):
        raise rules.token_wrong()
    response = await senders.offer(visit, Way("whip", source))
    await visit.house.lanes.end_slides(Actor.house(visit.day), source)  # who sends now is seen now
    return response


async def send_on(visit: Visit) -> Response:
    """What it sends is changed or ended; with the token of another source there is nothing to be found."""
    source = str(visit.request.path_params["source"])
    if not _bearer(visit):
        raise rules.token_wrong()
    if not await _brings_token(visit, source):
        raise senders.no_such()
    return await senders.go_on(visit, Way("whip", source))


async def ways(visit: Visit) -> Response:
    """The servers by which whoever looks without delay gets out of their network; passwords last a while, so they are asked for anew."""
    _may_look(visit)
    found = ice.servers(visit.house.settings.ice_servers, visit.house.settings.turn_secret, visit.me.person, visit.house.clock.now())
    return visit.data({"ice": found})


async def watch(visit: Visit) -> Response:
    """Somebody behind the scenes looks at a source without delay (WHEP); with ``?without=`` a panel without one's own sound."""
    query = {}
    if without := visit.request.query_params.get("without"):
        query = {"without": source_name(visit.day, without[:80])}
    return await senders.offer(visit, await _out(visit), query)


async def watch_on(visit: Visit) -> Response:
    """The looking is changed or ended, by the one who looks."""
    return await senders.go_on(visit, await _out(visit))


def _may_look(visit: Visit) -> None:
    if not visit.me.roles & WATCHERS:
        raise Refused("role.missing", _("Det får bara den som medverkar eller leder dagen göra."))


async def _out(visit: Visit) -> Way:
    _may_look(visit)
    source = str(visit.request.path_params["source"])
    async with visit.house.store.reading() as session:
        found = await session.get(Source, (visit.day, source))
    if found is not None and not views.inside(found.lanes, WATCHERS).sees(visit.viewer):
        assert visit.visitor
        raise too_far(visit.visitor)
    return Way("whep", source, f"{visit.day}/{source}/{visit.me.person}")


def _bearer(visit: Visit) -> str:
    kind, _space, token = visit.request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


async def generation_of(session: AsyncSession, day: str, source: str) -> int:
    """How often the keys of a source have been renewed."""
    wanted = select(SourceKey.generation).where(SourceKey.day == day, SourceKey.source == source)
    return (await session.exec(wanted)).one_or_none() or 0


async def _brings_token(visit: Visit, source: str) -> bool:
    """Whether the request brings the source's own token. What a browser is signed in as says nothing here.

    Raises:
        Refused: ``day.not_live`` or ``day.ended``, to somebody who does.
    """
    brought = _bearer(visit)
    if not brought:
        return False
    async with visit.house.store.reading() as session:
        there = select(Day.state).join(Source, Source.day == Day.day).where(Day.day == visit.day, Source.source == source)  # type: ignore[arg-type]  # to mypy a comparison of columns is a bool
        state = (await session.exec(there.where(Source.kind != "panel"))).one_or_none()
        generation = await generation_of(session, visit.day, source)
    if state is None or not visit.house.keys.opens(brought, visit.day, source, generation):
        return False
    if state not in OPEN:
        raise Refused("day.ended" if state == "ended" else "day.not_live", _("Dagen tar inte emot bilder nu."))
    return True


SOURCE: Final = "/days/{day}/sources/{source}"
ROUTES = [
    Address("/days/{day}/sources/ways", ways, who=JOINED_DATA),
    Address(SOURCE + "/whip", send, who=ALL, method="POST", most_bytes=senders.MOST_BYTES),
    Address(SOURCE + "/whip/{resource}", send_on, who=ALL, method="PATCH", most_bytes=senders.MOST_BYTES),
    Address(SOURCE + "/whip/{resource}", send_on, who=ALL, method="DELETE"),
    Address(SOURCE + "/whep", watch, who=JOINED_DATA, method="POST", most_bytes=senders.MOST_BYTES),
    Address(SOURCE + "/whep/{resource}", watch_on, who=JOINED_DATA, method="PATCH", most_bytes=senders.MOST_BYTES),
    Address(SOURCE + "/whep/{resource}", watch_on, who=JOINED_DATA, method="DELETE"),
]
