"""What is shown of a question, to whom."""

from __future__ import annotations

import pytest

from chat.questions import views
from conference.core.faces import Viewer
from tests.chat.questions.houses import DAY, NORRVIK, OLGA, House, someone


async def test_a_regional_question_is_for_its_region_and_staff(house: House) -> None:
    await house.open(NORRVIK)
    question = await house.let_through(someone("mo", NORRVIK))

    for lane, roles, seen in (
        (NORRVIK, (), True),
        ("r-vastero", (), False),
        ("national", (), False),
        ("national", ("speaker",), False),
        (NORRVIK, ("speaker",), True),
        (NORRVIK, ("screen",), True),
        ("national", ("moderator",), True),
    ):
        assert (await house.seen(question, "x", lane, *roles) is not None) is seen, (lane, roles)


async def test_reasons_and_who_shall_answer_are_for_staff_and_the_asker(house: House) -> None:
    question = await house.let_through("kim")
    await house.questions.assign(OLGA, question, "c-kommun")
    others, mine, staff = await house.seen(question, "lo"), await house.seen(question, "kim"), await house.for_staff(question)

    assert others
    assert mine
    assert ["assigned" in one for one in (others, mine, staff)] == [False, True, True]
    assert [one["mine"] for one in (others, mine, staff)] == [False, True, False]


async def test_what_one_backs_is_told_to_oneself_where_one_sees_it(house: House) -> None:
    await house.open(NORRVIK)
    question, regional = await house.let_through("kim"), await house.let_through(someone("mo", NORRVIK))
    await house.backed(question, "bo", lane=NORRVIK)
    await house.backed(regional, "bo", lane=NORRVIK)
    async with house.store.reading() as session:
        own = await views.personal(session, DAY, ["bo", "lo"])

    named = own["bo"].pop("stances")[""]
    assert own == {"bo": {"questions": {question: {"backed": True}, regional: {"backed": True}}}}
    assert (sorted(named["backed"]), named["opposed"]) == (sorted([question, regional]), [])


@pytest.mark.parametrize(("state", "moving"), [("live", 1), ("ended", 0)])
async def test_support_is_a_picture_while_it_can_change(house: House, state: str, moving: int) -> None:
    question, answered, held = await house.let_through(), await house.let_through(), await house.asked()
    assert held
    await house.questions.answered(OLGA, answered)
    await house.backed(question, "a", "b")
    await house.day_is(state)
    async with house.store.reading() as session:
        pictures = await views.pictures(session, DAY)

    shown = [data for to, data in pictures if to.sees(Viewer("x"))]
    pile = {"pile": "national", "n": {"standing": 2}, "page": sorted([question, answered])}
    assert shown == [{"question": question, "backs": 2}, pile][: 2 * moving]


async def test_whom_one_can_ask_stands_in_the_state(house: House) -> None:
    question = await house.let_through("kim", to="c-kommun")
    async with house.store.reading() as session:
        state = await views.shared(session, DAY, Viewer("x"))

    assert state["panellists"] == [{"panellist": "c-kommun", "scope": "national", "title": "Panelist, Kommun"}]
    assert state["queues"] == [{"queue": "national", "open": True, "hold": True}]
    assert [one["to"] for one in state["questions"] if one["question"] == question] == ["c-kommun"]
