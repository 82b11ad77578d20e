"""A national day: twenty-one regions, two break-outs, a region that overruns, the server killed in the middle. Seconds: tests/load."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest

from tests.load.nation import NATIONAL, Books, Nation, a_national_day, nation, on_the_air, until
from tests.load.viewers import Audience, Viewer, audience
from tests.running import demo
from web.crowd.answers import Mind
from web.crowd.script import Script

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]

PEOPLE = 220  # ten on each lane
SPEED = 4.0  # little waits for it: every cue that matters is given by hand
POLL = {"studio": "i-norrvik-1.07", "other": "i-r1-glapp.01"}  # the cue that opens a region's poll
LAST = "i-norrvik-1.11"  # of a studio, before all meet


async def test_a_national_day(tmp_path: Path) -> None:
    country, folder = nation(), tmp_path / "data"
    books, late = Books(folder), country.studios[0]
    with ExitStack() as stack:
        first = await asyncio.to_thread(stack.enter_context, a_national_day(folder, country, SPEED))
        code = str(first.told["join_code"])
        async with audience(first.url, code, first.link("moderator"), PEOPLE, country.lanes) as people:
            await until(lambda: books.packed() == 3, "the films of the kit are not packed")

            await people.go_until("i-r1-film.01@national")
            await they_are_in(people, "b2")
            await people.staff.ask("rundown.hold", {"lane": NATIONAL})
            planned = books.planned("b2")
            assert set(planned) == set(country.lanes)
            await until(lambda: books.takes() == planned, "not every lane shows what is its own")
            await all_see(people, books)

            await each_region_is_asked_its_own_poll(people, country)
            await each_region_talks_to_itself(people)

            stood = books.standing()[NATIONAL]
            first.kill()
            second = await asyncio.to_thread(stack.enter_context, demo(folder, port=urlsplit(first.url).port or 0))
            stack.enter_context(on_the_air(second, country))
            assert books.standing()[NATIONAL] == stood == ("b2", "i-r1-glapp.01@national")
            assert await people.go() == "i-r1-glapp.02@national"
            await until(lambda: all(one.client.welcomed.is_set() for one in people.viewers), "not everybody came back")
            await all_see(people, books)

            await one_region_overruns(people, books, late)

            await people.go_until("i-r2-ideer.01@national")
            await they_are_in(people, "b6")
            own = {**dict.fromkeys(country.lanes, "slate"), **books.planned("b6")}
            await until(lambda: books.takes() == own, "not every lane shows what is its own")
            await all_see(people, books)
            mark = people.upto
            assert (await people.staff.ask("rundown.recall")).ok
            await until(people.all_heard("rundown.block_began", mark, block="b7", lane=NATIONAL), "not all heard that they meet")
            await all_see(people, books, together=True)

            await people.go_until("i-utvardering.end")
            await until(people.all_heard("day.ended", 0), "not all heard the end")
            nobody_heard_what_was_not_for_them(people)
            assert people.counts() == {"afresh": PEOPLE, "recovered": PEOPLE, "gaps": 0, "doubles": 0}  # one page each, all day
        assert second.complaints() == []


async def they_are_in(people: Audience, block: str) -> None:
    """Everybody has heard that the block has begun for the own lane."""
    for lane, viewers in people.by_lane.items():
        await until(people.all_heard("rundown.block_began", 0, viewers, block=block, lane=lane), f"{lane} has not heard of {block}")


async def all_see(people: Audience, books: Books, *, together: bool = False) -> None:
    """Every viewer's own list shows what its lane shows; *together*, that is the country's."""
    if together:
        await until(lambda: len(set(books.on_air().values())) == 1, "the lanes differ")
    await they_see(people, books.strips())


async def they_see(people: Audience, shows: Mapping[str, str]) -> None:
    """Every viewer's own list comes to show what its lane shall show."""
    seen = Counter(lane for lane, _at in await people.see(shows, 240))
    assert seen == {lane: len(viewers) for lane, viewers in people.by_lane.items()}


