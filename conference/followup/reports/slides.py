"""The report as slides: a title for each finding, and its chart as one of the program's own, so that it can be edited."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from conference.core.sheets import Withheld
from conference.followup.files import harmless
from conference.followup.reports.document import Chapter, Chart, Document, Fact, Part, Table, Unit, Value
from conference.followup.reports.sealed import sealed

WIDE, TALL = Inches(13.333), Inches(7.5)
LEFT, TOP, ACROSS, DOWN = Inches(0.7), Inches(1.75), Inches(11.93), Inches(4.9)
TITLE_SLIDE, TITLE_ONLY = 0, 5  # of the layouts that python-pptx brings
TEXT_MOST: Final = 1_100  # characters on a slide; what is longer goes on on the next one
ROWS_MOST: Final = 12  # of a table on a slide; what is longer stands in the workbook and on the page
FACTS_MOST: Final = 4  # beside each other
NAME_MOST: Final = 70  # characters of an answer beside its bar
COMMON, INK, SOFT = RGBColor(0x00, 0x57, 0x6A), RGBColor(0x0F, 0x25, 0x2B), RGBColor(0x44, 0x59, 0x60)  # tokens.css, by day


def as_pptx(document: Document) -> bytes:
    """The slides."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDE, TALL
    deck.core_properties.title, deck.core_properties.language = document.title, "sv-SE"
    deck.core_properties.author = deck.core_properties.last_modified_by = "Samsyn"
    _first(deck, document)
    for chapter in document.chapters:
        _chapter(deck, chapter)
    content = io.BytesIO()
    deck.save(content)
    return sealed(content.getvalue(), document.made_at)


def _first(deck: Any, document: Document) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_SLIDE])
    lines = [
        document.subtitle,
        "Rapport till uppdragsgivaren",
        *(f"{name}: {value}" for name, value in document.marks[:2]),
        document.preliminary,
    ]
    title, under = slide.placeholders[0], slide.placeholders[1]
    _place(title, LEFT, Inches(1.8), ACROSS, Inches(1.8))
    _place(under, LEFT, Inches(3.8), ACROSS, Inches(2.6))
    _say(title.text_frame, [document.title], 40, COMMON, bold=True)
    _say(under.text_frame, [line for line in lines if line], 20, INK)


def _chapter(deck: Any, chapter: Chapter) -> None:
    texts = [*chapter.comment, *chapter.paragraphs]
    for place, some in enumerate(_shared_out(texts)):
        _text(deck, chapter.title if place == 0 else f"{chapter.title} (forts.)", some)
    for start in range(0, len(chapter.facts), FACTS_MOST):
        _facts(deck, chapter.title, chapter.facts[start : start + FACTS_MOST])
    if chapter.chapter == "tables":  # they stand in the workbook, where they can be read
        return
    for part in chapter.parts:
        _part(deck, part)


def _part(deck: Any, part: Part) -> None:
    if part.chart:
        _chart(deck, part, part.chart)
    elif part.tables and len(part.tables[0].rows) <= ROWS_MOST:
        _table(deck, part, part.tables[0])
    elif part.paragraphs or part.quotes:
        for some in _shared_out([*part.paragraphs, *(f"”{quote}”" for quote in part.quotes)]):
            _text(deck, part.heading, some)


def _shared_out(texts: Iterable[str]) -> list[list[str]]:
    """Paragraphs on as many slides as they need."""
    slides: list[list[str]] = []
    for text in texts:
        if not slides or sum(map(len, slides[-1])) + len(text) > TEXT_MOST:
            slides.append([])
        slides[-1].append(text)
    return slides


def _slide(deck: Any, title: str) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    _place(slide.shapes.title, LEFT, Inches(0.45), ACROSS, Inches(1.15))
    _say(slide.shapes.title.text_frame, [title], 28 if len(title) < 90 else 20, INK, bold=True)
    return slide


def _text(deck: Any, title: str, texts: Sequence[str]) -> None:
    frame = _box(_slide(deck, title), TOP, DOWN)
    _say(frame, texts, 18, INK)


def _facts(deck: Any, title: str, facts: Sequence[Fact]) -> None:
    slide, each = _slide(deck, title), int(ACROSS / FACTS_MOST)
    for place, fact in enumerate(facts):
        frame = slide.shapes.add_textbox(LEFT + place * each, TOP, each - Inches(0.2), DOWN).text_frame
        _say(frame, [fact.figure], 36, COMMON, bold=True)
        _say(frame, [fact.what], 16, INK, more=True)
        _say(frame, [fact.base], 14, SOFT, more=True)


