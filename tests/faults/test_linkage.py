"""Whoever holds everything that is kept, and heard all news with their times, cannot say who answered what.

They have each table, each file of the data folder with what is left in free pages and in the write-ahead log, the program's own log, and
they know in which order and when people voted. What only a voter's browser has, the receipt and the wish's id, they do not have.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from conference.core.disclosure import EXACT_FROM
from tests.faults.test_kill import restarting
from tests.faults.voters import OPTIONS, Electorate, electorate
from tests.running import demo
from web.crowd.frames import Item

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]

PEOPLE = 27
APART_S = 0.3  # longer than a picture waits: each vote could have one of its own
FORGOTTEN_MOST_S = 60.0
SECRET_TABLES = {"ballot", "vote_answer", "poll_count"}

Row = tuple[str, dict[str, Any]]


async def one_by_one(crowd: Electorate) -> tuple[set[str], tuple[str, str]]:
    """Everybody votes, each after the other, and many change the vote; the ids of their wishes, and between which moments it was."""
    await asyncio.sleep(1.1)  # so that nobody joined in the second in which the first vote came
    wishes, begun = [str(uuid4()) for _ in range(PEOPLE + PEOPLE // 2)], now()
    for n, wish in enumerate(wishes):
        beast, option = crowd.herd.beasts[n % PEOPLE], OPTIONS[n % 2]
        answer = await beast.client.ask("polls.vote", {"poll": crowd.poll, "answer": [option]}, tries=50, wish_id=wish)
        crowd.heed(beast, option, answer)
        await asyncio.sleep(APART_S)
    return set(wishes), (begun, now())


def now() -> str:
    """As a database writes it."""
    return datetime.now(UTC).isoformat(" ")


def rows_of(folder: Path) -> list[Row]:
    """Every row of every table, in the order in which they lie."""
    with closing(sqlite3.connect(folder / "samsyn.db")) as database:
        database.row_factory = sqlite3.Row
        names = [row[0] for row in database.execute("select name from sqlite_master where type = 'table'")]
        return [(name, dict(row)) for name in names for row in database.execute(f'select * from "{name}"')]


async def forgotten(folder: Path) -> None:
    """The moment when the keys are destroyed and the write-ahead log holds no old page."""
    async with asyncio.timeout(FORGOTTEN_MOST_S):
        while holds_keys_or_journal(folder):
            await asyncio.sleep(0.1)


def holds_keys_or_journal(folder: Path) -> bool:
    return any(folder.rglob("*.key")) or (folder / "samsyn.db-wal").stat().st_size > 0


def holding(rows: list[Row], secrets: set[str]) -> set[str]:
    """The tables in which one of the secrets stands in any cell."""
    return {table for table, row in rows if any(secret in str(cell) for cell in row.values() for secret in secrets)}


async def test_no_answer_leads_to_a_person_after_the_close_nor_does_a_step_of_the_tally_below_twenty(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    pictures: list[int] = []
    async with restarting() as stack, AsyncExitStack() as people:
        running = stack.enter_context(demo(folder))
        crowd = await people.enter_async_context(electorate(running, PEOPLE))
        await crowd.staff.ask("polls.show", {"poll": crowd.poll, "to": "everyone"})
        crowd.herd.beasts[0].client.hears.append(lambda item: pictures.extend(told(item, crowd.poll)))
        wishes, window = await one_by_one(crowd)
        open_pictures = list(dict.fromkeys(pictures))
        assert (await crowd.staff.ask("polls.close", {"poll": crowd.poll})).ok
        await forgotten(folder)
        sessions = [session for beast in crowd.herd.beasts if (session := beast.client.session)]
        persons, cookies = {session.person for session in sessions}, {session.cookie.partition("=")[2] for session in sessions}
    receipts = {receipt for _, receipt in crowd.promised.values()}
    rows, log = rows_of(folder), running.log.read_text()
    files = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert len(receipts) == PEOPLE
    assert [n for n in open_pictures if n < EXACT_FROM] == [5, 10, 15]  # below twenty no step is one vote
    assert open_pictures[-1] == PEOPLE
    assert (holding(rows, receipts), holding(rows, wishes), holding(rows, cookies)) == ({"ballot"}, set(), set())
    assert holding(rows, persons) & SECRET_TABLES == set()
    assert {name for name, content in files.items() if any(one.encode() in content for one in receipts)} == {"samsyn.db"}
    assert {name for name, content in files.items() if any(one.encode() in content for one in wishes | cookies)} == set()
    assert [secret for secret in receipts | wishes | cookies | persons if secret in log] == []
    assert timed(rows, persons, window) == set()
    ballots = [row for table, row in rows if table == "ballot" and row["box"] == f"{running.told['day']}/{crowd.poll}/1"]
    assert [row["key"] for row in ballots] == sorted(row["key"] for row in ballots)
    assert {row["about"] for row in ballots} == {None}


def told(item: Item, poll: str) -> list[int]:
    """How many answers a piece of news shows of a poll, should it show any."""
    tally = item.data.get("tally") if item.data.get("poll") == poll else None
    return [tally["n"]] if tally and tally["n"] else []


def timed(rows: list[Row], persons: set[str], window: tuple[str, str]) -> set[str]:
    """The tables in which a moment between the first vote and the last stands beside a voter, and not beside all of them."""
    beside: dict[tuple[str, str], set[str]] = {}
    for table, row in rows:
        cells = [str(cell) for cell in row.values()]
        for moment in (cell for cell in cells if window[0][:19] <= cell[:19].replace("T", " ") <= window[1][:19]):
            beside.setdefault((table, moment), set()).update(persons & {*cells})
    return {table for (table, _), voters in beside.items() if voters and voters != persons}
