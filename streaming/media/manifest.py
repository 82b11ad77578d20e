"""What an asset consists of: its parts, where they lie in its file, and how long they are.

Every part of a film is exactly `PART_MS` long, so that showings can be cut and joined anywhere on one grid, with no gap in any lane.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

PART_MS = 400  # 10 frames at 25/s, 12 at 30, 20 at 50: the only common length near a third of a second
SEGMENT_MS = 2_000  # a key frame begins it; five parts
SMALL_HEIGHT = 360  # of the pictures for narrow lines
INIT_FILE, MEDIA_FILE, MANIFEST_FILE = "init.mp4", "media.m4s", "manifest.json"


class Part(msgspec.Struct, frozen=True):
    """The smallest piece that can be listed: one fragment, ``length`` bytes from ``offset`` in the media file."""

    offset: int
    length: int
    duration_ms: int = PART_MS
    independent: bool = False


class Segment(msgspec.Struct, frozen=True):
    """Parts from one key frame to the next."""

    seq: int
    parts: list[Part]

    @property
    def duration_ms(self) -> int:
        """How long it plays."""
        return sum(part.duration_ms for part in self.parts)


class Manifest(msgspec.Struct, frozen=True):
    """One packaged film or slate.

    Attributes:
        asset: its id, made from the content: the same film has the same id.
        codecs: for the CODECS attribute of a playlist.
        frame_rate: 25, 30 or 50.
        bandwidth: bits a second of its greatest segment.
        is_silent: whether it came without a sound track; it has one of silence now.
    """

    asset: str
    codecs: str
    width: int
    height: int
    frame_rate: int
    bandwidth: int
    duration_ms: int
    segments: list[Segment]
    is_silent: bool = False
    init: str = INIT_FILE
    media: str = MEDIA_FILE

    @property
    def average(self) -> int:
        """Bits a second in the long run."""
        return sum(part.length for segment in self.segments for part in segment.parts) * 8_000 // max(1, self.duration_ms)


def size_of(width: int, height: int) -> tuple[int, int]:
    """How large the small picture of one of this size is; never larger than that."""
    by = min(1.0, SMALL_HEIGHT / height)
    return max(2, round(width * by / 2) * 2), max(2, round(height * by / 2) * 2)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the asset in *folder*."""
    return msgspec.json.decode((folder / MANIFEST_FILE).read_bytes(), type=Manifest)
