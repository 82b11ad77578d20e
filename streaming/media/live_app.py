"""The HTTP interface of live sources.

PUT, DELETE, GET /sources/{name}              what is wanted; GET /sources: how all are doing
POST   /sources/{name}/whip                   a publisher's offer; PATCH and DELETE …/whip/{resource} (RFC 9725)
POST   /sources/{name}/key                    a key frame now, and a segment that begins with it
GET    /sources/{name}/runs                   what it has sent, and …/{run}/init.mp4, …/{run}/{seq}-{first}-{end}[o].m4s
GET    /sources/{name}/{run}/small.mp4        and …/small/{seq}-{first}-{end}[o].m4s: the same, smaller
GET    /notices                               what happens, a line each, for ever
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from streaming.media.problems import FOREVER, problem
from streaming.media.runs import LivePart
from streaming.media.sdp import FRAGMENT_LIMIT_BYTES, LIMIT_BYTES, BadSdp, Gate
from streaming.media.small import init_of
from streaming.media.source import Wanted
from streaming.media.sources import NotWanted, Sources

if TYPE_CHECKING:
    from streaming.media.whip import Whip  # loaded with the first source

SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
WANTED_BYTES = 8_192


class TooLarge(Exception):
    """A body that is longer than it may be."""


def routes() -> list[Route]:
    """All of them."""
    return [
        Route("/sources", statuses),
        Route("/sources/{name}", want, methods=["PUT"]),
        Route("/sources/{name}", drop, methods=["DELETE"]),
        Route("/sources/{name}/whip", publish, methods=["POST"]),
        Route("/sources/{name}/whip/{resource}", add_candidates, methods=["PATCH"]),
        Route("/sources/{name}/whip/{resource}", unpublish, methods=["DELETE"]),
        Route("/sources/{name}/key", cut, methods=["POST"]),
        Route("/sources/{name}/runs", runs),
        Route("/sources/{name}/{run:int}/init.mp4", init),
        Route("/sources/{name}/{run:int}/small.mp4", small_init),
        Route("/sources/{name}/{run:int}/small/{part}", small_parts),
        Route("/sources/{name}/{run:int}/{part}", parts),
        Route("/notices", notices),
    ]


async def statuses(request: Request) -> Response:
    """How all sources are doing."""
    return _json(_sources(request).statuses())


async def want(request: Request) -> Response:
    """A source is wanted."""
    try:
        wanted = msgspec.json.decode(await limited(request, WANTED_BYTES), type=Wanted)
        return _json(await _sources(request).want(request.path_params["name"], wanted))
    except (msgspec.DecodeError, ClientDisconnect) as error:
        return problem(400, "wire.unreadable", str(error))
    except TooLarge:
        return problem(413, "wire.too_large")
    except NotWanted as error:
        return problem(422, error.code)


async def drop(request: Request) -> Response:
    """A source is wanted no more."""
    found = await _sources(request).drop(request.path_params["name"])
    return Response(status_code=200) if found else problem(404, "source.no_such")


async def cut(request: Request) -> Response:
    """A key frame is wanted."""
    try:
        _sources(request)[request.path_params["name"]].cut()
    except KeyError:
        return problem(404, "source.no_such")
    return Response(status_code=202)


async def publish(request: Request) -> Response:
    """An offer."""
    whip = _whip(request)
    if whip is None:
        return problem(404, "source.no_such")
    refused = unacceptable(request, SDP)
    if refused is not None:
        return refused
    try:
        session, answer = await whip.offer(await limited(request, LIMIT_BYTES))
        if (screen := _sources(request).screen(request.path_params["name"])) is not None:
            screen.show(None)  # who sends now is seen now
    except TooLarge:
        return problem(413, "sdp.refused", "size")
    except (BadSdp, ClientDisconnect) as error:
        return problem(400, "sdp.refused", str(error))
    place = f"/sources/{request.path_params['name']}/whip/{session.resource}"
    return Response(answer, 201, {"Location": place, "ETag": session.etag, "Accept-Patch": FRAGMENT}, media_type=SDP)


async def add_candidates(request: Request) -> Response:
    """Candidates that come after the offer. ICE is not restarted: a publisher that has lost its way publishes anew."""
    whip = _whip(request)
    session = whip.find(request.path_params["resource"]) if whip else None
    if session is None:
        return problem(404, "source.no_such")
    refused = _not_meant(request, session.etag)
    if refused is not None:
        return refused
    try:
        found = Gate(_sources(request).options.allow_loopback).fragment(await limited(request, FRAGMENT_LIMIT_BYTES))
    except TooLarge:
        return problem(413, "sdp.refused", "size")
    except (BadSdp, ClientDisconnect) as error:
        return problem(400, "sdp.refused", str(error))
    if request.headers["if-match"] == "*" or not await session.add(found):
        return problem(422, "sdp.refused", "ICE is not restarted")
    return Response(status_code=204, headers={"ETag": session.etag})


def _not_meant(request: Request, etag: str) -> Response | None:
    """The refusal of a PATCH that does not say for which session of ICE it is."""
    if media_type(request) != FRAGMENT:
        return problem(415, "sdp.refused", "media type")
    matched = request.headers.get("if-match")
    if matched is None:
        return problem(428, "sdp.refused", "If-Match is missing")
    if matched != "*" and etag not in [each.strip() for each in matched.split(",")]:
        return problem(412, "sdp.refused", "another session of ICE")
    return None


async def unpublish(request: Request) -> Response:
    """The publisher leaves."""
    whip = _whip(request)
    if whip is None or whip.find(request.path_params["resource"]) is None:
        return problem(404, "source.no_such")
    await whip.end(request.path_params["resource"])
    return Response(status_code=200)


async def runs(request: Request) -> Response:
    """What a source has sent."""
    found = await _sources(request).recording(request.path_params["name"])
    if found is None:
        return problem(404, "source.no_such")
    return _json({"runs": list(found.runs.values())}, {"Cache-Control": "no-store"})


async def init(request: Request) -> Response:
    """A run's init segment."""
    found = await _sources(request).recording(request.path_params["name"])
    body = found.init(request.path_params["run"]) if found else None
    if body is None:
        return problem(404, "source.no_such")
    return Response(body, headers={"Cache-Control": FOREVER}, media_type="video/mp4")


