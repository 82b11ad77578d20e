"""What is shown of a run, to whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.faces import EVERYBODY, Faces, Shown, To, Viewer
from conference.rundown import events
from conference.rundown.events import Seen
from conference.rundown.loading import Loaded, Reader, load
from conference.rundown.plan import NATIONAL, Step
from conference.rundown.rows import CueRow
from conference.rundown.run import Run
from conference.rundown.tables import Track
from conference.rundown.timeline import Forecast, drift_s, forecast, returns, walk
from conference.rundown.titles import TITLES, title
from conference.tables import Day

DONE, COMING = "done", "coming"


def seen(event: Seen) -> Shown:
    """What the event changes of ``now`` and of the programme, for viewers on each lane."""
    for patch in event.shows:
        items = [_bare(item) for item in event.items if patch.lanes is None or item["lanes"] is None or patch.lanes[0] in item["lanes"]]
        data = {**patch.now, **({"items": items} if items else {})}
        for to in [EVERYBODY] if patch.lanes is None else [To(lane=lane) for lane in patch.lanes]:
            yield to, data


def _bare(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key != "lanes"}


FACES: Faces = {
    events.RunOpened: seen,
    events.BlockBegan: seen,
    events.LaneJoined: seen,
    events.ItemStarted: seen,
    events.ItemEnded: seen,
    events.ItemPutBack: seen,
    events.CueGiven: seen,
    events.CueSkipped: seen,
    events.Undone: seen,
    events.RunHeld: seen,
    events.RunResumed: seen,
    events.RunShifted: seen,
    events.CuesCorrected: seen,
    events.RunEnded: seen,
}


async def shared(session: AsyncSession, day: str, viewer: Viewer) -> dict[str, Any]:
    """``now``, for viewers on one lane; a lane that the day does not have sees the national one."""
    track = await session.get(Track, (day, viewer.lane)) or await session.get(Track, (day, NATIONAL))
    return {"now": track.shown if track else {}}


@dataclass(frozen=True)
class CueInCockpit:
    """One row of the run-of-show.

    Attributes:
        at: when it was given, or is expected; ``None`` on a day without a clock.
        late_s: how much later than planned; ``None`` when that cannot be said.
        state: ``coming``, ``next``, ``done`` or ``passed``.
        track: whose GO gives it, ``national`` or the region.
        note: what somebody should know beside it.
        says: the title before ``what`` is put into it, for translation.
    """

    cue: str
    item: str
    block: str
    do: str
    what: str
    title: str
    planned_at: datetime
    at: datetime | None
    late_s: int | None
    by: str
    given_by: str | None
    state: str
    track: str
    regional: bool
    says: str = ""
    note: str = ""

    @property
    def lane(self) -> str:
        """Whose GO gives it."""
        return self.track


@dataclass(frozen=True)
class TrackInCockpit:
    """One lane while they are apart, for whoever sees to all of them.

    Attributes:
        lane: ``national`` stands for those who named no region.
        title, title_en: of what is on; ``None`` between items.
        left: how many cues it has left before all meet.
        over_s: how much longer it takes than the country's lane, as far as is known.
        returns_at: when it goes back to the country; ``None`` without a clock, and of the country's own lane.
        how: as planned (``together``), waited for (``held``), ``cut`` short, or ``late``, after the others.
    """

    lane: str
    title: str | None
    title_en: str | None
    left: int
    hold: bool
    drift_s: int
    over_s: int
    returns_at: datetime | None
    how: str


@dataclass(frozen=True)
class Cockpit:
    """The run-of-show as one lane sees it: common blocks, and its own part of the regional ones.

    Attributes:
        track: whose steps the lane follows now; GO, hold and the rest work on this one.
        after: the cue to send with GO.
        lanes: all that have a track now.
        operator_auto: the simulated operator presses GO.
        tracks: every lane, while they are apart.
    """

    day: str
    title: str
    state: str
    speed: float
    lane: str
    track: str
    block: str | None
    item: str | None
    after: str | None
    hold: bool
    drift_s: int
    ends_at: datetime | None
    operator_auto: bool
    lanes: tuple[str, ...]
    cues: tuple[CueInCockpit, ...]
    tracks: tuple[TrackInCockpit, ...] = ()


async def cockpit(session: AsyncSession, day: str, lane: str, now: datetime) -> Cockpit:
    """The whole run-of-show of a lane at a moment.

    Raises:
        LookupError: there is no such day, or no such lane.
    """
    row = await session.get(Day, day)
    if row is None:
        raise LookupError(day)
    loaded = await load(Reader(session), row)
    run = loaded.run
    if lane not in run.lanes:
        raise LookupError(lane)
    coming = forecast(run, now) if run.plan.speed and not run.over else None
    track = run.driver(lane)
    here = run.lanes[track]
    return Cockpit(
        day=day,
        title=row.title,
        state=row.state,
        speed=row.speed,
        lane=lane,
        track=track,
        block=run.stretch_of(track).block if run.stretch else None,
        item=here.item,
        after=here.cue,
        hold=here.held_at is not None,
        drift_s=drift_s(run, track, now),
        ends_at=coming.ends_at if coming else None,
        operator_auto=run.auto,
        lanes=tuple(run.moving()),
        cues=tuple(_cues(loaded, lane, coming)),
        tracks=tuple(_tracks(loaded, now)),
    )


def _tracks(loaded: Loaded, now: datetime) -> Iterator[TrackInCockpit]:
    run, stretch = loaded.run, loaded.run.stretch
    if run.over or stretch is None or not (stretch.regional or run.late()):
        return
    back = returns(run, now)
    ends = {lane: [at for _, at in walk(run, run.stretch_of(lane), run.lanes[lane], now)][-1] for lane in run.moving()}
    for lane, ends_at in ends.items():
        here = run.lanes[lane]
        item: Any = loaded.items.get(here.item or "")
        yield TrackInCockpit(
            lane=lane,
            title=item.title if item else None,
            title_en=item.title_en if item else None,
            left=sum(step.kind == "cue" and step.name not in run.passed for step in run.left(lane)),
            hold=here.held_at is not None,
            drift_s=drift_s(run, lane, now),
            over_s=max(0, round((ends_at - _slot_ends(run, ends)).total_seconds())) if run.plan.speed else 0,
            returns_at=back[lane][0] if lane in back else None,
            how=back[lane][1] if lane in back else "together",
        )


def _slot_ends(run: Run, ends: Mapping[str, datetime]) -> datetime:
    """When the regions were to be back: with the country's lane, or when it began the present block."""
    return run.block_at if run.late() else ends[NATIONAL]


