"""Watching a source from a browser (WHEP, draft-ietf-wish-whep; the manners of RFC 9725).

POST   /sources/{name}/whep                  an offer: 201, the answer, Location, ETag; ?without={member} of a panel: with everybody's sound
                                             but this one's
PATCH  /sources/{name}/whep/{resource}       more candidates of the same session of ICE: 204
DELETE /sources/{name}/whep/{resource}       enough
POST   /sources/{name}/choose                {"member": name | null}: whose picture a panel shows; null: the loudest one's
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from streaming.media.feed import Feed
from streaming.media.refusals import CannotWatch
from streaming.media.sdp import FRAGMENT_LIMIT_BYTES, LIMIT_BYTES, BadSdp, Gate

if TYPE_CHECKING:  # these load aiortc, which is done with the first source
    from streaming.media.outlets import Kind, Outlet
    from streaming.media.panels import Panel
    from streaming.media.watching import Viewer, Viewers

OFFER, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
CHOICE_BYTES = 1_024
RETRY_S = 10
_SECTION = re.compile(r"^m=(audio|video) ", re.MULTILINE)


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose picture a panel is to show; ``None``: the loudest one's."""

    member: str | None


class Stage(Protocol):
    """What may be watched, and all who do."""

    def feed(self, name: str) -> Feed | None:
        """A source's; ``None`` when there is no such source."""

    def panel(self, name: str) -> Panel | None:
        """The panel of this name; ``None`` when it is none."""

    def viewers(self) -> Viewers:
        """All who watch; asked for only when there is a source."""


class Whep:
    """The requests of viewers, and of those who choose what they see."""

    def __init__(self, stage: Stage, gate: Gate) -> None:
        self._stage, self._gate = stage, gate

    def routes(self) -> list[Route]:
        """Where they are answered."""
        return [
            Route("/sources/{name}/choose", _calmly(self.choose), methods=["POST"]),
            Route("/sources/{name}/whep", _calmly(self.offer), methods=["POST"]),
            Route("/sources/{name}/whep/{resource}", _calmly(self.patch), methods=["PATCH"]),
            Route("/sources/{name}/whep/{resource}", _calmly(self.delete), methods=["DELETE"]),
        ]

    async def offer(self, request: Request) -> Response:
        """Answer a viewer's offer."""
        name = request.path_params["name"]
        feed = self._stage.feed(name)
        if feed is None:
            raise CannotWatch(404, "source.no_such")
        _must_bring(request, OFFER)
        offer = self._gate.offer(await _body(request, LIMIT_BYTES))
        kinds: list[Kind] = ["audio" if found == "audio" else "video" for found in _SECTION.findall(offer)]
        viewer = await self._stage.viewers().join(feed, self._sound(name, request.query_params.get("without")), offer, kinds)
        headers = {"Location": f"/sources/{name}/whep/{viewer.resource}", "ETag": viewer.etag}
        return Response(viewer.answer, 201, headers, OFFER)

    def _sound(self, name: str, without: str | None) -> Outlet | None:
        if without is None:
            return None
        panel = self._stage.panel(name)
        if panel is None or without not in panel.members:
            raise CannotWatch(404, "source.no_such", "no such member of a panel")
        return panel.ear(without)

    async def choose(self, request: Request) -> Response:
        """Show this member's picture from their next key frame on."""
        panel = self._stage.panel(request.path_params["name"])
        member = msgspec.json.decode(await _body(request, CHOICE_BYTES), type=Choice).member
        if panel is None or (member is not None and member not in panel.members):
            raise CannotWatch(404, "source.no_such", "no such panel, or no such member of it")
        panel.chosen = member
        return Response(status_code=202)

    async def patch(self, request: Request) -> Response:
        """Take candidates that a viewer found later. A restart of ICE is refused: the viewer may offer anew."""
        viewer = self._viewer(request)
        matching = request.headers.get("if-match")
        if matching is None:
            raise CannotWatch(428, "sdp.refused", "If-Match is needed")
        _must_bring(request, FRAGMENT)
        fragment = self._gate.fragment(await _body(request, FRAGMENT_LIMIT_BYTES))
        if matching == "*" or (fragment.ufrag is not None and fragment.ufrag != viewer.ufrag):
            raise CannotWatch(422, "sdp.refused", "no restart of ICE: offer anew")
        if matching != viewer.etag:
            raise CannotWatch(412, "sdp.refused", "another session of ICE")
        await self._stage.viewers().hear(viewer, [line for _, line in fragment.candidates])
        return Response(status_code=204)

    async def delete(self, request: Request) -> Response:
        """Let a viewer go."""
        await self._stage.viewers().end(self._viewer(request))
        return Response(status_code=200)

    def _viewer(self, request: Request) -> Viewer:
        if self._stage.feed(request.path_params["name"]) is None:
            raise CannotWatch(404, "source.no_such")
        found = self._stage.viewers().find(request.path_params["name"], request.path_params["resource"])
        if found is None:
            raise CannotWatch(404, "source.no_such")
        return found


def _must_bring(request: Request, wanted: str) -> None:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != wanted:
        raise CannotWatch(415, "sdp.refused", f"{wanted} is needed")


async def _body(request: Request, limit_bytes: int) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit_bytes:
            raise CannotWatch(413, "wire.too_large")
    return bytes(body)


def _calmly(answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """What is refused is told, with its code."""

    async def answered(request: Request) -> Response:
        try:
            return await answer(request)
        except BadSdp as error:
            return _refused(CannotWatch(400, "sdp.refused", str(error)))
        except (msgspec.DecodeError, ClientDisconnect) as error:
            return _refused(CannotWatch(400, "wire.unreadable", str(error)))
        except CannotWatch as error:
            return _refused(error)

    return answered


def _refused(error: CannotWatch) -> Response:
    body = {"code": error.code, "status": error.status, "detail": str(error)}
    headers = {"Retry-After": str(RETRY_S)} if error.status == 503 else {}
    return JSONResponse(body, error.status, headers, "application/problem+json")
