"""Recordings: what a lane showed while an item, a block or the day lasted, kept as the lane's own list; published by hand, through a gate.

Verbs: Recordings.publish, withdraw, close_due.   Facts: RecordingKept, RecordingPublished, RecordingWithdrawn.
Playlists, captions and chapters: Archive.   Files to take home, and posters: Workshop.
Stands on: conference, and `streaming`'s lanes and captions.   Known by: web.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streaming.recordings.archive import Archive, Recorded
    from streaming.recordings.rules import NotYet
    from streaming.recordings.service import Recordings
    from streaming.recordings.workshop import Workshop

__all__ = ["Archive", "NotYet", "Recorded", "Recordings", "Workshop"]

_ROOMS = {"Archive": "archive", "NotYet": "rules", "Recorded": "archive", "Recordings": "service", "Workshop": "workshop"}


def __getattr__(name: str) -> Any:
    """Open the room when somebody asks: the process that makes files comes through this door too."""
    if name not in _ROOMS:
        raise AttributeError(name)
    return getattr(import_module(f"streaming.recordings.{_ROOMS[name]}"), name)
