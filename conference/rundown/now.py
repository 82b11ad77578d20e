"""What ``now`` of the state holds: what is on, what comes next, and what the run itself puts on screens. Pure.

``item cue hold next lane block drift_s returns`` follow from the run. ``announcement name_plate ask_screens countdown`` are put there by
cues and stay until something else takes their place, so that a late viewer sees them too. A field without a value is not there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias

from conference.rundown.plan import NATIONAL
from conference.rundown.rows import CueRow
from conference.rundown.run import Run
from conference.rundown.timeline import Forecast, block_ends_at, drift_s
from conference.rundown.titles import title
from conference.times import stamp

Now: TypeAlias = dict[str, Any]

MOVED_S = 1.0  # times that have moved less are left as they are told
PUT_THERE = ("announcement", "name_plate", "ask_screens", "countdown")  # by cues
BETWEEN_ITEMS: Now = {"name_plate": None, "countdown": None}
BETWEEN_BLOCKS: Now = {**dict.fromkeys(PUT_THERE), "item": None}


def cue_shows(cue: CueRow, at: datetime) -> Now:
    """What a cue puts on screens; most cues are for others to act on."""
    args = cue.args
    match cue.do:
        case "announce":
            return {"announcement": {"text": args["text"], "at": stamp(at)}}
        case "ask_screens":
            return {"ask_screens": {"text": args["text"], "at": stamp(at)}}
        case "name_plate":
            return {"name_plate": {key: args[key] for key in ("name", "role", "organisation") if args.get(key)} | {"at": stamp(at)}}
        case "call_regions" | "return_notice":
            return {"countdown": {"to": "regions" if cue.do == "call_regions" else "national"}}
        case "return_regions":
            return {"countdown": None}
    return {}


def taken_back(shown: Now) -> Now:
    """What cues had put there before."""
    return {key: shown.get(key) for key in PUT_THERE}


def over(shown: Now) -> Now:
    """Nothing is on any more."""
    return {**dict.fromkeys(shown), "hold": False}


def stands(run: Run, lane: str, coming: Forecast, shown: Now, now: datetime) -> Now:
    """What has changed of all that follows from the run, for viewers on *lane*."""
    driver = run.driver(lane)
    here = run.lanes[driver]
    late_s, told_s = drift_s(run, driver, now), shown.get("drift_s", 0)
    new = {
        "item": here.item,
        "cue": here.cue,
        "hold": here.held_at is not None,
        "lane": driver,
        "block": run.stretch_of(driver).block if run.stretch else None,
        "next": _steady(_next(run, driver, coming), shown.get("next"), "at"),
        "drift_s": told_s if "drift_s" in shown and abs(late_s - told_s) <= MOVED_S else late_s,
    }
    back = coming.returns.get(driver)
    told = {"at": stamp(back[0]), "how": back[1]} if back else None
    new["returns"] = _steady(told, shown.get("returns"), "at")
    if countdown := shown.get("countdown"):
        ends = {} if run.plan.speed == 0 else {"ends_at": told["at"] if told else stamp(block_ends_at(run, now))}
        new["countdown"] = _steady({"to": countdown["to"], **ends}, countdown, "ends_at")
    return {key: value for key, value in new.items() if value != shown.get(key)}


def _next(run: Run, lane: str, coming: Forecast) -> Now | None:
    """The next cue of a moving lane, as the cockpit's button says it."""
    left = list(run.left(lane))
    if lane == NATIONAL:
        left += [step for later in run.plan.stretches[run.block + 1 :] for step in later.segments[NATIONAL].steps]
    step = next((step for step in left if step.kind == "cue" and step.name not in run.passed), None)
    if step is None:
        return None
    cue = run.plan.cues[step.name]
    said = {"cue": cue.cue, "do": cue.do, "what": cue.what, "title": title(cue.do, cue.what), "by": cue.by}
    return said if run.plan.speed == 0 else {**said, "at": stamp(coming.cues[cue.cue])}


def _steady(new: Now | None, told: Now | None, key: str) -> Now | None:
    """What was told, when nothing but a time has moved by less than anybody sees."""
    if new is None or told is None or {**new, key: None} != {**told, key: None} or key not in new or key not in told:
        return new
    return told if abs(_moment(new[key]) - _moment(told[key])).total_seconds() < MOVED_S else new


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
