"""A show of hands: how many behind one screen are for each answer, counted beside the answers and never among them."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from sqlmodel import select

from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.core.faces import Viewer
from polls import views
from polls.export import sheets
from polls.hands import checked, offered
from polls.kinds import Option, Question
from polls.recount import recount
from polls.results import asked
from polls.tables import Ballot, Count
from tests.polls.houses import DAY, JA_NEJ, STAFF, House, someone

MODERATOR = Viewer("olga", frozenset({"moderator"}))
SEVERAL = Question("q", "choice", "Vilka?", options=(Option("a", "A"), Option("b", "B")), most=2)
SCALE = Question("q", "scale", "Hur bra?", steps=3)
WORDS = Question("q", "words", "Ett ord?", most=1)


def unit(name: str, wish: str | None = None, *, people: int = 12, body: str = "", **more: Any) -> Actor:
    """The host of a group's screen."""
    return someone(name, wish, people=people, body=body, **more)


async def test_hands_are_told_apart_from_the_answers_and_are_no_weight(house: House) -> None:
    poll = await house.an_open_poll()
    await house.polls.vote(someone("kim"), poll, ["ja"])
    await house.polls.vote(someone("lo", people=4), poll, ["nej"])
    await house.polls.raise_hands(unit("norr"), poll, {"ja": 7, "nej": 5})
    await house.polls.raise_hands(unit("syd", people=3), poll, {"ja": 2})
    await house.polls.close(STAFF, poll)

    tally = (await house.state(MODERATOR))[0]["tally"]
    assert (tally["n"], tally["behind"], tally["counts"]) == (2, 5, {"ja": 1, "nej": 1})
    assert tally["hands"] == {"n": 14, "screens": 2, "counts": {"ja": 9, "nej": 5}}


async def test_a_screen_has_an_answer_or_hands_and_never_both(house: House) -> None:
    poll = await house.an_open_poll()

    first = await house.polls.vote(unit("norr"), poll, ["ja"])
    second = await house.polls.raise_hands(unit("norr"), poll, {"ja": 12})
    third = await house.polls.raise_hands(unit("norr"), poll, {"ja": 5, "nej": 6})
    await house.polls.raise_hands(unit("syd"), poll, {"nej": 12})
    await house.polls.vote(unit("syd"), poll, ["nej"])
    await house.polls.close(STAFF, poll)

    tally = (await house.state(MODERATOR))[0]["tally"]
    assert first == second == third
    assert (tally["n"], tally["hands"]) == (1, {"n": 11, "screens": 1, "counts": {"ja": 5, "nej": 6}})


@pytest.mark.parametrize(
    ("question", "hands", "people", "code"),
    [
        (JA_NEJ, {"ja": 7, "nej": 6}, 12, "hands.too_many"),
        (JA_NEJ, {"ja": 1}, 1, "hands.one_person"),
        (SEVERAL, {"a": 1}, 12, "hands.not_offered"),
        (WORDS, {"tid": 1}, 12, "hands.not_offered"),
        (JA_NEJ, {}, 12, "answer.empty"),
        (JA_NEJ, {"ja": 0}, 12, "answer.empty"),
        (JA_NEJ, {"kanske": 1}, 12, "answer.wrong"),
        (JA_NEJ, {"ja": -1, "nej": 2}, 12, "answer.wrong"),
        (JA_NEJ, {"ja": True}, 12, "answer.wrong"),
        (JA_NEJ, {"ja": "3"}, 12, "answer.wrong"),
    ],
)
def test_hands_that_cannot_be_are_refused(question: Question, hands: dict[str, Any], people: int, code: str) -> None:
    with pytest.raises(Refused) as no:
        checked(question, hands, people)
    assert no.value.code == code


def test_hands_are_offered_where_everybody_has_one_answer() -> None:
    yes_no = Question("q", "yesno", "Ja?", options=JA_NEJ.options)
    judged = Question("q", "scale", "Hur?", steps=3, statements=(Option("s", "S"),))
    assert [offered(one) for one in (JA_NEJ, SCALE, yes_no, SEVERAL, WORDS, judged)] == [True, True, True, False, False, False]
    assert checked(SCALE, {"3": 2, "1": 10, "2": 0}, 12) == {"hands": {"1": 10, "3": 2}}


async def test_all_twelve_behind_a_screen_are_twelve_and_never_thirteen(house: House) -> None:
    poll = await house.an_open_poll()
    await house.polls.raise_hands(unit("norr"), poll, {"ja": 12})
    with pytest.raises(Refused) as no:
        await house.polls.raise_hands(unit("norr"), poll, {"ja": 12, "nej": 1})
    await house.polls.close(STAFF, poll)

    assert no.value.code == "hands.too_many"
    assert (await house.state(MODERATOR))[0]["tally"]["hands"]["n"] == 12


