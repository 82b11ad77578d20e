from __future__ import annotations

from typing import Any

import msgspec

from conference.core.event import Entry
from conference.core.faces import Viewer
from tests.web.floor import AT, DAY, Whispered, closed, said, shown
from web.ring import REPLAY_MOST, RING_MOST, Ring
from web.shows import Shown

KIM = Viewer("kim")


async def ring(*entries: Entry, start: int = 0) -> Ring:
    made = Ring("e1", start)
    for one in await shown(*entries):
        made.add(one)
    return made


def told(missed: list[tuple[int, bytes]] | None) -> list[Any] | None:
    if missed is None:
        return None
    items = [msgspec.json.decode(raw) for _, raw in missed]
    return [item.get("seq") or item["data"].get("n") for item in items]


async def test_what_came_after_a_place_is_told_in_order() -> None:
    assert told((await ring(said(1), said(2), said(3))).missed(1, KIM)) == [2, 3]


async def test_nothing_is_missed_at_the_end() -> None:
    assert told((await ring(said(1))).missed(1, KIM)) == []


async def test_a_place_in_the_future_or_before_the_beginning_is_not_known() -> None:
    it = await ring(said(6), said(7), start=5)

    assert [it.missed(before, KIM) is None for before in (-1, 4, 5, 7, 8, 2**63)] == [True, True, False, False, True, True]


async def test_the_oldest_is_forgotten_when_it_is_full() -> None:
    it = await ring(*(said(n) for n in range(1, RING_MOST + 11)))

    assert it.start == 10
    assert it.missed(9, KIM) is None


async def test_more_than_300_missed_is_too_much() -> None:
    it = await ring(*(said(n) for n in range(1, 400)))

    assert it.missed(399 - REPLAY_MOST - 1, KIM) is None
    assert len(it.missed(399 - REPLAY_MOST, KIM) or []) == REPLAY_MOST


async def test_whether_a_feature_was_heard_of_since() -> None:
    it = await ring(said(1), closed(2), said(3))

    assert [it.told_of("counter", after) for after in (0, 1, 2, 3)] == [True, True, False, False]


async def test_what_is_for_one_person_is_told_to_nobody_else() -> None:
    it = await ring(said(1), Entry("e1", 2, Whispered(day=DAY, at=AT, text="hej", to="kim")), said(3))

    assert told(it.missed(0, KIM)) == [1, 2, 3]
    assert told(it.missed(0, Viewer("lo"))) == [1, 3]
    assert told(it.missed(0, Viewer("mo", frozenset({"moderator"})))) == [1, 2, 3]


async def test_ten_thousand_who_come_back_at_one_place_cost_one_look() -> None:
    it = await ring(*(said(n) for n in range(1, 300)))

    assert it.missed(5, Viewer("kim")) is it.missed(5, Viewer("lo"))


async def test_who_has_come_to_see_other_things_is_not_told_a_part_of_them() -> None:
    it = Ring("e1", 0)
    for seq, changed in ((1, None), (2, "kim"), (3, None)):
        it.add(Shown(seq, "people", (), changed))

    assert [it.missed(before, KIM) is None for before in (0, 1, 2, 3)] == [True, True, False, False]
    assert [it.missed(before, Viewer("lo")) is None for before in (0, 1, 2, 3)] == [False] * 4
    for seq in range(4, RING_MOST + 4):
        it.add(Shown(seq, "people", ()))
    assert it._changed == {}
