"""The verbs of live captions."""

from __future__ import annotations

from sqlmodel import col

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.ids import Ids
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.library import Film
from conference.rules import live
from conference.rundown.tables import Running, Track
from conference.service import the_day
from conference.tables import Block
from streaming.captioning import rules
from streaming.captioning.rules import Desk, Step
from streaming.captioning.tables import Caption, Turn
from streaming.tables import FilmAsset, ProgrammeClock

NATIONAL = "national"


class Captioning:
    """Lines are written, corrected, and their writers take turns."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store, self._clock, self._ids = store, clock, ids

    @verb
    async def caption(self, tx: Transaction, by: Actor, text: str, *, final: bool, lane: str = NATIONAL) -> Done:
        """Write on the lane's line as it reads now, or finish it; the answer names the line."""
        desk = await self._desk(tx, by.day, lane)
        step = rules.write(by, desk, text, final=final, name=self._ids.new(), at=self._clock.now())
        return await _done(tx, step, {"line": step.line.line} if step.line else None)

    @verb
    async def correct(self, tx: Transaction, by: Actor, line_id: str, text: str) -> Done:
        """Change a finished line, also after the day."""
        line, event = rules.correct(await tx.find(Caption, by.day, line_id), text, at=self._clock.now())
        tx.put(line)
        return Done((await tx.record(event)).seq, {"line": line.line})

    @verb
    async def take_turn(self, tx: Transaction, by: Actor, lane: str = NATIONAL) -> Done:
        """Write from now on, or as soon as the other's line is finished."""
        return await _done(tx, rules.take(by, await self._desk(tx, by.day, lane), self._clock.now()))

    @verb
    async def give_turn(self, tx: Transaction, by: Actor, lane: str = NATIONAL) -> Done:
        """Hand over."""
        return await _done(tx, rules.give(by, await self._desk(tx, by.day, lane), self._clock.now()))

    @verb
    async def be_ready(self, tx: Transaction, by: Actor, lane: str = NATIONAL, *, ready: bool = True) -> Done:
        """Stand ready to be handed the turn, or no longer."""
        desk = await self._desk(tx, by.day, lane)
        return await _done(tx, rules.be_ready(by, desk.turn, ready=ready, at=self._clock.now()))

    @verb
    async def set_delay(self, tx: Transaction, by: Actor, seconds: float, lane: str = NATIONAL) -> Done:
        """Say how long after a word its line is usually begun."""
        desk = await self._desk(tx, by.day, lane)
        return await _done(tx, rules.set_delay(desk.turn, seconds, self._clock.now()))

    async def finished(self, tx: Transaction, day: str) -> None:
        """Lines that are being written end as they stand, in a transaction that somebody else holds."""
        for turn in await tx.every(Turn, col(Turn.day) == day, col(Turn.line).is_not(None)):
            await _done(tx, rules.finish(Desk(turn, await tx.find(Caption, day, turn.line)), self._clock.now()))

    async def worded(self, tx: Transaction, day: str, film: str) -> None:
        """Lanes show the film's captions as the library has them, in a transaction that somebody else holds."""
        given, packed = await tx.find(Film, day, film), await tx.find(FilmAsset, day, film)
        clock = await tx.find(ProgrammeClock, day)
        if given and given.webvtt and packed:
            tx.put(packed.model_copy(update={"captions": given.webvtt}))
            if clock:
                tx.put(clock.model_copy(update={"changes": clock.changes + 1}))

    async def _desk(self, tx: Transaction, day: str, lane: str) -> Desk:
        live(await the_day(tx, day))
        clock = await tx.find(ProgrammeClock, day)
        running = await tx.find(Running, day)
        block = await tx.find(Block, day, running.block) if running and running.block else None
        if clock is None or lane not in clock.lanes:
            raise Refused("lane.no_such", _("Den sändningen finns inte."))
        turn = await tx.find(Turn, day, lane) or Turn(day=day, lane=lane, since=self._clock.now())
        line = await tx.find(Caption, day, turn.line) if turn.line else None
        everywhere = lane == NATIONAL and not (block and block.kind == "regional")
        late = await tx.every(Track, col(Track.day) == day, col(Track.late_in).is_not(None)) if everywhere else []
        return Desk(turn, line, everywhere=everywhere, apart=tuple(sorted(track.lane for track in late)))


async def _done(tx: Transaction, step: Step, data: dict[str, str] | None = None) -> Done:
    tx.put(step.turn)
    if step.line:
        tx.put(step.line)
    seq = None
    for event in step.events:
        seq = (await tx.record(event)).seq
    return Done(seq, data)
