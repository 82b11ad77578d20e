"""Where the parts meet: the only place that knows all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any, Final

from starlette.routing import BaseRoute

from chat.questions.reactions import reactions as questions_reactions
from chat.reactions import reactions as chat_reactions
from conference.core.actor import Actor
from conference.core.bus import Bus, MemoryBus
from conference.core.clock import Clock, SystemClock
from conference.core.ids import RandomIds
from conference.core.reactor import Reactions, Reactor
from conference.core.store import Store
from conference.people import SignedIn
from conference.people import views as people_views
from conference.rundown import Conductor
from polls.ballots import Box
from polls.reactions import reactions as polls_reactions
from polls.surveys.reactions import reactions as surveys_reactions
from streaming import Lanes, MediaClient
from streaming.captioning.reactions import reactions as captions_reactions
from streaming.reactions import reactions as streaming_reactions
from streaming.recordings.reactions import reactions as recordings_reactions
from streaming.studio import Booth
from web import migrate, secret_files, uploads
from web.app import Frontage
from web.arrivals import WAITS_S
from web.courier import Courier
from web.disposal import Disposer, heard
from web.endpoints import (
    about,
    admin,
    api,
    backstage,
    bank,
    build,
    comparison,
    contributors,
    corrections,
    embed,
    encoders,
    following,
    followup,
    gestures,
    health,
    integrations,
    keeping,
    kits,
    links,
    loop,
    material,
    mine,
    news,
    owners,
    people,
    persons,
    phones,
    polls,
    programme,
    question_pages,
    regions,
    rehearsal,
    reports,
    rundown,
    schedule,
    signs,
    slides,
    sorting,
    stage,
    survey_editor,
    survey_letters,
    survey_questions,
    surveys,
    timeline,
    watching,
)
from web.endpoints import captions as captions_endpoint
from web.endpoints import chat as chat_endpoint
from web.endpoints import questions as questions_endpoint
from web.endpoints import recordings as recordings_endpoint
from web.endpoints import streaming as streaming_endpoint
from web.endpoints import studio as studio_endpoint
from web.errands import Errands
from web.floor import Floor, Plan
from web.house import House
from web.limits import Meter
from web.media_child import MediaChild, media_words
from web.outbound import Outbound
from web.postman import Bags, Postman
from web.presence import Presence
from web.rehearsal.starting import Rehearsals
from web.rounds import Closer, Rounds, Working
from web.services import services
from web.settings import Settings
from web.shows import Shows
from web.telling import Told, start_forgetting, start_naming
from web.wishes import Table

LINGER_S: Final = 0.005  # a commit waits so long for company: a third less processor under load, 4 ms more for a lone wish

ENDPOINTS: Final = (
    people, links, following, phones, about, health, news, programme, material, admin, kits, bank, build, contributors, corrections,
    timeline, schedule, rehearsal, reports, regions, rundown, stage, polls, sorting, surveys, survey_editor, survey_questions,
    survey_letters, chat_endpoint, backstage, gestures, questions_endpoint, question_pages,
    followup, loop, owners, comparison, keeping, mine, persons,
    integrations, api, embed, captions_endpoint, streaming_endpoint, studio_endpoint, encoders, slides, watching,
    recordings_endpoint, signs)  # fmt: skip
"""All endpoint files, in the order in which addresses are tried."""


def routes() -> list[BaseRoute]:
    """Every address of the product."""
    return [route for endpoint in ENDPOINTS for route in getattr(endpoint, "ROUTES", ())]


def wish_table() -> Table:
    """Everything that can be asked for."""
    return Table(kind for endpoint in ENDPOINTS for kind in getattr(endpoint, "WISHES", ()))


def all_shows(box: Box, clock: Clock, booth: Booth) -> list[Shows]:
    """What is shown of every feature."""
    return [
        programme.SHOWS,
        rundown.SHOWS,
        streaming_endpoint.SHOWS,
        people.SHOWS,
        polls.shows(box),
        surveys.shows(box),
        watching.SHOWS,
        chat_endpoint.SHOWS,
        backstage.SHOWS,
        gestures.SHOWS,
        questions_endpoint.SHOWS,
        captions_endpoint.shows(clock),
        studio_endpoint.shows(booth, clock),
        recordings_endpoint.SHOWS,
        loop.SHOWS,
        reports.SHOWS,
        keeping.SHOWS,
        integrations.SHOWS,
    ]


@asynccontextmanager
async def open_house(settings: Settings, front: Frontage, clock: Clock | None = None) -> AsyncIterator[House]:
    """Build the house, run what runs by itself, and take it down again."""
    clock, ids = clock or SystemClock(), RandomIds()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if settings.embedded:
        await migrate.up(settings.database, settings.keys)
    async with AsyncExitStack() as stack:
        bus, meter = await _between_processes(settings, stack)
        box = Box(settings.keys, ids)
        told = Told(bus)
        store = await stack.enter_async_context(Store.open(settings.database, told.publish, linger_s=LINGER_S))
        errands = await stack.enter_async_context(Errands())
        client = await stack.enter_async_context(_media(settings, errands))
        parts = services(store, clock, ids, box, client, settings)
        told.features = (parts["polls"], parts["surveys"], parts["later"])
        told.on_close = partial(start_forgetting, store, errands)
        told.on_name = partial(start_naming, [parts["chat"], parts["questions"], parts["studio"]], errands)
        plan = Plan(
            settings, clock, store, bus, all_shows(box, clock, parts["booth"]), wish_table(), _names(store),
            _sessions(store), front.renderer, front.origins, front.traffic, meter,
        )  # fmt: skip
        floor = await stack.enter_async_context(Floor.open(plan))
        floor.listeners += [told.heard, parts["booth"].heard, partial(heard, floor)]
        floor.farewells.append(parts["origin"].release)
        parts["booth"].moved = partial(_moved, floor)
        told.on_commit = floor.pulse.stored
        addresses = frozenset(str(getattr(route, "path", "")) for route in routes())
        parts |= {"box": box, "media": client, "presence": Presence(store, clock, parts["people"], floor)}
        parts["rehearsals"] = Rehearsals(store, clock, settings, errands)
        house = House(floor=floor, settings=settings, clock=clock, ids=ids, store=store, addresses=addresses, **parts)
        floor.desk.house = house
        await _sweep(house)
        start_forgetting(store, errands)  # what a process that died had not come to
        _start(house, bus, errands)
        yield house


async def _sweep(house: House) -> None:
    """Throw away what a process that died has left behind, before anybody comes in."""
    alone = house.settings.embedded
    for feature in (house.polls, house.surveys, house.later):
        await feature.sweep()
    await uploads.sweep(house.store, house.settings.data_dir, alone=alone)
    house.workshop.sweep(alone=alone)
    house.packages.sweep(alone=alone)
    house.arrivals.sweep(WAITS_S)


async def _between_processes(settings: Settings, stack: AsyncExitStack) -> tuple[Bus, Meter | None]:
    """What several processes share; one alone needs none of it, and does not load it either."""
    if not settings.redis_url:
        return MemoryBus(), None
    from conference.core.redis_bus import RedisBus  # noqa: PLC0415  # see above
    from web.redis_meter import RedisMeter  # noqa: PLC0415  # see above

    bus = await stack.enter_async_context(RedisBus.open(settings.redis_url))
    return bus, await stack.enter_async_context(RedisMeter.open(settings.redis_url))


def _media(settings: Settings, errands: Errands) -> MediaClient:
    """The media process elsewhere, or a child of ours."""
    if settings.media_url:
        return MediaClient(settings.media_url, settings.media_token or "", is_local=False)
    token_file = settings.data_dir / "secrets" / "media"
    token = secret_files.secret(token_file)
    child = MediaChild(settings.data_dir, token_file, media_words(settings, token_file.with_name("ice")))
    errands.run(child.run(), "media process")
    return MediaClient(child.url, token)


def reactions_of(parts: Mapping[str, Any]) -> list[Reactions]:
    """What features do about events of lower floors; *parts* are those of `services`."""
    return [
        streaming_reactions(parts["lanes"]),
        captions_reactions(parts["captioning"]),
        polls_reactions(parts["polls"]),
        surveys_reactions(parts["surveys"]),
        chat_reactions(parts["chat"]),
        questions_reactions(parts["questions"]),
        recordings_reactions(parts["recordings"]),
    ]


def _start(house: House, bus: Bus, errands: Errands) -> None:
    """What runs by itself from now on."""
    closers = [
        Closer(house.polls.due, house.polls.close_due),
        Closer(house.surveys.due, house.surveys.close_due),
        Closer(house.later.due, house.later.close_due),
        Closer(house.surveys.due_to_open, house.surveys.open_due),
        Closer(house.recordings.due, house.recordings.close_due),
        Closer(house.moderation.due, house.moderation.forget_due),
    ]
    beside: list[Callable[[str], Awaitable[None]]] = [house.packing.run, partial(house.origin.follow, bus)]
    working = Working(reactions_of(vars(house)), beside, closers, partial(uploads.unpacked, house.store))
    errands.run(Rounds(house.store, Reactor(house.store, bus), errands, working).run(), "rounds")
    errands.run(house.presence.run(), "attendance")
    errands.run(house.booth.run(), "sources")
    errands.run(house.workshop.run(), "files of recordings")
    errands.run(house.packages.run(), "archive packages")
    bags = Bags(house.letters, house.survey_letters, house.reminders)
    errands.run(Postman(house.store, bags, house.clock, house.settings).run(), "letters")
    errands.run(Courier(house.store, house.outbox, Outbound(house.settings.inside)).run(), "webhooks")
    errands.run(Disposer(house.store, house.keeping, house.settings.data_dir).run(), "disposals")
    errands.run(house.following.run(partial(_noted, house.lanes)), "live sources")
    errands.run(Conductor(house.store, house.clock, house.rundown).conduct(), "conductor")


async def _noted(lanes: Lanes, day: str, source: str, is_live: bool) -> None:
    await lanes.source_is(Actor.house(day), source, live=is_live)


def _moved(floor: Floor, day: str) -> None:
    floor.hubs.move(day, studio_endpoint.FEATURE)


def _names(store: Store) -> Any:
    async def read(day: str, persons: Collection[str]) -> Mapping[str, str | None]:
        async with store.reading() as session:
            return {person: one.name for person, one in (await people_views.persons(session, day, persons)).items()}

    return read


def _sessions(store: Store) -> Any:
    async def read(keys: list[str]) -> Mapping[str, SignedIn]:
        async with store.reading() as session:
            return await people_views.sessions_of(session, keys)

    return read