async def each_region_is_asked_its_own_poll(people: Audience, country: Nation) -> None:
    """Each lane's poll is opened by its own cue; those who sit there answer it, and nobody else can."""
    for lane in country.lanes:
        cue = POLL["studio" if lane in country.studios else "other"]
        await people.go_until(f"{cue}@{lane}", lane)
    for lane, viewers in people.by_lane.items():
        await until(people.all_heard("polls.opened", 0, viewers, poll=f"p-glapp.{lane}"), f"{lane} was not asked")
    mind = Mind(Script.blank(), "", Random(1))

    async def vote(viewer: Viewer) -> str:
        [asked] = viewer.of("polls.opened", poll=f"p-glapp.{viewer.lane}")
        answer = await viewer.client.ask("polls.vote", {"poll": asked.item.data["poll"], "answer": mind.answer(asked.item.data)}, tries=50)
        return viewer.lane if answer.ok else answer.code

    granted = Counter(await asyncio.gather(*map(vote, people.viewers)))
    assert granted == {lane: len(viewers) for lane, viewers in people.by_lane.items()}
    stranger = people.by_lane[country.light[0]][0]
    [asked] = people.by_lane[country.light[1]][0].of("polls.opened", poll=f"p-glapp.{country.light[1]}")
    refused = await stranger.client.ask("polls.vote", {"poll": asked.item.data["poll"], "answer": mind.answer(asked.item.data)})
    assert (refused.ok, refused.code) == (False, "poll.no_such")


async def each_region_talks_to_itself(people: Audience) -> None:
    """Somebody in each lane says a word: all who sit there hear it."""
    for lane, viewers in people.by_lane.items():
        assert (await viewers[0].client.ask("chat.say", {"text": f"Hej från {lane}"}, tries=50)).ok
    for lane, viewers in people.by_lane.items():
        await until(people.all_heard("chat.said", 0, viewers, text=f"Hej från {lane}"), f"{lane} has not heard its own word")


async def one_region_overruns(people: Audience, books: Books, late: str) -> None:
    """It is let finish: the others meet without it, its viewers stay with it, and it comes along when it is done."""
    others = [viewer for viewer in people.viewers if viewer.lane != late]
    mine, mark = people.by_lane[late], people.upto
    await people.go_until(f"{LAST}@{late}", late)
    assert (await people.staff.ask("rundown.hold", {"lane": late})).ok
    await people.go_until("i-paus-fm.01")
    assert (await people.staff.ask("rundown.resume", {"lane": NATIONAL})).ok
    await until(people.all_heard("rundown.block_began", mark, others, block="b3", lane=NATIONAL), "not all heard that they meet")
    assert books.standing()[late] == ("b2", f"{LAST}@{late}")
    await until(lambda: len({shown for lane, shown in books.on_air().items() if lane != late}) == 1, "the others' lanes differ")
    shows = books.strips()
    assert shows[late] != shows[NATIONAL]
    await they_see(people, shows)
    assert [one for viewer in mine for one in viewer.of("rundown.block_began", mark)] == []
    news = [one for words in mine[0].words.values() for one in words if one.item.data.get("returns")]
    told = [one.item.data["returns"]["how"] for one in sorted(news, key=lambda one: one.item.seq or 0)]
    assert told[-1] == "late"

    assert (await people.staff.ask("rundown.resume", {"lane": late})).ok
    await until(people.all_heard("rundown.lane_joined", mark, mine, block="b3", lane=NATIONAL), "the late region did not come along")
    await all_see(people, books, together=True)


def nobody_heard_what_was_not_for_them(people: Audience) -> None:
    """Of polls and words, everybody heard the country's and those of the own lane, each once, and nothing else.

    The country's room is everybody's, also while those without a region are the only ones who write there.
    """
    for viewer in people.viewers:
        polls = [str(one.item.data["poll"]) for one in viewer.of("polls.opened")]
        assert len(polls) == len(set(polls))
        assert {poll.partition(".")[2] or viewer.lane for poll in polls} == {viewer.lane}
        said = [f"Hej från {lane}" for lane in dict.fromkeys((NATIONAL, viewer.lane))]
        assert [one.item.data["text"] for one in viewer.of("chat.said")] == said
