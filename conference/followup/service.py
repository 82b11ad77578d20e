"""The verbs of the way from needs to benefit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlmodel import SQLModel, col, select

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.ids import Ids
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.followup import rules
from conference.followup.events import ThingRemoved, ThingRestored, ThingWritten
from conference.followup.rules import ActionDraft, BenefitDraft, NeedDraft, Step, TargetDraft
from conference.followup.tables import Action, ActionReminder, Benefit, Need, Reached, Target
from conference.service import the_day
from conference.tables import Day, Item

TABLES: Final[dict[str, type[SQLModel]]] = {"need": Need, "action": Action, "benefit": Benefit, "target": Target, "reached": Reached}


class Followup:
    """Needs, actions, benefit and targets of all days."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store, self._clock, self._ids = store, clock, ids

    @verb
    async def write_need(self, tx: Transaction, by: Actor, draft: NeedDraft, need: str | None = None) -> Done:
        """Note a need, or change one; the answer has its id.

        Raises:
            Refused: ``need.no_such``, ``need.too_many``, ``goal.no_such``, ``item.no_such``, and what is wrong with the draft.
        """
        day, columns = await the_day(tx, by.day), draft.columns()
        _know_goals(day, draft.goals)
        await _know_items(tx, by.day, draft.items or ())
        if need is None:
            return await self._add_needs(tx, by, [columns], "hand")
        row = there(await tx.find(Need, by.day, need), "need")
        if columns["statement"] != row.statement:
            columns["statement_en"] = None
        tx.put(row.model_copy(update=columns))
        return await self._written(tx, by, "need", [need])

    @verb
    async def take_needs(self, tx: Transaction, by: Actor, drafts: Sequence[NeedDraft], origin: str) -> Done:
        """Note many needs at once, all or none; a need that is there already in the same words stays as it is.

        Args:
            origin: where they come from: ``import``, ``poll:p-steg`` …

        Raises:
            Refused: as for one.
        """
        day, columns = await the_day(tx, by.day), [draft.columns() for draft in drafts]
        _know_goals(day, [goal for draft in drafts for goal in draft.goals])
        return await self._add_needs(tx, by, columns, origin)

    @verb
    async def write_action(self, tx: Transaction, by: Actor, draft: ActionDraft, action: str | None = None) -> Done:
        """Note an action, or change one; the answer has its id.

        Raises:
            Refused: ``action.no_such``, ``action.too_many``, ``need.no_such``, ``item.no_such``, and what is wrong with the draft.
        """
        await the_day(tx, by.day)
        columns = draft.columns()
        await _know_needs(tx, by.day, draft.needs)
        await _know_items(tx, by.day, draft.items)
        if action is not None:
            row, reminder = there(await tx.find(Action, by.day, action), "action"), await tx.find(ActionReminder, by.day, action)
            if reminder and row.owner != columns["owner"]:  # whoever was reminded has it no more
                tx.drop(reminder)
            tx.put(row.model_copy(update=columns))
            return await self._written(tx, by, "action", [action])
        place = await _free_place(tx, Action, by.day, rules.ACTIONS_MOST)
        new = Action(day=by.day, action=self._ids.new(), place=place, stage=rules.STAGES[0], **columns)
        tx.add(new)
        return await self._written(tx, by, "action", [new.action])

    @verb
    async def move_action(self, tx: Transaction, by: Actor, action: str, stage: str, text: str = "") -> Done:
        """Let an action go to another stage. Refused: ``action.no_such``, and as `rules.move`."""
        row = there(await tx.find(Action, by.day, action), "action")
        return await stepped(tx, rules.move(row, stage, text, by_owner=False, at=self._clock.now()))

    @verb
    async def write_benefit(self, tx: Transaction, by: Actor, action: str, draft: BenefitDraft, benefit: str | None = None) -> Done:
        """Note what an action is good for, or change it; the answer has its id.

        Raises:
            Refused: ``action.no_such``, ``benefit.no_such``, and what is wrong with the draft.
        """
        columns = draft.columns()
        there(await tx.find(Action, by.day, action), "action")
        if benefit is not None:
            row = there(await tx.find(Benefit, by.day, benefit), "benefit")
            if row.action != action:
                raise rules.no_such("benefit")
            tx.put(row.model_copy(update=columns))
            return await self._written(tx, by, "benefit", [benefit])
        place = await _free_place(tx, Benefit, by.day, rules.ACTIONS_MOST)
        new = Benefit(day=by.day, benefit=self._ids.new(), place=place, action=action, **columns)
        tx.add(new)
        return await self._written(tx, by, "benefit", [new.benefit])

    @verb
    async def write_target(self, tx: Transaction, by: Actor, draft: TargetDraft, target: str | None = None) -> Done:
        """Set a goal in a figure for the day's series, or change one; the answer has its id.

        Raises:
            Refused: ``target.no_such``, ``goal.no_such``, and what is wrong with the draft.
        """
        day, columns = await the_day(tx, by.day), draft.columns()
        _know_goals(day, [draft.goal] if draft.goal else [])
        if target is not None:
            tx.put(there(await tx.find(Target, day.series, target), "target").model_copy(update=columns))
            return await self._written(tx, by, "target", [target])
        number = len(await tx.every(Target, col(Target.series) == day.series))
        if number >= rules.TARGETS_MOST:
            raise rules.too_many("target", rules.TARGETS_MOST)
        new = Target(series=day.series, target=self._ids.new(), place=number, **columns)
        tx.add(new)
        return await self._written(tx, by, "target", [new.target])

    @verb
    async def note_reached(self, tx: Transaction, by: Actor, names: Sequence[str], kind: str) -> Done:
        """Note organisations that took part in the day. The same name again is the same one; the later kind rules.

        Raises:
            Refused: ``kind.unknown``, ``reached.too_many``, ``text.empty``, ``text.too_long``.
        """
        await the_day(tx, by.day)
        if kind not in rules.KINDS:
            raise Refused("kind.unknown", _("Välj vad det är för slags organisation."))
        found = rules.reached(names)
        had = {row["reached"] for row in await tx.ask(select(col(Reached.reached)).where(col(Reached.day) == by.day))}
        if len(had | found.keys()) > rules.REACHED_MOST:
            raise rules.too_many("reached", rules.REACHED_MOST)
        for key, name in found.items():
            tx.put(Reached(day=by.day, reached=key, name=name, kind=kind))
        return await self._written(tx, by, "reached", sorted(found))

    @verb
    async def remove(self, tx: Transaction, by: Actor, of: str, name: str) -> Done:
        """Take something away; it can be put back. Refused: ``need.no_such``, ``action.no_such`` …"""
        row = await self._find(tx, by.day, of, name)
        tx.put(there(row, of).model_copy(update={"removed": True}))
        return Done((await tx.record(ThingRemoved(day=by.day, at=self._clock.now(), of=of, id=name))).seq)

    @verb
    async def restore(self, tx: Transaction, by: Actor, of: str, name: str) -> Done:
        """Put something back. Refused: ``need.no_such``, ``action.no_such`` …"""
        row = await self._find(tx, by.day, of, name)
        if row is None:
            raise rules.no_such(of)
        tx.put(row.model_copy(update={"removed": False}))
        return Done((await tx.record(ThingRestored(day=by.day, at=self._clock.now(), of=of, id=name))).seq)

    async def _find(self, tx: Transaction, day: str, of: str, name: str) -> Any:
        if of not in TABLES:
            raise Refused("thing.unknown", _("Det går inte att ta bort."))
        return await tx.find(TABLES[of], (await the_day(tx, day)).series if of == "target" else day, name)

    async def _add_needs(self, tx: Transaction, by: Actor, wanted: list[dict[str, Any]], origin: str) -> Done:
        had = await tx.every(Need, col(Need.day) == by.day)
        known = {need.statement.casefold() for need in had if not need.removed}
        new = list({one["statement"].casefold(): one for one in reversed(wanted)}.values())[::-1]
        if origin != "hand":
            new = [one for one in new if one["statement"].casefold() not in known]
        if len(had) + len(new) > rules.NEEDS_MOST:
            raise rules.too_many("need", rules.NEEDS_MOST)
        rows = [Need(day=by.day, need=self._ids.new(), place=place, origin=origin, **one) for place, one in enumerate(new, start=len(had))]
        for row in rows:
            tx.add(row)
        if not rows:
            return Done(data={"needs": []})
        done = await self._written(tx, by, "need", [row.need for row in rows])
        return Done(done.seq, {"need": rows[0].need, "needs": [row.need for row in rows]})

    async def _written(self, tx: Transaction, by: Actor, of: str, ids: list[str]) -> Done:
        entry = await tx.record(ThingWritten(day=by.day, at=self._clock.now(), of=of, ids=ids))
        return Done(entry.seq, {of: ids[0]})


