"""A picture to share of a day: its title, its date, where one finds it and whose it is, drawn as outlines of our own letters.

PDFium draws it, which must not do two things at once; nothing but texts of the day goes in, and nothing is read but our fonts.
"""

from __future__ import annotations

import ctypes
import io
import struct
import threading
import zlib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import pypdfium2
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from pypdfium2 import raw

FONTS: Final = Path(__file__).parent / "static" / "fonts"
DISPLAY: Final = "familjen-grotesk-latin-wght-normal.woff2"
TEXT: Final = "atkinson-hyperlegible-next-latin-wght-normal.woff2"
SIZE: Final = (1200, 630)  # what pages that link to ours show large
EDGE: Final = 84  # pixels of room around
PAPER: Final = (0x00, 0x40, 0x4F)
INK: Final = (0xFF, 0xFF, 0xFF)
REGION: Final = (0xF5, 0xAE, 0x2A)
TITLE_PX: Final = (84.0, 36.0)  # the largest that the title is written, and the smallest, which a long one is cut at
TITLE_MOST_PX: Final = 235  # from its first line to its last
LINE: Final = 1.1  # from one line to the next, as a part of its size
MISSING: Final = "?"  # for a letter that the font does not have
BEND: Final = 0.5523  # of a quarter of a circle, as a curve
KEPT: Final = 64  # pictures; each has about 30 kB

_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Words:
    """What stands in it.

    Attributes:
        whose: a region, or all.
        link: without its scheme.
    """

    title: str
    date: str
    whose: str
    link: str


@lru_cache(maxsize=KEPT)
def png_of(words: Words) -> bytes:
    """The picture. The same words are the same bytes."""
    with _one_at_a_time:
        document = pypdfium2.PdfDocument.new()
        try:
            page = document.new_page(*SIZE)
            canvas = _Canvas(page)
            _draw(canvas, words)
            page.gen_content()
            rows = page.render(scale=1, fill_color=(*PAPER, 255), rev_byteorder=True, prefer_bgrx=False).to_numpy()[:, :, :3]
            return _png(rows.tobytes())
        finally:
            document.close()


def _draw(canvas: _Canvas, words: Words) -> None:
    width, height = SIZE
    canvas.mark(EDGE, height - 132, 4.4)
    canvas.write(_face(DISPLAY, 650), "Samsyn", EDGE + 200, height - 126, 52, INK)
    title, (size, least) = _face(DISPLAY, 700), TITLE_PX
    while len(lines := title.wrapped(words.title, size, width - 2 * EDGE)) * size * LINE > TITLE_MOST_PX and size > least:
        size -= 4
    top = height - 175.0
    for line in lines[: int(TITLE_MOST_PX / size / LINE)]:
        top -= size * LINE
        canvas.write(title, line, EDGE, top, size, INK)
    text = _face(TEXT, 500)
    canvas.write(text, words.date, EDGE, 150, 40, INK)
    canvas.write(_face(TEXT, 700), words.whose, EDGE, 96, 40, REGION)
    canvas.write(text, words.link, EDGE, 46, 30, INK)


class _Face:
    """Letters of a font in one weight."""

    def __init__(self, file: str, weight: int) -> None:
        font = TTFont(io.BytesIO((FONTS / file).read_bytes()))
        self._known, self._glyphs = font.getBestCmap(), font.getGlyphSet(location={"wght": weight})
        self.units: int = font["head"].unitsPerEm

    def letters(self, text: str) -> list[Any]:
        """The glyph of each letter."""
        return [self._glyphs[self._known.get(ord(one)) or self._known[ord(MISSING)]] for one in text]

    def width(self, text: str, size: float) -> float:
        """How long a line is, in pixels."""
        units: float = sum(glyph.width for glyph in self.letters(text))
        return units * size / self.units

    def wrapped(self, text: str, size: float, most: float) -> list[str]:
        """In lines that are no longer than *most*; a word that is longer by itself is a line."""
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self.width(longer, size) > most:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines


