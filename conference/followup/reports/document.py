"""A report as chapters of findings, tables and charts: what every form of it, page, PDF, slides and workbook, is written from.

Figures stay numbers here; how they are said is the writer's business. A column says what its numbers are, and a percentage stands in a
row together with its n, under a table that names the base.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from conference.core.sheets import Withheld

Value = str | int | float | Withheld | None
"""A cell: ``None`` is what there is none of, `Withheld` what is not shown."""


class Unit(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    title: str
    unit: Unit = Unit.TEXT


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        title: what it holds; stands above it.
        bars: the column whose values may be drawn as bars.
        total: whether the last row is that of the whole.
        note: what must be known to read it: the base of its percentages.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    bars: int | None = None
    total: bool = False
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """One series of a part's first table, to be drawn where nobody reads a table. What is withheld is not in it.

    Attributes:
        base: what the values are of, with n: stands beside the chart.
        column, rows: where the values stand in the table: in which column, and in how many of its first rows.
        over_time: whether its categories follow each other.
    """

    title: str
    categories: tuple[str, ...]
    values: tuple[float, ...]
    unit: Unit
    base: str
    column: int
    rows: int
    over_time: bool = False


def chart_of(table: Table, column: int, base: str, *, most: int | None = None, over_time: bool = False) -> Chart | None:
    """A column of a table as a chart; ``None`` where nothing of it is shown.

    Args:
        most: rows at most, from the top.
    """
    rows = table.rows[: len(table.rows) - table.total][:most]
    shown = [(str(row[0]), float(value)) for row in rows if isinstance(value := row[column], int | float)]
    if not shown:
        return None
    names, values = zip(*shown, strict=True)
    return Chart(table.title, names, values, table.columns[column].unit, base, column, len(rows), over_time)


@dataclass(frozen=True)
class Fact:
    """One large figure: never without what it is of."""

    figure: str
    what: str
    base: str


@dataclass(frozen=True)
class Part:
    """A piece of a chapter, under a heading that says what was found.

    Attributes:
        asked: the question that was put, where one was.
        quotes: what people wrote and let be quoted.
    """

    heading: str
    asked: str = ""
    paragraphs: tuple[str, ...] = ()
    chart: Chart | None = None
    tables: tuple[Table, ...] = ()
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """One chapter.

    Attributes:
        chapter: its id, one of `rules.CHAPTERS`.
        comment: what the organizer wrote, in paragraphs.
    """

    chapter: str
    title: str
    comment: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Document:
    """The report.

    Attributes:
        marks: what tells one copy from another, each a name and what it is: version, moment of the figures, fingerprint.
    """

    day: str
    title: str
    subtitle: str
    version: int
    made_at: datetime
    preliminary: str
    marks: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
