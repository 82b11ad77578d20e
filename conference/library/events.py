"""What can happen to films: all of it is the house's own business, and no screen shows it as news."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class FilmAdded(Event):
    """A film was given to the day and waits to be packaged."""

    name: ClassVar[str] = "library.film_added"

    film: str
    title: str


@dataclass(frozen=True, kw_only=True)
class FilmReady(Event):
    """A film is packaged and can be shown; ``seconds`` is its measured length."""

    name: ClassVar[str] = "library.film_ready"

    film: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class FilmCaptioned(Event):
    """A film got other captions; the library has them."""

    name: ClassVar[str] = "library.film_captioned"

    film: str


@dataclass(frozen=True, kw_only=True)
class FilmRefused(Event):
    """A file turned out to be no film that we can show; ``code`` is the refusal its uploader sees."""

    name: ClassVar[str] = "library.film_refused"

    film: str
    code: str
