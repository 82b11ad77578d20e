"""The films of a kit as rows of a day."""

from __future__ import annotations

from datetime import datetime

from conference.library.kit import Kit
from conference.library.rules import FilmState
from conference.library.shapes import FilmOfKit
from conference.library.tables import Film


def film_rows(kit: Kit, day: str, at: datetime) -> list[Film]:
    """Every film of the kit, waiting to be packaged; one whose picture is not in the folder has no file and will be a slate."""
    return [_row(kit, film, day, at, position) for position, film in enumerate(kit.films.values())]


def _row(kit: Kit, film: FilmOfKit, day: str, at: datetime, position: int) -> Film:
    texts = film.__struct_fields__
    same = {name: getattr(film, name) for name in texts if name in Film.model_fields and name not in {"goals", "questions"}}
    return Film(
        **same,
        day=day,
        film=film.id,
        goals=list(film.goals),
        questions=list(film.questions),
        planned_s=film.seconds,
        origin="kit",
        state=FilmState.WAITING,
        file=_beside(kit, f"{film.id}.mp4"),
        captions=_beside(kit, f"{film.id}.vtt") or _beside(kit, f"{film.id}.{film.language}.vtt"),
        position=position,
        added_at=at,
    )


def _beside(kit: Kit, name: str) -> str | None:
    return f"films/{name}" if (kit.folder / "films" / name).is_file() else None