async def parts(request: Request) -> Response:
    """Some parts of a segment."""
    found, part = await _sources(request).recording(request.path_params["name"]), LivePart.read(request.path_params["part"])
    body = found.parts(request.path_params["run"], part) if found and part else None
    if body is None:
        return problem(404, "source.no_such")
    return Response(body, headers={"Cache-Control": FOREVER}, media_type="video/iso.segment")


async def small_init(request: Request) -> Response:
    """A run's init segment for small pictures."""
    found = await _sources(request).recording(request.path_params["name"])
    run = found.runs.get(request.path_params["run"]) if found else None
    if run is None:
        return problem(404, "source.no_such")
    body = await asyncio.to_thread(init_of, run.width, run.height)
    return Response(body, headers={"Cache-Control": FOREVER}, media_type="video/mp4")


async def small_parts(request: Request) -> Response:
    """Some parts of a segment, with small pictures."""
    name, run = request.path_params["name"], request.path_params["run"]
    found, part = await _sources(request).recording(name), LivePart.read(request.path_params["part"])
    body = None
    if found and part:
        kept = found
        body = await request.state.small.parts(
            (name, run, part.seq), part.first, part.end, lambda number: kept.parts(run, LivePart(part.seq, number, number + 1))
        )
    if not found or not part or body is None:
        return problem(404, "source.no_such")
    if part.opening:
        plain, opened = (found.parts(run, LivePart(part.seq, 0, 1, opening)) or b"" for opening in (False, True))
        body = opened.removesuffix(plain) + body
    return Response(body, headers={"Cache-Control": FOREVER}, media_type="video/iso.segment")


async def notices(request: Request) -> Response:
    """Everything that happens from now on."""
    return StreamingResponse(_sources(request).notices.listen(), media_type="application/x-ndjson", headers={"Cache-Control": "no-store"})


def media_type(request: Request) -> str:
    """Without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def unacceptable(request: Request, kind: str) -> Response | None:
    """A refusal of what does not bring *kind*, or would not take it."""
    if media_type(request) != kind:
        return problem(415, "sdp.refused", "media type")
    takes = {each.partition(";")[0].strip() for each in request.headers.get("accept", "*/*").split(",")}
    return None if takes & {kind, "*/*", "application/*"} else problem(406, "sdp.refused", "media type")


async def limited(request: Request, most: int) -> bytes:
    """The body.

    Raises:
        TooLarge: it is longer than *most* bytes.
    """
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise TooLarge
    return bytes(body)


def _sources(request: Request) -> Sources:
    sources: Sources = request.state.sources
    return sources


def _whip(request: Request) -> Whip | None:
    try:
        source = _sources(request)[request.path_params["name"]]
    except KeyError:
        return None
    if (screen := _sources(request).screen(source.name)) is not None:
        return screen.whip
    return cast("Whip", source.filling) if source.wanted.kind == "whip" else None


def _json(told: object, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(told), headers=headers, media_type="application/json")
