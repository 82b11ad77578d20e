"""The questions as a table: what was asked, with which support, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chat.questions import outcomes, views
from chat.questions.tables import Question
from conference import views as programme
from conference.core.errors import _
from conference.core.sheets import Cell, Said, Sheet
from conference.people import NATIONAL
from conference.people.tables import Person

COLUMNS = (
    _("Tid"), _("Panel"), _("Fråga"), _("Stöd"), _("Region"), _("Personer vid skärmen"), _("Ställd till"), _("Hur den slutade"),
    _("Besvarad"), _("Skriftligt svar"), _("Skäl"), _("Besvaras av"), _("Senast"), _("Sammanslagen"), _("Lyft till hela landet"),
    _("Hellre en annan"), _("Ämne"), _("Stjärna"), _("Får citeras"), _("Namn"),
)  # fmt: skip

ENDS: Final[Mapping[str, Said]] = {
    outcomes.LIVE: Said(_("Besvarad i sändning")),
    outcomes.WRITTEN: Said(_("Besvarad skriftligt")),
    outcomes.ASSIGNED: Said(_("Har fått någon som svarar")),
    outcomes.DECLINED: Said(_("Togs inte upp")),
    outcomes.WITHDRAWN: Said(_("Borttagen eller tillbakatagen")),
    outcomes.WAITING: Said(_("Väntar på svar")),
}
"""How a question ended, in words."""


async def sheets(session: AsyncSession, day: str) -> list[Sheet]:
    """One row for each question that was not taken away. Who asked is told of those alone who let themselves be quoted."""
    people = {one["panellist"]: one["title"] for one in await views.panellists(session, day)}
    lanes: dict[str, Cell] = {region.region: region.name for region in await programme.regions(session, day)}
    lanes[NATIONAL] = Said(_("Hela landet"))
    asked = [one for one in outcomes.asked(await views.all_questions(session, day)) if not one.removed]
    names = await _names(session, day, {one.person for one in asked if outcomes.may_be_named(one)})
    rows = tuple((*_row(one, lanes, people), *_marks(one, names)) for one in asked)
    return [Sheet(_("Frågor till panelen"), COLUMNS, rows)]


async def _names(session: AsyncSession, day: str, persons: set[str]) -> Mapping[str, str | None]:
    found = await session.exec(select(Person.person, Person.name).where(Person.day == day, col(Person.person).in_(persons)))
    return {person: name for person, name in found if name}


def _marks(one: Question, names: Mapping[str, str | None]) -> tuple[Cell, ...]:
    name = names.get(one.person) if outcomes.may_be_named(one) else None
    return one.against, one.label or "", "x" if one.starred else "", "x" if one.quotable else "", name or ""


def _row(one: Question, lanes: Mapping[str, Cell], people: Mapping[str, str]) -> tuple[Cell, ...]:
    region, there = (one.region or "", one.people) if outcomes.may_be_named(one) else ("", None)
    return (
        one.asked_at, lanes.get(one.lane, one.lane), one.text, one.backs, lanes.get(region, region), there, people.get(one.to or "", ""),
        ENDS[outcomes.outcome(one)], one.answered_at, one.answer or "", one.reason or "", people.get(one.assigned_to or "", ""), one.due,
        "x" if one.into else "", "x" if one.lifted else "",
    )  # fmt: skip
