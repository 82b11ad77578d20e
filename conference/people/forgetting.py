"""Forgetting who somebody was. What was counted of them stays: that a screen was there, when, from which region and kind of workplace."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import col

from conference.core.asking import Remembered
from conference.core.errors import Refused, _
from conference.core.forgetting import Whom, Writing
from conference.core.transaction import Transaction
from conference.people import pairing, rules
from conference.people.events import PersonErased
from conference.people.phones import become
from conference.people.tables import Link, Person, Session


async def person_of(tx: Transaction, whom: Whom) -> Writing:
    """The name, the code, the sessions, the names in links, the memory of what was asked for, and the place at a group's screen.

    Raises:
        Refused: ``person.no_such``.
    """
    row = await tx.find(Person, whom.day, whom.person)
    if row is None:
        raise Refused("person.no_such", _("Personen finns inte den här dagen."))
    sessions = await tx.every(Session, col(Session.day) == whom.day, col(Session.person) == whom.person, col(Session.ended_at).is_(None))
    links = await tx.every(Link, col(Link.day) == whom.day, col(Link.used_by) == whom.person, col(Link.name).is_not(None))
    asked = await tx.every(Remembered, col(Remembered.day) == whom.day, col(Remembered.person) == whom.person)
    screen = await tx.find(Person, whom.day, row.screen) if row.screen else None

    async def write(tx: Transaction) -> Mapping[str, int]:
        erased = rules.erase(row)
        if screen:
            await become(tx, screen, pairing.leave(screen), at=whom.at)
        tx.put(erased)
        for session in sessions:
            tx.put(rules.end(session, at=whom.at))
        for link in links:
            tx.put(link.model_copy(update={"name": None}))
        for one in asked:
            tx.drop(one)
        await tx.record(PersonErased(day=whom.day, at=whom.at, person=whom.person))
        return {"person": int(erased != row), "session": len(sessions), "link": len(links), "remembered": len(asked)}

    return write
