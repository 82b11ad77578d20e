"""The report as a workbook: a page for each chapter, its tables below each other, and beside them charts of the workbook's own."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

import xlsxwriter

from conference.core.sheets import Withheld
from conference.followup.files import CELL_MOST, harmless
from conference.followup.reports.document import Chapter, Chart, Document, Part, Table, Unit, Value
from conference.followup.reports.sealed import sealed

WIDEST, NARROWEST, ALL_MOST = 46, 13, 110  # characters: a column with answers, one with figures, and a line of text over several
LINE_POINTS: Final = 15  # of a row with one line: what is wrapped is not made higher by every program
CHART_ROWS: Final = 16  # that a chart covers
CHART_PIXELS: Final = (560, 300)
COLOURS: Final = {"common": "#00576A", "ink": "#0F252B", "soft": "#445960", "head": "#E4EBEA"}  # tokens.css, by day
NOT_SHOWN: Final = "visas inte"


def as_xlsx(document: Document) -> bytes:
    """The workbook."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": document.title, "subject": "Rapport till uppdragsgivaren", "created": document.made_at.replace(tzinfo=None)}
    )
    writer = _Writer(book)
    for chapter in document.chapters:
        writer.chapter(chapter)
    writer.about(document)
    book.close()
    return sealed(content.getvalue(), document.made_at)


