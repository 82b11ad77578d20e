"""The verbs of those who have taken on an action: they come by a link, without an account, and say how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import col

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.ids import Ids
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.followup import rules
from conference.followup.events import OwnerForgotten, OwnerLinkMade, OwnerLinkWithdrawn, ThingWritten
from conference.followup.service import stepped, there
from conference.followup.tables import Action, ActionReminder, Benefit, Told


class Owners:
    """Links for the owners of actions, and what they tell."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store, self._clock, self._ids = store, clock, ids

    @verb
    async def make_link(self, tx: Transaction, by: Actor, action: str) -> Done:
        """Make the link of an action's owner; the answer has its token, this once. An older one is dead. Refused: ``action.no_such``."""
        row, token, now = there(await tx.find(Action, by.day, action), "action"), self._ids.secret(), self._clock.now()
        tx.put(row.model_copy(update={"link_hash": rules.token_hash(token), "link_until": now + rules.LINK_WORKS}))
        return Done((await tx.record(OwnerLinkMade(day=by.day, at=now, action=action))).seq, {"token": token})

    @verb
    async def withdraw_link(self, tx: Transaction, by: Actor, action: str) -> Done:
        """The link of an action's owner does not open any more. Refused: ``action.no_such``."""
        row = there(await tx.find(Action, by.day, action), "action")
        tx.put(row.model_copy(update={"link_hash": None, "link_until": None}))
        return Done((await tx.record(OwnerLinkWithdrawn(day=by.day, at=self._clock.now(), action=action))).seq)

    @verb
    async def tell(
        self, tx: Transaction, by: Actor, link: str, stage: str, text: str, values: Sequence[tuple[str, float, date]] = ()
    ) -> Done:
        """The owner says how an action goes.

        Args:
            by: of the action's day.
            link: hash of the token.
            values: benefits of the action that have been measured: id, figure, on which day.

        Raises:
            Refused: ``link.no_such``, ``link.expired``, ``benefit.no_such``, ``figure.out_of_range``, and as `rules.move`.
        """
        action = await _opened(tx, by.day, link, self._clock.now())
        changed = [await _measured(tx, action, *value) for value in values]
        step = rules.move(action, stage, text, by_owner=True, at=self._clock.now()) if text.strip() or stage != action.stage else None
        if step is None and not changed:
            raise Refused("text.empty", _("Välj ett nytt steg, eller skriv hur det går."))
        for benefit in changed:
            tx.put(benefit)
        if step is not None:
            await stepped(tx, step)
        else:
            tx.put(action.model_copy(update={"told_at": self._clock.now()}))
        if changed:
            await tx.record(ThingWritten(day=by.day, at=self._clock.now(), of="benefit", ids=[benefit.benefit for benefit in changed]))
        return Done(data={"action": action.action})

    @verb
    async def forget_owner(self, tx: Transaction, by: Actor, action: str) -> Done:
        """Forget who had taken on an action and what they told of it; their link is dead. Stages and figures stay.

        Raises:
            Refused: ``action.no_such``.
        """
        row = await tx.find(Action, by.day, action)
        if row is None:
            raise rules.no_such("action")
        words = await tx.every(Told, col(Told.day) == by.day, col(Told.action) == action)
        reminder = await tx.find(ActionReminder, by.day, action)
        if reminder:
            tx.drop(reminder)
        tx.put(row.model_copy(update={"owner": "", "link_hash": None, "link_until": None}))
        for told in words:
            tx.put(told.model_copy(update={"text": ""}))
        return Done((await tx.record(OwnerForgotten(day=by.day, at=self._clock.now(), action=action))).seq)


async def _opened(tx: Transaction, day: str, link: str, at: datetime) -> Action:
    """The action of a link that was handed over, or that stood in a reminder: this one works for as long as reminders are sent.

    Raises:
        Refused: ``link.no_such``, ``link.expired``.
    """
    found = await tx.every(Action, col(Action.link_hash) == link, col(Action.day) == day)
    reminders = await tx.every(ActionReminder, col(ActionReminder.link_hash) == link, col(ActionReminder.day) == day)
    if found:
        return rules.open_link(found[0], at=at)
    action = await tx.find(Action, day, reminders[0].action) if reminders else None
    return rules.open_link(None, at=at) if action is None or action.removed else action


async def _measured(tx: Transaction, action: Action, name: str, value: float, on: date) -> Benefit:
    row = await tx.find(Benefit, action.day, name)
    if row is None or row.removed or row.action != action.action:
        raise rules.no_such("benefit")
    return row.model_copy(update={"value": rules.figure(value), "measured_on": on})
