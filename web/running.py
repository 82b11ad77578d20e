"""Running the product: ``serve`` for real, ``demo`` to look at."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import logging
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import segno

from conference import views as programme
from conference.core.actor import Actor
from conference.people import INSTALLATION
from web import demo, invite, links, logs, migrate, server, settings
from web.app import Frontage, make_app
from web.bootstrap import open_house, routes
from web.house import House
from web.links import Wanted
from web.origins import Origins
from web.settings import Settings

DEMO: Final = ".samsyn-demo"  # in a demo's folder, with its day: `throw_away` touches no other, and a demo goes into no other
EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104  # how an address that means all of them is opened here

log = logging.getLogger(__name__)


class CannotRun(Exception):
    """The product cannot start; the text says why, in one line."""


def serve(chosen: Settings, *, as_json: bool) -> None:
    """Serve until told to stop; on an empty folder, print the link of whoever makes the first day.

    Raises:
        CannotRun: and nothing was started.
    """

    async def announce(house: House, base_url: str) -> Mapping[str, Any]:
        async with house.store.reading() as session:
            if await programme.days(session):
                return {"base_url": base_url}
        made = await links.make(house.people, Actor.house(INSTALLATION), Wanted(links.ADMIN), base_url, house.clock.now())
        return {"base_url": base_url, "admin": made.url}

    _run(chosen, announce, as_json=as_json)


def run_demo(chosen: Settings, wanted: demo.Wanted, *, as_json: bool) -> None:
    """Serve the demo until told to stop.

    Raises:
        CannotRun: and nothing was started.
    """
    if _holds_something(chosen.data_dir) and not (chosen.data_dir / DEMO).exists():
        raise CannotRun(f"{chosen.data_dir} holds something else than a demo, whose links are open to anybody: choose another folder")
    _folder(chosen.data_dir)
    _database(chosen)
    _only_the_demos(chosen)
    (chosen.data_dir / DEMO).touch()

    async def announce(house: House, base_url: str) -> Mapping[str, Any]:
        told = await demo.prepare(house, wanted, base_url)
        (chosen.data_dir / DEMO).write_text(str(told["day"]), encoding="utf-8")
        house.floor.errands.run(_crowd_when_open(house, told, wanted), "simulated people")
        return told

    _run(chosen, announce, as_json=as_json)


def _only_the_demos(chosen: Settings) -> None:
    """A database that holds real days gets no demo, whose links are open to anybody.

    Raises:
        CannotRun: it holds some.
    """
    mark = chosen.data_dir / DEMO
    mine = mark.read_text(encoding="utf-8").strip() if mark.exists() else ""
    if mark.exists() and not mine and chosen.database_url is None:
        return  # a demo of an earlier version, with its database in its own folder
    if others := [day for day in asyncio.run(demo.days_in(chosen.database)) if day != mine]:
        raise CannotRun(
            f"the database holds other days than the demo's ({', '.join(others[:3])}), and links of a demo are open to anybody: "
            "give the demo a database of its own"
        )


async def _crowd_when_open(house: House, told: Mapping[str, Any], wanted: demo.Wanted) -> None:
    await asyncio.sleep(0.5)  # the server answers when everything before this has been told
    await demo.crowd(house, told, wanted)


def _run(chosen: Settings, announce: Any, *, as_json: bool) -> None:
    logs.set_up()
    for name in settings.unknown():
        log.warning("%s is no setting and is passed by", name)
    _database(chosen)
    try:
        listening = server.listen(chosen.host, chosen.port)
    except server.CannotListen as error:
        raise CannotRun(str(error)) from None
    _folder(chosen.data_dir)  # last of what may fail: a start that does not come about leaves nothing behind
    port = int(listening.getsockname()[1])
    base_url = chosen.base_url or f"http://{EVERYWHERE.get(chosen.host, _bracketed(chosen.host))}:{port}"
    invite.remember_address(chosen.data_dir, base_url)
    front, told = Frontage(Origins(chosen.base_url, _names(chosen.host))), dict[str, Any]()

    failed: list[Exception] = []

    @asynccontextmanager
    async def opened() -> AsyncIterator[House]:
        async with AsyncExitStack() as stack:
            try:
                house = await stack.enter_async_context(open_house(chosen, front))
                told.update(await announce(house, base_url))
            except Exception as error:
                failed.append(error)
                logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # it is told below, in one line
                raise
            yield house

    with listening:
        try:
            server.serve(make_app(front, routes(), opened), chosen, listening, lambda: tell(told, as_json=as_json))
        except SystemExit:
            raise CannotRun(logs.washed(str(failed[0] if failed else "the server could not start"))) from None


def _database(chosen: Settings) -> None:
    """A database that others share is there and up to date; one of our own is made by the house.

    Raises:
        CannotRun: it is not.
    """
    try:
        current = chosen.embedded or asyncio.run(migrate.is_current(chosen.database))
    except Exception as error:
        raise CannotRun(f"the database cannot be used: {logs.washed(str(error))}") from error
    if not current:
        raise CannotRun("the database is not up to date: run `samsyn migrate` first")


def throw_away(data_dir: Path) -> None:
    """Remove the folder of a demo with all that is in it.

    Raises:
        CannotRun: it holds something else.
    """
    if not _holds_something(data_dir):
        return
    if not (data_dir / DEMO).exists():
        raise CannotRun(f"{data_dir} holds no demo and is not thrown away")
    shutil.rmtree(data_dir)


def _holds_something(folder: Path) -> bool:
    return folder.exists() and any(folder.iterdir())


def _folder(data_dir: Path) -> None:
    """The data folder, made and writable.

    Raises:
        CannotRun: it cannot be.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data_dir):
            pass
    except OSError as error:
        raise CannotRun(f"the data folder cannot be written: {data_dir}: {error.strerror}") from None


def _names(host: str) -> frozenset[str]:
    """A host name given on the command line is an address of ours too."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return frozenset({host.lower()})
    return frozenset()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def tell(told: Mapping[str, Any], *, as_json: bool) -> None:
    """Say where everything is: one line of JSON, or lines for people with a code for phones."""
    if as_json:
        print(json.dumps(told, ensure_ascii=False), flush=True)  # noqa: T201  # a command speaks to a terminal  # what the command is for
        return
    lines = [f"{name:>12}  {link}" for name, link in {"open": told["base_url"], **told.get("links", {})}.items()]
    if "admin" in told:
        lines.append(f"{'admin':>12}  {told['admin']}   (one use, 15 minutes)")
    for name, source in told.get("sources", {}).items():
        lines += [f"{name:>12}  {source['whip']}", f"{'token':>12}  {source['token']}"]
        lines += [f"{'or':>12}  {source['rtmp']}"] if "rtmp" in source else []
    if "join_code" in told:
        lines.append(f"{'join code':>12}  {told['join_code']}")
    print("\n".join(lines), flush=True)  # noqa: T201  # a command speaks to a terminal
    draw_code(told.get("links", {}).get("participant", told["base_url"]), as_json=as_json)


def draw_code(address: str, *, as_json: bool) -> None:
    """Draw an address for telephones, where a person reads along."""
    if not as_json and sys.stdout.isatty():
        segno.make(address).terminal(compact=True)
