"""Prints one page as a tagged PDF: a process of its own, ``python -m web.printing`` with the page on its standard input.

Apart, because laying out fifty pages keeps a processor for seconds, and because the library draws with Pango, which the system must have:
where it has not, this process says so with `NO_PANGO`, and nobody else notices. It fetches nothing: the one thing that a page may ask for
is a font of ours.
"""

from __future__ import annotations

import io
import os
import resource
import sys
from pathlib import Path
from typing import Any, Final

STATIC: Final = Path(__file__).parent / "static"
STYLE: Final = STATIC / "css" / "principal-print.css"
FONT: Final = "samsyn-font:"  # before the name of a font file
FIGURES: Final = "figures"
DISPLAY: Final = "familjen-grotesk-latin-wght-normal.woff2"
NO_PANGO: Final = 3
NICE: Final = 10  # whoever votes goes first
CPU_MOST_S: Final = 120  # 39 pages take 8
LONG_AGO: Final = "315532800"  # fonts that are cut to size say when: the same report shall be the same bytes
TAGGED: Final = "pdf/ua-1"


def pdf_of(page: str) -> bytes:
    """The page as a PDF that assistive technology can read.

    Raises:
        ImportError, OSError: what draws it is missing from the system.
    """
    from weasyprint import CSS, HTML  # noqa: PLC0415  # loads Pango
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415  # as above

    fetch, fonts = _fetcher(), FontConfiguration()
    style = CSS(string=STYLE.read_text(encoding="utf-8"), url_fetcher=fetch, font_config=fonts)
    made: bytes = HTML(string=page, url_fetcher=fetch).write_pdf(stylesheets=[style], font_config=fonts, pdf_variant=TAGGED)
    return made


def _fetcher() -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415  # as above

    class OwnFonts(URLFetcher):  # type: ignore[misc]  # the library has no types
        """Gives out the fonts that lie here, and nothing else."""

        def fetch(self, url: str, *_headers: Any, **_more: Any) -> Any:
            """The font that *url* names."""
            name = url.removeprefix(FONT)
            if url == FONT + FIGURES:
                return URLFetcherResponse(url, _figures(), {"Content-Type": "font/woff2"})
            path = STATIC / "fonts" / name
            if name == url or path.name != name or path.suffix != ".woff2" or not path.is_file():
                raise FatalURLFetchingError("a report fetches nothing")
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/woff2"})

    return OwnFonts()


def _figures() -> bytes:
    """The digits of the display face, as a font of their own."""
    from fontTools.subset import Options, Subsetter, load_font, save_font  # noqa: PLC0415  # comes with the library

    options, cut = Options(flavor="woff2", layout_features=["*"]), io.BytesIO()
    font = load_font(STATIC / "fonts" / DISPLAY, options)
    digits = Subsetter(options)
    digits.populate(text=" 0123456789\N{NO-BREAK SPACE}")  # with blanks: else the layout takes none of the text's own beside them
    digits.subset(font)
    save_font(font, cut, options)
    font.close()
    return cut.getvalue()


def main() -> int:
    """Print the page of the standard input; 0, or `NO_PANGO`."""
    os.environ["SOURCE_DATE_EPOCH"] = LONG_AGO
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_MOST_S, CPU_MOST_S))
    page = sys.stdin.buffer.read().decode()
    try:
        import weasyprint  # noqa: F401, PLC0415  # as above
    except (ImportError, OSError):
        return NO_PANGO
    sys.stdout.buffer.write(pdf_of(page))
    return 0


if __name__ == "__main__":
    sys.exit(main())
