"""What people thought of each item as it ended, as parts of a chapter and rows of a table. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from conference.core.faces import Data
from conference.core.sheets import WITHHELD, Cell
from conference.followup.reports.answers import DASH, HIDDEN_NOTE, number
from conference.followup.reports.document import Column, Part, Table, Unit, Value, chart_of

CAVEAT = "Medel vars osäkerhet går om varandra kan skilja av en slump."


def told(items: Iterable[Data]) -> list[Data]:
    """Those whose figures were kept: a version of before kept their quotations alone."""
    return [one for one in items if "steps" in one]


def parts(items: Iterable[Data]) -> list[Part]:
    """The part of a chapter; none where no item was asked about.

    Args:
        items: as `polls.surveys.results.after_items` gives them, in the order of the programme.
    """
    asked = told(items)
    if not asked:
        return []
    rated = [one for one in asked if one["n"] is not None]
    steps = [row["text"] for row in rated[0]["rows"]] if rated else []
    columns = (
        *(Column("Inslag"), Column("Region"), Column("n", Unit.NUMBER), Column("Medel", Unit.NUMBER), Column("Osäkerhet")),
        *(Column(step, Unit.PERCENT) for step in steps),
    )
    note = f"Andel av n, som är antalet svar om inslaget. Medel av steg 1{DASH}{asked[0]['steps']}. {HIDDEN_NOTE}"
    table = Table("Svar per inslag", columns, tuple(_row(one, len(steps)) for one in asked), note=note)
    best = max(rated, key=lambda one: one["mean"], default=None)
    heading = f"Högst medel fick {best['title']}: {number(best['mean'])} av {best['steps']}" if best else "För få har svarat om inslagen"
    chart = chart_of(table, 3, f"Medel av steg 1{DASH}{asked[0]['steps']}, n står i tabellen")
    quotes = tuple(f"{one['title']}: {text}" for one in rated for text in one["texts"])
    return [Part(heading, asked[0]["question"], (CAVEAT,), chart, (table,), quotes)]


def rows(items: Iterable[Data]) -> list[tuple[Cell, ...]]:
    """The same as a table of open data: survey, item, region, n, mean and its two bounds."""
    return [
        (
            one["survey"],
            one["title"],
            one["region"],
            *((one["n"], one["mean"], *one["between"]) if one["n"] is not None else (WITHHELD,) * 4),
        )
        for one in told(items)
    ]


def _row(one: Data, steps: int) -> tuple[Value, ...]:
    name = f"{one['title']}{', preliminärt' if one['preliminary'] else ''}"
    if one["n"] is None:
        return (name, one["region"] or "", *(WITHHELD,) * (3 + steps))
    low, high = one["between"]
    shares = [row["percent"] for row in one["rows"]]
    return (name, one["region"] or "", one["n"], one["mean"], f"{number(low)}{DASH}{number(high)}", *shares)
