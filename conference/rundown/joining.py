"""A region that takes part without any staff: a name, somebody to reach, goals, and a film if it likes; the rest is filled by rule.

In every regional block it gets what the country's lane has there: the same polls and discussion cards with their clocks, and in place of
the country's learning film the one that it chose, or the one that is closest to its goals and that it has not seen already.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

from sqlmodel import SQLModel, col

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.events import RegionJoined
from conference.fill import FILLS_WITH, closest
from conference.library.rules import no_such_film
from conference.library.tables import Film
from conference.rules import NATIONAL, DayState, ItemState
from conference.rundown.relaying import Desk, desk
from conference.rundown.tables import Cue
from conference.service import the_day
from conference.tables import Day, Item, Region, RegionContact

LIGHT: Final = "light"
NAME_MOST: Final = 60  # characters
CONTACT_MOST: Final = 120  # characters: an address, or a name and a number
DIGITS_LEAST: Final = 5  # of a number that one can call
REGIONS_MOST: Final = 40  # there are twenty-one; the others are whoever else takes part
LETTERS: Final = re.compile(r"[^a-z0-9]+")

T = TypeVar("T", Item, Cue)

Joins: TypeAlias = Callable[[Transaction, Day, Region], Awaitable[Iterable[SQLModel]]]
"""What a feature above makes ready for a region that comes to a day which is made: rows to put. It asks, and puts nothing itself."""


@dataclass(frozen=True)
class LightRegion:
    """A region as somebody writes it.

    Attributes:
        contact: how the organizers reach it: an address or a number; shown to them alone.
        goals: ids of the day's goals; others are left out.
        film: the film that it wants first; ``None`` lets the rule choose.
    """

    name: str
    contact: str
    goals: tuple[str, ...] = ()
    film: str | None = None

    def tidy(self) -> LightRegion:
        """As it is stored.

        Raises:
            Refused: ``text.empty``, ``text.too_long``, ``contact.wrong``.
        """
        name, contact = " ".join(self.name.split()), self.contact
        if not name:
            raise Refused("text.empty", _("Skriv regionens namn."))
        if len(name) > NAME_MOST:
            raise Refused("text.too_long", _("Namnet får ha högst %(most)s tecken."), most=NAME_MOST)
        return LightRegion(name, a_contact(contact), self.goals, self.film)


def a_contact(text: str) -> str:
    """How somebody is reached, as it is stored.

    Raises:
        Refused: ``contact.wrong``.
    """
    contact = " ".join(text.split())
    if len(contact) > CONTACT_MOST or not ("@" in contact or sum(letter.isdigit() for letter in contact) >= DIGITS_LEAST):
        raise Refused("contact.wrong", _("Skriv en e-postadress eller ett telefonnummer som vi når er på."))
    return contact


class Regions:
    """The regions of all days that come after their day was made.

    Args:
        joins: what the features above make ready for each, in the same transaction.
    """

    def __init__(self, store: Store, clock: Clock, joins: Sequence[Joins] = ()) -> None:
        self._store, self._clock, self._joins = store, clock, joins

    @verb
    async def join_light(self, tx: Transaction, by: Actor, told: LightRegion) -> Done:
        """Let a region take part without staff; the answer has its id.

        Raises:
            Refused: ``day.live_already``, ``day.ended``, ``region.exists``, ``regions.full``, ``film.no_such``, and what is wrong with it.
        """
        told, day = told.tidy(), await the_day(tx, by.day)
        not_begun(day)
        regions = await tx.every(Region, col(Region.day) == by.day)
        films = await tx.every(Film, col(Film.day) == by.day)
        region = a_region(day, told, regions)
        if told.film is not None and told.film not in {film.film for film in films}:
            raise no_such_film(told.film)
        items, cues = filled(await desk(tx, day), region, films, told.film)
        above = [row for join in self._joins for row in await join(tx, day, region)]
        for row in (region, RegionContact(day=by.day, region=region.region, contact=told.contact), *items, *cues, *above):
            tx.put(row)
        entry = await tx.record(RegionJoined(day=by.day, at=self._clock.now(), region=region.region, title=region.name))
        return Done(entry.seq, {"region": region.region})

    @verb
    async def forget_contact(self, tx: Transaction, by: Actor, region: str) -> Done:
        """Forget how a region is reached."""
        row = await tx.find(RegionContact, by.day, region)
        if row is not None:
            tx.drop(row)
        return Done()


def not_begun(day: Day) -> None:
    """Refuse a day whose lanes are there already.

    Raises:
        Refused: ``day.live_already``, ``day.ended``.
    """
    if day.state == DayState.ENDED:
        raise Refused("day.ended", _("Dagen är slut."))
    if day.state == DayState.LIVE:
        raise Refused("day.live_already", _("Dagen sänds redan. Regioner anmäls innan den börjar."))


def a_region(day: Day, told: LightRegion, others: Sequence[Region]) -> Region:
    """The region's row, with an id made of its name.

    Raises:
        Refused: ``region.exists``, ``regions.full``.
    """
    if any(one.name.casefold() == told.name.casefold() for one in others):
        raise Refused("region.exists", _("Regionen är redan med."))
    if len(others) >= REGIONS_MOST:
        raise Refused("regions.full", _("Dagen rymmer inte fler regioner."))
    known = {str(goal["id"]) for goal in day.goals}
    goals = [goal for goal in told.goals if goal in known]
    name = _id_of(told.name, {one.region for one in others})
    place = max((one.position for one in others), default=-1) + 1
    return Region(day=day.day, region=name, name=told.name, mode=LIGHT, goals=goals, position=place)


def _id_of(name: str, taken: Collection[str]) -> str:
    """``r-`` and the name in letters that may stand in an address: Region Västerö is ``r-vastero``, a second one ``r-vastero-2``."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = LETTERS.sub("-", plain.removeprefix("region ")).strip("-")[:40].strip("-") or "lan"
    tries = (f"r-{words}" if number == 1 else f"r-{words}-{number}" for number in range(1, REGIONS_MOST + 2))
    return next(one for one in tries if one not in taken)