async def stepped(tx: Transaction, step: Step) -> Done:
    """Store what follows when an action moves or is told of."""
    tx.put(step.action)
    if step.told:
        tx.add(step.told)
    seq = None
    for event in step.events:
        seq = (await tx.record(event)).seq
    return Done(seq, {"action": step.action.action})


async def _free_place(tx: Transaction, table: type[Action | Benefit], day: str, most: int) -> int:
    number = len(await tx.every(table, col(table.day) == day))
    if number >= most:
        raise rules.too_many(str(table.__tablename__), most)
    return number


async def _know_items(tx: Transaction, day: str, items: Sequence[str]) -> None:
    if items:
        known = {row["item"] for row in await tx.ask(select(col(Item.item)).where(col(Item.day) == day))}
        rules.all_known(items, known, Refused("item.no_such", _("Inslaget finns inte.")))


async def _know_needs(tx: Transaction, day: str, needs: Sequence[str]) -> None:
    if needs:
        known = {row["need"] for row in await tx.ask(select(col(Need.need)).where(col(Need.day) == day))}
        rules.all_known(needs, known, rules.no_such("need"))


def _know_goals(day: Day, goals: Sequence[str]) -> None:
    rules.all_known(goals, {str(goal["id"]) for goal in day.goals}, Refused("goal.no_such", _("Målet finns inte.")))


def there(row: Any, of: str) -> Any:
    """The row, when nobody has taken it away.

    Raises:
        Refused: ``need.no_such``, ``action.no_such`` …
    """
    if row is None or row.removed:
        raise rules.no_such(of)
    return row
