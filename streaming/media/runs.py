"""What a live source has sent, as it is told of: runs, their segments, and the borders of their parts.

A run is unbroken: one set of parameter sets, no hole. Everything is counted in whole milliseconds since 1970 on the media host's clock, and
borders are absolute, so that nothing accumulates. `Notice` is one line of ``/notices``; `hear` folds notices into runs, in the media
process when it starts again and in the web processes while they listen, and takes the same notice twice without harm.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

import msgspec

SourceKind = Literal["whip", "rtmp", "panel", "screen"]
State = Literal["waiting", "live", "gone"]
Path = Literal["host", "relay", "rtmp"]

PART_MS = 400  # parts of a live segment; the last one of a segment may be shorter
NAME = re.compile(r"[A-Za-z0-9._~-]{1,80}")  # of a source
PART_NAME = re.compile(r"(\d{1,9})-(\d{1,4})-(\d{1,4})(o?)\.m4s")


class LivePart(NamedTuple):
    """Some parts of one segment, as their address names them: *first* to *end* - 1.

    Attributes:
        opening: with the sound that straddles the segment's beginning in front, for a lane that begins here.
    """

    seq: int
    first: int
    end: int
    opening: bool = False

    def __str__(self) -> str:
        return f"{self.seq}-{self.first}-{self.end}{'o' * self.opening}.m4s"

    @classmethod
    def read(cls, name: str) -> LivePart | None:
        """Undo ``str``; ``None`` for what is no such name."""
        found = PART_NAME.fullmatch(name)
        if not found:
            return None
        seq, first, end = (int(found[n]) for n in (1, 2, 3))
        return cls(seq, first, end, bool(found[4])) if first < end and (first == 0 or not found[4]) else None


class LiveSegment(msgspec.Struct, frozen=True):
    """From one key frame on.

    Attributes:
        seq: counted from 0 in its run.
        begins_ms: its key frame.
        ends: where each part of it ends; the next part begins there.
        done: whether no further part will come.
    """

    seq: int
    begins_ms: int
    ends: list[int]
    done: bool = False

    @property
    def ends_ms(self) -> int:
        """How far it has come."""
        return self.ends[-1] if self.ends else self.begins_ms


class Run(msgspec.Struct, frozen=True):
    """What came without a break.

    Attributes:
        run: counted from 1 in its source, never used again.
        bandwidth: bits a second of its greatest segment so far.
        ended_ms: the end of its last part, once nothing more will be added to it.
    """

    run: int
    begins_ms: int
    width: int
    height: int
    frame_rate: float
    codecs: str
    bandwidth: int
    segments: list[LiveSegment]
    ended_ms: int | None = None

    @property
    def edge_ms(self) -> int:
        """How far it has come."""
        return self.segments[-1].ends_ms if self.segments else self.begins_ms


class Status(msgspec.Struct, frozen=True):
    """How a source is doing now.

    Attributes:
        since_ms: when it came into its state.
        level_db: loudness of the last second, below full scale; ``None`` when there is no sound.
        path: how its packets come.
        lost: pictures that were lost on the way, since the publisher came.
        publisher: the resource of the one who is sending.
        rtmp_port: where its studio connects.
        reencoded: its pictures break the rules of a lane and are encoded anew.
        disk_full: what it sends is kept in memory only, and for a short while.
        why: what was wrong with the last sender that was turned away; a code.
    """

    kind: SourceKind
    state: State
    since_ms: int
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0
    kbit_s: int = 0
    level_db: float | None = None
    path: Path | None = None
    viewers: int = 0
    lost: int = 0
    publisher: str | None = None
    rtmp_port: int | None = None
    reencoded: bool = False
    disk_full: bool = False
    why: str | None = None


class Began(msgspec.Struct, frozen=True):
    """What a run is like, told when it begins."""

    begins_ms: int
    width: int
    height: int
    codecs: str
    frame_rate: float
    bandwidth: int = 0


class Notice(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of ``/notices``: which fields are there says what has happened.

    ``born``: the first line, a new id for each life of the media process. ``began``: a run. ``begins_ms``: a segment, whose key frame is
    here. ``part``: a part can be had. ``ended_ms``: the run's end. ``status``: the source's, when it changes. ``dropped``: the source is
    no more. Nothing at all: a sign of life, every few seconds.
    """

    source: str = ""
    born: str | None = None
    run: int | None = None
    began: Began | None = None
    seq: int | None = None
    begins_ms: int | None = None
    part: int | None = None
    ends_ms: int | None = None
    last: bool = False
    bandwidth: int = 0  # of the segment that is complete with this part
    ended_ms: int | None = None
    status: Status | None = None
    dropped: bool = False


def hear(runs: dict[int, Run], notice: Notice) -> None:
    """Add to *runs* what a notice of the same source tells; one that is known already changes nothing."""
    if notice.run is None:
        return
    if notice.began is not None:
        if notice.run not in runs:
            began = notice.began
            shape = (began.width, began.height, began.frame_rate, began.codecs, began.bandwidth)
            runs[notice.run] = Run(notice.run, began.begins_ms, *shape, segments=[])
        return
    run = runs.get(notice.run)
    if run is None or run.ended_ms is not None:
        return
    if notice.ended_ms is not None:
        if run.segments:
            run.segments[-1] = msgspec.structs.replace(run.segments[-1], done=True)
        runs[notice.run] = msgspec.structs.replace(run, ended_ms=notice.ended_ms)
    elif notice.begins_ms is not None and notice.seq == len(run.segments):
        run.segments.append(LiveSegment(notice.seq, notice.begins_ms, []))
    elif notice.part is not None and notice.ends_ms is not None and notice.seq == len(run.segments) - 1:
        _hear_part(runs, run, notice.part, notice)


def _hear_part(runs: dict[int, Run], run: Run, part: int, notice: Notice) -> None:
    segment = run.segments[-1]
    if part != len(segment.ends) or segment.done:
        return
    assert notice.ends_ms is not None
    segment.ends.append(notice.ends_ms)
    if notice.last:
        run.segments[-1] = msgspec.structs.replace(segment, done=True)
        if notice.bandwidth > run.bandwidth:
            runs[run.run] = msgspec.structs.replace(run, bandwidth=notice.bandwidth)
