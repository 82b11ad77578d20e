"""A picture to share of a day: its title, its date, where one finds it and whose it is, in our own letters."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

FONTS: Final = Path(__file__).parent / "static" / "fonts"
DISPLAY: Final = "familjen-grotesk-latin-wght-normal.woff2"
TEXT: Final = "atkinson-hyperlegible-next-latin-wght-normal.woff2"
SIZE: Final = (1200, 630)  # what pages that link to ours show large
EDGE: Final = 84  # pixels of room around
PAPER: Final = "#00404f"
INK: Final = "#ffffff"
REGION: Final = "#f5ae2a"
TITLE_PX: Final = (84, 36)  # the largest that the title is written, and the smallest, which a long one is cut at
TITLE_MOST_PX: Final = 235  # from its first line to its last
TITLE_TOP: Final = 190
LINE: Final = 1.1  # from one line to the next, as a part of its size
FOOT: Final = (480, 534, 584)  # where the lines of date, region and address stand
SMOOTH: Final = 3  # the sign is drawn so many times as large: lines have no soft edges of their own
KEPT: Final = 64  # pictures; each has about 30 kB


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
    picture = Image.new("RGB", SIZE, PAPER)
    picture.paste(_sign(), (EDGE, 66))
    on = ImageDraw.Draw(picture)
    on.text((EDGE + 200, 122), "Samsyn", INK, _font(DISPLAY, 650, 52), "ls")
    lines, font = _title(words.title)
    for n, line in enumerate(lines):
        on.text((EDGE, TITLE_TOP + (n + 0.8) * font.size * LINE), line, INK, font, "ls")
    for y, line, ink, weight, size in zip(
        FOOT, (words.date, words.whose, words.link), (INK, REGION, INK), (500, 700, 500), (40, 40, 30), strict=True
    ):
        on.text((EDGE, y), _cut(line, font := _font(TEXT, weight, size)), ink, font, "ls")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _font(file: str, weight: int, size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(FONTS / file, size)
    font.set_variation_by_axes([weight])
    return font


def _title(title: str) -> tuple[list[str], ImageFont.FreeTypeFont]:
    """Its lines, as large as they fit; of the longest titles, as many as do."""
    size, least = TITLE_PX
    while True:
        font = _font(DISPLAY, 700, size)
        lines = _wrapped(title, font)
        if len(lines) * size * LINE <= TITLE_MOST_PX or size <= least:
            return lines[: int(TITLE_MOST_PX / size / LINE)], font
        size -= 4


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """In lines that are no longer than there is room for; a word that is longer by itself is cut."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > SIZE[0] - 2 * EDGE:
            lines.append(_cut(word, font))
        else:
            lines[-1] = _cut(longer, font)
    return lines


def _cut(line: str, font: ImageFont.FreeTypeFont) -> str:
    while font.getlength(line) > SIZE[0] - 2 * EDGE:
        line = line[:-1]
    return line


def _sign() -> Image.Image:
    """The sign of ours: one line, and one that leaves it and comes back."""
    by = 4.4 * SMOOTH
    large = Image.new("RGB", (round(40 * by), round(18 * by)), PAPER)
    on, wide, radius = ImageDraw.Draw(large), 4.5, 5 + 4.5 / 2  # `web/templates/shell.html` has the same as a path

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x * by, y * by) for x, y in points]

    for x, y, begin in ((9, 10, 0), (19, 8, 180), (21, 8, 270), (31, 10, 90)):
        on.arc(at((x - radius, y - radius), (x + radius, y + radius)), begin, begin + 90, REGION, round(wide * by))
    for line in (((7, 15), (9, 15)), ((14, 10), (14, 8)), ((19, 3), (21, 3)), ((26, 10), (26, 8)), ((31, 15), (33, 15))):
        on.line(at(*line), REGION, round(wide * by))
    on.line(at((1, 15), (39, 15)), INK, round(wide * by))
    return large.resize((large.width // SMOOTH, large.height // SMOOTH), Image.Resampling.LANCZOS)
