"""The verbs of keeping: dates and signatures by organizers, and deleting a bounded batch at a time by the house."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from sqlmodel import SQLModel, col, select

from conference.core import audit
from conference.core.actor import Actor, Done
from conference.core.audit import Deed
from conference.core.clock import Clock
from conference.core.columns import Kept
from conference.core.errors import Refused, _
from conference.core.rows import every
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from conference.followup.keeping import rules, schema
from conference.followup.keeping.events import DataDisposed
from conference.followup.keeping.schema import Step
from conference.followup.keeping.tables import Disposal, KeepingDate
from conference.followup.reports.tables import ReportFigures
from conference.tables import Day

BATCH: Final = 500  # rows a transaction: some 20 ms, so that nobody who saves something waits longer for a disposal
LATELY: Final = timedelta(days=7)  # longer than days are live one after the other
DISPOSED: Final = "keeping.dispose"  # in the audit chain: what a signed protocol has removed,
SWEPT: Final = "keeping.sweep"  # and what went by the clock

BoxesOpen: TypeAlias = Callable[[Transaction, str], Awaitable[bool]]
"""Whether a poll or a survey of a day can still be answered; the floors above know."""


@dataclass(frozen=True)
class Signature:
    """What an organizer signs.

    Attributes:
        kinds: kinds of data.
        name: of whoever signs, as they write it.
        decision: reference of the decision behind it, or empty.
    """

    kinds: Collection[str]
    name: str
    decision: str = ""


class Keeping:
    """Holds the data of days for as long as the rules say.

    Args:
        models: every table of the product, parents before children.
        boxes_open: see `BoxesOpen`.
    """

    def __init__(self, store: Store, clock: Clock, models: Sequence[type[SQLModel]], boxes_open: BoxesOpen) -> None:
        self._store, self._clock, self._models, self._boxes_open = store, clock, models, boxes_open

    @verb
    async def set_date(self, tx: Transaction, by: Actor, kind: str, until: date, decision: str = "") -> Done:
        """Hold a kind of data of a day until another date.

        Raises:
            Refused: ``day.no_such``, and as `rules.set_date`.
        """
        day = await _day(tx, by.day)
        event = rules.set_date(day, kind, until, decision.strip(), at=self._clock.now())
        tx.put(KeepingDate(day=by.day, kind=event.kind, until=until, decision=decision.strip()))
        return Done((await tx.record(event)).seq)

    @verb
    async def sign(self, tx: Transaction, by: Actor, signature: Signature) -> Done:
        """Sign that kinds of data are deleted. Nothing is yet when this returns: the house deletes them from now on.

        Raises:
            Refused: ``day.no_such``, and as `rules.sign`.
        """
        day, name = await _day(tx, by.day), signature.name.strip()
        last, figures = await _last(tx, by.day), await _figures(tx, by.day)
        dates = {row.kind: row.until for row in await tx.every(KeepingDate, col(KeepingDate.day) == by.day)}
        at_rest = figures.taken_at if figures else None
        boxes_open = await self._boxes_open(tx, by.day)
        event = rules.sign(day, signature.kinds, name, rules.Standing(dates, at_rest, boxes_open, last), at=self._clock.now())
        held = await _held(tx, by.day, self.steps(event.kinds))
        tx.add(
            Disposal(
                day=by.day,
                disposal=event.disposal,
                kinds=event.kinds,
                figures=figures.figures if figures else 0,
                held=held,
                by=by.person,
                name=name,
                decision=signature.decision.strip()[: rules.DECISION_MOST],
                signed_at=event.at,
            )
        )
        return Done((await tx.record(event)).seq, {"disposal": event.disposal})

    @verb
    async def dispose(self, tx: Transaction, by: Actor) -> int:
        """Delete a batch of what a signed protocol of the day names; the last call enters what was removed in the audit chain.

        Returns:
            How many rows it was; 0 when nothing is left, or nothing is signed.
        """
        protocol = await _last(tx, by.day)
        if protocol is None or protocol.done_at is not None:
            return 0
        found = await _batch(tx, by.day, self.steps(protocol.kinds))
        if found is None:
            now = self._clock.now()
            tx.put(protocol.model_copy(update={"done_at": now}))
            note = {"disposal": protocol.disposal, "kinds": protocol.kinds, "held": protocol.held, "removed": protocol.removed}
            await audit.enter(tx, Deed(by.day, by.person, DISPOSED, note, now))
            await tx.record(DataDisposed(day=by.day, at=now, disposal=protocol.disposal, kinds=protocol.kinds))
            return 0
        name, number = found
        tx.put(protocol.model_copy(update={"removed": {**protocol.removed, name: protocol.removed.get(name, 0) + number}}))
        return number

    @verb
    async def sweep(self, tx: Transaction, by: Actor) -> int:
        """Delete a batch of what goes by the clock alone, with its count in the audit chain.

        Returns:
            How many rows it was.
        """
        day, now = await _day(tx, by.day), self._clock.now()
        found = await _batch(tx, by.day, [step for step, rule in self.automatic(now) if _is_over(day, rule, rules.local(day, now))])
        if found is None:
            return 0
        await audit.enter(tx, Deed(by.day, by.person, SWEPT, dict([found]), now))
        return found[1]

    def steps(self, kinds: Collection[str]) -> list[Step]:
        """What is done to let go of kinds of data."""
        return [step for kind in kinds for step in schema.steps(self._models, Kept(kind))]

    def automatic(self, at: datetime) -> list[tuple[Step, rules.Rule]]:
        """What goes by the clock, with its rule; of keys those alone that open nothing any more at a moment."""
        tables = [(schema.whole(self._models, name), rule) for name, rule in rules.TABLES.items()]
        by_kind = [(step, rule) for kind, rule in rules.RULES.items() if rule.automatic for step in self.steps([kind])]
        return tables + [(replace(step, worn_at=at), rule) for step, rule in by_kind]

    async def due(self) -> dict[str, set[str]]:
        """The days with a signed protocol that is not carried out, the longest waiting first -> the tables that it is about."""
        async with self._store.reading() as session:
            wanted = Disposal.__table__.select().where(col(Disposal.done_at).is_(None)).order_by(col(Disposal.signed_at))  # type: ignore[attr-defined]
            return {row.day: {*row.held} for row in await session.exec(wanted)}

    async def emptied_lately(self) -> set[str]:
        """The tables that protocols of late have emptied: a process that died may not have come to what lies in their files."""
        async with self._store.reading() as session:
            done = select(Disposal).where(col(Disposal.done_at) > self._clock.now() - LATELY)
            return {table for protocol in await session.exec(done) for table in protocol.removed}

    async def due_by_clock(self) -> dict[str, set[str]]:
        """The days on which something is left that goes by the clock alone -> the tables in which it is."""
        due: dict[str, set[str]] = {}
        now = self._clock.now()
        async with self._store.reading() as session:
            for day in [Day(**row) for row in (await session.exec(every(Day).where(col(Day.ended_at).is_not(None)))).mappings()]:  # type: ignore[call-overload]
                over = [step for step, rule in self.automatic(now) if _is_over(day, rule, rules.local(day, now))]
                left = {step.table.name for step in over if (await session.exec(step.counting(day.day))).one()[0]}  # type: ignore[call-overload]
                due |= {day.day: left} if left else {}
        return due


def _is_over(day: Day, rule: rules.Rule, today: date) -> bool:
    first = rules.until(rule, day)
    return first is not None and today >= first


async def is_let_go(tx: Transaction, day: str, kind: Kept) -> bool:
    """Whether a protocol of the day names a kind of data: what is counted from its rows cannot be counted again."""
    return any(kind in one.kinds for one in await tx.every(Disposal, col(Disposal.day) == day))


async def _day(tx: Transaction, name: str) -> Day:
    day = await tx.find(Day, name)
    if day is None:
        raise Refused("day.no_such", _("Dagen finns inte."))
    return day


async def _last(tx: Transaction, day: str) -> Disposal | None:
    return max(await tx.every(Disposal, col(Disposal.day) == day), key=lambda one: one.disposal, default=None)


async def _figures(tx: Transaction, day: str) -> ReportFigures | None:
    return max(await tx.every(ReportFigures, col(ReportFigures.day) == day), key=lambda one: one.figures, default=None)


async def _held(tx: Transaction, day: str, steps: Sequence[Step]) -> dict[str, int]:
    held: dict[str, int] = {}
    for step in steps:
        [row] = await tx.ask(step.counting(day))
        held[step.table.name] = (
            held.get(step.table.name, 0) + row["n"]
        )  # a row that is emptied of one kind and goes with another counts twice
    return {name: number for name, number in held.items() if number}


async def _batch(tx: Transaction, day: str, steps: Sequence[Step]) -> tuple[str, int] | None:
    """Delete or empty the first rows that are left: in which table, and how many; ``None`` when none are."""
    for step in steps:
        rows = await tx.ask(every(step.model).where(step.left(day)).limit(BATCH))
        for row in rows:
            if step.drops:
                tx.drop(step.model(**row))
            else:
                tx.put(step.model(**step.after(dict(row))))
        if rows:
            return step.table.name, len(rows)
    return None
