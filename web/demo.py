"""A whole e-health day to look at: seeded from the kit, started at once, with simulated people who come through the real door."""

from __future__ import annotations

import asyncio
import logging
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import col, select

from conference import NewDay
from conference import views as programme
from conference.core.actor import Actor
from conference.library import NATIONAL_KIT, read_kit
from conference.people import INSTALLATION, NATIONAL, Role, Terms
from conference.rundown.kit import compressed
from conference.tables import Day, Source
from streaming import MediaAway
from web import secret_files
from web.endpoints.studio import sending
from web.house import House

ROLES: Final[Mapping[str, frozenset[str]]] = {
    "moderator": frozenset({Role.MODERATOR.value}),
    "speaker": frozenset({Role.SPEAKER.value}),
    "captioner": frozenset({Role.CAPTIONER.value}),
    "organizer": frozenset({Role.ORGANIZER.value}),
    "screen": frozenset({Role.SCREEN.value}),
}
ROOT: Final = Path(__file__).parent.parent
GRACE_S: Final = 5.0
MEDIA_S: Final = 6.0  # for the media process to say where it listens
APP: Final = "live"  # of RTMP addresses
ENCODERS: Final = frozenset({"studio", "link", "screen"})  # sources that are sent to from elsewhere than the page of the studio

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wanted:
    """How the demo shall be.

    Attributes:
        participants: simulated people.
        speed: 1 as planned, 0 only by GO, more for a compressed day; ``None`` for a day of about twelve minutes.
        operator: whether a simulated operator presses GO until a real one has, and a simulated moderator sees to the questions until
            somebody else does.
    """

    participants: int = 40
    speed: float | None = None
    operator: bool = True


async def prepare(house: House, wanted: Wanted, base_url: str) -> dict[str, Any]:
    """The day of the demo, made and started unless it is there already, and what is told of it: the line of ``--json``.

    Links are for the demo only: each works again and again, for whoever has it, and is dead when the data are.
    """
    day = await _the_day(house) or await _made(house, wanted)
    links = {"participant": f"{base_url}/j/{day.join_code}"}
    for name, roles in ROLES.items():
        token = secret_files.secret(house.settings.data_dir / "secrets" / f"demo-{name}")
        await house.people.make_link(Actor.house(day.day), Terms(kind="demo", roles=roles, reusable=True, note="demo"), token)
        links[name] = f"{base_url}/in/{token}"
    async with house.store.reading() as session:
        lanes = [NATIONAL, *(one.region for one in await programme.regions(session, day.day))]
    return {
        "base_url": base_url,
        "day": day.day,
        "join_code": day.join_code,
        "links": links,
        "lanes": {lane: f"{base_url}/days/{day.day}/lanes/{lane}/index.m3u8" for lane in lanes},
        "sources": await _sources(house, day.day, base_url),
    }


async def _sources(house: House, day: str, base_url: str) -> dict[str, dict[str, str]]:
    """Where encoders send to, and what they bring; RTMP where the media process listens for it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(MEDIA_S):
            while not await _settled(house):  # noqa: ASYNC110  # the media process starts beside us, and tells nobody
                await asyncio.sleep(0.2)
    async with house.store.reading() as session:
        sources = (await session.exec(select(Source).where(Source.day == day).order_by(col(Source.position)))).all()
    host, told = urlsplit(base_url).hostname, dict[str, dict[str, str]]()
    for one in sources:
        if one.kind in ENCODERS:
            found = await sending(house, day, one.source)
            told[one.source] = {"whip": f"{base_url}{found['whip']}", "token": found["token"]}
            if rtmp := found.get("rtmp"):
                told[one.source]["rtmp"] = f"rtmp://{host}:{rtmp['port']}/{APP}/{rtmp['key']}"
    return told


async def _settled(house: House) -> bool:
    try:
        await house.booth.settle()
    except MediaAway:
        return False
    return True


async def days_in(url: str) -> list[str]:
    """The days that a database holds; none when it has not been set up."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            if not await connection.run_sync(lambda found: inspect(found).has_table("day")):
                return []
            return list(await connection.scalars(select(col(Day.day)).order_by(Day.day)))
    finally:
        await engine.dispose()


async def _the_day(house: House) -> Day | None:
    async with house.store.reading() as session:
        return (await session.exec(select(Day).order_by(Day.day))).first()


async def _made(house: House, wanted: Wanted) -> Day:
    kit = read_kit(NATIONAL_KIT)
    today = datetime.now(ZoneInfo(kit.day.timezone)).date()
    new = NewDay(date=today, speed=1.0, operator_auto=wanted.operator)
    speed = compressed(kit, new) if wanted.speed is None else wanted.speed
    done = await house.programme.create_from_kit(
        Actor.house(INSTALLATION), kit, NewDay(date=today, speed=speed, operator_auto=wanted.operator)
    )
    assert done.data
    by = Actor.house(str(done.data["day"]))
    await house.programme.publish(by)
    await house.programme.start(by)
    found = await _the_day(house)
    assert found
    return found


async def crowd(house: House, told: Mapping[str, Any], wanted: Wanted) -> None:
    """The simulated people, in a process of their own, until the day is over or we stop."""
    if wanted.participants < 1:
        return
    words = ["--url", told["base_url"], "--code", told["join_code"], "--kit", str(NATIONAL_KIT), "--participants", str(wanted.participants)]
    words += ["--sessions", str(house.settings.data_dir / "secrets" / "crowd"), "--moderator", told["links"]["moderator"]]
    words += ["--moderates"] if wanted.operator else []
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "web.crowd", "play", *words, cwd=ROOT, stdout=DEVNULL)
    try:
        code = await process.wait()
        log.info("the simulated people went home (%d)", code)
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.terminate()
            with suppress(TimeoutError):
                async with asyncio.timeout(GRACE_S):
                    await process.wait()
