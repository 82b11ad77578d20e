"""Behind the scenes over the wire: the page of the studio, what speakers and producers ask for, and the addresses that encoders send to."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.responses import Response

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.faces import Viewer
from conference.people import STAFF
from conference.people import views as people
from conference.rundown.booking import called_at
from conference.tables import Contributor, Item, Source
from streaming.studio import Booth, rules, views
from web import ice
from web.address import Address, Visit, role
from web.endpoints import slides
from web.endpoints.encoders import generation_of
from web.house import House
from web.limits import Limit
from web.pressure import Shed
from web.shows import Picture, Shows
from web.wishes import Args, Memory, Nothing, WishKind

Id = Annotated[str, Meta(min_length=1, max_length=80)]
BEHIND: Final = views.BEHIND
FEATURE: Final = "studio"
SETTLED_S: Final = 2.0  # pictures that have not changed for so long are not read again until something happens


class Ready(Args):
    """Whether one is ready."""

    ready: bool


class Guest(Args):
    """As which guest by link somebody's camera is sent; none: as none."""

    person: Id
    source: Id | None


class Members(Args):
    """Who belongs to a panel: cameras; nobody named is all who are ready."""

    members: Annotated[list[Id], Meta(max_length=100)] | None
    panel: Id = rules.PANEL


class Choice(Args):
    """Whose picture a panel shows: a camera, or whoever speaks loudest."""

    source: Id | None
    panel: Id = rules.PANEL


class Word(Args):
    """A word to the producer, or to a person."""

    text: str
    person: Id | None = None


class Typing(Args):
    """A line to all in a panel, as it reads now; ``final``: it is finished. Those who run the day say which panel's."""

    text: str
    final: bool = False
    lane: Id | None = None


class Named(Args):
    """A source."""

    source: Id


async def _sit(house: House, by: Actor, _args: Nothing) -> Done:
    done = await house.studio.sit(by)
    assert done.data
    return Done(done.seq, {**done.data, **await sending(house, by.day, str(done.data["source"])), "ice": _ice(house, by)})


async def _share(house: House, by: Actor, _args: Nothing) -> Done:
    done = await house.studio.share(by)
    assert done.data
    return Done(done.seq, {**done.data, **await sending(house, by.day, str(done.data["source"])), "ice": _ice(house, by)})


async def _ready(house: House, by: Actor, args: Ready) -> Done:
    return _told(house, await house.studio.ready(by, ready=args.ready))


async def _seat(house: House, by: Actor, args: Guest) -> Done:
    return _told(house, await house.studio.seat(by, args.person, args.source))


async def _panel(house: House, by: Actor, args: Members) -> Done:
    return _told(house, await house.studio.panel(by, args.panel, args.members))


async def _choose(house: House, by: Actor, args: Choice) -> Done:
    return _told(house, await house.studio.choose(by, args.panel, args.source))


async def _whisper(house: House, by: Actor, args: Word) -> Done:
    done: Done = await house.studio.whisper(by, args.text, args.person)
    return done


async def _type(house: House, by: Actor, args: Typing) -> Done:
    done: Done = await house.studio.type(by, args.text, final=args.final, lane=args.lane)
    return done


async def _renew(house: House, by: Actor, args: Named) -> Done:
    """Whoever sends with the old key is cut off."""
    done = await house.studio.renew(by, args.source)
    house.floor.errands.run(house.booth.cut(by.day, args.source), "a renewed key")
    return _told(house, done)


async def _key(house: House, by: Actor, args: Named) -> Done:
    """Where a source's encoder sends to, and what it brings."""
    async with house.store.reading() as session:
        found = (await session.exec(select(Source).where(Source.day == by.day, Source.source == args.source))).one_or_none()
    if found is None or found.kind == "panel":
        raise rules.no_source()
    return Done(data={"source": args.source, **await sending(house, by.day, args.source)})


def _told(house: House, done: Done) -> Done:
    house.booth.stir()
    return done


async def sending(house: House, day: str, source: str) -> dict[str, Any]:
    """Where to send to and with what: ``whip`` and ``token``, and for a studio the port and key of RTMP, if it listens."""
    house.booth.stir()
    async with house.store.reading() as session:
        generation = await generation_of(session, day, source)
    told: dict[str, Any] = {"whip": f"/days/{day}/sources/{source}/whip", "token": house.keys.token(day, source, generation)}
    status = house.booth.status(day, source)
    if status is not None and status.rtmp_port:
        told["rtmp"] = {"port": status.rtmp_port, "key": house.keys.stream_key(day, source, generation)}
    return told


