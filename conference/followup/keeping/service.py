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
from conference.followup.keeping.events import DataDisposed, DisposalSigned
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
        figures = await _figures(tx, by.day)
        event = await self._signed(tx, by, signature, figures.taken_at if figures else None)
        held = await _held(tx, by.day, self.steps(event.kinds))
        tx.add(
            Disposal(
                day=by.day,
                disposal=event.disposal,
                kinds=event.kinds,
                figures=figures.figures if figures else 0,
                held=held,
                by=by.person,
                name=signature.name.strip(),
                decision=signature.decision.strip()[: rules.DECISION_MOST],
                signed_at=event.at,
            )
        )
        return Done((await tx.record(event)).seq, {"disposal": event.disposal})

    @verb
    async def may_sign(self, tx: Transaction, by: Actor, signature: Signature) -> None:
        """Ask whether `sign` would do it, were the figures of now in the report. Changes nothing.

        Raises:
            Refused: as `sign`, but for ``disposal.no_report``.
        """
        await self._signed(tx, by, signature, self._clock.now())

    async def _signed(self, tx: Transaction, by: Actor, signature: Signature, figures_at: datetime | None) -> DisposalSigned:
        day, last = await _day(tx, by.day), await _last(tx, by.day)
        dates = {row.kind: row.until for row in await tx.every(KeepingDate, col(KeepingDate.day) == by.day)}
        boxes_open = await self._boxes_open(tx, by.day)
        standing = rules.Standing(dates, figures_at, boxes_open, last)
        return rules.sign(day, signature.kinds, signature.name.strip(), standing, at=self._clock.now())

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

    async def sweep(self, by: Actor) -> int:
        """Delete what goes by the clock alone now, a batch at a time; the audit chain has one entry for each table, with how many rows.

        Returns:
            How many rows it was.
        """
        rows = 0
        for step, rule in self.automatic(self._clock.now()):
            number = left = await self._begin_sweep(by, step, rule)
            left -= BATCH
            while left > 0 and (swept := await self._sweep(by, step, min(left, BATCH))):
                left -= swept
            rows += number
        return rows

    @verb
    async def _begin_sweep(self, tx: Transaction, by: Actor, step: Step, rule: rules.Rule) -> int:
        """Enter how many rows of a table go now, and delete the first of them. One that dies on the way has said more than it did."""
        day, now = await _day(tx, by.day), self._clock.now()
        if not _is_over(day, rule, rules.local(day, now)):
            return 0
        [row] = await tx.ask(step.counting(by.day))
        if await _batch(tx, by.day, [step]) is None:
            return 0
        await audit.enter(tx, Deed(by.day, by.person, SWEPT, {step.table.name: row["n"]}, now))
        return int(row["n"])

    @verb
    async def _sweep(self, tx: Transaction, by: Actor, step: Step, most: int) -> int:
        found = await _batch(tx, by.day, [step], most)
        return found[1] if found else 0

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
            wanted = select(Disposal).where(col(Disposal.done_at).is_(None)).order_by(col(Disposal.signed_at))
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
            for day in (await session.exec(select(Day).where(col(Day.ended_at).is_not(None)))).all():
                over = [step for step, rule in self.automatic(now) if _is_over(day, rule, rules.local(day, now))]
                left = {step.table.name for step in over if await session.scalar(step.counting(day.day))}
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


async def _batch(tx: Transaction, day: str, steps: Sequence[Step], most: int = BATCH) -> tuple[str, int] | None:
    """Delete or empty the first rows that are left: in which table, and how many; ``None`` when none are."""
    for step in steps:
        rows = await tx.ask(every(step.model).where(step.left(day)).limit(most))
        for row in rows:
            if step.drops:
                tx.drop(step.model(**row))
            else:
                tx.put(step.model(**step.after(dict(row))))
        if rows:
            return step.table.name, len(rows)
    return None
