"""The national day of the agency's conclusion: twenty-one regions, some with a studio, some with a film of their own, the rest light.

Made from the kit that ships, with what three and two regions have in it given to more of them, and put into the folder of a demo, which
then finds it there.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from conference import NewDay
from conference.core.actor import Actor
from conference.fill import instance
from conference.library import NATIONAL_KIT, read_kit
from conference.library.kit import Kit
from conference.library.shapes import CueOfKit, ItemOfKit, RegionOfKit, SourceOfKit
from conference.people import INSTALLATION
from tests.running import ROOT, Samsyn, demo
from tests.staff import Person
from web.app import Frontage
from web.bootstrap import open_house
from web.demo import APP
from web.origins import Origins
from web.running import DEMO
from web.settings import Settings

DAY = "d-riket"
NATIONAL = "national"
STUDIO = "src-studio"
BREAK_OUTS = ("b2", "b6")
LATE_MOST_S = 180  # how long the region that overruns may go on alone
NOWHERE = "http://127.0.0.1:9"  # nothing is packed while the day is made


@dataclass(frozen=True)
class Nation:
    """Which regions there are.

    Attributes:
        studios: those that send from a studio of their own; the first of them overruns, and is let finish.
        films: those that have chosen a film of their own.
        light: those whose slots are filled by rule.
    """

    studios: tuple[str, ...]
    films: tuple[str, ...]
    light: tuple[str, ...]

    @property
    def regions(self) -> tuple[str, ...]:
        """All."""
        return (*self.studios, *self.films, *self.light)

    @property
    def lanes(self) -> tuple[str, ...]:
        """All, and the country's, for those who named no region."""
        return (NATIONAL, *self.regions)


def nation(studios: int = 3, films: int = 5) -> Nation:
    """The country's regions, shared out."""
    names = [f"r-{option.id}" for option in read_kit(NATIONAL_KIT).options_from("regions")]
    return Nation(tuple(names[:studios]), tuple(names[studios : studios + films]), tuple(names[studios + films :]))


def kit_of(country: Nation) -> Kit:
    """The national kit for these regions."""
    kit = read_kit(NATIONAL_KIT)
    titles = {f"r-{option.id}": option.text for option in kit.options_from("regions")}
    common = tuple(item for item in kit.items if item.lane in {NATIONAL, "region"})
    studios = [item for region in country.studios for item in _studio(kit, region)]
    films = [item for n, region in enumerate(country.films) for item in _film(kit, region, kit.film_ids[n % len(kit.film_ids)])]
    sources = [SourceOfKit(id=source_of(region), kind="studio", title=titles[region], lanes=(region,)) for region in country.studios]
    return replace(
        kit,
        regions=tuple(_region(country, region, titles[region]) for region in country.regions),
        items=(*common, *studios, *films),
        sources=(*(source for source in kit.sources if NATIONAL in source.lanes), *sources),
    )


def source_of(region: str) -> str:
    """What the studio of a region is called."""
    return f"src-{region.removeprefix('r-')}"


def _region(country: Nation, region: str, name: str) -> RegionOfKit:
    if region in country.studios[:1]:
        return RegionOfKit(id=region, name=name, mode="studio", overrun="finish", overrun_limit_s=LATE_MOST_S)
    if region in country.studios:
        return RegionOfKit(id=region, name=name, mode="studio", overrun="cut")
    if region in country.films:
        return RegionOfKit(id=region, name=name, mode="film", overrun="cut")
    return RegionOfKit(id=region, name=name, goals=("together",), overrun="cut")


def _studio(kit: Kit, region: str) -> Iterator[ItemOfKit]:
    """What Norrvik has in the kit, by clock: its studio is on air as soon as it is its turn."""
    for item in kit.items:
        if item.lane == "r-norrvik":
            cues = [cue for cue in item.cues if cue.do != "name_plate"]
            yield instance(replace(item, contributors=(), cues=tuple(_from_studio(cue, region) for cue in cues)), region)


def _from_studio(cue: CueOfKit, region: str) -> CueOfKit:
    return replace(cue, by="clock", args={"source": source_of(region)}) if cue.do == "take_source" else cue


def _film(kit: Kit, region: str, film: str) -> Iterator[ItemOfKit]:
    """What light regions get, with a film of one's own in place of the one that is chosen by rule, and one in the afternoon too."""
    for item in kit.items:
        if item.lane == "region":
            first = item.id == "i-r2-ideer"
            cues = (CueOfKit(id=f"{item.id}.00", at_s=0, do="play_film", by="clock", args={"film": film}),) if first else ()
            changed = tuple(replace(cue, args={"film": film}) if cue.do == "play_film" else cue for cue in item.cues)
            yield instance(replace(item, fill=None, film=film if item.film else None, cues=(*cues, *changed)), region)


