"""What is shown of the way from needs to benefit: all of it to organizers and in the report, to an action's owner what that is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import Data, Faces, nobody
from conference.followup.chart import GAPS, Chart, Rows, chart, lacks, late
from conference.followup.events import (
    ActionMoved,
    ActionTold,
    OwnerForgotten,
    OwnerLinkMade,
    OwnerLinkWithdrawn,
    ThingRemoved,
    ThingRestored,
    ThingWritten,
)
from conference.followup.tables import Action, ActionReminder, Benefit, Need, Reached, Target, Told
from conference.tables import Day, Item

T = TypeVar("T", Need, Action, Benefit, Told)

FACES: Faces = {  # written on pages of their own: no screen of the day shows any of it
    ThingWritten: nobody,
    ThingRemoved: nobody,
    ThingRestored: nobody,
    ActionMoved: nobody,
    ActionTold: nobody,
    OwnerLinkMade: nobody,
    OwnerLinkWithdrawn: nobody,
    OwnerForgotten: nobody,
}


@dataclass(frozen=True)
class Loop:
    """A day's whole way from needs to benefit.

    Attributes:
        items: of the programme, by id, in their order.
        told: words and steps of each action, the newest first.
        removed: what was taken away and can be put back: kind, id, what it said.
    """

    day: Day
    chart: Chart
    items: Mapping[str, Item]
    told: Mapping[str, Sequence[Told]]
    removed: Sequence[tuple[str, str, str]]

    def late(self, on: date) -> list[Action]:
        """Actions to remind of."""
        return late(self.chart.actions, on)

    def shown(self, on: date) -> Data:
        """As pages and the report have it: ``needs``, ``actions``, ``goals``, ``gaps`` by kind, ``late`` and ``figures``."""
        return {
            "needs": [_need(row.need, row.items, row.gaps, row.actions, self.items) for row in self.chart.rows],
            "actions": [self._action(action) for action in self.chart.actions],
            "goals": [self._goal(goal) for goal in self.day.goals],
            "gaps": [{"kind": kind, "of": self.chart.of_kind(kind)} for kind in GAPS],
            "late": [action.action for action in self.late(on)],
            "figures": self._figures(),
        }

    def _action(self, action: Action) -> Data:
        values = [_benefit(one) for one in self.chart.benefits[action.action]]
        told = [_told(one) for one in self.told.get(action.action, ())]
        gaps = sorted(kind for kind in GAPS if kind.split("_")[0] != "need" and action.action in self.chart.of_kind(kind))
        needs = [row.need.need for row in self.chart.rows if row.need.need in action.needs]
        items = [_item(self.items[item]) for item in self.items if item in action.items]
        return {**_plain_action(action), "needs": needs, "items": items, "benefits": values, "told": told, "gaps": gaps}

    def _goal(self, goal: Mapping[str, Any]) -> Data:
        """How many needs a goal has, how many items answer them, and how many actions are for them."""
        rows = [row for row in self.chart.rows if goal["id"] in row.need.goals]
        items = {item for row in rows for item in row.items}
        actions = {action.action for row in rows for action in row.actions}
        about = {name: goal.get(name) for name in ("id", "number", "title", "title_en")}
        return {**about, "needs": len(rows), "items": len(items), "actions": len(actions)}

    def _figures(self) -> Data:
        rows = self.chart.rows
        return {
            "needs": len(rows),
            "answered": sum(bool(row.items) for row in rows),
            "acted_on": sum(bool(row.actions) for row in rows),
            "actions": len(self.chart.actions),
            "in_use": sum(action.stage == "in_use" for action in self.chart.actions),
            "measured": sum(any(one.value is not None for one in some) for some in self.chart.benefits.values()),
        }


async def loop(session: AsyncSession, day: str) -> Loop:
    """Everything of a day.

    Raises:
        LookupError: there is no such day.
    """
    row = await session.get(Day, day)
    if row is None:
        raise LookupError(day)
    items = {item.item: item for item in await session.exec(select(Item).where(Item.day == day).order_by(col(Item.position)))}
    needs, actions, benefits = await _all(session, Need, day), await _all(session, Action, day), await _all(session, Benefit, day)
    goals = [str(goal["id"]) for goal in row.goals]
    found = chart(Rows(goals, list(items), needs, actions, benefits))
    words: dict[str, list[Told]] = {}
    for one in sorted(await _all(session, Told, day), key=lambda one: -one.number):
        words.setdefault(one.action, []).append(one)
    rows: list[tuple[str, Need | Action | Benefit]] = [
        *(("need", need) for need in needs), *(("action", action) for action in actions), *(("benefit", one) for one in benefits),
    ]  # fmt: skip
    gone = [_removed(kind, one) for kind, one in rows if one.removed]
    return Loop(row, found, items, words, gone)


async def _all(session: AsyncSession, table: type[T], day: str) -> list[T]:
    return list(await session.exec(select(table).where(table.day == day)))


async def removed_besides(session: AsyncSession, day: str, series: str) -> list[tuple[str, str, str]]:
    """Targets and organisations that were taken away and can be put back."""
    targets = await session.exec(select(Target).where(Target.series == series, col(Target.removed)).order_by(col(Target.place)))
    organisations = await session.exec(select(Reached).where(Reached.day == day, col(Reached.removed)).order_by(col(Reached.reached)))
    return [*(_removed("target", one) for one in targets), *(_removed("reached", one) for one in organisations)]


async def reached(session: AsyncSession, day: str) -> list[Data]:
    """The organisations that took part in a day, in the order of their names."""
    rows = await session.exec(select(Reached).where(Reached.day == day, ~col(Reached.removed)).order_by(col(Reached.reached)))
    return [{"reached": row.reached, "name": row.name, "kind": row.kind} for row in rows]


async def action_of_link(session: AsyncSession, link: str) -> Action | None:
    """The action that a link's token leads to, by its hash; that of a reminder works for as long as reminders are sent."""
    handed = (await session.exec(select(Action).where(Action.link_hash == link))).one_or_none()
    reminder = (await session.exec(select(ActionReminder).where(ActionReminder.link_hash == link))).one_or_none()
    if handed or reminder is None:
        return handed
    action = await session.get(Action, (reminder.day, reminder.action))
    return action and action.model_copy(update={"link_until": None})


