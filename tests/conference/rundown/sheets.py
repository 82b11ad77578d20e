"""A small day for looking closely: a common block, a regional one, and a common one with a break in it.

``b1`` welcome (2 min), film (3 min) · ``b2`` fill or a's own item (5 min) · ``b3`` pause (10 min), talk (5 min).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from conference.rundown import rules
from conference.rundown.moves import Given
from conference.rundown.plan import NATIONAL, Plan, Sheet, plan_of
from conference.rundown.run import Run, new_run
from conference.rundown.tables import Cue
from conference.tables import Block, Item, Region

NINE = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
FILM_S = 60.0


@dataclass
class Draft:
    """A day in the making."""

    blocks: list[Block] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    cues: list[Cue] = field(default_factory=list)

    def block(self, name: str, kind: str, at_min: int, minutes: int) -> None:
        times: dict[str, Any] = {"planned_starts_at": minute(at_min), "planned_ends_at": minute(at_min + minutes)}
        self.blocks.append(Block(day="d", block=name, kind=kind, title=name, **times))

    def item(self, name: str, lane: str, at_min: int, minutes: int, *cues: tuple[Any, ...], kind: str = "lecture") -> None:
        """Cues are ``(seconds, do, by, args)``."""
        block = self.blocks[-1].block
        starts_at, ends_at = minute(at_min), minute(at_min + minutes)
        times: dict[str, Any] = {"planned_starts_at": starts_at, "planned_ends_at": ends_at, "starts_at": starts_at, "ends_at": ends_at}
        same: dict[str, Any] = {"day": "d", "item": name, "lane": lane, "block": block}
        self.items.append(Item(**same, kit_item=name, owner="default", kind=kind, title=name, state="upcoming", **times))
        for number, (at_s, do, by, *args) in enumerate(cues, 1):
            planned_at = starts_at + timedelta(seconds=at_s)
            more = {"at_s": at_s, "do": do, "by": by, "args": args[0] if args else {}, "planned_at": planned_at}
            self.cues.append(Cue(**same, cue=f"{name}.{number}", position=len(self.cues), **more))


def minute(number: float) -> datetime:
    """So many minutes into the planned day."""
    return NINE + timedelta(minutes=number)


def a_sheet() -> Sheet:
    """The small day."""
    day = Draft()
    day.block("b1", "common", 0, 5)
    day.item("welcome", NATIONAL, 0, 2, (0, "take_source", "hand", {"source": "s"}), (30, "announce", "clock", {"text": "Hej"}))
    day.item(
        "film", NATIONAL, 2, 3, (0, "play_film", "clock", {"film": "f"}), (90, "open_chat", "clock"),
        (120, "call_regions", "hand", {"block": "b2", "countdown_s": 30}), kind="film",
    )  # fmt: skip
    day.block("b2", "regional", 5, 5)
    for lane in (NATIONAL, "r-b"):
        day.item(f"fill@{lane}", lane, 5, 5, (0, "open_poll", "clock", {"poll": "p"}), (120, "close_poll", "clock", {"poll": "p"}))
    day.item(
        "own", "r-a", 5, 5, (0, "take_source", "hand", {"source": "a"}), (60, "open_poll", "clock", {"poll": "p"}),
        (180, "close_poll", "clock", {"poll": "p"}), (240, "return_notice", "clock", {"countdown_s": 60}),
    )  # fmt: skip
    day.block("b3", "common", 10, 15)
    day.item(
        "pause",
        NATIONAL,
        10,
        10,
        (0, "return_regions", "clock", {"block": "b2"}),
        (300, "ask_screens", "clock", {"text": "Hur många?"}),
        kind="break",
    )
    day.item("talk", NATIONAL, 20, 5, (60, "show_result", "clock", {"poll": "p", "to": "everyone"}), (300, "end_day", "clock"))
    regions = [Region(day="d", region=name, name=name) for name in ("r-a", "r-b")]
    return Sheet(day.blocks, day.items, day.cues, regions, {"f": (FILM_S, FILM_S)})


def a_plan(speed: float = 1.0) -> Plan:
    """Its plan."""
    return plan_of(a_sheet(), speed)


def a_run(speed: float = 1.0, *, auto: bool = False) -> Run:
    """Its run, before it has begun."""
    return new_run("d", a_plan(speed), NINE, auto=auto)


def ticked(run: Run, since: datetime, until: datetime) -> tuple[Run, list[tuple[str, float]]]:
    """Look at the clock every second; answers with what was given, and how many seconds into the day."""
    given: list[tuple[str, float]] = []
    now = since
    while now <= until:
        moving = rules.tick(run, now)
        run = moving.run
        given += [(one.cue, (now - NINE).total_seconds()) for one in moving.happened if isinstance(one, Given)]
        now += timedelta(seconds=1)
    return run, given
