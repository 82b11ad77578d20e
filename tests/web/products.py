"""The product itself on a port, in the loop of the test: every address, every feature, real stores."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from websockets.asyncio.client import connect

from conference import NewDay
from conference.core.actor import Actor
from conference.core.clock import Clock
from conference.library import NATIONAL_KIT, read_kit
from conference.people import INSTALLATION, Terms
from streaming.tables import ProgrammeClock
from web.app import Frontage, make_app
from web.bootstrap import open_house, routes
from web.house import House
from web.origins import Origins
from web.server import config_of
from web.settings import Settings


@dataclass
class Product:
    """The product behind a port, with one live day."""

    origin: str
    house: House
    day: str = ""
    code: str = ""

    def http(self, cookie: str = "", **headers: str) -> httpx2.AsyncClient:
        told = {"Origin": self.origin, **({"Cookie": cookie} if cookie else {}), **headers}
        return httpx2.AsyncClient(base_url=self.origin, headers=told, trust_env=False, timeout=60)

    def socket(self, cookie: str) -> connect:
        headers = {"Cookie": cookie, "Origin": self.origin}
        return connect(f"ws{self.origin.removeprefix('http')}/days/{self.day}/socket", additional_headers=headers, compression=None)

    async def join(self, **about: object) -> str:
        """Join, and again while a busy machine asks for patience; the cookie."""
        async with self.http() as http:
            while (answer := await http.post("/join", json={"code": self.code, **about})).status_code == 429:
                await asyncio.sleep(0.5)
        assert answer.status_code == 200, answer.text
        return str(answer.headers["Set-Cookie"]).partition(";")[0]

    async def enter(self, role: str) -> str:
        terms = Terms("demo", frozenset({role}), reusable=True)
        link = ((await self.house.people.make_link(Actor.house(self.day), terms)).data or {})["token"]
        async with self.http() as http:
            return str((await http.get(f"/in/{link}")).headers["Set-Cookie"]).partition(";")[0]


@asynccontextmanager
async def product(folder: Path, clock: Clock | None = None, **settings: Any) -> AsyncIterator[Product]:
    chosen = Settings(data_dir=folder, **settings)
    front, opened = Frontage(Origins(None)), list[House]()

    @asynccontextmanager
    async def house() -> AsyncIterator[House]:
        async with open_house(chosen, front, clock) as one:
            opened.append(one)
            yield one

    server = uvicorn.Server(config_of(make_app(front, routes(), house), chosen))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(512)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            if task.done():
                task.result()
            await asyncio.sleep(0.02)
        try:
            yield Product(f"http://127.0.0.1:{listening.getsockname()[1]}", opened[0])
        finally:
            server.should_exit = True
            await task


async def with_a_day(made: Product) -> Product:
    new = NewDay(date=datetime.now(UTC).date(), speed=0)
    done = await made.house.programme.create_from_kit(Actor.house(INSTALLATION), read_kit(NATIONAL_KIT), new)
    assert done.data
    made.day, made.code = str(done.data["day"]), str(done.data["join_code"])
    await made.house.programme.publish(Actor.house(made.day))
    await made.house.programme.start(Actor.house(made.day))
    async with asyncio.timeout(60):
        while not await _has_lanes(made):  # what is waited for is a row
            await asyncio.sleep(0.02)
    return made


async def _has_lanes(made: Product) -> bool:
    """A day's lanes open in reaction to its start, a moment after it."""
    async with made.house.store.reading() as session:
        return await session.get(ProgrammeClock, made.day) is not None
