from __future__ import annotations

import asyncio
import gc
from collections.abc import Mapping

import pytest

from web.batch import Batch
from web.errands import Errands


async def test_one_mistake_ends_nothing_else_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    async def fails() -> None:
        raise RuntimeError("inside")

    async def works() -> None:
        await asyncio.sleep(0.01)
        done.append("works")

    async with Errands() as errands:
        errands.run(fails(), "the bad one")
        errands.run(works(), "the good one")
        assert errands.named("the good one") == 1
        await asyncio.sleep(0.05)
        assert len(errands) == 0

    assert done == ["works"]
    assert "the bad one failed" in caplog.text


async def test_at_the_end_all_are_ended_and_what_ended_the_block_goes_on_as_it_is() -> None:
    ended: list[str] = []

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("waits")

    async def block() -> None:
        async with Errands() as errands:
            errands.run(waits(), "waits")
            await asyncio.sleep(0)
            raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        await block()

    assert ended == ["waits"]


async def test_many_who_ask_at_once_are_answered_by_one_read() -> None:
    reads: list[list[int]] = []

    async def read(keys: list[int]) -> Mapping[int, str]:
        reads.append(keys)
        return {key: str(key) for key in keys if key != 7}

    async with Errands() as errands:
        batch = Batch(read, errands, "reads")
        answers = await asyncio.gather(*(batch.get(n % 20) for n in range(100)))

    assert answers == [None if n % 20 == 7 else str(n % 20) for n in range(100)]
    assert reads == [list(range(20))]


async def test_a_read_that_fails_fails_all_who_asked_and_nobody_after() -> None:
    broken = [True]

    async def read(keys: list[int]) -> Mapping[int, str]:
        if broken.pop() if broken else False:
            raise ConnectionError("away")
        return {key: str(key) for key in keys}

    async with Errands() as errands:
        batch = Batch(read, errands, "reads")
        first = await asyncio.gather(batch.get(1), batch.get(2), return_exceptions=True)
        assert [type(one) for one in first] == [ConnectionError, ConnectionError]
        assert await batch.get(1) == "1"


async def test_an_errand_that_is_ended_before_it_begins_is_missed_by_nobody() -> None:
    """A warning is an error here: a coroutine that nobody awaited or closed would fail this test when it is collected."""
    begun: list[str] = []

    async def works() -> None:
        begun.append("works")

    async with Errands() as errands:
        errands.run(works(), "never begun")
    gc.collect()

    assert begun == []
