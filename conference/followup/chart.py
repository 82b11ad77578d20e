"""The map of needs, goals, items, actions and benefit, with every gap in it shown once. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from conference.followup.tables import Action, Benefit, Need

NO_ITEM: Final = "need_without_item"
NO_ACTION: Final = "need_without_action"
NO_OWNER_OR_DATE: Final = "action_without_owner_or_date"
NO_NEED: Final = "action_without_need"
NO_VALUE: Final = "benefit_without_value"
NO_NEED_OF_GOAL: Final = "goal_without_need"
GAPS: Final = (NO_ITEM, NO_ACTION, NO_OWNER_OR_DATE, NO_NEED, NO_VALUE, NO_NEED_OF_GOAL)
"""Kinds of gaps, in the order in which they are listed."""

MEASURED: Final = ("evaluated", "in_use")
"""Stages in which an action's benefit is known, or ought to be."""


@dataclass(frozen=True)
class Gap:
    """Something that is not there.

    Attributes:
        kind: one of `GAPS`.
        of: the id of what lacks it.
    """

    kind: str
    of: str


@dataclass(frozen=True)
class Row:
    """A need, with what answers it and what is done about it.

    Attributes:
        items: ids of those of its items that are in the programme.
        actions: the actions for it.
    """

    need: Need
    items: tuple[str, ...]
    actions: tuple[Action, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """The whole way.

    Attributes:
        rows: a row for each need, those that weigh most first.
        loose: actions for no need that is there.
        benefits: by the id of the action.
        gaps: each once, in the order of `GAPS`.
    """

    rows: tuple[Row, ...] = ()
    loose: tuple[Action, ...] = ()
    actions: tuple[Action, ...] = ()
    benefits: Mapping[str, tuple[Benefit, ...]] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()

    def of_kind(self, kind: str) -> list[str]:
        """Ids of what has a gap of this kind."""
        return [gap.of for gap in self.gaps if gap.kind == kind]


@dataclass(frozen=True)
class Rows:
    """What the map is made of: all of a day, removed or not.

    Attributes:
        goals: ids of the day's goals, in their order.
        items: ids of the day's items, in their order.
    """

    goals: Sequence[str] = ()
    items: Sequence[str] = ()
    needs: Sequence[Need] = ()
    actions: Sequence[Action] = ()
    benefits: Sequence[Benefit] = ()


def chart(rows: Rows) -> Chart:
    """The map. What was taken away is not in it, and what pointed at it points at nothing."""
    needs = sorted((need for need in rows.needs if not need.removed), key=lambda need: (-need.weight, need.place))
    actions = tuple(sorted((action for action in rows.actions if not action.removed), key=lambda action: action.place))
    there = {need.need for need in needs}
    of = {action.action: tuple(_of(action, rows.benefits)) for action in actions}
    lines = tuple(_row(need, actions, rows.items) for need in needs)
    loose = tuple(action for action in actions if not there & set(action.needs))
    found = [*_of_needs(lines), *_of_actions(actions, loose, of), *_of_goals(rows.goals, needs)]
    return Chart(lines, loose, actions, of, tuple(sorted(found, key=lambda gap: GAPS.index(gap.kind))))


def late(actions: Sequence[Action], on: date) -> list[Action]:
    """Actions to remind of, the longest waiting first: the date has come, it is not in ordinary use, and nobody was heard of since."""
    waiting = [one for one in actions if one.due is not None and one.due <= on and one.stage != "in_use" and not _heard_since(one, one.due)]
    return sorted(waiting, key=lambda one: (one.due or on, one.place))


def lacks(action: Action) -> tuple[str, ...]:
    """Which of owner and date an action lacks."""
    return tuple(name for name, there in (("owner", action.owner), ("due", action.due)) if not there)


def _heard_since(action: Action, due: date) -> bool:
    return action.told_at is not None and action.told_at.date() >= due


def _row(need: Need, actions: Sequence[Action], items: Sequence[str]) -> Row:
    answering = tuple(item for item in items if item in need.items)
    doing = tuple(action for action in actions if need.need in action.needs)
    gaps = [*([] if answering else [NO_ITEM]), *([] if doing else [NO_ACTION])]
    return Row(need, answering, doing, tuple(gaps))


def _of(action: Action, benefits: Sequence[Benefit]) -> list[Benefit]:
    mine = [benefit for benefit in benefits if benefit.action == action.action and not benefit.removed]
    return sorted(mine, key=lambda benefit: benefit.place)


def _of_needs(rows: Sequence[Row]) -> Iterator[Gap]:
    for row in rows:
        yield from (Gap(kind, row.need.need) for kind in row.gaps)


def _of_actions(actions: Sequence[Action], loose: Sequence[Action], benefits: Mapping[str, Sequence[Benefit]]) -> Iterator[Gap]:
    for action in actions:
        if lacks(action):
            yield Gap(NO_OWNER_OR_DATE, action.action)
        if action in loose:
            yield Gap(NO_NEED, action.action)
        if action.stage in MEASURED and not any(benefit.value is not None for benefit in benefits[action.action]):
            yield Gap(NO_VALUE, action.action)


def _of_goals(goals: Sequence[str], needs: Sequence[Need]) -> Iterator[Gap]:
    met = {goal for need in needs for goal in need.goals}
    yield from (Gap(NO_NEED_OF_GOAL, goal) for goal in dict.fromkeys(goals) if goal not in met)
