"""A small server that speaks the protocol, to try clients with: a peer that can be told to behave badly at the right moment."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

CODE = "482913"
AT = "2026-11-23T08:00:00Z"


@dataclass(eq=False)
class Peer:
    """One day.

    Attributes:
        log: words with a place, as they are sent.
        granted: what was done, in order: (person, do, args).
        answers: what each wish was answered, by its id.
        cuts: how many wishes are done and not answered, because the connection is cut just then.
        busy: how many wishes are told to come later.
        told: query and cookie of every socket.
        closes: wish -> the code its socket is closed with.
        large: leaves the state out of the welcome.
        loses: how many votes are not counted; ``one_receipt``: all votes get the same.
    """

    epoch: str = "e1"
    log: list[dict[str, Any]] = field(default_factory=list)
    granted: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    cuts: int = 0
    busy: int = 0
    closes: dict[str, int] = field(default_factory=dict)
    told: list[dict[str, str]] = field(default_factory=list)
    joins: list[dict[str, Any]] = field(default_factory=list)
    joins_busy: int = 0
    large: bool = False
    refuses: int = 0
    sockets: dict[WebSocket, str] = field(default_factory=dict)
    poll: dict[str, Any] = field(default_factory=lambda: {"kind": "yesno", "title": "?"})
    votes: dict[str, Any] = field(default_factory=dict)
    loses: int = 0
    one_receipt: bool = False
    base_url: str = ""
    connections: set[Any] = field(default_factory=set)

    @property
    def seq(self) -> int:
        return self.log[-1]["seq"] if self.log else 0

    def app(self) -> Starlette:
        routes = [
            Route("/join", self._join, methods=["POST"]),
            Route("/in/{token}", self._enter, methods=["GET"]),
            Route("/days/{day}/state", self._state),
            WebSocketRoute("/days/{day}/socket", self._socket),
        ]
        return Starlette(routes=routes)

    async def _join(self, request: Request) -> Response:
        body = await request.json()
        self.joins.append({**body, "origin": request.headers.get("origin"), "cookie": request.headers.get("cookie", "")})
        if self.joins_busy:
            self.joins_busy -= 1
            return JSONResponse({"code": "limit.reached"}, 429, {"Retry-After": "0"})
        if body["code"].replace(" ", "") != CODE:
            return JSONResponse({"code": "join.no_such_code"}, 404)
        person = request.cookies.get("peer", f"person{len(self.joins)}")
        answer = JSONResponse({"day": "d1", "live": "/days/d1/live", "person": person})
        answer.set_cookie("peer", person, httponly=True)
        return answer

    async def _enter(self, request: Request) -> Response:
        if request.path_params["token"] != "right":
            return JSONResponse({"code": "link.no_such"}, 404)
        answer = RedirectResponse("/days/d1/cockpit", 303)
        answer.set_cookie("peer", "moderator", httponly=True)
        return answer

    async def _state(self, request: Request) -> Response:
        await asyncio.sleep(0.05)
        return JSONResponse({"epoch": self.epoch, "seq": self.seq, **self._seen_by(request.cookies["peer"])})

    def _seen_by(self, person: str) -> dict[str, Any]:
        return {**self.state, "you": {"person": person, "name": None}}

    async def _socket(self, ws: WebSocket) -> None:
        person = ws.cookies.get("peer")
        self.told.append({**ws.query_params, "cookie": person or "", "origin": ws.headers.get("origin", "")})
        if person is None or self.refuses:
            await ws.send_denial_response(JSONResponse({"code": "person.signed_out"}, self.refuses or 401))
            return
        await ws.accept()
        try:
            await self._welcome(ws, person)
            self.sockets[ws] = person
            while True:
                await self._grant(ws, person, json.loads(await ws.receive_text()))
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self.sockets.pop(ws, None)

    async def _welcome(self, ws: WebSocket, person: str) -> None:
        since = ws.query_params.get("since")
        if ws.query_params.get("epoch") == self.epoch and since is not None:
            await ws.send_json({"welcome": {"epoch": self.epoch, "seq": int(since), "recovered": True}})
            missed = [item for item in self.log if item["seq"] > int(since)]
            await ws.send_json({"upto": self.seq, "news": missed})
            return
        welcome = {"epoch": self.epoch, "seq": self.seq}
        await ws.send_json({"welcome": welcome if self.large else {**welcome, "state": self._seen_by(person)}})

    async def _grant(self, ws: WebSocket, person: str, wish: dict[str, Any]) -> None:
        if self.busy:
            self.busy -= 1
            error = {"code": "limit.reached", "text": "", "retry_after_ms": 20}
            await ws.send_json({"re": wish["id"], "ok": False, "error": error})
            return
        if wish["do"] in self.closes:
            await ws.close(self.closes[wish["do"]])
            return
        if wish["do"].startswith("polls.") and wish["id"] not in self.answers:
            await self._polls(person, wish)
        if wish["id"] not in self.answers:
            self.granted.append((person, wish["do"], wish["args"]))
            self.answers[wish["id"]] = {"re": wish["id"], "ok": True, "seq": self.seq + 1}
            self.log.append({"seq": self.seq + 1, "type": "chat.said", "at": AT, "data": {"message": wish["id"], **wish["args"]}})
            if self.cuts:
                self.cuts -= 1
                await self.cut(ws)
                return
            await self.tell(self.log[-1])
        await ws.send_json(self.answers[wish["id"]])

    async def _polls(self, person: str, wish: dict[str, Any]) -> None:
        """Just enough of polls: one vote for each person, a receipt for it, a count at the end."""
        self.granted.append((person, wish["do"], wish["args"]))
        poll, answer = wish["args"].get("poll", "p1"), {"re": wish["id"], "ok": True, "data": {"poll": "p1"}}
        if wish["do"] == "polls.vote":
            self.votes[person] = wish["args"]["answer"]
            answer["data"] = {"receipt": "the same for all" if self.one_receipt else f"receipt of {person}"}
        elif wish["do"] == "polls.open":
            await self.happen("polls.opened", {**self.poll, "poll": poll, "voting": "open", "round": 1})
        elif wish["do"] == "polls.close":
            await self.happen("polls.closed", {"poll": poll, "voting": "closed", "tally": {"n": len(self.votes) - self.loses}})
        self.answers[wish["id"]] = answer

    async def happen(self, kind: str, data: dict[str, Any]) -> None:
        """Something happens that everybody hears of, and stands in the state from now on."""
        self.log.append({"seq": self.seq + 1, "type": kind, "at": AT, "data": data})
        await self.tell(self.log[-1])

    async def say(self, text: str) -> None:
        """Something happens, and everybody hears of it."""
        self.note(text)
        await self.tell(self.log[-1])

    def note(self, text: str) -> None:
        """Something happens of which nobody hears yet."""
        seq = self.seq + 1
        self.log.append({"seq": seq, "type": "chat.said", "at": AT, "data": {"message": f"m{seq}", "text": text}})

    async def tell(self, *items: dict[str, Any], upto: int | None = None) -> None:
        """Send a frame of news to all."""
        for ws in list(self.sockets):
            await ws.send_json({"upto": self.seq if upto is None else upto, "news": items})

    async def cut(self, ws: WebSocket) -> None:
        """Lose a connection without a goodbye."""
        for connection in list(self.connections):
            if connection.client == tuple(ws.scope["client"]):
                connection.transport.abort()

    async def cut_all(self) -> None:
        for ws in list(self.sockets):
            await self.cut(ws)

    async def close_all(self, code: int) -> None:
        for ws in list(self.sockets):
            await ws.close(code)


@asynccontextmanager
async def serving(peer: Peer, port: int = 0) -> AsyncIterator[Peer]:
    """Serve it on a free port."""
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:  # without it asyncio leaves Nagle on, and each answer takes 40 ms
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        config = uvicorn.Config(peer.app(), log_level="error", ws="websockets-sansio", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:  # uvicorn has no event for it
            await asyncio.sleep(0.01)
        peer.connections = server.server_state.connections
        peer.base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            yield peer
        finally:
            server.should_exit = True
            await running
