"""A small house to try the floor in: real store, bus and people, and a board that one can write on. Served by a real uvicorn."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import uvicorn
from sqlalchemy import insert
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from conference.core.actor import Actor, Done
from conference.core.bus import MemoryBus
from conference.core.clock import SystemClock
from conference.core.columns import Kept, kept
from conference.core.engines import Engines
from conference.core.errors import Refused
from conference.core.faces import Viewer
from conference.core.ids import RandomIds
from conference.core.log import LogHead
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.people import About, People, SignedIn, Terms, token_hash
from conference.people import views as people_views
from conference.tables import Day, Region, Series
from tests.servers import empty_tables
from tests.web import floor as tiny
from tests.web.floor import DAY
from web.address import ALL, JOINED, Address, Visit
from web.app import Frontage, make_app
from web.endpoints import health, links, news, people
from web.floor import Floor, Plan
from web.house import Machine
from web.limits import Limit
from web.origins import Origins
from web.pressure import Shed
from web.server import config_of
from web.settings import Settings
from web.shows import Shows
from web.wishes import ANYONE, Args, Memory, Table, WishKind

CODE = "482177"


class Line(SQLModel, table=True):
    """What was said on the board."""

    __tablename__ = "test_board"

    day: str = kept(Kept.SPEECH, primary_key=True)
    seq: int = kept(Kept.SPEECH, primary_key=True)
    text: str = kept(Kept.SPEECH)


class Board:
    """Says things."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @verb
    async def say(self, tx: Transaction, by: Actor, text: str) -> Done:
        if text == "no":
            raise Refused("text.empty", "Nej.")
        entry = await tx.record(tiny.Said(day=by.day, at=datetime.now(UTC), text=text, by=by.person))
        tx.put(Line(day=by.day, seq=entry.seq, text=text))
        return Done(entry.seq, {"said": text})


async def lines(session: AsyncSession, day: str, viewer: Viewer) -> dict[str, Any]:
    found = await session.exec(select(Line).where(Line.day == day).order_by(col(Line.seq)))
    return {"day": {"day": day}, "board": [line.text for line in found], "lane": {"lane": viewer.lane}}


class Say(Args):
    text: str


def _kind(name: str, call: Any, model: type[Args] = Say, **more: Any) -> WishKind:
    row: dict[str, Any] = {"may": ANYONE, "limit": Limit.STAFF, "shed": Shed.CHAT, "memory": Memory.CORE, "audit": False, **more}
    return WishKind(name=name, model=model, call=call, **row)


async def _break(house: Any, by: Actor, args: Say) -> Done:
    raise RuntimeError(args.text)


async def broken(visit: Visit) -> Any:
    raise RuntimeError("secret of the house")


async def echo(visit: Visit) -> Any:
    return visit.data(await visit.json(dict))


async def live(visit: Visit) -> Any:
    return visit.data({"live": visit.day})


WISHES = [
    _kind("board.say", lambda house, by, args: house.board.say(by, args.text)),
    _kind("board.rule", lambda house, by, args: house.board.say(by, args.text), may=frozenset({"moderator"}), audit=True),
    _kind("board.break", _break),
]
ROUTES = [
    *people.ROUTES, *links.ROUTES, *health.ROUTES, *news.ROUTES,
    Address("/days/{day}/live", live, who=JOINED),
    Address("/broken", broken, who=ALL),
    Address("/echo", echo, who=ALL, method="POST"),
]  # fmt: skip


@dataclass(eq=False)
class SmallHouse(Machine):
    board: Board


@asynccontextmanager
async def open_small(settings: Settings, front: Frontage) -> AsyncIterator[SmallHouse]:
    bus, clock, ids = MemoryBus(), SystemClock(), RandomIds()
    async with Store.open(settings.database, bus.publish) as store:
        who = People(store, clock, ids, Region)

        async def names(day: str, persons: Collection[str]) -> Mapping[str, str | None]:
            async with store.reading() as session:
                return {person: one.name for person, one in (await people_views.persons(session, day, persons)).items()}

        async def sessions(keys: list[str]) -> Mapping[str, SignedIn]:
            async with store.reading() as session:
                return await people_views.sessions_of(session, keys)

        shows = [people.SHOWS, Shows("board", tiny.BOARD.faces, lines), tiny.COUNTER]
        table = Table([*people.WISHES, *WISHES])
        plan = Plan(settings, clock, store, bus, shows, table, names, sessions, front.renderer, front.origins, front.traffic)
        async with Floor.open(plan) as floor:
            house = SmallHouse(
                floor,
                settings,
                clock,
                ids,
                store,
                who,
                frozenset(one.path for one in ROUTES if isinstance(one, Address)),
                board=Board(store),
            )
            floor.desk.house = house
            yield house