def filled(at_desk: Desk, region: Region, films: Iterable[Film], wanted: str | None) -> tuple[list[Item], list[Cue]]:
    """What the region gets in the regional blocks: the country's items with films of its own, and their cues."""
    regional = {name for name, block in at_desk.blocks.items() if block.kind == "regional"}
    by_name = {film.film: film for film in films}
    free = [film for film in by_name.values() if film.kind == FILLS_WITH and film.file]
    shown = {item.film for item in at_desk.items.values() if item.block not in regional and item.film}
    items: list[Item] = []
    cues: list[Cue] = []
    theirs, given = _in_order(at_desk.items), _in_order(at_desk.cues)  # a database gives rows in any order
    for item in theirs:
        if item.block in regional and item.lane == NATIONAL:
            mine, film = _copy(item, region, theirs[-1].position + 1 + len(items)), item.film
            if film is not None and film in {one.film for one in free}:
                film = wanted or closest(free, region.goals or item.goals, shown, film) or film
                shown, wanted = {*shown, film}, None
                mine = mine if film == item.film else mine.model_copy(update=_shows(by_name[film]))
            items.append(mine)
            for cue in given:
                if cue.item == item.item:
                    cues.append(_cue(cue, mine, film, by_name, given[-1].position + 1 + len(cues)))
    return items, cues


def _in_order(rows: Mapping[str, T]) -> list[T]:
    return sorted(rows.values(), key=lambda one: one.position)


def _copy(item: Item, region: Region, place: int) -> Item:
    own = {"item": _own(item.item, region.region), "lane": region.region, "state": ItemState.UPCOMING, "position": place}
    return item.model_copy(update=own)


def _shows(film: Film) -> dict[str, Any]:
    """An item takes title and text from its film, as when a day is made."""
    english = f"Learning example: {film.title_en}" if film.title_en else None
    return {"film": film.film, "title": f"Lärande exempel: {film.title}", "title_en": english, "description": film.summary}


def _cue(cue: Cue, item: Item, film: str | None, films: Mapping[str, Film], place: int) -> Cue:
    own: dict[str, Any] = {"cue": _own(cue.cue, item.lane), "item": item.item, "lane": item.lane, "position": place}
    if cue.do == "play_film" and film is not None and cue.args.get("film") != film:
        own |= {"args": {**cue.args, "film": film}, "what": films[film].title}
    return cue.model_copy(update={**own, "state": "coming", "given_at": None, "given_by": None})


def _own(name: str, region: str) -> str:
    """The id of a region's copy of what the country's lane has: ``i-r1-film@national`` becomes ``i-r1-film@r-vastero``."""
    return f"{name.partition('@')[0]}@{region}"
