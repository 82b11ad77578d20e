"""The state of a day, its news, and the ways to ask for something: socket, stream, polling, and forms without scripts."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec
from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from conference.core.errors import Refused
from web import wire
from web.address import JOINED, JOINED_DATA, Address, Visit, local
from web.door import Knock, admit
from web.faults import Fault
from web.looking import look
from web.signin import Cookies
from web.socket import Browser
from web.streams import NewsStream, QueueLine, by_socket
from web.wire import Wish
from web.wishes import WishKind

WISH_FIELD: Final = "wish"
LEAVE: Final = "people.leave"
PART_OF: Final = {
    "chat.say": "chatt",
    "chat.edit": "chatt",
    "chat.remove": "chatt",
    "polls.vote": "omrostningar",
    "polls.withdraw": "omrostningar",
    "polls.hands": "omrostningar",
    "people.set": "du",
    "people.follow": "innehall",
    "gestures.send": "innehall",
} | dict.fromkeys(("questions.ask", "questions.back", "questions.unback", "questions.withdraw"), "fragor")
"""Where on the live page a wish's form stands."""
KEPT: Final = ("lane", "of", "order", "after")
"""What of a page's query is kept by its forms: the cockpit of another lane stays there, and so does a page of a long list."""


async def state(visit: Visit) -> Response:
    """Everything the reader may see now, with its place in the log."""
    assert visit.visitor
    visit.floor.browsers.looked_in(visit.day, visit.me.person, visit.floor.clock.now())
    visitor = await look(visit.house.store, visit.visitor, visit.request.query_params.get("lane", ""))
    found = await visit.floor.states.of(visitor.seen)
    whole = wire.encode({"epoch": found.epoch, "seq": found.seq, **msgspec.json.decode(found.body, type=dict[str, msgspec.Raw])})
    return Response(whole, media_type="application/json")


async def news(visit: Visit) -> Response:
    """What happens, as server-sent events, from the place in ``Last-Event-ID`` or the query on. A HEAD is told that it is there."""
    if visit.request.method == "HEAD":
        return Response(media_type="text/event-stream")
    knock = Knock(visit.day, visit.request.url.query, visit.request.headers, visit.request.scope.get("server"))
    visitor = await admit(visit.floor, knock)
    line = QueueLine()
    browser = Browser(visit.floor, visitor, line, visit.lang)
    line.on_drained = browser.drained
    visit.floor.errands.run(browser.welcome(knock.place), "welcome")
    return NewsStream(line, browser)  # type: ignore[return-value]  # an ASGI answer, as a Response is


async def socket(websocket: WebSocket) -> None:
    """The way through ASGI. Our own server takes the socket before it comes here: `web.fanout`."""
    house = websocket.state.house
    knock = Knock(websocket.path_params["day"], websocket.url.query, websocket.headers, websocket.scope.get("server"))
    try:
        visitor = await admit(house.floor, knock)
    except Exception as error:  # noqa: BLE001  # every error becomes an answer; faults logs what is ours
        await websocket.send_denial_response(Fault.of(error, knock.lang).problem())
        return
    await websocket.accept()
    line = QueueLine()
    browser = Browser(house.floor, visitor, line, knock.lang)
    line.on_drained = browser.drained
    house.floor.errands.run(browser.welcome(knock.place), "welcome")
    await by_socket(websocket, line, browser)


async def wishes(visit: Visit) -> Response:
    """A wish by HTTP, answered as on the socket."""
    assert visit.visitor
    raw = await visit.raw(wire.CLIENT_MOST_BYTES)
    try:
        wish = wire.read_wish(raw)
    except Refused as refused:
        fault = Fault.of(refused, visit.lang)
        return Response(fault.answer(wire.id_of(raw)), fault.status, media_type="application/json")
    answer = await visit.floor.desk.ask(visit.visitor, wish, visit.lang)
    response = Response(answer.body, answer.status, _retry(answer.retry_after_ms), "application/json")
    return _gone(visit, response) if wish.do == LEAVE and answer.status == 200 else response


async def do(visit: Visit) -> Response:
    """A wish by a form, for browsers without scripts: back to the page it stands on."""
    kind = visit.floor.desk.table.kind(str(visit.request.path_params["do"]))
    fields = await visit.form()
    wish = "".join(fields.pop(WISH_FIELD, [])[:1])
    assert visit.visitor
    asked = Wish(wish if wire.is_id(wish) else visit.house.ids.new(), kind.name, await _arguments(visit, kind, fields))
    await visit.floor.desk.grant(visit.visitor, asked, strict=False)
    response = visit.go(_back(visit, kind.name))
    return _gone(visit, response) if kind.name == LEAVE else response


def _gone(visit: Visit, response: Response) -> Response:
    """Whoever has left keeps no cookie; by socket, where none can be taken, the line is closed instead."""
    Cookies(visit.floor.settings.secure).take(response)
    return response


def _back(visit: Visit, wish: str) -> str:
    """The page that the form stands on, and on the long one the part of it; who has left has no page but the first."""
    if wish == LEAVE:
        return "/"
    came = urlsplit(visit.request.headers.get("referer", ""))
    live = f"/days/{visit.day}/live"
    page = local(came.path) if came.path else live
    if page == live:
        return f"{page}#{PART_OF.get(wish, '')}".rstrip("#")
    asked = parse_qs(came.query)
    kept: dict[str, str] = {name: asked[name][-1] for name in KEPT if name in asked}
    return f"{page}?{urlencode(kept)}" if kept else page


async def _arguments(visit: Visit, kind: WishKind, fields: dict[str, list[str]]) -> dict[str, Any]:
    if kind.form is not None:
        assert visit.visitor
        return await kind.form(visit.house, visit.visitor.actor(), FormData([(name, one) for name, many in fields.items() for one in many]))
    return {name: values[-1] for name, values in fields.items() if values[-1] != ""}


def _retry(retry_after_ms: int | None) -> dict[str, str]:
    return {} if retry_after_ms is None else {"Retry-After": str(max(1, -(-retry_after_ms // 1000)))}


ROUTES = [
    Address("/days/{day}/state", state, who=JOINED_DATA),
    Address("/days/{day}/news", news, who=JOINED_DATA),
    Address("/days/{day}/wishes", wishes, who=JOINED_DATA, method="POST"),
    Address("/days/{day}/do/{do}", do, who=JOINED, method="POST"),
    WebSocketRoute("/days/{day}/socket", socket),
]