async def test_hands_told_again_and_again_and_in_two_tabs_count_once(house: House) -> None:
    poll = await house.an_open_poll()
    first = await house.polls.raise_hands(unit("norr", "w1", body="x"), poll, {"ja": 12})
    assert await house.polls.raise_hands(unit("norr", "w1", body="x"), poll, {"ja": 12}) == first
    for _ in range(20):
        wishes = [house.polls.raise_hands(unit("norr"), poll, {one: 6}) for one in ("ja", "nej")]
        await asyncio.gather(*wishes, house.polls.vote(unit("norr"), poll, ["ja"]))
    await house.polls.raise_hands(unit("norr"), poll, {"nej": 6})
    await house.polls.close(STAFF, poll)

    tally = (await house.state(MODERATOR))[0]["tally"]
    assert (tally["n"], tally["hands"]) == (0, {"n": 6, "screens": 1, "counts": {"ja": 0, "nej": 6}})
    with pytest.raises(Refused) as no:
        await house.polls.raise_hands(unit("norr"), poll, {"ja": 1})
    assert no.value.code == "poll.not_open"


async def test_hands_can_be_taken_back(house: House) -> None:
    poll = await house.an_open_poll()
    await house.polls.raise_hands(unit("norr"), poll, {"ja": 12})
    await house.polls.withdraw(unit("norr"), poll)
    await house.polls.close(STAFF, poll)
    assert "hands" not in (await house.state(MODERATOR))[0]["tally"]


async def test_one_s_own_hands_come_back_to_the_host_alone(house: House) -> None:
    poll = await house.an_open_poll()
    done = await house.polls.raise_hands(unit("norr"), poll, {"ja": 8, "nej": 4})
    await house.polls.vote(someone("kim"), poll, ["ja"])

    async with house.store.reading() as session:
        mine = await views.personal(session, house.polls.box, DAY, ["norr", "kim", "lo"])
    assert done.data
    assert mine["norr"] == {"polls": {poll: {"hands": {"ja": 8, "nej": 4}, "receipt": done.data["receipt"]}}}
    assert (set(mine), mine["kim"]["polls"][poll]["mine"]) == ({"norr", "kim"}, ["ja"])


async def test_while_a_poll_is_open_nothing_is_told_of_hands_and_of_few_never(house: House) -> None:
    """One screen more in a picture would be a whole group's answers."""
    poll = await house.an_open_poll()
    for number in range(25):
        await house.polls.vote(someone(f"p{number}"), poll, ["ja"])
    await house.polls.raise_hands(unit("norr", people=4), poll, {"ja": 3, "nej": 1})

    async with house.store.reading() as session:
        pictures = await views.pictures(session, DAY)
    told = [(await house.state(MODERATOR))[0]["tally"], *(data["tally"] for _to, data in pictures)]
    await house.polls.close(STAFF, poll)
    told += [(await house.state(MODERATOR))[0]["tally"], *(getattr(event, "tally", {}) for event in await house.events())]
    assert [tally for tally in told if "hands" in tally] == []


async def test_after_the_close_no_hands_lead_to_a_screen_and_no_region_has_them(house: House) -> None:
    poll = await house.an_open_poll()
    for number in range(6):
        await house.polls.vote(someone(f"p{number}", region="r-norrvik"), poll, ["ja"])
    await house.polls.raise_hands(unit("norr", region="r-norrvik", affiliation="municipality"), poll, {"ja": 12})
    key = house.polls.box.pseudonym(f"{DAY}/{poll}/1", "norr")
    await house.polls.close(STAFF, poll)

    async with house.store.reading() as session:
        ballots = (await session.exec(select(Ballot))).all()
    assert {one.about for one in ballots} == {None}
    assert key not in {one.key for one in ballots}
    tally = (await house.state(MODERATOR))[0]["tally"]
    assert [(one["region"], one["n"], one["counts"]) for one in tally["regions"]] == [
        ("r-norrvik", 6, {"ja": 6, "nej": None})
    ]  # as without the hands


async def test_report_export_and_recount_tell_the_same_hands(house: House) -> None:
    poll = await house.an_open_poll()
    await house.polls.vote(someone("kim"), poll, ["nej"])
    await house.polls.raise_hands(unit("norr"), poll, {"ja": 9, "nej": 3})
    await house.polls.close(STAFF, poll)

    async with house.store.reading() as session:
        hands = (await asked(session, DAY))[0]["rounds"][0]["hands"]
        [sheet] = await sheets(session, DAY)
        agrees = (await recount(session, DAY)).agrees
        count = (await session.exec(select(Count))).one()
    assert (hands["n"], hands["screens"]) == (12, 1)
    assert [(row["option"], row["count"], row["percent"], row["base"]) for row in hands["rows"]] == [
        ("ja", 9, 75, "händer"),
        ("nej", 3, 25, "händer"),
    ]
    rows = [row[5:] for row in sheet.rows if row[2] == "hands"]
    assert rows[:2] == [("Ja", 9, 12, 75, None), ("Nej", 3, 12, 25, None)]
    assert rows[2][1:] == (None, 12, None, 1)
    assert agrees
    assert msgspec.json.decode(count.now)["hands"] == {"ja": 9, "nej": 3}
