"""What is wanted of a rehearsal, and how far it has come: a small file for each day, which who plays it writes and who waits reads.

That it shall stop is a file of its own: who asks for it writes nothing that its player writes too, so neither is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from web.gaps import Gap

FOLDER: Final = "rehearsals"  # of the data folder
PLAYED: Final = frozenset({"playing", "stopping"})  # somebody plays it
DEAD_AFTER: Final = timedelta(minutes=2)  # it is written every second, but on a busy machine its player, at low priority, has to wait


@dataclass(frozen=True)
class Wanted:
    """How a day is to be rehearsed.

    Attributes:
        speed: how many times faster than the day; 0 as fast as it goes.
        people: simulated people; there is always one for each lane.
    """

    day: str
    speed: float = 40.0
    people: int = 40


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where a rehearsal is.

    Attributes:
        state: ``playing``, ``stopping`` (somebody has asked for it, and who plays it has not left yet), ``done`` or ``failed``.
        written_at: when this was written.
        at: the hour in the day that is played.
        item: what is on in the country's lane, in words.
        given, cues: how many cues are done, and how many there are.
        people: how many are simulated; ``did`` what they did, ``refused`` what they were refused.
        gaps: what is missing, when it is done.
        why: what went wrong, when it failed; ``cancelled`` when somebody stopped it.
    """

    day: str
    state: str
    speed: float
    written_at: datetime
    at: datetime | None = None
    item: str = ""
    given: int = 0
    cues: int = 0
    people: int = 0
    did: dict[str, int] | None = None
    refused: dict[str, int] | None = None
    gaps: tuple[Gap, ...] = ()
    why: str = ""

    @property
    def ok(self) -> bool:
        """Whether it was played to the end and nothing is missing."""
        return self.state == "done" and not self.gaps

    @property
    def percent(self) -> int:
        """How much of the day has been played."""
        return 100 if self.state == "done" else min(99, 100 * self.given // self.cues) if self.cues else 0

    def told(self) -> dict[str, Any]:
        """As the line of JSON carries it."""
        whole: dict[str, Any] = msgspec.to_builtins(self)
        return {"ok": self.ok, **{name: value for name, value in whole.items() if name != "written_at"}}


class Cancelled(Exception):
    """Somebody asked for the rehearsal that is played to stop."""


def path_of(data_dir: Path, day: str) -> Path:
    """Where the progress of a day lies; *day* is one that there is."""
    return data_dir / FOLDER / f"{day}.json"


def write(data_dir: Path, progress: Progress) -> None:
    """Write it in one go: nobody reads half of it."""
    path = path_of(data_dir, progress.day)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_bytes(msgspec.json.encode(progress))
    draft.replace(path)
    if progress.state not in PLAYED:
        clear(data_dir, progress.day)


def stop(data_dir: Path, day: str) -> None:
    """Ask the one that is played to stop."""
    _stop_of(data_dir, day).touch(mode=0o600)


def clear(data_dir: Path, day: str) -> None:
    """Forget that one was to stop: it is over, or another one begins."""
    _stop_of(data_dir, day).unlink(missing_ok=True)


def go_on(data_dir: Path, now: Progress) -> None:
    """Write how far it has come, unless it shall stop.

    Raises:
        Cancelled: it shall.
    """
    if _stop_of(data_dir, now.day).exists():
        raise Cancelled
    write(data_dir, now)


def read(data_dir: Path, day: str, now: datetime) -> Progress | None:
    """The last rehearsal of a day; one whose player is gone has failed. ``None`` when there has been none."""
    found = _last(data_dir, day)
    if found is not None and found.state in PLAYED and now - found.written_at > DEAD_AFTER:
        return replace(found, state="failed", why="stopped")
    if found is not None and found.state == "playing" and _stop_of(data_dir, day).exists():
        return replace(found, state="stopping")
    return found


def _stop_of(data_dir: Path, day: str) -> Path:
    return path_of(data_dir, day).with_suffix(".stop")


def _last(data_dir: Path, day: str) -> Progress | None:
    try:
        return msgspec.json.decode(path_of(data_dir, day).read_bytes(), type=Progress)
    except (OSError, msgspec.MsgspecError):
        return None
