"""Tables as files that open in a spreadsheet and do no harm there.

What people wrote may begin like a formula, and a spreadsheet runs it. On the way out, and only there, such a text gets an apostrophe before
it (OWASP, CSV injection); JSON, which nobody runs, has it as it was written.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
import xlsxwriter

from conference.core.sheets import Cell, Said, Sheet, Withheld, Worded

FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - some spreadsheets take the wide forms of East Asian writing, too
UNSEEN: Final = {"Cc", "Cf"}  # controls and what only formats, as blanks: before a formula they may be passed over
CELL_MOST: Final = 32_767  # characters; Excel's limit, over which the file is said to be broken
SHEET_NAME_MOST: Final = 31  # characters; Excel's limit
NARROWEST, WIDEST = 8, 60  # characters; a column that is wider does not fit beside another
DATE, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"

Translate = Callable[[str], str]


@dataclass(frozen=True)
class File:
    """Something to download."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Book:
    """What goes into a file.

    Attributes:
        day: its id.
        what: what the tables are of, ``polls``.
        about: what must be known to read the tables; first column the name of each fact.
        zone: times are told as on the clocks there.
        made_at: when.
        translate: from Swedish to the reader's language.
        lang: the reader's language, for words that stand in both.
    """

    day: str
    what: str
    about: Sheet
    sheets: Sequence[Sheet]
    zone: ZoneInfo
    made_at: datetime
    translate: Translate = str
    lang: str = "sv"


def as_csv(book: Book) -> bytes:
    """The first table, as Swedish Excel reads it: UTF-8 with a mark, semicolons, decimal commas, ISO dates, every text in quotes."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_NONNUMERIC)
    sheet = book.sheets[0]
    writer.writerow([harmless(book.translate(column)) for column in sheet.columns])
    writer.writerows([_plain(cell, book) for cell in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def as_json(book: Book) -> bytes:
    """All tables, each row an object; ``null`` is not shown, or not there. Not translated, so that a program finds its columns."""
    about = {str(name): _bare(value, book.zone) for name, value, *_ in book.about.rows}
    tables = [
        {"name": sheet.name, "columns": sheet.columns, "rows": [_object(sheet.columns, row, book.zone) for row in sheet.rows]}
        for sheet in book.sheets
    ]
    return msgspec.json.format(msgspec.json.encode({"day": book.day, "what": book.what, "about": about, "tables": tables}), indent=1)


def as_xlsx(book: Book) -> bytes:
    """Every table on a page of its own, its first row standing still; what must be known to read them on the last."""
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"created": book.made_at.astimezone(book.zone).replace(tzinfo=None)})
    formats = {name: workbook.add_format({"num_format": name}) for name in (DATE, MOMENT)}
    wrap, bold = workbook.add_format({"text_wrap": True, "valign": "top"}), workbook.add_format({"bold": True})
    sheets = (*book.sheets, book.about)  # whoever reads the first page by program finds the table there
    for name, sheet in zip(_page_names(book.translate(sheet.name) for sheet in sheets), sheets, strict=True):
        page = workbook.add_worksheet(name)
        page.freeze_panes(1, 0)
        for column, head in enumerate(sheet.columns):
            texts = [head, *(_text(row[column], book) for row in sheet.rows)]
            page.set_column(column, column, min(max(NARROWEST, *map(len, texts)) + 2, WIDEST), wrap)
            page.write_string(0, column, harmless(book.translate(head)), bold)
        for number, row in enumerate(sheet.rows, 1):
            for column, cell in enumerate(row):
                _write(page, (number, column), cell, book, formats)
    workbook.close()
    return content.getvalue()


def harmless(text: str) -> str:
    """*text* as no spreadsheet takes it for a formula."""
    first = next((one for one in text if not one.isspace() and unicodedata.category(one) not in UNSEEN), "")
    return f"'{text}" if text.startswith(FORMULA) or first in FORMULA else text


def _write(page: Any, place: tuple[int, int], cell: Cell, book: Book, formats: dict[str, Any]) -> None:
    match cell:
        case None:
            page.write_blank(*place, None)
        case datetime():
            page.write_datetime(*place, cell.astimezone(book.zone).replace(tzinfo=None), formats[MOMENT])
        case date():
            page.write_datetime(*place, cell, formats[DATE])
        case int() | float():
            page.write_number(*place, cell)
        case _:
            page.write_string(*place, _text(cell, book)[:CELL_MOST])


def _plain(cell: Cell, book: Book) -> str | int:
    if isinstance(cell, float):
        return str(cell).replace(".", ",")  # with a point Swedish Excel would make 2.5 the second of May
    return cell if isinstance(cell, int) else _text(cell, book)


def _text(cell: Cell, book: Book) -> str:
    match cell:
        case Worded():
            return harmless(cell.english if book.lang == "en" else cell)
        case str():
            return harmless(cell)
        case Said():
            return harmless(cell.said(book.translate))
        case Withheld():
            return book.translate(cell.value)
        case _:
            bare = _bare(cell, book.zone)
            return "" if bare is None else str(bare)


def _bare(cell: Cell, zone: ZoneInfo) -> str | float | None:
    match cell:
        case Said():
            return cell.said(str)
        case Withheld():
            return None
        case datetime():
            return cell.astimezone(zone).isoformat(timespec="seconds")
        case date():
            return cell.isoformat()
        case str():
            return str(cell)  # a `Worded` too is a plain text from here on: the encoder of JSON takes no other
        case _:
            return cell


def _object(columns: Sequence[str], row: Sequence[Cell], zone: ZoneInfo) -> dict[str, Any]:
    return {column: _bare(cell, zone) for column, cell in zip(columns, row, strict=True)}


def _page_names(names: Iterable[str]) -> list[str]:
    """Names that Excel takes: short, without some signs, no two alike but for capitals."""
    taken: list[str] = []
    for name in names:
        short = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:SHEET_NAME_MOST] or "Blad"
        for number in range(2, len(taken) + 3):
            if short.casefold() not in map(str.casefold, taken):
                break
            short = f"{short[: SHEET_NAME_MOST - 4]} {number}"
        taken.append(short)
    return taken
