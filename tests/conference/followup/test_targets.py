"""Goals in figures, counted over the days of a series."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from conference.core.actor import Actor
from conference.core.disclosure import K
from conference.core.log import LogHead
from conference.core.transaction import Transaction
from conference.followup import TargetDraft, targets
from conference.followup.keeping import report as keeping_report
from conference.followup.keeping.tables import Disposal
from conference.followup.report import Report
from conference.followup.reports.frozen import frozen
from conference.followup.reports.tables import ReportFigures
from conference.people import report as people_report
from conference.people.tables import Attendance, Person
from conference.tables import Day
from tests.conference.followup.loops import ANNA, Loop
from tests.conference.people.houses import DAY, HOUSE, regions, spans
from tests.conftest import NINE

KINDS = st.sampled_from(["kommun", "region", "stat"])


async def another_day(loop: Loop, day: str, on: date) -> Actor:
    async def make(tx: Transaction) -> None:
        first = await tx.get(Day, DAY)
        tx.put(LogHead(day=day, epoch="e", seq=0))
        tx.put(first.model_copy(update={"day": day, "date": on, "join_code": day.rjust(6, "0")}))

    await loop.house.store.run(make)
    return Actor(day, "anna")


async def counted(loop: Loop, day: str = DAY) -> dict[str, Any]:
    async with loop.house.store.reading() as session:
        return await targets.counted(session, day)


async def test_the_same_organisation_on_two_days_is_one(loop: Loop) -> None:
    second = await another_day(loop, "d2", date(2027, 5, 4))
    await loop.followup.write_target(ANNA, TargetDraft("Många", "organisations", 100, "g1"))
    await loop.followup.write_target(ANNA, TargetDraft("Kommuner", "municipalities", 10))
    await loop.followup.note_reached(ANNA, ["Norrviks kommun", "Region Norrvik"], "kommun")
    await loop.followup.note_reached(ANNA, ["region  norrvik"], "region")
    await loop.followup.note_reached(second, ["NORRVIKS KOMMUN", "Sundmarks kommun"], "kommun")

    told = await counted(loop)

    assert [(one["title"], one["count"], [day["count"] for day in one["days"]]) for one in told["targets"]] == [
        ("Många", 3, [2, 2]),
        ("Kommuner", 2, [1, 2]),
    ]
    assert [(one["day"], one["organisations"], one["municipalities"]) for one in told["days"]] == [("d", 2, 1), ("d2", 2, 2)]


async def test_people_and_screens_are_those_who_took_part(loop: Loop) -> None:
    for measure in ("people", "screens"):
        await loop.followup.write_target(ANNA, TargetDraft(measure, measure, 5))
    for people, minutes in ((8, 20), (1, 15), (2, 5)):
        await loop.house.watched(await loop.house.joined(f"t{people}", people=people), minutes)

    assert [(one["measure"], one["count"]) for one in (await counted(loop))["targets"]] == [("people", 9), ("screens", 2)]


async def test_where_people_work_counts_a_screen_and_not_the_phones_at_it(loop: Loop) -> None:
    house = loop.house
    for number in range(K):
        await house.watched(await house.joined(f"t{number}", affiliation="kommun", people=12), 15)
    await house.phones.new_code(await house.by("t0"))
    async with house.store.reading() as session:
        code = (await session.exec(select(Person.code).where(col(Person.code).is_not(None)))).one()
    for number in range(K):
        person = await house.joined(f"phone{number}", affiliation="kommun")
        await house.phones.pair(HOUSE, f"phone{number}", str(code))
        await house.watched(person, 15)

    assert (await counted(loop))["workplaces"] == [{"kind": "kommun", "screens": K}]


async def test_where_people_work_is_shown_from_five_screens_of_a_day(loop: Loop) -> None:
    for number in range(K + 8):
        kind = "kommun" if number < K + 6 else "region"
        await loop.house.watched(await loop.house.joined(f"t{number}", affiliation=kind), 15)
    assert (await counted(loop))["workplaces"] == []  # one group of many and one of two: the two could be reckoned from the sum

    for number in range(20, 20 + K):
        await loop.house.watched(await loop.house.joined(f"t{number}", affiliation="stat"), 15)
    shown = {one["kind"]: one["screens"] for one in (await counted(loop))["workplaces"]}
    assert "region" not in shown
    assert set(shown.values()) <= {K, K + 6}


async def test_a_day_whose_personal_data_has_gone_counts_as_its_protocol_has_it(loop: Loop) -> None:
    """On the pages of every day of the series, and in the report that is made after that."""
    for number in range(K):
        await loop.house.watched(await loop.house.joined(f"t{number}", affiliation="kommun", people=3), 15)
    second = await another_day(loop, "d2", date(2027, 5, 4))
    await loop.followup.write_target(ANNA, TargetDraft("people", "people", 5))
    report = Report(loop.house.store, [people_report.section(regions, spans), targets.section(loop.clock)])
    before, body = [await counted(loop, day) for day in (DAY, second.day)], frozen(await report.of(DAY))

    async def dispose(tx: Transaction) -> None:
        there = await tx.every(Attendance, col(Attendance.day) == DAY)
        tx.put(ReportFigures(day=DAY, figures=1, taken_at=NINE, fingerprint="f", body=body))
        tx.put(Disposal(day=DAY, disposal=1, kinds=["person"], figures=1, held={}, by="anna", name="Anna", signed_at=NINE))
        for one in there:
            tx.drop(one)

    await loop.house.store.run(dispose)

    sections = [people_report.section(regions, spans), targets.section(loop.clock), keeping_report.section]
    assert [await counted(loop, day) for day in (DAY, second.day)] == before
    assert frozen(await Report(loop.house.store, sections).of(DAY)) == body
    assert (before[1]["targets"][0]["count"], before[1]["workplaces"], before[1]["workplaces_here"]) == (
        3 * K,
        [{"kind": "kommun", "screens": K}],
        [],
    )


@given(st.lists(st.lists(KINDS, max_size=14), max_size=4))
def test_no_kind_is_shown_from_fewer_than_five_of_a_day(days: list[list[str]]) -> None:
    shown = {one["kind"]: one["screens"] for one in targets.over_days(map(targets.by_kind, days))}

    for kind, number in shown.items():
        counts = [day.count(kind) for day in days]
        assert K <= number <= sum(counts)
        assert number in {sum(some) for some in _subsets([count for count in counts if count >= K])}
    for kind in {"kommun", "region", "stat"} - shown.keys():
        assert all(day.count(kind) < K or len(set(day)) > 1 for day in days if kind in day)


def a_target(measure: str, *counts: int) -> dict[str, Any]:
    days = [{"day": f"d{place}", "count": count} for place, count in enumerate(counts)]
    return {
        "target": "t",
        "title": "Många",
        "measure": measure,
        "goal": "g1",
        "amount": 100,
        "due": None,
        "count": sum(counts),
        "days": days,
    }


def told_of(measure: str, *counts: int) -> tuple[int | None, list[int | None]]:
    told = targets.for_others(a_target(measure, *counts))
    return told["count"], [one["count"] for one in told["days"]]


def test_others_are_told_of_no_day_with_fewer_than_five_people() -> None:
    assert told_of("people", 100, 50, 60) == (210, [100, 50, 60])
    assert told_of("people", 100, 50, 3) == (153, [100, None, None])
    assert told_of("screens", 100, 3) == (103, [None, None])
    assert told_of("screens", 3) == (None, [None])
    assert told_of("people", 40, 0) == (40, [40, None])  # the next day, to which nobody can have come: nothing is told by that
    assert told_of("organisations", 2, 1) == (3, [2, 1])


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6))
def test_no_day_of_a_goal_follows_from_its_sum(counts: list[int]) -> None:
    whole, days = told_of("people", *counts)
    hidden = [count for count, shown in zip(counts, days, strict=True) if shown is None]

    assert whole == (sum(counts) if sum(counts) >= K else None)
    assert all(shown is None or shown == count >= K for count, shown in zip(counts, days, strict=True))
    assert sum(hidden) == 0 or whole is None or sum(hidden) >= K


def _subsets(counts: list[int]) -> list[list[int]]:
    return [[count for place, count in enumerate(counts) if mask >> place & 1] for mask in range(1 << len(counts))]
