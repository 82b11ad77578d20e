"""The verbs of the programme."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import SQLModel, col, select

from conference import rules
from conference.core.actor import Actor, Done
from conference.core.clock import Clock
from conference.core.errors import Refused, _
from conference.core.event import Entry
from conference.core.ids import Ids
from conference.core.log import LogHead
from conference.core.rows import key_of
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.kit import Made, NewDay, Section, day_id, make_day
from conference.library.films import film_rows
from conference.library.kit import Kit
from conference.rules import DayState
from conference.tables import Day, Series


class Programme:
    """Days: made from a kit, published, started, ended.

    Args:
        sections: what the features above make of their parts of a kit; stored with the day, or not at all.
    """

    def __init__(self, store: Store, clock: Clock, ids: Ids, sections: Sequence[Section] = ()) -> None:
        self._store, self._clock, self._ids, self._sections = store, clock, ids, sections

    @verb
    async def create_from_kit(self, tx: Transaction, by: Actor, kit: Kit, new: NewDay) -> Done:
        """Make a day: its programme, films, cues and everything else that the kit holds, in one go. The answer has its id and code.

        Raises:
            Refused: ``day.exists``, ``name.wrong``, ``join.code_wrong``, ``join.code_taken``, ``kit.tampered``, ``kit.no_such_template``.
        """
        taken = {row["join_code"] for row in await tx.ask(select(col(Day.join_code)).where(col(Day.state) != DayState.ENDED))}
        if await tx.find(Day, day_id(kit, new)):
            raise Refused("day.exists", _("Det finns redan en dag med det namnet."))
        code = rules.join_code(new.join_code, taken, int.from_bytes(self._ids.key(8)) % rules.CODES)
        return await self._store_day(tx, kit, make_day(kit, new, code), by.person)

    @verb
    async def publish(self, tx: Transaction, by: Actor) -> Done:
        """Open the day's page to everybody."""
        day = await the_day(tx, by.day)
        event = rules.publish_day(day, self._clock.now())
        tx.put(day.model_copy(update={"state": DayState.PUBLISHED}))
        return Done((await tx.record(event)).seq)

    @verb
    async def start(self, tx: Transaction, by: Actor) -> Done:
        """Go live. The run-of-show opens by itself at its next tick, or at the first GO."""
        day = await the_day(tx, by.day)
        event = rules.start_day(day, self._clock.now())
        times = {"started_at": event.at, "starts_at": event.starts_at, "ends_at": event.ends_at}
        tx.put(day.model_copy(update={"state": DayState.LIVE, **times}))
        return Done((await tx.record(event)).seq)

    @verb
    async def end(self, tx: Transaction, by: Actor) -> Done:
        """End the broadcast; the run-of-show closes by itself at its next tick."""
        return Done((await end_day(tx, await the_day(tx, by.day), self._clock.now())).seq)

    async def _store_day(self, tx: Transaction, kit: Kit, made: Made, by: str) -> Done:
        at, day = self._clock.now(), made.day
        given = [*film_rows(kit, day.day, at), *(row for section in self._sections for row in section(kit, made))]
        new = [row for row in given if await _is_new(tx, row)]
        tx.put(made.series)
        tx.add(LogHead(day=day.day, epoch=self._ids.new(), seq=0))
        for row in made.rows():
            if not isinstance(row, Series):
                tx.add(row)
        for row in new:
            tx.put(row)
        entry = await tx.record(rules.create_day(day, by, at))
        return Done(entry.seq, {"day": day.day, "join_code": day.join_code})


async def _is_new(tx: Transaction, row: SQLModel) -> bool:
    """Whether a kit brings it: what belongs to all days, such as a question of the bank, stays as the first kit had it."""
    table, key = key_of(row)
    return "day" in table.model_fields or await tx.find(table, *key) is None


async def the_day(tx: Transaction, day: str) -> Day:
    """The day that a wish is about.

    Raises:
        Refused: ``day.no_such``.
    """
    row = await tx.find(Day, day)
    if row is None:
        raise Refused("day.no_such", _("Dagen finns inte."))
    return row


async def end_day(tx: Transaction, day: Day, at: datetime) -> Entry:
    """End it in a transaction that somebody else holds: the last cue of a run-of-show does so.

    Raises:
        Refused: ``day.not_live``, ``day.ended``.
    """
    event = rules.end_day(day, at)
    tx.put(day.model_copy(update={"state": DayState.ENDED, "ended_at": at, "ends_at": at}))
    return await tx.record(event)