def _ice(house: House, by: Actor) -> list[dict[str, Any]]:
    return ice.servers(house.settings.ice_servers, house.settings.turn_secret, rules.camera_of(by.person), house.clock.now())


async def studio(visit: Visit) -> Response:
    """The page from which a speaker takes part, without an account and without installing anything."""
    assert visit.visitor
    state = msgspec.json.decode((await visit.floor.states.of(visit.visitor.seen)).body)
    async with visit.house.store.reading() as session:
        called = await _called(session, visit.day, visit.me.person)
    return visit.page("studio.html", state=state, called=called)


async def _called(session: AsyncSession, day: str, person: str) -> dict[str, Any] | None:
    """When somebody who came by a link of their own shall be there, and for what."""
    name = await people.came_as(session, day, person)
    one = await session.get(Contributor, (day, name)) if name else None
    if one is None:
        return None
    found = called_at(one, await session.exec(select(Item).where(Item.day == day)))
    return found and {"at": found[0], "title": found[1].title, "title_en": found[1].title_en, "starts_at": found[1].planned_starts_at}


def shows(booth: Booth, clock: Clock) -> Shows:
    """What is shown behind the scenes; how sources are doing is asked of the media process, and shown when it changes.

    What somebody is writing to a panel is shown four times a second.
    """
    painted: dict[str, tuple[float, list[Picture]]] = {}

    async def shared(session: AsyncSession, day: str, viewer: Viewer) -> dict[str, Any]:
        state = await views.shared(session, day, viewer)
        if "sources" not in state:
            return state
        seen = await views.backstage(session, day)
        return state | {
            "sources": [{**one, **_known(views.picture(one["source"], seen, booth.shown(day, one["source"])))} for one in state["sources"]]
        }

    async def pictures(session: AsyncSession, day: str) -> list[Picture]:
        seen = await views.backstage(session, day)
        faces = [(views.inside(one.lanes), views.picture(one.source, seen, booth.shown(day, one.source))) for one in seen.sources]
        found = [Picture(f"source:{face['source']}", "studio.status", ((to, face),)) for to, face in faces]
        lines = await views.unfinished(session, day, clock.now())
        found += [Picture(f"typed:{line}", "studio.written", tuple(sides)) for line, sides in lines]
        now, (changed_s, before) = asyncio.get_running_loop().time(), painted.get(day, (0.0, None))
        if before != found:
            painted[day] = now, found
        return found if before != found or lines or now < changed_s + SETTLED_S else []

    return Shows(FEATURE, views.FACES, shared, views.personal, pictures, stirred_by=frozenset({"streaming"}))


def _known(face: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in face.items() if value is not None}


def _kind(name: str, model: type[Args], call: Any, **more: Any) -> WishKind:
    row: dict[str, Any] = {"may": STAFF, "limit": Limit.STAFF, "shed": Shed.NEVER, "memory": Memory.CORE, "audit": True}
    return WishKind(name=name, model=model, call=call, **{**row, **more})


WISHES = [
    _kind("streaming.sit", Nothing, _sit, may=BEHIND, memory=Memory.NONE, audit=False),  # its answer holds a key: it is not kept
    _kind("streaming.share", Nothing, _share, may=BEHIND, memory=Memory.NONE, audit=False),
    _kind("streaming.ready", Ready, _ready, may=BEHIND, audit=False),
    _kind("streaming.seat", Guest, _seat),
    _kind("streaming.panel", Members, _panel),
    _kind("streaming.choose", Choice, _choose),
    _kind("streaming.whisper", Word, _whisper, may=BEHIND, limit=Limit.SPEECH, audit=False),
    _kind("streaming.type", Typing, _type, may=BEHIND, limit=Limit.CAPTION, audit=False),
    _kind("streaming.turn", slides.Turning, slides.turn, may=BEHIND, memory=Memory.NONE, audit=False),
    _kind("streaming.renew", Named, _renew),
    _kind("streaming.key", Named, _key, memory=Memory.NONE, audit=False),
]

ROUTES = [Address("/days/{day}/studio", studio, who=role(*BEHIND))]
