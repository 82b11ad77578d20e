"""What may happen in a run, by hand and by clock: pure. Every rule answers with the run as it stands afterwards and what happened.

A lane's next step is due some time after its last one, so whatever comes late moves all that follows. A cue by hand waits for GO, and so
does everything after it on its lane. GO gives the next cue whether it waits for the hand or the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from msgspec import UNSET, UnsetType

from conference.core.errors import Refused, _
from conference.rundown.moves import Extended, Held, Moving, Resumed, TakenBack
from conference.rundown.plan import NATIONAL, Step
from conference.rundown.run import Run, Undo
from conference.rundown.timeline import block_ends_at, finishing, waits_for_hand, walk

LATE_MOST = timedelta(seconds=1)  # a clock that looks later than this has been away: the day moves, instead of rushing to catch up
UNDO = timedelta(seconds=10)
EXTENDS_MOST_S = 7_200
TAKEN_BACK = frozenset({"announce", "name_plate", "ask_screens", "call_regions", "return_notice", "return_regions"})
"""Cues that do nothing but change what the run itself shows; only of these nothing remains when they are taken back."""


def go(run: Run, lane: str, at: datetime, after: str | UnsetType | None = UNSET) -> Moving:
    """Give the next cue of a lane.

    Without a clock, the national GO carries along every region that nobody drives: their cues up to the same planned moment are given
    too, so that one operator can run the whole day.

    Args:
        after: the cue that the operator saw as the last one; unset when nobody looked.

    Raises:
        Refused: ``cue.already_done`` when another one was given meanwhile, ``cue.none_left``, ``lane.no_such``, ``lane.not_now``.
    """
    _drives(run, lane)
    if after is not UNSET and after != run.lanes[lane].cue:
        raise Refused("cue.already_done", _("Någon annan hann före. Se efter vad som kommer härnäst."))
    moving = Moving(run, at)
    crossed = _cross_to_a_cue(moving, lane)
    before = moving.run
    step = next(step for step in before.left(lane) if _is_coming(before, step))
    for passed_by in before.left(lane):
        moving.take(lane, passed_by, at, "hand")
        if passed_by == step:
            break
    undo = None if crossed or moving.run.over else _undo(before, lane, step.name, at, given=True)
    moving.run = moving.run.with_lane(lane, undo=undo, driven=True)
    if lane == NATIONAL and run.plan.speed == 0:
        _carry(moving, step.plan_s)
    return moving


def skip(run: Run, lane: str, at: datetime) -> Moving:
    """Leave the next cue out. What follows comes as if it had been given.

    Raises:
        Refused: ``cue.none_left``, ``lane.no_such``, ``lane.not_now``.
    """
    _drives(run, lane)
    step = next((step for step in run.left(lane) if _is_coming(run, step)), None)
    if step is None:
        raise Refused("cue.none_left", _("Det finns inget mer att hoppa över i det här passet."))
    moving = Moving(run, at)
    overdue = run.plan.speed == 0 or next(due for one, due in walk(run, run.stretch_of(lane), run.lanes[lane], None) if one == step) <= at
    moving.skip(lane, step.name)
    if overdue:
        for passed_by in run.left(lane):
            moving.take(lane, passed_by, at, "hand")
            if passed_by == step:
                break
    moving.run = moving.run.with_lane(lane, undo=_undo(run, lane, step.name, at, given=False), driven=True)
    return moving


def back(run: Run, lane: str, at: datetime) -> Moving:
    """Go back to the cue before the last one and give it again; the last one is coming again.

    Raises:
        Refused: ``cue.no_previous``, ``lane.no_such``, ``lane.not_now``.
    """
    _drives(run, lane)
    here = run.lanes[lane]
    names = [step.name for step in run.segment(lane).cues()] if run.stretch else []
    place = names.index(here.cue) if here.cue in names else 0
    if place == 0:
        raise Refused("cue.no_previous", _("Det går inte att backa längre än till passets början."))
    moving = Moving(run, at)
    step = run.segment(lane).cues()[place - 1]
    stands = replace(here, step=step.key, item=step.item, anchor_at=at, by_hand=None, undo=None, driven=True)
    moving.come_back(lane, replace(stands, held_at=at if here.held_at else None), run.passed - set(names[: place + 1]))
    moving.run = replace(moving.run, passed=moving.run.passed - {step.name})
    moving.give(lane, step.name, "hand", at, again=True)
    return moving


def undo(run: Run, lane: str, at: datetime) -> Moving:
    """Take back the last GO or skip of a lane, and what the clock has given since: they are coming again.

    Position and what the run itself shows are as before. What others did because of a cue stays: a poll is open, a film runs. The cue that
    was taken back waits for GO.

    Raises:
        Refused: ``undo.too_late`` after 10 s or when a block has begun since, ``lane.no_such``, ``lane.not_now``.
    """
    _drives(run, lane)
    here, last = run.lanes[lane], run.lanes[lane].undo
    if last is None or at - last.at > UNDO or last.block != run.place(lane):
        raise Refused("undo.too_late", _("Det finns inget att ångra. Det går inom tio sekunder, och inte över ett byte av pass."))
    moving = Moving(run, at)
    by_hand = last.cue if last.given else last.by_hand
    stood = replace(here, step=last.step, cue=last.before, anchor_at=last.anchor_at, item=last.item, by_hand=by_hand, undo=None)
    held_at = at if here.held_at else None
    cues = moving.come_back(lane, replace(stood, held_at=held_at), frozenset(last.passed))
    given = tuple(cue for cue in cues if cue in run.given)
    moving.happened.append(TakenBack(lane, cues, given, last.shown))
    return moving


def hold(run: Run, lane: str, at: datetime) -> Moving:
    """Give nothing by clock in a lane until it is resumed. Holding twice changes nothing.

    Raises:
        Refused: ``lane.no_such``, ``lane.not_now``.
    """
    _drives(run, lane)
    moving = Moving(run, at)
    if run.lanes[lane].held_at is None:
        moving.run = run.with_lane(lane, held_at=at, driven=True)
        moving.happened.append(Held(lane))
    return moving


def resume(run: Run, lane: str, at: datetime) -> Moving:
    """Let the clock go on; all that is left comes later by as long as the lane was held.

    Raises:
        Refused: ``lane.no_such``, ``lane.not_now``.
    """
    _drives(run, lane)
    moving = Moving(run, at)
    if run.lanes[lane].held_at is not None:
        moving.run = run.with_lane(lane, anchor_at=run.lanes[lane].anchor(at), held_at=None)
        moving.happened.append(Resumed(lane))
    return moving


def extend(run: Run, lane: str, at: datetime, seconds: int) -> Moving:
    """Let all that is left of a lane come later.

    Raises:
        Refused: ``seconds.out_of_range`` unless 1-7,200, ``clock.off`` on a day run by hand alone, ``lane.no_such``, ``lane.not_now``.
    """
    _drives(run, lane)
    if not 1 <= seconds <= EXTENDS_MOST_S:
        raise Refused("seconds.out_of_range", _("Förläng med mellan 1 och %(most)s sekunder."), most=EXTENDS_MOST_S)
    if run.plan.speed == 0:
        raise Refused("clock.off", _("Dagen körs bara för hand, så det finns ingen tid att förlänga."))
    moving = Moving(run, at)
    moving.run = run.with_lane(lane, anchor_at=run.lanes[lane].anchor_at + timedelta(seconds=seconds), driven=True)
    moving.happened.append(Extended(lane, seconds))
    return moving


def recall(run: Run, lane: str, at: datetime) -> Moving:
    """Call all regions back: the block after the regional one begins now. What a lane has left is closed or cut, the country's too.

    Where all but some late regions have met already, those come along now.

    Raises:
        Refused: ``regions.not_apart`` unless the lanes are apart now, and something common follows.
    """
    moving = Moving(run, at)
    if run.late():
        moving.join_all()
        return moving
    if run.over or run.stretch is None or not run.stretch.regional or run.next_stretch is None:
        raise Refused("regions.not_apart", _("Regionerna är inte i sina egna pass nu."))
    moving.cut_short(lane)
    for region in run.moving():
        if region != lane and run.plan.speed == 0:
            moving.cut_short(region)  # without a clock they would be given all that they have left
    moving.cross(at)
    return moving


def tick(run: Run, now: datetime) -> Moving:
    """Give everything that the clock, or the simulated operator, has to give by now, in the order in which it is due."""
    moving = Moving(run, now)
    while (due := next_due(moving.run, now)) and due[0] <= now:
        at, lane, step, by = due
        anchor = at if now - at <= LATE_MOST else now
        if step is None and lane != NATIONAL:
            moving.join(lane)
        elif step is None:
            moving.cross(anchor, finishing(moving.run, anchor))
        else:
            moving.take(lane, step, anchor, by)
    return moving


def close(run: Run, at: datetime) -> Moving:
    """End the run of a day that was ended by somebody."""
    moving = Moving(run, at)
    moving.end()
    return moving


def next_due(run: Run, now: datetime) -> tuple[datetime, str, Step | None, str] | None:
    """What comes next without a hand: when, on which lane, the step, and by whom. ``None`` for nothing.

    Without a step the national lane begins the next block, and a late region joins the others.
    """
    if run.over or run.plan.speed == 0:
        return None
    due = [(at, step is None, place, lane, step, by) for place, lane in enumerate(run.moving()) for at, step, by in _due(run, lane, now)]
    if not due:
        return None
    at, _crosses, _place, lane, step, by = min(due, key=lambda one: one[:3])  # a region's last cue comes before all meet again
    return at, lane, step, by


def _due(run: Run, lane: str, now: datetime) -> Iterator[tuple[datetime, Step | None, str]]:
    """What comes next on one lane without a hand; no step for the next block, and for a late region that joins."""
    here = run.lanes[lane]
    if here.late_until:
        yield here.late_until, None, "clock"
    if here.held_at:
        return
    step, at = next(walk(run, run.stretch_of(lane), here, None)) if run.stretch else (None, run.origin_at)
    if step is None or step.kind == "end":
        if here.late_in:
            yield at, None, "clock"
        elif lane == NATIONAL and run.next_stretch:
            yield block_ends_at(run, now), None, "clock"
    elif not waits_for_hand(run, here, step):
        yield at, step, "clock"
    elif run.auto and step.name != here.by_hand:
        yield at, step, "operator"


def _drives(run: Run, lane: str) -> None:
    if lane not in run.lanes:
        raise Refused("lane.no_such", _("Sändningen %(lane)s finns inte."), lane=lane)
    if lane not in run.moving():
        raise Refused("lane.not_now", _("Nu sänds det gemensamma. Regionens eget körschema går bara i de regionala passen."))


def _is_coming(run: Run, step: Step) -> bool:
    return step.kind == "cue" and step.name not in run.passed


def _cross_to_a_cue(moving: Moving, lane: str) -> bool:
    """Begin blocks until the lane has a cue to give; whether any was begun."""
    crossed = False
    while not any(_is_coming(moving.run, step) for step in moving.run.left(lane)):
        if lane != NATIONAL or moving.run.next_stretch is None or moving.run.over:
            raise Refused("cue.none_left", _("Körschemat är slut."))
        moving.cross(moving.at, finishing(moving.run, moving.at))
        crossed = True
    return crossed


def _carry(moving: Moving, planned_s: float) -> None:
    for lane in moving.run.moving():
        if lane != NATIONAL and not moving.run.lanes[lane].driven:
            for step in moving.run.left(lane):
                if step.kind == "end" or step.plan_s > planned_s:
                    break
                moving.take(lane, step, moving.at, "hand")


def _undo(run: Run, lane: str, cue: str, at: datetime, *, given: bool) -> Undo:
    here = run.lanes[lane]
    passed = tuple(step.name for step in run.segment(lane).cues() if step.name in run.passed)
    return Undo(cue, given, at, run.place(lane), here.step, here.cue, here.anchor_at, here.item, here.by_hand, passed)
