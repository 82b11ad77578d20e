"""Needs from a table: a file of CSV, or cells pasted from a spreadsheet. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Final

from conference.core.errors import Refused, _
from conference.followup.rules import NeedDraft

ROWS_MOST: Final = 500
COLUMNS: Final[Mapping[str, str]] = {
    "behov": "statement", "need": "statement", "statement": "statement",
    "källa": "source", "kalla": "source", "source": "source",
    "tema": "theme", "theme": "theme",
    "mål": "goals", "mal": "goals", "goal": "goals", "goals": "goals",
    "vikt": "weight", "weight": "weight",
}  # fmt: skip
"""What a column may be called, in small letters."""
_ROW_WRONG: Final = {
    "text.empty": _("Rad %(row)s: behovet saknas."),
    "text.too_long": _("Rad %(row)s: en text är för lång."),
}
DELIMITERS: Final = (";", "\t", ",")


def needs(text: str, goals: Mapping[str, str]) -> list[NeedDraft]:
    """The needs of a table whose first row names its columns; only ``behov`` must be there. Unknown columns are passed over.

    Args:
        text: with semicolons, tabs or commas between.
        goals: what a goal may be called, in small letters -> its id. Several stand with ``+`` between.

    Raises:
        Refused: ``import.empty``, ``import.no_such_column``, ``import.too_many``, ``import.row_wrong``.
    """
    try:
        rows = [
            row
            for row in csv.reader(io.StringIO(text.lstrip("\N{BOM}")), delimiter=_delimiter(text), strict=True)
            if any(map(str.strip, row))
        ]
    except csv.Error as error:
        raise Refused("import.unreadable", _("Tabellen går inte att läsa.")) from error
    if len(rows) < 2:  # names, and one need
        raise Refused("import.empty", _("Det finns inga behov i tabellen. Första raden är kolumnernas namn."))
    if len(rows) - 1 > ROWS_MOST:
        raise Refused("import.too_many", _("Högst %(most)s rader åt gången."), most=ROWS_MOST)
    places = {COLUMNS[name]: place for place, name in enumerate(_small(rows[0])) if name in COLUMNS}
    if "statement" not in places:
        raise Refused("import.no_such_column", _("Det saknas en kolumn som heter Behov."))
    return [_need(row, places, goals, number) for number, row in enumerate(rows[1:], start=2)]


def _need(row: Sequence[str], places: Mapping[str, int], goals: Mapping[str, str], number: int) -> NeedDraft:
    told = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
    wanted = [one.strip().casefold() for one in told.get("goals", "").split("+") if one.strip()]
    weight = told.get("weight", "") or "0"
    if unknown := [one for one in wanted if one not in goals]:
        raise _wrong(number, _("Rad %(row)s: målet %(what)s finns inte."), unknown[0])
    if not (weight.isascii() and weight.isdigit() and len(weight) <= 7):  # a million has seven
        raise _wrong(number, _("Rad %(row)s: vikten ska vara ett helt tal, inte %(what)s."), weight)
    found = tuple(goals[one] for one in wanted)
    draft = NeedDraft(told["statement"], told.get("source", ""), told.get("theme", ""), found, int(weight))
    try:
        draft.columns()
    except Refused as refused:
        raise _wrong(number, _ROW_WRONG.get(refused.code, _("Rad %(row)s: vikten är för stor.")), "") from refused
    return draft


def _wrong(number: int, text: str, what: str) -> Refused:
    return Refused("import.row_wrong", text, row=number, what=what[:80])


def _delimiter(text: str) -> str:
    """The one that stands most often in the first row."""
    first = text.lstrip("\N{BOM}").partition("\n")[0]
    return max(DELIMITERS, key=first.count)


def _small(names: Sequence[str]) -> list[str]:
    return [" ".join(name.split()).casefold() for name in names]
