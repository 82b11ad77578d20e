"""Pages: Jinja2 with autoescape, in the reader's language, with static files under addresses that change with their content."""

from __future__ import annotations

import gettext
import hashlib
import io
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from web.phrasing import FILTERS

FOLDER: Final = Path(__file__).parent
LANGUAGES: Final = ("sv", "en")  # the first is what the texts in the code are written in
LANGUAGE_COOKIE: Final = "samsyn_lang"
STAMP: Final = 12  # characters of the content's hash in an address
STATIC: Final = "/static/"


def language_of(headers: Mapping[str, str], cookies: Mapping[str, str]) -> str:
    """The language a reader has chosen, else the first one its browser asks for that we have."""
    chosen = cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return accepted(headers.get("accept-language", ""))


def accepted(header: str) -> str:
    """The best language of an ``Accept-Language`` that we have; Swedish when there is none."""
    wishes = list[tuple[float, str]]()
    for part in header[:200].split(","):
        tag, _semicolon, quality = part.partition(";q=")
        try:
            wishes.append((-float(quality or 1), tag.strip().lower()[:2]))
        except ValueError:
            continue
    return next((tag for _quality, tag in sorted(wishes, key=lambda wish: wish[0]) if tag in LANGUAGES), LANGUAGES[0])


@cache
def catalogue(lang: str) -> gettext.NullTranslations:
    """The translations of one language, compiled in memory from its ``.po``."""
    path = FOLDER / "locale" / lang / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=lang))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translated(text: str, lang: str, values: Mapping[str, object] | None = None) -> str:
    """A sentence of the code in *lang*, with its places filled in."""
    said = catalogue(lang).gettext(text)
    return said % values if values else said


class Renderer:
    """Makes pages.

    Args:
        globals_: what every template may use, besides its own context.
    """

    def __init__(self, folders: Iterable[Path] = (FOLDER / "templates",), *, globals_: Mapping[str, Any] | None = None) -> None:
        self._environments = {lang: self._environment(lang, list(folders), globals_ or {}) for lang in LANGUAGES}

    def _environment(self, lang: str, folders: list[Path], globals_: Mapping[str, Any]) -> Environment:
        made = Environment(
            loader=FileSystemLoader(folders),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        made.filters.update(FILTERS)
        made.globals.update(static=static, lang=lang, **globals_)
        texts = catalogue(lang)
        install: Callable[..., None] = made.install_gettext_callables  # type: ignore[attr-defined]  # put there by the extension
        install(texts.gettext, texts.ngettext, newstyle=True, pgettext=texts.pgettext, npgettext=texts.npgettext)
        return made

    def text(self, name: str, lang: str, context: Mapping[str, Any]) -> str:
        """A template, filled in."""
        return self._environments[lang].get_template(name).render(context)

    def page(
        self, request: Request, name: str, context: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Response:
        """A page in the reader's language."""
        lang = language_of(request.headers, request.cookies)
        html = self.text(name, lang, {"request": request, "viewer": None, **context})
        return HTMLResponse(html, status, {"Content-Language": lang, "Vary": "Cookie, Accept-Language", **(headers or {})})


def static(path: str) -> str:
    """The address of a static file; it changes when any of them does, so browsers may keep it for ever.

    One stamp for all of them, so that a script or style sheet finds its neighbours by relative addresses.
    """
    return f"{STATIC}{stamp()}/{path}"


@cache
def stamp(folder: Path = FOLDER / "static") -> str:
    """The beginning of a hash over all static files."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:STAMP]
