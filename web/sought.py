"""Who is meant by a name, an address or an id at a day: in whatever part somebody has something there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chat.questions.tables import Letter
from conference.core.errors import _
from conference.followup import reminders
from conference.followup import views as followup
from conference.people.tables import Person
from conference.tables import Booking, Contributor, RegionContact
from polls.surveys import letters

OWNER: Final = "owner:"  # before the id of an action: whoever had taken it on, who may never have joined the day
CONTACT: Final = "contact:"  # before the id of a region: how it is reached, which may be by somebody's name or address
LETTERS: Final = "letters:"  # before what an address's letters have in common; nothing leads from it to the address
BOOKED: Final = "booking:"  # before the id of a contributor: who takes part, and how they are reached
PERSON: Final = ""
WHAT: Final = {
    PERSON: _("Deltog i dagen"),
    OWNER: _("Har tagit på sig en åtgärd"),
    CONTACT: _("Kontakt för en region"),
    LETTERS: _("Väntar på länkar med e-post"),
    BOOKED: _("Medverkar i programmet"),
}
"""What somebody has at a day, by what stands before its id."""


@dataclass(frozen=True)
class Hit:
    """Something of whoever is meant.

    Attributes:
        one: its id, with what of `WHAT` it is before it.
        called: by what it was found, as it stands there.
        since: of a person: when they joined, which tells apart those who are called alike.
    """

    one: str
    called: str = ""
    since: datetime | None = None

    @property
    def kind(self) -> str:
        """A key of `WHAT`."""
        return next((kind for kind in WHAT if kind and self.one.startswith(kind)), PERSON)


async def sought(session: AsyncSession, day: str, person: str | None, name: str | None) -> list[Hit]:
    """All of a person by id, or all that is called *name* or is reached by it. A whole name or address: nobody looks through a list."""
    which = col(Person.person) == person if name is None else col(Person.name).is_not(None)
    some = (await session.exec(select(Person).where(Person.day == day, which))).all()
    # Compared here: lower() of SQLite knows English letters alone.
    rows = [row for row in some if name is None or (row.name or "").casefold() == name.casefold()]
    rows += await _wrote_from(session, day, name, {row.person for row in rows}) if name else []
    owned = await followup.owned_by(session, day, {called for called in (name, *(row.name for row in rows)) if called})
    owned += [one for one in await reminders.of_address(session, day, name) if one not in owned] if name else []
    found = [
        *(Hit(row.person, row.name or name or "", row.joined_at) for row in rows),
        *(Hit(f"{OWNER}{one}", name or "") for one in owned),
    ]
    if name is None:
        return found
    found += [*await _reached_by(session, day, name), *await _booked_as(session, day, name)]
    return found + [Hit(f"{LETTERS}{leave}", name) for leave in await letters.of_address(session, day, name)]


async def _wrote_from(session: AsyncSession, day: str, address: str, known: set[str]) -> list[Person]:
    """Others who wait for an answer at an address."""
    same = func.lower(Letter.address) == address.lower()
    theirs = {*await session.exec(select(Letter.person).where(Letter.day == day, same))} - known
    return list(await session.exec(select(Person).where(Person.day == day, col(Person.person).in_(theirs)))) if theirs else []


async def _reached_by(session: AsyncSession, day: str, name: str) -> list[Hit]:
    """The regions whose contact has *name* in it: a contact is a line of somebody's own making."""
    rows = await session.exec(select(RegionContact).where(RegionContact.day == day))
    return [Hit(f"{CONTACT}{row.region}", row.contact) for row in rows if name.casefold() in row.contact.casefold()]


async def _booked_as(session: AsyncSession, day: str, name: str) -> list[Hit]:
    """Those who take part and are called *name* in the programme, or have it in what reaches them."""
    bookings = {one.contributor: one.contact for one in await session.exec(select(Booking).where(Booking.day == day))}
    rows = await session.exec(select(Contributor).where(Contributor.day == day).order_by(col(Contributor.position)))
    return [
        Hit(f"{BOOKED}{row.contributor}", row.screen_name or bookings.get(row.contributor, ""))
        for row in rows
        if name.casefold() == (row.screen_name or "").casefold() or name.casefold() in bookings.get(row.contributor, "").casefold()
    ]
