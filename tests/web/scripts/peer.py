"""A server that does what a test tells it: it speaks the protocol, and has a bad network on purpose.

It decides nothing about a day. What scripts ask of it is kept, what it is to tell them is said by the test.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.web.scripts import contexts
from web.render import Renderer
from web.static_files import Stamped

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob:; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; worker-src 'self' blob:"
)


class Peer:
    """One day's server.

    Attributes:
        sockets: ``taken``, ``refused`` with 403, or ``swallowed``: taken, and then nothing comes through.
        streams: ``open``, or ``held``: a proxy keeps what it should pass on.
        mute: wishes are done and not answered.
        refuses: what wishes of a name are refused with.
        gives: what wishes of a name are answered with.
        wishes: all that were asked, without repeats.
    """

    def __init__(self) -> None:
        self.state: dict[str, Any] = contexts.state()
        self.seq = 1000
        self.sockets, self.streams, self.mute = "taken", "open", False
        self.refuses: dict[str, dict[str, Any]] = {}
        self.gives: dict[str, dict[str, Any]] = {}
        self.wishes: list[dict[str, Any]] = []
        self.address = ""
        self._answers: dict[str, dict[str, Any]] = {}
        self._log: list[dict[str, Any]] = []
        self._lines: set[WebSocket] = set()
        self._queues: set[asyncio.Queue[dict[str, Any]]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def tell(self, kind: str, data: dict[str, Any]) -> None:
        """Tell all browsers that something happened."""
        self.seq += 1
        news = {"seq": self.seq, "type": kind, "at": contexts.stamp(), "data": data}
        self._log.append(news)
        self._do(self._say({"upto": self.seq, "news": [news]}))

    def hang_up(self, code: int) -> None:
        """Close all sockets."""
        self._do(self._close(code))

    def say(self, frame: dict[str, Any]) -> None:
        """Send a frame as it is."""
        self._do(self._say(frame))

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        assert self._loop
        asyncio.run_coroutine_threadsafe(work, self._loop).result(5)

    async def _say(self, frame: dict[str, Any]) -> None:
        for line in list(self._lines):
            await line.send_json(frame)
        for queue in self._queues:
            queue.put_nowait(frame)

    async def _close(self, code: int) -> None:
        for line in list(self._lines):
            await line.close(code)

    def _asked(self, wish: dict[str, Any]) -> dict[str, Any]:
        if wish["id"] not in self._answers:
            self.wishes.append(wish)
            empty = wish["do"] == "chat.say" and wish["args"]["text"] == "nej"
            no = self.refuses.get(wish["do"]) or ({"code": "chat.closed", "text": "Chatten är stängd."} if empty else None)
            refused = {"ok": False, "error": no}
            self._answers[wish["id"]] = {
                "re": wish["id"],
                **(refused if no else {"ok": True, "data": self.gives.get(wish["do"], {"receipt": "K7QX"})}),
            }
        return self._answers[wish["id"]]

    # Routes

    async def socket(self, line: WebSocket) -> None:
        self._loop = asyncio.get_running_loop()
        if self.sockets == "refused":
            await line.close()
            return
        await line.accept()
        if self.sockets == "taken":
            await self._welcome(line)
            self._lines.add(line)
        try:
            while True:
                wish = json.loads(await line.receive_text())
                if self.sockets == "taken":
                    answer = self._asked(wish)
                    if not self.mute:
                        await line.send_json(answer)
        except WebSocketDisconnect:
            self._lines.discard(line)

    async def _welcome(self, line: WebSocket) -> None:
        since = line.query_params.get("since")
        if since is None:
            await line.send_json({"welcome": {"epoch": "e1", "seq": self.seq, "state": self.state}})
            return
        await line.send_json({"welcome": {"epoch": "e1", "seq": int(since), "recovered": True}})
        missed = [news for news in self._log if news["seq"] > int(since)]
        await line.send_json({"upto": self.seq, "news": missed})

    async def news(self, request: Request) -> Response:
        self._loop = asyncio.get_running_loop()
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        since = int(request.query_params["since"])

        async def frames() -> AsyncIterator[str]:
            if self.streams == "held":
                await asyncio.sleep(60)
            yield _event(since, {"welcome": {"epoch": "e1", "seq": since, "recovered": True}})
            self._queues.add(queue)
            try:
                while True:
                    frame = await queue.get()
                    yield _event(frame["upto"], frame)
            finally:
                self._queues.discard(queue)

        return StreamingResponse(frames(), media_type="text/event-stream")

    async def asked(self, request: Request) -> Response:
        return JSONResponse(self._asked(await request.json()))

    async def whole(self, _: Request) -> Response:
        return JSONResponse({"epoch": "e1", "seq": self.seq, **self.state})

    async def run(self, _: Request) -> Response:
        return JSONResponse(contexts.run())

    async def page(self, request: Request) -> Response:
        name = request.path_params["page"]
        context = contexts.context(name)
        if name == "live":
            context["state"] = self.state
        lang = request.query_params.get("lang", "sv")
        return HTMLResponse(Renderer().text(f"{name}.html", lang, context), headers={"Content-Security-Policy": POLICY})


def _event(seq: int, frame: dict[str, Any]) -> str:
    return f"id: e1:{seq}\ndata: {json.dumps(frame)}\n\n"


@contextmanager
def serving(peer: Peer) -> Iterator[Peer]:
    """Serve *peer* on a free port."""
    day = f"/days/{contexts.DAY}"
    app = Starlette(
        routes=[
            Route(f"{day}/news", peer.news),
            Route(f"{day}/wishes", peer.asked, methods=["POST"]),
            Route(f"{day}/state", peer.whole),
            Route(f"{day}/cockpit/run", peer.run),
            WebSocketRoute(f"{day}/socket", peer.socket),
            Mount("/static", Stamped()),
            Route("/pages/{page}", peer.page),
        ]
    )
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen()
        peer.address = f"http://127.0.0.1:{bound.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            yield peer
        finally:
            server.should_exit = True
            thread.join(10)
