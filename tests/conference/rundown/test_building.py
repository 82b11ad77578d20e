"""A programme that is built: rows, cues and open pages say the same, and what is locked or has begun stays."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.core.faces import Viewer
from conference.core.ids import SeededIds
from conference.rundown import Builder, ItemDraft, ToAsk
from conference.rundown.tables import Cue, HiddenBlock
from conference.shape import Where
from conference.tables import Block, Day, Item
from tests.conference.days import DAY, FACES, MODERATOR, PLANNED, House
from tests.fold import State, by_id, caught_up

LANES = ("national", "r-norrvik", "r-vastero")
TALK = ItemDraft("Ett samtal", "discussion", 10)
M = timedelta(minutes=1)


@pytest.fixture
def build(days: House) -> Builder:
    return Builder(days.store, days.clock, SeededIds(7))


async def rows(days: House) -> dict[Any, Any]:
    """All that a programme is made of."""
    async with days.store.reading() as session:
        found = [row for table in (Block, Item, Cue, HiddenBlock, Day) for row in await session.exec(select(table))]
    return {
        (row.__tablename__, *[str(getattr(row, name)) for name in ("block", "item", "cue") if hasattr(row, name)]): row.model_dump()
        for row in found
    }


async def states(days: House) -> dict[str, State]:
    return {lane: await days.state(lane) for lane in LANES}


async def told_equals_fresh(days: House, before: dict[str, State], since: int) -> None:
    """State + news = the state of a fresh page, for viewers on every lane."""
    for lane, state in before.items():
        caught = caught_up(state, Viewer("kim", lane=lane), days.heard[since:], FACES)
        assert by_id(caught) == by_id(await days.state(lane))


async def spans(days: House) -> dict[str, tuple[datetime, datetime]]:
    async with days.store.reading() as session:
        return {row.item: (row.planned_starts_at, row.planned_ends_at) for row in await session.exec(select(Item))}


async def no_gap(days: House) -> None:
    """Blocks follow each other, and so do the items of every lane; every cue lies within its item."""
    async with days.store.reading() as session:
        blocks = sorted(await session.exec(select(Block)), key=lambda row: row.position)
        items = sorted(await session.exec(select(Item)), key=lambda row: row.position)
        cues = sorted(await session.exec(select(Cue)), key=lambda row: row.position)
        day = (await session.exec(select(Day))).one()
    at = day.planned_starts_at
    for block in blocks:
        assert block.planned_starts_at == at
        at = block.planned_ends_at
        for lane in {item.lane for item in items if item.block == block.block}:
            inside = block.planned_starts_at
            for item in items:
                if (item.block, item.lane) == (block.block, lane):
                    assert item.planned_starts_at == inside
                    inside = item.planned_ends_at
            assert inside == block.planned_ends_at
    assert day.planned_ends_at == at
    by_name = {item.item: item for item in items}
    for cue in cues:
        item = by_name[cue.item]
        assert item.planned_starts_at <= cue.planned_at <= item.planned_ends_at
        assert cue.planned_at == item.planned_starts_at + cue.at_s * timedelta(seconds=1)
    assert [cue.item for cue in cues] == sorted((cue.item for cue in cues), key=lambda name: by_name[name].position)
    assert [cue.do for cue in cues if cue.do == "end_day"] == ["end_day"]


DEEDS: dict[str, Callable[[Builder], Awaitable[Any]]] = {
    "an item that is put in": lambda b: b.add(MODERATOR, Where("b2", "r-norrvik", "i-norrvik-1"), TALK, keep=False),
    "an item whose time a neighbour gives": lambda b: b.add(MODERATOR, Where("b6", after="i-r2-kraft@national"), TALK, keep=True),
    "an item that is longer": lambda b: b.edit(MODERATOR, "i-sundmark-1", ItemDraft("Längre", "panel", 30), keep=False),
    "an item that is taken out": lambda b: b.remove(MODERATOR, "i-r2-ideer@national", keep=False),
    "a region that follows the country": lambda b: b.remove(MODERATOR, "i-norrvik-1", keep=True),
    "two that change places": lambda b: b.move(MODERATOR, "i-sundmark-3", 1),
    "a new block": lambda b: b.add_block(MODERATOR, "common", TALK, "b3"),
    "a new last block": lambda b: b.add_block(MODERATOR, "regional", TALK, "b7"),
    "a block that moves": lambda b: b.move_block(MODERATOR, "b6", -1),
    "a block that is gone": lambda b: b.remove_block(MODERATOR, "b6"),
    "a locked block that is hidden": lambda b: b.hide(MODERATOR, "b5", "Regionen har sin egen återblick"),
    "the last block hidden": lambda b: b.hide(MODERATOR, "b7", "Slutar tidigare"),
}  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS)
async def test_whatever_is_built_leaves_no_gap_reaches_open_pages_and_is_undone(days: House, build: Builder, deed: str) -> None:
    await days.create()
    stood, before, since = await rows(days), await states(days), len(days.heard)

    await DEEDS[deed](build)

    await no_gap(days)
    await told_equals_fresh(days, before, since)
    assert await rows(days) != stood
    await build.undo(MODERATOR)
    assert await rows(days) == stood
    await told_equals_fresh(days, before, since)
    with pytest.raises(Refused, match=r"undo\.none"):
        await build.undo(MODERATOR)


async def test_an_item_has_its_title_its_place_and_a_sign_and_what_follows_comes_later(days: House, build: Builder) -> None:
    await days.create()
    before = await spans(days)

    done = await build.add(MODERATOR, Where("b6", after="i-r2-ideer@national"), TALK, keep=False)

    assert done.data
    new, after = done.data["item"], await spans(days)
    start = before["i-r2-ideer@national"][1]
    assert after[new] == (start, start + 10 * M)
    assert after["i-paus-em"] == tuple(at + 10 * M for at in before["i-paus-em"])
    assert after["i-norrvik-2"] == (before["i-norrvik-2"][0], before["i-norrvik-2"][1] + 10 * M)
    assert after["i-lunch"] == before["i-lunch"]
    async with days.store.reading() as session:
        (cue,) = await session.exec(select(Cue).where(Cue.item == new))
    assert (cue.do, cue.what, cue.by, cue.planned_at) == ("show_slate", "Ett samtal", "clock", start)


async def test_what_is_locked_is_not_edited_only_hidden_with_a_reason_and_shown_again(days: House, build: Builder) -> None:
    await days.create()
    stood = await rows(days)
    for code, deed in (
        ("block.locked", build.edit(MODERATOR, "i-oppning", ItemDraft("x", "lecture", 30), keep=False)),
        ("block.locked", build.edit(MODERATOR, "i-oppning", ItemDraft("x", "discussion", 20), keep=False)),
        ("block.locked", build.add(MODERATOR, Where("b1"), TALK, keep=False)),
        ("block.locked", build.remove_block(MODERATOR, "b5")),
        ("item.locked", build.remove(MODERATOR, "i-r1-glapp@r-vastero", keep=True)),
        ("text.empty", build.hide(MODERATOR, "b5", "  ")),
        ("text.too_long", build.hide(MODERATOR, "b5", "x" * 301)),
        ("block.no_such", build.show(MODERATOR, "b5")),
        ("lane.no_such", build.add(MODERATOR, Where("b2", "r-x"), TALK, keep=False)),
        ("lane.no_such", build.add(MODERATOR, Where("b3", "r-norrvik"), TALK, keep=False)),
        ("item.unknown_kind", build.add(MODERATOR, Where("b2"), ItemDraft("x", "opera", 5), keep=False)),
        ("block.unknown_kind", build.add_block(MODERATOR, "secret", TALK, None)),
        ("text.empty", build.add(MODERATOR, Where("b2"), ItemDraft(" ", "panel", 5), keep=False)),
    ):
        with pytest.raises(Refused) as refused:
            await deed
        assert refused.value.code == code
    assert await rows(days) == stood

    await build.hide(MODERATOR, "b5", "Vi har en egen")
    assert "i-nytta" not in await spans(days)
    await build.show(MODERATOR, "b5")
    assert await rows(days) == stood


async def test_of_a_live_day_only_what_is_ahead_changes_and_the_run_goes_on_by_it(days: House, build: Builder) -> None:
    await days.start(operator_auto=True)
    await days.play(65 * 60)
    before, since = await states(days), len(days.heard)
    for deed in (
        build.remove(MODERATOR, "i-norrvik-1", keep=False),
        build.add_block(MODERATOR, "common", TALK, "b1"),
        build.hide(MODERATOR, "b2", "nej"),
    ):
        with pytest.raises(Refused, match=r"block\.begun"):
            await deed

    done = await build.add_block(MODERATOR, "common", TALK, "b2")

    await told_equals_fresh(days, before, since)
    assert done.data
    new = done.data["block"]
    await days.play(60 * 60, until=lambda: any(event.block == new for event in days.events("rundown.block_began")))
    assert (await days.now())["block"] == new
    with pytest.raises(Refused, match=r"block\.begun"):
        await build.undo(MODERATOR)
    await days.play(3 * 60)
    await told_equals_fresh(days, before, since)


@pytest.mark.timeout(400)  # a whole day, cue by cue, and two fresh states for each
async def test_a_built_day_runs_to_its_end(days: House, build: Builder) -> None:
    await days.create(operator_auto=True)
    await build.hide(MODERATOR, "b7", "Slutar tidigare")
    await build.add(MODERATOR, Where("b6", after="i-r2-kraft@national"), TALK, keep=True)
    await days.programme.start(MODERATOR)

    await days.play()

    assert [event.name for event in days.events("day.ended")] == ["day.ended"]
    assert days.clock.now() - PLANNED < timedelta(hours=5, minutes=30)
    with pytest.raises(Refused, match=r"day\.ended"):
        await build.undo(Actor(DAY, "kim", frozenset({"organizer"})))


async def test_what_is_done_with_a_late_region_is_said_for_one_block_or_for_all(days: House, build: Builder) -> None:
    await days.create()

    async def told() -> dict[str, tuple[str | None, int]]:
        async with days.store.reading() as session:
            return {row.block: (row.overrun, row.overrun_limit_s) for row in await session.exec(select(Block)) if row.kind == "regional"}

    await build.overrun(MODERATOR, None, "hold", 300)
    assert await told() == {"b2": ("hold", 300), "b6": ("hold", 300)}
    await build.overrun(MODERATOR, "b6", "cut", 300)
    assert await told() == {"b2": ("hold", 300), "b6": ("cut", 0)}
    await build.undo(MODERATOR)
    assert await told() == {"b2": ("hold", 300), "b6": ("hold", 300)}
    for block, rule, limit_s, code in [
        ("b6", "wait", 0, "overrun.unknown_rule"),
        ("b6", "hold", 1_801, "seconds.out_of_range"),
        ("b6", "hold", -1, "seconds.out_of_range"),
        ("b1", "hold", 0, "block.not_regional"),
        ("b9", "hold", 0, "block.no_such"),
    ]:
        with pytest.raises(Refused) as refused:
            await build.overrun(MODERATOR, block, rule, limit_s)
        assert refused.value.code == code


async def test_a_rule_is_set_in_advance(days: House, build: Builder) -> None:
    await days.start(speed=0)
    await days.rundown.go(MODERATOR)
    while (await days.now())["block"] != "b2":
        await days.rundown.go(MODERATOR)

    with pytest.raises(Refused, match=r"block\.begun"):
        await build.overrun(MODERATOR, "b2", "cut", 0)
    await build.overrun(MODERATOR, None, "cut", 0)

    async with days.store.reading() as session:
        found = {row.block: row.overrun for row in await session.exec(select(Block)) if row.kind == "regional"}
    assert found == {"b2": None, "b6": "cut"}


async def cues_of(days: House, item: str) -> list[tuple[str, int, dict[str, Any]]]:
    async with days.store.reading() as session:
        found = await session.exec(select(Cue).where(Cue.item == item))
        return [(cue.do, cue.at_s, cue.args) for cue in sorted(found, key=lambda cue: cue.position)]


async def test_an_item_goes_to_another_block_and_lane_and_back_by_undo(days: House, build: Builder) -> None:
    await days.start(speed=0)
    stood, before, since = await rows(days), await states(days), len(days.heard)

    await build.carry(MODERATOR, "i-r1-samtal@national", Where("b6", "r-norrvik", "i-norrvik-2"), keep=True)

    await told_equals_fresh(days, before, since)
    await no_gap(days)
    async with days.store.reading() as session:
        item = (await session.exec(select(Item).where(Item.item == "i-r1-samtal@national"))).one()
        notice = (await session.exec(select(Cue).where(Cue.cue == "i-r1-samtal.05@national"))).one()
    assert (item.block, item.lane) == ("b6", "r-norrvik")
    assert (notice.block, notice.lane, notice.item) == ("b2", "national", "i-r1-glapp@national")  # the regions still meet in time
    assert {do for do, _at_s, _args in await cues_of(days, "i-r1-samtal@national")} == {"show_slate"}
    await build.undo(MODERATOR)
    again = await rows(days)
    assert [key for key in stood.keys() | again.keys() if stood.get(key) != again.get(key)] == []


@pytest.mark.parametrize(
    ("item", "where", "code"),
    [
        ("i-oppning", Where("b2"), "block.locked"), ("i-r1-glapp@national", Where("b6"), "item.locked"),
        ("i-r1-samtal@national", Where("b1"), "block.locked"), ("i-r1-samtal@national", Where("b6", "r-x"), "lane.no_such"),
        ("i-x", Where("b6"), "item.no_such"), ("i-r1-samtal@national", Where("b-x"), "block.no_such"),
    ],
)  # fmt: skip
async def test_what_is_locked_or_not_there_goes_nowhere(days: House, build: Builder, item: str, where: Where, code: str) -> None:
    await days.start(speed=0)
    stood = await rows(days)

    with pytest.raises(Refused) as refused:
        await build.carry(MODERATOR, item, where, keep=True)

    assert refused.value.code == code
    assert await rows(days) == stood


async def test_a_new_item_plays_a_film_and_another_asks_a_poll(days: House, build: Builder) -> None:
    await days.start(speed=0)
    await days.library.film_ready(MODERATOR, "film-stod", 80.0)
    film = ItemDraft("Stödet", "film", 5, film="film-stod")
    asking = ItemDraft("Vad tycker ni?", "poll", 5, asks=ToAsk("p-quiz", "Vad stämmer?"))

    shown = ((await build.add(MODERATOR, Where("b6", after="i-r2-samtal@national"), film, keep=False)).data or {})["item"]
    asked = ((await build.add(MODERATOR, Where("b6", after="i-r2-samtal@national"), asking, keep=False)).data or {})["item"]

    assert await cues_of(days, shown) == [("play_film", 0, {"film": "film-stod"})]
    assert await cues_of(days, asked) == [
        ("show_slate", 0, {"text": "Vad tycker ni?"}), ("open_poll", 0, {"poll": "p-quiz"}), ("close_poll", 270, {"poll": "p-quiz"}),
        ("show_result", 270, {"poll": "p-quiz", "to": "everyone"}),
    ]  # fmt: skip
    for name, code in (("film-x", "film.no_such"), ("film-hemma", "film.not_ready")):
        with pytest.raises(Refused) as refused:
            await build.add(MODERATOR, Where("b6"), ItemDraft("Film", "film", 5, film=name), keep=False)
        assert refused.value.code == code
