"""Encoders and browsers that send or fetch a source's picture: let in by us, answered by the media process (WHIP, RFC 9725; WHEP)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import httpx2
import msgspec
from starlette.responses import Response

from conference.core.errors import Refused, _
from streaming import MediaAway
from streaming.following import source_name
from web import ice
from web.address import Visit
from web.limits import Rate

SDP: Final = "application/sdp"
FRAGMENT: Final = "application/trickle-ice-sdpfrag"
MOST_BYTES: Final = 32 * 1024  # an offer of a browser has 8 kB
OFFERS: Final = Rate(120, 60)  # per address: a whole hospital's speakers who come back at once
PASSED_ON: Final = ("ETag", "Accept-Patch")  # headers of the media process that are the client's business
AWAY_MS: Final = 1_000
FULL_MS: Final = 5_000


@dataclass(frozen=True)
class Way:
    """In or out.

    Attributes:
        name: ``whip`` or ``whep``.
        seal: whose resources these are; in, the source's token says it.
    """

    name: str
    source: str
    seal: str | None = None


async def offer(visit: Visit, way: Way, query: Mapping[str, str] | None = None) -> Response:
    """Begin: an SDP offer is answered with 201 and the address of what has begun.

    Raises:
        Refused: ``sdp.refused``, ``wire.wrong_type``, ``wire.too_large``, ``limit.reached``, ``source.not_live``, ``source.full``,
            ``media.away``.
    """
    await visit.floor.limits.address(way.name, OFFERS, visit.address)
    body = await _body(visit, SDP)
    path = f"/sources/{source_name(visit.day, way.source)}/{way.name}"
    more = {"content": body, "headers": {"Content-Type": SDP}, "params": dict(query or {})}
    answer = await _speak(visit, "POST", path, **more)
    if answer.status_code == httpx2.codes.NOT_FOUND and way.name == "whip":  # it has been started anew, or listens for RTMP
        await _settle(visit, way.source)
        answer = await _speak(visit, "POST", path, **more)
    if answer.status_code != httpx2.codes.CREATED:
        raise _refusal(answer)
    resource = answer.headers.get("location", "").rpartition("/")[2]
    name = resource if way.seal is None else visit.house.keys.sealed(resource, way.seal)
    found = ice.servers(visit.house.settings.ice_servers, visit.house.settings.turn_secret, way.source, visit.house.clock.now())
    headers = {"Location": f"{visit.origin}/days/{visit.day}/sources/{way.source}/{way.name}/{name}"}
    headers |= {"Link": ice.link(found)} if found else {}
    return _answer(answer, headers)


async def go_on(visit: Visit, way: Way) -> Response:
    """Change or end what has begun.

    Raises:
        Refused: ``source.no_such`` for what is somebody else's; else as `offer`.
    """
    name = str(visit.request.path_params["resource"])
    resource = name if way.seal is None else visit.house.keys.unsealed(name, way.seal)
    if resource is None or not resource.isascii() or not resource.replace("-", "").replace("_", "").isalnum():
        raise no_such()
    headers = {}
    if visit.request.method == "PATCH":
        matched = visit.request.headers.get("if-match")
        headers = {"Content-Type": FRAGMENT, **({} if matched is None else {"If-Match": matched})}
    body = await _body(visit, FRAGMENT) if visit.request.method == "PATCH" else b""
    path = f"/sources/{source_name(visit.day, way.source)}/{way.name}/{resource}"
    answer = await _speak(visit, visit.request.method, path, content=body, headers=headers)
    if not answer.is_success:
        raise _refusal(answer)
    return _answer(answer, {})


def no_such() -> Refused:
    """The answer to what is not there, and to what is somebody else's."""
    return Refused("source.no_such", _("Källan finns inte."))


async def _body(visit: Visit, kind: str) -> bytes:
    if visit.content_type != kind:
        raise Refused("wire.wrong_type", _("Innehållet ska vara av slaget %(kind)s."), kind=kind)
    body = await visit.request.body()
    if len(body) > MOST_BYTES:
        raise Refused("wire.too_large", _("Meddelandet är för stort."))
    return body


async def _speak(visit: Visit, method: str, path: str, **more: object) -> httpx2.Response:
    try:
        return await visit.house.media.pass_on(method, path, **more)
    except MediaAway:
        raise _away() from None


async def _settle(visit: Visit, source: str) -> None:
    try:
        await visit.house.booth.settle()
        status = visit.house.booth.status(visit.day, source)
        if status is not None and status.kind == "rtmp":
            await visit.house.booth.open_for_whip(visit.day, source)
    except MediaAway:
        raise _away() from None


def _away() -> Refused:
    return Refused("media.away", _("Bilden är borta en stund och kommer tillbaka av sig själv."), retry_after_ms=AWAY_MS)


def _answer(answer: httpx2.Response, headers: dict[str, str]) -> Response:
    headers |= {name: answer.headers[name] for name in PASSED_ON if name in answer.headers}
    if kind := answer.headers.get("content-type"):
        headers["Content-Type"] = kind
    return Response(answer.content, answer.status_code, headers)


REFUSALS: Final = {
    400: ("sdp.refused", _("Det gick inte att koppla upp: %(why)s.")),
    404: ("source.not_live", _("Källan sänder inte just nu.")),
    405: ("request.wrong_method", _("Så kan man inte fråga här.")),
    412: ("sdp.changed", _("Förbindelsen har ändrats. Koppla upp igen.")),
    428: ("sdp.unmatched", _("Det står inte vilken förbindelse det gäller.")),
    413: ("wire.too_large", _("Meddelandet är för stort.")),
}
ALIKE: Final = {406: 400, 422: 400, 409: 412}


def _refusal(answer: httpx2.Response) -> Refused:
    """What the media process says no to, in our words."""
    if answer.status_code == httpx2.codes.SERVICE_UNAVAILABLE:
        return Refused("source.full", _("Det är fullt just nu. Försök igen om en stund."), retry_after_ms=FULL_MS)
    code, text = REFUSALS.get(ALIKE.get(answer.status_code, answer.status_code), ("", ""))
    return Refused(code, text, why=_why(answer)) if code else _away()


def _why(answer: httpx2.Response) -> str:
    try:
        found = msgspec.json.decode(answer.content, type=dict[str, object])
    except msgspec.MsgspecError:
        return "sdp"
    return str(found.get("detail") or found.get("code") or "sdp")[:100]
