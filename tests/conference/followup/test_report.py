from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.followup import Report
from tests.conference.people.houses import DAY, House


async def test_the_report_holds_every_section_in_order(house: House) -> None:
    async def attendance(session: AsyncSession, day: str) -> dict[str, Any]:
        return {"attendance": {"devices": 3}}

    async def polls(session: AsyncSession, day: str) -> dict[str, Any]:
        return {"polls": [day]}

    report = await Report(house.store, [attendance, polls]).of(DAY)

    assert list(report.items()) == [("attendance", {"devices": 3}), ("polls", [DAY])]
