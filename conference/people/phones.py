"""The verbs of phones at a group's screen: show a code, pair, leave."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeAlias

from msgspec import UNSET, UnsetType
from sqlmodel import col

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.event import Event
from conference.core.ids import Ids
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.people import pairing, rules
from conference.people.rules import About
from conference.people.tables import Person, Session

Settle: TypeAlias = Callable[[Transaction, Person], Awaitable[None]]
"""Brings what a screen has answered in line with a lower number of people it answers for, or refuses that number. Of the floor above;
called before anything is written.
"""


class Phones:
    """Pairs phones with the screens of groups.

    Args:
        settle: asked before a screen answers for fewer.
    """

    def __init__(self, store: Store, clock: Clock, ids: Ids, settle: Settle) -> None:
        self._store, self._clock, self._ids, self._settle = store, clock, ids, settle

    @verb
    async def new_code(self, tx: Transaction, by: Actor) -> Done:
        """Let the screen of *by* show a code, in place of the one before, which no phone can use any more.

        Raises:
            Refused: ``screen.one_person``.
        """
        screen = await tx.get(Person, by.day, by.person)
        pairing.may_show(screen)
        code, now = pairing.code_of(self._ids.key(pairing.CODE_LETTERS)), self._clock.now()
        while await _whose(tx, code):
            code = pairing.code_of(self._ids.key(pairing.CODE_LETTERS))
        return await become(tx, screen, {"code": code, "code_until": now + pairing.CODE_WORKS}, at=now)

    @verb
    async def pair(self, tx: Transaction, by: Actor, session: str, code: str, *, name: str | UnsetType | None = UNSET) -> Done:
        """Pair a phone with the screen that shows *code*, at the day of *by*, the house; a phone that is new to the day joins it.

        It leaves the screen it was paired with before, and belongs to the region of this one.

        Args:
            session: hash of the browser's token, new or known.

        Returns:
            ``{"person"}``.

        Raises:
            Refused: ``person.signed_out``, ``screen.no_such_code``, what `pairing.pair` raises, ``screen.answered``.
        """
        now = self._clock.now()
        told = rules.told(About(name), at=now)
        there = await tx.find(Session, session)
        known = await tx.get(Person, by.day, rules.still_open(there, by.day).person) if there else None
        phone = known or rules.sign_in(by.day, self._ids.new(), {}, at=now)
        screen = await _whose(tx, pairing.read_code(code))
        if screen is None or screen.day != by.day or not pairing.shows(screen, at=now):
            raise pairing.no_such_code()
        before = await tx.find(Person, by.day, phone.screen) if phone.screen else None
        of_phone, of_screen = pairing.pair(phone, screen)
        if of_screen:
            await self._settle(tx, screen.model_copy(update=of_screen))
        if before and of_screen:
            await become(tx, before, pairing.leave(before), at=now)
        await become(tx, screen, of_screen, at=now)
        if known:
            return await become(tx, known, {**told, **of_phone}, at=now)
        tx.add(phone.model_copy(update={**told, **of_phone}))
        tx.add(Session(token_hash=session, day=by.day, person=phone.person, created_at=now))
        return Done(data={"person": phone.person})

    @verb
    async def unpair(self, tx: Transaction, by: Actor) -> Done:
        """Let the phone of *by* leave the screen it is paired with; leaving twice is leaving once."""
        phone = await tx.get(Person, by.day, by.person)
        screen = await tx.find(Person, by.day, phone.screen) if phone.screen else None
        if screen:
            await become(tx, screen, pairing.leave(screen), at=self._clock.now())
        return await become(tx, phone, {"screen": None}, at=self._clock.now())


async def _whose(tx: Transaction, code: str) -> Person | None:
    found = await tx.every(Person, col(Person.code) == code)
    return found[0] if found else None


async def become(tx: Transaction, person: Person, wanted: dict[str, Any], *, at: datetime) -> Done:
    """The person with *wanted*, and the event that tells it; nothing when that is how it was already."""
    changed = rules.change(person, wanted, at=at)
    if changed is None:
        return Done(data={"person": person.person})
    row, event = changed
    tx.put(row)
    return Done(await tell(tx, event), {"person": person.person})


async def tell(tx: Transaction, event: Event) -> int | None:
    """Enter it in the log of its day. The admin of an empty folder has no day yet, and so no log."""
    return None if event.day == rules.INSTALLATION else (await tx.record(event)).seq
