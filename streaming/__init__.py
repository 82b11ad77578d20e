"""What is on air in each lane: films, sources, the slate; playlists as pure functions of it.

Verbs: Lanes.take, keep_film, source_is.   Facts: Taken, SourceCame, SourceWent, LanesEnded.   Playlists and pictures: Origin.
To the media process: Packing brings films, Following hears of live sources.
Stands on: conference; the media process (`streaming.media`) over HTTP.   Known by: web.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streaming.events import LanesEnded, Taken
    from streaming.following import Following
    from streaming.media_client import MediaAway, MediaClient
    from streaming.origin import Origin
    from streaming.packing import Packing
    from streaming.service import Lanes

__all__ = ["Following", "Lanes", "LanesEnded", "MediaAway", "MediaClient", "Origin", "Packing", "Taken"]

_ROOMS = {
    "Following": "following",
    "Lanes": "service",
    "LanesEnded": "events",
    "MediaAway": "media_client",
    "MediaClient": "media_client",
    "Origin": "origin",
    "Packing": "packing",
    "Taken": "events",
}


def __getattr__(name: str) -> Any:
    """Open the room when somebody asks: the media process comes through this door too, and must not bring the whole house along."""
    if name not in _ROOMS:
        raise AttributeError(name)
    return getattr(import_module(f"streaming.{_ROOMS[name]}"), name)
