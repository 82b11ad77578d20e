"""The surveys as a table for people: a row for every figure that may be shown, and for every text that may be quoted."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.errors import _
from conference.core.faces import Data
from conference.core.sheets import WITHHELD, Cell, Said, Sheet, Worded, disclosed
from polls.figures import CELLS, cells, correction, group_name
from polls.surveys.results import after_items, asked

COLUMNS = (_("Enkät"), _("Stängd"), _("Sort"), _("Fråga"), _("Region"), _("Verksamhet"), *CELLS, _("Får citeras"))

OF_ITEMS = (
    *(_("Inslag"), _("Rubrik"), _("Region"), _("Preliminärt"), _("n"), _("Medel"), _("Medel, lägst"), _("Medel, högst")),
    *(_("Svar"), _("Antal"), _("Procent"), _("Citat")),
)


async def sheets(session: AsyncSession, day: str) -> list[Sheet]:
    """One sheet, and one of the items that were asked about.

    Without a time of closing, figures are preliminary; a row without region and organisation is of all.
    """
    surveys, items = await asked(session, day), await after_items(session, day)
    sheet = Sheet(_("Utvärdering"), COLUMNS, tuple(row for survey in surveys for row in _rows(survey)))
    return [sheet, *([Sheet(_("Inslag"), OF_ITEMS, tuple(row for item in items for row in _of_item(item)))] if items else [])]


def _of_item(item: Data) -> Iterator[tuple[Cell, ...]]:
    """A row for each step, and one for what may be quoted; of an item that few have answered about, that alone."""
    about = (
        item["item"],
        item["title"],
        item["region"] or Said(_("Hela landet")),
        Said(_("Ja")) if item["preliminary"] else Said(_("Nej")),
    )
    if item["n"] is None:
        yield (*about, WITHHELD, None, None, None, None, None, None, None)
        return
    low, high = item["between"]
    for row in item["rows"]:
        yield (*about, item["n"], item["mean"], low, high, row["text"], row["count"], row["percent"], None)
    for text in item["texts"]:
        yield (*about, item["n"], None, None, None, None, None, None, text)


def _rows(survey: Data) -> Iterator[tuple[Cell, ...]]:
    if groups := survey["groups"]:
        group = (survey["survey"], survey["closed_at"], None, Said(_("Svar från grupper, och hur många de var")))
        yield (*group, None, None, None, groups["n"], survey["n"], None, groups["people"], None)
    for question in survey["questions"]:
        about = (survey["survey"], survey["closed_at"], question["kind"], Worded(question["title"], question["title_en"]))
        if follows := question.get("follows"):
            answered = follows["share"] or {"count": None, "percent": None}
            share = WITHHELD if answered["count"] is None else answered["percent"]
            counts = (disclosed(answered["count"]), disclosed(follows["asked"]), share)
            yield (*about, None, None, Said(_("Svarade, av dem som fick följdfrågan")), *counts, None, None)
        yield from ((*about, None, None, *row, None) for row in cells({**question, "texts": ()}))
        yield from ((*about, None, None, text, None, question["n"], None, None, 1) for text in question["texts"])
        for region in question["regions"]:
            yield from ((*about, group_name(region), None, *row, None) for row in cells(region))
        for group in question["affiliations"]:
            yield from ((*about, None, group["affiliation"], *row, None) for row in cells(group))
    for one in survey["corrections"]:
        title = Worded(survey["title"], survey["title_en"])
        yield survey["survey"], survey["closed_at"], "correction", title, None, None, correction(one), None, None, None, one["at"], None
