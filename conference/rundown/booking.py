"""Who takes part in which item: in what role, whether they are booked, when they are called, and how they are reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import col

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.ids import Ids
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.rules import DayState
from conference.rundown.corrections import Plate, presented
from conference.rundown.forgetting import contributor_of
from conference.rundown.joining import a_contact
from conference.rundown.relaying import LOCKED
from conference.service import the_day
from conference.tables import Block, Booking, Contributor, Item

STATUSES: Final = ("asked", "booked", "declined")
CALL_MOST: Final = 600  # minutes before the item; whoever comes the day before is told so by hand
CHECK_MOST: Final = 120  # characters
PEOPLE_MOST: Final = 40  # in one item; more do not fit on a page, nor in a panel


@dataclass(frozen=True)
class Booked:
    """How it stands with somebody who takes part.

    Attributes:
        call_min: minutes before the first of their items; ``None`` when no time is set.
        contact: an address or a number.
        tech_check: when picture and sound are tried, or that they are, in words; ``None`` leaves it as it was.
    """

    status: str
    call_min: int | None = None
    contact: str = ""
    tech_check: str | None = None

    def tidy(self) -> Booked:
        """As it is stored.

        Raises:
            Refused: ``booking.unknown_status``, ``minutes.out_of_range``, ``text.too_long``, ``contact.wrong``.
        """
        if self.status not in STATUSES:
            raise Refused("booking.unknown_status", _("Välj om den medverkande är tillfrågad, bokad eller har avböjt."))
        if self.call_min is not None and not 0 <= self.call_min <= CALL_MOST:
            says = _("Skriv minuterna före inslaget med siffror, högst %(most)s.")
            raise Refused("minutes.out_of_range", says, most=CALL_MOST)
        check = self.tech_check and " ".join(self.tech_check.split())
        if len(check or "") > CHECK_MOST:
            raise Refused("text.too_long", _("Teknikkontrollen får ha högst %(most)s tecken."), most=CHECK_MOST)
        return Booked(self.status, self.call_min, a_contact(self.contact) if self.contact.strip() else "", check)


class Bookings:
    """Those who take part in all days."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store, self._clock, self._ids = store, clock, ids

    @verb
    async def book(self, tx: Transaction, by: Actor, contributor: str, told: Booked) -> Done:
        """Say how it stands with somebody.

        Raises:
            Refused: ``contributor.no_such``, ``day.ended``, and what is wrong with it.
        """
        await _not_over(tx, by.day)
        row, told = await tx.find(Contributor, by.day, contributor), told.tidy()
        if row is None:
            raise _no_such()
        check = row.tech_check if told.tech_check is None else told.tech_check
        tx.put(row.model_copy(update={"call_time_min_before": told.call_min, "tech_check": check}))
        tx.put(Booking(day=by.day, contributor=contributor, status=told.status, contact=told.contact))
        return Done()

    @verb
    async def take_in(self, tx: Transaction, by: Actor, item: str, plate: Plate, told: Booked) -> Done:
        """Let somebody more take part in an item; the answer has their id.

        Raises:
            Refused: ``item.no_such``, ``item.locked``, ``item.full``, ``day.ended``, and what is wrong with it.
        """
        await _not_over(tx, by.day)
        row, plate, told = await _open_item(tx, by.day, item), plate.tidy(), told.tidy()
        if len(row.contributors) >= PEOPLE_MOST:
            raise Refused("item.full", _("Inslaget rymmer inte fler medverkande."))
        others = await tx.every(Contributor, col(Contributor.day) == by.day)
        name = f"c-{self._ids.new()}"
        about: dict[str, Any] = {
            "role": plate.role,
            "organisation": plate.organisation,
            "screen_name": plate.name,
            "tech_check": told.tech_check or "",
        }
        place = max((one.position for one in others), default=-1) + 1
        one = Contributor(day=by.day, contributor=name, scope=row.lane, **about, call_time_min_before=told.call_min, position=place)
        tx.put(one)
        tx.put(Booking(day=by.day, contributor=name, status=told.status, contact=told.contact))
        tx.put(row.model_copy(update={"contributors": [*row.contributors, name]}))
        return Done((await tx.record(presented(one, self._clock.now()))).seq, {"contributor": name})

    @verb
    async def take_out(self, tx: Transaction, by: Actor, item: str, contributor: str) -> Done:
        """Let somebody take part in an item no more. Whoever is in no item any more is forgotten, with the contact.

        Raises:
            Refused: ``item.no_such``, ``item.locked``, ``contributor.no_such``, ``day.ended``.
        """
        await _not_over(tx, by.day)
        row = await _open_item(tx, by.day, item)
        if contributor not in row.contributors:
            raise _no_such()
        items = await tx.every(Item, col(Item.day) == by.day)
        one, booking = await tx.find(Contributor, by.day, contributor), await tx.find(Booking, by.day, contributor)
        tx.put(row.model_copy(update={"contributors": [one for one in row.contributors if one != contributor]}))
        if one is None or any(contributor in other.contributors for other in items if other.item != item):
            return Done()
        for gone in filter(None, (one, booking)):
            tx.drop(gone)
        return Done((await tx.record(presented(one, self._clock.now(), gone=True))).seq)

    @verb
    async def forget(self, tx: Transaction, by: Actor, contributor: str) -> Done:
        """Forget who takes part and how they are reached: in all that was kept of them the role stands for the name. Twice is once.

        Screens that show the name hear of it by `Corrections.contributor`.

        Returns:
            ``{"removed"}``: table -> rows that were emptied.

        Raises:
            Refused: ``contributor.no_such``.
        """
        row = await tx.find(Contributor, by.day, contributor)
        if row is None:
            raise _no_such()
        removed = await (await contributor_of(tx, row))(tx)
        return Done(data={"removed": {table: number for table, number in removed.items() if number}})


def called_at(contributor: Contributor, items: Iterable[Item]) -> tuple[datetime, Item] | None:
    """When somebody shall be there, and the first item that it is for; ``None`` for whoever is in no item.

    Args:
        items: those of the day, in any order.
    """
    first = min((one for one in items if contributor.contributor in one.contributors), key=lambda one: one.planned_starts_at, default=None)
    if first is None:
        return None
    return first.planned_starts_at - timedelta(minutes=contributor.call_time_min_before or 0), first


def counts(people: Iterable[str], bookings: Mapping[str, Booking]) -> dict[str, int]:
    """How many stand how; ``left`` are those that nobody has asked yet."""
    found = dict.fromkeys((*STATUSES, "left"), 0)
    for one in people:
        found[bookings[one].status if one in bookings else "left"] += 1
    return found


async def _not_over(tx: Transaction, day: str) -> None:
    if (await the_day(tx, day)).state == DayState.ENDED:
        raise Refused("day.ended", _("Dagen är slut."))


async def _open_item(tx: Transaction, day: str, item: str) -> Item:
    row = await tx.find(Item, day, item)
    if row is None:
        raise Refused("item.no_such", _("Inslaget finns inte i programmet."))
    block = await tx.find(Block, day, row.block)
    if LOCKED in {row.owner, block.owner if block else ""}:
        raise Refused("item.locked", _("Inslaget är låst i det nationella paketet."))
    return row


def _no_such() -> Refused:
    return Refused("contributor.no_such", _("Den medverkande finns inte den här dagen."))
