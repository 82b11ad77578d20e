"""The verbs of those who let programs read the day."""

from __future__ import annotations

from datetime import date

from sqlmodel import col

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.ids import Ids
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.followup.integrations import rules
from conference.followup.integrations.tables import ApiKey
from conference.service import the_day


class Integrations:
    """Keys of the read API."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store, self._clock, self._ids = store, clock, ids

    @verb
    async def make_key(self, tx: Transaction, by: Actor, label: str, days: int) -> Done:
        """Let a program read the day's figures; the answer has its token, this once.

        Args:
            label: what it is for.
            days: how long it works; one of `rules.DAYS`.

        Raises:
            Refused: ``day.no_such``, ``text.empty``, ``text.too_long``, ``key.out_of_range`` or ``key.too_many``.
        """
        await the_day(tx, by.day)
        keys, now = await tx.every(ApiKey, col(ApiKey.day) == by.day), self._clock.now()
        told = rules.label(label)
        event, until = rules.make_key(by.day, self._ids.new(), days, keys, at=now)
        token = rules.PREFIX + self._ids.secret(32)
        row = ApiKey(token_hash=rules.token_hash(token), day=by.day, key=event.key, label=told, made_at=now, expires_at=until)
        tx.add(row.model_copy(update={"made_by": by.person}))
        return Done((await tx.record(event)).seq, {"key": event.key, "token": token})

    @verb
    async def revoke_key(self, tx: Transaction, by: Actor, key: str) -> Done:
        """A key opens nothing any more, from the next request on.

        Raises:
            Refused: ``key.no_such``.
        """
        found = await tx.every(ApiKey, col(ApiKey.day) == by.day, col(ApiKey.key) == key)
        row = found[0] if found else None
        event = rules.revoke_key(row, at=self._clock.now())
        assert row
        tx.put(row.model_copy(update={"revoked_at": event.at}))
        return Done((await tx.record(event)).seq)

    async def note_used(self, key: ApiKey, on: date) -> None:
        """Note that a key was used on a day; once a day, so that reading costs no writing."""
        if key.used_on == on:
            return

        async def note(tx: Transaction) -> None:
            row = await tx.find(ApiKey, key.token_hash)
            if row is not None and (row.used_on is None or row.used_on < on):
                tx.put(row.model_copy(update={"used_on": on}))

        await self._store.run(note)
