"""The verbs behind the scenes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlmodel import col

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.ids import Ids
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.people import NATIONAL, STAFF
from conference.tables import Region, Source
from streaming.studio import rules
from streaming.studio.events import SeatNamed
from streaming.studio.tables import Panel, Seat, SourceKey, TypedLine, Whisper


class Studio:
    """Who sits in the studio of a day, and what is shown of them."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store, self._clock, self._ids = store, clock, ids

    @verb
    async def sit(self, tx: Transaction, by: Actor) -> Done:
        """Come to the studio: one's camera becomes a source of the day, beside the panel of one's lane. Coming again changes nothing.

        The answer has ``source`` and ``panel``.
        """
        seat, at = await tx.find(Seat, by.day, by.person), self._clock.now()
        panel, region = rules.panel_of(by.lane), await _region(tx, by.lane, by.day)
        there = await tx.find(Source, by.day, panel) or rules.panel_source(by.day, by.lane, region)
        taken = rules.seat(by, seat, at=at)
        told = {"source": taken.source, "panel": panel}
        if seat is not None and seat.lane == taken.lane:
            return Done(data=told)
        for row in (taken, rules.camera(taken), there):
            tx.put(row)
        return Done((await tx.record(rules.seated(taken, there, at=at))).seq, told)

    @verb
    async def share(self, tx: Transaction, by: Actor) -> Done:
        """Show one's screen: as the day's own source for that, if it has one, else as a source of one's own. The answer has ``source``.

        Raises:
            Refused: ``seat.no_such``.
        """
        sources = await tx.every(Source, col(Source.day) == by.day)
        seat = await tx.find(Seat, by.day, by.person)
        if seat is None:
            raise rules.no_seat()
        if common := rules.shared_screen(seat.lane, sources):
            return Done(data={"source": common})
        if seat.screen:
            return Done(data={"source": seat.screen})
        screen = rules.screen(seat)
        tx.put(screen)
        tx.put(seat.model_copy(update={"screen": screen.source}))
        return Done((await tx.record(rules.shared(seat, screen.source, at=self._clock.now()))).seq, {"source": screen.source})

    @verb
    async def ready(self, tx: Transaction, by: Actor, *, ready: bool) -> Done:
        """Say that one is ready to go on air, or is not any more.

        Raises:
            Refused: ``seat.no_such``, ``panel.full``.
        """
        seats = await tx.every(Seat, col(Seat.day) == by.day)
        mine = next((one for one in seats if one.person == by.person), None)
        if mine is not None and mine.ready == ready:
            return Done()
        seat, event = rules.ready(mine, seats, now=ready, at=self._clock.now())
        tx.put(seat)
        return Done((await tx.record(event)).seq)

    @verb
    async def named(self, tx: Transaction, by: Actor, person: str) -> Done:
        """Tell those behind the scenes that somebody is called otherwise now."""
        seat = await tx.find(Seat, by.day, person)
        if seat is None:
            return Done()
        sources = [seat.source, *([seat.screen] if seat.screen else [])]
        return Done((await tx.record(SeatNamed(day=by.day, at=self._clock.now(), sources=sources, person=person, lane=seat.lane))).seq)

    @verb
    async def seat(self, tx: Transaction, by: Actor, person: str, source: str | None) -> Done:
        """Decide as which guest by link somebody is sent; ``None`` is as none.

        Raises:
            Refused: ``seat.no_such``, ``source.no_such``.
        """
        sources, seats = await tx.every(Source, col(Source.day) == by.day), await tx.every(Seat, col(Seat.day) == by.day)
        mine = next((one for one in seats if one.person == person), None)
        changed, event = rules.bind(mine, source, sources, seats, at=self._clock.now())
        if event.sends_as == event.before:
            return Done()
        for one in changed:
            tx.put(one)
        return Done((await tx.record(event)).seq)

    @verb
    async def panel(self, tx: Transaction, by: Actor, panel: str, members: Sequence[str] | None) -> Done:
        """Decide who belongs to a panel; ``None`` leaves it to those who are ready.

        Raises:
            Refused: ``source.no_such``, ``panel.full``.
        """
        return await self._decide(tx, by, panel, lambda found, known: rules.members(found, members, known))

    @verb
    async def choose(self, tx: Transaction, by: Actor, panel: str, source: str | None) -> Done:
        """Decide whose picture a panel shows; ``None`` is whoever speaks loudest.

        Raises:
            Refused: ``source.no_such``.
        """
        return await self._decide(tx, by, panel, lambda found, known: rules.choose(found, source, known))

    @verb
    async def whisper(self, tx: Transaction, by: Actor, text: str, person: str | None = None) -> Done:
        """Say a word to the producer; or, as the producer, to *person*.

        Raises:
            Refused: ``text.empty``, ``text.too_long``, ``seat.no_such``, ``role.missing``.
        """
        seat = await tx.find(Seat, by.day, person or by.person)
        event = rules.whisper(by, self._ids.new(), seat, text, at=self._clock.now())
        said = Whisper(
            day=by.day, whisper=event.whisper, seat=event.seat, person=by.person, by_desk=event.by_desk, text=event.text, at=event.at
        )
        tx.put(said)
        return Done((await tx.record(event)).seq, {"whisper": event.whisper})

    @verb
    async def type(self, tx: Transaction, by: Actor, text: str, *, final: bool, lane: str | None = None) -> Done:
        """Write to all in a panel what they read while it is written; *lane* is for those who run the day. The answer has ``typed``.

        Raises:
            Refused: ``seat.no_such``, ``lane.no_such``, ``text.empty``, ``text.too_long``.
        """
        seat = await tx.find(Seat, by.day, by.person)
        if seat is None and not by.roles & STAFF:
            raise rules.no_seat()
        where = lane if lane and by.roles & STAFF else seat.lane if seat else by.lane
        if where != NATIONAL and await tx.find(Region, by.day, where) is None:
            raise Refused("lane.no_such", _("Dagen har ingen sådan kanal."))
        mine = col(TypedLine.day) == by.day, col(TypedLine.person) == by.person, col(TypedLine.finished_at).is_(None)
        # Its panel's alone: what is begun to one panel must not be read on by it when its writer turns to another.
        line = next(iter(await tx.every(TypedLine, *mine, col(TypedLine.lane) == where)), None)
        row, event = rules.typing(by, where, line, text, final=final, name=self._ids.new(), at=self._clock.now())
        if row is not None:
            tx.put(row)
        return Done((await tx.record(event)).seq if event else None, {"typed": row.typed} if row else {})

    @verb
    async def renew(self, tx: Transaction, by: Actor, source: str) -> Done:
        """Give a source new keys; the old ones open nothing any more.

        Raises:
            Refused: ``source.no_such``.
        """
        found, key = await tx.find(Source, by.day, source), await tx.find(SourceKey, by.day, source)
        if found is None:
            raise rules.no_source()
        generation = (key.generation if key else 0) + 1
        event = rules.renewed(found, generation, at=self._clock.now())
        tx.put(SourceKey(day=by.day, source=source, generation=generation))
        return Done((await tx.record(event)).seq)

    async def _decide(self, tx: Transaction, by: Actor, panel: str, decide: Callable[[Panel, set[str]], Panel]) -> Done:
        sources = await tx.every(Source, col(Source.day) == by.day)
        here = next((one for one in sources if one.source == panel and one.kind == "panel"), None)
        if here is None:
            raise rules.no_source()
        known = {
            one.source for one in sources if one.kind not in {"panel", "screen"}
        }  # a screen carries the panel's sound: it would hear itself
        before = await tx.find(Panel, by.day, panel) or Panel(day=by.day, panel=panel)
        after = decide(before, known)
        if after == before:
            return Done()
        tx.put(after)
        return Done((await tx.record(rules.changed(after, here.lanes, at=self._clock.now()))).seq)


async def _region(tx: Transaction, lane: str, day: str) -> Region | None:
    return None if lane == NATIONAL else await tx.find(Region, day, lane)
