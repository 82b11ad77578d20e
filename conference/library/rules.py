"""What may happen to a film."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from conference.core.errors import Refused, _
from conference.library.events import FilmAdded, FilmCaptioned, FilmReady, FilmRefused
from conference.library.tables import Film

TITLE_MOST = 200


class FilmState(StrEnum):
    """Where a film is on its way to the screen."""

    WAITING = "waiting"
    PACKAGING = "packaging"
    READY = "ready"
    REFUSED = "refused"


def add_film(day: str, film: str, title: str, at: datetime) -> FilmAdded:
    """Give a film to the day.

    Raises:
        Refused: ``text.empty`` or ``text.too_long`` for its title.
    """
    if not title.strip():
        raise Refused("text.empty", _("Filmen behöver en titel."))
    if len(title) > TITLE_MOST:
        raise Refused("text.too_long", _("Titeln får ha högst %(most)s tecken."), most=TITLE_MOST)
    return FilmAdded(day=day, at=at, film=film, title=title.strip())


def make_ready(film: Film, seconds: float, at: datetime) -> FilmReady:
    """It is packaged, and this long."""
    return FilmReady(day=film.day, at=at, film=film.film, seconds=seconds)


def caption_film(film: Film, at: datetime) -> FilmCaptioned:
    """It has other captions."""
    return FilmCaptioned(day=film.day, at=at, film=film.film)


def refuse_film(film: Film, code: str, at: datetime) -> FilmRefused:
    """It cannot be shown."""
    return FilmRefused(day=film.day, at=at, film=film.film, code=code)


def no_such_film(film: str) -> Refused:
    """The answer to a film that nobody knows."""
    return Refused("film.no_such", _("Filmen finns inte."), film=film)
