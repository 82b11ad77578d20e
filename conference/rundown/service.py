"""The verbs of the run-of-show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeAlias

from msgspec import UNSET, UnsetType

from conference import rules as programme
from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.event import Entry
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.rules import NATIONAL, DayState
from conference.rundown import rules
from conference.rundown.loading import Loaded, changed_item, changed_rows, load
from conference.rundown.moves import Moving, TakenBack
from conference.rundown.run import Run
from conference.rundown.telling import Told, tell, tolerance
from conference.service import end_day, the_day

Rule: TypeAlias = Callable[[Run, str, datetime], Moving]

HOUSE = Actor.house("").person


class Rundown:
    """The run-of-show: given by the clock, and by hand.

    Every wish is about one lane: the asker's own, unless it names another. A real person who acts sends the simulated operator away.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    @verb
    async def go(self, tx: Transaction, by: Actor, *, after: str | UnsetType | None = UNSET, lane: str | None = None) -> Done:
        """Give the next cue; the answer names it. *after* is the cue that the asker saw as the last one, ``None`` at the start."""
        return await self._by_hand(tx, by, lane, lambda run, lane, at: rules.go(run, lane, at, after))

    @verb
    async def hold(self, tx: Transaction, by: Actor, *, lane: str | None = None) -> Done:
        """Give nothing by clock until it is resumed."""
        return await self._by_hand(tx, by, lane, rules.hold)

    @verb
    async def resume(self, tx: Transaction, by: Actor, *, lane: str | None = None) -> Done:
        """Let the clock go on."""
        return await self._by_hand(tx, by, lane, rules.resume)

    @verb
    async def back(self, tx: Transaction, by: Actor, *, lane: str | None = None) -> Done:
        """Give the cue before the last one again; the last one is coming again."""
        return await self._by_hand(tx, by, lane, rules.back)

    @verb
    async def skip(self, tx: Transaction, by: Actor, *, lane: str | None = None) -> Done:
        """Leave the next cue out."""
        return await self._by_hand(tx, by, lane, rules.skip)

    @verb
    async def undo(self, tx: Transaction, by: Actor, *, lane: str | None = None) -> Done:
        """Take back the last GO or skip within 10 s; the answer names the cues whose effect remains (``kept``)."""
        return await self._by_hand(tx, by, lane, rules.undo)

    @verb
    async def extend(self, tx: Transaction, by: Actor, seconds: int, *, lane: str | None = None) -> Done:
        """Let all that is left come later."""
        return await self._by_hand(tx, by, lane, partial(rules.extend, seconds=seconds))

    @verb
    async def recall(self, tx: Transaction, by: Actor) -> Done:
        """Call all regions back to the common programme, now."""
        return await self._by_hand(tx, by, NATIONAL, rules.recall)

    @verb
    async def tick(self, tx: Transaction, by: Actor) -> Done:
        """Give everything that is due by clock. Called often, by several processes, and again after a crash: it gives nothing twice.

        A day that has gone live is opened by its first tick, and one that was ended by somebody is closed.
        """
        day = await the_day(tx, by.day)
        loaded = await load(tx, day)
        at = self._clock.now()
        if day.state == DayState.LIVE:
            return await self._store_move(tx, loaded, rules.tick(loaded.run, at))
        if loaded.running and not loaded.run.over:
            return await self._store_move(tx, loaded, rules.close(loaded.run, at))
        return Done()

    async def _by_hand(self, tx: Transaction, by: Actor, lane: str | None, rule: Rule) -> Done:
        loaded = await load(tx, programme.live(await the_day(tx, by.day)))
        run = replace(loaded.run, auto=loaded.run.auto and by.person == HOUSE)
        moving = rule(run, lane or by.lane, self._clock.now())
        done = await self._store_move(tx, loaded, moving)
        return Done(done.seq, _answer(moving, lane or by.lane))

    async def _store_move(self, tx: Transaction, loaded: Loaded, moving: Moving) -> Done:
        told = tell(loaded.run, moving, loaded.screens, loaded.times, opened=loaded.running is None)
        for row in changed_rows(loaded, moving, told.screens):
            tx.put(row)
        for name, times in told.items.items():
            tx.put(changed_item(loaded, name, times))
        entries = [await tx.record(event) for event in told.events]
        entries += await _day(tx, loaded, moving, told)
        return Done(entries[-1].seq if entries else None)


async def _day(tx: Transaction, loaded: Loaded, moving: Moving, told: Told) -> list[Entry]:
    """What the run changes of the day itself: its times, its end, and whether the simulated operator is there."""
    day = loaded.day.model_copy(update={"operator_auto": moving.run.auto})
    if moving.run.over and day.state == DayState.LIVE:
        return [await end_day(tx, day, moving.at)]
    moved = told.ends_at is not None and day.state == DayState.LIVE and abs(told.ends_at - day.ends_at) > tolerance(day.speed)
    if moved and told.ends_at:
        event = programme.time_day(day, moving.run.origin_at, told.ends_at, moving.at)
        tx.put(day.model_copy(update={"starts_at": event.starts_at, "ends_at": event.ends_at}))
        return [await tx.record(event)]
    if day != loaded.day:
        tx.put(day)
    return []


def _answer(moving: Moving, lane: str) -> dict[str, object]:
    """The last cue of the lane, to send with the next GO, and what an undo could not take back."""
    cues = moving.run.plan.cues
    kept = [cue for one in moving.happened if isinstance(one, TakenBack) for cue in one.given if cues[cue].do not in rules.TAKEN_BACK]
    return {"cue": moving.run.lanes[lane].cue} | ({"kept": kept} if kept else {})
