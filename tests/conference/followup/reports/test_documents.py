"""The same version becomes the same documents, with the same figures in each, and nothing that people wrote does harm there."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from python_calamine import CalamineWorkbook

from conference.core.disclosure import Share
from conference.core.sheets import WITHHELD, Withheld
from conference.followup.reports import document_of
from conference.followup.reports.answers import DASH
from conference.followup.reports.document import Chapter, Chart, Document, Part, Table, Unit
from conference.followup.reports.frozen import frozen
from conference.followup.reports.open_data import as_zip, tables
from conference.followup.reports.slides import as_pptx
from conference.followup.reports.waves import CAVEAT
from conference.followup.reports.workbook import as_xlsx
from tests.conference.followup.reports.figures import ATTACK, QUOTE, REPORT, SECRET, SURVEY, kept, row

WORDS = {"assignment": "Uppdraget.\n\nAndra stycket.", "actions": "=1+1"}


def chapter(document: Document, name: str) -> Chapter:
    return next(one for one in document.chapters if one.chapter == name)


def parts(document: Document) -> Iterator[Part]:
    yield from (part for one in document.chapters for part in one.parts)


def charts(document: Document) -> list[tuple[Part, Chart]]:
    return [(part, part.chart) for part in parts(document) if part.chart]


def all_tables(document: Document) -> list[Table]:
    return [table for part in parts(document) for table in part.tables]


def test_nothing_that_people_wrote_is_frozen_but_quotations() -> None:
    body = frozen(REPORT)

    assert (SECRET in body, "Kim" in body, QUOTE in body) == (False, False, True)
    assert frozen(json.loads(body)) == body


def test_findings_stand_in_the_headings() -> None:
    document = document_of(kept())

    assert [part.heading for part in chapter(document, "interaction").parts] == [
        "65\N{NO-BREAK SPACE}% svarade Delat arbetssätt",
        "Tid: poäng 30, högst av alla",
        "9 skrev ett svar",
        "1 av 3 frågor till panelen väntar på svar",
    ]
    assert [(fact.figure, fact.base) for fact in chapter(document, "evaluation").facts] == [
        ("90\N{NO-BREAK SPACE}%", f"36 av 40 svar, osäkerhet 77{DASH}96\N{NO-BREAK SPACE}%"),
        (f"47{DASH}57\N{NO-BREAK SPACE}%", f"60 personer bakom svaren, av 105{DASH}128 personer"),
    ]
    assert [part.quotes for part in chapter(document, "evaluation").parts] == [(), (QUOTE,), ("Öppning: Bra början",)]


@pytest.mark.parametrize(
    ("day", "item", "title", "when"),
    [
        ("live", "upcoming", "Program, som det har blivit hittills och som det är planerat", ", planerat"),
        ("live", "now", "Program, som det har blivit hittills och som det är planerat", ", pågick"),
        ("live", "done", "Program, som det blev", ""),
        ("ended", "upcoming", "Program, som det blev", ", hölls inte"),
        ("ended", "done", "Program, som det blev", ""),
    ],
)
def test_what_has_not_been_is_not_told_as_past(day: str, item: str, title: str, when: str) -> None:
    programme = [{**one, "state": item} for one in REPORT["programme"]]
    report = {**REPORT, "day": {**REPORT["day"], "state": day}, "programme": programme}
    [table] = [table for part in chapter(document_of(kept(report=report)), "programme").parts for table in part.tables]

    assert (table.title, str(table.rows[0][0])[11:]) == (title, when)


def test_what_is_done_about_the_needs_is_told_without_who_does_it() -> None:
    found = chapter(document_of(kept()), "actions").parts

    assert [part.heading for part in found] == [
        "1 av 2 behov har en åtgärd",
        "0 av 1 åtgärder är i ordinarie drift",
        "Nyttan är uppföljd för 1 av 1 åtgärder",
        "0 av 1 mål i siffror är nådda",
    ]
    assert [row for part in found for row in part.tables[0].rows] == [
        ("Vi behöver se samma bild", ATTACK, 1),
        ("Vi behöver tid", "", 0),
        ("Prova i två kommuner", "Prövas", "2026-11-18"),
        ("Prova i två kommuner", "Färre samtal", "samtal per vecka", 40, -10, 28, -12, "2026-11-18", "Samma vecka i mars"),
        ("Nå kommuner", "kommuner", 12, 20, 1, "2026-11-18"),
    ]


def test_each_item_has_its_mean_with_n_and_interval_and_one_that_few_answered_about_has_nothing() -> None:
    version = kept()
    [part] = [part for part in chapter(document_of(version), "evaluation").parts if part.asked == "Hur var det?"]

    assert part.heading == "Högst medel fick Öppning: 2,0 av 3"
    assert part.tables[0].rows == (
        ("Öppning", "", 12, 2.0, f"1,5{DASH}2,5", 33, 33, 33),
        ("Samtal", "Region Norrvik", *(Withheld.FIGURE,) * 6),
    )
    assert tables(version)["inslag"][1] == (
        ("s.i1", "Öppning", None, 12, 2.0, 1.5, 2.5),
        ("s.i2", "Samtal", "Region Norrvik", *(Withheld.FIGURE,) * 4),
    )
    assert tables(version)["siffermal"][1] == (("Nå kommuner", "kommuner", 12, 20, 1, "2026-11-18"),)
    earlier = kept({**REPORT, "after_items": [{"survey": "s.i1", "texts": ["Bra början"]}]})
    assert chapter(document_of(earlier), "evaluation").parts == tuple(
        one for one in chapter(document_of(version), "evaluation").parts if one != part
    )


def test_how_many_followed_each_block_stands_first_under_participation() -> None:
    version = kept()

    part = chapter(document_of(version), "participation").parts[0]

    assert (part.heading, part.tables[0].rows) == (
        "Flest följde Öppning: ungefär 104 personer",
        (("Öppning", 58, 99, 104, 126), ("Regionalt", 50, 80, 88, 110)),
    )
    assert [row[0] for row in tables(version)["deltagande_per_block"][1]] == ["b1", "b2"]
    before = {name: value for name, value in REPORT["attendance"].items() if name not in ("blocks", "about", "silent")}
    assert len(chapter(document_of(kept({**REPORT, "attendance": before})), "participation").parts) == 2


def test_every_percentage_has_its_n_and_its_base() -> None:
    shares = [table for table in all_tables(document_of(kept())) if any(column.unit is Unit.PERCENT for column in table.columns)]

    assert len(shares) == 5
    assert [("n" in {column.title for column in table.columns}, table.note.startswith("Andel av ")) for table in shares] == [
        (True, True)
    ] * 5


def test_what_was_asked_months_after_the_day_is_told_apart_with_letters_and_n_and_is_no_share_of_those_who_took_part() -> None:
    wave = {**SURVEY, "survey": "upp-3", "months": 3, "mailed": 20, "n": 12, "behind": 12, "preliminary": True}
    share = {**Share(9, 12, "svar").shown(), "text": "ja"}
    told = {"months": 3, "preliminary": True, "mailed": 20, "share": share, "breaks": False, "change": None, "carried": False}
    question = {"question": "q-upp", "title": "Har något blivit av?", "title_en": "", "waves": [told]}
    version = kept({**REPORT, "surveys": [SURVEY, wave], "waves": [question]})
    without, document = chapter(document_of(kept()), "evaluation"), document_of(version)
    found = chapter(document, "evaluation")

    assert (found.facts, found.paragraphs, found.parts[:-2]) == (without.facts, without.paragraphs, without.parts)
    figures, words = found.parts[-2:]
    assert (figures.heading, figures.paragraphs) == ("12 svar 3 månader efter dagen", (CAVEAT,))
    assert (words.heading, words.quotes) == ("3 månader efter dagen: 8 skrev ett svar", (QUOTE,))
    assert figures.tables[0].rows == (("3 månader, preliminärt", "ja", 75, 9, 12, f"47{DASH}91", 20),)
    assert document.preliminary == document_of(kept()).preliminary
    assert {row[1] for row in tables(version)["svar"][1] if row[0] == "upp-3"} == {"uppfoljning"}


def test_what_is_withheld_stays_so_everywhere() -> None:
    version = kept()
    document = document_of(version)
    split = next(table for table in all_tables(document) if table.title == "Vad behövs mest? (region)")
    _fields, rows = tables(version)["svar"]

    assert split.rows == (
        ("Region Norrvik", 30, 67, 33),
        ("Region Sundmark", Withheld.FIGURE, Withheld.FIGURE, Withheld.FIGURE),
        ("Alla", 40, 65, 35),
    )
    assert {tuple(row[10:12]) for row in rows if row[7] == "Region Sundmark"} == {(Withheld.FIGURE, Withheld.FIGURE)}
    assert [chart.categories for part, chart in charts(document) if "Flest kom" in part.heading] == [("Region Norrvik",)]


def test_words_stand_in_their_chapter_and_an_empty_chapter_is_left_out() -> None:
    report = {name: value for name, value in REPORT.items() if name != "followup"}
    with_words, without = document_of(kept(report, WORDS)), document_of(kept(report))

    assert chapter(with_words, "assignment").comment == ("Uppdraget.", "Andra stycket.")
    assert [one.chapter for one in with_words.chapters if one not in without.chapters] == ["assignment", "actions"]
    assert [one.parts for one in with_words.chapters if one.chapter != "actions"] == [one.parts for one in without.chapters]


@pytest.mark.parametrize("report", [{"day": REPORT["day"]}, {**REPORT, "polls": [], "surveys": []}])
def test_a_day_on_which_little_happened_has_a_report(report: dict[str, Any]) -> None:
    version = kept(report)
    document = document_of(version)

    assert [one.chapter for one in document.chapters][:3] == ["assignment", "method", "participation"]
    assert all(made for made in (as_pptx(document), as_xlsx(document), as_zip(version)))


def test_the_same_version_is_the_same_bytes() -> None:
    version = kept(words=WORDS)

    first = [as_pptx(document_of(version)), as_xlsx(document_of(version)), as_zip(version)]
    again = [as_pptx(document_of(version)), as_xlsx(document_of(version)), as_zip(version)]

    assert first == again


def test_slides_hold_charts_of_their_own_with_the_figures() -> None:
    document = document_of(kept())
    deck = Presentation(io.BytesIO(as_pptx(document)))
    drawn = [shape.chart.plots[0] for slide in deck.slides for shape in slide.shapes if shape.has_chart]

    assert [tuple(plot.series[0].values) for plot in drawn] == [chart.values for _part, chart in charts(document)]
    assert len(drawn) == 7
    described = [shape._element.nvGraphicFramePr.cNvPr.get("descr") for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert [text.startswith("Diagram: ") for text in described] == [True] * 7


def test_the_charts_of_the_workbook_point_at_their_figures() -> None:
    document = document_of(kept())
    made = as_xlsx(document)
    book = CalamineWorkbook.from_filelike(io.BytesIO(made))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        names = sorted((one for one in archive.namelist() if "charts/chart" in one), key=lambda one: int("".join(filter(str.isdigit, one))))
        pointed = [archive.read(name).decode().split("<c:val>")[1].split("<c:f>")[1].split("</c:f>")[0] for name in names]

    assert [tuple(shown(book, where)) for where in pointed] == [chart.values for _part, chart in charts(document)]


def shown(book: CalamineWorkbook, where: str) -> Iterator[float]:
    """The numbers in a place like ``Deltagande!$B$5:$B$9``; what is withheld is no number."""
    page, _, cells = where.rpartition("!")
    (_a, letter, first), (_b, _letter, last) = (one.split("$") for one in cells.split(":"))
    rows = book.get_sheet_by_name(page.strip("'")).to_python(skip_empty_area=False)
    values = [rows[number][ord(letter) - ord("A")] for number in range(int(first.rstrip(":")) - 1, int(last))]
    yield from (value for value in values if isinstance(value, float))


def test_no_text_is_a_formula_in_any_file() -> None:
    version = kept(words=WORDS)
    made = as_xlsx(document_of(version))
    cells = [
        str(cell) for name in CalamineWorkbook.from_filelike(io.BytesIO(made)).sheet_names for row in rows_of(made, name) for cell in row
    ]
    inner = [body for name, body in files(as_pptx(document_of(version))) if name.endswith(".xlsx")]

    assert [one for one in cells if one.startswith("=")] == []
    assert [one for one in cells if one == "'=1+1"] == ["'=1+1"]
    sheets = [body for office in (made, *inner) for name, body in files(office) if "worksheets/" in name]
    assert (len(inner), [body for body in sheets if b"<f>" in body]) == (7, [])
    texts = [cell for name, body in files(as_zip(version)) if name.endswith(".csv") for row in read_csv(body) for cell in row]
    assert [cell for cell in texts if cell.startswith("=")] == []
    assert "'" + ATTACK in texts


def rows_of(made: bytes, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_name(name).to_python()


def files(made: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def read_csv(body: bytes) -> list[list[str]]:
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_open_data_says_what_every_column_holds() -> None:
    found = dict(files(as_zip(kept())))
    data = json.loads(found["data.json"])
    words = read_csv(found["datalexikon.csv"])

    heads = {name: read_csv(found[f"{name}.csv"])[0] for name in data["tables"]}
    assert words[0] == ["tabell", "kolumn", "innehall", "sort"]
    assert [(row[0], row[1]) for row in words[1:]] == [(name, column) for name, columns in heads.items() for column in columns]
    assert {name: sorted({tuple(row) for row in rows}) for name, rows in data["tables"].items() if rows} == {
        name: [tuple(columns)] for name, columns in heads.items() if data["tables"][name]
    }
    assert [(row["svar"], row["antal"], row["n"], row["procent"]) for row in data["tables"]["svar"] if row["kalla"] == "ev"] == [
        ("Dåligt", 0, 40, 0),
        ("Okej", 4, 40, 10),
        ("Bra", 20, 40, 50),
        ("Mycket bra", 16, 40, 40),
    ]
    assert sorted(one for one in found if not one.endswith(".csv")) == ["LÄS MIG.txt", "data.json", "datalexikon.json"]


def hindsight() -> dict[str, Any]:
    """A report with a follow-up, a wave, and what those said who watched it later."""
    [survey] = REPORT["surveys"]
    follows = {"title": "Igen?", "title_en": "Again?", "answers": [], "asked": 12, "share": None}
    own, hidden = (
        {**survey["questions"][0], "question": name, "follows": {**follows, "asked": asked}} for name, asked in (("q-f", 12), ("q-g", None))
    )
    asked = {
        **survey,
        "for_whom": "participants",
        "later": False,
        "months": None,
        "mailed": 0,
        "questions": [*survey["questions"], own, hidden],
    }
    wave = {**survey, "survey": "w3", "for_whom": "followers", "later": False, "months": 3, "mailed": 80, "n": 20, "behind": 20}
    watched = {
        **survey,
        "survey": "ev-efter",
        "title": "I efterhand",
        "for_whom": "watchers",
        "later": True,
        "months": None,
        "mailed": 0,
        "n": 9,
    }
    poll = {**REPORT["polls"][0], "open": True, "n": 20, "rows": [row("Delat arbetssätt", 12, 20), row(ATTACK, None, 20)]}
    few = {**poll, "poll": "p-fa", "title": "Få?", "n": None, "rows": [row("Delat arbetssätt", None, None), row(ATTACK, None, None)]}
    live = {"n": 40, "rows": REPORT["polls"][0]["rounds"][0]["rows"]}
    return {**REPORT, "surveys": [asked, wave, watched], "later": [{**poll, "live": live}, {**few, "live": live}]}


def test_open_data_says_how_many_were_asked() -> None:
    data = json.loads(dict(files(as_zip(kept(hindsight()))))["data.json"])["tables"]

    asked = {(row["kalla"], row["fraga_id"]): row["tillfragade"] for row in data["svar"] if not row["region"]}
    assert {key: asked[key] for key in asked if key[0] == "ev"} == {("ev", "q-dag"): 40, ("ev", "q-f"): 12, ("ev", "q-g"): None}
    assert asked["p-behov", "q-p-behov"] is None
    names = ("kalla", "sort", "svar", "personer", "tillfragade", "tillfragade_bas", "personer_minst", "personer_hogst")
    assert [tuple(row[name] for name in names) for row in data["enkater"]] == [
        ("ev", "enkat", 40, 60, 60, "skärmar", 105, 128),
        ("w3", "uppfoljning", 20, 20, 80, "brev", None, None),
        ("ev-efter", "efterhand", 9, 60, None, None, None, None),
    ]
    assert [
        (row["kalla"], row["svar"], row["antal"], row["n"])
        for row in data["svar"]
        if row["sort"] == "efterhand" and row["kalla"] != "ev-efter"
    ] == [
        ("p-behov", "Delat arbetssätt", 12, 20),
        ("p-behov", ATTACK, None, 20),
        ("p-fa", "Delat arbetssätt", None, None),
        ("p-fa", ATTACK, None, None),
    ]


def test_who_watched_later_has_a_chapter_and_is_in_no_other() -> None:
    before, document = document_of(kept()), document_of(kept(hindsight()))

    chapters = {one.chapter: one for one in document.chapters}
    told = chapters["hindsight"]
    assert [one.heading for one in told.parts][:2] == [
        "20 svar i efterhand, går än att svara på",
        "Färre än fem svar i efterhand, går än att svara på",
    ]
    assert told.parts[0].tables[0].rows == (("Delat arbetssätt", 65, 40, 60, 20), (ATTACK, 35, 40, WITHHELD, 20))
    assert told.parts[1].tables == ()
    assert [one.chapter for one in before.chapters] == [name for name in chapters if name != "hindsight"]
    same = {one.chapter: one for one in before.chapters}
    assert [name for name in same if name != "evaluation" and same[name] != chapters[name]] == []
    assert "I efterhand" not in " ".join(chapters["evaluation"].paragraphs)
    for made in (as_pptx(document), as_xlsx(document)):
        assert zipfile.is_zipfile(io.BytesIO(made))


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not here")
def test_libreoffice_opens_slides_and_workbook(tmp_path: Path) -> None:
    document = document_of(kept(words=WORDS))
    (tmp_path / "a.pptx").write_bytes(as_pptx(document))
    (tmp_path / "b.xlsx").write_bytes(as_xlsx(document))

    where = ["--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run(["soffice", *where, str(tmp_path / "a.pptx"), str(tmp_path / "b.xlsx")], check=True, capture_output=True, timeout=100)

    assert [(tmp_path / name).stat().st_size > 10_000 for name in ("a.pdf", "b.pdf")] == [True, True]
