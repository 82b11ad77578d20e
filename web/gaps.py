"""What a day still lacks: found by going through its run-of-show cue by cue, without giving one. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.library.tables import Film
from conference.people import Role
from conference.people.tables import Link
from conference.rundown.tables import Cue
from conference.tables import Block, Contributor, Item, Region
from polls.rules import question_of, regional
from polls.tables import Poll
from web import beside
from web.settings import Settings

LIGHT: Final = "light"  # such a region needs nobody on the day
ROUNDING: Final = timedelta(seconds=1)  # films are measured in parts of a second, programmes in whole ones


@dataclass(frozen=True)
class Gap:
    """Something that is missing.

    Attributes:
        kind: ``film``, ``captions``, ``poll``, ``tech_check``, ``moderator`` or ``overrun``; what only shows when the day is played is
            ``refused``, ``passed_over``, ``unanswered`` or ``stuck``.
        where: the cue, contributor, region or item that it was found at.
        about: the film, poll, contributor or lane that it concerns.
        text: the same for people.
        item: the item that it belongs to, if it belongs to one.
    """

    kind: str
    where: str
    about: str
    text: str
    item: str = ""

    def told(self) -> dict[str, str]:
        """As a line of JSON carries it."""
        return asdict(self)


@dataclass(frozen=True)
class Prepared:
    """A day as it is prepared: its rows.

    Attributes:
        moderated: the regions that a moderator's link has been made for.
    """

    blocks: dict[str, Block]
    items: dict[str, Item]
    cues: tuple[Cue, ...]
    films: dict[str, Film]
    polls: dict[str, Poll]
    people: dict[str, Contributor]
    regions: tuple[Region, ...]
    moderated: frozenset[str] = frozenset()


def gaps(day: Prepared) -> list[Gap]:
    """Everything that is missing, in the order of the run-of-show, then people, regions and times."""
    return [*_films(day), *_polls(day), *_people(day), *_moderators(day), *_overruns(day)]


def _films(day: Prepared) -> Iterator[Gap]:
    uncaptioned = set[str]()
    for cue in _that(day, "play_film"):
        name = str(cue.args.get("film"))
        film = day.films.get(name)
        if film is None or film.file is None or film.state == "refused":
            yield Gap("film", cue.cue, name, f"{cue.item}: film {name} is missing; a slate will be shown", cue.item)
        elif film.captions is None and not film.webvtt and name not in uncaptioned:
            uncaptioned.add(name)
            yield Gap("captions", cue.cue, name, f"{cue.item}: film {name} has no captions", cue.item)


def _polls(day: Prepared) -> Iterator[Gap]:
    for cue in _that(day, "open_poll"):
        name = str(cue.args.get("poll"))
        meant = [day.polls[one] for one in _names(day, cue, name) if one in day.polls]
        if not meant or not all(poll.known and question_of(poll).title.strip() for poll in meant):
            yield Gap("poll", cue.cue, name, f"{cue.item}: poll {name} has no question that can be asked", cue.item)


def _names(day: Prepared, cue: Cue, name: str) -> list[str]:
    """A poll for the regions stands once for each; a cue of the national lane in a common block means them all."""
    if name in day.polls:
        return [name]
    common = cue.block in day.blocks and day.blocks[cue.block].kind == "common"
    return [regional(name, lane) for lane in ([cue.lane, *(one.region for one in day.regions)] if common else [cue.lane])]


def _people(day: Prepared) -> Iterator[Gap]:
    busy = {one for item in day.items.values() for one in item.contributors}
    for name in sorted(busy):
        person = day.people.get(name)
        if person is None or not person.tech_check.strip():
            yield Gap("tech_check", name, name, f"{person.role if person else name}: no tech check is arranged")


def _moderators(day: Prepared) -> Iterator[Gap]:
    for region in day.regions:
        if region.mode != LIGHT and region.moderator not in day.people and region.region not in day.moderated:
            yield Gap("moderator", region.region, region.region, f"{region.name} has no moderator")


def _overruns(day: Prepared) -> Iterator[Gap]:
    """Items that end after their block, and films that end after their item, both as planned."""
    for item in day.items.values():
        block = day.blocks.get(item.block)
        if block is not None and (late := item.planned_ends_at - block.planned_ends_at) > timedelta(0):
            yield Gap("overrun", item.item, item.lane, f"{item.item} ends {late.total_seconds():.0f} s after its block", item.item)
    for cue in _that(day, "play_film"):
        film, during = day.films.get(str(cue.args.get("film"))), day.items.get(cue.item)
        if film is not None and during is not None:
            late = cue.planned_at + timedelta(seconds=film.seconds or film.planned_s) - during.planned_ends_at
            if late > ROUNDING:
                says = f"{cue.item}: film {film.film} ends {late.total_seconds():.0f} s after its item"
                yield Gap("overrun", cue.cue, during.lane, says, cue.item)


def _that(day: Prepared, do: str) -> Iterable[Cue]:
    return (cue for cue in day.cues if cue.do == do)


def on_disk(day: Prepared, kit_folder: Path) -> Prepared:
    """The day with those films of its kit left without a file whose file is gone."""
    kits = {name: film for name, film in day.films.items() if film.origin == "kit" and film.file}
    gone = {name: film.model_copy(update={"file": None}) for name, film in kits.items() if not (kit_folder / str(film.file)).is_file()}
    return replace(day, films={**day.films, **gone})


async def read(session: AsyncSession, day: str) -> Prepared:
    """The rows of a day."""

    async def every(table: Any, *order: Any) -> list[Any]:  # any of the tables above
        return list(await session.exec(select(table).where(table.day == day).order_by(*order)))

    links = await session.exec(select(Link).where(Link.day == day, col(Link.withdrawn_at).is_(None)))
    return Prepared(
        blocks={one.block: one for one in await every(Block, col(Block.position))},
        items={one.item: one for one in await every(Item, col(Item.position), col(Item.item))},
        cues=tuple(await every(Cue, col(Cue.planned_at), col(Cue.position))),
        films={one.film: one for one in await every(Film, col(Film.position))},
        polls={one.poll: one for one in await every(Poll, col(Poll.place))},
        people={one.contributor: one for one in await every(Contributor, col(Contributor.position))},
        regions=tuple(await every(Region, col(Region.position))),
        moderated=frozenset(link.region for link in links if Role.MODERATOR in link.roles and link.region),
    )


async def look(chosen: Settings, day: str) -> list[Gap]:
    """The gaps of a day, from the database of an installation; the server may run meanwhile.

    Raises:
        NotThere: there is no such installation or day.
    """
    async with beside.store_of(chosen) as store:
        await beside.must_know(store, day)
        async with store.reading() as session:
            return gaps(await read(session, day))
