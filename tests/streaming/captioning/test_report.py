"""How much of a day could be read: minutes, and what the delay is made of."""

from __future__ import annotations

from streaming.captioning.report import section
from streaming.service import Packed
from tests.conference.days import DAY, MODERATOR
from tests.streaming.captioning.houses import ANNA, Desk


async def test_minutes_with_text_of_those_with_a_picture_and_the_delay_with_its_n(desk: Desk) -> None:
    lanes = desk.studio.lanes
    await lanes.keep_film(MODERATOR, "film-hemma", Packed("a1", 110_000, 1, "WEBVTT\n"))
    await desk.captioning.set_delay(ANNA, 3)
    desk.later(50)  # the clock of the lanes began twelve seconds before: its first minute is over
    await lanes.take(MODERATOR, "film-hemma")
    desk.later(110)
    await lanes.take(MODERATOR, "slate")
    for number in range(3):
        await desk.writes("Ra", final=False)
        desk.later(number + 1)
        await desk.writes(f"Rad {number}.")
    await desk.studio.house.programme.end(MODERATOR)
    await desk.studio.react()

    async with desk.studio.house.store.reading() as session:
        found = (await section(session, DAY))["captions"]

    assert found["lanes"][0] == {"lane": "national", "lines": 3, "minutes": 2, "written": 1, "films": 2, "of": 2}
    assert (found["n"], found["delay_s"], found["assumed_s"]) == (3, 5.0, [3.0])


async def test_before_the_day_there_is_nothing_to_tell(desk: Desk) -> None:
    async with desk.studio.house.store.reading() as session:
        assert (await section(session, "d-annan"))["captions"] == {"lanes": [], "n": 0, "delay_s": None, "assumed_s": None}
        assert (await section(session, DAY))["captions"]["lanes"] == []
