from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from conference.core.event import Entry
from conference.core.faces import EVERYBODY, Viewer
from tests.web.floor import AT, DAY, Kept, Noted, Phone, Said, SaidOnLane, Whispered, Wire, closed, count, said, shown
from web.hub import SILENT_MOST, TICK_S, Hub
from web.ring import Ring
from web.shows import Picture, painted

MODERATOR = frozenset({"moderator"})


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    hub = Hub(Ring("e1", 0))
    task = asyncio.create_task(hub.run())
    yield hub
    task.cancel()
    await asyncio.wait([task])


async def ticks(n: float = 2) -> None:
    await asyncio.sleep(n * TICK_S)


async def test_a_lone_word_leaves_at_once(hub: Hub) -> None:
    phone = Phone()
    hub.enter(phone, 0)

    hub.take(await shown(said(1)))
    await asyncio.sleep(TICK_S / 5)

    assert phone.frames == [{"upto": 1, "news": [{"seq": 1, "type": "board.said", "at": "2026-11-23T08:00:00Z", "data": {"text": "#1"}}]}]


async def test_words_in_a_row_share_a_frame(hub: Hub) -> None:
    phone = Phone()
    hub.enter(phone, 0)

    for n in range(1, 21):
        hub.take(await shown(said(n)))
        await asyncio.sleep(0)
    await ticks()

    assert phone.heard == list(range(1, 21))
    assert len(phone.frames) == 2


async def test_each_sees_what_its_lane_and_roles_may_see(hub: Hub) -> None:
    north, south = Phone(Viewer("n", lane="north")), Phone(Viewer("s", lane="south"))
    moderator = Phone(Viewer("m", MODERATOR, "south"))
    for phone in (north, south, moderator):
        hub.enter(phone, 0)

    hub.take(
        await shown(
            said(1), Entry("e1", 2, SaidOnLane(day=DAY, at=AT, text="hej", lane="north")), Entry("e1", 3, Noted(day=DAY, at=AT, text="x"))
        )
    )
    await ticks()

    assert (north.heard, south.heard, moderator.heard) == ([1, 2], [1], [1, 3])
    assert {frame["upto"] for phone in (north, south, moderator) for frame in phone.frames} == {3}


async def test_what_is_for_one_person_comes_in_order_with_the_rest_and_to_all_its_screens(hub: Hub) -> None:
    tab, other_tab, lo = Phone(Viewer("kim")), Phone(Viewer("kim")), Phone(Viewer("lo"))
    for phone in (tab, other_tab, lo):
        hub.enter(phone, 0)

    hub.take(await shown(said(1), Entry("e1", 2, Whispered(day=DAY, at=AT, text="psst", to="kim")), said(3)))
    await ticks()

    assert (tab.heard, other_tab.heard, lo.heard) == ([1, 2, 3], [1, 2, 3], [1, 3])
    assert b"psst" not in b"".join(frame.payload for frame in lo.line.sent)


async def test_a_picture_is_sent_when_it_changes(hub: Hub) -> None:
    phone = Phone()
    hub.enter(phone, 0)

    for n in (1, 1, 2):
        hub.paint(count(n))
        await ticks()

    assert phone.heard == [("count:c1", 1), ("count:c1", 2)]
    assert phone.frames[0] == {"upto": 0, "news": [{"key": "count:c1", "type": "counter.count", "data": {"counter": "c1", "n": 1}}]}


async def test_a_picture_that_has_stood_there_no_more_is_new_when_it_comes_again(hub: Hub) -> None:
    phone, late = Phone(), Phone()
    hub.enter(phone, 0)
    other = {"count:c2": painted(Picture("count:c2", "counter.count", ((EVERYBODY, {"counter": "c2", "n": 5}),)), 0)}

    for pictures in ({**count(1), **other}, other, {**count(1), **other}):
        hub.paint(pictures)
        await ticks()
    hub.paint(other)
    hub.enter(late, 0)

    assert sorted(phone.heard, key=str) == [("count:c1", 1), ("count:c1", 1), ("count:c2", 5)]
    assert late.heard == [("count:c2", 5)]


async def test_of_pictures_in_one_tick_only_the_newest_is_sent(hub: Hub) -> None:
    phone = Phone()
    hub.enter(phone, 0)

    hub.take(await shown(said(1)))
    await asyncio.sleep(0.01)
    for n in range(1, 5):
        hub.paint(count(n, at=1))
    await ticks()

    assert phone.heard == [1, ("count:c1", 4)]


async def test_a_picture_never_comes_behind_a_word_of_its_own_feature(hub: Hub) -> None:
    phone = Phone()
    hub.enter(phone, 0)
    hub.take(await shown(said(1)))
    await asyncio.sleep(0.01)

    hub.paint(count(2, at=1))
    hub.take(await shown(closed(2)))
    await ticks()

    assert phone.heard == [1, 2]


async def test_who_comes_back_is_told_how_things_stand(hub: Hub) -> None:
    hub.take(await shown(said(1)))
    hub.paint(count(7, at=1))
    await ticks()
    phone = Phone()

    hub.enter(phone, 1)

    assert phone.heard == [("count:c1", 7)]


