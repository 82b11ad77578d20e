"""The questions as a table: what was asked, with which support, and how it ended."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from chat.questions import outcomes, views
from conference.core.errors import _
from conference.core.sheets import Sheet

COLUMNS = (
    _("Tid"), _("Panel"), _("Fråga"), _("Stöd"), _("Region"), _("Personer vid skärmen"), _("Ställd till"), _("Hur den slutade"),
    _("Besvarad"), _("Skriftligt svar"), _("Skäl"), _("Besvaras av"), _("Senast"), _("Sammanslagen"), _("Lyft till hela landet"),
)  # fmt: skip


async def sheets(session: AsyncSession, day: str) -> list[Sheet]:
    """One row for each question that was not taken away. Names stay out: a file lives longer than a consent."""
    people = {one["panellist"]: one["title"] for one in await views.panellists(session, day)}
    rows = tuple(
        (
            one.asked_at, one.lane, one.text, one.backs,
            "" if one.anonymous else one.region or "", None if one.anonymous else one.people,
            people.get(one.to or "", ""), outcomes.outcome(one),
            one.answered_at, one.answer or "", one.reason or "", people.get(one.assigned_to or "", ""), one.due,
            "x" if one.into else "", "x" if one.lifted else "",
        )
        for one in outcomes.asked(await views.all_questions(session, day))
        if not one.removed
    )  # fmt: skip
    return [Sheet(_("Frågor till panelen"), COLUMNS, rows)]
