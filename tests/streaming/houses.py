"""A house with a day and its lanes, a real media process, and a small HTTP server that gives out what players ask for."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from conference.core.bus import MemoryBus
from conference.core.clock import HandClock
from conference.core.reactor import Reactor
from streaming import Following, Lanes, MediaClient, Origin, Packing
from streaming.origin import FIRST, Wish
from streaming.playlists import INITS
from streaming.reactions import reactions
from tests.conference import days
from tests.conference.days import DAY
from tests.servers import free_port

ROOT = Path(__file__).parents[2]
TOKEN = "t-media"
M3U8 = "application/vnd.apple.mpegurl"


class RunningClock(HandClock):
    """A clock that goes, and can be wound as well."""

    def __init__(self) -> None:
        super().__init__(datetime.now(UTC))
        self._zero = datetime.now(UTC)

    def now(self) -> datetime:
        """Where it stands."""
        return super().now() + (datetime.now(UTC) - self._zero)


@dataclass
class Studio:
    """What the tests reach for."""

    house: days.House
    lanes: Lanes
    media: MediaClient
    origin: Origin
    packing: Packing
    following: Following

    async def react(self) -> None:
        """Let the lanes follow all that has happened."""
        await Reactor(self.house.store, MemoryBus()).catch_up(DAY, reactions(self.lanes))

    async def go_live(self) -> None:
        """A live day whose films are packed."""
        await self.house.create()
        await self.packing.pack_waiting(DAY)
        await self.house.programme.start(days.MODERATOR)
        await self.react()

    async def take(self, source: str, after_s: float = 0.0, lane: str = "national") -> None:
        """Take something on air, after some time."""
        self.house.clock.wind(timedelta(seconds=after_s))
        await self.lanes.take(days.MODERATOR, source, lane)


@asynccontextmanager
async def a_studio(url: str, folder: Path, media_url: str = "http://127.0.0.1:9", clock: HandClock | None = None) -> AsyncIterator[Studio]:
    """An empty database, the services, and a client of the media process at *media_url*."""
    async with days.a_house(url, clock=clock) as house, MediaClient(media_url, TOKEN) as media:
        lanes = Lanes(house.store, house.clock)
        packing = Packing(house.store, house.library, lanes, media, folder)
        following = Following(media, house.clock)
        yield Studio(house, lanes, media, Origin(house.store, house.clock, media, following), packing, following)


@contextmanager
def media_process(data_dir: Path, *words: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The media process; ends with SIGTERM."""
    token = data_dir / "token"
    data_dir.mkdir(parents=True, exist_ok=True)
    token.write_text(TOKEN)
    command = [sys.executable, "-m", "streaming.media", "--data-dir", str(data_dir), "--token-file", str(token), *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["media_url"], process
        finally:
            process.terminate()


@asynccontextmanager
async def players_server(origin: Origin, page: str = "") -> AsyncIterator[str]:
    """Gives out playlists, pictures and captions as the web does; returns its address."""

    async def playlist(request: Request) -> Response:
        lane, name = request.path_params["lane"], request.path_params["name"]
        if name in FIRST:
            return Response(await origin.multivariant(DAY, lane, name), media_type=M3U8)
        place, part = (request.query_params.get(each) for each in ("_HLS_msn", "_HLS_part"))
        wish = Wish(int(place), None if part is None else int(part)) if place else None
        return Response(await origin.playlist(DAY, lane, name, wish=wish), media_type=M3U8)

    async def words(request: Request) -> Response:
        lane, folder, strip, name = (request.path_params[each] for each in ("lane", "folder", "strip", "name"))
        body = await origin.words(DAY, lane, strip, name.removesuffix(".vtt"), whole=folder == "day")
        return Response(body, media_type="text/vtt")

    async def media(request: Request) -> Response:
        strip, (name, _, ending) = request.path_params["strip"], request.path_params["name"].partition(".")
        try:
            if ending == "mp4":
                return Response(
                    await origin.init(DAY, strip, next(kind for kind, init in INITS.items() if init == f"{name}.mp4")),
                    media_type="video/mp4",
                )
            body = await origin.segment(DAY, strip, name, ending)
        except LookupError:
            return Response(status_code=404)
        return Response(body, media_type="video/iso.segment")

    async def show(_: Request) -> Response:
        return HTMLResponse(page)

    async def library(_: Request) -> Response:
        return Response((ROOT / "web/static/vendor/hls.js/1.7.4/hls.min.js").read_bytes(), media_type="text/javascript")

    base = f"/days/{DAY}"
    routes = [
        Route("/", show),
        Route("/hls.js", library),
        Route(base + "/lanes/{lane}/{name}", playlist),
        Route(base + "/lanes/{lane}/{folder}/{strip}/{name}", words),
        Route(base + "/media/{strip}/{name}", media),
    ]
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=port, log_level="error", lifespan="off"))
    server.capture_signals = _none  # type: ignore[method-assign]  # signals are the test runner's
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    origin.release()
    server.should_exit = server.force_exit = True
    await serving


@contextmanager
def _none() -> Iterator[None]:
    yield