async def test_a_full_line_gets_the_newest_picture_when_it_drains(hub: Hub) -> None:
    phone = Phone()
    hub.enter(phone, 0)
    phone.line.blocked = True
    for n in range(1, 5):
        hub.paint(count(n))
        await ticks(1.2)

    phone.line.blocked = False
    hub.drained(phone)

    assert phone.heard == [("count:c1", 4)]


async def test_a_screen_whose_state_is_newer_than_our_news_gets_pictures_all_the_same(hub: Hub) -> None:
    phone = Phone()
    hub.enter(phone, 5)

    hub.paint(count(1))
    await ticks()

    assert (phone.heard, phone.afresh) == ([("count:c1", 1)], 0)


async def test_a_full_line_is_passed_over_and_caught_up(hub: Hub) -> None:
    healthy, stalled = Phone(), Phone()
    for phone in (healthy, stalled):
        hub.enter(phone, 0)
    stalled.line.blocked = True

    for n in range(1, 6):
        hub.take(await shown(said(n)))
        await ticks(1.2)
    assert stalled.heard == []

    stalled.line.blocked = False
    hub.drained(stalled)
    hub.take(await shown(said(6)))
    await ticks()

    assert healthy.heard == stalled.heard == [1, 2, 3, 4, 5, 6]


async def test_who_missed_too_much_starts_afresh(hub: Hub) -> None:
    stalled = Phone()
    hub.enter(stalled, 0)
    stalled.line.blocked = True
    hub.take(await shown(*(said(n) for n in range(1, 402))))
    await ticks()

    stalled.line.blocked = False
    hub.drained(stalled)

    assert (stalled.afresh, stalled.heard, len(hub)) == (1, [], 0)


async def test_a_line_that_fills_while_catching_up_goes_on_where_it_stopped(hub: Hub) -> None:
    phone = Phone(line=Wire(blocks_after=1))
    hub.take(await shown(*(Entry("e1", n, Said(day=DAY, at=AT, text="x" * 9_000)) for n in range(1, 21))))
    await ticks()

    hub.enter(phone, 0)
    assert phone.behind == 7

    phone.line.blocks_after, phone.line.blocked = None, False
    hub.drained(phone)
    assert phone.heard == list(range(1, 21))
    assert all(len(frame.payload) <= 65_536 for frame in phone.line.sent)


async def test_who_comes_with_an_older_state_is_told_the_rest(hub: Hub) -> None:
    hub.take(await shown(said(1), said(2), said(3)))
    phone = Phone()

    hub.enter(phone, 1)

    assert phone.heard == [2, 3]


async def test_who_comes_with_a_newer_state_hears_nothing_twice(hub: Hub) -> None:
    phone = Phone()
    hub.enter(phone, 2)  # read from the database before the bus told the hub

    hub.take(await shown(said(1), said(2), said(3)))
    await ticks()

    assert phone.heard == [3]


async def test_who_enters_while_a_frame_is_going_out_hears_everything_once(hub: Hub) -> None:
    early = [Phone() for _ in range(200)]
    for phone in early:
        hub.enter(phone, 0)
    hub.take(await shown(said(1)))
    late = Phone()
    for _ in range(20):
        await asyncio.sleep(0)
        if early[0].line.sent and not early[-1].line.sent:
            hub.enter(late, 0)
            break
    await ticks()

    assert late.heard == [1]
    assert all(phone.heard == [1] for phone in early)


async def test_a_place_that_is_not_known_is_refused(hub: Hub) -> None:
    hub.restart(Ring("e1", 10))

    assert hub.enter(Phone(), 10)
    hub.take(await shown(said(11)))
    assert not hub.enter(Phone(), 9)


async def test_a_cohort_that_is_shown_nothing_is_told_now_and_then_how_far_the_log_is(hub: Hub) -> None:
    phone = Phone()
    hub.enter(phone, 0)

    for n in range(1, SILENT_MOST + 1):
        hub.take(await shown(Entry("e1", n, Kept(day=DAY, at=AT))))
    await ticks()

    assert phone.frames == [{"upto": SILENT_MOST, "news": []}]


async def test_a_replaced_log_makes_everybody_start_afresh(hub: Hub) -> None:
    phone = Phone()
    hub.enter(phone, 0)

    hub.restart(Ring("e2", 0))

    assert phone.afresh == 1


async def test_names_are_laid_in_where_they_are_shown(hub: Hub) -> None:
    phone = Phone()
    hub.enter(phone, 0)

    hub.take(
        await shown(Entry("e1", 1, Said(day=DAY, at=AT, text="hej", by="kim")), Entry("e1", 2, Said(day=DAY, at=AT, text="hej", by="x")))
    )
    await ticks()

    assert [item["data"]["by"] for frame in phone.frames for item in frame["news"]] == [
        {"person": "kim", "name": "Kim"},
        {"person": "x", "name": None},
    ]
