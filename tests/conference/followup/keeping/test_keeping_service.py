"""A signed protocol carried out in bounded batches, on both databases: all that it names goes, and what it does not name stays."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from functools import partial

import pytest
from sqlmodel import col, select

import web.bootstrap  # noqa: F401  # every table
from chat.tables import Pace
from conference.core.actor import Actor
from conference.core.audit import AuditEntry
from conference.core.columns import Kept
from conference.core.errors import Refused
from conference.core.log import LogHead, LogRow, since
from conference.core.transaction import Transaction
from conference.followup.keeping import Keeping, Signature, rules, service, views
from conference.followup.reports.tables import ReportFigures
from conference.people.tables import Attendance, Person
from conference.tables import Day
from polls.tables import VoteAnswer
from tests.conference.people.houses import DAY, HOUSE, House, a_house
from tests.conftest import NINE
from web.disposal import TABLES

ANNA = Actor(DAY, "anna", frozenset({"organizer"}))
LOGGED = 4
WORDS = '{"message":"m%d","room":"national","person":"p","role":null,"text":"%s","reply_to":null}'


async def closed(_tx: Transaction, _day: str) -> bool:
    """No box is open."""
    return False


@pytest.fixture
async def house(url: str) -> AsyncIterator[House]:
    """A day that is over, with a report, 600 who were there, an organizer, and what was said in the log."""

    async def furnish(tx: Transaction) -> None:
        day = await tx.get(Day, DAY)
        head = await tx.get(LogHead, DAY)
        tx.put(head.model_copy(update={"seq": LOGGED}))
        tx.put(day.model_copy(update={"state": "ended", "ended_at": NINE}))
        tx.put(ReportFigures(day=DAY, figures=1, taken_at=NINE, fingerprint="f", body="{}"))
        tx.put(Person(day=DAY, person="olga", name="Olga", roles=["organizer"], joined_at=NINE))
        for number, said in enumerate(('Hej \\"text\\":\\"\\" du', "", "Hemligt")):
            tx.put(LogRow(day=DAY, seq=number + 1, name="chat.said", version=1, at=NINE, data=WORDS % (number, said)))
        tx.put(LogRow(day=DAY, seq=4, name="polls.made", version=1, at=NINE, data='{"text":"Offentlig"}'))

    async def attend(tx: Transaction, first: int) -> None:
        for number in range(first, first + 100):
            tx.put(Person(day=DAY, person=f"p{number}", name=f"Kim {number}", joined_at=NINE))
            tx.put(Attendance(day=DAY, person=f"p{number}", minutes=b"\1", seen_at=NINE))

    async with a_house(url) as made:
        await made.store.run(furnish)
        for first in range(0, 600, 100):
            await made.store.run(partial(attend, first=first))
        made.wind(days=100)
        yield made


async def test_batches_are_bounded_and_all_of_it_goes_but_organizers(house: House) -> None:
    keeping = Keeping(house.store, house.clock, TABLES, closed)
    await keeping.sign(ANNA, Signature(["person"], "Anna Ek"))

    batches = []
    while rows := await keeping.dispose(HOUSE):
        batches.append(rows)

    async with house.store.reading() as session:
        held = {one.kind: one.rows for one in await views.held(session, await _day(house), TABLES, date(2026, 12, 1))}
        [protocol] = await views.disposals(session, DAY)
        left, entries = await session.get(Person, (DAY, "olga")), await since(session, DAY, LOGGED)
    assert (max(batches), sum(batches)) == (service.BATCH, 1_200)
    assert (held[Kept.PERSON], held[Kept.SPEECH]) == (0, 2)
    assert (left.name if left else None, protocol.removed) == ("Olga", {"attendance": 600, "person": 600})
    assert [entry.event.name for entry in entries] == ["keeping.signed", "keeping.disposed"]


async def test_what_goes_by_the_clock_goes_in_batches_with_one_entry_for_each_table(house: House) -> None:
    keeping = Keeping(house.store, house.clock, TABLES, closed)

    async def remember(tx: Transaction) -> None:
        for number in range(service.BATCH + 20):
            tx.put(VoteAnswer(day=DAY, memory=f"m{number}", body="b", receipt="r"))
        tx.put(Pace(day=DAY, room="national", person="p0", at=NINE))

    await house.store.run(remember)

    rows = [await keeping.sweep(HOUSE), await keeping.sweep(HOUSE)]

    async with house.store.reading() as session:
        swept = (await session.exec(select(AuditEntry).where(AuditEntry.day == DAY).order_by(col(AuditEntry.number)))).all()
    assert rows == [service.BATCH + 21, 0]
    assert [(one.did, one.note) for one in swept] == [
        ("keeping.sweep", f'{{"vote_answer":{service.BATCH + 20}}}'),
        ("keeping.sweep", '{"chat_pace":1}'),
    ]
    assert await keeping.due_by_clock() == {}


async def test_the_log_keeps_its_places_and_loses_words_alone(house: House) -> None:
    keeping = Keeping(house.store, house.clock, TABLES, closed)
    await keeping.sign(ANNA, Signature(["speech"], "Anna Ek"))

    rows = await keeping.dispose(HOUSE)

    async with house.store.reading() as session:
        found = [await session.get(LogRow, (DAY, number)) for number in range(1, 5)]
    assert rows == 2
    assert [row.data for row in found if row] == [*(WORDS % (number, "") for number in range(3)), '{"text":"Offentlig"}']
    assert await keeping.dispose(HOUSE) == 0


async def test_nothing_can_be_signed_while_another_protocol_is_carried_out(house: House) -> None:
    keeping = Keeping(house.store, house.clock, TABLES, closed)
    await keeping.sign(ANNA, Signature(["person"], "Anna Ek"))

    with pytest.raises(Refused) as refused:
        await keeping.sign(ANNA, Signature(["speech"], "Anna Ek"))

    assert refused.value.code == "disposal.under_way"
    assert await keeping.due() == {DAY: {"attendance", "person"}}


async def test_a_date_that_was_set_is_the_one_that_counts(house: House) -> None:
    keeping = Keeping(house.store, house.clock, TABLES, closed)
    later = NINE.date() + rules.LONGEST
    await keeping.set_date(ANNA, "person", later, " 2026/117 ")

    with pytest.raises(Refused) as refused:
        await keeping.sign(ANNA, Signature(["person"], "Anna Ek"))

    async with house.store.reading() as session:
        held = {one.kind: one for one in await views.held(session, await _day(house), TABLES, later)}
    assert refused.value.code == "disposal.too_early"
    assert (held["person"].until, held["person"].decision, held["person"].due) == (later, "2026/117", True)
    assert await keeping.due() == {}


async def _day(house: House) -> Day:
    async with house.store.reading() as session:
        found = await session.get(Day, DAY)
    assert found
    return found
