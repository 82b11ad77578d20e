"""Cues of the run-of-show, and the end of the day, open and close the queues."""

from __future__ import annotations

from typing import Any

import pytest

from chat.questions import views
from chat.questions.reactions import reactions
from conference import DayEnded
from conference.core.bus import MemoryBus
from conference.core.event import Event
from conference.core.faces import Viewer
from conference.core.reactor import Reactor
from conference.core.transaction import Transaction
from conference.rundown import CueGiven, LaneJoined
from tests.chat.questions.houses import DAY, NORRVIK, OLGA, House
from tests.conftest import NINE

VASTERO = "r-vastero"


async def happens(house: House, *events: Event) -> dict[str, bool]:
    """Which queues are open after it."""

    async def record(tx: Transaction) -> None:
        for event in events:
            await tx.record(event)

    await house.store.run(record)
    await Reactor(house.store, MemoryBus()).catch_up(DAY, reactions(house.questions))
    async with house.store.reading() as session:
        queues: list[dict[str, Any]] = (await views.shared(session, DAY, Viewer("x")))["queues"]
    return {queue["queue"]: queue["open"] for queue in queues}


def cue(do: str, *lanes: str) -> CueGiven:
    return CueGiven(day=DAY, at=NINE, lanes=list(lanes), cue="c", item="i", do=do, args={})


@pytest.mark.parametrize(
    ("lanes", "opened"),
    [
        (("national", NORRVIK, VASTERO), {"national": True}),  # a common block: everybody asks the country's panel
        ((NORRVIK,), {NORRVIK: True, "national": False}),
    ],
)
async def test_a_cue_opens_and_closes_the_panel_it_is_for(house: House, lanes: tuple[str, ...], opened: dict[str, bool]) -> None:
    await house.questions.close(OLGA, "national")

    assert await happens(house, cue("open_questions", *lanes)) == {"national": False, **opened}
    assert not any((await happens(house, cue("close_questions", *lanes))).values())


async def test_what_is_open_in_a_region_closes_when_all_meet_again_and_all_of_it_with_the_day(house: House) -> None:
    await happens(house, cue("open_questions", NORRVIK), cue("open_questions", VASTERO))

    assert await happens(house, cue("return_regions", "national", NORRVIK, VASTERO)) == {"national": True, NORRVIK: False, VASTERO: False}
    assert await happens(house, DayEnded(day=DAY, at=NINE, ends_at=NINE)) == {"national": False, NORRVIK: False, VASTERO: False}


async def test_a_late_region_keeps_its_panel_until_it_joins_the_others(house: House) -> None:
    await happens(house, cue("open_questions", NORRVIK), cue("open_questions", VASTERO))

    assert await happens(house, cue("return_regions", "national", VASTERO)) == {"national": True, NORRVIK: True, VASTERO: False}
    assert await happens(house, LaneJoined(day=DAY, at=NINE, lanes=[NORRVIK])) == {"national": True, NORRVIK: False, VASTERO: False}


@pytest.mark.parametrize(("args", "state"), [({}, "held"), ({"hold": True}, "held"), ({"hold": False}, "open")])
async def test_each_block_says_whether_questions_are_held_and_holds_them_when_it_says_nothing(
    house: House, args: dict[str, Any], state: str
) -> None:
    await house.questions.hold(OLGA, "national", hold=args.get("hold", True) is False)  # what the block before was switched to
    opened = CueGiven(day=DAY, at=NINE, lanes=["national"], cue="c", item="i", do="open_questions", args=args)
    await happens(house, cue("close_questions", "national"), opened)

    assert (await house.seen(await house.asked(), "kim") or {})["state"] == state


async def test_a_switch_of_the_block_holds_until_the_next_one(house: House) -> None:
    await happens(house, cue("open_questions", "national"))
    await house.questions.hold(OLGA, "national", hold=False)
    first = await house.asked()
    await happens(house, cue("open_questions", "national"))

    assert [(await house.seen(one, "kim") or {})["state"] for one in (first, await house.asked())] == ["open", "held"]
