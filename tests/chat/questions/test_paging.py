"""Hundreds of questions: what a fresh page has of them, and how one comes to the rest, in every order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chat.questions import paging, views
from chat.questions.views import Wanted
from conference.core.errors import Refused
from conference.core.faces import Viewer
from tests.chat.questions.houses import DAY, NORRVIK, OLGA, House, someone

MANY = 50
GUEST, STAFF = Viewer("x"), Viewer("olga", frozenset({"moderator"}))


async def asked(house: House, n: int = MANY, lane: str = "national") -> list[str]:
    """Questions a second apart, all of them held."""
    found = []
    for number in range(n):
        house.clock.wind(timedelta(seconds=1))
        found.append(await house.asked(someone(f"p{number}", lane), f"Fråga {number}?"))
    return found


async def open_ones(house: House, n: int = MANY) -> list[str]:
    """As many that everybody sees; those asked later are backed by more, so that the two orders differ in the middle."""
    found = await asked(house, n)
    for number, question in enumerate(found):
        await house.questions.let_through(OLGA, question)
        await house.backed(question, *(f"b{k}" for k in range(number % 7)))
    return found


async def walked(house: House, viewer: Viewer, of: str, order: str | None = None, lane: str | None = None) -> list[str]:
    """A list from its beginning to its end, page by page."""
    found, left, after = list[str](), 1, None
    async with house.store.reading() as session:
        while left:
            some, left = await views.page(session, DAY, viewer, Wanted(of, order, after, lane))
            assert len(some) <= paging.AT_ONCE
            found += [one["question"] for one in some]
            after = found[-1] if found else None
    return found


async def state(house: House, viewer: Viewer) -> dict[str, Any]:
    """Questions as a fresh page has them."""
    async with house.store.reading() as session:
        return await views.shared(session, DAY, viewer)


async def refused(house: House, viewer: Viewer, wanted: Wanted) -> str:
    """The code that somebody is told."""
    async with house.store.reading() as session:
        with pytest.raises(Refused) as told:
            await views.page(session, DAY, viewer, wanted)
    return told.value.code


async def test_every_question_is_reached_in_every_order_and_once(house: House) -> None:
    questions = await open_ones(house)
    backs = {question: number % 7 for number, question in enumerate(questions)}
    place = {question: number for number, question in enumerate(questions)}

    assert await walked(house, GUEST, "standing", "new") == questions[::-1]
    assert await walked(house, GUEST, "standing") == sorted(questions, key=lambda one: (-backs[one], place[one]))


async def test_a_fresh_page_has_the_first_of_each_order_and_says_how_many_there_are(house: House) -> None:
    questions = await open_ones(house)
    fresh = await state(house, GUEST)
    known = {one["question"] for one in fresh["questions"]}
    [pile] = fresh["piles"]

    assert {*questions[-paging.AT_ONCE :], *(await walked(house, GUEST, "standing"))[: paging.AT_ONCE]} == known == set(pile["page"])
    assert (pile["pile"], pile["n"]) == ("national", {"standing": MANY})


async def test_the_queue_of_a_moderator_is_paged_and_nothing_is_out_of_reach(house: House) -> None:
    held = await asked(house)
    done = held[:25]
    for question in done:
        await house.questions.put_aside(OLGA, question, "Hinns inte med")
    let_through = held[25:30]
    for question in let_through:
        await house.questions.let_through(OLGA, question)
    await house.questions.star(OLGA, let_through[3], starred=True)
    await house.questions.take_up(OLGA, let_through[4])
    fresh = await state(house, STAFF)
    [pile] = [one for one in fresh["piles"] if one["pile"] == "queue:national"]

    assert pile["n"] == {"held": 20, "open": 5, "done": 25}
    assert await walked(house, STAFF, "held") == held[30:]
    assert await walked(house, STAFF, "open", "new") == [let_through[4], let_through[3], *let_through[2::-1]]
    assert await walked(house, STAFF, "done") == done[::-1]
    assert {one["question"] for one in fresh["questions"]} >= set(held[30:]) | set(let_through) | set(done[-paging.AT_ONCE :])


async def test_the_most_divided_come_first_where_that_is_asked_for(house: House) -> None:
    one, other, third = await open_ones(house, 3)
    for person in ("u", "v"):
        await house.questions.oppose(someone(person), other)
    await house.backed(other, "w")
    await house.questions.oppose(someone("u"), third)

    assert await walked(house, STAFF, "open", "divided") == [other, third, one]


async def test_what_has_moved_up_is_told_by_its_id_and_support_of_what_is_on_a_page(house: House) -> None:
    questions = await open_ones(house)
    low = (await walked(house, GUEST, "standing"))[paging.AT_ONCE + 4]
    before = await state(house, GUEST)
    await house.backed(low, *(f"c{k}" for k in range(9)))
    async with house.store.reading() as session:
        told = [data for to, data in await views.pictures(session, DAY) if to.sees(GUEST)]

    assert low not in {one["question"] for one in before["questions"]}
    assert low in told[-1]["page"]
    assert [one["backs"] for one in told if one.get("question") == low] == [9 + questions.index(low) % 7]
    assert {one["question"] for one in told[:-1]} == set(told[-1]["page"])


async def test_one_goes_on_behind_a_question_that_stands_there_no_more(house: House) -> None:
    questions = await open_ones(house, 30)
    after = questions[10]
    await house.questions.put_aside(OLGA, after, "Hör inte hit")
    async with house.store.reading() as session:
        some, left = await views.page(session, DAY, GUEST, Wanted("standing", "new", after))

    assert ([one["question"] for one in some], left) == (questions[9::-1], 0)


async def test_a_page_has_only_what_one_may_see(house: House) -> None:
    await house.open(NORRVIK)
    regional = await asked(house, 2, NORRVIK)
    await house.questions.let_through(OLGA, regional[0])
    bound = Viewer("mo", frozenset({"moderator"}), NORRVIK, bounds=frozenset({("moderator", NORRVIK)}))
    async with house.store.reading() as session:
        some = [await views.some_of(session, DAY, viewer, regional) for viewer in (GUEST, Viewer("y", lane=NORRVIK), bound)]

    assert [[one["question"] for one in found] for found in some] == [[], [regional[0]], regional]
    assert await walked(house, bound, "held", lane=NORRVIK) == [regional[1]]
    assert await refused(house, bound, Wanted("held", lane="national")) == "role.missing"
    assert await refused(house, GUEST, Wanted("held")) == "role.missing"


async def test_an_order_that_a_list_has_not_and_a_place_that_is_not_there_are_refused(house: House) -> None:
    [held] = await asked(house, 1)

    assert await refused(house, GUEST, Wanted("standing", "divided")) == "page.no_such"
    assert await refused(house, GUEST, Wanted("standing", after="nowhere")) == "question.no_such"
    assert await refused(house, GUEST, Wanted("standing", after=held)) == "question.no_such"


async def test_a_word_of_the_days_list_holds_a_question_where_others_are_seen_at_once(house: House) -> None:
    await house.questions.hold(OLGA, "national", hold=False)
    polite, rude = await house.asked("kim", "Vem äger frågan?"), await house.asked("kim", "Varför är ni såna IDIOTER?")

    assert [(await house.for_staff(one))["state"] for one in (polite, rude)] == ["open", "held"]
