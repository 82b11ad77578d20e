"""Forgetting a person from the command line, and remembering that it was done, so that no backup brings the name back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from sqlmodel import and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chat.questions import Letters
from conference.core import audit
from conference.core.actor import Actor
from conference.core.clock import Clock, SystemClock
from conference.core.ids import Ids, RandomIds
from conference.core.store import Store
from conference.followup import Owners, reminders
from conference.followup import views as followup
from conference.people import People
from conference.people.tables import Person
from conference.rundown import Bookings, Regions
from conference.tables import Booking, Contributor, Region, RegionContact
from polls.surveys import letters
from web import beside
from web.settings import Settings

DID: Final = "people.erase"
OWNER: Final = "owner:"  # before the id of an action: whoever had taken it on, who may never have joined the day
CONTACT: Final = "contact:"  # before the id of a region: how it is reached, which may be by somebody's name or address
LETTERS: Final = "letters:"  # before what an address's letters have in common; nothing leads from it to the address
BOOKED: Final = "booking:"  # before the id of a contributor: how somebody who takes part is reached
LIST: Final = "erased"  # in the data folder: day and id of everybody who was erased; an id alone leads to nobody


class Nobody(Exception):
    """Nobody was erased; the text says why, in one line."""


async def erase(chosen: Settings, day: str, person: str | None, name: str | None) -> list[str]:
    """Forget a person of a day by id, or everybody who is called *name* there, also as owner or contact; their ids.

    Votes and answers stay: nobody can tell whose they were. What was written in the chat stays without a name. Of an action that was
    taken on in the name of somebody who is erased, the owner goes and what the owner told of it; `OWNER` stands before its id.
    A contact of a region, or of a contributor, that has *name* in it goes whole, and so does that of a contributor who is called so;
    `CONTACT` stands before the region, `BOOKED` before the contributor. When *name* is an address that letters with links to surveys are
    sent to, they are not sent any more; `LETTERS` stands before what they have in common.

    Raises:
        NotThere: there is no such installation or day.
        Nobody: no such person.
    """
    clock, ids = SystemClock(), RandomIds()
    async with beside.store_of(chosen) as store:
        await beside.must_know(store, day)
        async with store.reading() as session:
            rows = (await session.exec(select(Person).where(Person.day == day))).all()
            found = [row for row in rows if _is_meant(row, person, name)]
            owned = await followup.owned_by(session, day, {called for called in (name, *(row.name for row in found)) if called})
            reached = [*await _reached_by(session, day, name), *await _booked_as(session, day, name)] if name else []
            mailed = await letters.of_address(session, day, name) if name else []
        gone = [*(row.person for row in found), *(f"{OWNER}{action}" for action in owned), *reached]
        gone += [f"{LETTERS}{leave}" for leave in mailed]
        if not gone:
            raise Nobody(f"nobody at {day} " + (f"has the id {person}" if person else f"is called {name}"))
        for one in gone:
            remember(chosen.data_dir, [(day, one)])  # first: a backup that is put back must not bring back what we were about to erase
            await forget(store, day, one, clock, ids)
    return gone


async def forget(store: Store, day: str, one: str, clock: Clock, ids: Ids) -> None:
    """Forget one of those that `erase` has found, audited.

    Raises:
        Refused: ``person.no_such``, ``action.no_such``.
    """
    if one.startswith(OWNER):
        action = one.removeprefix(OWNER)
        asked = beside.audited(clock, ids, DID, {"action": action})
        await Owners(store, clock, ids).forget_owner(replace(Actor.house(day), asked=asked), action)
    elif one.startswith(CONTACT):
        region = one.removeprefix(CONTACT)
        asked = beside.audited(clock, ids, DID, {"region": region})
        await Regions(store, clock).forget_contact(replace(Actor.house(day), asked=asked), region)
    elif one.startswith(LETTERS):
        n = sum([await each.forget(store, one.removeprefix(LETTERS)) for each in (letters, reminders)])
        await store.run(partial(audit.enter, deed=audit.Deed(day, "house", DID, {"letters": n}, clock.now())))
    elif one.startswith(BOOKED):
        contributor = one.removeprefix(BOOKED)
        asked = beside.audited(clock, ids, DID, {"contributor": contributor})
        await Bookings(store, clock, ids).forget_contact(replace(Actor.house(day), asked=asked), contributor)
    else:
        asked = beside.audited(clock, ids, DID, {"person": one})
        await People(store, clock, ids, Region).erase(replace(Actor.house(day), asked=asked), one)
        await Letters(store, clock).forget(day, [one])


def contact_of(region: str) -> str:
    """How a region's contact stands in the list of those who were erased."""
    return f"{CONTACT}{region}"


async def _reached_by(session: AsyncSession, day: str, name: str) -> list[str]:
    """The regions whose contact has *name* in it: a contact is a line of somebody's own making."""
    rows = await session.exec(select(RegionContact).where(RegionContact.day == day))
    return [contact_of(row.region) for row in rows if name.casefold() in row.contact.casefold()]


async def _booked_as(session: AsyncSession, day: str, name: str) -> list[str]:
    """Those who take part, are reached somehow, and are called *name* in the programme or in what reaches them."""
    of = and_(col(Contributor.day) == Booking.day, col(Contributor.contributor) == Booking.contributor)
    rows = await session.exec(
        select(Booking, Contributor.screen_name).join(Contributor, of).where(Booking.day == day, Booking.contact != "")
    )
    return [
        f"{BOOKED}{row.contributor}"
        for row, called in rows
        if name.casefold() == (called or "").casefold() or name.casefold() in row.contact.casefold()
    ]


def _is_meant(row: Person, person: str | None, name: str | None) -> bool:
    if person is not None:
        return row.person == person
    return bool(row.name and name) and row.name.casefold() == name.casefold()  # type: ignore[union-attr]  # both are there


def erased(data_dir: Path) -> list[tuple[str, str]]:
    """Everybody who was erased here: day, and id as `erase` gives it."""
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
