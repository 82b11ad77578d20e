"""What is to be sent: messages are made from the log of the day, each once, and given out to be sent until somebody has taken them.

An event in the log was written with its rows in one transaction. A message and the place in the log that it was made from are written in
one, too: so a process that dies between an event and its message loses and doubles nothing. Who sends is a matter of the web.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

import msgspec
from sqlmodel import col, func, select

from conference.core.clock import Clock
from conference.core.log import LogHead, LogRow
from conference.core.rows import every
from conference.core.store import Store
from conference.core.transaction import Transaction
from conference.followup.chart import late
from conference.followup.tables import Action
from conference.followup.webhooks import rules
from conference.followup.webhooks.events import WebhookRemoved
from conference.followup.webhooks.service import removed, waiting_for
from conference.followup.webhooks.signing import Secrets, signed
from conference.followup.webhooks.tables import Delivery, Webhook

AT_ONCE: Final = 100  # events of one transaction
BEHIND_MOST: Final = 1_000  # places in the log that a webhook may lie behind what it has looked at, before that is noted
AT_A_TIME: Final = 2  # messages to one receiver, so that a slow one holds up no other


@dataclass(frozen=True)
class Telling:
    """What is told of an event.

    Attributes:
        kind: one of `rules.KINDS`.
        data: of the event's own data: ids, and as ``url`` the address below the day in the read API.
    """

    kind: str
    data: Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Post:
    """One message to send now."""

    day: str
    delivery: str
    url: str
    body: bytes
    headers: Mapping[str, str]


class Outbox:
    """The messages of all days.

    Args:
        told: the name of an event -> what is told of it.
        link: address of a day in the read API.
    """

    def __init__(self, store: Store, clock: Clock, secrets: Secrets, told: Mapping[str, Telling], link: Callable[[str], str]) -> None:
        self._store, self._clock, self._secrets, self._told, self._link = store, clock, secrets, told, link

    async def fill(self) -> int:
        """Make messages of what has happened and of what has come due since; how many."""
        behind = await self._behind()
        made = sum([await self._store.run(partial(self._follow, *place)) for place in behind])
        return made + sum([await self._store.run(partial(self._note, *one)) for one in await self._actions()])

    async def _behind(self) -> list[tuple[str, str]]:
        """The webhooks that something has happened for."""
        joined = select(Webhook, LogHead.seq).join(LogHead, col(LogHead.day) == col(Webhook.day))
        found = []
        async with self._store.reading() as session:
            for hook, seq in (await session.exec(joined.where(col(Webhook.removed_at).is_(None), LogHead.seq > Webhook.seen))).all():
                news = select(LogRow.seq).where(LogRow.day == hook.day, LogRow.seq > hook.seen, col(LogRow.name).in_(self._told)).limit(1)
                if seq - hook.seen > BEHIND_MOST or (await session.exec(news)).first() is not None:
                    found.append((hook.day, hook.webhook))
        return found

    async def _follow(self, day: str, webhook: str, tx: Transaction) -> int:
        hook, head = await tx.find(Webhook, day, webhook), await tx.get(LogHead, day)
        if hook is None or hook.removed_at is not None or hook.seen >= head.seq:
            return 0
        here = (col(LogRow.day) == day, col(LogRow.seq) > hook.seen, col(LogRow.name).in_(self._told))
        rows = await tx.ask(every(LogRow).where(*here).order_by(col(LogRow.seq)).limit(AT_ONCE))
        room = rules.QUEUE_MOST - len(await waiting_for(tx, hook))
        made = 0
        for row in rows:
            telling = self._told[row["name"]]
            if telling.kind in hook.kinds:
                data = telling.data(msgspec.json.decode(row["data"]))
                name = rules.message_id(webhook, head.epoch, str(row["seq"]))
                tx.put(self._message(hook, name, telling.kind, row["at"], data, full=made >= room))
                made += 1
        tx.put(hook.model_copy(update={"seen": rows[-1]["seq"] if len(rows) == AT_ONCE else head.seq}))
        return made

    async def _actions(self) -> list[tuple[str, str, str]]:
        """Webhook and action that has come due, nobody was told of yet: day, webhook, action."""
        today = self._clock.now().date()
        joined = select(Webhook, Action).join(Action, col(Action.day) == col(Webhook.day)).where(col(Webhook.removed_at).is_(None))
        wanted = joined.where(~col(Action.removed), col(Action.due) <= today, col(Action.due) > today - rules.LATE)
        async with self._store.reading() as session:
            pairs = [
                (hook, action)
                for hook, action in (await session.exec(wanted)).all()
                if rules.ACTION_DUE in hook.kinds and action.due and action.due >= hook.made_at.date() and late([action], today)
            ]
            names = [_due_id(hook, action) for hook, action in pairs]
            known = set((await session.exec(select(Delivery.delivery).where(col(Delivery.delivery).in_(names)))).all()) if names else set()
        return [(hook.day, hook.webhook, action.action) for (hook, action), name in zip(pairs, names, strict=True) if name not in known]

    async def _note(self, day: str, webhook: str, name: str, tx: Transaction) -> int:
        hook, action = await tx.get(Webhook, day, webhook), await tx.get(Action, day, name)
        if hook.removed_at is not None or action.due is None or await tx.find(Delivery, day, _due_id(hook, action)):
            return 0
        full = len(await waiting_for(tx, hook)) >= rules.QUEUE_MOST
        data = {"action": name, "due": action.due, "url": f"/actions/{name}"}
        tx.put(self._message(hook, _due_id(hook, action), rules.ACTION_DUE, self._clock.now(), data, full=full))
        return 1

    def _message(self, hook: Webhook, name: str, kind: str, at: datetime, data: Mapping[str, Any], *, full: bool) -> Delivery:
        told = {"day": hook.day, **data, "url": self._link(hook.day) + str(data.get("url", ""))}
        now = self._clock.now()
        state = {"state": rules.GIVEN_UP, "fault": "full"} if full else {}
        row = Delivery(
            day=hook.day, delivery=name, webhook=hook.webhook, kind=kind, body=rules.body(kind, at, told), made_at=now, due_at=now
        )
        return row.model_copy(update=state)

    async def claim(self, most: int) -> list[Post]:
        """Messages to send now. No other process sends them until the time that each gets for its next try."""
        wanted = select(Delivery).where(Delivery.state == rules.WAITING, Delivery.due_at <= self._clock.now())
        async with self._store.reading() as session:
            rows = (await session.exec(wanted.order_by(col(Delivery.due_at), col(Delivery.delivery)).limit(most * 10))).all()
        taken: dict[str, int] = {}
        mine = []
        for row in rows:
            taken[row.webhook] = taken.get(row.webhook, 0) + 1
            if taken[row.webhook] <= AT_A_TIME:
                mine.append(row)
        found = [await self._store.run(partial(self._claim, row.day, row.delivery)) for row in mine[:most]]
        return [post for post in found if post]

    async def _claim(self, day: str, delivery: str, tx: Transaction) -> Post | None:
        row, now = await tx.find(Delivery, day, delivery), self._clock.now()
        hook = await tx.find(Webhook, day, row.webhook) if row else None
        if row is None or hook is None or row.state != rules.WAITING or row.due_at > now:
            return None
        tries = row.tries + 1
        tx.put(row.model_copy(update={"tries": tries, "due_at": now + rules.wait(delivery, tries) + rules.PATIENCE}))
        content = row.body.encode()
        return Post(day, delivery, hook.url, content, signed(self._secrets.of(day, hook.webhook), delivery, content, now))

    async def done(self, post: Post, status: int | None, fault: str = "") -> None:
        """Note what came of a try; a receiver that is no more is told nothing again."""

        async def note(tx: Transaction) -> None:
            row, now = await tx.find(Delivery, post.day, post.delivery), self._clock.now()
            hook = await tx.find(Webhook, post.day, row.webhook) if row else None
            if row is None or hook is None or row.state != rules.WAITING:
                return
            others = [one for one in await waiting_for(tx, hook) if one.delivery != row.delivery] if status == rules.GONE else []
            tx.put(rules.after(row, status, fault, at=now))
            if status == rules.GONE and hook.removed_at is None:
                await removed(tx, hook, others, WebhookRemoved(day=post.day, at=now, webhook=hook.webhook, why="gone"))

        await self._store.run(note)

    async def forget(self) -> None:
        """Drop what was sent or given up long ago."""
        old = (col(Delivery.state) != rules.WAITING) & (col(Delivery.made_at) < self._clock.now() - rules.KEPT)
        async with self._store.reading() as session:
            number = (await session.exec(select(func.count()).select_from(Delivery).where(old))).one()
        if number:
            await self._store.run(lambda tx: tx.drop_all(Delivery, old))


def _due_id(hook: Webhook, action: Action) -> str:
    return rules.message_id(hook.webhook, rules.ACTION_DUE, action.action, str(action.due))