@cache
def _face(file: str, weight: int) -> _Face:
    return _Face(file, weight)


class _Canvas:
    """Draws outlines on a page; y goes upwards."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._page = page

    def write(self, face: _Face, text: str, x: float, y: float, size: float, ink: tuple[int, int, int]) -> None:  # what a line is
        """A line of text that begins there; what does not fit is left out."""
        by = size / face.units
        for glyph in face.letters(text):
            if x + glyph.width * by > SIZE[0] - EDGE / 2:
                return
            pen = _Pen(face, x, y, by)
            glyph.draw(pen)
            if pen.path is not None:
                raw.FPDFPageObj_SetFillColor(pen.path, *ink, 255)
                raw.FPDFPath_SetDrawMode(pen.path, raw.FPDF_FILLMODE_WINDING, False)  # no stroke
                raw.FPDFPage_InsertObject(self._page, pen.path)
            x += glyph.width * by

    def mark(self, x: float, y: float, by: float) -> None:
        """The sign of ours: one line, and one that leaves it and comes back."""

        def at(px: float, py: float) -> tuple[float, float]:
            return x + px * by, y - (py - 15) * by

        r, b = 5.0, 5 * BEND
        region = raw.FPDFPageObj_CreateNewPath(*at(7, 15))
        raw.FPDFPath_LineTo(region, *at(9, 15))
        for curve in (
            ((9 + b, 15), (9 + r, 10 + b), (14, 10)),
            ((14, 8), (14, 8), (14, 8)),
            ((14, 8 - b), (19 - b, 3), (19, 3)),
            ((21, 3), (21, 3), (21, 3)),
            ((21 + b, 3), (26, 8 - b), (26, 8)),
            ((26, 10), (26, 10), (26, 10)),
            ((26, 10 + b), (31 - b, 15), (31, 15)),
            ((33, 15), (33, 15), (33, 15)),
        ):
            raw.FPDFPath_BezierTo(region, *(number for point in curve for number in at(*point)))
        common = raw.FPDFPageObj_CreateNewPath(*at(1, 15))
        raw.FPDFPath_LineTo(common, *at(39, 15))
        for path, ink in ((region, REGION), (common, INK)):
            raw.FPDFPageObj_SetStrokeColor(path, *ink, 255)
            raw.FPDFPageObj_SetStrokeWidth(path, ctypes.c_float(4.5 * by))
            raw.FPDFPath_SetDrawMode(path, raw.FPDF_FILLMODE_NONE, True)  # stroke
            raw.FPDFPage_InsertObject(self._page, path)


class _Pen(BasePen):  # type: ignore[misc]  # the library has no types
    """One letter as a path of the page; a letter of nothing, as a blank, has none."""

    def __init__(self, face: _Face, x: float, y: float, by: float) -> None:
        super().__init__(face._glyphs)  # noqa: SLF001  # its own
        self._x, self._y, self._by = x, y, by
        self.path: Any = None

    def _at(self, point: tuple[float, float]) -> tuple[float, float]:
        return self._x + point[0] * self._by, self._y + point[1] * self._by

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802  # the library's name
        if self.path is None:
            self.path = raw.FPDFPageObj_CreateNewPath(*self._at(pt))
        else:
            raw.FPDFPath_MoveTo(self.path, *self._at(pt))

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802  # as above
        raw.FPDFPath_LineTo(self.path, *self._at(pt))

    def _curveToOne(self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]) -> None:  # noqa: N802  # as above
        raw.FPDFPath_BezierTo(self.path, *self._at(pt1), *self._at(pt2), *self._at(pt3))

    def _closePath(self) -> None:  # noqa: N802  # as above
        raw.FPDFPath_Close(self.path)


def _png(pixels: bytes) -> bytes:
    """Rows of red, green and blue as a PNG."""
    width, height = SIZE
    rows = b"".join(b"\0" + pixels[at : at + 3 * width] for at in range(0, 3 * width * height, 3 * width))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
