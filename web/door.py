"""The door of a day: who may come in to hear the news, by socket or by stream."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import cookie_parser

from conference.core.errors import Refused, _
from web.floor import Floor
from web.looking import look
from web.origins import Server
from web.pressure import Shed
from web.render import language_of
from web.sessions import Visitor
from web.socket import Place, place_of

COMPANY_MS: Final = 5_000  # when a full server may have room again


@dataclass(frozen=True)
class Knock:
    """Somebody wants to hear the news of a day.

    Attributes:
        headers: by lower-case name.
        server: the address that the connection came in on.
    """

    day: str
    query: str
    headers: Mapping[str, str]
    server: Server

    @property
    def cookies(self) -> Mapping[str, str]:
        """What the browser keeps for us."""
        return cookie_parser(self.headers.get("cookie", ""))

    @property
    def lang(self) -> str:
        """Which language it is answered in."""
        return language_of(self.headers, self.cookies)

    @property
    def lane(self) -> str:
        """The lane it would look at; empty for its own."""
        return self._asked.get("lane", [""])[-1]

    @property
    def place(self) -> Place | None:
        """How far it had come: from the query, or from ``Last-Event-ID`` of a stream, which is newer."""
        epoch, _colon, seq = self.headers.get("last-event-id", "").partition(":")
        return place_of(epoch, seq) or place_of(self._asked.get("epoch", [""])[-1], self._asked.get("since", [""])[-1])

    @property
    def _asked(self) -> dict[str, list[str]]:
        return parse_qs(self.query, max_num_fields=20) if self.query.count("&") < 20 else {}


def cookie_name(*, secure: bool, admin: bool = False) -> str:
    """What the session's cookie is called; a browser takes the prefix only over https, for this host and no other.

    Args:
        admin: the one of somebody who looks after the installation; it stands beside that of a day, and neither takes the other away.
    """
    name = "samsyn_admin" if admin else "samsyn_session"
    return f"__Host-{name}" if secure else name


async def admit(floor: Floor, knock: Knock) -> Visitor:
    """Let somebody in.

    Raises:
        Refused: ``request.foreign``, ``person.signed_out``, ``lane.no_such``, or ``server.full`` when it should come back later.
    """
    origins = floor.origins
    if not origins.is_ours(knock.headers.get("host", ""), knock.server) or origins.is_foreign(knock.headers):
        raise Refused("request.foreign", _("Den sidan får inte lyssna här."))
    if floor.draining or floor.pressure.sheds(Shed.JOIN) or len(floor.browsers) >= floor.settings.connections_most:
        raise Refused("server.full", _("Det är många på en gång just nu. Försök igen om en liten stund."), retry_after_ms=COMPANY_MS)
    token = knock.cookies.get(cookie_name(secure=floor.settings.secure), "")
    visitor = floor.sessions.ready(token) or await floor.sessions.of(token)
    if visitor is None or visitor.session.day != knock.day:
        raise Refused("person.signed_out", _("Du är inte med på den här dagen. Skriv dagens kod för att gå med."))
    return await look(floor.store, visitor, knock.lane)
