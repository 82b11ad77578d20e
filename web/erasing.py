"""Forgetting a person from the command line, and remembering that it was done, so that no backup brings the name back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from sqlmodel import select

from chat.questions import Letters
from conference.core.actor import Actor
from conference.core.clock import SystemClock
from conference.core.ids import RandomIds
from conference.people import People
from conference.people.tables import Person
from conference.tables import Region
from web import beside
from web.settings import Settings

DID: Final = "people.erase"
LIST: Final = "erased"  # in the data folder: day and id of everybody who was erased; an id alone leads to nobody


class Nobody(Exception):
    """Nobody was erased; the text says why, in one line."""


async def erase(chosen: Settings, day: str, person: str | None, name: str | None) -> list[str]:
    """Forget a person of a day by id, or everybody who is called *name* there; their ids.

    Votes and answers stay: nobody can tell whose they were. What was written in the chat stays without a name.

    Raises:
        NotThere: there is no such installation or day.
        Nobody: no such person.
    """
    clock, ids = SystemClock(), RandomIds()
    async with beside.store_of(chosen) as store:
        await beside.must_know(store, day)
        async with store.reading() as session:
            rows = (await session.exec(select(Person).where(Person.day == day))).all()
        found = [row.person for row in rows if _is_meant(row, person, name)]
        if not found:
            raise Nobody(f"nobody at {day} " + (f"has the id {person}" if person else f"is called {name}"))
        people, letters = People(store, clock, ids, Region), Letters(store, clock)
        for one in found:
            remember(chosen.data_dir, [(day, one)])  # first: a backup that is put back must not bring back what we were about to erase
            await people.erase(replace(Actor.house(day), asked=beside.audited(clock, ids, DID, {"person": one})), one)
            await letters.forget(day, [one])
    return found


def _is_meant(row: Person, person: str | None, name: str | None) -> bool:
    if person is not None:
        return row.person == person
    return bool(row.name and name) and row.name.casefold() == name.casefold()  # type: ignore[union-attr]  # both are there


def erased(data_dir: Path) -> list[tuple[str, str]]:
    """Everybody who was erased here: day and id."""
    path = data_dir / LIST
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [(day, person) for day, _, person in (line.partition("\t") for line in lines)]


def remember(data_dir: Path, persons: Iterable[Sequence[str]]) -> None:
    """Add to the list of those who were erased."""
    known = {tuple(one) for one in erased(data_dir)}
    with (data_dir / LIST).open("a", encoding="utf-8") as file:
        for day, person in persons:
            if (day, person) not in known:
                file.write(f"{day}\t{person}\n")