def _chart(deck: Any, part: Part, chart: Chart) -> None:
    slide = _slide(deck, part.heading)
    _say(_box(slide, Inches(1.6), Inches(0.5)), [" ".join(filter(None, (part.asked, f"({chart.base})")))], 16, SOFT)
    data = CategoryChartData(number_format='0" %"' if chart.unit is Unit.PERCENT else "General")
    data.categories = [harmless(_short(name)) for name in chart.categories]
    data.add_series(harmless(chart.base), chart.values)
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED if chart.over_time else XL_CHART_TYPE.BAR_CLUSTERED
    shape = slide.shapes.add_chart(kind, LEFT, Inches(2.2), ACROSS, Inches(4.7), data)
    shape._element.nvGraphicFramePr.cNvPr.set("descr", f"Diagram: {part.heading}. {chart.base}.")  # noqa: SLF001  # python-pptx has no other way to an alternative text
    _drawn(shape.chart, chart)


def _short(name: str) -> str:
    return name if len(name) <= NAME_MOST else f"{name[: NAME_MOST - 1].rstrip()}…"


def _drawn(drawn: Any, chart: Chart) -> None:
    drawn.has_legend, drawn.has_title = False, False
    drawn.font.size, drawn.font.color.rgb = Pt(14), INK
    plot = drawn.plots[0]
    plot.gap_width, plot.has_data_labels = 45, not chart.over_time
    plot.series[0].format.fill.solid()
    plot.series[0].format.fill.fore_color.rgb = COMMON
    values = drawn.value_axis
    values.minimum_scale, values.has_major_gridlines = 0, chart.over_time
    if chart.unit is Unit.PERCENT:
        values.maximum_scale = 100
    if not chart.over_time:
        drawn.category_axis.reverse_order = True  # the first answer on top, as everywhere else
        values.visible = False
        plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
        plot.data_labels.font.size = Pt(14)


def _table(deck: Any, part: Part, table: Table) -> None:
    slide = _slide(deck, part.heading)
    rows, columns = len(table.rows) + 1, len(table.columns)
    shape = slide.shapes.add_table(rows, columns, LEFT, TOP, ACROSS, Inches(0.38) * rows)
    shape._element.nvGraphicFramePr.cNvPr.set("descr", f"Tabell: {table.title}. {table.note}")  # noqa: SLF001  # as above
    for place, row in enumerate(([column.title for column in table.columns], *table.rows)):
        for column, value in enumerate(row):
            frame = shape.table.cell(place, column).text_frame
            _say(frame, [said(value, table.columns[column].unit if place else Unit.TEXT)], 13, None)
    if table.note:
        _say(_box(slide, Inches(6.75), Inches(0.5)), [table.note], 12, SOFT)


def said(value: Value, unit: Unit) -> str:
    """A value in words."""
    match value:
        case None:
            return ""
        case Withheld():
            return value.value
        case str():
            return value
        case _:
            plain = f"{value:,}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
            return f"{plain}\N{NO-BREAK SPACE}%" if unit is Unit.PERCENT else plain


def _box(slide: Any, top: int, tall: int) -> Any:
    return slide.shapes.add_textbox(LEFT, top, ACROSS, tall).text_frame


def _place(shape: Any, left: int, top: int, wide: int, tall: int) -> None:
    shape.left, shape.top, shape.width, shape.height = map(Emu, (left, top, wide, tall))


def _say(frame: Any, texts: Sequence[str], points: int, colour: RGBColor | None, *, bold: bool = False, more: bool = False) -> None:
    """Paragraphs, in place of what there is or after it."""
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.word_wrap = True
    for place, text in enumerate(texts):
        paragraph = frame.add_paragraph() if more or place else frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.LEFT
        run = paragraph.add_run()
        run.text, run.font.size, run.font.bold = _clean(text), Pt(points), bold
        run.font.language_id = MSO_LANGUAGE_ID.SWEDISH
        paragraph.space_after = Pt(points // 3)
        if colour is not None:
            run.font.color.rgb = colour


def _clean(text: str) -> str:
    """Without the signs that XML has no room for."""
    return "".join(one for one in text if one >= " " or one in "\n\t")
