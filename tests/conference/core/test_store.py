"""The promises of the core, on both databases and both buses."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from conference.core.bus import MemoryBus
from conference.core.errors import Refused
from conference.core.event import Entry, packed, unpacked
from conference.core.log import LogHead, since
from conference.core.store import Store, StoreUnavailable
from conference.core.transaction import Transaction
from tests.conference.core.polling import Ballot, Poll, PollClosed, PollOpened, Polls, Vote
from tests.servers import empty_tables

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)


async def begin_day(tx: Transaction) -> None:
    tx.add(LogHead(day="d", epoch="e1", seq=0))


@asynccontextmanager
async def a_store(url: str) -> AsyncIterator[Store]:
    await empty_tables(url)
    async with Store.open(url, MemoryBus().publish) as store:
        await store.run(begin_day)
        yield store


async def everything(store: Store) -> list[Entry]:
    async with store.reading() as session:
        return await since(session, "d", 0)


async def test_a_refused_verb_leaves_nothing_and_harms_nobody(url: str) -> None:
    async def doubtful(tx: Transaction) -> None:
        tx.put(Poll(poll="p9", day="d", state="open"))
        await tx.record(PollOpened(day="d", poll="p9", at=NINE))
        raise Refused("poll.late", "För sent.")

    async with a_store(url) as store:
        polls = Polls(store)
        answers = await asyncio.gather(
            polls.open("p1", "d", NINE), store.run(doubtful), polls.open("p2", "d", NINE), return_exceptions=True
        )

        assert [repr(a) for a in answers] == ["1", "Refused('poll.late')", "2"]
        assert [e.event for e in await everything(store)] == [PollOpened(day="d", poll=p, at=NINE) for p in ("p1", "p2")]


async def test_rows_are_dropped_by_what_they_have_in_common_also_those_that_the_same_commit_has_read_or_written(url: str) -> None:
    async def make(tx: Transaction) -> None:
        for poll, day in (("p1", "d"), ("p2", "d"), ("p3", "e")):
            tx.put(Poll(poll=poll, day=day, state="open"))

    async def drop(tx: Transaction) -> None:
        await tx.drop_all(Poll, col(Poll.day) == "d")

    async def there(tx: Transaction) -> list[bool]:
        return [await tx.find(Poll, poll) is not None for poll in ("p1", "p2", "p3")]

    async with a_store(url) as store:
        told = await asyncio.gather(*(store.run(verb) for verb in (make, there, drop, there)))

        assert told == [None, [True, True, True], None, [False, False, True]]
        assert await store.run(there) == [False, False, True]


async def test_verbs_run_in_the_order_they_were_asked(url: str) -> None:
    async with a_store(url) as store:
        answers = await asyncio.gather(*(Polls(store).open(f"p{i % 90}", "d", NINE) for i in range(200)), return_exceptions=True)

        assert answers[:90] == list(range(1, 91))
        assert {repr(a) for a in answers[90:]} == {"Refused('poll.open')"}


async def test_a_verb_cannot_wait_for_another_verb(url: str) -> None:
    async with a_store(url) as store:

        async def nested(_: Transaction) -> int:
            return await Polls(store).open("p1", "d", NINE)

        with pytest.raises(RuntimeError, match="wait for itself"):
            await store.run(nested)


async def test_who_waits_when_the_store_closes_is_told(url: str) -> None:
    async with a_store(url) as store:
        waiting = [asyncio.ensure_future(Polls(store).open(f"p{i}", "d", NINE)) for i in range(500)]
        await asyncio.sleep(0.002)
    assert {type(e) for e in await asyncio.gather(*waiting, return_exceptions=True)} <= {int, StoreUnavailable}


async def test_the_group_at_hand_when_the_store_closes_is_stored_and_answered_and_leaves_no_lock(url: str) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(tx: Transaction) -> int:
        begun.set()
        await go_on.wait()
        return (await tx.record(PollOpened(day="d", poll="p1", at=NINE))).seq

    async with a_store(url) as store:
        answer = asyncio.ensure_future(store.run(slowly))
        await begun.wait()
        asyncio.get_running_loop().call_later(0.05, go_on.set)

    assert await answer == 1
    with pytest.raises(StoreUnavailable, match="closed"):
        await store.run(slowly)
    async with Store.open(url, MemoryBus().publish) as again:
        assert [entry.seq for entry in await everything(again)] == [1]


def test_an_entry_survives_the_bus_and_has_a_cloud_event() -> None:
    entry = Entry("e1", 7, PollClosed(day="d", poll="p1", total=3, at=NINE))

    assert unpacked(packed([entry])) == [entry]
    assert (entry.cloud_event()["type"], entry.cloud_event()["data"]) == ("se.samsyn.test.closed.v1", {"poll": "p1", "total": 3})


async def test_a_broken_constraint_is_answered_to_its_own_verb_alone(url: str) -> None:
    async def stray(tx: Transaction) -> None:
        tx.add(Ballot(poll="nowhere", key=b"k", answer=1))

    async with a_store(url) as store:
        verbs = [Polls(store).open(f"p{i}", "d", NINE) for i in range(20)]
        answers = await asyncio.gather(*verbs[:7], store.run(stray), *verbs[7:], return_exceptions=True)

        assert isinstance(answers.pop(7), IntegrityError)
        assert answers == list(range(1, 21))


async def test_a_caller_who_leaves_harms_nobody(url: str) -> None:
    async with a_store(url) as store:
        polls = Polls(store)
        callers = [asyncio.create_task(polls.open(f"p{i}", "d", NINE)) for i in range(200)]
        chance = random.Random(1)
        while not all(caller.done() for caller in callers):
            chance.choice(callers).cancel()
            await asyncio.sleep(0.0005)

        seqs = [caller.result() for caller in callers if not caller.cancelled()]
        stored = await everything(store)
        assert len(set(seqs)) == len(seqs)
        assert [e.seq for e in stored] == list(range(1, len(stored) + 1))
        assert {f"p{i}" for i, c in enumerate(callers) if not c.cancelled()} <= {getattr(e.event, "poll", "") for e in stored}


async def test_whoever_waits_behind_many_who_left_is_served(url: str) -> None:
    async with a_store(url) as store:
        callers = [asyncio.create_task(Polls(store).open(f"p{i}", "d", NINE)) for i in range(200)]
        await asyncio.sleep(0)  # all of them are in the queue
        for caller in callers[:-1]:
            caller.cancel()

        assert await asyncio.wait_for(callers[-1], 5) == 1


async def test_a_failed_commit_fails_its_whole_group_and_the_next_one_works(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_store(url) as store:
        with monkeypatch.context() as patch:
            patch.setattr("conference.core.transaction.Group.write", _disk_full)
            answers = await asyncio.gather(*(Polls(store).open(f"p{i}", "d", NINE) for i in range(5)), return_exceptions=True)

        assert [type(a) for a in answers] == [StoreUnavailable] * 5
        assert await Polls(store).open("p1", "d", NINE) == 1


async def _disk_full(_: object) -> None:
    raise OSError(28, "No space left on device")


async def test_votes_and_close_cannot_cross(url: str) -> None:
    async with a_store(url) as store:
        polls = Polls(store)
        for round_ in range(10):
            await polls.open(f"r{round_}", "d", NINE)
            votes = [polls.vote(Vote(f"r{round_}", b"%d" % (i % 300), i)) for i in range(600)]
            answers = await asyncio.gather(*votes[:400], polls.close(f"r{round_}", NINE), *votes[400:], return_exceptions=True)
            acked = {i % 300 for i, a in enumerate(answers[:400] + answers[401:]) if a is None}

            closed = (await everything(store))[-1].event
            assert closed == PollClosed(day="d", poll=f"r{round_}", total=len(acked), at=NINE)
