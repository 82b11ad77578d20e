"""The verbs of gestures. All that a commit brings are counted together: a row for each item and gesture, however many make it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col

from chat.gestures import rules
from chat.gestures.rules import Gesture
from chat.gestures.tables import GestureCount, StillLane
from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.people import NATIONAL
from conference.rules import live
from conference.rundown.tables import Track
from conference.tables import Day, Region


@dataclass(frozen=True)
class Sent:
    """A gesture on its way: from which lane of which day, and nothing of who made it."""

    day: str
    lane: str
    gesture: Gesture


class Gestures:
    """Send, and allow."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def send(self, by: Actor, gesture: Gesture) -> Done:
        """Make a gesture to what one's lane shows now; a group at a screen makes one as everybody does.

        Raises:
            Refused: ``day.not_live``, ``day.ended``, ``gesture.no_item`` or ``gesture.off``.
        """
        return await self._store.gather(_together, Sent(by.day, by.lane, gesture))

    @verb
    async def allow(self, tx: Transaction, by: Actor, lane: str, *, on: bool) -> Done:
        """Let gestures be made to what a lane shows, or not.

        Raises:
            Refused: ``lane.no_such``.
        """
        if lane != NATIONAL and await tx.find(Region, by.day, lane) is None:
            raise Refused("lane.no_such", _("Dagen har ingen sådan kanal. Kontrollera slutet av adressen."))
        still = await tx.every(StillLane, col(StillLane.day) == by.day)
        event = rules.allow(by, lane, [row.lane for row in still], on=on, at=self._clock.now())
        if event is None:
            return Done()
        row = StillLane(day=by.day, lane=lane)
        if on:
            tx.drop(row)
        else:
            tx.put(row)
        return Done((await tx.record(event)).seq)


async def _together(tx: Transaction, all_sent: list[Sent]) -> Sequence[Done | Exception]:
    places = {(sent.day, sent.lane) for sent in all_sent}
    items = {place: await _item(tx, *place) for place in places}
    answers: list[Done | Exception] = []
    made = Counter[tuple[str, str, str]]()
    for sent in all_sent:
        item = items[sent.day, sent.lane]
        if isinstance(item, Refused):
            answers.append(item)
        else:
            made[sent.day, item, sent.gesture.value] += 1
            answers.append(Done())
    await tx.fetch(GestureCount, made)
    for (day, item, gesture), n in sorted(made.items()):
        before = tx.fetched(GestureCount, day, item, gesture)
        tx.put(GestureCount(day=day, item=item, gesture=gesture, n=n + (int(before["n"]) if before else 0)))
    return answers


async def _item(tx: Transaction, day: str, lane: str) -> str | Refused:
    """What a gesture from a lane is made to; all of a group that come from there have the one answer."""
    found = await tx.find(Day, day)
    track = await tx.find(Track, day, lane) or await tx.find(Track, day, NATIONAL)
    still = [row.lane for row in await tx.every(StillLane, col(StillLane.day) == day)]
    try:
        if found:
            live(found)
        return rules.item_for(track, still)
    except Refused as refusal:
        return refusal
