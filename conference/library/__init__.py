"""Films and material of a day, and the kits that days are made from.

Verbs: Library.add_film, package_film, film_ready, film_refused, caption_film.   Facts: FilmAdded, FilmReady, FilmRefused, FilmCaptioned.
Kits: read_kit(folder) and NATIONAL_KIT, the one that ships; each feature reads its own section in its room kit.py.
Stands on: core.   Known by: programme, run-of-show, polls, streaming, web.
"""

from conference.library.events import FilmAdded, FilmCaptioned, FilmReady, FilmRefused
from conference.library.kit import NATIONAL_KIT, Kit, read_kit
from conference.library.service import Library, NewFilm
from conference.library.tables import Film

__all__ = ["NATIONAL_KIT", "Film", "FilmAdded", "FilmCaptioned", "FilmReady", "FilmRefused", "Kit", "Library", "NewFilm", "read_kit"]
