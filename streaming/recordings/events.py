"""What can happen to recordings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class RecordingKept(Event):
    """Something is over, and what its lane showed is kept; only staff can see it. Told again when it went on after all."""

    name: ClassVar[str] = "recordings.kept"

    recording: str
    lane: str


@dataclass(frozen=True, kw_only=True)
class RecordingPublished(Event):
    """Everybody may see it.

    Attributes:
        captioned: whether what is said in it can be read. If not, somebody wrote down why it is published all the same.
    """

    name: ClassVar[str] = "recordings.published"

    recording: str
    captioned: bool


@dataclass(frozen=True, kw_only=True)
class RecordingCaptioned(Event):
    """It had no captions when it was published, and has them now; it stays."""

    name: ClassVar[str] = "recordings.captioned"

    recording: str


@dataclass(frozen=True, kw_only=True)
class RecordingWithdrawn(Event):
    """Nobody but staff may see it any more.

    Attributes:
        late: by the clock, because it had no captions when its time for them was over.
    """

    name: ClassVar[str] = "recordings.withdrawn"

    recording: str
    late: bool
