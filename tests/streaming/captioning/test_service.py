"""Lines are written by one person at a time, kept in order, corrected; nothing of two writers is ever mixed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from conference.core.errors import Refused
from conference.core.faces import Viewer
from conference.rundown.tables import Running
from conference.tables import Block
from streaming.captioning import WRITERS, views
from streaming.captioning.rules import is_shown
from streaming.captioning.tables import Caption
from tests.conference.days import DAY, MODERATOR
from tests.conference.rundown.test_late_region import LANE, called, clocked, overrunning
from tests.fold import caught_up, fold, on_the_wire
from tests.streaming.captioning.houses import ANNA, BO, Desk


async def code_of(asked: Any) -> str:
    with pytest.raises(Refused) as refused:
        await asked
    return refused.value.code


async def test_words_are_pictures_until_the_line_is_finished(desk: Desk) -> None:
    for text in ("V", "Vi bör", "Vi börjar nu"):
        await desk.writes(text, final=False)
    assert await desk.painted() == ["Vi börjar nu"]
    assert (await desk.state())["captions"][0]["open"] is True

    line = await desk.writes("Vi  börjar nu. ")

    assert await desk.painted() == []
    assert [(entry.event.name, getattr(entry.event, "text", None)) for entry in await desk.told()] == [
        ("captions.turned", None),
        ("captions.begun", None),
        ("captions.finished", "Vi börjar nu."),
    ]
    assert [(one["line"], one["text"], "open" in one) for one in (await desk.state())["captions"]] == [(line, "Vi börjar nu.", False)]


async def test_a_line_that_rests_is_painted_no_more_and_going_on_with_it_is_news(desk: Desk) -> None:
    await desk.writes("Vi bör", final=False)
    desk.later(31)
    assert await desk.painted() == []

    await desk.writes("Vi börjar", final=False)

    assert await desk.painted() == ["Vi börjar"]
    assert [entry.event.name for entry in await desk.told()].count("captions.begun") == 2


async def test_two_take_turns_and_nothing_is_mixed(desk: Desk) -> None:
    await desk.writes("Anna skri", final=False)
    assert await code_of(desk.writes("Bo", final=False, by=BO)) == "captions.not_your_turn"
    await desk.captioning.take_turn(BO)
    assert await desk.turn() == {"writer": "anna", "wanted": "bo"}
    assert await code_of(desk.writes("Bo", by=BO)) == "captions.not_your_turn"

    await desk.writes("Anna skriver klart.")
    assert await desk.turn() == {"writer": "bo"}
    assert await code_of(desk.writes("Mer", by=ANNA)) == "captions.not_your_turn"
    await desk.captioning.be_ready(ANNA)
    await desk.writes("Bo skriver", final=False, by=BO)
    await desk.captioning.give_turn(BO)

    assert await desk.turn() == {"writer": "anna"}
    assert await desk.reads() == ["Anna skriver klart.", "Bo skriver"]
    assert await code_of(desk.captioning.give_turn(BO)) == "captions.not_your_turn"


async def test_who_has_gone_keeps_nobody_from_taking_over(desk: Desk) -> None:
    await desk.writes("Sedan bröts", final=False)
    desk.later(6)

    await desk.captioning.take_turn(BO)
    await desk.writes("Bo fortsätter.", by=BO)

    assert await desk.turn() == {"writer": "bo"}
    assert await desk.reads() == ["Sedan bröts", "Bo fortsätter."]


async def test_one_may_stand_ready_and_think_better_of_it(desk: Desk) -> None:
    await desk.writes("Hej.")
    await desk.captioning.be_ready(BO)
    assert await desk.turn() == {"writer": "anna", "ready": "bo"}
    await desk.captioning.be_ready(BO, ready=False)
    await desk.captioning.give_turn(ANNA)
    assert await desk.turn() == {}

    await desk.writes("Vem som helst.", by=BO)
    assert await desk.turn() == {"writer": "bo"}


async def test_a_finished_line_is_corrected_by_either_also_after_the_day(desk: Desk) -> None:
    line = await desk.writes("Vi bröjar.")
    await desk.captioning.correct(BO, line, "Vi börjar.")
    assert (await desk.state())["captions"][0] | {"at": None} == {
        "line": line,
        "lane": "national",
        "text": "Vi börjar.",
        "at": None,
        "corrected": True,
    }
    open_line = await desk.writes("Hej", final=False)
    assert await code_of(desk.captioning.correct(ANNA, open_line, "Hej då")) == "captions.no_such_line"
    assert await code_of(desk.captioning.correct(ANNA, line, " ")) == "text.empty"

    await desk.studio.house.programme.end(MODERATOR)
    await desk.captioning.correct(ANNA, line, "Nu börjar vi.")
    assert await code_of(desk.writes("För sent.")) == "day.ended"
    assert (await desk.reads())[0] == "Nu börjar vi."


@pytest.mark.parametrize(
    ("text", "code"), [("", "text.empty"), (" \n ", "text.empty"), ("å" * 201, "text.too_long"), ("a\n" + "b" * 200, "text.too_long")]
)
async def test_what_is_no_line_is_refused(desk: Desk, text: str, code: str) -> None:
    assert await code_of(desk.writes(text)) == code
    assert await desk.reads() == []


async def test_a_line_has_two_rows_at_most(desk: Desk) -> None:
    await desk.writes("Ett \n två\n\n tre  fyra")

    assert await desk.reads() == ["Ett\ntvå tre fyra"]


async def test_in_a_common_block_all_lanes_read_the_same_and_in_a_regional_one_their_own(desk: Desk) -> None:
    await desk.writes("Till alla.")
    assert await desk.reads("r-norrvik") == ["Till alla."]
    await parted(desk)

    await desk.writes("Bara landet.")
    await desk.writes("Bara Norrvik.", by=BO, lane="r-norrvik")

    assert await desk.reads("r-norrvik") == ["Till alla.", "Bara Norrvik."]
    assert await desk.reads() == ["Till alla.", "Bara landet."]
    assert (await desk.turn("r-norrvik"), await desk.turn()) == ({"writer": "bo"}, {"writer": "anna"})
    assert await code_of(desk.writes("Var?", lane="r-ingen")) == "lane.no_such"


async def test_what_is_written_for_those_who_have_met_does_not_reach_a_region_that_is_late(desk: Desk) -> None:
    days = desk.studio.house
    await overrunning(days, await called(days))
    viewers = {lane: Viewer("x", lane=lane) for lane in ("national", LANE, "r-vastero")}
    before, known = {lane: on_the_wire(await desk.state(lane)) for lane in viewers}, len(await desk.told())

    await desk.writes("Välkomna tillbaka.")
    await desk.writes("Norrvik talar än.", by=BO, lane=LANE)
    lines = [line.text for line in await finished(desk) if is_shown(line, LANE)]
    await desk.writes("Här är al", final=False)
    painting = await painted_for(desk, viewers)
    await clocked(days, days.clock.now() + timedelta(minutes=3))
    await desk.writes("Här är alla.")
    await desk.writes("Alla är här.")

    together, own = ["Välkomna tillbaka.", "Här är alla.", "Alla är här."], ["Norrvik talar än.", "Alla är här."]
    assert [await desk.reads(lane) for lane in viewers] == [together, own, together]
    assert (lines, painting) == (["Norrvik talar än."], {"national": ["Här är al"], LANE: [], "r-vastero": ["Här är al"]})
    news = (await desk.told())[known:]
    for lane, viewer in viewers.items():
        assert caught_up(before[lane], viewer, news, views.FACES) == on_the_wire(await desk.state(lane))


async def finished(desk: Desk) -> Sequence[Caption]:
    """The lines that are kept, for lanes and recordings."""
    async with desk.studio.house.store.reading() as session:
        return await views.finished(session, DAY, None)


async def painted_for(desk: Desk, viewers: dict[str, Viewer]) -> dict[str, list[str]]:
    """What each of them sees of what is being written."""
    async with desk.studio.house.store.reading() as session:
        told = await views.unfinished(session, DAY, desk.studio.house.clock.now())
    return {name: [data["text"] for to, data in told if to.sees(viewer)] for name, viewer in viewers.items()}


async def parted(desk: Desk) -> None:
    """The run-of-show stands in a regional block."""
    async with desk.studio.house.store.reading() as session:
        block = (await session.exec(select(Block).where(Block.day == DAY, Block.kind == "regional"))).first()
    assert block

    async def move(tx: Any) -> None:
        running = await tx.find(Running, DAY) or Running(
            day=DAY, origin_at=desk.studio.house.clock.now(), block_at=desk.studio.house.clock.now()
        )
        tx.put(running.model_copy(update={"block": block.block}))

    await desk.studio.house.store.run(move)


async def test_the_day_s_end_finishes_what_is_being_written(desk: Desk) -> None:
    await desk.writes("Tack för i d", final=False)

    await desk.studio.house.store.run(lambda tx: desk.captioning.finished(tx, DAY))

    assert [(one["text"], "open" in one) for one in (await desk.state())["captions"]] == [("Tack för i d", False)]


@pytest.mark.parametrize("roles", [frozenset(), WRITERS])
async def test_catching_up_equals_a_fresh_page(desk: Desk, roles: frozenset[str]) -> None:
    viewer = Viewer("x", roles)
    first = await desk.writes("Rad 0.")
    before, known = on_the_wire(await desk.state(roles=roles)), len(await desk.told())

    for number in range(1, 25):
        await desk.writes(f"Rad {number}", final=False)
        await desk.writes(f"Rad {number}.")
    await desk.captioning.correct(ANNA, first, "Den allra första.")
    await desk.captioning.be_ready(BO)
    await desk.captioning.set_delay(ANNA, 3.5)
    await desk.captioning.give_turn(ANNA)
    await desk.writes("Bo skri", final=False, by=BO)
    state = caught_up(before, viewer, (await desk.told())[known:], views.FACES)
    async with desk.studio.house.store.reading() as session:
        for _, data in await views.unfinished(session, DAY, desk.studio.house.clock.now()):
            state = fold(state, "captions.written", on_the_wire(data))

    assert state == on_the_wire(await desk.state(roles=roles))
    assert len(state["captions"]) == views.LINES
