"""What can happen in a run.

Each of them carries what screens show of it: ``shows`` says how ``now`` changes and for which lanes, ``items`` how the programme changes.
So what a screen shows is the sum of what it was told, whenever it came.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from conference.core.event import Event


@dataclass(frozen=True, kw_only=True)
class Patch:
    """How ``now`` changes for viewers on some lanes; a field that is ``None`` is taken away. ``lanes`` is ``None`` for everybody."""

    lanes: list[str] | None
    now: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What all events of a run carry.

    Attributes:
        lanes: the lanes it holds for: all in a common block, one in a regional one.
        shows: how ``now`` changes, lane by lane.
        items: how the programme changes: an item's id, ``lanes`` in whose programme it stands (``None``: all), and the fields that are new.
    """

    lanes: list[str]
    shows: list[Patch] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class RunOpened(Seen, Event):
    """The day is live and its run-of-show begins; times in the programme are from now on those at which things really happen."""

    name: ClassVar[str] = "rundown.opened"


@dataclass(frozen=True, kw_only=True)
class BlockBegan(Seen, Event):
    """A block began: in a regional one every lane follows its own items from here on, in a common one all are together.

    A region that is let finish what it does in the block before is not among its ``lanes``.
    """

    name: ClassVar[str] = "rundown.block_began"

    block: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class LaneJoined(Seen, Event):
    """A region that was let finish what it did in a regional block is together with the others again."""

    name: ClassVar[str] = "rundown.lane_joined"


@dataclass(frozen=True, kw_only=True)
class ItemStarted(Seen, Event):
    """An item of the programme began."""

    name: ClassVar[str] = "rundown.item_started"

    item: str
    block: str


@dataclass(frozen=True, kw_only=True)
class ItemEnded(Seen, Event):
    """An item of the programme is over."""

    name: ClassVar[str] = "rundown.item_ended"

    item: str


@dataclass(frozen=True, kw_only=True)
class ItemPutBack(Seen, Event):
    """An item that had begun is to come again, because somebody went back or took back a GO."""

    name: ClassVar[str] = "rundown.item_put_back"

    item: str


@dataclass(frozen=True, kw_only=True)
class CueGiven(Seen, Event):
    """The run-of-show says: do this, in these lanes.

    Attributes:
        do: one of the kit's words, ``open_poll``.
        args: the rest of the cue, by ``do``.
        by: ``clock``, ``hand`` or ``operator``, the simulated one.
        again: it has been given before, and somebody went back to it.
    """

    name: ClassVar[str] = "rundown.cue_given"

    cue: str
    item: str
    do: str
    args: dict[str, Any]
    by: str = "clock"
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class CueSkipped(Seen, Event):
    """A cue will not be given; ``cut`` when that is because all lanes meet again."""

    name: ClassVar[str] = "rundown.skipped"

    cue: str
    do: str
    cut: bool = False


@dataclass(frozen=True, kw_only=True)
class Undone(Seen, Event):
    """The last GO or skip was taken back: ``cues`` are coming again.

    Attributes:
        kept: those of them whose effect remains, because others acted on them: the poll is open, the film runs.
    """

    name: ClassVar[str] = "rundown.undone"

    cues: list[str]
    kept: list[str]


@dataclass(frozen=True, kw_only=True)
class RunHeld(Seen, Event):
    """Nothing is given by clock until it is resumed."""

    name: ClassVar[str] = "rundown.held"


@dataclass(frozen=True, kw_only=True)
class RunResumed(Seen, Event):
    """The clock goes on."""

    name: ClassVar[str] = "rundown.resumed"


@dataclass(frozen=True, kw_only=True)
class RunShifted(Seen, Event):
    """What is left comes later: somebody extended by ``seconds``, or (0) a cue by hand has been waited for."""

    name: ClassVar[str] = "rundown.shifted"

    seconds: int


@dataclass(frozen=True, kw_only=True)
class CuesCorrected(Seen, Event):
    """An organizer put right what cues say: a name plate, or which film is played. None of them is given by it."""

    name: ClassVar[str] = "rundown.cues_corrected"

    cues: list[str]


@dataclass(frozen=True, kw_only=True)
class RunEnded(Seen, Event):
    """The run is over and gives nothing more."""

    name: ClassVar[str] = "rundown.ended"