def _cues(loaded: Loaded, lane: str, coming: Forecast | None) -> list[CueInCockpit]:
    run = loaded.run
    rows: list[CueInCockpit] = []
    for place, stretch in enumerate(run.plan.stretches):
        track = stretch.driver(lane)
        here = run.place(lane)
        present = place == here or (place == here + 1 and not any(step.kind == "cue" for step in run.left(run.driver(lane))))
        next_one = next((step for step in stretch.segments[track].cues() if run.plan.cues[step.name].state == COMING), None)
        for step in stretch.segments[track].cues():
            state = "next" if present and step == next_one and not any(row.state == "next" for row in rows) else None
            rows.append(_row(loaded, step, track, stretch.regional, coming, state))
    return rows


def _row(loaded: Loaded, step: Step, track: str, regional: bool, coming: Forecast | None, state: str | None) -> CueInCockpit:
    cue = loaded.cues[step.name]
    at = cue.given_at or (coming.cues.get(cue.cue) if coming else None)
    ideal = _ideal(loaded, cue, step) if loaded.day.speed else None
    return CueInCockpit(
        cue=cue.cue,
        item=cue.item,
        block=cue.block,
        do=cue.do,
        what=cue.what,
        title=title(cue.do, cue.what),
        planned_at=cue.planned_at,
        at=at,
        late_s=round((at - ideal).total_seconds()) if at and ideal else None,
        by=cue.by,
        given_by=cue.given_by,
        state=state or cue.state,
        track=track,
        regional=regional,
        says=TITLES.get(cue.do, cue.do),
    )


def _ideal(loaded: Loaded, cue: CueRow, step: Step) -> datetime:
    stretch = next(stretch for stretch in loaded.run.plan.stretches if stretch.block == cue.block)
    return loaded.run.ideal(stretch, step)