class _Writer:
    """Writes pages from the top down."""

    def __init__(self, book: Any) -> None:
        self._book, self._row = book, 0
        looks: dict[str, dict[str, object]] = {
            "title": {"bold": True, "font_size": 16, "font_color": COLOURS["common"]},
            "heading": {"bold": True, "font_size": 12},
            "text": {"text_wrap": True, "valign": "top"},
            "soft": {"font_color": COLOURS["soft"], "text_wrap": True, "valign": "top"},
            "head": {"bold": True, "bg_color": COLOURS["head"], "bottom": 2, "text_wrap": True, "valign": "top"},
            "head of numbers": {
                "bold": True,
                "bg_color": COLOURS["head"],
                "bottom": 2,
                "text_wrap": True,
                "valign": "top",
                "align": "right",
            },
            "hidden": {"font_color": COLOURS["soft"], "valign": "top", "align": "right"},
            "number": {"num_format": "#,##0.##"},
            "whole": {"num_format": "#,##0"},
            "percent": {"num_format": '0" %"'},
        }
        self._looks = {name: book.add_format({"font_color": COLOURS["ink"], **look}) for name, look in looks.items()}

    def chapter(self, chapter: Chapter) -> None:
        """A page."""
        self._open(chapter.title, [table for part in chapter.parts for table in part.tables])
        for text in (*chapter.comment, *chapter.paragraphs):
            self._line(text, "text")
        for fact in chapter.facts:
            self._line(f"{fact.figure} {fact.what} ({fact.base})", "text")
        for part in chapter.parts:
            self._part(part)

    def about(self, document: Document) -> None:
        """The last page: what must be known to tell one copy from another."""
        self._open("Om rapporten", [])
        for name, value in (("Dag", document.title), *document.marks):
            self._line(f"{name}: {value}", "text")
        if document.preliminary:
            self._line(document.preliminary, "text")

    def _open(self, title: str, tables: Sequence[Table]) -> None:
        self._page, self._row = self._book.add_worksheet(title), 0
        self._widths = _widths(tables)
        for column, width in enumerate(self._widths):
            self._page.set_column(column, column, width)
        self._page.hide_gridlines(2)
        self._page.set_landscape()
        self._page.set_paper(9)  # A4
        self._page.fit_to_pages(1, 0)
        self._line(title, "title")

    def _line(self, text: str, look: str) -> None:
        last, said = _across(self._widths), harmless(text)[:CELL_MOST]
        self._page.merge_range(self._row, 0, self._row, last, "", self._looks[look])
        self._page.write_string(self._row, 0, said, self._looks[look])
        points = LINE_POINTS * (1.5 if look == "title" else 1)
        self._page.set_row(self._row, points * _lines(said, sum(self._widths[: last + 1])))
        self._row += 1

    def _part(self, part: Part) -> None:
        self._row += 1
        self._line(part.heading, "heading")
        for text in (*((part.asked,) if part.asked else ()), *part.paragraphs):
            self._line(text, "soft")
        for number, table in enumerate(part.tables):
            self._table(table, part.chart if number == 0 else None)
        for quote in part.quotes:
            self._line(quote, "text")

    def _table(self, table: Table, chart: Chart | None) -> None:
        first = self._row + 1
        for column, head in enumerate(table.columns):
            self._page.write_string(
                self._row, column, harmless(head.title), self._looks["head" if head.unit is Unit.TEXT else "head of numbers"]
            )
        heads = [_lines(head.title, width) for head, width in zip(table.columns, self._widths, strict=False)]
        self._page.set_row(first - 1, LINE_POINTS * max(heads))
        for number, row in enumerate(table.rows, first):
            lines = [_lines(value, width) for value, width in zip(row, self._widths, strict=False) if isinstance(value, str)]
            self._page.set_row(number, LINE_POINTS * max(lines, default=1))
            for column, value in enumerate(row):
                self._cell(number, column, value, table.columns[column].unit)
        if chart:
            self._chart(table, chart, first)
        self._row = first + len(table.rows)
        if table.note:
            self._line(table.note, "soft")
        if chart:
            self._row = max(self._row, first + CHART_ROWS)

    def _cell(self, row: int, column: int, value: Value, unit: Unit) -> None:
        match value:
            case None:
                self._page.write_blank(row, column, None)
            case Withheld():
                self._page.write_string(row, column, NOT_SHOWN, self._looks["hidden"])
            case int() | float():
                look = "percent" if unit is Unit.PERCENT else "whole" if isinstance(value, int) else "number"
                self._page.write_number(row, column, value, self._looks[look])
            case str():
                self._page.write_string(row, column, harmless(value)[:CELL_MOST], self._looks["text"])

    def _chart(self, table: Table, chart: Chart, first: int) -> None:
        """Beside its table and made of its cells: whoever changes a cell sees the chart follow."""
        drawn = self._book.add_chart({"type": "column" if chart.over_time else "bar"})
        last, name, column = first + chart.rows - 1, self._page.get_name(), chart.column
        hidden = [{"delete": not isinstance(row[column], int | float)} for row in table.rows[: chart.rows]]  # else it would say 0
        drawn.add_series(
            {
                "name": harmless(chart.base),
                "categories": [name, first, 0, last, 0],
                "values": [name, first, column, last, column],
                "fill": {"color": COLOURS["common"]},
                "gap": 50,
                "data_labels": {} if chart.over_time else {"value": True, "custom": hidden},
            }
        )
        drawn.set_title({"name": harmless(table.title), "name_font": {"size": 11, "color": COLOURS["ink"]}})
        drawn.set_legend({"position": "bottom"})
        top = {"max": 100} if chart.unit is Unit.PERCENT else {}
        drawn.set_y_axis({"min": 0, **top} if chart.over_time else {"reverse": True})
        drawn.set_x_axis({} if chart.over_time else {"min": 0, **top, "visible": False, "major_gridlines": {"visible": False}})
        drawn.set_size(dict(zip(("width", "height"), CHART_PIXELS, strict=True)))
        where = {"object_position": 1, "description": f"Diagram: {table.title}. {chart.base}."}
        self._page.insert_chart(first - 1, max(len(table.columns), _across(self._widths) + 1) + 1, drawn, where)


def _widths(tables: Sequence[Table]) -> list[int]:
    """How wide each column must be, in characters, for all tables of a page."""
    widths = [WIDEST] + [NARROWEST] * (max((len(table.columns) for table in tables), default=5) + 1)
    for table in tables:
        for row in table.rows:
            for column, value in enumerate(row[1:], 1):
                if isinstance(value, str):
                    widths[column] = min(max(widths[column], len(value) + 1), WIDEST)
    return widths


def _across(widths: Sequence[int]) -> int:
    """The last of the first columns over which a line of text may go."""
    return max(last for last in range(1, len(widths)) if last == 1 or sum(widths[: last + 1]) <= ALL_MOST)


def _lines(text: str, width: int) -> int:
    """Lines that a text takes, about: words are not broken."""
    return sum(-(-len(line) * 11 // (width * 10)) or 1 for line in text.split("\n"))