async def seed(url: str, *, epoch: str = "e1") -> None:
    """An empty database with one day in it."""
    await empty_tables(url)
    async with Engines.open(url) as engines, engines.writer.begin() as connection:
        at = datetime(2026, 11, 23, 8, tzinfo=UTC)
        series = Series(series="s", title="S")
        day = Day(
            day=DAY, series="s", kit="k", kit_version=1, kit_folder="", title="E-hälsodagen", date=at.date(), timezone="Europe/Stockholm",
            planned_starts_at=at, planned_ends_at=at, starts_at=at, ends_at=at, join_code=CODE, state="live",
        )  # fmt: skip
        for row in (series, day, LogHead(day=DAY, epoch=epoch, seq=0)):
            await connection.execute(insert(type(row)).values(**row.model_dump()))
        await connection.execute(insert(Region).values(**Region(day=DAY, region="norrvik", name="Region Norrvik", position=1).model_dump()))


@dataclass(eq=False)
class Served:
    """A small house that answers on a port."""

    port: int
    server: uvicorn.Server
    house: SmallHouse
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def sign_in(self, name: str = "Kim", *, roles: Collection[str] = (), region: str | None = None) -> str:
        """A session's cookie."""
        ids, by = RandomIds(), Actor.house(DAY)
        token = ids.secret(32)
        if roles:
            link = (await self.house.people.make_link(by, Terms("demo", frozenset(roles), reusable=True, name=name))).data or {}
            await self.house.people.use_link(by, token_hash(link["token"]), token_hash(token))
        else:
            await self.house.people.join(by, token_hash(token), About(name=name, region=region))
        return f"samsyn_session={token}"

    def socket(self, cookie: str, query: str = "", *, path: str = f"/days/{DAY}/socket", **more: Any) -> connect:
        headers = {"Cookie": cookie, "Origin": self.origin, **more.pop("headers", {})}
        return connect(f"ws://127.0.0.1:{self.port}{path}{query}", additional_headers=headers, compression=None, **more)

    def http(self, cookie: str = "", **headers: str) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            base_url=self.origin,
            headers={"Origin": self.origin, **({"Cookie": cookie} if cookie else {}), **headers},
            trust_env=False,
            timeout=60,  # a busy machine is slow, not wrong
        )


async def admitted(send: Callable[[], Awaitable[httpx2.Response]]) -> httpx2.Response:
    """The answer to a request, sent again while the process has no time for it: a busy machine (`web.pressure`), nobody's limit."""
    async with asyncio.timeout(90):
        while "många på en gång" in (answer := await send()).text:
            await asyncio.sleep(0.5)
    return answer


def wish(do: str, wish_id: str = "w1", **args: object) -> str:
    """A wish on the wire."""
    return msgspec.json.encode({"id": wish_id, "do": do, "args": args}).decode()


async def closing(ws: ClientConnection) -> int:
    """The code that the server closes with; what comes before is passed over."""
    try:
        while True:
            await heard(ws)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 0


async def heard(ws: ClientConnection, *, wait_s: float = 30) -> Any:
    """The next frame."""
    async with asyncio.timeout(wait_s):
        return msgspec.json.decode(await ws.recv())


async def until(ws: ClientConnection, *, re: str = "", seq: int = 0) -> dict[str, Any]:
    """The answer to a wish, or the piece of news at a place; what comes before is passed over."""
    while True:
        frame = await heard(ws)
        if re and frame.get("re") == re:
            return dict(frame)
        for item in frame.get("news", []):
            if seq and item.get("seq") == seq:
                return dict(item)


@asynccontextmanager
async def serving(folder: Path, *, url: str | None = None, fresh: bool = True, **more: Any) -> AsyncIterator[Served]:
    """A small house behind a real uvicorn in this loop."""
    settings = Settings(data_dir=folder, database_url=url or f"sqlite+aiosqlite:///{folder / 'day.db'}", **more)
    if fresh:
        await seed(settings.database)
    front = Frontage(Origins(settings.base_url))
    opened: list[SmallHouse] = []

    @asynccontextmanager
    async def open_house() -> AsyncIterator[SmallHouse]:
        async with open_small(settings, front) as house:
            opened.append(house)
            yield house

    server = uvicorn.Server(config_of(make_app(front, ROUTES, open_house), settings))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(512)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            if task.done():
                task.result()
            await asyncio.sleep(0.01)
        try:
            yield Served(listening.getsockname()[1], server, opened[0])
        finally:
            server.should_exit = True
            await task