def make_day(folder: Path, country: Nation, speed: float) -> None:
    """Put the day, live, into a folder from which ``samsyn demo`` goes on."""
    asyncio.run(_made(folder, country, speed))
    (folder / DEMO).write_text(DAY, encoding="utf-8")


async def _made(folder: Path, country: Nation, speed: float) -> None:
    about: dict[str, Any] = {"data_dir": folder, "media_url": NOWHERE}
    async with open_house(Settings(**about), Frontage(Origins(None))) as house:
        new = NewDay(date=datetime.now(UTC).date(), day=DAY, speed=speed)
        await house.programme.create_from_kit(Actor.house(INSTALLATION), kit_of(country), new)
        await house.programme.publish(Actor.house(DAY))
        await house.programme.start(Actor.house(DAY))


@contextmanager
def a_national_day(folder: Path, country: Nation, speed: float) -> Iterator[Samsyn]:
    """The day at its beginning: the films are packed, and every studio sends."""
    make_day(folder, country, speed)
    with demo(folder) as running, on_the_air(running, country):
        yield running


@contextmanager
def on_the_air(running: Samsyn, country: Nation) -> Iterator[None]:
    """The country's studio and those of the regions send a film of the kit over and over; whenever one is cut off it connects anew."""
    films, words = sorted((NATIONAL_KIT / "films").glob("*.mp4")), list[str]()
    with Person(running).by_link("organizer") as organizer:
        for n, source in enumerate([STUDIO, *map(source_of, country.studios)]):
            words += [_address(organizer, source), str(films[n % len(films)])]
    with subprocess.Popen([sys.executable, "-m", "tests.load.studios", *words], cwd=ROOT, stdin=subprocess.PIPE) as senders:
        try:
            yield
        finally:
            senders.terminate()


def _address(organizer: Person, source: str) -> str:
    """Where an encoder sends to; on a busy machine the media process takes its time to say where it listens."""
    while "rtmp" not in (told := organizer.ask("streaming.key", {"source": source})["data"]):
        time.sleep(1)
    return f"rtmp://127.0.0.1:{told['rtmp']['port']}/{APP}/{told['rtmp']['key']}"


@dataclass(frozen=True)
class Books:
    """What a day's database says, for those who check what viewers see against it."""

    folder: Path

    def planned(self, block: str) -> dict[str, str]:
        """What each lane takes first in a block; a lane that takes nothing of its own shows the slate."""
        first: dict[str, str] = {}
        for lane, do, args in self._ask("SELECT lane, do, args FROM cue WHERE block = ? ORDER BY planned_at, position", block):
            if do in {"play_film", "take_source"}:
                first.setdefault(lane, str(next(iter(json.loads(args).values()))))
        return first

    def on_air(self) -> dict[str, tuple[str, str]]:
        """Of each lane, what it shows, and the first part of the addresses of its pictures; of a live source without its run."""
        shown = self._ask("SELECT lane, source, kind, position FROM on_air WHERE lane NOT LIKE '%~%'")
        return {lane: (source, strip(source, kind, position)) for lane, source, kind, position in shown}

    def takes(self) -> dict[str, str]:
        """What is shown in each lane."""
        return {lane: source for lane, (source, _strip) in self.on_air().items()}

    def strips(self) -> dict[str, str]:
        """How the addresses of each lane's pictures begin."""
        return {lane: begins for lane, (_source, begins) in self.on_air().items()}

    def standing(self) -> dict[str, tuple[str, str | None]]:
        """Where each lane stands: in which block, and at which cue."""
        block = str(self._ask("SELECT block FROM running")[0][0])
        return {lane: (late or block, cue) for lane, late, cue in self._ask("SELECT lane, late_in, cue FROM track")}

    def packed(self) -> int:
        """How many films are packed."""
        return int(self._ask("SELECT count(*) FROM film_asset")[0][0])

    def _ask(self, query: str, *words: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.folder / 'samsyn.db'}?mode=ro", uri=True, timeout=30)) as rows:
            return rows.execute(query, words).fetchall()


def strip(source: str, kind: str, position: object) -> str:
    """How the addresses of what is shown begin; those of a studio that is away for a moment, too."""
    return str(position) if kind == "film" else f"~{source}~" if source.startswith("src-") else "slate"


async def until(reached: Callable[[], bool], what: str, most_s: float = 240.0, look_s: float = 0.05) -> None:
    """Wait until something is so."""
    try:
        async with asyncio.timeout(most_s):
            while not reached():
                await asyncio.sleep(look_s)
    except TimeoutError:
        raise AssertionError(what) from None
