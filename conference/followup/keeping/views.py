"""What is shown of keeping: to organizers, class by class, what is held, how much of it, until when and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import select as core_select
from sqlmodel import SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.columns import Kept
from conference.core.faces import Data, Faces, nobody
from conference.followup.keeping import rules, schema
from conference.followup.keeping.events import DataDisposed, DateSet, DisposalSigned
from conference.followup.keeping.tables import Disposal, KeepingDate
from conference.followup.reports.tables import ReportFigures
from conference.tables import Day

FACES: Faces = {DateSet: nobody, DisposalSigned: nobody, DataDisposed: nobody}


@dataclass(frozen=True)
class Held:
    """What is held of one kind.

    Attributes:
        kind: the kind of data, or the table that goes by itself.
        rows: how many rows hold something of it now.
        until: the first day on which it goes, or may; ``None``: for good, or not known as the day has not ended.
        days: after the end of the day, by the rule; ``None``: for good.
        due: whether that day has come and an organizer may sign.
        changeable: whether an organizer may set another date.
    """

    kind: str
    what: str
    why: str
    rows: int
    until: date | None
    days: int | None
    automatic: bool
    due: bool
    changeable: bool
    decision: str = ""


async def held(session: AsyncSession, day: Day, models: Sequence[type[SQLModel]], today: date) -> list[Held]:
    """Class by class, those that go first before those that stay."""
    chosen = {row.kind: row for row in await session.exec(select(KeepingDate).where(KeepingDate.day == day.day))}
    found = []
    for kind, rule in rules.RULES.items():
        row = chosen.get(kind)
        until = rules.until(rule, day, row.until if row else None)
        mine = rule.days is not None and not rule.automatic
        rows = await _rows(session, day.day, models, kind)
        due = mine and day.ended_at is not None and until is not None and today >= until and rows > 0
        told = row.decision if row else ""
        found.append(Held(kind, rule.what, rule.why, rows, until, rule.days, rule.automatic, due, mine, told))
    for name, rule in rules.TABLES.items():
        step = schema.whole(models, name)
        rows = await _number(session, step.counting(day.day))
        found.append(Held(name, rule.what, rule.why, rows, rules.until(rule, day), rule.days, rule.automatic, due=False, changeable=False))
    return found


async def _rows(session: AsyncSession, day: str, models: Sequence[type[SQLModel]], kind: Kept) -> int:
    """How many rows hold something of a kind. What is kept for good is counted by the tables that hold it."""
    if rules.RULES[kind].days is not None:
        queries = [step.counting(day) for step in schema.steps(models, kind)]
    else:
        tables = schema.holds(models, kind)
        queries = [core_select(func.count().label("n")).select_from(table).where(schema.of_day(table, day)) for table in tables]
    return sum([await _number(session, query) for query in queries])


async def _number(session: AsyncSession, query: Any) -> int:
    return int((await session.exec(query)).one()[0])


async def disposals(session: AsyncSession, day: str) -> Sequence[Disposal]:
    """The protocols of a day, the newest first."""
    return (await session.exec(select(Disposal).where(Disposal.day == day).order_by(col(Disposal.disposal).desc()))).all()


async def is_gone(session: AsyncSession, day: str, *kinds: Kept) -> Disposal | None:
    """The first protocol by which one of *kinds* goes or has gone: figures that were counted from it are those that it names."""
    signed = reversed(await disposals(session, day))
    return next((one for one in signed if {str(kind) for kind in kinds} & set(one.kinds)), None)


async def figures_of(session: AsyncSession, day: str, *kinds: Kept, newest: bool = False) -> Data | None:
    """The figures that stand for what was counted from *kinds*, as `reports.frozen` made them; ``None`` while the rows are there.

    Args:
        newest: of the last protocol that names one of them, not the first: for what came to be after that.
    """
    signed = [one for one in await disposals(session, day) if {str(kind) for kind in kinds} & set(one.kinds)]
    row = await session.get(ReportFigures, (day, signed[0 if newest else -1].figures)) if signed else None
    found: Data | None = msgspec.json.decode(row.body) if row else None
    return found
