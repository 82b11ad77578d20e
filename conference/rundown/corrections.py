"""What an organizer may put right in a day that is made: titles, when it begins, who takes part, and which film is shown.

All of it stands in the programme and again in the run-of-show, whose cues say what is on a name plate and when; so it is done here, in
one transaction, and open pages hear of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col

from conference import rules
from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.events import ContributorChanged, DayCorrected, ItemCorrected
from conference.library.rules import FilmState, no_such_film
from conference.library.tables import Film
from conference.rundown.events import CuesCorrected, Patch
from conference.rundown.loading import Loaded, load
from conference.rundown.relaying import LOCKED
from conference.rundown.rows import CueRow, changed
from conference.rundown.tables import Cue
from conference.rundown.telling import lanes_of_items
from conference.rundown.titles import title
from conference.service import the_day
from conference.tables import Block, Contributor, Day, Item
from conference.times import stamp

PLATE = ("name", "role", "organisation")  # what stands on a name plate
OPENS_QUESTIONS = "open_questions"  # the cue with which a panel begins to take them
OF_EVALUATION = ("open_evaluation", "close_evaluation")  # cues that are about a survey
PLATE_MOST = 120  # characters; more does not fit under a picture


@dataclass(frozen=True)
class Plate:
    """How somebody who takes part is presented.

    Attributes:
        name: ``None`` shows the role alone.
    """

    name: str | None
    role: str
    organisation: str = ""

    def tidy(self) -> Plate:
        """As it is stored.

        Raises:
            Refused: ``text.empty`` without a role, ``text.too_long``.
        """
        name, role, organisation = (" ".join((text or "").split()) for text in (self.name, self.role, self.organisation))
        if not role:
            raise Refused("text.empty", _("Skriv en roll."))
        if max(map(len, (name, role, organisation))) > PLATE_MOST:
            raise Refused("text.too_long", _("Namn, roll och organisation får ha högst %(most)s tecken var."), most=PLATE_MOST)
        return Plate(name or None, role, organisation)

    def args(self, cue: CueRow) -> dict[str, Any]:
        """What a cue for this plate carries."""
        name = self.name or str(cue.args.get("text") or self.role)
        return {**cue.args, "name": name, "role": self.role, "organisation": self.organisation}


class Corrections:
    """The corrections of all days."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    @verb
    async def title(self, tx: Transaction, by: Actor, text: str, english: str | None) -> Done:
        """Give the day another title.

        Raises:
            Refused: ``text.empty``, ``text.too_long``.
        """
        day = (await the_day(tx, by.day)).model_copy(update=rules.titles(text, english))
        tx.put(day)
        return Done((await tx.record(self._corrected(day))).seq)

    @verb
    async def begin(self, tx: Transaction, by: Actor, starts_at: datetime) -> Done:
        """Let the day begin at another time, also on another date; everything that is planned comes as much earlier or later.

        Raises:
            Refused: ``day.live_already``, ``day.ended``.
        """
        day = await the_day(tx, by.day)
        later = rules.move(day, starts_at)
        loaded = await load(tx, day)
        rows: list[Any] = []
        for table in (Block, Item, Cue):
            rows += await tx.every(table, col(table.day) == by.day)
        moved = _later(day, later).model_copy(update={"date": starts_at.astimezone(ZoneInfo(day.timezone)).date()})
        for row in (moved, *(_later(row, later) for row in rows)):
            tx.put(row)
        return Done((await tx.record(self._corrected(moved, loaded, later))).seq)

    @verb
    async def item(self, tx: Transaction, by: Actor, item: str, text: str, english: str | None) -> Done:
        """Give an item another title.

        Raises:
            Refused: ``item.no_such``, ``item.locked``, ``text.empty``, ``text.too_long``.
        """
        row = await _unlocked(tx, by.day, item)
        told = rules.titles(text, english)
        loaded = await load(tx, await the_day(tx, by.day))
        tx.put(row.model_copy(update=told))
        lanes = lanes_of_items(loaded.run.plan).get(item)
        return Done((await tx.record(ItemCorrected(day=by.day, at=self._clock.now(), item=item, lanes=lanes, **told))).seq)

    @verb
    async def contributor(self, tx: Transaction, by: Actor, contributor: str, plate: Plate) -> Done:
        """Present somebody otherwise, on the day's page and on every name plate, also on one that is shown now.

        Raises:
            Refused: ``contributor.no_such``, ``text.empty``, ``text.too_long``.
        """
        row, plate = await tx.find(Contributor, by.day, contributor), plate.tidy()
        if row is None:
            raise Refused("contributor.no_such", _("Den medverkande finns inte den här dagen."))
        loaded = await load(tx, await the_day(tx, by.day))
        mine = [cue for cue in loaded.cues.values() if cue.do == "name_plate" and cue.args.get("contributor") == contributor]
        row = row.model_copy(update={"screen_name": plate.name, "role": plate.role, "organisation": plate.organisation})
        tx.put(row)
        await tx.record(presented(row, self._clock.now()))
        cues = [Cue(**changed(cue, args=plate.args(cue), what=plate.name or plate.role)) for cue in mine]
        return await self._say(tx, loaded, cues)

    @verb
    async def film(self, tx: Transaction, by: Actor, item: str, film: str) -> Done:
        """Show another film in an item whose film has not been played yet.

        Raises:
            Refused: ``item.no_such``, ``item.locked``, ``item.no_film``, ``film.no_such``, ``film.not_ready``.
        """
        row, chosen = await _unlocked(tx, by.day, item), await tx.find(Film, by.day, film)
        if chosen is None:
            raise no_such_film(film)
        if chosen.state != FilmState.READY:
            raise Refused("film.not_ready", _("Filmen är inte packad än. Försök igen när den är klar."))
        loaded = await load(tx, await the_day(tx, by.day))
        coming = [cue for cue in loaded.cues.values() if cue.item == item and cue.do == "play_film" and cue.state == "coming"]
        if not coming:
            raise Refused("item.no_film", _("Inslaget har ingen film kvar att spela."))
        tx.put(row.model_copy(update={"film": film}))
        return await self._say(tx, loaded, [Cue(**changed(cue, args={**cue.args, "film": film}, what=chosen.title)) for cue in coming])

    @verb
    async def hold_questions(self, tx: Transaction, by: Actor, item: str, *, hold: bool) -> Done:
        """Say whether what is asked of the panel from an item on is held until somebody lets it through, where that has not begun.

        Raises:
            Refused: ``item.no_such``, ``item.no_questions``.
        """
        await _item(tx, by.day, item)
        loaded = await load(tx, await the_day(tx, by.day))
        coming = [cue for cue in loaded.cues.values() if cue.item == item and cue.do == OPENS_QUESTIONS and cue.state == "coming"]
        if not coming:
            raise Refused("item.no_questions", _("Inslaget öppnar inte för frågor, eller har redan gjort det."))
        return await self._say(tx, loaded, [Cue(**changed(cue, args={**cue.args, "hold": hold})) for cue in coming])

    @verb
    async def evaluation(self, tx: Transaction, by: Actor, survey: str, title: str) -> Done:
        """Let the run-of-show open and close another survey than it was to; the floors above know whether it can be.

        Raises:
            Refused: ``cue.none``: it has no such cue left.
        """
        loaded = await load(tx, await the_day(tx, by.day))
        coming = [cue for cue in loaded.cues.values() if cue.do in OF_EVALUATION and cue.state == "coming"]
        if not coming:
            raise Refused("cue.none", _("Körschemat har ingen punkt kvar som öppnar en enkät."))
        return await self._say(tx, loaded, [Cue(**changed(cue, args={**cue.args, "survey": survey}, what=title)) for cue in coming])

    async def _say(self, tx: Transaction, loaded: Loaded, cues: Sequence[Cue]) -> Done:
        """Put cues that say something else, and what lanes show of them now."""
        for cue in cues:
            tx.put(cue)
        by_id = {cue.cue: cue for cue in cues}
        shows = []
        for lane, track in loaded.tracks.items():
            if now := _shown(loaded, by_id, track.shown):
                tx.put(track.model_copy(update={"shown": {**track.shown, **now}}))
                shows.append(Patch(lanes=[lane], now=now))
        lanes = [lane for patch in shows for lane in patch.lanes or ()]
        event = CuesCorrected(day=loaded.day.day, at=self._clock.now(), lanes=lanes, shows=shows, cues=list(by_id))
        return Done((await tx.record(event)).seq)

    def _corrected(self, day: Day, loaded: Loaded | None = None, later: timedelta = timedelta()) -> DayCorrected:
        lanes = lanes_of_items(loaded.run.plan) if loaded else {}
        items = [{"item": name, "lanes": lanes.get(name), **_times(item, later)} for name, item in loaded.items.items()] if loaded else []
        return DayCorrected(
            day=day.day,
            at=self._clock.now(),
            title=day.title,
            title_en=day.title_en,
            starts_at=day.starts_at,
            ends_at=day.ends_at,
            lanes=list(loaded.run.plan.lanes) if loaded else [],
            items=items,
            later_s=later.total_seconds(),
        )


