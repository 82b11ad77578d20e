"""A slide as a page: heading, title, lines and the diagram, on a field of 1280 x 720 whose lowest fifth is left free for captions."""

from __future__ import annotations

import base64
from pathlib import Path

from conference.library.kits.national.films.diagrams import DIAGRAMS
from conference.library.kits.national.films.pen import (
    COMMON,
    DEEP,
    DEEP_INK,
    DEEP_LINE,
    DEEP_SOFT,
    HEIGHT,
    INK,
    INK_SOFT,
    LEFT,
    PAPER,
    REGION,
    REGION_LINE,
    STYLE,
    WIDTH,
    Ink,
    Slide,
    text,
)

FACES = (
    ("Familjen Grotesk", "familjen-grotesk-latin-wght-normal.woff2", ""),
    ("Atkinson Hyperlegible Next", "atkinson-hyperlegible-next-latin-wght-normal.woff2", ""),
    ("Samsyn Figures", "familjen-grotesk-latin-wght-normal.woff2", "unicode-range:U+30-39"),  # no zero that reads as Ø
)


def page(slide: Slide, film: str, fonts: Path) -> str:
    """The slide as one HTML page that needs nothing else; *film* is its small heading."""
    faces = "".join(
        f'@font-face{{font-family:"{name}";src:url(data:font/woff2;base64,{base64.b64encode((fonts / file).read_bytes()).decode()});'
        f"font-weight:200 800;{more}}}"
        for name, file, more in FACES
    )
    return f'<!doctype html><html lang="sv"><meta charset="utf-8"><style>{faces}{STYLE}</style><body>{drawn(slide, film)}</body></html>'


def drawn(slide: Slide, film: str) -> str:
    """The slide as SVG."""
    ground, ink, soft = (DEEP, DEEP_INK, DEEP_SOFT) if slide.is_cover else (PAPER, INK, INK_SOFT)
    size, top = (76, 200) if slide.is_cover else (60, 150)
    rows = [slide.title] if len(slide.title) < 28 else _halves(slide.title)
    top += (len(rows) - 1) * (size + 6)
    parts = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{ground}"/>', _heading(film, on_deep=slide.is_cover)]
    for n, words in enumerate(rows):
        y = top - (len(rows) - 1 - n) * (size + 6)
        parts.append(text(LEFT, y, words, Ink(size, ink, display=True), 0.1))
    for n, words in enumerate(slide.lines):
        parts.append(text(LEFT, top + 56 + n * 43, words, Ink(33, soft), 0.4 + 0.25 * n))
    parts.append(DIAGRAMS[slide.diagram["type"]](slide))
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">{"".join(parts)}</svg>'


def _halves(title: str) -> list[str]:
    words = title.split()
    cut = min(range(1, len(words)), key=lambda n: abs(len(" ".join(words[:n])) - len(title) / 2))
    return [" ".join(words[:cut]), " ".join(words[cut:])]


def _heading(film: str, *, on_deep: bool) -> str:
    common, region, soft = (DEEP_LINE, REGION, DEEP_SOFT) if on_deep else (COMMON, REGION_LINE, INK_SOFT)
    return (
        f'<g fill="none" stroke-width="4.5" transform="translate({LEFT} 38) scale(1.1)">'
        f'<path stroke="{region}" d="M7 15h2a5 5 0 0 0 5-5V8a5 5 0 0 1 5-5h2a5 5 0 0 1 5 5v2a5 5 0 0 0 5 5h2"/>'
        f'<path stroke="{common}" d="M1 15h38"/></g>' + text(LEFT + 58, 57, f"Samsyn   {film}", Ink(20, soft))
    )
