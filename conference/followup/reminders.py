"""Letters to the owners of actions: on the day when something is due, and once more when nothing was heard. Then no more.

Who sends them is a matter of the web. The letter has a link of its own to the owner's page, so the one that was handed over stays good.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core import audit
from conference.core.actor import Actor, Done
from conference.core.addresses import checked
from conference.core.clock import Clock
from conference.core.ids import Ids
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.followup import rules
from conference.followup.chart import late
from conference.followup.events import ThingWritten
from conference.followup.service import there
from conference.followup.tables import Action, ActionReminder

ONCE_MORE: Final = timedelta(days=14)  # after the first letter
TRIES_MOST: Final = 8
AGAIN: Final = timedelta(minutes=5)  # after the first try that failed; twice as long after each: half a day and a half in all


@dataclass(frozen=True)
class Ready:
    """A letter to send: about which action, and with which links."""

    day: str
    action: str
    what: str
    due: date
    address: str
    lang: str
    token: str
    leave: str
    number: int


def is_due(action: Action, reminder: ActionReminder, on: date) -> bool:
    """Whether a letter is to be sent on a day: the first when the action is late, another one `ONCE_MORE` after it, a third never.

    A date that is moved further than the last letter begins anew.
    """
    if not late([action], on) or action.removed or action.due is None:
        return False
    if reminder.sent_on is None or reminder.sent_on < action.due:
        return True
    return reminder.sent == 1 and on >= reminder.sent_on + ONCE_MORE


class Reminders:
    """Where owners are reminded, and what is to be sent."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store, self._clock, self._ids = store, clock, ids

    @verb
    async def remind(self, tx: Transaction, by: Actor, action: str, address: str, lang: str = "sv") -> Done:
        """Remind the owner of an action at an address from now on; an empty one: no more.

        Raises:
            Refused: ``action.no_such``, ``address.wrong``.
        """
        there(await tx.find(Action, by.day, action), "action")
        before = await tx.find(ActionReminder, by.day, action)
        to, now = address.strip() and checked(address), self._clock.now()
        if before and before.address != to:
            tx.drop(before)
        if to and (before is None or before.address != to):
            token, leave = self._ids.secret(), self._ids.secret()
            links: dict[str, Any] = {"token": token, "link_hash": rules.token_hash(token), "leave": leave}
            tx.put(ActionReminder(day=by.day, action=action, address=to, lang=lang, due_at=now, **links))
        return Done((await tx.record(ThingWritten(day=by.day, at=now, of="action", ids=[action]))).seq)

    async def due(self, most: int) -> Sequence[tuple[str, str]]:
        """The actions whose owners are to have a letter now, by day."""
        now = self._clock.now()
        joined = select(Action, ActionReminder).join(
            ActionReminder, (col(ActionReminder.day) == col(Action.day)) & (col(ActionReminder.action) == col(Action.action))
        )
        wanted = joined.where(col(Action.due) <= now.date(), ~col(Action.removed), ActionReminder.due_at <= now)
        async with self._store.reading() as session:
            rows = (await session.exec(wanted.order_by(col(Action.due), col(Action.day), col(Action.action)))).all()
        return [(action.day, action.action) for action, reminder in rows if is_due(action, reminder, now.date())][:most]

    async def claim(self, day: str, action: str) -> Ready | None:
        """Take a letter on oneself: no other process sends it until the time that it gets for its next try."""

        async def take(tx: Transaction) -> Ready | None:
            row, reminder, now = await tx.find(Action, day, action), await tx.find(ActionReminder, day, action), self._clock.now()
            if row is None or reminder is None or row.due is None or reminder.due_at > now or not is_due(row, reminder, now.date()):
                return None
            if reminder.tries >= TRIES_MOST:
                tx.drop(reminder)
                return None
            tx.put(reminder.model_copy(update={"tries": reminder.tries + 1, "due_at": now + AGAIN * 2**reminder.tries}))
            number = 1 if reminder.sent_on is None or reminder.sent_on < row.due else reminder.sent + 1
            return Ready(day, action, row.what, row.due, reminder.address, reminder.lang, reminder.token, reminder.leave, number)

        return await self._store.run(take)

    async def done(self, ready: Ready, *, sent: bool) -> None:
        """It was sent; or never can be, and then the address is forgotten."""

        async def note(tx: Transaction) -> None:
            reminder, now = await tx.find(ActionReminder, ready.day, ready.action), self._clock.now()
            if reminder and sent:
                tx.put(reminder.model_copy(update={"sent": ready.number, "sent_on": now.date(), "tries": 0, "due_at": now}))
            elif reminder:
                tx.drop(reminder)

        await self._store.run(note)

    async def entered(self, sent: Mapping[str, int]) -> None:
        """Enter in the audit chain of each day how many letters of a round were sent."""

        async def enter(tx: Transaction) -> None:
            for day, n in sorted(sent.items()):
                await audit.enter(tx, audit.Deed(day, "house", "followup.reminded", {"n": n}, self._clock.now()))

        if Counter(sent).total():
            await self._store.run(enter)

    async def forget(self, leave: str) -> int:
        """Send nothing more to whoever has this link to say so; of how many actions."""
        return await forget(self._store, leave)

    async def leaving(self, leave: str) -> str | None:
        """The day of the action that this link is about; ``None`` when nothing is sent under it."""
        async with self._store.reading() as session:
            return (await session.exec(select(ActionReminder.day).where(ActionReminder.leave == leave))).first()

    async def of(self, day: str, action: str) -> tuple[str, int, date | None] | None:
        """Where the owner of an action is reminded, how many times it was done since it is due, and when last."""
        async with self._store.reading() as session:
            found = await session.get(ActionReminder, (day, action))
        return (found.address, found.sent, found.sent_on) if found else None


async def forget(store: Store, leave: str) -> int:
    """Drop the reminders under one link to say so."""

    async def drop(tx: Transaction) -> int:
        rows = await tx.every(ActionReminder, col(ActionReminder.leave) == leave)
        for row in rows:
            tx.drop(row)
        return len(rows)

    return await store.run(drop)


async def of_address(session: AsyncSession, day: str, address: str) -> list[str]:
    """The actions whose owner is reminded at an address."""
    same = func.lower(ActionReminder.address) == address.lower()
    return list(await session.exec(select(ActionReminder.action).where(ActionReminder.day == day, same)))
