"""The run-of-show over the wire: its wishes, and the cockpit from which one person runs a day."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.datastructures import FormData
from starlette.responses import Response

from conference.core.actor import Actor
from conference.library import views as library
from conference.people import NATIONAL, STAFF
from conference.rundown import views
from web.address import Address, Visit, role
from web.endpoints.backstage import words_for
from web.limits import Limit
from web.looking import look
from web.pressure import Shed
from web.sessions import Visitor
from web.shows import Shows
from web.wishes import Args, House, Memory, Nothing, WishKind


class OnLane(Args):
    """Whose run-of-show; one's own when no lane is named."""

    lane: str | None = None


class Go(OnLane):
    """The cue that was seen as the last one, ``null`` at the start; left out, nothing is compared."""

    after: str | UnsetType | None = UNSET


class Extend(Args):
    """How much later the rest comes."""

    seconds: Annotated[int, Meta(ge=1, le=7200)]
    lane: str | None = None


async def _go_by_form(_: House, __: Actor, form: FormData) -> dict[str, Any]:
    """An empty field is the start of the day, not a missing one."""
    lane = form.get("lane")
    return (
        {"after": str(form["after"]) or None} if "after" in form and not lane else {"lane": lane, "after": str(form.get("after")) or None}
    )


def _kind(name: str, model: type[Args], call: Any, form: Any = None) -> WishKind:
    return WishKind(
        name=name, model=model, may=STAFF, limit=Limit.STAFF, shed=Shed.NEVER, memory=Memory.CORE, audit=True, call=call, form=form
    )


WISHES = [
    _kind("rundown.go", Go, lambda house, by, wish: house.rundown.go(by, after=wish.after, lane=wish.lane), _go_by_form),
    _kind("rundown.hold", OnLane, lambda house, by, wish: house.rundown.hold(by, lane=wish.lane)),
    _kind("rundown.resume", OnLane, lambda house, by, wish: house.rundown.resume(by, lane=wish.lane)),
    _kind("rundown.back", OnLane, lambda house, by, wish: house.rundown.back(by, lane=wish.lane)),
    _kind("rundown.skip", OnLane, lambda house, by, wish: house.rundown.skip(by, lane=wish.lane)),
    _kind("rundown.undo", OnLane, lambda house, by, wish: house.rundown.undo(by, lane=wish.lane)),
    _kind("rundown.extend", Extend, lambda house, by, wish: house.rundown.extend(by, wish.seconds, lane=wish.lane)),
    _kind("rundown.recall", Nothing, lambda house, by, _: house.rundown.recall(by)),
    _kind("day.end", Nothing, lambda house, by, _: house.programme.end(by)),
]

SHOWS = Shows("rundown", views.FACES, views.shared)


async def cockpit(visit: Visit) -> Response:
    """The page from which a day is run: one's own lane, or the one in ``?lane=``."""
    visitor = await _looking(visit)
    state = await visit.floor.states.of(visitor.seen)
    known = {**msgspec.json.decode(state.body), **await _run(visit, visitor.seen.lane)}
    async with visit.house.store.reading() as session:
        films = await library.films(session, visit.day)
    words = await words_for(visit, visitor.seen.lane)
    return visit.page("cockpit.html", state=known, looks_at=visitor.lane, lane=visitor.seen.lane, films=films, words=words)


async def remote(visit: Visit) -> Response:
    """The few buttons one needs on stage, for a telephone: one's own lane's, or those of the one in ``?lane=``."""
    visitor = await _looking(visit)
    state = msgspec.json.decode((await visit.floor.states.of(visitor.seen)).body)
    return visit.page("remote.html", state=state, looks_at=visitor.lane, lane=visitor.seen.lane)


async def run(visit: Visit) -> Response:
    """The run-of-show and the people figures as they are now, for the cockpit to read again after news."""
    return visit.data(await _run(visit, (await _looking(visit)).seen.lane))


async def _looking(visit: Visit) -> Visitor:
    assert visit.visitor
    return await look(visit.house.store, visit.visitor, visit.request.query_params.get("lane", ""))


async def _run(visit: Visit, lane: str) -> dict[str, Any]:
    now = visit.floor.clock.now()
    async with visit.house.store.reading() as session:
        try:
            found = await views.cockpit(session, visit.day, lane, now)
        except LookupError:
            found = await views.cockpit(session, visit.day, NATIONAL, now)
    figures = await visit.house.presence.now(visit.day)
    cues = [{**msgspec.to_builtins(cue), "lane": cue.track} for cue in found.cues]
    return {
        "cues": cues,
        "figures": figures,
        "run": {**msgspec.to_builtins(found), "cues": None, "tracks": None},
        "tracks": msgspec.to_builtins(found.tracks),
    }


ROUTES = [
    Address("/days/{day}/cockpit", cockpit, who=role(*STAFF)),
    Address("/days/{day}/remote", remote, who=role(*STAFF)),
    Address("/days/{day}/cockpit/run", run, who=role(*STAFF)),
]