def presented(one: Contributor, at: datetime, *, gone: bool = False) -> ContributorChanged:
    """How somebody who takes part is presented from now on, or that they are *gone*."""
    told: dict[str, Any] = {"scope": one.scope, "role": one.role, "organisation": one.organisation, "screen_name": one.screen_name}
    return ContributorChanged(day=one.day, at=at, contributor=one.contributor, gone=gone, **told)


def _later(row: Any, later: timedelta) -> Any:
    """A row with all of its times moved."""
    return row.model_copy(update={name: value + later for name, value in row.model_dump().items() if isinstance(value, datetime)})


def _times(item: Any, later: timedelta) -> dict[str, str]:
    """An item's times in the state, moved."""
    times = {"starts_at": item.starts_at, "ends_at": item.ends_at, "planned_at": item.planned_starts_at}
    return {name: stamp(at + later) for name, at in times.items()}


def _shown(loaded: Loaded, cues: Mapping[str, Cue], shown: Mapping[str, Any]) -> dict[str, Any]:
    """How ``now`` of a lane changes: the name plate that is on, and the title of the cue that comes next."""
    now: dict[str, Any] = {}
    plate, following = shown.get("name_plate"), shown.get("next")
    for name, cue in cues.items():
        if plate and _plate(loaded.cues[name].args) == {key: plate[key] for key in PLATE if key in plate}:
            now["name_plate"] = {**_plate(cue.args), "at": plate["at"]}
        if following and following["cue"] == name:
            now["next"] = {**following, "what": cue.what, "title": title(cue.do, cue.what)}
    return now


def _plate(args: Mapping[str, Any]) -> dict[str, Any]:
    return {key: args[key] for key in PLATE if args.get(key)}


async def _item(tx: Transaction, day: str, item: str) -> Item:
    row = await tx.find(Item, day, item)
    if row is None:
        raise Refused("item.no_such", _("Inslaget finns inte i programmet."))
    return row


async def _unlocked(tx: Transaction, day: str, item: str) -> Item:
    """An item that is ours to put right, and no part of what all of the country sees alike."""
    row = await _item(tx, day, item)
    block = await tx.find(Block, day, row.block)
    if LOCKED in {row.owner, block.owner if block else ""}:
        raise Refused("item.locked", _("Inslaget är låst i det nationella paketet."))
    return row
