"""The verb of the talk backstage."""

from __future__ import annotations

from chat.backstage import rules
from chat.backstage.tables import Channel, Word
from chat.rules import checked_text
from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.people import NATIONAL, STAFF
from conference.tables import Region


class Backstage:
    """Say. Before the day, on it and after it: whoever prepares has as much to tell."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    @verb
    async def say(self, tx: Transaction, by: Actor, text: str, *, channel: str) -> Done:
        """Write to those who run the day, or to a region's; the answer has the word's number, ``n``.

        Raises:
            Refused: ``role.missing``, ``lane.no_such``, ``text.empty`` or ``text.too_long``.
        """
        if channel != NATIONAL and await tx.find(Region, by.day, channel) is None:
            raise Refused("lane.no_such", _("Dagen har ingen sådan kanal. Kontrollera slutet av adressen."))
        stands = await tx.find(Channel, by.day, channel)
        event = rules.say(by, channel, stands, at=self._clock.now())
        text = checked_text(text)
        role = next((role for role in sorted(STAFF, reverse=True) if role in by.roles), None)
        tx.put(Channel(day=by.day, channel=channel, n=event.n, at=event.at))
        tx.put(Word(day=by.day, channel=channel, n=event.n, person=by.person, role=role, text=text, at=event.at))
        return Done((await tx.record(event)).seq, {"n": event.n})
