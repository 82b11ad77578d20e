"""Films and material of a day, and the kits that days are made from.

Verbs: Library.add_film, package_film, film_ready, film_refused, caption_film.   Facts: FilmAdded, FilmReady, FilmRefused, FilmCaptioned.
Kits: read_kit(folder) and NATIONAL_KIT, the one that ships; each feature reads its own section in its room kit.py. A Shelf keeps those that
came as signed files (archive, signing), and brings versions together part by part (parts).
Stands on: core.   Known by: programme, run-of-show, polls, streaming, web.
"""

from conference.library.events import FilmAdded, FilmCaptioned, FilmReady, FilmRefused
from conference.library.kit import NATIONAL_KIT, Kit, read_kit
from conference.library.service import Library, NewFilm
from conference.library.shelf import Brought, Shelf, Standing, folder_of
from conference.library.signing import Signer
from conference.library.tables import Film

__all__ = [
    "NATIONAL_KIT",
    "Brought",
    "Film",
    "FilmAdded",
    "FilmCaptioned",
    "FilmReady",
    "FilmRefused",
    "Kit",
    "Library",
    "NewFilm",
    "Shelf",
    "Signer",
    "Standing",
    "folder_of",
    "read_kit",
]
