"""How a kit that came differs from what is here, in people's words."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any, Final

from conference.core.errors import _
from conference.library.parts import Change
from web.address import Visit

KINDS: Final = {
    "day.json#kit": _("Paketets namn och version"),
    "day.json#items": _("Inslag"),
    "day.json#blocks": _("Pass"),
    "day.json#regions": _("Region"),
    "day.json#contributors": _("Medverkande"),
    "day.json#sources": _("Bildkälla"),
    "day.json#goals": _("Mål"),
    "day.json#templates": _("Kortare dag"),
    "day.json": _("Dagen"),
    "polls.json": _("Omröstning"),
    "evaluation.json": _("Utvärdering"),
    "needs.json": _("Behov"),
    "checklists.json": _("Checklista"),
    "chatter.json": _("Simulerad publik"),
    "texts": _("Text"),
    "films": _("Film"),
    "README.md": _("Läs mig"),
}
FIELDS: Final = {
    "title": _("Titel"),
    "description": _("Beskrivning"),
    "text": _("Text"),
    "help": _("Hjälptext"),
    "minutes": _("Längd"),
    "goals": _("Mål"),
    "options": _("Svarsalternativ"),
    "version": _("Version"),
    "licence": _("Licens"),
    "cues": _("Körschema"),
}
"""Fields of parts as people call them; others stand as they do in the file."""


def change(visit: Visit, one: Change, locked: set[str], chosen: frozenset[str] | None) -> dict[str, Any]:
    """A part as the page shows it. What nobody here has changed is chosen from the start."""
    place = one.part.partition("/")[0]
    kind = KINDS.get(place) or KINDS.get(place.partition("#")[0]) or place
    return {
        **vars(one),
        "says": [_line(visit, said) for said in one.says],
        "place": visit.text(kind),
        "title": one.title or PurePosixPath(one.part.partition("#")[2] or one.part).name,
        "locked": one.part in locked,
        "chosen": not one.conflict if chosen is None else one.part in chosen,
    }


def _line(visit: Visit, said: str) -> str:
    field, colon, rest = said.partition(": ")
    return f"{visit.text(FIELDS[field])}: {rest}" if colon and field in FIELDS else said


def grouped(changes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Parts of a kind together, in the order in which they come first."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in changes:
        groups.setdefault(one["place"], []).append(one)
    return [{"title": title, "parts": found} for title, found in groups.items()]
