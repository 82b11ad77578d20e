"""The questions as a table: what was asked, with which support, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from chat.questions import outcomes, views
from chat.questions.tables import Question
from conference import views as programme
from conference.core.errors import _
from conference.core.sheets import Cell, Said, Sheet
from conference.people import NATIONAL

COLUMNS = (
    _("Tid"), _("Panel"), _("Fråga"), _("Stöd"), _("Region"), _("Personer vid skärmen"), _("Ställd till"), _("Hur den slutade"),
    _("Besvarad"), _("Skriftligt svar"), _("Skäl"), _("Besvaras av"), _("Senast"), _("Sammanslagen"), _("Lyft till hela landet"),
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
    """One row for each question that was not taken away. Names stay out: a file lives longer than a consent."""
    people = {one["panellist"]: one["title"] for one in await views.panellists(session, day)}
    lanes: dict[str, Cell] = {region.region: region.name for region in await programme.regions(session, day)}
    lanes[NATIONAL] = Said(_("Hela landet"))
    asked = outcomes.asked(await views.all_questions(session, day))
    return [Sheet(_("Frågor till panelen"), COLUMNS, tuple(_row(one, lanes, people) for one in asked if not one.removed))]


def _row(one: Question, lanes: Mapping[str, Cell], people: Mapping[str, str]) -> tuple[Cell, ...]:
    region, there = ("", None) if one.anonymous else (one.region or "", one.people)
    return (
        one.asked_at, lanes.get(one.lane, one.lane), one.text, one.backs, lanes.get(region, region), there, people.get(one.to or "", ""),
        ENDS[outcomes.outcome(one)], one.answered_at, one.answer or "", one.reason or "", people.get(one.assigned_to or "", ""), one.due,
        "x" if one.into else "", "x" if one.lifted else "",
    )  # fmt: skip
