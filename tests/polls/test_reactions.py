"""Polls follow the run-of-show, on both databases."""

from __future__ import annotations

from typing import Any

from conference.core.transaction import Transaction
from conference.rundown import CueGiven
from polls import PollClosed, PollOpened, PollPassedOver, ResultShown
from polls.kinds import Question
from polls.reactions import reactions
from polls.rules import regional
from polls.service import a_draft
from tests.conftest import NINE
from tests.polls.houses import DAY, JA_NEJ, House, someone

REGIONS = ["r-norrvik", "r-sundmark", "r-vastero"]
LANES = ["national", *REGIONS]


async def cue(house: House, do: str, poll: str, lanes: list[str] = LANES, **more: Any) -> None:
    """Give a cue as the run-of-show does."""
    event = CueGiven(day=DAY, at=NINE, lanes=lanes, cue="c1", item="i1", do=do, args={"poll": poll, **more})
    await house.store.run(lambda tx: reactions(house.polls).handlers[CueGiven](tx, event))


async def prepared(house: House, poll: str, question: Question = JA_NEJ, scope: str = "country") -> None:
    """A draft, as the kit makes it."""

    async def prepare(tx: Transaction) -> None:
        tx.put(a_draft(DAY, poll, question, place=1, scope=scope, seconds=120))

    await house.store.run(prepare)


async def test_a_poll_is_opened_closed_and_shown_by_cue_and_stays_open_until_then(house: House) -> None:
    await prepared(house, "p1")

    await cue(house, "open_poll", "p1")
    await house.polls.vote(someone("kim"), "p1", ["ja"])
    await cue(house, "close_poll", "p1")
    await cue(house, "show_result", "p1", to="everyone")

    opened, closed, shown = await house.events()
    assert isinstance(opened, PollOpened)
    assert opened.closes_at is None
    assert isinstance(closed, PollClosed)
    assert isinstance(shown, ResultShown)
    assert (closed.tally["n"], shown.to) == (1, "everyone")


async def test_a_poll_of_a_kind_that_comes_later_is_passed_over_and_staff_is_told_why(house: House) -> None:
    await prepared(house, "p1", Question("q", "pantomime", "Vad är viktigast?"))

    for do in ("open_poll", "close_poll", "show_result"):
        await cue(house, do, "p1")

    noted = [(event.poll, event.why, event.kind) for event in await house.events() if isinstance(event, PollPassedOver)]
    assert noted == [("p1", "poll.later", "pantomime"), ("p1", "poll.draft", "pantomime")]


async def test_each_region_has_its_own_copy_and_a_cue_for_all_lanes_means_all_of_them(house: House) -> None:
    for region in REGIONS:
        await prepared(house, regional("p1", region), scope=region)

    await cue(house, "open_poll", "p1", ["r-norrvik"])
    await cue(house, "open_poll", "p1", ["r-vastero"])
    await house.polls.vote(someone("kim", region="r-norrvik"), "p1.r-norrvik", ["ja"])
    await house.polls.vote(someone("lo", region="r-vastero"), "p1.r-vastero", ["nej"])
    await cue(house, "close_poll", "p1")

    closed = [(event.poll, event.tally["counts"]) for event in await house.events() if isinstance(event, PollClosed)]
    assert closed == [("p1.r-norrvik", {"ja": 1, "nej": 0}), ("p1.r-vastero", {"ja": 0, "nej": 1})]
