"""The door for players: five requests a second from each, which are answered before anything else looks at them.

Playlists and pictures are public and change nothing, so a player needs neither a session nor a form's checks; what is asked is whether the
request is for us at all, and every answer is dressed as the guard dresses it. Whatever this door cannot answer with what was asked for goes
the ordinary way, which knows how to say no.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from streaming import MediaAway
from streaming.origin import LISTS, TooFar, Wish
from streaming.playlists import INITS
from web.guard import dressing
from web.origins import Origins

PLAYLIST: Final = "application/vnd.apple.mpegurl"
KINDS: Final = {
    "mp4": "video/mp4",
    "m4s": "video/iso.segment",
    "360.m4s": "video/iso.segment",
    "m4a": "audio/mp4",
    "vtt": "text/vtt; charset=utf-8",
}
FRESH: Final = "no-cache"
AWAITED: Final = "max-age=6"  # such a list is the same for all who waited for it
FOR_GOOD: Final = "public, max-age=3600, immutable"
HOSTS_MOST: Final = 64


class _Found(NamedTuple):
    body: bytes
    kind: str
    cache: str


class LaneDoor:
    """ASGI middleware before the guard.

    Args:
        traffic: counts answers by method and status.
    """

    def __init__(self, app: ASGIApp, origins: Origins, traffic: Counter[tuple[str, int]]) -> None:
        self._app, self._origins, self._traffic = app, origins, traffic
        self._ours: dict[tuple[bytes, Any], bool] = {}
        self._heads: dict[tuple[str, str], list[tuple[bytes, bytes]]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a player, or pass on."""
        found = await self._found(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        self._traffic["GET", 200] += 1
        headers = [*self._head(found.kind, found.cache), (b"content-length", str(len(found.body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": found.body})

    async def _found(self, scope: Scope) -> _Found | None:
        _, days, *where = scope["path"].split("/") if scope["path"].count("/") == 5 else ("", "")
        house = scope.get("state", {}).get("house")
        if days != "days" or where[1] not in {"lanes", "media"} or not hasattr(house, "origin") or not self._is_for_us(scope):
            return None
        day, what, place, name = where
        try:
            if what == "media":
                stem, _dot, ending = name.partition(".")
                return _Found(await house.origin.segment(day, place, stem, ending), KINDS[ending], FOR_GOOD) if ending in INITS else None
            if name not in LISTS:
                return None
            wish = wish_of(scope["query_string"])
            return _Found(await house.origin.playlist(day, place, name, wish=wish), PLAYLIST, AWAITED if wish else FRESH)
        except (LookupError, ValueError, TooFar, MediaAway):
            return None

    def _is_for_us(self, scope: Scope) -> bool:
        host = next((value for name, value in scope["headers"] if name == b"host"), b"")
        asked = (host, scope.get("server"))
        if asked not in self._ours:
            if len(self._ours) >= HOSTS_MOST:
                self._ours.clear()
            self._ours[asked] = self._origins.is_ours(host.decode("latin-1"), scope.get("server"))
        return self._ours[asked]

    def _head(self, kind: str, cache: str) -> list[tuple[bytes, bytes]]:
        if (kind, cache) not in self._heads:
            headers = {**dressing(self._origins), "Content-Type": kind, "Cache-Control": cache}
            self._heads[kind, cache] = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        return self._heads[kind, cache]


def wish_of(query: bytes) -> Wish | None:
    """What a player waits for.

    Raises:
        ValueError: it is no number, or a part of nothing.
    """
    if not query:
        return None
    asked = parse_qs(query.decode("latin-1"), max_num_fields=20)
    place, part = (asked.get(name, [None])[0] for name in ("_HLS_msn", "_HLS_part"))
    if place is None and part is None:
        return None
    if place is None or not all(each is None or (each.isascii() and each.isdecimal() and len(each) < 10) for each in (place, part)):
        raise ValueError("no segment or part")
    return Wish(int(place), None if part is None else int(part))
