"""Asked twice, done once; and what staff does is written down."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from conference.core.actor import Actor, Asked, Done
from conference.core.audit import AuditEntry
from conference.core.bus import MemoryBus
from conference.core.errors import Refused
from conference.core.log import LogHead, since
from conference.core.store import Store, verb
from conference.core.transaction import Transaction
from tests.conference.core.polling import PollOpened
from tests.servers import empty_tables

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)


class Counter:
    """Counts how often it was asked, in the log."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @verb
    async def count(self, tx: Transaction, by: Actor, name: str) -> Done:
        if name == "no":
            tx.put(LogHead(day="never", epoch="e", seq=0))
            raise Refused("count.no", "Nej, %(name)s.", name=name)
        entry = await tx.record(PollOpened(day=by.day, poll=name, at=NINE))
        return Done(entry.seq, {"name": name})


def kim(wish: str, body: str = "b", *, audited: bool = False) -> Actor:
    return Actor("d", "kim", asked=Asked(wish, "count", body, NINE, audited=audited, note={"count": 1}))


@asynccontextmanager
async def counting(url: str) -> AsyncIterator[tuple[Store, Counter]]:
    await empty_tables(url)
    async with Store.open(url, MemoryBus().publish) as store:

        async def begin(tx: Transaction) -> None:
            tx.add(LogHead(day="d", epoch="e1", seq=0))

        await store.run(begin)
        yield store, Counter(store)


async def test_the_same_wish_is_done_once_and_answered_alike(url: str) -> None:
    async with counting(url) as (store, counter):
        answers = [await counter.count(kim("w"), "a") for _ in range(3)]

        assert answers == [Done(1, {"name": "a"})] * 3
        async with store.reading() as session:
            assert len(await since(session, "d", 0)) == 1


async def test_a_wish_asked_again_after_a_restart_gets_the_same_answer(url: str) -> None:
    async with counting(url) as (_, counter):
        first = await counter.count(kim("w"), "a")
    async with Store.open(url, MemoryBus().publish) as store:
        assert await Counter(store).count(kim("w"), "a") == first


async def test_another_wish_under_the_same_id_is_refused(url: str) -> None:
    async with counting(url) as (_, counter):
        await counter.count(kim("w"), "a")

        with pytest.raises(Refused) as no:
            await counter.count(kim("w", "other"), "b")
        assert no.value.code == "wish.id_reused"


async def test_a_refusal_is_remembered_and_leaves_nothing_else(url: str) -> None:
    async with counting(url) as (store, counter):
        for _ in range(2):
            with pytest.raises(Refused) as no:
                await counter.count(kim("w"), "no")
            assert no.value == Refused("count.no", "Nej, %(name)s.", name="no")
        async with store.reading() as session:
            assert (await session.exec(select(LogHead.day))).all() == ["d"]


async def test_two_people_may_use_the_same_id(url: str) -> None:
    async with counting(url) as (_, counter):
        lo = Actor("d", "lo", asked=Asked("w", "count", "b", NINE))

        assert [(await counter.count(who, "a")).seq for who in (kim("w"), lo)] == [1, 2]


async def test_what_staff_does_is_in_the_chain_once_and_what_is_refused_is_not(url: str) -> None:
    async with counting(url) as (store, counter):
        for _ in range(2):
            await counter.count(kim("w1", audited=True), "a")
        with pytest.raises(Refused):
            await counter.count(kim("w2", audited=True), "no")

        async with store.reading() as session:
            chain = (await session.exec(select(AuditEntry))).all()
        assert [(entry.number, entry.person, entry.did, entry.note) for entry in chain] == [(1, "kim", "count", '{"count":1}')]
