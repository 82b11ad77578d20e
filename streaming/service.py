"""The verbs of lanes: what goes on air, where, and when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select

from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.errors import _
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.library import Film
from conference.rundown.tables import Running, Track
from conference.tables import Block, Region, Source
from streaming import rules
from streaming.rules import Wanted
from streaming.second import is_sign, lane_of, sign_of
from streaming.tables import FilmAsset, LiveSource, OnAir, ProgrammeClock, Showing, Slide

NATIONAL = "national"


@dataclass(frozen=True)
class Packed:
    """What the media process made of a film."""

    asset: str
    duration_ms: int
    bandwidth: int
    captions: str | None = None


class Lanes:
    """What each lane shows. A lane is nothing but the list of its showings."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    @verb
    async def take(self, tx: Transaction, by: Actor, source: str, lane: str = NATIONAL) -> Done:
        """Take a film, a source or the ``slate`` on air: in all lanes while they are together, else in this one.

        Raises:
            Refused: ``source.no_such``, ``lane.no_such``, ``day.not_live``, ``day.ended``.
        """
        wanted = await self.found(tx, by.day, source)
        return await self.show(tx, by.day, wanted, await _together(tx, by.day, lane))

    @verb
    async def sign(self, tx: Transaction, by: Actor, source: str | None, lane: str = NATIONAL) -> Done:
        """Show a source or a film as the second picture, where somebody interprets into sign language: as `take` does; ``None`` ends it.

        Raises:
            Refused: ``source.no_such``, ``lane.no_such``, ``day.not_live``, ``day.ended``.
        """
        wanted = await self.found(tx, by.day, source or rules.SLATE)
        return await self.show(tx, by.day, wanted, [sign_of(each) for each in await _together(tx, by.day, lane)])

    @verb
    async def keep_film(self, tx: Transaction, by: Actor, film: str, packed: Packed) -> Done:
        """Note what a film was packed as; from now on it can be shown, and lanes that wait for it with a slate show it at once."""
        waiting = await tx.every(OnAir, col(OnAir.day) == by.day, col(OnAir.source) == film, col(OnAir.kind) == "slate")
        clock, given = await tx.find(ProgrammeClock, by.day), await tx.find(Film, by.day, film)
        told = {"captions": given.webvtt} if given and given.webvtt else {}
        asset = FilmAsset(day=by.day, film=film, **{**packed.__dict__, **told})
        if clock is None or not waiting or clock.ended_ms is not None:
            tx.put(asset)
            if clock is not None:
                tx.put(_changed(clock))
            return Done()
        title = given.title if given else waiting[0].title
        wanted = Wanted("film", film, title, asset=packed.asset, duration_ms=packed.duration_ms)
        done = await self._shown(tx, clock, (wanted, [row.lane for row in waiting]))
        tx.put(asset)  # last: nothing may be asked of the database after the first put
        return done

    @verb
    async def source_is(self, tx: Transaction, by: Actor, source: str, *, live: bool) -> Done:
        """Note that a live source sends, or does not; what is known already changes nothing."""
        known, row = await tx.find(LiveSource, by.day, source), await tx.find(Source, by.day, source)
        clock = await tx.find(ProgrammeClock, by.day)
        if row is None or (known.is_live if known else False) is live:
            return Done()
        shown = await tx.every(OnAir, col(OnAir.day) == by.day, col(OnAir.source) == source)
        tx.put(LiveSource(day=by.day, source=source, is_live=live))
        if clock is None or clock.ended_ms is not None:
            return Done()
        event, rows = rules.came_or_went(by.day, source, row.title, shown, self._clock.now(), is_live=live)
        for each in rows:
            tx.put(each)
        return Done((await tx.record(event)).seq)

    @verb
    async def show_slide(self, tx: Transaction, by: Actor, slide: Slide) -> Done:
        """Note which page of a speaker's slides a screen shows, and tell of it where the screen is on air.

        The same again changes nothing, and neither does taking away what another speaker shows.
        """
        before = await tx.find(Slide, by.day, slide.source)
        return await self._turned(tx, slide) if rules.changes(before, slide) else Done()

    @verb
    async def end_slides(self, tx: Transaction, by: Actor, source: str) -> Done:
        """A screen shows something else than slides now, whoever's they were."""
        before = await tx.find(Slide, by.day, source)
        if before is None or before.page is None:
            return Done()
        return await self._turned(tx, Slide(day=by.day, source=source, of=before.of))

    async def _turned(self, tx: Transaction, slide: Slide) -> Done:
        clock = await tx.find(ProgrammeClock, slide.day)
        shown = await tx.every(OnAir, col(OnAir.day) == slide.day, col(OnAir.source) == slide.source)
        lanes = [row.lane for row in shown if not is_sign(row.lane)]
        tx.put(slide)
        if clock is None or clock.ended_ms is not None or not lanes:
            return Done()
        return await _told(tx, slide, lanes, self._clock.now())

    async def began(self, tx: Transaction, day: str) -> None:
        """Open the lanes with the slate, in a transaction that somebody else holds; once."""
        if await tx.find(ProgrammeClock, day):
            return
        regions = await tx.ask(select(col(Region.region)).where(Region.day == day).order_by(col(Region.position)))
        clock = rules.begin(day, [NATIONAL, *(row["region"] for row in regions)], self._clock.now())
        await self._shown(tx, clock, (rules.slate(_("Vi börjar snart")), clock.lanes))

    async def show(self, tx: Transaction, day: str, wanted: Wanted, lanes: Sequence[str]) -> Done:
        """Show it, in a transaction that somebody else holds.

        Raises:
            Refused: ``day.not_live``, ``day.ended``, ``lane.no_such``.
        """
        return await self._shown(tx, await _clock(tx, day), (wanted, lanes))

    async def met(self, tx: Transaction, day: str, lanes: Sequence[str]) -> None:
        """Lanes are together again: those that differ come together in the slate, and second pictures in the country's."""
        clock = await _clock(tx, day)
        shown = [row for row in await tx.every(OnAir, col(OnAir.day) == day) if lane_of(row.lane) in lanes]
        takes: list[tuple[Wanted, Sequence[str]]] = []
        if len({row.position for row in shown if not is_sign(row.lane)}) > 1:
            takes.append((rules.slate(), lanes))
        signs = {row.lane: row for row in shown if is_sign(row.lane)}
        if len({row.position for row in signs.values()}) > 1:
            country = signs.get(sign_of(NATIONAL))
            source = country.source if country and not country.until else rules.SLATE  # a film has gone on meanwhile
            takes.append((await self.found(tx, day, source), [sign_of(lane) for lane in lanes]))
        await self._shown(tx, clock, *takes)

    async def joined(self, tx: Transaction, day: str, lanes: Sequence[str]) -> None:
        """Lanes that were late show what the country's lane shows; a film is joined where it has come to."""
        clock, shown = await _clock(tx, day), {row.lane: row for row in await tx.every(OnAir, col(OnAir.day) == day)}
        takes: list[tuple[Wanted, Sequence[str]]] = []
        for lane, of in ((NATIONAL, list(lanes)), (sign_of(NATIONAL), [sign_of(each) for each in lanes])):
            there = [each for each in of if each in shown]
            if lane in shown:
                takes.append((await self._as_in(tx, shown[lane]), of))
            elif there:
                takes.append((rules.slate(), there))
        await self._shown(tx, clock, *takes)

    async def _as_in(self, tx: Transaction, row: OnAir) -> Wanted:
        """What a lane shows, for another one to join."""
        if row.kind == "film" and row.until and row.until > self._clock.now():
            showing = await tx.get(Showing, row.day, row.position)
            wanted = Wanted("film", row.source, row.title, asset=showing.asset, duration_ms=showing.duration_ms)
            return replace(wanted, joins_ms=showing.begins_ms, skips_ms=showing.skips_ms)
        if row.kind == "film" or row.source == rules.SLATE:
            return rules.slate(None if row.kind == "film" else row.text)
        return await self.found(tx, row.day, row.source)

    async def parted(self, tx: Transaction, day: str, lanes: Sequence[str]) -> None:
        """Every lane goes its own way: one that shows nothing of its own in a moment, shows the slate; second pictures too."""
        clock, shown = await _clock(tx, day), await tx.every(OnAir, col(OnAir.day) == day)
        takes: list[tuple[Wanted, Sequence[str]]] = [(rules.slate(after_ms=rules.MEETING_MS), lanes)]
        if signs := sorted(row.lane for row in shown if is_sign(row.lane) and row.lane != sign_of(NATIONAL) and row.source != rules.SLATE):
            takes.append((rules.slate(after_ms=rules.MEETING_MS), signs))
        await self._shown(tx, clock, *takes)

    async def ended(self, tx: Transaction, day: str) -> None:
        """Close the lanes.

        Raises:
            Refused: ``day.not_live``, ``day.ended``.
        """
        clock, event = rules.end(await _clock(tx, day), self._clock.now())
        tx.put(_changed(clock))
        await tx.record(event)

    async def found(self, tx: Transaction, day: str, name: str) -> Wanted:
        """What a name of the day means: a film, which is a slate until it is packed; a source, which is one as long as it does not send.

        Raises:
            Refused: ``source.no_such``.
        """
        if name == rules.SLATE:
            return rules.slate()
        if film := await tx.find(Film, day, name):
            packed = await tx.find(FilmAsset, day, name)
            if packed is None:
                return Wanted("slate", name, film.title, film.title)
            return Wanted("film", name, film.title, asset=packed.asset, duration_ms=packed.duration_ms)
        if source := await tx.find(Source, day, name):
            known = await tx.find(LiveSource, day, name)
            return Wanted("source", name, source.title, is_live=bool(known and known.is_live))
        raise rules.no_such(name)

    async def _shown(self, tx: Transaction, clock: ProgrammeClock, *takes: tuple[Wanted, Sequence[str]]) -> Done:
        """Each as a change of its own."""
        at: datetime = self._clock.now()
        before = await tx.every(OnAir, col(OnAir.day) == clock.day)
        slides = {row.source: row for row in await tx.every(Slide, col(Slide.day) == clock.day, col(Slide.page).is_not(None))}
        done = Done()
        for wanted, lanes in takes:
            from_live = any(row.kind == "source" and row.lane in lanes for row in before)
            showing = rules.take(clock, wanted, lanes, at, from_live=from_live)
            event, clock = rules.taken(clock, showing, at, is_live=wanted.is_live), _changed(clock)
            for row in (clock, showing, *rules.on_air(event, showing)):
                tx.put(row)
            done = Done((await tx.record(event)).seq)
            if (slide := slides.get(event.source)) and (seen := [lane for lane in event.lanes if not is_sign(lane)]):
                done = await _told(tx, slide, seen, at)
        return done


async def _told(tx: Transaction, slide: Slide, lanes: Sequence[str], at: datetime) -> Done:
    """A page is on air in some lanes."""
    seen, event = rules.slide_shown(slide, lanes, at)
    tx.put(seen)
    return Done((await tx.record(event)).seq)


def _changed(clock: ProgrammeClock) -> ProgrammeClock:
    return clock.model_copy(update={"changes": clock.changes + 1})


async def _clock(tx: Transaction, day: str) -> ProgrammeClock:
    clock = await tx.find(ProgrammeClock, day)
    if clock is None:
        raise rules.not_live()
    return clock


async def _together(tx: Transaction, day: str, lane: str) -> list[str]:
    """All lanes but those that are late, unless the running block is a regional one, or this lane is late itself."""
    clock, running = await _clock(tx, day), await tx.find(Running, day)
    block = await tx.find(Block, day, running.block) if running and running.block else None
    late = {row.lane for row in await tx.every(Track, col(Track.day) == day, col(Track.late_in).is_not(None))}
    alone = lane not in clock.lanes or lane in late or (block and block.kind == "regional")
    return [lane] if alone else [each for each in clock.lanes if each not in late]
