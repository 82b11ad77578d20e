"""Questions beyond those that a fresh page holds: fetched by wishes, and as pages of their own for browsers without scripts."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta
from starlette.responses import Response

from chat.questions import paging, views
from conference.core.actor import Done
from conference.core.errors import Refused, _
from conference.core.faces import Data, Viewer
from conference.people import STAFF
from web import wire
from web.address import JOINED, Address, Visit
from web.limits import Limit
from web.looking import look
from web.names import named, persons_in
from web.pressure import Shed
from web.sessions import Asker
from web.wishes import ANYONE, Args, House, Memory, WishKind

SOME_MOST: Final = 100  # questions fetched by name at once: more than the pages of a moderator hold of a lane


class Page(Args):
    """The next questions of a list: behind which, in what order, and whose queue."""

    of: Literal["standing", "held", "open", "done"] = "standing"
    order: Literal["top", "new", "old", "divided"] | None = None
    after: str | None = None
    lane: str | None = None


class Some(Args):
    """Questions that stand on a page and are not known, and the lane that is looked at."""

    questions: Annotated[list[str], Meta(min_length=1, max_length=SOME_MOST)]
    lane: str | None = None


async def _page(house: House, by: Asker, wish: Page) -> Done:
    wanted = views.Wanted(wish.of, wish.order, wish.after, wish.lane)
    async with house.store.reading() as session:
        found, left = await views.page(session, by.day, _viewer(by), wanted)
    return Done(data={"questions": await _named(house, by.day, found), "left": left})


async def _some(house: House, by: Asker, wish: Some) -> Done:
    async with house.store.reading() as session:
        found = await views.some_of(session, by.day, _viewer(by), list(dict.fromkeys(wish.questions)))
    return Done(data={"questions": await _named(house, by.day, found)})


def _viewer(by: Asker) -> Viewer:
    """With the roles that count for what was asked for, and no further than they reach."""
    bounds = frozenset((role, by.within) for role in by.roles) if by.within else frozenset[tuple[str, str]]()
    return Viewer(by.person, by.roles, by.lane, bounds=bounds)


async def _named(house: House, day: str, found: list[Data]) -> list[Data]:
    """With the names of those who asked, and times as the wire has them."""
    await house.names.learn(day, set(persons_in(found)))
    laid: list[Data] = msgspec.json.decode(wire.encode(named(found, house.names.of(day))))
    return laid


async def pages(visit: Visit) -> Response:
    """All questions that one may see, a page at a time; for a moderator also the lists of the queue, by ``?of=`` and ``?lane=``."""
    assert visit.visitor
    query = visit.request.query_params
    visitor = await look(visit.house.store, visit.visitor, query.get("lane", ""))
    lane, viewer = visitor.seen.lane, visitor.viewer
    wanted = views.Wanted(query.get("of") or "standing", query.get("order") or None, query.get("after") or None, lane)
    if wanted.of not in paging.PILES:
        raise Refused("page.no_such", _("Sidan finns inte."))
    async with visit.house.store.reading() as session:
        found, left = await views.page(session, visit.day, viewer, wanted)
    shown = await _named(visit.house, visit.day, found)
    state: dict[str, Any] = msgspec.json.decode((await visit.floor.states.of(visitor.seen)).body)
    there = {one["question"] for one in shown}
    state["questions"] = [one for one in state["questions"] if one["question"] not in there] + shown
    lists = paging.ORDERS if viewer.is_one_of(STAFF, lane) else {"standing": paging.ORDERS["standing"]}
    order = wanted.order or next(iter(paging.ORDERS[wanted.of]))
    return visit.page(
        "question-pages.html",
        state=state,
        shown=shown,
        left=left,
        of=wanted.of,
        order=order,
        after=wanted.after,
        lists={name: list(orders) for name, orders in lists.items()},
        lane=lane,
        looks_at=visitor.lane,
    )


_ROW: Final[dict[str, Any]] = {"may": ANYONE, "limit": Limit.PAGE, "shed": Shed.CHAT, "memory": Memory.NONE, "audit": False}
WISHES = [
    WishKind(name="questions.page", model=Page, call=_page, **_ROW),
    WishKind(name="questions.some", model=Some, call=_some, **_ROW),
]

ROUTES = [Address("/days/{day}/questions", pages, who=JOINED)]
