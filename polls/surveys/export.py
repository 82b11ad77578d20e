"""The surveys as a table for people: a row for every figure that may be shown, and for every text that may be quoted."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.errors import _
from conference.core.faces import Data
from conference.core.sheets import Cell, Said, Sheet
from polls.figures import CELLS, cells, group_name
from polls.surveys.results import asked

COLUMNS = (_("Enkät"), _("Stängd"), _("Sort"), _("Fråga"), _("Region"), _("Verksamhet"), *CELLS, _("Får citeras"))


async def sheets(session: AsyncSession, day: str) -> list[Sheet]:
    """One sheet. Without a time of closing, figures are preliminary; a row without region and organisation is of all."""
    surveys = await asked(session, day)
    return [Sheet(_("Utvärdering"), COLUMNS, tuple(row for survey in surveys for row in _rows(survey)))]


def _rows(survey: Data) -> Iterator[tuple[Cell, ...]]:
    if groups := survey["groups"]:
        about = (survey["survey"], survey["closed_at"], None, Said(_("Svar från grupper, och hur många de var")))
        yield (*about, None, None, None, groups["n"], survey["n"], None, groups["people"], None)
    for question in survey["questions"]:
        about = (survey["survey"], survey["closed_at"], question["kind"], question["title"])
        yield from ((*about, None, None, *row, None) for row in cells({**question, "texts": ()}))
        yield from ((*about, None, None, text, None, question["n"], None, None, 1) for text in question["texts"])
        for region in question["regions"]:
            yield from ((*about, group_name(region), None, *row, None) for row in cells(region))
        for group in question["affiliations"]:
            yield from ((*about, None, group["affiliation"], *row, None) for row in cells(group))
