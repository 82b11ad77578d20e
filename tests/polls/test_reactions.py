"""Polls follow the run-of-show, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.core.faces import Viewer
from conference.core.transaction import Transaction
from conference.rundown import CueGiven, LaneJoined
from conference.rundown.tables import Cue
from polls import PollClosed, PollClosing, PollOpened, PollPassedOver, ResultShown
from polls.kinds import Question
from polls.reactions import reactions
from polls.rules import GRACE, regional
from polls.service import a_draft
from tests.conftest import NINE
from tests.polls.houses import DAY, JA_NEJ, STAFF, House, someone

REGIONS = ["r-norrvik", "r-sundmark", "r-vastero"]
PARTICIPANT = Viewer("kim")
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


async def closed_for_good(house: House) -> None:
    """Wait until nobody's picture can be behind the close, and close as the house does."""
    house.clock.wind(GRACE)
    await house.polls.close_due(Actor.house(DAY))


async def test_a_poll_is_opened_closed_and_shown_by_cue_and_stays_open_until_then(house: House) -> None:
    await prepared(house, "p1")

    await cue(house, "open_poll", "p1")
    await house.polls.vote(someone("kim"), "p1", ["ja"])
    await cue(house, "close_poll", "p1")
    await closed_for_good(house)
    await cue(house, "show_result", "p1", to="everyone")

    opened, _closing, closed, shown = await house.events()
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
    await closed_for_good(house)

    closed = [(event.poll, event.tally["counts"]) for event in await house.events() if isinstance(event, PollClosed)]
    assert closed == [("p1.r-norrvik", {"ja": 1, "nej": 0}), ("p1.r-vastero", {"ja": 0, "nej": 1})]


async def test_whoever_sees_the_close_later_answers_as_long_as_all_others(house: House) -> None:
    await prepared(house, "p1")
    await cue(house, "open_poll", "p1")
    await cue(house, "close_poll", "p1")
    await cue(house, "close_poll", "p1")  # said twice, it ends no later

    house.clock.wind(GRACE - timedelta(seconds=1))
    assert await house.polls.close_due(Actor.house(DAY)) == 0
    await house.polls.vote(someone("nine-seconds-behind"), "p1", ["ja"])
    await closed_for_good(house)

    _opened, closing, closed = await house.events()
    assert isinstance(closing, PollClosing)
    assert isinstance(closed, PollClosed)
    assert (closing.closes_at, closed.tally["n"]) == (NINE, 1)
    with pytest.raises(Refused, match=r"poll\.not_open"):
        await house.polls.vote(someone("too-late"), "p1", ["ja"])


async def test_a_result_that_is_to_be_shown_waits_for_the_last_answer(house: House) -> None:
    await prepared(house, "p1")
    await cue(house, "open_poll", "p1")
    await cue(house, "close_poll", "p1")
    await cue(house, "show_result", "p1", to="stage")
    assert [poll["result"] for poll in await house.state(PARTICIPANT)] == ["hidden"]
    await house.polls.vote(someone("kim"), "p1", ["ja"])
    await closed_for_good(house)

    *_, closed, shown = await house.events()
    assert isinstance(closed, PollClosed)
    assert isinstance(shown, ResultShown)
    assert (shown.to, shown.tally["n"], shown.tally["counts"]) == ("stage", 1, {"ja": 1, "nej": 0})
    assert [poll["result"] for poll in await house.state(PARTICIPANT)] == ["stage"]


async def test_a_hand_closes_at_once_and_so_does_one_that_shows(house: House) -> None:
    for poll in ("p1", "p2"):
        await prepared(house, poll)
        await cue(house, "open_poll", poll)
        await cue(house, "close_poll", poll)

    await house.polls.close(STAFF, "p1")
    await house.polls.show(STAFF, "p2", "everyone")

    told = [(type(event), event.poll) for event in (await house.events())[4:] if isinstance(event, PollClosed | ResultShown)]
    assert told == [(PollClosed, "p1"), (PollClosed, "p2"), (ResultShown, "p2")]


async def test_more_time_takes_a_close_back(house: House) -> None:
    await prepared(house, "p1")
    await cue(house, "open_poll", "p1")
    await cue(house, "close_poll", "p1")
    await house.polls.extend(STAFF, "p1", 60)

    house.clock.wind(GRACE)
    assert await house.polls.close_due(Actor.house(DAY)) == 0
    house.clock.wind(timedelta(seconds=60))
    assert await house.polls.close_due(Actor.house(DAY)) == 1


async def test_a_result_that_was_to_be_shown_stays_hidden_when_somebody_hides_it_meanwhile(house: House) -> None:
    await prepared(house, "p1")
    await cue(house, "open_poll", "p1")
    await cue(house, "close_poll", "p1")
    await cue(house, "show_result", "p1", to="everyone")
    await house.polls.show(STAFF, "p1", "hidden")
    await closed_for_good(house)

    assert [(poll["voting"], poll["result"]) for poll in await house.state(PARTICIPANT)] == [("closed", "hidden")]


async def test_more_time_takes_back_that_the_result_is_to_be_shown(house: House) -> None:
    await prepared(house, "p1")
    await cue(house, "open_poll", "p1")
    await cue(house, "close_poll", "p1")
    await cue(house, "show_result", "p1", to="everyone")
    await house.polls.extend(STAFF, "p1", 60)
    house.clock.wind(timedelta(seconds=60))
    await closed_for_good(house)

    assert [(poll["voting"], poll["result"]) for poll in await house.state(PARTICIPANT)] == [("closed", "hidden")]


async def test_what_the_others_closed_closes_for_a_late_region_when_it_comes_along(house: House) -> None:
    for region in REGIONS:
        await prepared(house, regional("p1", region), scope=region)
    await cue(house, "open_poll", "p1")
    await cue(house, "close_poll", "p1", [lane for lane in LANES if lane != "r-norrvik"])
    about: dict[str, Any] = {"lane": "national", "block": "b3", "item": "i1", "by": "clock", "planned_at": NINE, "at_s": 0, "position": 0}

    async def given(tx: Transaction) -> None:
        tx.put(Cue(day=DAY, cue="c1", do="close_poll", args={"poll": "p1"}, state="done", given_at=NINE, **about))

    await house.store.run(given)
    joined = LaneJoined(day=DAY, at=NINE, lanes=["r-norrvik"])
    await closed_for_good(house)
    before = [poll["poll"] for poll in await house.state(Viewer("olga", STAFF.roles)) if poll["voting"] == "open"]

    await house.store.run(lambda tx: reactions(house.polls).handlers[LaneJoined](tx, joined))
    await closed_for_good(house)

    assert before == [regional("p1", "r-norrvik")]
    assert [poll["voting"] for poll in await house.state(Viewer("olga", STAFF.roles))] == ["closed"] * 3
