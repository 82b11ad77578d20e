"""What is stored of a run-of-show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import JSON, SQLModel

from conference.core.columns import Kept, kept


class Cue(SQLModel, table=True):
    """One thing that the run-of-show does, in one lane.

    Attributes:
        lane: whose run it belongs to; a cue of ``national`` in a common block holds for all lanes.
        at_s: planned seconds after the start of its item.
        by: ``clock``, or ``hand``: waits for the operator.
        args: what belongs to its ``do``, as the kit writes it; of a name plate also what stands on it.
        what: the thing it is about, in words, for its title.
        state: ``coming``, ``done`` or ``passed``: skipped, or cut when all met again.
        given_by: ``clock``, ``hand`` or ``operator``, the simulated one.
    """

    __tablename__ = "cue"

    day: str = kept(Kept.OPERATION, primary_key=True)
    cue: str = kept(Kept.OPERATION, primary_key=True)
    lane: str = kept(Kept.OPERATION)
    block: str = kept(Kept.OPERATION)
    item: str = kept(Kept.OPERATION)
    at_s: int = kept(Kept.OPERATION)
    do: str = kept(Kept.OPERATION)
    by: str = kept(Kept.OPERATION)
    args: dict[str, Any] = kept(Kept.OPERATION, default_factory=dict, sa_type=JSON)
    what: str = kept(Kept.OPERATION, "")
    planned_at: datetime = kept(Kept.OPERATION)
    position: int = kept(Kept.OPERATION)
    state: str = kept(Kept.OPERATION, "coming")
    given_at: datetime | None = kept(Kept.OPERATION, None)
    given_by: str | None = kept(Kept.OPERATION, None)


class Running(SQLModel, table=True):
    """Where the run of a day stands as a whole.

    Attributes:
        origin_at: when the first block begins, or should have begun.
        block: the present one; ``None`` before the first.
        block_at: when it began.
        over: nothing more is given.
        moves: counts what has happened to the run, so that who waits for the clock sees a change with one small query.
    """

    __tablename__ = "running"

    day: str = kept(Kept.OPERATION, primary_key=True)
    origin_at: datetime = kept(Kept.OPERATION)
    block: str | None = kept(Kept.OPERATION, None)
    block_at: datetime = kept(Kept.OPERATION)
    over: bool = kept(Kept.OPERATION, False)
    moves: int = kept(Kept.OPERATION, 0)


class Track(SQLModel, table=True):
    """Where one lane stands in the present block, and what its viewers see of the run.

    Attributes:
        step: the last step that was taken, ``item:<id>`` or ``cue:<id>``; ``None`` at the beginning of the block.
        cue: the last cue that was given on this track.
        item: the item that is on.
        anchor_at: the moment from which the time to the next step counts; a hold and an extension move it.
        held_at: since when nothing is given by clock.
        by_hand: a cue that waits for the operator because it was taken back.
        driven: somebody has driven this lane by hand in this block.
        undo: what the last GO or skip can be taken back to.
        shown: the ``now`` of the state, for viewers on this lane.
        late_in: the regional block that this lane finishes while the others have met; ``late_until`` is when it must come along.
    """

    __tablename__ = "track"

    day: str = kept(Kept.OPERATION, primary_key=True)
    lane: str = kept(Kept.OPERATION, primary_key=True)
    step: str | None = kept(Kept.OPERATION, None)
    cue: str | None = kept(Kept.OPERATION, None)
    item: str | None = kept(Kept.OPERATION, None)
    anchor_at: datetime = kept(Kept.OPERATION)
    held_at: datetime | None = kept(Kept.OPERATION, None)
    by_hand: str | None = kept(Kept.OPERATION, None)
    driven: bool = kept(Kept.OPERATION, False)
    undo: dict[str, Any] | None = kept(Kept.OPERATION, None, sa_type=JSON)
    shown: dict[str, Any] = kept(Kept.OPERATION, default_factory=dict, sa_type=JSON)
    late_in: str | None = kept(Kept.OPERATION, None)
    late_until: datetime | None = kept(Kept.OPERATION, None)


class HiddenBlock(SQLModel, table=True):
    """A block that this day does not show: its rows are kept here and nowhere else, so that nobody has to leave them out.

    Attributes:
        after: the block before it, ``None`` when it was the first.
        rows: its block, items and cues, ``[table, row]`` each.
    """

    __tablename__ = "hidden_block"

    day: str = kept(Kept.OPERATION, primary_key=True)
    block: str = kept(Kept.OPERATION, primary_key=True)
    title: str = kept(Kept.PUBLIC)
    reason: str = kept(Kept.OPERATION)
    after: str | None = kept(Kept.OPERATION, None)
    rows: list[Any] = kept(Kept.OPERATION, default_factory=list, sa_type=JSON)
    hidden_at: datetime = kept(Kept.OPERATION)


class LastChange(SQLModel, table=True):
    """What the last change to a day's programme can be taken back to.

    Attributes:
        did: its name in the audit chain.
        steps: ``[table, row, fields]`` for each row: what its columns held, all of one that was taken away, ``None`` for a new one.
    """

    __tablename__ = "last_change"

    day: str = kept(Kept.OPERATION, primary_key=True)
    did: str = kept(Kept.OPERATION)
    at: datetime = kept(Kept.OPERATION)
    steps: list[Any] = kept(Kept.OPERATION, default_factory=list, sa_type=JSON)
