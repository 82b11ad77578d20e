"""Who looks at the clock."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import col, update

from conference.core.clock import SystemClock
from conference.rundown import Conductor, Rundown
from conference.rundown.conductor import PULSE_S
from conference.rundown.tables import Running
from tests.conference.days import DAY, MODERATOR, PLANNED, House


async def test_it_naps_until_something_is_due_but_never_longer_than_its_pulse(days: House) -> None:
    await days.start(speed=60.0)
    conductor = Conductor(days.store, days.clock, days.rundown)
    assert await conductor.beat() == 0.0  # opened the run; look again
    await days.rundown.go(MODERATOR)

    naps = [await conductor.beat() for _ in range(2)]

    assert naps == [pytest.approx(10 / 60, abs=0.01)] * 2
    await days.rundown.hold(MODERATOR)
    assert await conductor.beat() == PULSE_S


async def test_it_tells_anew_when_a_cue_by_hand_is_waited_for(days: House) -> None:
    await days.start(speed=60.0)
    await days.play(25)

    shifted = days.events("rundown.shifted")
    assert [event.seconds for event in shifted] == [0, 0]
    assert (await days.now())["drift_s"] == 20


async def test_a_broken_day_does_not_stop_the_others(days: House, caplog: pytest.LogCaptureFixture) -> None:
    await days.start(speed=60.0, operator_auto=True)
    await days.play(1)
    async with days.store._writer.engine.begin() as connection:
        await connection.execute(update(Running).where(col(Running.day) == DAY).values(block="b-gone", moves=99))
    conductor = days.conductor

    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            await conductor.beat()

    assert [record.getMessage() for record in caplog.records] == [f"the run-of-show of {DAY} could not go on"]
    days.clock.wind(timedelta(seconds=6))
    await conductor.beat()
    assert len(caplog.records) == 2


async def test_it_goes_on_by_itself_when_the_database_is_back(days: House, caplog: pytest.LogCaptureFixture) -> None:
    await days.start(speed=60.0)
    conductor = Conductor(days.store, days.clock, days.rundown)
    await rename(days, "day", "away")
    async with asyncio.TaskGroup() as life:
        task = life.create_task(conductor.conduct())
        async with asyncio.timeout(10):
            while not caplog.records:
                await asyncio.sleep(0.02)
        assert not task.done()
        assert not conductor._watched
        await rename(days, "away", "day")
        async with asyncio.timeout(10):
            while not conductor._watched:
                await asyncio.sleep(0.05)
        task.cancel()
    assert all(record.exc_info for record in caplog.records if record.levelno >= logging.ERROR)  # told whole


async def rename(days: House, table: str, to: str) -> None:
    """As good as away: nothing can be read from it."""
    async with days.store._writer.engine.begin() as connection:
        await connection.execute(text(f"alter table {table} rename to {to}"))


class FromNine:
    """A clock that goes by itself, from the planned beginning of the day."""

    def __init__(self) -> None:
        self._offset = PLANNED - SystemClock().now()

    def now(self) -> datetime:
        return SystemClock().now() + self._offset


async def test_it_conducts_by_itself(days: House) -> None:
    await days.start(speed=60.0)
    clock = FromNine()
    task = asyncio.create_task(Conductor(days.store, clock, Rundown(days.store, clock)).conduct())
    try:
        async with asyncio.timeout(5):
            while not days.given:
                await asyncio.sleep(0.02)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    assert days.given[0].cue == "i-valkommen.01"


async def test_a_day_that_is_over_is_left_alone(days: House) -> None:
    await days.start(speed=0.0)
    await days.conductor.beat()
    await days.programme.end(MODERATOR)
    conductor = days.conductor
    await conductor.beat()
    heard = len(days.heard)

    assert await conductor.beat() == conductor.pulse_s
    assert len(days.heard) == heard
