"""From rows to a run and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

import msgspec
from sqlalchemy import RowMapping, Select, select
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.rows import table_of
from conference.library.tables import Film
from conference.rundown.moves import Given, Moving
from conference.rundown.now import PUT_THERE
from conference.rundown.plan import Sheet, plan_of
from conference.rundown.rows import CueRow, ItemRow, as_values, changed
from conference.rundown.run import Lane, Run, Undo, new_run
from conference.rundown.tables import Cue, Running, Track
from conference.rundown.telling import Times
from conference.tables import Block, Day, Item, Region

STANDS: Final = ("step", "cue", "item", "anchor_at", "held_at", "by_hand", "driven", "late_in", "late_until")
"""What a lane's row says of where it stands, by the same names as `conference.rundown.run.Lane`."""


class Asks(Protocol):
    """A transaction, or a `Reader`."""

    async def ask(self, query: Select[Any]) -> Sequence[RowMapping]:
        """The rows of a query."""


@dataclass(frozen=True)
class Reader:
    """Asks in a reading session as one asks in a transaction."""

    session: AsyncSession

    async def ask(self, query: Select[Any]) -> Sequence[RowMapping]:
        """The rows of a query."""
        found: Sequence[RowMapping] = (await (await self.session.connection()).execute(query)).mappings().all()
        return found


@dataclass(frozen=True)
class Loaded:
    """A run with the rows that it was read from.

    Attributes:
        running: ``None`` while the run is not open.
    """

    day: Day
    run: Run
    running: Running | None
    tracks: Mapping[str, Track]
    cues: Mapping[str, CueRow]
    items: Mapping[str, ItemRow]

    @property
    def screens(self) -> dict[str, dict[str, Any]]:
        """What each lane's viewers see of the run."""
        return {lane: self.tracks[lane].shown if lane in self.tracks else {} for lane in self.run.plan.lanes}

    @property
    def times(self) -> dict[str, Times]:
        """The programme as it stands."""
        return {name: Times(item.state, item.starts_at, item.ends_at) for name, item in self.items.items()}


async def load(tx: Asks, day: Day) -> Loaded:
    """Read the run of a day; a day without one has a run that has not begun."""
    cues = await _rows(tx, Cue, day.day)
    items = await _rows(tx, Item, day.day)
    films = {film.film: (film.planned_s, film.seconds) for film in await _rows(tx, Film, day.day)}
    sheet = Sheet(await _rows(tx, Block, day.day), items, cues, await _rows(tx, Region, day.day), films)
    tracks = {row.lane: Track(**changed(row)) for row in await _rows(tx, Track, day.day)}
    running = next((Running(**changed(row)) for row in await _rows(tx, Running, day.day)), None)
    run = new_run(day.day, plan_of(sheet, day.speed), day.starts_at, auto=day.operator_auto)
    if running is not None:
        run = _as_stored(run, running, tracks)
    return Loaded(day, run, running, tracks, {cue.cue: cue for cue in cues}, {item.item: item for item in items})


def remembering(before: Loaded, moving: Moving) -> Run:
    """The run, with what viewers saw laid into what can be taken back from now on."""
    run = moving.run
    for lane, here in run.lanes.items():
        if here.undo and here.undo != before.run.lanes[lane].undo:
            shown = before.screens[lane]
            run = run.with_lane(lane, undo=replace(here.undo, shown={key: shown[key] for key in PUT_THERE if key in shown}))
    return run


def changed_rows(before: Loaded, moving: Moving, screens: Mapping[str, dict[str, Any]]) -> Iterator[SQLModel]:
    """The rows of the run that are to be put; nothing when nothing has moved."""
    run = remembering(before, moving)
    tracks = [_track(run, lane, screens[lane]) for lane in run.plan.lanes]
    moved = [track for track in tracks if track != before.tracks.get(track.lane)]
    cues = list(_cues(before, moving))
    if not moved and not cues and run.over == before.run.over and before.running:
        return
    yield from moved
    yield from cues
    moves = before.running.moves + 1 if before.running else 1
    block = run.stretch.block if run.stretch else None
    yield Running(day=run.day, origin_at=run.origin_at, block=block, block_at=run.block_at, over=run.over, moves=moves)


def changed_item(before: Loaded, name: str, times: Times) -> Item:
    """An item's row with its new times."""
    return Item(**changed(before.items[name], state=times.state, starts_at=times.starts_at, ends_at=times.ends_at))


def _cues(before: Loaded, moving: Moving) -> Iterator[Cue]:
    run, by = moving.run, {one.cue: one.by for one in moving.happened if isinstance(one, Given)}
    for name, cue in before.cues.items():
        state = "done" if name in run.given else "passed" if name in run.passed else "coming"
        at = run.given.get(name)
        if (state, at) != (cue.state, cue.given_at):
            given_by = by.get(name, cue.given_by) if at else None
            yield Cue(**changed(cue, state=state, given_at=at, given_by=given_by))


def _track(run: Run, lane: str, shown: dict[str, Any]) -> Track:
    here = run.lanes[lane]
    stands = {name: getattr(here, name) for name in STANDS}
    return Track(day=run.day, lane=lane, **stands, undo=msgspec.to_builtins(here.undo), shown=shown)


def _as_stored(fresh: Run, running: Running, tracks: Mapping[str, Track]) -> Run:
    plan = fresh.plan
    return replace(
        fresh,
        origin_at=running.origin_at,
        block=plan.places[running.block] if running.block else -1,
        block_at=running.block_at,
        over=running.over,
        lanes={lane: _lane(tracks[lane]) if lane in tracks else Lane(lane, running.block_at) for lane in plan.lanes},
        given={cue.cue: cue.given_at for cue in plan.cues.values() if cue.state == "done" and cue.given_at},
        passed=frozenset(cue.cue for cue in plan.cues.values() if cue.state == "passed"),
    )


def _lane(track: Track) -> Lane:
    stands = {name: getattr(track, name) for name in STANDS}
    return Lane(track.lane, **stands, undo=msgspec.convert(track.undo, Undo | None))


async def _rows(tx: Asks, table: type[SQLModel], day: str) -> list[Any]:
    columns = table_of(table).c
    query = select(table_of(table)).where(columns.day == day)
    if "position" in columns:
        query = query.order_by(columns.position)
    return as_values(await tx.ask(query))
