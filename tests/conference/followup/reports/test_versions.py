"""Versions: made by one wish, written by another, and never changed by anything."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.followup import Report
from conference.followup.reports import Kept, Reports, views
from conference.followup.reports.rules import CHAPTERS, TEXT_MOST, VERSIONS_MOST
from conference.followup.reports.tables import ReportFigures, ReportVersion
from conference.tables import Day
from tests.conference.people.houses import DAY, House
from tests.conftest import NINE

OLGA = Actor(DAY, "olga", frozenset({"organizer"}))


class Counting:
    """A section whose figures move."""

    def __init__(self) -> None:
        self.messages = 1

    async def read(self, session: AsyncSession, day: str) -> dict[str, Any]:
        return {"messages": self.messages}


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def reports(house: House, counting: Counting) -> Reports:
    return Reports(house.store, house.clock, Report(house.store, [views.section, counting.read]))


async def version(house: House, number: int) -> Kept:
    async with house.store.reading() as session:
        return await views.version(session, DAY, number)


async def versions(house: House) -> list[tuple[int, int, str | None]]:
    async with house.store.reading() as session:
        return [(row.version, row.figures, row.by) for row in await views.versions(session, DAY)]


async def refused(doing: Any) -> str:
    with pytest.raises(Refused) as found:
        await doing
    return found.value.code


async def test_a_version_keeps_its_figures_when_the_day_has_others(house: House, reports: Reports, counting: Counting) -> None:
    assert (await reports.make(OLGA)).data == {"version": 1}
    before = await version(house, 1)

    counting.messages = 5
    house.wind(minutes=5)
    assert (await reports.make(OLGA)).data == {"version": 2}

    assert await version(house, 1) == before
    assert [(await version(house, number)).figures["messages"] for number in (1, 2)] == [1, 5]
    assert await versions(house) == [(2, 2, "olga"), (1, 1, "olga")]
    assert [event.name for event in await house.events()] == ["reports.made", "reports.made"]


async def test_the_same_figures_make_no_new_version(house: House, reports: Reports) -> None:
    await reports.make(OLGA)
    done = await reports.make(OLGA)

    assert (done.seq, done.data) == (None, {"version": 1})
    assert await versions(house) == [(1, 1, "olga")]


async def test_other_words_are_a_new_version_of_the_same_figures(house: House, reports: Reports, counting: Counting) -> None:
    await reports.make(OLGA)
    counting.messages = 5

    done = await reports.write(OLGA, {"assignment": " Så här.\r\n\r\nOch så. ", "actions": "  ", "figures": "9"}, 1)

    kept = await version(house, 2)
    assert done.data == {"version": 2}
    assert (kept.words, kept.figures["messages"]) == ({"assignment": "Så här.\n\nOch så."}, 1)
    assert (await version(house, 1)).words == {}
    assert (kept.fingerprint, kept.taken_at) == ((await version(house, 1)).fingerprint, NINE)
    assert (await reports.write(OLGA, {"assignment": "Så här.\n\nOch så."}, 2)).data == {"version": 2}
    await reports.make(OLGA)
    assert (await version(house, 3)).words == kept.words


async def test_who_has_not_read_the_newest_version_overwrites_nothing(house: House, reports: Reports) -> None:
    assert await refused(reports.write(OLGA, {}, 0)) == "report.no_such"
    await reports.make(OLGA)
    await reports.write(OLGA, {"method": "Ett"}, 1)

    assert await refused(reports.write(OLGA, {"method": "Två"}, 1)) == "report.changed"
    assert (await version(house, 2)).words == {"method": "Ett"}


@pytest.mark.parametrize("chapter", CHAPTERS)
async def test_a_text_has_a_length(house: House, reports: Reports, chapter: str) -> None:
    await reports.make(OLGA)

    assert await refused(reports.write(OLGA, {chapter: "å" * (TEXT_MOST + 1)}, 1)) == "text.too_long"
    assert (await reports.write(OLGA, {chapter: "å" * TEXT_MOST}, 1)).data == {"version": 2}


async def test_a_day_that_has_not_begun_has_no_report(house: House, reports: Reports) -> None:
    async def publish(tx: Any) -> None:
        tx.put((await tx.get(Day, DAY)).model_copy(update={"state": "published"}))

    await house.store.run(publish)

    assert await refused(reports.make(OLGA)) == "report.too_early"
    assert await refused(version(house, 1)) == "report.no_such"


async def test_versions_come_to_an_end(house: House, reports: Reports) -> None:
    async def fill(tx: Any) -> None:
        tx.put(ReportFigures(day=DAY, figures=1, taken_at=NINE, fingerprint="x", body="{}"))
        tx.put(ReportVersion(day=DAY, version=VERSIONS_MOST, figures=1, words="{}", made_at=NINE))

    await house.store.run(fill)

    assert await refused(reports.make(OLGA)) == "report.too_many"
    assert await refused(reports.write(OLGA, {"method": "Mer"}, VERSIONS_MOST)) == "report.too_many"
