"""What lies in files after a disposal: tables that were touched get new ones when nobody votes, and an older backup is found out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

from sqlalchemy import text

import web.bootstrap  # noqa: F401  # every table
from conference.core.actor import Actor
from conference.core.clock import HandClock
from conference.core.engines import Engines
from conference.core.ids import RandomIds
from conference.core.transaction import Transaction
from conference.followup.keeping import Keeping, Signature
from conference.followup.reports.tables import ReportFigures
from conference.people.tables import Person
from conference.tables import Day
from tests.conference.people.houses import DAY, a_house
from tests.conftest import NINE
from tests.web.products import product, with_a_day
from web import backups, disposed
from web.disposal import TABLES, Disposer
from web.restoring import restore
from web.settings import load


async def test_tables_get_new_files_when_no_day_is_live_and_only_those_that_were_touched(pg: str, tmp_path: Path) -> None:
    async with a_house(pg) as house:
        keeping = Keeping(house.store, house.clock, TABLES, closed)
        disposer = Disposer(house.store, keeping, tmp_path)
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


async def test_whoever_restores_a_backup_from_before_is_told_what_to_sign_again(tmp_path: Path) -> None:
    folder, backup, clock = tmp_path / "data", tmp_path / "backup.tar", HandClock(datetime.now(UTC))
    async with product(folder) as made:
        await with_a_day(made)
        chosen = load(data_dir=folder)
        await made.house.store.run(partial(_over, name=made.day))
        await backups.save(chosen, clock, backup)
        await made.house.keeping.set_date(Actor(made.day, "anna"), "person", clock.now().date())
        await made.house.keeping.sign(Actor(made.day, "anna"), Signature(["person"], "Anna Ek"))
        await Disposer(made.house.store, made.house.keeping, folder).round()
        await backups.save(chosen, clock, tmp_path / "after.tar")
        signed = await disposed.signed(made.house.store)

    before = await restore(chosen, backup, clock, RandomIds(), instead=True)
    clock.wind(timedelta(seconds=1))  # what is moved aside is called by the second
    again = await restore(chosen, tmp_path / "after.tar", clock, RandomIds(), instead=True)
    clock.wind(timedelta(seconds=1))
    last = await restore(chosen, backup, clock, RandomIds(), instead=True)

    assert [line.split("\t")[0::3] for line in signed] == [[made.day, "person"]]
    assert (before.undone, again.undone, last.undone) == (signed, [], signed)
    assert disposed.disposed(folder) == signed


async def _over(tx: Transaction, name: str) -> None:
    day, now = await tx.get(Day, name), datetime.now(UTC)
    tx.put(day.model_copy(update={"date": now.date() - timedelta(days=2), "state": "ended", "ended_at": now - timedelta(days=1)}))
    tx.put(ReportFigures(day=name, figures=1, taken_at=now, fingerprint="f", body="{}"))


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
