from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from conference.core.sheets import WITHHELD, Cell, Said, Sheet
from conference.followup.files import Book, as_csv, as_json, as_xlsx, harmless
from tests.conftest import NINE

ATTACKS = [
    "=1+1",
    '=HYPERLINK("http://x.example";"klicka")',
    "=cmd|'/C calc'!A0",
    "+46 8 123",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\x1f=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\uff1d1+1",
]
MEEK = ["Hej", "", "3 = 4", "a;b", 'Hon sa "nej"', "två\nrader", "https://x.example/", "åäö", "'citat'"]
ABOUT = Sheet("Om", ("Uppgift", "Värde"), (("Dag", "Dagen"), ("Datum", date(2026, 11, 23)), ("k", 5)))


def a_book(*sheets: Sheet) -> Book:
    return Book("d", "chat", ABOUT, sheets, ZoneInfo("Europe/Stockholm"), NINE)


def texts(*cells: Cell) -> Sheet:
    return Sheet("Texter", ("Text", "Nummer"), tuple((cell, number) for number, cell in enumerate(cells)))


def read_csv(raw: bytes) -> list[list[str]]:
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))


def read_xlsx(raw: bytes, sheet: str) -> Sequence[Sequence[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_formula_is_harmless_in_csv(attack: str) -> None:
    assert read_csv(as_csv(a_book(texts(attack)))) == [["Text", "Nummer"], ["'" + attack, "0"]]


def test_formulas_are_harmless_in_xlsx_and_every_row_is_there() -> None:
    rows = read_xlsx(as_xlsx(a_book(texts(*ATTACKS, *MEEK))), "Texter")

    assert len(rows) == 1 + len(ATTACKS) + len(MEEK)
    assert [str(row[0])[0] for row in rows[1 : 1 + len(ATTACKS)]] == ["'"] * len(ATTACKS)
    assert [row[0] for row in rows[1 + len(ATTACKS) :]] == MEEK


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20), max_size=6))
def test_csv_parses_back_to_the_same_rows(written: list[str]) -> None:
    rows = read_csv(as_csv(a_book(texts(*written))))

    assert rows[1:] == [[harmless(text), str(number)] for number, text in enumerate(written)]
    assert [row[0] for row in rows if row[0].lstrip()[:1] in set("=+-@")] == []


def test_meek_texts_are_left_alone() -> None:
    assert [harmless(text) for text in MEEK] == MEEK


def test_each_kind_of_cell_in_csv() -> None:
    cells: list[Cell] = [None, WITHHELD, 3, -2.5, date(2026, 11, 23), datetime(2026, 11, 23, 8, 5, tzinfo=UTC), "text"]

    shown = ["", "visas inte", "3", "-2,5", "2026-11-23", "2026-11-23T09:05:00+01:00", "text"]
    assert [row[0] for row in read_csv(as_csv(a_book(texts(*cells))))[1:]] == shown


def test_csv_is_laid_out_as_swedish_excel_opens_it() -> None:
    written = as_csv(a_book(texts(2.5, "2.5", "å;ä", 1000)))

    assert written == '"Text";"Nummer"\r\n"2,5";0\r\n"2.5";1\r\n"å;ä";2\r\n1000;3\r\n'.encode("utf-8-sig")


def test_each_kind_of_cell_in_xlsx() -> None:
    cells: list[Cell] = [WITHHELD, 3, -2.5, date(2026, 11, 23), datetime(2026, 11, 23, 8, 5, tzinfo=UTC), None]

    rows = read_xlsx(as_xlsx(a_book(texts(*cells))), "Texter")
    assert [row[0] for row in rows[1:]] == ["visas inte", 3.0, -2.5, date(2026, 11, 23), datetime(2026, 11, 23, 9, 5), ""]  # noqa: DTZ001


def test_each_kind_of_cell_in_json_and_text_as_it_was_written() -> None:
    book = a_book(texts(None, WITHHELD, 3, date(2026, 11, 23), "=1+1"), Sheet("Mer", ("A",), ()))

    assert json.loads(as_json(book)) == {
        "day": "d",
        "what": "chat",
        "about": {"Dag": "Dagen", "Datum": "2026-11-23", "k": 5},
        "tables": [
            {
                "name": "Texter",
                "columns": ["Text", "Nummer"],
                "rows": [
                    {"Text": None, "Nummer": 0},
                    {"Text": None, "Nummer": 1},
                    {"Text": 3, "Nummer": 2},
                    {"Text": "2026-11-23", "Nummer": 3},
                    {"Text": "=1+1", "Nummer": 4},
                ],
            },
            {"name": "Mer", "columns": ["A"], "rows": []},
        ],
    }


def test_what_must_be_known_stands_last_in_xlsx() -> None:
    raw = as_xlsx(a_book(texts("a"), texts("b"), Sheet("Ja/Nej: [alla] svar i hela landet och regionerna", ("A",), (("c",),))))

    names = CalamineWorkbook.from_filelike(io.BytesIO(raw)).sheet_names
    assert names == ["Texter", "Texter 2", "Ja Nej   alla  svar i hela land", "Om"]
    assert read_xlsx(raw, "Om") == [["Uppgift", "Värde"], ["Dag", "Dagen"], ["Datum", date(2026, 11, 23)], ["k", 5.0]]


def test_a_text_longer_than_a_cell_is_cut_in_xlsx() -> None:
    assert read_xlsx(as_xlsx(a_book(texts("x" * 40_000))), "Texter")[1] == ["x" * 32_767, 0.0]


def test_columns_and_our_own_words_are_translated_and_those_of_people_are_not() -> None:
    sheet = Sheet("Texter", ("Text",), ((WITHHELD,), (Said("Väntar"),), ("Väntar",)))
    english = {"Text": "Words", "visas inte": "not shown", "Väntar": "Waiting", "Texter": "Texts"}
    book = Book("d", "chat", ABOUT, [sheet], ZoneInfo("Europe/Stockholm"), NINE, lambda text: english.get(text, text))

    assert read_csv(as_csv(book)) == [["Words"], ["not shown"], ["Waiting"], ["Väntar"]]
    assert [row[0] for row in read_xlsx(as_xlsx(book), "Texts")] == ["Words", "not shown", "Waiting", "Väntar"]
    assert [row["Text"] for row in json.loads(as_json(book))["tables"][0]["rows"]] == [None, "Väntar", "Väntar"]


def test_our_own_words_in_a_cell_are_translated_for_people_and_harmless() -> None:
    sheet = Sheet("Texter", ("Text",), ((Said("%(option)s: poäng", {"option": "=1+1"}),),))
    to = {"%(option)s: poäng": "%(option)s: points"}
    book = Book("d", "polls", ABOUT, [sheet], ZoneInfo("Europe/Stockholm"), NINE, lambda text: to.get(text, text))

    assert read_csv(as_csv(book)) == [["Text"], ["'=1+1: points"]]
    assert list(read_xlsx(as_xlsx(book), "Texter")) == [["Text"], ["'=1+1: points"]]
    assert json.loads(as_json(book))["tables"][0]["rows"] == [{"Text": "=1+1: poäng"}]
