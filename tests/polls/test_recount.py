"""Counting again finds whatever was changed after the votes: in the box, the tally, the log or the audit chain."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from conference.core.engines import Engines
from polls.recount import Recount, recount
from tests.polls.houses import DAY, STAFF, House, someone


async def counted_again(house: House) -> Recount:
    async with house.store.reading() as session:
        return await recount(session, DAY)


async def a_closed_poll(house: House) -> str:
    poll = await house.an_open_poll()
    for number in range(7):
        await house.polls.vote(someone(f"p{number}", f"w{number}", people=2), poll, ["ja" if number % 3 else "nej"])
    await house.polls.vote(someone("p0", "again"), poll, ["ja"])
    await house.polls.close(STAFF, poll)
    return poll


async def test_what_nobody_touched_agrees(house: House) -> None:
    poll = await a_closed_poll(house)
    await house.polls.again(STAFF, poll)
    await house.polls.vote(someone("p1", "w"), poll, ["ja"])

    found = await counted_again(house)

    assert found.agrees
    assert [(one.round, one.open, one.ballots, one.faults) for one in found.rounds] == [(1, False, 7, ()), (2, True, 1, ())]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("update ballot set answer = '[\"nej\"]' where receipt = (select min(receipt) from ballot where answer = '[\"ja\"]')", "sums"),
        ("delete from ballot where receipt = (select min(receipt) from ballot)", "6 ballots lie in the box, and the tally says 7"),
        ("update ballot set receipt = (select min(receipt) from ballot)", "one receipt"),
        ("update poll_count set now = replace(now, '\"n\":7', '\"n\":8')", "7 ballots lie in the box, and the tally says 8"),
        ("update log set data = replace(data, '\"n\":7', '\"n\":9') where name = 'polls.closed'", "told at the close"),
        ("update audit set note = replace(note, '\"ballots\":7', '\"ballots\":8') where did = 'ballots.sealed'", "sealed"),
        ("delete from audit where did = 'ballots.sealed'", "no seal"),
    ],
)
async def test_what_was_changed_is_found(house: House, url: str, statement: str, says: str) -> None:
    await a_closed_poll(house)
    async with Engines.open(url) as engines, engines.writer.begin() as connection:
        assert (await connection.exec_driver_sql(statement)).rowcount >= 1

    found = await counted_again(house)

    assert not found.agrees
    assert any(says in fault for fault in found.rounds[0].faults)


async def test_a_break_in_the_audit_chain_is_found(house: House, url: str) -> None:
    await a_closed_poll(house)
    async with Engines.open(url) as engines, engines.writer.begin() as connection:
        await connection.execute(text("update audit set person = 'somebody'"))

    found = await counted_again(house)

    assert (found.agrees, found.broken_at, found.rounds[0].faults) == (False, 1, ())
