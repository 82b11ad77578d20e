"""The HTTP interface of the media process: films in, assets out; live sources in `live_app`. Only our own web processes speak with it.

POST /films                            a film as body, or {"path": …} as JSON: 202, Location
GET  /films/{film}                     how far it has come
GET  /assets/{asset}/manifest.json     what it consists of; likewise init.mp4, and media.m4s in ranges
GET  /assets/{asset}/small.mp4         and /small/{seq}-{first}-{end}.m4s: the same, smaller
GET  /healthz
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from streaming.media import live_app, slate
from streaming.media.films import Films, Status
from streaming.media.manifest import INIT_FILE, MANIFEST_FILE, MEDIA_FILE, Manifest, read_manifest
from streaming.media.options import Options
from streaming.media.problems import FOREVER, problem
from streaming.media.reading import NoFilm
from streaming.media.runs import LivePart
from streaming.media.sdp import Gate
from streaming.media.slides import Slides
from streaming.media.small import Small, init_of
from streaming.media.sources import Sources
from streaming.media.whep import Whep

SMALL_FOLDER = "small"  # in an asset's: a file a segment, the parts as msgpack
SLATE = "slate"  # an asset that comes with the product
KINDS = {INIT_FILE: "video/mp4", MEDIA_FILE: "video/iso.segment", MANIFEST_FILE: "application/json"}


class LocalFilm(msgspec.Struct, forbid_unknown_fields=True):
    """A film that lies on this machine."""

    path: str


class Guard:
    """Lets in who brings the token; ``/healthz`` is open."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app, self._wanted = app, f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401 or pass on."""
        if scope["type"] == "http" and scope["path"] != "/healthz":
            brought = dict(scope["headers"]).get(b"authorization", b"")
            if not hmac.compare_digest(brought, self._wanted):
                await problem(401, "source.token_wrong")(scope, receive, send)
                return
        await self._app(scope, receive, send)


def build(data_dir: Path, token: str, films: Films | None = None, options: Options | None = None) -> Starlette:
    """The application; it packs films and keeps live sources from its start to its end.

    ``app.state.sources`` is there at once: whoever stops the server closes its notices first, which else would go on for ever.
    """
    films, sources = films or Films(data_dir), Sources(data_dir / "live", options)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[dict[str, Any]]:
        await sources.restore()
        work = [asyncio.create_task(films.run(), name="films"), asyncio.create_task(sources.run(), name="sources")]
        yield {"films": films, "sources": sources, "small": Small()}
        for task in work:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    routes = [
        Route("/films", take_film, methods=["POST"]),
        Route("/films/{film}", film_status),
        Route("/assets/{asset}/small.mp4", small_init),
        Route("/assets/{asset}/small/{part}", small_parts),
        Route("/assets/{asset}/{name}", asset_file),
        Route("/healthz", healthy),
        *Whep(sources, Gate(sources.options.allow_loopback)).routes(),
        *Slides(sources).routes(),
        *live_app.routes(),
    ]
    app = Starlette(routes=routes, lifespan=lifespan, middleware=[Middleware(Guard, token=token)])
    app.state.sources = sources
    return app


async def take_film(request: Request) -> Response:
    """Keep a film and pack it later."""
    films: Films = request.state.films
    try:
        if request.headers.get("content-type", "").startswith("application/json"):
            status = await films.fetch(Path(msgspec.json.decode(await request.body(), type=LocalFilm).path))
        else:
            status = await films.receive(request.stream())
    except NoFilm as error:
        return problem(413 if error.code == "film.too_large" else 422, error.code, error.why)
    except msgspec.DecodeError as error:
        return problem(400, "wire.unreadable", str(error))
    except OSError as error:
        return problem(507, "store.unavailable", str(error.strerror))
    except ClientDisconnect:
        return problem(400, "wire.unreadable", "the film broke off")
    return _told(status, 202, {"Location": f"/films/{status.film}"})


async def film_status(request: Request) -> Response:
    """How far a film has come."""
    status = request.state.films.status(request.path_params["film"])
    return _told(status, 200) if status else problem(404, "film.no_such")


def _told(status: Status, code: int, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(status), code, headers=headers, media_type="application/json")


async def asset_file(request: Request) -> Response:
    """A file of an asset, whole or the range that is asked for."""
    asset, name = request.path_params["asset"], request.path_params["name"]
    path = request.state.films.assets / asset / name
    if not asset.isalnum() or name not in KINDS or not path.is_file():
        return problem(404, "film.no_such")
    return FileResponse(path, media_type=KINDS[name], headers={"Cache-Control": FOREVER})


def _folder(request: Request) -> Path | None:
    """Where an asset lies; the slate is one too."""
    asset = request.path_params["asset"]
    folder: Path = Path(slate.__file__).parent if asset == SLATE else request.state.films.assets / asset
    return folder if asset.isalnum() and (folder / MANIFEST_FILE).is_file() else None


async def small_init(request: Request) -> Response:
    """An asset's init segment for small pictures."""
    folder = _folder(request)
    if folder is None:
        return problem(404, "film.no_such")
    manifest = await asyncio.to_thread(_manifest, folder)
    body = await asyncio.to_thread(init_of, manifest.width, manifest.height)
    return Response(body, headers={"Cache-Control": FOREVER}, media_type="video/mp4")


async def small_parts(request: Request) -> Response:
    """Some parts of a segment of an asset, with small pictures."""
    folder, part = _folder(request), LivePart.read(request.path_params["part"])
    body = await _small(request, folder, part) if folder and part else None
    if body is None:
        return problem(404, "film.no_such")
    return Response(body, headers={"Cache-Control": FOREVER}, media_type="video/iso.segment")


async def _small(request: Request, folder: Path, part: LivePart) -> bytes | None:
    """A film's segment is made once, and kept beside the large one when it is whole."""
    manifest = await asyncio.to_thread(_manifest, folder)
    if part.seq >= len(manifest.segments) or part.end > len(manifest.segments[part.seq].parts):
        return None
    known = manifest.segments[part.seq].parts
    kept = folder / SMALL_FOLDER / str(part.seq)
    if kept.is_file():
        return b"".join(msgspec.msgpack.decode(kept.read_bytes(), type=list[bytes])[part.first : part.end])

    def large(number: int) -> bytes:
        with (folder / MEDIA_FILE).open("rb") as media:
            media.seek(known[number].offset)
            return media.read(known[number].length)

    small: Small = request.state.small
    found = await small.parts((folder, part.seq), part.first, part.end, large)
    made = small.made((folder, part.seq))
    if found is not None and len(made) == len(known) and request.path_params["asset"] != SLATE:
        with suppress(OSError):
            kept.parent.mkdir(exist_ok=True)
            draft = kept.with_suffix(".draft")
            draft.write_bytes(msgspec.msgpack.encode(made))
            draft.rename(kept)
    return found


@lru_cache(maxsize=16)  # of films on air
def _manifest(folder: Path) -> Manifest:
    return read_manifest(folder)


async def healthy(_: Request) -> Response:
    """Alive."""
    return JSONResponse({"ok": True})
