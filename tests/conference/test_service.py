"""The verbs of the programme."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from sqlmodel import SQLModel, col, func, select

from conference import Made, NewDay, Programme
from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.core.ids import SeededIds
from conference.core.log import head
from conference.library import Film, Kit
from conference.rundown.tables import Cue
from conference.tables import Day, Item
from conference.views import day_by_code, regions
from conference.views import days as all_days
from tests.conference.days import DATE, DAY, MODERATOR, House, cues_in_kit, the_kit

HOUSE = Actor.house(DAY)


async def count(house: House, table: type[SQLModel]) -> int:
    async with house.store.reading() as session:
        return int((await session.exec(select(func.count()).select_from(table))).one())


async def test_a_day_is_made_with_everything_in_its_kit(days: House) -> None:
    done = await days.programme.create_from_kit(HOUSE, the_kit(), NewDay(date=DATE, join_code="482 177"))

    assert done.data == {"day": DAY, "join_code": "482177"}
    assert [await count(days, table) for table in (Item, Film, Cue)] == [36, 3, len(cues_in_kit())]
    async with days.store.reading() as session:
        log = await head(session, DAY)
        films = (await session.exec(select(Film.file).order_by(col(Film.position)))).all()
        assert [region.region for region in await regions(session, DAY)] == ["r-norrvik", "r-sundmark", "r-vastero"]
    assert log is not None
    assert (log.seq, bool(log.epoch)) == (1, True)
    assert films == [f"films/{name}.mp4" for name in ("film-dagen", "film-hemma", "film-stod")]
    assert [(event.name, event.by) for event in days.events("day.created")] == [("day.created", "house")]


async def test_the_sections_of_other_features_are_stored_with_the_day_or_not_at_all(days: House) -> None:
    def broken(kit: Kit, made: Made) -> Iterable[SQLModel]:
        raise Refused("kit.tampered", "Trasigt: %(what)s", what=made.day.day)

    programme = Programme(days.store, days.clock, SeededIds(1), [broken])
    with pytest.raises(Refused, match=r"kit\.tampered"):
        await programme.create_from_kit(HOUSE, the_kit(), NewDay(date=DATE))

    assert await count(days, Day) == 0


async def test_two_days_of_one_series_have_codes_of_their_own(days: House) -> None:
    first = await days.programme.create_from_kit(HOUSE, the_kit(), NewDay(date=DATE))
    second = await days.programme.create_from_kit(HOUSE, the_kit(), NewDay(date=date(2027, 11, 21)))

    assert first.data
    assert second.data
    assert first.data["join_code"] != second.data["join_code"]
    with pytest.raises(Refused, match=r"day\.exists"):
        await days.programme.create_from_kit(HOUSE, the_kit(), NewDay(date=DATE))
    with pytest.raises(Refused, match=r"join\.code_taken"):
        await days.programme.create_from_kit(HOUSE, the_kit(), NewDay(date=DATE, day="d-x", join_code=first.data["join_code"]))


async def test_the_code_of_a_day_that_has_ended_is_free_again(days: House) -> None:
    await days.start(join_code="482177")
    await days.programme.end(MODERATOR)

    done = await days.programme.create_from_kit(HOUSE, the_kit(), NewDay(date=DATE, day="d-again", join_code="482177"))

    assert done.data == {"day": "d-again", "join_code": "482177"}


async def test_one_joins_a_published_day_by_its_code(days: House) -> None:
    async def by_code() -> str | None:
        async with days.store.reading() as session:
            found = await day_by_code(session, "482177")
        return found.day if found else None

    await days.create(join_code="482177")
    assert await by_code() is None
    await days.programme.publish(MODERATOR)
    assert await by_code() == DAY
    await days.programme.start(MODERATOR)
    assert await by_code() == DAY
    await days.programme.end(MODERATOR)
    assert await by_code() is None


async def test_a_day_goes_through_its_life(days: House) -> None:
    await days.create()
    await days.programme.publish(MODERATOR)
    await days.programme.start(MODERATOR)
    await days.programme.end(MODERATOR)

    assert [entry.event.name for entry in days.heard] == ["day.created", "day.published", "day.started", "day.ended"]
    assert (await days.state())["day"]["state"] == "ended"
    with pytest.raises(Refused, match=r"day\.no_such"):
        await days.programme.publish(Actor("d-x", "kim"))


async def test_all_days_are_listed(days: House) -> None:
    await days.create()

    async with days.store.reading() as session:
        assert [day.day for day in await all_days(session)] == [DAY]
