"""Slides: a PDF that a sender gives becomes pictures beside their source, and one of them at a time stands on a screen.

PUT    /sources/{name}/slides                 a PDF as body: 201, {"deck", "pages"}, and the one before is gone; else a code
GET    /sources/{name}/slides                 what is there; …/slides/{page}.jpg a page, …/slides/{page}.txt what is written on it
DELETE /sources/{name}/slides                 no longer
POST   /sources/{screen}/page                 {"of": name, "page": 3}: show it; "page" null: no longer, if it is one of this name's
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import shutil
import sys
from contextlib import suppress
from pathlib import Path

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from streaming.media.problems import problem
from streaming.media.sources import SLIDES, Sources
from streaming.media.standing import still

BYTES_MOST = 50 << 20
DRAWING_S = 90.0  # for all pages; what takes longer was made to take longer
WAITING_S = 20.0  # for somebody else's; whoever waits longer is asked to come back, before their own door gives them up
BUSY = "slides.busy"
TOLD = "slides.json"
PAGE_BYTES = 1_024

_log = logging.getLogger(__name__)


class Deck(msgspec.Struct, frozen=True):
    """Slides that are there; *deck* is another one for each PDF."""

    deck: str
    pages: int


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which page of whose slides a screen shows; no page: none of theirs any longer."""

    of: str
    page: int | None


class Slides:
    """The requests of those who show slides."""

    def __init__(self, sources: Sources, drawing_s: float = DRAWING_S, waiting_s: float = WAITING_S) -> None:
        self._sources, self._drawing_s, self._waiting_s = sources, drawing_s, waiting_s
        self._shown: dict[str, Page] = {}
        self._drawing = asyncio.Semaphore(1)

    def routes(self) -> list[Route]:
        """Where they are answered."""
        return [
            Route("/sources/{name}/slides", self.give, methods=["PUT"]),
            Route("/sources/{name}/slides", self.told, methods=["GET"]),
            Route("/sources/{name}/slides", self.drop, methods=["DELETE"]),
            Route("/sources/{name}/slides/{page:int}.jpg", self.page),
            Route("/sources/{name}/slides/{page:int}.txt", self.text),
            Route("/sources/{name}/page", self.show, methods=["POST"]),
        ]

    async def give(self, request: Request) -> Response:
        """Take a PDF, and answer when it is drawn."""
        folder = self._folder(request)
        if folder is None:
            return problem(404, "source.no_such")
        draft = folder.with_name(f"{SLIDES}.{secrets.token_hex(4)}")
        try:
            await asyncio.to_thread(draft.mkdir, parents=True)
            if not await _received(request, draft / "pdf"):
                return problem(413, "slides.too_large")
            said = await self._in_turn(draft)
            if "refused" in said:
                _log.warning("slides of %s refused: %s", request.path_params["name"], said["refused"])
                return problem(503 if said["refused"] == BUSY else 422, str(said["refused"]))
            deck = Deck(draft.suffix[1:], int(str(said["pages"])))
            (draft / "pdf").unlink()
            (draft / TOLD).write_bytes(msgspec.json.encode(deck))
            await asyncio.to_thread(_replace, folder, draft)
            return _json(deck, 201)
        except ClientDisconnect:
            return problem(400, "wire.unreadable", "the slides broke off")
        except OSError as error:
            return problem(507, "store.unavailable", str(error.strerror))
        finally:
            await asyncio.to_thread(shutil.rmtree, draft, ignore_errors=True)

    async def told(self, request: Request) -> Response:
        """What is there."""
        deck = _deck(self._folder(request))
        return _json(deck) if deck else problem(404, "slides.no_such")

    async def drop(self, request: Request) -> Response:
        """They are shown no more, and gone."""
        folder = self._folder(request)
        if folder is None or not folder.is_dir():
            return problem(404, "slides.no_such")
        for screen, shown in list(self._shown.items()):
            if shown.of == request.path_params["name"]:
                self._hide(screen)
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        return Response(status_code=204)

    async def page(self, request: Request) -> Response:
        """One of them."""
        return self._file(request, "jpg", "image/jpeg")

    async def text(self, request: Request) -> Response:
        """What is written on one of them."""
        return self._file(request, "txt", "text/plain")

    def _file(self, request: Request, ending: str, kind: str) -> Response:
        folder = self._folder(request)
        path = folder / f"{request.path_params['page']}.{ending}" if folder else None
        if path is None or not path.is_file():
            return problem(404, "slides.no_such")
        return FileResponse(path, media_type=kind, headers={"Cache-Control": "private, max-age=3600"})

    async def show(self, request: Request) -> Response:
        """Put one on a screen, or take it away."""
        screen = request.path_params["name"]
        try:
            wanted = msgspec.json.decode((await request.body())[:PAGE_BYTES], type=Page)
        except (msgspec.DecodeError, ClientDisconnect) as error:
            return problem(400, "wire.unreadable", str(error))
        found = self._sources.screen(screen)
        if found is None:
            return problem(404, "source.no_such")
        if wanted.page is None:
            if (before := self._shown.get(screen)) is not None and before.of == wanted.of:
                self._hide(screen)
            return Response(status_code=204)
        folder = self._sources.slides(wanted.of)
        path = folder / f"{wanted.page}.jpg" if folder else None
        if path is None or not path.is_file():
            return problem(404, "slides.no_such")
        found.show(still(await asyncio.to_thread(path.read_bytes), "mjpeg"))
        self._shown[screen] = wanted
        return Response(status_code=204)

    async def _in_turn(self, draft: Path) -> dict[str, object]:
        """What the worker said, or that others took too long."""
        try:
            async with asyncio.timeout(self._waiting_s):
                await self._drawing.acquire()
        except TimeoutError:
            return {"refused": BUSY}
        try:
            return await _drawn(draft, self._drawing_s)
        finally:
            self._drawing.release()

    def _hide(self, screen: str) -> None:
        self._shown.pop(screen, None)
        if (found := self._sources.screen(screen)) is not None:
            found.show(None)

    def _folder(self, request: Request) -> Path | None:
        return self._sources.slides(request.path_params["name"])


async def _received(request: Request, path: Path) -> bool:
    """Whether it is all there, and not too much."""
    size = 0
    with path.open("wb") as file:
        async for piece in request.stream():
            size += len(piece)
            if size > BYTES_MOST:
                return False
            await asyncio.to_thread(file.write, piece)
    return True


async def _drawn(draft: Path, within_s: float) -> dict[str, object]:
    """What the worker said; one that says nothing was brought down by the file, or took too long."""
    command = [sys.executable, "-m", "streaming.media.rasterising", str(draft / "pdf"), str(draft)]
    worker = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE)
    try:
        async with asyncio.timeout(within_s):
            said, _ = await worker.communicate()
        return msgspec.json.decode(said, type=dict[str, object])
    except (TimeoutError, msgspec.DecodeError):
        return {"refused": "slides.too_heavy"}
    finally:
        if worker.returncode is None:
            worker.kill()
            await worker.wait()


def _replace(folder: Path, draft: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)


def _deck(folder: Path | None) -> Deck | None:
    if folder is not None:
        with suppress(OSError, msgspec.DecodeError):
            return msgspec.json.decode((folder / TOLD).read_bytes(), type=Deck)
    return None


def _json(told: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(told), status, media_type="application/json", headers={"Cache-Control": "no-store"})
