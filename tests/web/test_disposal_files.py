"""What lies in the database's files after a disposal: PostgreSQL gives new ones to the tables that were touched, when nobody votes."""

from __future__ import annotations

from itertools import pairwise

from sqlalchemy import text

import web.bootstrap  # noqa: F401  # every table
from conference.core.actor import Actor
from conference.core.engines import Engines
from conference.core.transaction import Transaction
from conference.followup.keeping import Keeping, Signature
from conference.followup.reports.tables import ReportFigures
from conference.people.tables import Person
from conference.tables import Day
from tests.conference.people.houses import DAY, a_house
from tests.conftest import NINE
from web.disposal import TABLES, Disposer


async def test_tables_get_new_files_when_no_day_is_live_and_only_those_that_were_touched(pg: str) -> None:
    async with a_house(pg) as house:
        keeping = Keeping(house.store, house.clock, TABLES, closed)
        disposer = Disposer(house.store, keeping)
        await house.store.run(_over_beside_a_live_day)
        house.wind(days=100)
        await keeping.sign(Actor(DAY, "anna"), Signature(["person"], "Anna Ek"))
        files = [await _files_of(pg)]

        rows = [await disposer.round()]
        files.append(await _files_of(pg))
        await house.store.run(_ends)
        rows.append(await disposer.round())
        files.append(await _files_of(pg))
        rows.append(await disposer.round())
        files.append(await _files_of(pg))

    changed = [{name for name in before if after[name] != before[name]} for before, after in pairwise(files)]
    assert rows == [1, 0, 0]
    assert changed == [set(), {"person"}, set()]


async def _over_beside_a_live_day(tx: Transaction) -> None:
    day = await tx.get(Day, DAY)
    tx.put(day.model_copy(update={"day": "other", "join_code": "482178"}))
    tx.put(day.model_copy(update={"state": "ended", "ended_at": NINE}))
    tx.put(ReportFigures(day=DAY, figures=1, taken_at=NINE, fingerprint="f", body="{}"))
    tx.put(Person(day=DAY, person="kim", name="Kim", joined_at=NINE))


async def _ends(tx: Transaction) -> None:
    tx.put((await tx.get(Day, "other")).model_copy(update={"state": "ended", "ended_at": NINE}))


async def _files_of(pg: str) -> dict[str, int]:
    """Table -> the file that it lies in."""
    async with Engines.open(pg) as engines, engines.reader.connect() as connection:
        found = await connection.execute(
            text("select relname, relfilenode from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace")
        )
        return {row.relname: row.relfilenode for row in found}


async def closed(_tx: Transaction, _day: str) -> bool:
    return False
