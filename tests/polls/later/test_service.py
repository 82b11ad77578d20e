"""Answers in hindsight, on both databases: a box of their own, and no live figure that knows of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlmodel import col, select

from conference.core.actor import Actor
from conference.core.audit import AuditEntry
from conference.core.columns import Kept
from conference.core.errors import Refused
from conference.core.event import Entry
from conference.core.faces import Viewer
from conference.core.ids import RandomIds
from conference.core.sheets import WITHHELD
from conference.core.transaction import Transaction
from conference.followup.keeping.tables import KeepingDate
from conference.tables import Day
from polls import export as polls_export
from polls import results
from polls.ballots import Box, box_of
from polls.later import Later, LaterClosed, export, report, rules, views
from polls.later.tables import LaterCount
from polls.recount import recount
from polls.tables import Ballot, Count
from tests.polls.houses import DAY, STAFF, House, someone

HOUSE = Actor.house(DAY)


@pytest.fixture
def later(house: House) -> Later:
    return Later(house.store, house.clock, RandomIds(), Box(house.keys, RandomIds()))


async def a_closed_poll(house: House, ja: int = 6, nej: int = 5) -> str:
    """A poll that so many answered while the day was on; then the day ended."""
    poll = await house.an_open_poll()
    for number in range(ja + nej):
        await house.polls.vote(someone(f"there-{number}", region="r-norrvik"), poll, ["ja" if number < ja else "nej"])
    await house.polls.close(STAFF, poll)
    house.polls.box.destroy(box_of(DAY, poll, 1))
    await ended(house)
    return poll


async def ended(house: House) -> None:
    async def end(tx: Transaction) -> None:
        day = await tx.get(Day, DAY)
        tx.put(day.model_copy(update={"state": "ended", "ended_at": house.clock.now()}))

    await house.store.run(end)


async def watched(later: Later, poll: str, answers: list[str], first: int = 0) -> list[str]:
    """So many more watch it and answer; their receipts."""
    done = await asyncio.gather(*(later.answer(someone(f"later-{first + n}"), poll, [one]) for n, one in enumerate(answers)))
    return [str((one.data or {})["receipt"]) for one in done]


async def told(house: House) -> list[dict[str, Any]]:
    async with house.store.reading() as session:
        found: list[dict[str, Any]] = (await report.section(session, DAY))["later"]
        return found


async def live_figures(house: House) -> Any:
    """All that tells of the polls of the day itself: rows, report, file, state, recount."""
    async with house.store.reading() as session:
        counts = [one.model_dump() for one in await session.exec(select(Count))]
        boxes = [one.model_dump() for one in await session.exec(select(Ballot).where(~col(Ballot.box).endswith("/later")))]
        asked = await results.asked(session, DAY)
        sheets = [(sheet.name, sheet.rows) for sheet in await polls_export.sheets(session, DAY)]
        counted = await recount(session, DAY)
    state = [await house.state(viewer) for viewer in (Viewer("kim"), Viewer("olga", frozenset({"moderator"})))]
    return counts, boxes, asked, sheets, counted, state


async def test_who_watches_later_is_counted_beside_those_who_were_there_and_in_no_live_figure(house: House, later: Later) -> None:
    poll = await a_closed_poll(house)
    await house.polls.show(STAFF, poll, "everyone")
    before = await live_figures(house)

    receipts = await watched(later, poll, ["nej"] * 12 + ["ja"] * 8)

    assert await live_figures(house) == before
    assert len(set(receipts)) == 20
    [one] = await told(house)
    assert (one["poll"], one["open"], one["n"], one["live"]["n"]) == (poll, True, 20, 11)
    assert [(row["option"], row["count"], row["n"], row["base"]) for row in one["rows"]] == [("ja", 8, 20, "svar"), ("nej", 12, 20, "svar")]
    assert [(row["option"], row["count"]) for row in one["live"]["rows"]] == [("ja", 6), ("nej", 5)]


async def test_one_person_has_one_answer_that_may_be_changed_under_the_same_receipt(house: House, later: Later) -> None:
    poll = await a_closed_poll(house)

    first = await later.answer(someone("kim"), poll, ["ja"])
    again = await later.answer(someone("kim"), poll, ["ja"])
    changed = await later.answer(someone("kim"), poll, ["nej"])

    async with house.store.reading() as session:
        count = await session.get(LaterCount, (DAY, poll))
        mine = await views.forms(session, Box(house.keys, RandomIds()), DAY, [poll], "kim", at=house.clock.now())
        ballots = (await session.exec(select(Ballot).where(Ballot.box == rules.box_of(DAY, poll)))).all()
    assert first == again == changed
    assert count
    assert msgspec.json.decode(count.now)["counts"] == {"nej": 1}
    assert (mine[poll]["mine"], mine[poll]["receipt"]) == (["nej"], (first.data or {})["receipt"])
    assert [(one.about, one.receipt) for one in ballots] == [(None, (first.data or {})["receipt"])]


async def test_two_answers_of_one_person_in_one_commit_are_one(house: House, later: Later) -> None:
    poll = await a_closed_poll(house)

    one, other = await asyncio.gather(*(later.answer(someone("kim"), poll, [answer]) for answer in ("ja", "nej")))

    async with house.store.reading() as session:
        count = await session.get(LaterCount, (DAY, poll))
    assert one == other
    assert count
    assert msgspec.json.decode(count.now)["n"] == 1


async def test_fewer_than_five_are_not_told_and_the_rest_comes_five_at_a_time(house: House, later: Later) -> None:
    poll = await a_closed_poll(house)
    seen = []
    for number in range(12):
        await watched(later, poll, ["ja"], number)
        seen.append((await told(house))[0]["n"])

    assert seen == [None, None, None, None, 5, 5, 5, 5, 5, 10, 10, 10]


async def test_a_count_under_five_is_withheld_in_report_and_file(house: House, later: Later) -> None:
    poll = await a_closed_poll(house, ja=20, nej=1)
    await watched(later, poll, ["ja"] * 8 + ["nej"] * 2)

    [one] = await told(house)
    async with house.store.reading() as session:
        [sheet] = await export.sheets(session, DAY)

    assert (one["n"], [row["count"] for row in one["rows"]]) == (10, [None, None])
    assert [(row[4], row[5], row[7], row[8] is WITHHELD, row[9], row[10] is WITHHELD) for row in sheet.rows] == [
        ("Ja", 20, 95, True, 10, True),
        ("Nej", 1, 5, True, 10, True),
    ]


@pytest.mark.parametrize("state", ["live", "published"])
async def test_while_the_day_is_on_nobody_answers_in_hindsight(house: House, later: Later, state: str) -> None:
    poll = await a_closed_poll(house)

    async def again(tx: Transaction) -> None:
        tx.put((await tx.get(Day, DAY)).model_copy(update={"state": state}))

    await house.store.run(again)

    with pytest.raises(Refused) as no:
        await later.answer(someone("kim"), poll, ["ja"])
    async with house.store.reading() as session:
        forms = await views.forms(session, Box(house.keys, RandomIds()), DAY, [poll], "kim", at=house.clock.now())
    assert (no.value.code, forms, await told(house)) == ("poll.not_open", {}, [])


async def test_a_refused_answer_beside_a_good_one_leaves_nothing(house: House, later: Later) -> None:
    poll = await a_closed_poll(house)

    answers = await asyncio.gather(
        later.answer(someone("kim"), poll, ["ja"]),
        later.answer(someone("lo"), poll, ["kanske"]),
        later.answer(someone("eva"), "none", ["ja"]),
        return_exceptions=True,
    )

    async with house.store.reading() as session:
        counts = (await session.exec(select(LaterCount))).all()
    assert [getattr(one, "code", "") for one in answers] == ["", "answer.wrong", "poll.no_such"]
    assert [(one.poll, msgspec.json.decode(one.now)["n"]) for one in counts] == [(poll, 1)]


async def test_when_it_is_not_known_any_more_who_was_there_the_box_closes_for_good(house: House, later: Later) -> None:
    poll = await a_closed_poll(house)
    await watched(later, poll, ["ja"] * 7)
    before, key = await told(house), [*house.keys.glob("*.key")]
    async with house.store.reading() as session:
        pseudonyms = {one.key for one in await session.exec(select(Ballot).where(Ballot.box == rules.box_of(DAY, poll)))}
    assert (await later.due(), await later.close_due(HOUSE)) == ([], 0)

    house.clock.wind(timedelta(days=30))
    due, closed, twice = await later.due(), await later.close_due(HOUSE), await later.close_due(HOUSE)
    events = [event for event in await house.events() if isinstance(event, LaterClosed)]
    later.heard([Entry("e1", 1, event) for event in events])

    with pytest.raises(Refused) as no:
        await later.answer(someone("later-0"), poll, ["nej"])
    async with house.store.reading() as session:
        ballots = (await session.exec(select(Ballot).where(Ballot.box == rules.box_of(DAY, poll)))).all()
        deeds = (await session.exec(select(AuditEntry).where(AuditEntry.did == "ballots.sealed_later"))).all()
    assert (due, closed, twice, [event.poll for event in events], no.value.code) == ([DAY], 1, 0, [poll], "poll.not_open")
    assert len(ballots) == 7
    assert pseudonyms & {one.key for one in ballots} == set()
    assert [one.key for one in ballots] == sorted(one.key for one in ballots)
    assert (len(key), [*house.keys.glob("*.key")]) == (1, [])
    assert [msgspec.json.decode(one.note)["ballots"] for one in deeds] == [7]
    assert [{**one, "open": False} for one in before] == await told(house)  # what was told is not told more exactly by the close


async def test_a_key_that_outlived_its_box_is_destroyed_at_the_next_start(house: House, later: Later) -> None:
    poll = await a_closed_poll(house)
    await watched(later, poll, ["ja"])
    house.clock.wind(timedelta(days=31))
    await later.close_due(HOUSE)  # and the process dies before it hears of it

    await later.sweep()

    assert [*house.keys.glob("*.key")] == []


async def test_the_date_of_personal_data_is_the_date_of_late_answers(house: House, later: Later) -> None:
    poll = await a_closed_poll(house)
    await watched(later, poll, ["ja"])
    until = house.clock.now().date() + timedelta(days=60)

    async def hold(tx: Transaction) -> None:
        tx.put(KeepingDate(day=DAY, kind=Kept.PERSON.value, until=until))

    await house.store.run(hold)
    house.clock.wind(timedelta(days=31))

    assert (await later.due(), await later.close_due(HOUSE)) == ([], 0)
    await watched(later, poll, ["ja"], first=1)
    house.clock.wind(timedelta(days=30))
    assert (await later.due(), await later.close_due(HOUSE)) == ([DAY], 1)


async def test_under_a_second_key_nobody_has_a_second_answer(house: House, later: Later) -> None:
    poll = await a_closed_poll(house)
    await watched(later, poll, ["ja"])
    for path in house.keys.glob("*.key"):
        path.unlink()
    again = Later(house.store, house.clock, RandomIds(), Box(house.keys, RandomIds()))

    with pytest.raises(Refused) as no:
        await again.answer(someone("later-0"), poll, ["nej"])

    assert no.value.code == "poll.key_lost"


async def test_a_late_box_is_none_of_the_rounds(house: House, later: Later) -> None:
    poll = await a_closed_poll(house)
    await watched(later, poll, ["ja"] * 5)

    assert rules.box_of(DAY, poll) not in {box_of(DAY, poll, round_) for round_ in range(10)}
    async with house.store.reading() as session:
        assert (await recount(session, DAY)).agrees
