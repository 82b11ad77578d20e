"""Needs and actions as tables to take away: what was asked for, what answers it, what is done about it and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.errors import _
from conference.core.sheets import Cell, Said, Sheet
from conference.followup.chart import NO_ACTION, NO_ITEM
from conference.followup.tables import Benefit
from conference.followup.views import Loop, loop

STAGES: Final[Mapping[str, str]] = {
    "need": _("behov"),
    "trial": _("på prov"),
    "evaluated": _("utvärderad"),
    "in_use": _("i vanlig drift"),
}
"""Stages in words."""

ORIGINS: Final[Mapping[str, str]] = {"hand": _("skrivet för hand"), "kit": _("paketet"), "import": _("en fil")}

NEED_COLUMNS = (
    _("Behov"), _("Källa"), _("Hämtat ur"), _("Tema"), _("Mål"), _("Vikt"), _("Inslag som svarar"), _("Åtgärder"),
    _("Saknar inslag"), _("Saknar åtgärd"), _("Id"),
)  # fmt: skip
ACTION_COLUMNS = (
    _("Åtgärd"), _("Vem"), _("Senast"), _("Steg"), _("Behov"), _("Inslag"), _("Nytta"), _("Enhet"), _("Utgångsläge"), _("Väntad effekt"),
    _("Antagande"), _("Uppföljt värde"), _("Uppföljt"), _("Förändring"), _("Id"),
)  # fmt: skip
TOLD_COLUMNS = (_("Åtgärd"), _("Tid"), _("Från"), _("Steg"), _("Sagt av ägaren"), _("Text"), _("Id"))


async def needs(session: AsyncSession, day: str) -> list[Sheet]:
    """One row for each need."""
    found = await loop(session, day)
    return [Sheet(_("Behov"), NEED_COLUMNS, tuple(_needs(found)))]


async def actions(session: AsyncSession, day: str) -> list[Sheet]:
    """One row for each benefit of an action, or for an action that has none yet; beside it every step and word of them."""
    found = await loop(session, day)
    return [Sheet(_("Åtgärder"), ACTION_COLUMNS, tuple(_actions(found))), Sheet(_("Så har det gått"), TOLD_COLUMNS, tuple(_told(found)))]


def _needs(found: Loop) -> Iterator[tuple[Cell, ...]]:
    goals = {str(goal["id"]): str(goal["title"]) for goal in found.day.goals}
    for row in found.chart.rows:
        need = row.need
        origin = Said(ORIGINS[need.origin]) if need.origin in ORIGINS else need.origin
        told = (need.statement, need.source, origin, need.theme, _listed(goals.get(one, one) for one in need.goals), need.weight)
        answers = _listed(found.items[one].title for one in row.items)
        doing = _listed(action.what for action in row.actions)
        yield (*told, answers, doing, "x" if NO_ITEM in row.gaps else "", "x" if NO_ACTION in row.gaps else "", need.need)


def _actions(found: Loop) -> Iterator[tuple[Cell, ...]]:
    statements = {row.need.need: row.need.statement for row in found.chart.rows}
    for action in found.chart.actions:
        about = (action.what, action.owner, action.due, Said(STAGES[action.stage]))
        why = _listed(text for need, text in statements.items() if need in action.needs)
        items = _listed(item.title for name, item in found.items.items() if name in action.items)
        for benefit in found.chart.benefits[action.action] or (None,):
            yield (*about, why, items, *_benefit(benefit), action.action)


def _benefit(benefit: Benefit | None) -> tuple[Cell, ...]:
    if benefit is None:
        return ("", "", None, None, "", None, None, None)
    change = None if benefit.value is None or benefit.baseline is None else benefit.value - benefit.baseline
    figures = (benefit.baseline, benefit.effect, benefit.assumption, benefit.value, benefit.measured_on, change)
    return (benefit.what, benefit.unit, *figures)


def _told(found: Loop) -> Iterator[tuple[Cell, ...]]:
    for action in found.chart.actions:
        for one in reversed(found.told.get(action.action, ())):
            by = "x" if one.by_owner else ""
            yield (action.what, one.at, Said(STAGES[one.was]), Said(STAGES[one.stage]), by, one.text, action.action)


def _listed(texts: Iterable[Any]) -> str:
    return "; ".join(str(text) for text in texts)
