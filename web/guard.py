"""The guard: looks at every request before anything else does, and at every answer after.

Who it is for (Host), who sent it (Origin, Sec-Fetch-Site), how large it may be, and what a browser may do with the answer. A mistake of
ours ends here as one calm sentence.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from conference.core.errors import Refused, _
from web import faults
from web.address import Address, Room
from web.origins import Origins
from web.render import Renderer

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
BODY_S: Final = 30.0  # between two pieces of a small body
ANY_HOST: Final = frozenset({"/healthz", "/readyz"})  # load balancers ask by address
EITHER: Final = "/join"  # the one change that may come without a word of where it comes from; never from a foreign page

CSP: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "media-src 'self' blob:",  # hls.js feeds the video element from memory
    "font-src 'self'",
    "form-action 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
HEADERS: Final = {
    "Content-Security-Policy": "; ".join(CSP),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with "no-referrer" a form of ours would say Origin: null
    "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""On every answer that does not say otherwise itself."""
BY_HTTPS: Final = {"Strict-Transport-Security": "max-age=63072000"}

log = logging.getLogger(__name__)


def dressing(origins: Origins) -> dict[str, str]:
    """The headers of every answer."""
    return HEADERS | (BY_HTTPS if (origins.base_url or "").startswith("https") else {})


class Guard:
    """ASGI middleware, outermost.

    Args:
        addresses: those of our routes, for the ones that take large bodies.
        traffic: counts answers by method and status.
    """

    def __init__(
        self, app: ASGIApp, origins: Origins, renderer: Renderer, addresses: Iterable[Address], traffic: Counter[tuple[str, int]]
    ) -> None:
        self._app, self._origins, self._renderer = app, origins, renderer
        self._roomy = [address for address in addresses if address.most_bytes != Address.MOST_BYTES]
        self._headers = dressing(origins)
        self._traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look, pass on, dress the answer."""
        if scope["type"] != "http":  # sockets are looked at by `web.door`, when it is known for which day they are
            await self._app(scope, receive, send)
            return
        answer = _Answer(self, scope, send)
        request = Request(scope)
        try:
            self._look(scope, request.headers)
            await self._app(scope, _Measured(receive, self._room(scope)), answer)
        except Exception as error:
            if answer.started:  # too late to say anything else; the broken answer says that something is wrong
                log.exception("an answer broke off")
                raise
            await faults.response(request, error, self._renderer)(scope, receive, answer)

    def _look(self, scope: Scope, headers: Headers) -> None:
        if "content-length" in headers and "transfer-encoding" in headers:
            raise Refused("wire.unreadable", _("Meddelandet gick inte att läsa."))  # two sizes: a proxy may believe the other one
        if scope["path"] not in ANY_HOST and not self._origins.is_ours(headers.get("host", ""), scope.get("server")):
            raise Refused("request.foreign", _("Den här adressen leder inte hit."))
        if scope["method"] not in SAFE and not self._may_change(scope["path"], headers):
            raise Refused("request.foreign", _("Det går bara att göra från våra egna sidor."))
        length, room = headers.get("content-length", "0"), self._room(scope)
        if not length.isdigit() or int(length) > room.most_bytes:
            raise room.too_large()

    def _may_change(self, path: str, headers: Headers) -> bool:
        if self._origins.is_foreign(headers):
            return False
        # A program with a token of its own, such as a video encoder, brings no cookie that a foreign page could misuse.
        by_token = headers.get("authorization", "").lower().startswith("bearer ") and "cookie" not in headers
        return self._origins.is_own(headers) or path == EITHER or by_token

    def _room(self, scope: Scope) -> Room:
        return next((one.room for one in self._roomy if one.is_for(scope)), Room())

    def dress(self, scope: Scope, message: Message) -> None:
        """Add what an answer does not say itself."""
        headers = MutableHeaders(scope=message)
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        self._traffic[scope["method"], message["status"]] += 1


class _Answer:
    """Passes an answer on, dressed."""

    def __init__(self, guard: Guard, scope: Scope, send: Send) -> None:
        self._guard, self._scope, self._send = guard, scope, send
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self._guard.dress(self._scope, message)
        await self._send(message)


class _Measured:
    """Passes a body on, up to its limit, as long as it keeps coming."""

    def __init__(self, receive: Receive, room: Room) -> None:
        self._receive, self._room, self._left, self._whole = receive, room, room.most_bytes, False

    async def __call__(self) -> Message:
        if self._whole:  # what comes now is the end of the connection
            return await self._receive()
        try:
            async with asyncio.timeout(BODY_S):
                message = await self._receive()
        except TimeoutError:
            raise Refused("wire.unreadable", _("Meddelandet kom inte fram.")) from None
        self._left -= len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._left < 0:
            raise self._room.too_large()
        return message