async def owned_by(session: AsyncSession, day: str, names: Collection[str]) -> list[str]:
    """The actions of a day, removed or not, that were taken on in one of these names, or are reminded of at such an address; ids."""
    wanted = {name.casefold() for name in names}
    reminders = (await session.exec(select(ActionReminder).where(ActionReminder.day == day))).all()
    reached = {one.action for one in reminders if one.address.casefold() in wanted}
    return [one.action for one in await _all(session, Action, day) if one.owner.casefold() in wanted or one.action in reached]


def _need(need: Need, items: Sequence[str], gaps: Sequence[str], actions: Sequence[Action], all_items: Mapping[str, Item]) -> Data:
    about = {name: getattr(need, name) for name in ("need", "statement", "statement_en", "source", "origin", "theme", "goals", "weight")}
    return {
        **about,
        "items": [_item(all_items[item]) for item in items],
        "actions": [action.action for action in actions],
        "gaps": list(gaps),
    }


def _item(item: Item) -> Data:
    return {"item": item.item, "title": item.title, "title_en": item.title_en, "lane": item.lane, "polls": list(item.polls)}


def _plain_action(action: Action) -> Data:
    about = {name: getattr(action, name) for name in ("action", "what", "owner", "due", "stage", "told_at")}
    return {**about, "lacks": list(lacks(action)), "has_link": action.link_hash is not None, "link_until": action.link_until}


def _benefit(one: Benefit) -> Data:
    about = {name: getattr(one, name) for name in ("benefit", "what", "unit", "assumption", "baseline", "effect", "value", "measured_on")}
    known = one.baseline is not None and one.value is not None
    return {**about, "change": one.value - one.baseline if known else None}  # type: ignore[operator]  # both are known


def _told(one: Told) -> Data:
    return {name: getattr(one, name) for name in ("number", "at", "by_owner", "was", "stage", "text")}


def _removed(kind: str, row: SQLModel) -> tuple[str, str, str]:
    told: Any = row
    said = {"need": "statement", "action": "what", "benefit": "what", "target": "title", "reached": "name"}[kind]
    return kind, str(getattr(told, kind)), str(getattr(told, said))
