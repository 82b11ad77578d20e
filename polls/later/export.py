"""Answers in hindsight as a table for people: each answer as those who were there gave it, and beside it those who watched later."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.errors import _
from conference.core.faces import Data
from conference.core.sheets import WITHHELD, Cell, Said, Sheet, Worded, disclosed
from polls.kinds import RIGHT
from polls.later.views import told

COLUMNS = (
    *(_("Omröstning"), _("Sort"), _("Fråga"), _("Region"), _("Svar")),
    *(_("Antal, under dagen"), _("n, under dagen"), _("Procent, under dagen")),
    *(_("Antal, i efterhand"), _("n, i efterhand"), _("Procent, i efterhand"), _("Går att svara på")),
)


async def sheets(session: AsyncSession, day: str) -> list[Sheet]:
    """One sheet. Nobody who answered in hindsight is in a figure of the day itself."""
    return [Sheet(_("De som sett i efterhand"), COLUMNS, tuple(row for poll in await told(session, day) for row in _rows(poll)))]


def _rows(poll: Data) -> Iterator[tuple[Cell, ...]]:
    about = (poll["poll"], poll["kind"], Worded(poll["title"], poll["title_en"]), poll["region"])
    state = Said(_("Ja")) if poll["open"] else Said(_("Nej"))
    for live, later in zip(poll["live"]["rows"], poll["rows"], strict=True):
        text = Said(live["text"]) if live["option"] == RIGHT else Worded(live["text"], live["text_en"])
        yield (*about, text, *_figures(live), *_figures(later), state)


def _figures(row: Data) -> tuple[Cell, Cell, Cell]:
    return disclosed(row["count"]), disclosed(row["n"]), WITHHELD if row["count"] is None else row["percent"]
