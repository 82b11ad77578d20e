"""The verbs of webhooks, for organizers."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlmodel import col

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.ids import Ids
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.followup.webhooks import rules
from conference.followup.webhooks.events import WebhookRemoved
from conference.followup.webhooks.rules import Network
from conference.followup.webhooks.signing import Secrets
from conference.followup.webhooks.tables import Delivery, Webhook
from conference.service import the_day


class Webhooks:
    """Who is told of the day.

    Args:
        inside: networks that are not of the open internet, where something may be sent all the same.
    """

    def __init__(self, store: Store, clock: Clock, ids: Ids, secrets: Secrets, inside: Sequence[Network]) -> None:
        self._store, self._clock, self._ids, self._secrets, self._inside = store, clock, ids, secrets, inside

    @verb
    async def make(self, tx: Transaction, by: Actor, url: str, kinds: Collection[str]) -> Done:
        """Tell another system what happens from now on; the answer has the secret that its signatures are checked with, this once.

        Raises:
            Refused: ``day.no_such``, ``webhook.wrong_address``, ``webhook.no_kind`` or ``webhook.too_many``.
        """
        await the_day(tx, by.day)
        there, now = await tx.every(Webhook, col(Webhook.day) == by.day), self._clock.now()
        to = rules.address(url, self._inside)
        event = rules.make(by.day, self._ids.new(), kinds, there, at=now)
        entry = await tx.record(event)
        tx.add(
            Webhook(day=by.day, webhook=event.webhook, url=to, kinds=event.kinds, seen=entry.seq, made_at=now, made_by=by.person)
        )  # from its own place on: what happened before is nobody's news
        return Done(entry.seq, {"webhook": event.webhook, "secret": self._secrets.of(by.day, event.webhook)})

    @verb
    async def remove(self, tx: Transaction, by: Actor, webhook: str) -> Done:
        """Tell it nothing more; what waits is given up.

        Raises:
            Refused: ``webhook.no_such``.
        """
        row = rules.there(await tx.find(Webhook, by.day, webhook))
        waiting = await waiting_for(tx, row)
        return Done(await removed(tx, row, waiting, WebhookRemoved(day=by.day, at=self._clock.now(), webhook=webhook, why="removed")))

    @verb
    async def ping(self, tx: Transaction, by: Actor, webhook: str) -> Done:
        """Send a message that says nothing, to see whether it arrives.

        Raises:
            Refused: ``webhook.no_such``.
        """
        row, now = rules.there(await tx.find(Webhook, by.day, webhook)), self._clock.now()
        told = rules.body(rules.PING, now, {"day": by.day})
        name = rules.message_id(webhook, rules.PING, self._ids.new())
        tx.add(Delivery(day=by.day, delivery=name, webhook=row.webhook, kind=rules.PING, body=told, made_at=now, due_at=now))
        return Done()

    @verb
    async def again(self, tx: Transaction, by: Actor, delivery: str) -> Done:
        """Send a message once more, under the id it had.

        Raises:
            Refused: ``webhook.no_such``, also when its webhook is told nothing any more.
        """
        row = await tx.find(Delivery, by.day, delivery)
        rules.there(await tx.find(Webhook, by.day, row.webhook) if row else None)
        assert row
        tx.put(row.model_copy(update={"state": rules.WAITING, "tries": 0, "due_at": self._clock.now()}))
        return Done()


async def waiting_for(tx: Transaction, webhook: Webhook) -> list[Delivery]:
    """What waits to be sent to one webhook."""
    here = (col(Delivery.day) == webhook.day, col(Delivery.webhook) == webhook.webhook)
    return await tx.every(Delivery, *here, col(Delivery.state) == rules.WAITING)


async def removed(tx: Transaction, webhook: Webhook, waiting: Sequence[Delivery], event: WebhookRemoved) -> int:
    """Store that a webhook is told nothing more; the place in the log."""
    tx.put(webhook.model_copy(update={"removed_at": event.at, "why": event.why}))
    for one in waiting:
        tx.put(one.model_copy(update={"state": rules.GIVEN_UP}))
    return (await tx.record(event)).seq
